"""How long ``beleg index`` takes, against a bare Chroma upsert of the same vectors in the same run.

    python tests/bench/indexing.py ARTICLES... [--runs 5]

Both are measured twice: as whole processes, imports included, which is what a person waits for, and
within this process. The last column is a second ``beleg index`` in which nothing changed.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bare_upsert
import numpy as np

from index.store import Store
from index.sync import synchronise


def main() -> None:
    """Run the pairs and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vectors = _prepare(Path(folder), options.paths)
        print(f"{vectors.shape[0]:,} passages, {vectors.shape[1]} dimensions")
        for name, pair in (("processes", _processes), ("in process", _in_process)):
            runs = [pair(Path(folder) / f"{name}{n}", options.paths) for n in range(options.runs)]
            _print(name, runs)


def _print(name: str, runs: list[tuple[float, float, float]]) -> None:
    for bare, first, again in runs:
        print(
            f"{name:<10} upsert {bare:6.2f} s  index {first:6.2f} s  {first / bare:5.2f} x", end=""
        )
        print(f"  again {again:6.3f} s  {again / first:6.1%}")
    ratio = statistics.median(first / bare for bare, first, _ in runs)
    print(f"{name:<10} median {ratio:.2f} x")


def _prepare(folder: Path, paths: list[Path]) -> np.ndarray:
    """Index once, to warm up, and leave ``vectors.npy`` in ``folder``."""
    synchronise(Store(folder / "warm"), paths, "subword")
    generation = Store(folder / "warm").open()
    ids = [passage.id for passage in generation.archive.all_passages()]
    stored = generation.vectors.get(ids)
    generation.close()
    vectors = np.stack([stored[id_] for id_ in ids])
    np.save(folder / "vectors.npy", vectors)
    return vectors


def _processes(folder: Path, paths: list[Path]) -> tuple[float, float, float]:
    vectors = folder.parent / "vectors.npy"
    bare = [sys.executable, bare_upsert.__file__, folder / "bare", vectors]
    beleg = [Path(sys.executable).with_name("beleg"), "index", *paths, "--store", folder / "store"]
    upsert, first, again = (_seconds(partial(_run, command)) for command in (bare, beleg, beleg))
    return upsert, first, again


def _run(command: list[object]) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _in_process(folder: Path, paths: list[Path]) -> tuple[float, float, float]:
    vectors = np.load(folder.parent / "vectors.npy")
    upsert = _seconds(lambda: bare_upsert.upsert(str(folder / "bare"), vectors))
    first, again = (
        _seconds(lambda: synchronise(Store(folder / "store"), paths, "subword")) for _ in range(2)
    )
    return upsert, first, again


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
