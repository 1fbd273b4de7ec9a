"""A name becomes an ``Embedding``; the built-in ``subword`` one needs no key, no download.

Behind ``provider:model`` stands a server that can be slow, busy or wrong: the provider's own client
repeats what fails, and what comes back is checked. Knows names, fingerprints and providers, nothing
of passages or of where vectors are kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from index.errors import ModelError, SettingsError, first_line

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
BATCH = 64  # texts in one request: so many are lost at most when it fails
_AT_ONCE = 4  # requests
# Without the check the texts themselves are sent: servers that only resemble OpenAI's know no other
# tokens, and counting them downloads a table. Not all of them know the client's base64, either.
_OPENAI: dict[str, Any] = {
    "check_embedding_ctx_length": False,
    "chunk_size": BATCH,
    "model_kwargs": {"encoding_format": "float"},
}
# A small local server makes a few vectors a second, and four requests wait for it at once. Between
# two tries the client waits as long as the server says, else half a second to eight.
_FOR_PASSAGES: dict[str, Any] = {"timeout": 120, "max_retries": 5}
# Seconds between two signs of life. A reader is waiting, and the words alone find much, too.
_FOR_QUESTIONS: dict[str, Any] = {"timeout": 5, "max_retries": 0}


@dataclass(frozen=True)
class Embedding:
    """Embeddings with what a store must remember of them.

    ``fingerprint`` changes whenever vectors of the same text would differ; ``weight`` is the share
    of the vector channel in the fusion: next to nothing for hashed subwords, which the lexical
    index already has, and equal footing for a trained model. ``at_once`` calls may run in parallel.
    """

    name: str
    fingerprint: str
    weight: float
    model: Embeddings
    question_model: Embeddings  # the same, but less patient
    at_once: int = 1

    @cached_property
    def dimension(self) -> int:
        """How many numbers a vector has; of a provider's only its server knows, and is asked once.

        Raises:
            ModelError: the server does not answer as it should.
        """
        if self.name == SUBWORD:
            return SUBWORD_DIMENSION
        remedy = ": check the name of the model, its key and its address"
        with _answering(self.name, remedy):
            return len(_checked([self.model.embed_query(_PROBE)], 1, None)[0])

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one row per text, shape ``(len(texts), dimension)``.

        Raises:
            ModelError: a provider's server does not answer as it should, however often it is asked.
        """
        if self.name == SUBWORD:
            return cast("SubwordEmbeddings", self.model).matrix(texts)
        dimension = self.dimension
        with _answering(self.name):
            return _checked(self.model.embed_documents(list(texts)), len(texts), dimension)

    def embed_question(self, text: str, dimension: int | None = None) -> Matrix:
        """Return the vector of a question, shape ``(dimension,)``.

        Raises:
            ModelError: a provider's server does not answer in time, or with another dimension.
        """
        if self.name == SUBWORD:
            rows = cast("SubwordEmbeddings", self.model).matrix([text])
        else:
            with _answering(self.name):
                rows = _checked([self.question_model.embed_query(text)], 1, dimension)
        vector: Matrix = rows[0]
        return vector


def fingerprint(name: str) -> str:
    """Return what identifies the vectors of the embedding ``name``, without loading it."""
    return f"{SUBWORD}-{SUBWORD_DIMENSION}-v{_SUBWORD_VERSION}" if name == SUBWORD else name


def load(name: str, base_url: str | None = None) -> Embedding:
    """Return the embedding called ``name``: ``subword`` or LangChain's ``provider:model``.

    ``base_url`` is the address of a server that speaks OpenAI's language, for an ``openai:`` model.
    It gets the key in ``OPENAI_API_KEY`` if there is one. Nothing is sent before it is used.

    Raises:
        SettingsError: the name is neither, or its provider cannot be loaded.
    """
    if name == SUBWORD:
        from index.hashing import SubwordEmbeddings

        subword = SubwordEmbeddings(SUBWORD_DIMENSION)
        return Embedding(name, fingerprint(name), 0.05, subword, subword)
    if ":" not in name:
        raise SettingsError(
            f"embedding {name!r} is unknown: use {SUBWORD!r} or 'provider:model', "
            "for example 'openai:text-embedding-3-small'"
        )
    if not name.startswith("openai:"):  # whose client is known to stand several threads
        model = _load_provider(name)
        return Embedding(name, fingerprint(name), 1.0, model, model)
    model = _load_provider(name, **_OPENAI, **_FOR_PASSAGES, **_server(base_url))
    question_model = _load_provider(name, **_OPENAI, **_FOR_QUESTIONS, **_server(base_url))
    return Embedding(name, fingerprint(name), 1.0, model, question_model, _AT_ONCE)


def _server(base_url: str | None) -> dict[str, Any]:
    """Return how to reach a server: one at home needs no key, but the client insists on one."""
    if base_url is None:
        return {}
    return {"base_url": base_url, "api_key": os.environ.get("OPENAI_API_KEY") or "none"}


def _load_provider(name: str, **options: Any) -> Embeddings:
    from langchain.embeddings import init_embeddings

    try:
        return init_embeddings(name, **options)
    except Exception as error:  # providers raise what they like; the user needs the name and why
        raise SettingsError(f"embedding {name!r} cannot be loaded: {first_line(error)}") from error


def _checked(rows: Sequence[Any], count: int, dimension: int | None) -> Matrix:
    """Return ``rows`` as a matrix; ``ValueError`` unless they are as many good vectors as texts."""
    import numpy as np

    if len(rows) != count:
        raise ValueError(f"{len(rows)} vectors for {count} texts")
    expected = dimension or len(rows[0])
    if others := {len(row) for row in rows} - {expected}:
        raise ValueError(f"vectors of {min(others)} dimensions instead of {expected}")
    with np.errstate(over="ignore"):
        matrix = np.asarray(rows, dtype=np.float32).reshape(count, expected)
        lengths = np.linalg.norm(matrix, axis=1)
    if not (np.isfinite(lengths) & (lengths > 0)).all():
        raise ValueError("a vector of zeros, or of what is no number")
    return matrix


@contextmanager
def _answering(name: str, remedy: str = "") -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise ModelError(
            f"embedding {name!r} does not answer as it should ({_reason(error)}){remedy}"
        ) from error


def _reason(error: Exception) -> str:
    """Return in a few words why there are no vectors."""
    if isinstance(error, (AttributeError, LookupError, TypeError)):  # of who takes apart the answer
        return "what it sends are no vectors"
    if isinstance(error, ValueError):
        return first_line(error)
    return f"{type(error).__name__}: {first_line(error.__cause__ or error)}"
