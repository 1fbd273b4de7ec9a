"""One generation: archive, vectors and lexical index that belong together, and its manifest.

A published generation never changes. Knows nothing of the store around it or of how it is filled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from index.archive import Archive
from index.embedding import fingerprint
from index.errors import EmbeddingMismatch, StoreError
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

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of the generation at ``folder``.

        Raises:
            StoreError: it is missing, broken or of another format.
        """
        path = folder / MANIFEST
        try:
            fields = json.loads(path.read_text(encoding="utf-8"))
            manifest = cls(**{**fields, "paths": tuple(fields["paths"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise StoreError(
                f"{path} cannot be read ({error}): index the articles again"
            ) from error
        if manifest.format != FORMAT:
            raise StoreError(
                f"{path} has format {manifest.format}, this version reads {FORMAT}: "
                f"run 'beleg index {' '.join(manifest.paths)} --rebuild'"
            )
        return manifest

    def require_embedding(self, name: str, store: Path) -> None:
        """Raise ``EmbeddingMismatch`` when these are not the vectors of the embedding ``name``."""
        wanted = fingerprint(name)
        if self.fingerprint != wanted:
            raise EmbeddingMismatch(
                f"store {str(store)!r} was built with embedding {self.fingerprint!r}, the settings "
                f"say {wanted!r}: run 'beleg index {' '.join(self.paths)} --store {store} "
                "--rebuild', or change the setting"
            )

    def write(self, folder: Path) -> None:
        """Write the manifest; a generation without one does not count."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


class Generation:
    """A generation opened for reading, from any number of threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        self.archive = Archive(folder)
        self.lexical = Lexical(folder)
        self.vectors = Vectors(folder)

    @property
    def name(self) -> str:
        """Its name in the store, for example ``000012``."""
        return self.manifest.generation

    def check(self) -> None:
        """Look whether the three parts agree and answer.

        Raises:
            StoreError: they do not; the message says what differs.
        """
        counts = {
            "archive": self.archive.counts()["passages"],
            "vectors": self.vectors.count(),
            "lexical index": self.lexical.count(),
        }
        expected = self.manifest.counts["passages"]
        if set(counts.values()) != {expected}:
            raise StoreError(
                f"generation {self.name} is damaged: {expected} passages, but {counts}"
            )
        for passage, _ in zip(self.archive.all_passages(), range(_SAMPLE), strict=False):
            stored = self.vectors.get([passage.id])
            if passage.id not in stored:
                raise StoreError(f"generation {self.name} is damaged: no vector of {passage.id}")
            self.vectors.nearest(stored[passage.id], 1)
            if not self.lexical.search(forms(passage.text), 1):
                raise StoreError(f"generation {self.name} is damaged: {passage.id} is not found")

    def close(self) -> None:
        """Release all files."""
        self.archive.close()
        self.vectors.close()


def sync_to_disk(path: Path) -> None:
    """Force one file, or the entries of one folder, to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
