"""How long indexing takes, against a bare Chroma upsert of the same vectors in the same run.

    python tests/bench/indexing.py ARTICLES... [--runs 5]

Prints seconds and, pair by pair, their ratio; then a second run over the same articles, in which
nothing changed. Imports are paid before the first run, by both sides alike.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import chromadb
import numpy as np

from index.embedding import Matrix
from index.store import Store
from index.sync import synchronise

BATCH = 5000


def main() -> None:
    """Run the pairs and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ids, matrix = _prepare(Path(folder) / "warm", options.paths)
        folders = [Path(folder) / str(run) for run in range(options.runs)]
        pairs = [_pair(run, options.paths, ids, matrix) for run in folders]
    print(f"{len(ids):,} passages, {matrix.shape[1]} dimensions")
    print(" bare upsert  beleg index  ratio  nothing changed  of first")
    for bare, first, second in pairs:
        print(f"{bare:11.2f}s {first:11.2f}s {first / bare:6.2f}", end=" ")
        print(f"{second:15.3f}s {second / first:9.1%}")
    print(f"median ratio {statistics.median(first / bare for bare, first, _ in pairs):.2f}")


def _prepare(folder: Path, paths: list[Path]) -> tuple[list[str], Matrix]:
    """Index once, to warm up, and return the ids and vectors that came of it."""
    synchronise(Store(folder), paths, "subword")
    generation = Store(folder).open()
    ids = [passage.id for passage in generation.archive.all_passages()]
    stored = generation.vectors.get(ids)
    generation.close()
    return ids, np.stack([stored[id_] for id_ in ids])


def _pair(
    folder: Path, paths: list[Path], ids: list[str], matrix: Matrix
) -> tuple[float, float, float]:
    bare = _seconds(lambda: _bare_upsert(folder / "bare", ids, matrix))
    first, second = (
        _seconds(lambda: synchronise(Store(folder / "store"), paths, "subword")) for _ in range(2)
    )
    return bare, first, second


def _bare_upsert(folder: Path, ids: list[str], matrix: Matrix) -> None:
    client = chromadb.PersistentClient(str(folder))
    collection = client.create_collection(
        "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    for start in range(0, len(ids), BATCH):
        some = slice(start, start + BATCH)
        collection.upsert(ids=ids[some], embeddings=matrix[some])
    client.close()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
