"""One system, indexed and asked, as a process of its own; prints what it found out as JSON.

    python tests/bench/trial.py SYSTEM ARTICLES DATA QUESTIONS

Index time runs from the file of articles to an index that can be searched, query time from the
question to ten addresses; imports count for nothing. Knows no other system, and no memory: who
starts the process watches it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import ir_measures
import material
import numpy as np
from ir_measures import Success, nDCG
from material import Question
from systems import SYSTEMS, System, Unavailable

QUALITY = (nDCG @ 10, Success @ 1, Success @ 5)
WARM_UP = 20  # questions asked before the clock runs
Report = dict[str, Any]


def main() -> None:
    """Run the trial that the arguments name."""
    name, articles, data, count = sys.argv[1:]
    try:
        system = SYSTEMS[name]()
    except ModuleNotFoundError as error:
        report: Report = {"unavailable": f"package missing: {error.name}"}
    except Unavailable as error:
        report = {"unavailable": str(error)}
    else:
        report = _report(system, Path(articles), question_sets(Path(data), int(count)))
    print(json.dumps(report))


def question_sets(data: Path, count: int) -> dict[str, list[Question]]:
    """Return what is asked: ``count`` of the XQuAD questions, their twins, all hand-written."""
    xquad = data / material.XQUAD
    return {
        "German": material.evenly(material.questions(xquad), count),
        "English": material.evenly(material.questions(xquad, "question_en"), count),
        "hand-written": material.questions(data / material.HAND_WRITTEN),
    }


def _report(system: System, articles: Path, sets: dict[str, list[Question]]) -> Report:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        started = time.perf_counter()
        system.index(articles, Path(folder) / "index")
        report: Report = {"index_s": time.perf_counter() - started}
        for question in sets["German"][-WARM_UP:]:
            system.search(question.text)
        for name, questions in sets.items():
            found, seconds = _ask(system, questions)
            report[name] = _quality(questions, found)
            report.setdefault("query_ms", np.percentile(seconds, [50, 95]).dot(1000).tolist())
    return report


def _ask(system: System, questions: list[Question]) -> tuple[dict[str, list[str]], list[float]]:
    found, seconds = {}, []
    for question in questions:
        started = time.perf_counter()
        found[question.id] = system.search(question.text)
        seconds.append(time.perf_counter() - started)
    return found, seconds


def _quality(questions: list[Question], found: dict[str, list[str]]) -> list[float]:
    qrels = [ir_measures.Qrel(q.id, address, 1) for q in questions for address in q.relevant]
    run = [
        ir_measures.ScoredDoc(id_, address, -place)
        for id_, addresses in found.items()
        for place, address in enumerate(addresses)
    ]
    measured = ir_measures.calc_aggregate(QUALITY, qrels, run)
    return [float(measured[measure]) for measure in QUALITY]


if __name__ == "__main__":
    main()
