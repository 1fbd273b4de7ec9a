"""The generation that serves, kept open between questions and exchanged when a new one appears.

A question in flight keeps the generation it began with; an old one is closed when its last question
ends. Knows nothing of what is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.generation import Generation
from index.store import Store


class Serving:
    """Lends out the current generation of ``store``; may be used from many threads."""

    def __init__(self, store: Store, embedding: str) -> None:
        self._store = store
        self._embedding = embedding
        # Reentrant: the collector may close an abandoned stream, which gives back its generation,
        # in a thread that is just borrowing one.
        self._lock = threading.RLock()
        self._borrowed: dict[Generation, int] = {}
        self._current = self._open()

    @contextmanager
    def lease(self) -> Iterator[Generation]:
        """Lend the newest generation for the length of one question."""
        generation = self._borrow()
        try:
            yield generation
        finally:
            self._give_back(generation)

    def close(self) -> None:
        """Close the current generation."""
        with self._lock:
            self._current.close()

    def _open(self) -> Generation:
        self._store.manifest().require_embedding(self._embedding, self._store.folder)
        generation = self._store.open()
        self._borrowed[generation] = 0
        return generation

    def _borrow(self) -> Generation:
        with self._lock:
            if self._store.current() not in (None, self._current.name):
                old, self._current = self._current, self._open()
                self._retire(old)
            self._borrowed[self._current] += 1
            return self._current

    def _give_back(self, generation: Generation) -> None:
        with self._lock:
            self._borrowed[generation] -= 1
            self._retire(generation)

    def _retire(self, generation: Generation) -> None:
        """Close a generation that is neither current nor in use."""
        if generation is not self._current and not self._borrowed[generation]:
            del self._borrowed[generation]
            generation.close()
