"""Counts the tokens that language models report, whoever calls them.

Knows LangChain's callbacks, nothing of questions; a model that reports nothing counts nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from langchain_core.callbacks import UsageMetadataCallbackHandler
from langchain_core.tracers.context import register_configure_hook

_counter: ContextVar[UsageMetadataCallbackHandler | None] = ContextVar("tokens", default=None)
register_configure_hook(_counter, inheritable=True)  # once: LangChain never forgets a hook


@contextmanager
def counted() -> Iterator[dict[str, int]]:
    """Count the tokens of the models called within; the counts are there when the block ends."""
    tokens: dict[str, int] = {}
    counter = UsageMetadataCallbackHandler()
    outer = _counter.set(counter)
    try:
        yield tokens
    finally:
        _counter.reset(outer)
        used = counter.usage_metadata.values()
        tokens |= total({"input": u["input_tokens"], "output": u["output_tokens"]} for u in used)


def total(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the sum of several counts; empty when nothing was counted."""
    return dict(sum(map(Counter, counts), Counter()))
