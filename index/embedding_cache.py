"""Vectors that were paid for, in one SQLite file beside the generations: none is paid for twice.

They are found again by the model's fingerprint and the SHA-256 of the text, so they outlive a
generation, ``--rebuild``, an article that goes and comes back, and a run that is killed or fails:
every answer of the server is on disk as soon as it is there. A file that is damaged or not ours
stops nothing: it is set aside as ``embeddings.sqlite.damaged``, and what is in it counts as absent.
The file only grows; who removes it loses money, no answer. To be opened by the one writer who holds
the store's lock, and not for the built-in embedding, which is quicker than a look-up. Knows nothing
of passages and generations.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from index.embedding import BATCH, Embedding, Matrix
from index.errors import ModelError

Result = TypeVar("Result")

FILE = "embeddings.sqlite"
_SCHEMA = """
CREATE TABLE vectors (
    model TEXT NOT NULL, text BLOB NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (model, text)
)
"""
_NUMBER = np.dtype("<f4")
_VARIABLES = 500  # SQLite allows 999 in its oldest builds
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}  # or not ours


class EmbeddingCache:
    """The vectors of one embedding; ``embedded`` counts the texts its server was asked for."""

    def __init__(self, folder: Path, embedding: Embedding) -> None:
        self._path = folder / FILE
        self._embedding = embedding
        self._dimension = embedding.dimension  # rows of another are of another model: absent
        self._failure: ModelError | None = None
        self._lock = threading.Lock()
        self._db = sqlite3.connect(self._path, check_same_thread=False)
        self._do(_prepare)
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        """Return one row per text, shape ``(len(texts), dimension)``; ask only for unknown ones.

        However this ends, what was asked for is waited for and kept: it is paid for.

        Raises:
            ModelError: the server does not answer as it should; says how much is kept.
        """
        rows = self._stored(texts)
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        self.embedded += len(new)
        batches = [new[start : start + BATCH] for start in range(0, len(new), BATCH)]
        try:
            with ThreadPoolExecutor(self._embedding.at_once) as pool:
                for pairs in pool.map(self._fetch, batches):
                    rows.update(pairs)
        except ModelError as error:
            kept = f"{self._count():,} passages are kept"
            raise ModelError(f"{error}: run the same command again, {kept}") from error
        matrix = np.array([rows[text] for text in texts], dtype=np.float32)
        return matrix.reshape(len(texts), self._dimension)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _fetch(self, batch: Sequence[str]) -> Iterable[tuple[str, Matrix]]:
        if self._failure is not None:  # a server that failed need not fail for each batch anew
            raise self._failure
        try:
            matrix = self._embedding.embed(batch)
        except ModelError as error:
            self._failure = error
            raise
        self._store(batch, matrix)
        return zip(batch, matrix, strict=True)

    def _stored(self, texts: Sequence[str]) -> dict[str, Matrix]:
        """Return text -> vector of those that are there."""
        known = {_key(text): text for text in texts}
        keys = list(known)
        rows: list[tuple[bytes, bytes]] = []
        for start in range(0, len(keys), _VARIABLES):
            rows += self._rows(keys[start : start + _VARIABLES])
        return {known[key]: np.frombuffer(row, _NUMBER) for key, row in rows}

    def _rows(self, keys: Sequence[bytes]) -> list[tuple[bytes, bytes]]:
        query = (
            "SELECT text, vector FROM vectors WHERE model = ? AND length(vector) = ? "
            f"AND text IN ({','.join('?' * len(keys))})"
        )
        values = (self._embedding.fingerprint, self._dimension * _NUMBER.itemsize, *keys)
        return self._do(lambda db: db.execute(query, values).fetchall())

    def _store(self, texts: Sequence[str], matrix: Matrix) -> None:
        model = self._embedding.fingerprint
        keys, rows = map(_key, texts), (row.tobytes() for row in matrix.astype(_NUMBER))
        values = [(model, key, row) for key, row in zip(keys, rows, strict=True)]

        def write(db: sqlite3.Connection) -> None:
            with db:
                db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", values)

        self._do(write)

    def _count(self) -> int:
        query = "SELECT count(*) FROM vectors WHERE model = ?"
        values = (self._embedding.fingerprint,)
        return self._do(lambda db: int(db.execute(query, values).fetchone()[0]))

    def _do(self, action: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something with the file, or with a new one if this one turns out to be damaged."""
        with self._lock:
            try:
                return action(self._db)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in _DAMAGED:  # the lowest byte says which kind
                    raise
                self._begin_anew()
                return action(self._db)

    def _begin_anew(self) -> None:
        self._db.close()
        self._path.replace(self._path.with_name(f"{FILE}.damaged"))
        self._db = sqlite3.connect(self._path, check_same_thread=False)
        _prepare(self._db)


def _prepare(db: sqlite3.Connection) -> None:
    """Make the table in a new file; in any other look whether it is there, as we know it."""
    if not db.execute("SELECT * FROM sqlite_master").fetchone():
        db.execute(_SCHEMA)
    db.execute("SELECT model, text, vector FROM vectors LIMIT 1").fetchone()


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
