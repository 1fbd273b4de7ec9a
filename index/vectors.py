"""The vectors of one generation, in Chroma (cosine), one record per passage.

Only ids and vectors are kept here; text and metadata live in the archive, which is the truth (and
a metadata filter that matches much costs Chroma 50 times a plain query). Knows nothing of how a
vector is made.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from index.embedding import Matrix

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration

Item = TypeVar("Item")

FOLDER = "chroma"
_COLLECTION = "passages"
_BATCH = 5000  # Chroma takes at most 5,461 records a call
# By default up to 999 records wait in a queue, which every reader works off again when it opens
# (0.4 s for 500) and writes to disk. With 2, the least allowed, each call leaves a finished graph.
# Few candidates for many links, searched widely: against Chroma's defaults (100, 100, 16) that is
# built in half the time (4.5 s for 30,000 passages, not 8.5) and finds more of the 50 nearest
# (.89, not .87; of 3,800 passages .96, not .94), for a query of 1.5 ms, not 1.0.
_GRAPH: CreateHNSWConfiguration = {
    "space": "cosine",
    "sync_threshold": 2,
    "batch_size": 2,
    "ef_construction": 25,
    "ef_search": 200,
    "max_neighbors": 32,
}


# Chroma shares one client per folder and counts its users without a lock: who opens a folder that
# another thread is just closing gets a client without its bindings (seen once in 20 test runs).
# Reentrant, for the collector may close one while another is made.
_CLIENTS = threading.RLock()


class Neighbour(NamedTuple):
    """A passage id and its cosine similarity to the question, at most 1."""

    id: str
    similarity: float


class Vectors:
    """The Chroma collection of one generation."""

    def __init__(self, folder: Path) -> None:
        self._client = _client(folder / FOLDER)
        # The space is fixed when the collection is made; a later call with another is ignored.
        self._collection = self._client.get_or_create_collection(
            _COLLECTION,
            embedding_function=None,
            configuration={"hnsw": _GRAPH},
        )

    def batches(self, items: Sequence[Item]) -> Iterator[Sequence[Item]]:
        """Cut ``items`` into the fewest equal parts that can be added at once."""
        parts = math.ceil(len(items) / _BATCH)
        for part in range(parts):
            yield items[len(items) * part // parts : len(items) * (part + 1) // parts]

    def add(self, ids: Sequence[str], matrix: Matrix) -> None:
        """Store one row of ``matrix`` per id, at most a batch of them."""
        self._collection.upsert(ids=list(ids), embeddings=matrix)

    def remove(self, ids: Sequence[str]) -> None:
        """Forget the records of ``ids``."""
        for some in self.batches(ids):
            self._collection.delete(ids=list(some))

    def get(self, ids: Sequence[str]) -> dict[str, Matrix]:
        """Return the stored vectors of ``ids``, by id; unknown ids are left out."""
        found: dict[str, Matrix] = {}
        for some in self.batches(ids):
            records = self._collection.get(ids=list(some), include=["embeddings"])
            rows = cast(Matrix, records["embeddings"]).astype("float32")
            found.update(zip(records["ids"], rows, strict=True))
        return found

    def nearest(self, vector: Matrix, k: int) -> list[Neighbour]:
        """Return the ``k`` passages nearest to ``vector``, nearest first."""
        result = self._collection.query(
            query_embeddings=vector[None], n_results=k, include=["distances"]
        )
        distances = result["distances"] or [[]]
        pairs = zip(result["ids"][0], distances[0], strict=True)
        return [Neighbour(id_, 1 - distance) for id_, distance in pairs]

    def count(self) -> int:
        """Return the number of records."""
        return self._collection.count()

    def close(self) -> None:
        """Release the files; the folder may then be copied or removed."""
        with _CLIENTS:
            self._client.close()


def _client(folder: Path) -> Client:
    import chromadb  # a second of imports: only who reads or writes vectors pays it

    settings = chromadb.config.Settings(anonymized_telemetry=False)
    with _CLIENTS:
        return cast("Client", chromadb.PersistentClient(str(folder), settings=settings))
