"""Indexing and search at 100,000 paragraphs, against what Chroma and tantivy do by themselves.

    python tests/bench/scale.py DATA [--limit PARAGRAPHS] [--questions 200]

Indexing is timed as two processes, imports included: ``beleg index``, and a bare Chroma upsert of
the very vectors it made. Then each question is asked of all in turn, so that whatever else the
machine does hits them alike: of Beleg, re-ranking included; of that bare collection, for 100
neighbours, with the question's vector made beforehand; of tantivy. Knows times only, no quality.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import bare_upsert
import chromadb
import material
import numpy as np
from systems import BEST, Tantivy

import rag
from index import embedding
from index.store import Store

NEIGHBOURS = 100
WARM_UP = 20  # questions asked before the clock runs


def main() -> None:
    """Index, ask, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=material.folder, help="the evaluation data")
    parser.add_argument("--limit", type=int, default=material.LARGE, help="paragraphs (100,000)")
    parser.add_argument("--questions", type=int, default=200, help="of XQuAD-de (200)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        articles = material.archive(options.data, options.limit)
        material.write(folder / "articles.jsonl", articles)
        _index(folder)
        xquad = material.questions(options.data / material.XQUAD)
        _search(folder, [q.text for q in material.evenly(xquad, options.questions)])


def _index(folder: Path) -> None:
    """Fill ``store`` and ``bare`` in ``folder`` from its articles, and print how long each took."""
    beleg = Path(sys.executable).with_name("beleg")
    ours = _seconds(
        partial(_run, beleg, "index", folder / "articles.jsonl", "--store", folder / "store")
    )
    np.save(folder / "vectors.npy", _vectors(folder / "store"))
    bare = _seconds(
        partial(_run, sys.executable, bare_upsert.__file__, folder / "bare", folder / "vectors.npy")
    )
    print(f"index  {ours:7.1f} s  bare upsert {bare:7.1f} s  {ours / bare:.2f} x", flush=True)


def _vectors(store: Path) -> np.ndarray:
    generation = Store(store).open()
    ids = [passage.id for passage in generation.archive.all_passages()]
    stored = generation.vectors.get(ids)
    generation.close()
    print(f"{len(ids):,} passages", flush=True)
    return np.stack([stored[id_] for id_ in ids])


def _run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, capture_output=True)


def _search(folder: Path, questions: list[str]) -> None:
    """Ask everything in turn, and print the times of each."""
    bare = chromadb.PersistentClient(str(folder / "bare")).get_collection(
        "bare", embedding_function=None
    )
    model = embedding.load("subword")
    vectors = {question: model.embed_question(question)[None] for question in questions}
    tantivy = Tantivy()
    tantivy.index(folder / "articles.jsonl", folder / "tantivy")
    with rag.open(folder / "store") as assistant:
        ways: dict[str, Callable[[str], object]] = {
            "Beleg": lambda question: assistant.search(question, k=BEST),
            "bare Chroma": lambda question: bare.query(vectors[question], n_results=NEIGHBOURS),
            "tantivy": tantivy.search,
        }
        _clock(ways, questions[:WARM_UP])
        _print(_clock(ways, questions))


def _clock(
    ways: Mapping[str, Callable[[str], object]], questions: list[str]
) -> dict[str, list[float]]:
    """Return the seconds that each way took for each question."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for question in questions:
        for name, way in ways.items():
            seconds[name].append(_seconds(partial(way, question)))
    return seconds


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print(seconds: Mapping[str, list[float]]) -> None:
    ours = np.percentile(seconds["Beleg"], [50, 95])
    for name, times in seconds.items():
        p50, p95 = np.percentile(times, [50, 95])
        print(
            f"search {name:<12} p50 {p50 * 1000:7.2f} ms  p95 {p95 * 1000:7.2f} ms"
            f"  Beleg takes {ours[0] / p50:6.2f} x and {ours[1] / p95:6.2f} x"
        )


if __name__ == "__main__":
    main()
