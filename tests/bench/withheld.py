"""Does confidence fall when the archive loses what answers the question?

    python tests/bench/withheld.py DATA [--groups 5]

AUROC is the chance that a question is given more confidence where it can be answered than one where
it cannot, ties counting half; its 95 % interval draws whole articles. An archive per question would
take hours, so the questions are put into groups, all of one article into the same, and each archive
lacks the evidence of one group. What a lost paragraph said may stand in another one too: the same
article says it again for one of the 42 hand-written questions. Knows confidences and statuses,
nothing of whether an answer is right.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import material
import numpy as np
from material import Line

import rag
from index.store import Store
from index.sync import synchronise
from rag.evaluation import golden, statistics
from rag.evaluation.golden import GoldenQuestion

Evidence = Callable[[GoldenQuestion], set[str]]
"""Says what to withhold for a question: addresses of paragraphs, or ids of articles."""


class Asked(NamedTuple):
    """What the assistant made of a question."""

    question: GoldenQuestion
    confidence: float
    answered: bool


def main() -> None:
    """Ask everything, and print the comparisons."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=material.folder, help="the evaluation data")
    parser.add_argument("--groups", type=int, default=5, help="archives per comparison (5)")
    options = parser.parse_args()
    _hand_written(options.data, options.groups)
    _xquad(options.data, options.groups)


def _hand_written(data: Path, groups: int) -> None:
    articles = list(material.lines(data / material.ARCHIVE[0]))
    asked = _ask(articles, _questions(data / material.HAND_WRITTEN))
    known = [one for one in asked if one.question.answerable]
    lost = _ask_without(articles, [one.question for one in known], groups, _paragraphs)
    _print("hand-written, evidence paragraphs withheld", known, lost)
    others = [one for one in asked if not one.question.answerable]
    _print("hand-written, answerable against unanswerable", known, others)


def _xquad(data: Path, groups: int) -> None:
    articles = list(material.archive(data, material.SMALL))
    questions = _questions(data / material.XQUAD)
    lost = _ask_without(articles, questions, groups, _articles)
    _print("XQuAD-de, evidence article withheld", _ask(articles, questions), lost)


def _questions(path: Path) -> list[GoldenQuestion]:
    return list(golden.read(path).questions.values())


def _paragraphs(question: GoldenQuestion) -> set[str]:
    return {f"{evidence.article_id}#{evidence.paragraph}" for evidence in question.evidence}


def _articles(question: GoldenQuestion) -> set[str]:
    return {evidence.article_id for evidence in question.evidence}


def _ask(articles: Iterable[Line], questions: Sequence[GoldenQuestion]) -> list[Asked]:
    """Index the articles and ask the questions of them."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = material.write(Path(folder) / "articles.jsonl", articles)
        synchronise(Store(Path(folder) / "store"), [path], "subword")
        with rag.open(Path(folder) / "store") as assistant:
            answers = [assistant.ask(question.question) for question in questions]
    return [
        Asked(question, answer.confidence, answer.status == "answered")
        for question, answer in zip(questions, answers, strict=True)
    ]


def _ask_without(
    articles: Sequence[Line], questions: Sequence[GoldenQuestion], groups: int, evidence: Evidence
) -> list[Asked]:
    """Ask each question of an archive that lacks its evidence."""
    homes = list(dict.fromkeys(map(_home, questions)))
    asked = []
    for number in range(groups):
        group = set(homes[number::groups])
        some = [question for question in questions if _home(question) in group]
        lost = set().union(*map(evidence, some))
        asked += _ask(_remaining(articles, lost), some)
    return asked


def _home(question: GoldenQuestion) -> str:
    """Return the article that answers the question; one without is its own cluster."""
    return question.evidence[0].article_id if question.evidence else question.id


def _remaining(articles: Iterable[Line], lost: Collection[str]) -> Iterator[Line]:
    """Yield what is left; the paragraphs after a lost one get new numbers."""
    for article in articles:
        numbered = enumerate(article["paragraphs"], start=1)
        left = [text for number, text in numbered if f"{article['id']}#{number}" not in lost]
        if left and article["id"] not in lost:
            yield {**article, "paragraphs": left}


def _print(title: str, answerable: Sequence[Asked], others: Sequence[Asked]) -> None:
    confidences = np.array([one.confidence for one in (*answerable, *others)])
    labels = np.arange(len(confidences)) < len(answerable)
    homes = [_home(one.question) for one in (*answerable, *others)]
    area = statistics.bootstrap(confidences, homes, statistics.auroc(labels))
    assert area is not None
    print(f"{title}: AUROC {area.value:.3f} [{area.low:.3f}, {area.high:.3f}]")
    for name, some in (("can be answered", answerable), ("cannot", others)):
        count = len(some)
        answered = sum(one.answered for one in some)
        median = np.median([one.confidence for one in some])
        print(
            f"    {name:<16}{count:4} questions  answered {answered:4} {answered / count:6.1%}"
            f"  abstained {1 - answered / count:6.1%}  median confidence {median:.2f}"
        )


if __name__ == "__main__":
    main()
