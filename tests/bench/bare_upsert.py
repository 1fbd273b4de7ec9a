"""A bare Chroma upsert, called or as a process: ``bare_upsert.py FOLDER VECTORS.npy``."""

from __future__ import annotations

import sys

import chromadb
import numpy as np

BATCH = 5000


def upsert(folder: str, vectors: np.ndarray) -> None:
    """Store the rows of ``vectors`` with Chroma's defaults."""
    client = chromadb.PersistentClient(folder)
    collection = client.create_collection(
        "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    ids = [str(number) for number in range(len(vectors))]
    for start in range(0, len(ids), BATCH):
        some = slice(start, start + BATCH)
        collection.upsert(ids=ids[some], embeddings=vectors[some])
    client.close()


if __name__ == "__main__":
    upsert(sys.argv[1], np.load(sys.argv[2]))
