"""An iterator that blocks, read without blocking the event loop: in a thread of its own.

A pool would let its questions wait for each other while a language model thinks. Knows nothing of
what is iterated.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import closing
from typing import TypeVar, cast

Item = TypeVar("Item")
_END = object()


async def in_thread(items: Generator[Item]) -> AsyncGenerator[Item]:
    """Yield what ``items`` yields, and raise what it raises.

    Its thread ends with it, or after its next item once nobody reads on.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[object] = asyncio.Queue()
    stopped = threading.Event()
    failures: list[BaseException] = []

    def put(item: object) -> None:
        try:
            loop.call_soon_threadsafe(queue.put_nowait, item)
        except RuntimeError:  # the loop is closed: nobody listens
            stopped.set()

    def read() -> None:
        try:
            with closing(items):
                for item in items:
                    put(item)
                    if stopped.is_set():
                        break
        except BaseException as error:
            failures.append(error)
        put(_END)

    threading.Thread(target=read, daemon=True).start()
    try:
        while (item := await queue.get()) is not _END:
            yield cast(Item, item)
    finally:
        stopped.set()
    if failures:
        raise failures.pop()
