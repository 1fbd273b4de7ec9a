"""Beleg against other ways to search the same archive, in one table of quality, time and memory.

    python tests/bench/peers.py DATA [--scale] [--questions N] [--only NAME...]

One run on one machine asks all of them the same questions over the same paragraphs, one system
after the other, each in a process of its own: peak memory would otherwise be that of all before.
Quality is measured on the development questions of the data folder. Success@n is the share of
questions with an answering paragraph among the first n; XQuAD has one per question, so there it is
Recall@n. Knows nothing of how a system works; a peer that is not installed is a row that says so.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import material
import memory
import trial
from systems import SYSTEMS

WIDTH = 24
HEADINGS = (
    f"{'':<{WIDTH}}    XQuAD-de           its English twins  hand-written\n"
    f"{'':<{WIDTH}}    nDCG10   S@1   S@5  nDCG10   S@1   S@5   S@1   S@5"
    "   index s  p50 ms  p95 ms  peak MB"
)


def main() -> None:
    """Print one table for each size of archive."""
    options = _options()
    for paragraphs in [material.SMALL] + [material.LARGE] * options.scale:
        with tempfile.TemporaryDirectory() as folder:
            articles = material.archive(options.data, paragraphs)
            path = material.write(Path(folder) / "articles.jsonl", articles)
            print(f"\n{len(material.passages(path)):,} paragraphs\n{HEADINGS}", flush=True)
            for name in options.only:
                report = _try(name, path, options)
                print(f"{name:<{WIDTH}}    {_row(report)}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=material.folder, help="the evaluation data")
    parser.add_argument("--scale", action="store_true", help="then among 100,000 paragraphs too")
    parser.add_argument("--questions", type=int, default=sys.maxsize, help="of XQuAD (all)")
    parser.add_argument("--only", nargs="+", choices=SYSTEMS, default=list(SYSTEMS))
    return parser.parse_args()


def _try(name: str, articles: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Run one trial; what makes it fail is reported like what keeps it from starting."""
    command = [sys.executable, trial.__file__, name, articles, options.data, options.questions]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        words = [str(word) for word in command]
        process = subprocess.Popen(words, stdout=said, stderr=complained, text=True)
        peak = memory.peak_until_end(process)
        complained.seek(0)
        said.seek(0)
        if process.returncode:
            return {"unavailable": f"failed: {complained.read().strip().splitlines()[-1]}"}
        return {"peak_mb": peak / 1e6, **json.loads(said.read().splitlines()[-1])}


def _row(report: dict[str, Any]) -> str:
    if "unavailable" in report:
        return str(report["unavailable"])
    german, english, written = (report[name] for name in ("German", "English", "hand-written"))
    quality = [f"{value:6.3f}" for value in (*german, *english, *written[1:])]
    p50, p95 = report["query_ms"]
    costs = f"{report['index_s']:10.1f}{p50:8.1f}{p95:8.1f}{report['peak_mb']:9,.0f}"
    return "".join(quality) + costs


if __name__ == "__main__":
    main()
