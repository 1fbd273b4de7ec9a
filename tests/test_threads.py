import asyncio
import gc
import threading
import time
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.threads import in_thread


class Counting:
    """Counts without end, and says what became of it."""

    def __init__(self, pause=0.001):
        self.closed = threading.Event()
        self.last = None
        self._pause = pause

    def items(self):
        try:
            for number in range(10_000):
                time.sleep(self._pause)
                self.last = number
                yield number
        finally:
            self.closed.set()


def collected(items):
    async def collect():
        return [item async for item in in_thread(items)]

    return asyncio.run(collect())


def wait_until(is_so):
    """Wait up to five seconds for something that happens in another thread."""
    end = time.monotonic() + 5
    while not is_so() and time.monotonic() < end:
        time.sleep(0.002)
    return is_so()


# --- what comes through ----------------------------------------------------------------------


@given(st.lists(st.none() | st.integers() | st.text() | st.builds(ValueError)))
def test_what_is_yielded_comes_in_its_order(items):
    assert collected(item for item in items) == items


@pytest.mark.parametrize(
    "error", [ValueError("oh"), RuntimeError("oh"), KeyboardInterrupt(), asyncio.CancelledError()]
)
def test_what_is_raised_comes_after_what_was_yielded(error):
    def items():
        yield 1
        raise error

    async def read():
        seen = []
        try:
            async for item in in_thread(items()):
                seen.append(item)
        except BaseException as raised:
            return seen, raised

    assert asyncio.run(read()) == ([1], error)


def test_it_is_read_in_a_thread_of_its_own_and_the_loop_goes_on():
    def items():
        yield threading.get_ident()
        time.sleep(0.1)
        yield threading.get_ident()

    async def read():
        ticks = 0

        async def tick():
            nonlocal ticks
            while True:
                await asyncio.sleep(0.005)
                ticks += 1

        ticking = asyncio.create_task(tick())
        idents = {item async for item in in_thread(items())}
        ticking.cancel()
        return idents, ticks

    idents, ticks = asyncio.run(read())
    assert len(idents) == 1
    assert threading.get_ident() not in idents
    assert ticks > 3


def test_nothing_begins_before_somebody_reads():
    counting = Counting()

    async def leave():
        await in_thread(counting.items()).aclose()

    before = {*threading.enumerate()}
    asyncio.run(leave())
    assert before.issuperset(threading.enumerate())
    assert counting.last is None


def test_an_item_is_there_before_the_next_is_made():
    may_go_on = threading.Event()

    def items():
        yield 1
        assert may_go_on.wait(5)
        yield 2

    async def read():
        seen = []
        async for item in in_thread(items()):
            seen.append(item)
            may_go_on.set()
        return seen

    assert asyncio.run(read()) == [1, 2]


# --- how it ends -----------------------------------------------------------------------------


def test_no_thread_is_left_after_the_end():
    before = {*threading.enumerate()}
    collected(number for number in range(5))
    assert wait_until(lambda: before.issuperset(threading.enumerate()))


def test_no_thread_is_left_after_an_error():
    def items():
        raise ValueError("oh")
        yield

    before = {*threading.enumerate()}
    with pytest.raises(ValueError, match="oh"):
        collected(items())
    assert wait_until(lambda: before.issuperset(threading.enumerate()))


async def _close(reading):
    async with aclosing(reading):
        await anext(reading)


async def _cancel(reading):
    async def read():
        async with aclosing(reading):
            async for _ in reading:
                pass

    task = asyncio.create_task(read())
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _forget(reading):
    await anext(reading)
    del reading
    gc.collect()
    await asyncio.sleep(0)


async def _leave_to_the_loop(reading):
    await anext(reading)


@pytest.mark.parametrize("leave", [_close, _cancel, _forget])
def test_who_stops_reading_stops_and_closes_the_generator(leave):
    counting, before = Counting(), {*threading.enumerate()}

    async def read():
        await leave(in_thread(counting.items()))
        return await asyncio.to_thread(counting.closed.wait, 5)  # while the loop goes on

    assert asyncio.run(read())
    assert counting.last < 1000
    assert wait_until(lambda: before.issuperset(threading.enumerate()))


def test_a_loop_that_ends_properly_ends_the_thread():
    counting, before = Counting(), {*threading.enumerate()}
    asyncio.run(_leave_to_the_loop(in_thread(counting.items())))
    assert counting.closed.wait(5)
    assert counting.last < 1000
    assert wait_until(lambda: before.issuperset(threading.enumerate()))


def test_who_stops_does_not_wait_for_the_item_being_made():
    counting = Counting(pause=0.3)

    async def read():
        reading = in_thread(counting.items())
        await anext(reading)
        started = time.monotonic()
        await reading.aclose()
        return time.monotonic() - started

    assert asyncio.run(read()) < 0.2
    assert counting.closed.wait(5)
    assert counting.last <= 1


@pytest.mark.parametrize("keep", [True, False])
def test_a_loop_that_is_closed_meanwhile_ends_the_thread(keep):
    counting, before = Counting(), {*threading.enumerate()}
    loop = asyncio.new_event_loop()
    reading = in_thread(counting.items())
    loop.run_until_complete(anext(reading))
    loop.close()
    if not keep:
        del reading
        gc.collect()
    assert counting.closed.wait(5)
    assert wait_until(lambda: before.issuperset(threading.enumerate()))
    assert counting.last < 1000


def test_an_error_while_closing_is_heard_by_nobody():
    def items():
        try:
            yield from range(1000)
        finally:
            raise ValueError("oh")

    async def read():
        async with aclosing(in_thread(items())) as reading:
            return await anext(reading)

    before = {*threading.enumerate()}
    assert asyncio.run(read()) == 0
    assert wait_until(lambda: before.issuperset(threading.enumerate()))


def test_two_hundred_at_once_do_not_wait_for_each_other():
    barrier = threading.Barrier(200)

    def items(name):
        barrier.wait(10)  # in a pool the first would wait here for ever
        yield name
        yield name

    async def read(name):
        return [item async for item in in_thread(items(name))]

    async def all_of_them():
        return await asyncio.gather(*(read(name) for name in range(200)))

    before = {*threading.enumerate()}
    assert asyncio.run(all_of_them()) == [[name, name] for name in range(200)]
    assert wait_until(lambda: before.issuperset(threading.enumerate()))
