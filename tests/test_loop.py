import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.loop import running_loop

LAST = "import atexit, threading; atexit.register(lambda: print(threading.active_count()))\n"
START = f"{LAST}import asyncio\nfrom rag.loop import running_loop\n"
SLEEP = "asyncio.run_coroutine_threadsafe(asyncio.sleep(60), running_loop())\n"
STUBBORN = """
async def work():
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            pass
asyncio.run_coroutine_threadsafe(work(), running_loop())
"""
FORKED = """
import os
running_loop()
if os.fork():
    os.wait()
"""


def ended(program):
    """Return what a process printed to its two outputs."""
    command = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return done.stdout, done.stderr


def test_there_is_one_loop_for_all_threads():
    with ThreadPoolExecutor(20) as threads:
        [loop] = {*threads.map(lambda _: running_loop(), range(20))}
    ran = asyncio.run_coroutine_threadsafe(asyncio.to_thread(threading.get_ident), loop)
    assert ran.result(5) != threading.get_ident()


@pytest.mark.parametrize("work", ["running_loop()", SLEEP, f"{SLEEP}import time; time.sleep(0.1)"])
def test_the_thread_ends_quietly_before_its_process_does(work):
    printed, complained = ended(START + work)
    assert (printed, complained) == ("1\n", "")


def test_work_that_does_not_end_is_not_waited_for():
    begun = time.monotonic()
    printed, _ = ended(START + STUBBORN)
    assert printed == "1\n"
    assert time.monotonic() - begun < 10


def test_a_fork_ends_too():
    printed, _ = ended(START + FORKED)
    assert printed == "1\n1\n"
