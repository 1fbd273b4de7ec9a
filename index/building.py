"""Fills the folder of the next generation: from nothing, or from a copy of the one before.

Knows which articles went and came, not why; nothing of files, locks or publishing.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.archive import ArchiveWriter
from index.article import Article, Passage
from index.embedding import Embedding, Matrix
from index.generation import Generation
from index.lexical import LexicalWriter, building
from index.passages import fingerprint, searchable
from index.vectors import Vectors

if TYPE_CHECKING:
    from index.embedding_cache import EmbeddingCache

_STEP = 2000  # passages embedded between two steps of the progress bar

Progress = Callable[[str, int, int | None], None]
"""Called with a stage (``read``, ``embed``, ``publish``), how much is done, and of how much."""

Fingerprinted = tuple[Article, str]
"""An article and the fingerprint of its content."""


class Builder:
    """Fills the folder of a generation, from nothing or from a copy of its parent.

    ``cache`` remembers what ``embedding`` was asked before; ``embedded`` counts what it is now.
    """

    def __init__(
        self, folder: Path, parent: Generation | None, embedding: Embedding, progress: Progress,
        cache: EmbeddingCache | None = None,
    ) -> None:  # fmt: skip
        self._folder = folder
        self._parent = parent
        self._embedding = embedding
        self._progress = progress
        self._cache = cache
        self._known = {} if parent is None else parent.archive.passage_fingerprints()
        self._done = 0
        self.embedded = 0

    def fill(self, articles: Iterable[Fingerprinted]) -> None:
        """Write everything; the lexical index grows in another process meanwhile."""
        with closing(ArchiveWriter(self._folder)) as archive:
            passages = [passage for pair in articles for passage in archive.add(*pair)]
        with building(self._folder):
            self._store_vectors([], passages)

    def update(self, removed: Iterable[str], articles: Iterable[Fingerprinted]) -> None:
        """Copy the parent, then take out the ``removed`` articles and put in new ones."""
        assert self._parent is not None
        _copy_folder(self._parent.folder, self._folder)
        with closing(ArchiveWriter(self._folder)) as archive:
            gone = [passage for article_id in removed for passage in archive.remove(article_id)]
            come = [passage for pair in articles for passage in archive.add(*pair)]
        lexical = LexicalWriter(self._folder)
        lexical.remove(gone)
        lexical.add(come)
        lexical.close()
        self._store_vectors(gone, come)

    def _store_vectors(self, gone: Sequence[str], come: Sequence[Passage]) -> None:
        with closing(Vectors(self._folder)) as vectors:
            vectors.remove(gone)
            for batch in vectors.batches(come):
                steps = range(0, len(batch), _STEP)
                rows = [self._vectors_of(batch[at : at + _STEP], len(come)) for at in steps]
                vectors.add([passage.id for passage in batch], np.concatenate(rows))

    def _vectors_of(self, passages: Sequence[Passage], total: int) -> Matrix:
        """Return one vector per passage: the parent's where the text is known, else a new one."""
        known = [self._known.get(fingerprint(p)) if self._known else None for p in passages]
        stored = self._stored([id_ for id_ in known if id_ is not None])
        new = [p for p, id_ in zip(passages, known, strict=True) if id_ not in stored]
        fresh = iter(self._embed([searchable(passage) for passage in new]))
        self._done += len(passages)
        self._progress("embed", self._done, total)
        rows = [stored[id_] if id_ is not None and id_ in stored else next(fresh) for id_ in known]
        return np.asarray(rows, dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> Matrix:
        if self._cache is None:
            self.embedded += len(texts)
            return self._embedding.embed(texts)
        rows = self._cache.embed(texts)
        self.embedded = self._cache.embedded
        return rows

    def _stored(self, ids: Sequence[str]) -> Mapping[str, Matrix]:
        return self._parent.vectors.get(ids) if self._parent is not None and ids else {}


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a generation; Chroma's database as SQLite does, for its readers write as they open."""
    ignore = shutil.ignore_patterns("*.sqlite3-journal")  # of such a reader: not ours to undo
    shutil.copytree(source, target, ignore=ignore, copy_function=_copy_file, dirs_exist_ok=True)


def _copy_file(source: str, target: str) -> None:
    if not source.endswith(".sqlite3"):
        shutil.copyfile(source, target)
        return
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
