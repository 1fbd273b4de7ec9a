"""What the benchmarks work on, from the data folder they are given: an archive and questions.

The archive is Wikinews and XQuAD-de, 4,130 paragraphs; a larger one goes on with Wikipedia. Knows
the files of that folder, nothing of systems or of figures.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ARCHIVE = ("wikinews-de/articles.jsonl", "xquad-de/articles.jsonl")
MORE = "scale/wikipedia-de-100k.jsonl.gz"
XQUAD = "xquad-de/golden_dev.jsonl"
HAND_WRITTEN = "wikinews-de/golden_dev.jsonl"
SMALL, LARGE = 4_130, 100_000  # paragraphs

Line = dict[str, Any]


class Passage(NamedTuple):
    """A paragraph as every system is given it: its address, and headline and text as one."""

    id: str
    text: str


class Question(NamedTuple):
    """A question and the addresses of the paragraphs that answer it."""

    id: str
    text: str
    relevant: frozenset[str]


def folder(name: str) -> Path:
    """Return the data folder that an argument names; argparse says so when it is none."""
    if not (Path(name) / ARCHIVE[0]).exists():
        raise argparse.ArgumentTypeError(f"{name!r} is not the data folder: no {ARCHIVE[0]} there")
    return Path(name)


def lines(path: Path) -> Iterator[Line]:
    """Yield the objects of a ``.jsonl`` or ``.jsonl.gz`` file."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def write(path: Path, articles: Iterable[Line]) -> Path:
    """Write articles as ``beleg index`` reads them, and return the path."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    return path


def archive(data: Path, paragraphs: int) -> Iterator[Line]:
    """Yield the first articles that make up so many paragraphs, the last one cut to fit."""
    for name in (*ARCHIVE, MORE):
        for article in lines(data / name):
            article["paragraphs"] = article["paragraphs"][:paragraphs]
            paragraphs -= len(article["paragraphs"])
            yield article
            if not paragraphs:
                return


def passages(articles: Path) -> list[Passage]:
    """Return the paragraphs of a file of articles."""
    return [
        Passage(f"{article['id']}#{number}", f"{article['title']}\n{text}")
        for article in lines(articles)
        for number, text in enumerate(article["paragraphs"], start=1)
    ]


def questions(golden: Path, key: str = "question") -> list[Question]:
    """Return the answerable questions of a golden set; ``key`` says which wording to ask."""
    return [
        Question(line["id"], line[key], frozenset(_addresses(line)))
        for line in lines(golden)
        if line["answerable"]
    ]


def _addresses(line: Line) -> Iterator[str]:
    for evidence in line["evidence"]:
        yield f"{evidence['article_id']}#{evidence['paragraph']}"


def evenly(all_questions: list[Question], count: int) -> list[Question]:
    """Return ``count`` of the questions, spread evenly over the set, or all if it has fewer."""
    count = min(count, len(all_questions))
    return [all_questions[len(all_questions) * n // count] for n in range(count)]
