"""A question in, a cited answer out.

    with rag.open(".beleg") as assistant:
        assistant.ask("Wer verhandelte in Miami?").citations[0].quote

Importing this is cheap; the libraries behind it are loaded when a store is opened.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.assistant import Assistant
    from rag.settings import Settings

__all__ = ["Settings", "open"]


def open(store: str | Path | Settings) -> Assistant:
    """Open a store, or what the settings name, for asking.

    Raises:
        StoreMissing: nothing is indexed there.
        EmbeddingMismatch: it was built with another embedding than the settings name.
    """
    from rag.assistant import Assistant
    from rag.settings import Settings, load

    return Assistant(store if isinstance(store, Settings) else load(store=store))


def __getattr__(name: str) -> object:
    if name != "Settings":
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from rag.settings import Settings

    return Settings
