"""A name becomes LangChain ``Embeddings``; the built-in ``subword`` one needs no key, no download.

The built-in embedding hashes the character 3- to 5-grams of each word into a fixed number of
dimensions (feature hashing, Weinberger et al. 2009), so a typo or another inflection still lands
near its word. It has learnt nothing: for meaning, name a ``provider:model``. Knows nothing of
passages or of where vectors are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from index import language
from index.errors import SettingsError, first_line
from index.language import forms

Matrix = NDArray[np.float32]

SUBWORD = "subword"
_VERSION = 1  # raise it when the vectors change: stores built before are then refused
# 512 / 1,024 / 2,048 dimensions: the right paragraph first for 65 / 70 / 72 % of the XQuAD-de
# questions among 3,900 paragraphs; the index doubles with each step.
_DIMENSION = 1024
_GRAM_LENGTHS = (3, 4, 5)
_FUNCTION_WORD_WEIGHT = 0.1
_BATCH = 2000  # texts summed at once: their grams take some 100 MB
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
        if isinstance(self.model, SubwordEmbeddings):
            return self.model.matrix(texts)
        with _answering(self.name):
            return np.asarray(self.model.embed_documents(list(texts)), dtype=np.float32)

    def embed_question(self, text: str) -> Matrix:
        """Return the vector of a question, shape ``(dimension,)``."""
        with _answering(self.name):
            return np.asarray(self.model.embed_query(text), dtype=np.float32)


def fingerprint(name: str) -> str:
    """Return what identifies the vectors of the embedding ``name``, without loading it."""
    return f"{SUBWORD}-{_DIMENSION}-v{_VERSION}" if name == SUBWORD else name


def load(name: str) -> Embedding:
    """Return the embedding called ``name``: ``subword`` or LangChain's ``provider:model``.

    Raises:
        SettingsError: the name is neither, or its provider cannot be loaded or does not answer.
    """
    if name == SUBWORD:
        return Embedding(name, fingerprint(name), _DIMENSION, 0.05, SubwordEmbeddings())
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


@contextmanager
def _answering(name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise SettingsError(f"embedding {name!r} does not answer: {first_line(error)}") from error


class SubwordEmbeddings(Embeddings):
    """Hashed, weighted character n-grams inside words; the same on every machine and run."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector per text (a zero vector for a text without words)."""
        return self.matrix(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of one text."""
        return self.matrix([text])[0].tolist()  # type: ignore[no-any-return]

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of ``texts`` as rows, shape ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, _DIMENSION), dtype=np.float32)
        batches = (texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH))
        return np.concatenate([_embed_batch(batch) for batch in batches])


def _embed_batch(texts: Sequence[str]) -> Matrix:
    """Sum each text's gram vectors: rows are texts, and every gram adds ±weight to one column."""
    vocabulary: dict[str, int] = {}
    lists = [forms(text) for text in texts]
    words = [vocabulary.setdefault(form, len(vocabulary)) for form in chain.from_iterable(lists)]
    summed = np.zeros(len(texts) * _DIMENSION)
    if vocabulary:
        rows = np.repeat(np.arange(len(texts)), [len(forms_) for forms_ in lists])
        pairs, counts = np.unique(rows * len(vocabulary) + words, return_counts=True)
        rows, members = np.divmod(pairs, len(vocabulary))
        summed = _Grams.of(list(vocabulary)).sum_into(len(texts), rows, members, 1 + np.log(counts))
    matrix = summed.reshape(len(texts), _DIMENSION)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Grams:
    """The hashed grams of a vocabulary, word after word: ``counts[w]`` of them for word ``w``."""

    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, vocabulary: Sequence[str]) -> _Grams:
        owners, hashes = _hash_grams([f"<{language.fold(form)}>" for form in vocabulary])
        order = np.argsort(owners, kind="stable")
        counts = np.bincount(owners, minlength=len(vocabulary))
        weights = np.array(
            [_FUNCTION_WORD_WEIGHT if f in language.ALL_FUNCTION_WORDS else 1 for f in vocabulary]
        ) / np.sqrt(counts)
        hashes = hashes[order]
        signs = np.where(hashes >> np.uint64(63), 1.0, -1.0)
        columns = (hashes % np.uint64(_DIMENSION)).astype(np.int64)
        return cls(columns, signs * np.repeat(weights, counts), counts)

    def sum_into(
        self,
        height: int,
        rows: NDArray[np.int64],
        members: NDArray[np.int64],
        weights: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        """Add the grams of word ``members[i]``, times ``weights[i]``, to row ``rows[i]``."""
        first = np.cumsum(self.counts) - self.counts
        counts = self.counts[members]
        before = np.cumsum(counts) - counts
        picked = np.arange(counts.sum()) + np.repeat(first[members] - before, counts)
        cells = np.repeat(rows * _DIMENSION, counts) + self.columns[picked]
        values = np.repeat(weights, counts) * self.values[picked]
        summed = np.bincount(cells, values, minlength=height * _DIMENSION)
        return summed.astype(np.float64, copy=False)


def _hash_grams(bounded: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return ``(owner, hash)`` of every gram: a polynomial over code points, then mixed."""
    codes = np.frombuffer("".join(bounded).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    lengths = np.array([len(word) for word in bounded])
    owner = np.repeat(np.arange(len(bounded)), lengths)
    left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(codes))
    owners, hashes = [], []
    for length in _GRAM_LENGTHS:
        starts = np.flatnonzero(left >= length)
        value = np.full(len(starts), length, dtype=np.uint64)
        for offset in range(length):
            value = value * np.uint64(1_099_511_628_211) + codes[starts + offset]
        owners.append(owner[starts])
        hashes.append(_mix(value))
    return np.concatenate(owners), np.concatenate(hashes)


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits (the finaliser of splitmix64, Steele et al. 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))
