"""One generation: archive, vectors and lexical index that belong together, and its manifest.

A published generation never changes. Knows nothing of the store around it or of how it is filled.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from index.archive import Archive
from index.embedding import fingerprint
from index.errors import EmbeddingMismatch, StoreError, first_line
from index.language import forms
from index.lexical import Lexical
from index.vectors import Vectors

MANIFEST = "manifest.json"
FORMAT = 1  # raise it when stores written before can no longer be read, or would read differently
_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and what it was made with; ``created`` is UTC in ISO 8601."""

    format: int
    generation: str
    parent: str | None
    created: str
    embedding: str
    fingerprint: str
    dimension: int
    corpus: str
    paths: tuple[str, ...]
    counts: Mapping[str, int]
    outdated: int  # articles replaced or removed since all was built from nothing
    problems: tuple[tuple[str, str], ...]  # path and reason of what was skipped

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of the generation at ``folder``.

        Raises:
            StoreError: it is missing, broken or of another format.
        """
        path = folder / MANIFEST
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            if fields["format"] == FORMAT:
                paths, problems = tuple(fields["paths"]), tuple(map(tuple, fields["problems"]))
                return cls(**{**fields, "paths": paths, "problems": problems})
            reason = f"has format {fields['format']}, this version reads {FORMAT}"
        except (OSError, ValueError, TypeError, KeyError) as error:
            reason = f"cannot be read ({error})"
        store = shlex.quote(str(folder.parent.parent))
        raise StoreError(f"{path} {reason}: run 'beleg index PATH... --store {store} --rebuild'")

    def require_embedding(self, name: str, store: Path) -> None:
        """Raise ``EmbeddingMismatch`` when these are not the vectors of the embedding ``name``."""
        wanted = fingerprint(name)
        if self.fingerprint != wanted:
            raise EmbeddingMismatch(
                f"store {str(store)!r} was built with embedding {self.fingerprint!r}, the settings "
                f"say {wanted!r}: run '{self._rebuilding(store)}', or change the setting"
            )

    def require_dimension(self, dimension: int, store: Path) -> None:
        """Raise ``EmbeddingMismatch`` when a server has another model of that name by now."""
        if self.dimension != dimension:
            raise EmbeddingMismatch(
                f"store {str(store)!r} was built with embedding {self.embedding!r} of "
                f"{self.dimension} dimensions, which now has {dimension}: "
                f"run '{self._rebuilding(store)}'"
            )

    def _rebuilding(self, store: Path) -> str:
        return shlex.join(["beleg", "index", *self.paths, "--store", str(store), "--rebuild"])

    def write(self, folder: Path) -> None:
        """Write the manifest; a generation without one does not count."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


class Generation:
    """A generation opened for reading, from any number of threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        with ExitStack() as opened:
            opened.enter_context(_in_use(folder))
            self.archive = opened.enter_context(closing(Archive(folder)))
            self.lexical = Lexical(folder)
            self.vectors = opened.enter_context(closing(Vectors(folder)))
            self._require_words()
            self._opened = opened.pop_all()

    @property
    def name(self) -> str:
        """Its name in the store, for example ``000012``."""
        return self.manifest.generation

    def _require_words(self) -> None:
        """Refuse an index that lost its files: tantivy opens it as an empty one, without a word."""
        found, expected = self.lexical.count(), self.manifest.counts["passages"]
        if found != expected:
            store = shlex.quote(str(self.folder.parent.parent))
            raise StoreError(
                f"generation {self.name} is damaged ({found} of {expected} passages in the lexical "
                f"index): run 'beleg index PATH... --store {store} --rebuild'"
            )

    def check(self) -> None:
        """Look whether the three parts agree and answer.

        Raises:
            StoreError: they do not; the message says what differs.
        """
        try:
            problem = self._problem()
        except Exception as error:  # a damaged file shows as whatever its library raises
            problem = first_line(error)
        if problem is not None:
            raise StoreError(
                f"generation {self.name} is damaged ({problem}): "
                "run 'beleg index PATH... --rebuild'"
            )

    def _problem(self) -> str | None:
        counts = {
            "archive": self.archive.counts()["passages"],
            "vectors": self.vectors.count(),
            "lexical index": self.lexical.count(),
        }
        expected = self.manifest.counts["passages"]
        if set(counts.values()) != {expected}:
            return f"{expected} passages, but {counts}"
        for passage, _ in zip(self.archive.all_passages(), range(_SAMPLE), strict=False):
            stored = self.vectors.get([passage.id])
            if passage.id not in stored:
                return f"no vector of {passage.id}"
            self.vectors.nearest(stored[passage.id], 1)
            words = forms(passage.text)
            if words and not self.lexical.search(words, 1):
                return f"{passage.id} is not found"
        return None

    def close(self) -> None:
        """Release all files."""
        self._opened.close()


@contextmanager
def _in_use(folder: Path) -> Iterator[None]:
    """Hold a lock that the system takes back when this process ends, however it ends."""
    with (folder / MANIFEST).open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_in_use(folder: Path) -> bool:
    """Whether a reader, in whatever process, has the generation at ``folder`` open."""
    with (folder / MANIFEST).open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def sync_to_disk(path: Path) -> None:
    """Force one file, or the entries of one folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
