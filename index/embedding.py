"""A name becomes LangChain ``Embeddings``; the built-in ``subword`` one needs no key, no download.

Knows names, fingerprints and providers, nothing of passages or of where vectors are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from index.errors import SettingsError, first_line

if TYPE_CHECKING:  # a quarter of a second of imports, which a run that finds nothing to do spares
    import numpy as np
    from langchain_core.embeddings import Embeddings
    from numpy.typing import NDArray

    from index.hashing import SubwordEmbeddings

Matrix: TypeAlias = "NDArray[np.float32]"

SUBWORD = "subword"
# 512 / 1,024 / 2,048 dimensions: the right paragraph first for 66 / 69 / 73 % of the XQuAD-de
# questions among 4,000 paragraphs; the index doubles with each step.
SUBWORD_DIMENSION = 1024
_SUBWORD_VERSION = 2  # raise it when the vectors change: stores built before are then refused
_PROBE = "Beleg"
# Without the check the texts themselves are sent: servers that only resemble OpenAI's know no other
# tokens, and counting them downloads a table. 256 passages are far below its 300,000 tokens a call.
_OPENAI: dict[str, Any] = {"check_embedding_ctx_length": False, "chunk_size": 256, "timeout": 60}


@dataclass(frozen=True, slots=True)
class Embedding:
    """Embeddings with what a store must remember of them.

    ``fingerprint`` changes whenever vectors of the same text would differ; ``weight`` is the share
    of the vector channel in the fusion: next to nothing for hashed subwords, which the lexical
    index already has, and equal footing for a trained model.
    """

    name: str
    fingerprint: str
    dimension: int
    weight: float
    model: Embeddings

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one row per text, shape ``(len(texts), dimension)``."""
        if self.name == SUBWORD:
            return cast("SubwordEmbeddings", self.model).matrix(texts)
        with _answering(self.name):
            return _matrix(self.model.embed_documents(list(texts)))

    def embed_question(self, text: str) -> Matrix:
        """Return the vector of a question, shape ``(dimension,)``."""
        with _answering(self.name):
            return _matrix(self.model.embed_query(text))


def fingerprint(name: str) -> str:
    """Return what identifies the vectors of the embedding ``name``, without loading it."""
    return f"{SUBWORD}-{SUBWORD_DIMENSION}-v{_SUBWORD_VERSION}" if name == SUBWORD else name


def load(name: str) -> Embedding:
    """Return the embedding called ``name``: ``subword`` or LangChain's ``provider:model``.

    Raises:
        SettingsError: the name is neither, or its provider cannot be loaded or does not answer.
    """
    if name == SUBWORD:
        from index.hashing import SubwordEmbeddings

        return Embedding(
            name, fingerprint(name), SUBWORD_DIMENSION, 0.05, SubwordEmbeddings(SUBWORD_DIMENSION)
        )
    if ":" not in name:
        raise SettingsError(
            f"embedding {name!r} is unknown: use {SUBWORD!r} or 'provider:model', "
            "for example 'openai:text-embedding-3-small'"
        )
    model = _load_provider(name)
    with _answering(name):
        dimension = len(model.embed_query(_PROBE))
    return Embedding(name, fingerprint(name), dimension, 1.0, model)


def _load_provider(name: str) -> Embeddings:
    from langchain.embeddings import init_embeddings

    try:
        return init_embeddings(name, **_OPENAI if name.startswith("openai:") else {})
    except Exception as error:  # providers raise what they like; the user needs the name and why
        raise SettingsError(f"embedding {name!r} cannot be loaded: {first_line(error)}") from error


def _matrix(rows: Sequence[Any]) -> Matrix:
    import numpy as np

    return np.asarray(rows, dtype=np.float32)


@contextmanager
def _answering(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise SettingsError(f"embedding {name!r} does not answer: {first_line(error)}") from error
