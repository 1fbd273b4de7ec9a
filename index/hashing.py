"""The built-in embedding: hashed, weighted character n-grams inside words, without any download.

Feature hashing (Weinberger et al. 2009) of the character 3- to 5-grams of each content word into a
fixed number of dimensions, so a typo or another inflection still lands near its word. It has learnt
nothing: for meaning, name a ``provider:model``. Knows nothing of passages or of what is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from index import language
from index.language import forms

Matrix = NDArray[np.float32]

_GRAM_LENGTHS = (3, 4, 5)
_BATCH = 2000  # texts summed at once: their grams take some 100 MB


class SubwordEmbeddings(Embeddings):
    """Hashed, weighted character n-grams inside words; the same on every machine and run."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector per text (a zero vector for one without content words)."""
        return self.matrix(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of one text."""
        return self.matrix([text])[0].tolist()  # type: ignore[no-any-return]

    def matrix(self, texts: Sequence[str]) -> Matrix:
        """Return the vectors of ``texts`` as rows, shape ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        batches = (texts[i : i + _BATCH] for i in range(0, len(texts), _BATCH))
        return np.concatenate([_embed_batch(batch, self._dimension) for batch in batches])


def _embed_batch(texts: Sequence[str], dimension: int) -> Matrix:
    """Sum each text's gram vectors: rows are texts, and every gram adds ±weight to one column."""
    vocabulary: dict[str, int] = {}
    lists = [list(filter(_is_content, forms(text))) for text in texts]
    words = [vocabulary.setdefault(form, len(vocabulary)) for form in chain.from_iterable(lists)]
    summed = np.zeros(len(texts) * dimension)
    if vocabulary:
        rows = np.repeat(np.arange(len(texts)), [len(forms_) for forms_ in lists])
        pairs, counts = np.unique(rows * len(vocabulary) + words, return_counts=True)
        rows, members = np.divmod(pairs, len(vocabulary))
        grams = _Grams.of(list(vocabulary), dimension)
        summed = grams.sum_into(len(texts), rows, members, 1 + np.log(counts))
    matrix = summed.reshape(len(texts), dimension)
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms > 0, norms, 1), dtype=np.float32)


def _is_content(form: str) -> bool:
    return form not in language.ALL_FUNCTION_WORDS


@dataclass(frozen=True, slots=True)
class _Grams:
    """The hashed grams of a vocabulary, word after word: ``counts[w]`` of them for word ``w``."""

    dimension: int
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, vocabulary: Sequence[str], dimension: int) -> _Grams:
        owners, hashes = _hash_grams([f"<{language.fold(form)}>" for form in vocabulary])
        order = np.argsort(owners, kind="stable")
        counts = np.bincount(owners, minlength=len(vocabulary))
        weights = 1 / np.sqrt(counts)
        hashes = hashes[order]
        signs = np.where(hashes >> np.uint64(63), 1.0, -1.0)
        columns = (hashes % np.uint64(dimension)).astype(np.int64)
        return cls(dimension, columns, signs * np.repeat(weights, counts), counts)

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
        cells = np.repeat(rows * self.dimension, counts) + self.columns[picked]
        values = np.repeat(weights, counts) * self.values[picked]
        summed = np.bincount(cells, values, minlength=height * self.dimension)
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
