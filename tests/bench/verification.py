"""Does the check accept what its source says, and catch what it does not? Prints one table.

    python tests/bench/verification.py DATA [--show ROW]

True: the evidence of the dev golden sets, verbatim and reworded by rule, quotations with their
speakers, and paraphrases written by hand; c was written before anybody looked at its errors, and is
of articles that no golden set has. False: the same, and sentences of the whole archive, with one
thing changed, and true sentences beside another paragraph. "repaired": of what a search finds, the
first paragraph that the check accepts does hold the sentence. Intervals are Wilson's, of 95 %; a
row without a bar is only looked at.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import material
from evidence import Case, Evidence, Item
from perturb import Perturbations
from proper_names import ProperNames
from reword import reworded

from rag.verification import Source, Verdict, verify

HERE = Path(__file__).parent
NONE = 0.0  # a row that is only looked at
_CONFIDENCE = 1.96  # standard deviations on either side: 95 %
_SHOWN = 40

Change = Callable[[str, Source, random.Random], str | None]


class Row(NamedTuple):
    """Cases that are all true or all false, and the share that must be told right."""

    name: str
    is_true: bool
    bar: float
    cases: Iterable[Case]


class Checker:
    """``verify`` with a clock."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def __call__(self, case: Case) -> Verdict:
        """Check one case."""
        started = time.perf_counter()
        verdict = verify(case.text, case.source)
        self.seconds.append(time.perf_counter() - started)
        return verdict


def main() -> None:
    """Check every row, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=material.folder, help="the evaluation data")
    parser.add_argument("--show", default="", help="print what is told wrong in the row so named")
    options = parser.parse_args()
    evidence, checker = Evidence(options.data), Checker()
    items = evidence.items()
    print(f"{'':<28} {'right':>6} {'of':>6} {'share':>8} {'95 %':>15} {'bar':>7}")
    for row in rows(options.data, evidence, items):
        wrong = _wrong(row, checker, show=row.name == options.show)
        _print(row.name, len(row.cases) - wrong, len(row.cases), row.bar)
    _print("repaired", *_repaired(items, checker), bar=0.9)
    _print_times(checker.seconds)


def rows(data: Path, evidence: Evidence, items: list[Item]) -> Iterator[Row]:
    """Yield the rows of the table, those of true sentences first."""
    true = [Case(item.text, item.source) for item in items]
    light = [Case(text, item.source) for item in items for text in reworded(item.text)]
    texts = ["\n".join(article["paragraphs"]) for article in evidence.articles.values()]
    names = ProperNames(data, texts)
    written = {name: list(_paraphrases(evidence, name)) for name in "abcd"}
    yield Row("verbatim", True, 0.97, true)
    yield Row("lightly reworded", True, 0.97, light)
    yield Row("quotation", True, 0.97, [case for case, _ in _quotations(evidence, names)])
    for name, cases in written.items():
        yield Row(f"paraphrase {name}", True, 0.9, cases)
    yield from _changed(
        names,
        [*true, *evidence.any_sentences()],
        [case for some in written.values() for case in some],
    )
    yield Row(
        "other speaker", False, 0.95, [c for _, some in _quotations(evidence, names) for c in some]
    )
    others = [Case(i.text, hit) for i in items for hit in i.hits if not i.is_proven_by(hit)]
    yield Row("wrong paragraph", False, 0.98, others)
    yield Row("paraphrase, neighbour", False, NONE, list(_beside(evidence)))


def _changed(names: ProperNames, true: list[Case], written: list[Case]) -> Iterator[Row]:
    """Yield the rows of one change each: of sentences as they stand, and of paraphrases."""
    changes = Perturbations(names)
    kinds: dict[str, tuple[Change, float]] = {
        "other number": (changes.other_number, 0.98),
        "other date": (changes.other_date, 0.98),
        "other person": (changes.other_person, 0.95),
        "other place": (changes.other_place, 0.95),
        "names exchanged": (changes.exchanged, NONE),
        "negation put in": (changes.negated, 0.85),
        "negation taken out": (changes.affirmed, 0.85),
        "opposite word": (changes.opposite, 0.85),
    }
    for name, (change, bar) in kinds.items():
        yield Row(name, False, bar, list(_made_false(change, true)))
    for name in ("other number", "other date", "other person", "other place", "opposite word"):
        change, _ = kinds[name]
        yield Row(f"paraphrase, {name}", False, NONE, list(_made_false(change, written)))


def _made_false(change: Change, cases: Iterable[Case]) -> Iterator[Case]:
    for text, source in cases:
        other = change(text, source, random.Random(text))
        if other and other != text:
            yield Case(other, source)


def _paraphrases(evidence: Evidence, name: str) -> Iterator[Case]:
    for line in material.lines(HERE / f"paraphrases_{name}.jsonl"):
        yield Case(line["text"], evidence.source(line["article_id"], line["paragraph"]))


def _beside(evidence: Evidence) -> Iterator[Case]:
    for name in "abcd":
        for line in material.lines(HERE / f"paraphrases_{name}.jsonl"):
            near = evidence.neighbours(line["article_id"], line["paragraph"])
            yield from (Case(line["text"], source) for source in near)


def _quotations(evidence: Evidence, names: ProperNames) -> Iterator[tuple[Case, list[Case]]]:
    """Yield words with who said them, and with each other person of the article."""
    surnames = {name.split()[1] for name in names.persons}
    for words, speakers, source in evidence.quotations():
        speaker = max((name for name in speakers if name in source.text), key=len, default="")
        if speaker in names.persons or speaker in surnames:
            others = (
                p for p in names.persons_in(source.background) if p.split()[-1] not in speakers
            )
            said = "{} sagte: „{}“".format
            yield (
                Case(said(speaker, words), source),
                [Case(said(other, words), source) for other in others],
            )


def _wrong(row: Row, checker: Checker, *, show: bool) -> int:
    """Return how many cases of a row are told wrong."""
    verdicts = [(case, checker(case)) for case in row.cases]
    wrong = [(c, verdict) for c, verdict in verdicts if verdict.is_supported != row.is_true]
    for case, verdict in wrong[: _SHOWN * show]:
        span = case.source.text[verdict.start : verdict.end]
        print(f"* {case.text}\n    {span}\n    {verdict.coverage:.2f} {verdict.problems}")
    return len(wrong)


def _repaired(items: Iterable[Item], checker: Checker) -> tuple[int, int]:
    """Count the sentences for which the check picks a hit that holds them, and all that have one.

    Only where a wrong hit comes before it is there something to repair.
    """
    right = total = 0
    for item in items:
        wrong = [hit for hit in item.hits if not item.is_proven_by(hit)]
        if wrong and len(wrong) < len(item.hits):
            chosen = (hit for hit in item.hits if checker(Case(item.text, hit)).is_supported)
            first = next(chosen, None)
            right += first is not None and item.is_proven_by(first)
            total += 1
    return right, total


def _print(name: str, right: int, total: int, bar: float) -> None:
    low, high = _wilson(right, total)
    share = right / max(1, total)
    mark = "" if share >= bar else "  below"
    interval, wanted = f"{low:.1%} – {high:.1%}", f"{bar:.0%}" if bar else "–"
    print(
        f"{name:<28} {right:6} {total:6} {share:8.1%} {interval:>15} {wanted:>7}{mark}", flush=True
    )


def _print_times(seconds: list[float]) -> None:
    p95 = statistics.quantiles(seconds, n=20)[-1]
    median = statistics.median(seconds)
    print(f"one check: median {median * 1000:.2f} ms, 95th percentile {p95 * 1000:.2f} ms")


def _wilson(right: int, total: int) -> tuple[float, float]:
    """Return the bounds of Wilson's interval for a share."""
    if not total:
        return 0.0, 1.0
    z, share = _CONFIDENCE, right / total
    middle = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return (middle - half) / scale, (middle + half) / scale


if __name__ == "__main__":
    main()
