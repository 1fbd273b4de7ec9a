"""The one event loop that all language models are asked on, in a thread of its own.

One for all, because models of some providers share a client, which is bound to the loop that it
was first used on. Knows nothing of models.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from functools import cache

_PATIENCE = 1.0  # seconds for what is cancelled at the end
_starting = threading.Lock()


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the loop, which runs until the process ends."""
    with _starting:
        return _started()


@cache
def _started() -> asyncio.AbstractEventLoop:
    loop = asyncio.SelectorEventLoop()
    thread = threading.Thread(target=loop.run_forever, name="language models", daemon=True)
    thread.start()
    atexit.register(_stop, loop, thread)
    return loop


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    """Let the thread end: Python may abort if it ends one itself that is busy in a library."""
    if not thread.is_alive():  # this is a fork of its process
        return
    asyncio.run_coroutine_threadsafe(_cancel_all(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _cancel_all() -> None:
    calls = asyncio.all_tasks() - {asyncio.current_task()}
    for call in calls:
        call.cancel()
    if calls:
        await asyncio.wait(calls, timeout=_PATIENCE)
