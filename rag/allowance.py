"""What one answer may take, and what it took: time, tokens, and whether anybody still wants it.

Made where a question comes in and handed down to whoever calls a model. Knows nothing of models.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

_MILLION = 1_000_000


def _reserve(seconds: float) -> float:
    """Return how long quoting and sending may take.

    With 200 questions at once on two cores the last clients waited .7 to .8 s longer than the
    assistant had counted.
    """
    return min(seconds / 4, max(1.0, seconds / 10))


@dataclass
class Usage:
    """What the calls for one answer took, as far as the model's server reports it."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def to_dict(self, input_price: float, output_price: float) -> dict[str, float]:
        """Return the counts, and the ``cost`` if a price of a million tokens is set."""
        counts: dict[str, float] = asdict(self)
        if input_price or output_price:
            cost = self.input_tokens * input_price + self.output_tokens * output_price
            counts["cost"] = round(cost / _MILLION, 9)
        return counts


class Allowance:
    """``seconds`` from now for one answer; ``cancel`` may come from any thread.

    ``deadline`` is a moment of ``time.monotonic()``: when a model must have replied, so that the
    answer that is quoted instead still reaches its reader in time.
    """

    def __init__(self, seconds: float) -> None:
        self.deadline = time.monotonic() + seconds - _reserve(seconds)
        self.usage = Usage()
        self._lock = threading.Lock()
        self._cancelled = False
        self._stops: list[Callable[[], object]] = []

    @property
    def is_over(self) -> bool:
        """Whether the time is up, or nobody waits any more."""
        return self._cancelled or time.monotonic() >= self.deadline

    def cancel(self) -> None:
        """End what is under way: nobody waits for it."""
        with self._lock:
            self._cancelled = True
            stops = tuple(self._stops)
        for stop in stops:
            stop()

    @contextmanager
    def watching(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call ``stop`` if the answer is cancelled within the block, or has been before it."""
        with self._lock:
            self._stops.append(stop)
            cancelled = self._cancelled
        try:
            if cancelled:
                stop()
            yield
        finally:
            with self._lock:
                self._stops.remove(stop)
