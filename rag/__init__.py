"""A question in, a cited answer out.

    with rag.open(".beleg") as assistant:
        assistant.ask("Wer verhandelte in Miami?").citations[0].quote

Importing this is cheap; the libraries behind it are loaded when a store is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.evaluation.run import Run
    from rag.settings import Settings

__all__ = ["Settings", "evaluate", "open"]


def open(store: str | Path | Settings) -> Assistant:
    """Open a store, or what the settings name, for asking.

    Raises:
        StoreMissing: nothing is indexed there.
        EmbeddingMismatch: it was built with another embedding than the settings name.
    """
    from rag.assistant import Assistant
    from rag.settings import Settings, load

    return Assistant(store if isinstance(store, Settings) else load(store=store))


def evaluate(golden: str | Path, *, store: str | Path | Settings, **options: Any) -> Run:
    """Measure the answers of a store against a golden set; options as ``evaluation.evaluate`` has.

    Raises:
        GoldenError: the golden set, the baseline or the judge cannot be used.
    """
    from rag.evaluation.evaluate import evaluate as evaluate_with

    with open(store) as assistant:
        return evaluate_with(assistant, golden, **options)


def __getattr__(name: str) -> object:
    if name != "Settings":
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from rag.settings import Settings

    return Settings
