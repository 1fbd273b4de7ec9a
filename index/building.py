"""Fills the folder of the next generation: from nothing, or from a copy of the one before.

Knows which articles went and came, not why; nothing of files, locks or publishing.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from index.archive import ArchiveWriter
from index.article import Article, Passage
from index.embedding import Embedding, Matrix
from index.errors import StoreError
from index.generation import Generation
from index.lexical import LexicalWriter, start_build
from index.passages import fingerprint, searchable
from index.vectors import Vectors

_BATCH = 1000  # passages embedded between two steps of the progress bar

Progress = Callable[[str, int, int | None], None]
"""Called with a stage (``read``, ``embed``, ``publish``), how much is done, and of how much."""

Fingerprinted = tuple[Article, str]
"""An article and the fingerprint of its content."""


class Builder:
    """Fills the folder of a generation, from nothing or from a copy of its parent."""

    def __init__(
        self, folder: Path, parent: Generation | None, embedding: Embedding, progress: Progress
    ) -> None:
        self._folder = folder
        self._parent = parent
        self._embedding = embedding
        self._progress = progress
        self._known = {} if parent is None else parent.archive.passage_fingerprints()
        self.embedded = 0

    def fill(self, articles: Iterable[Fingerprinted]) -> None:
        """Write everything; the lexical index grows in another process meanwhile."""
        archive = ArchiveWriter(self._folder)
        passages = [passage for pair in articles for passage in archive.add(*pair)]
        archive.close()
        lexical = start_build(self._folder)
        try:
            self._store_vectors([], passages)
        except BaseException:
            lexical.kill()
            raise
        finally:
            code = lexical.wait()
        if code:
            raise StoreError(f"the lexical index could not be built (exit code {code})")

    def update(self, removed: Iterable[str], articles: Iterable[Fingerprinted]) -> None:
        """Copy the parent, then take out the ``removed`` articles and put in new ones."""
        assert self._parent is not None
        shutil.copytree(self._parent.folder, self._folder, dirs_exist_ok=True)
        archive = ArchiveWriter(self._folder)
        gone = [passage for article_id in removed for passage in archive.remove(article_id)]
        come = [passage for pair in articles for passage in archive.add(*pair)]
        archive.close()
        lexical = LexicalWriter(self._folder)
        lexical.remove(gone)
        lexical.add(come)
        lexical.close()
        self._store_vectors(gone, come)

    def _store_vectors(self, gone: Sequence[str], come: Sequence[Passage]) -> None:
        vectors = Vectors(self._folder)
        vectors.remove(gone)
        for start in range(0, len(come), _BATCH):
            self._progress("embed", start, len(come))
            batch = come[start : start + _BATCH]
            vectors.add([passage.id for passage in batch], self._vectors_of(batch))
        self._progress("embed", len(come), len(come))
        vectors.close()

    def _vectors_of(self, passages: Sequence[Passage]) -> Matrix:
        """Return one vector per passage: the parent's where the text is known, else a new one."""
        known = [self._known.get(fingerprint(passage)) for passage in passages]
        stored = self._stored([id_ for id_ in known if id_ is not None])
        new = [p for p, id_ in zip(passages, known, strict=True) if id_ not in stored]
        fresh = iter(self._embedding.embed([searchable(passage) for passage in new]))
        self.embedded += len(new)
        rows = [stored[id_] if id_ is not None and id_ in stored else next(fresh) for id_ in known]
        return np.asarray(rows, dtype=np.float32)

    def _stored(self, ids: Sequence[str]) -> Mapping[str, Matrix]:
        return self._parent.vectors.get(ids) if self._parent is not None and ids else {}
