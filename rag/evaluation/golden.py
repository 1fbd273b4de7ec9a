"""Golden sets: questions with the answers and the evidence a person found, one JSON object a line.

Reads and validates, first the lines by themselves, then against an archive. Knows nothing of how
anything is scored.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from index.article import Article
from index.errors import GoldenError
from rag.evaluation.comparable import contains


class Evidence(BaseModel):
    """Where the answer stands; without ``paragraph`` anywhere in the article."""

    model_config = ConfigDict(frozen=True)
    article_id: str
    paragraph: int | None = Field(None, ge=1)
    quote: str | None = None


class GoldenQuestion(BaseModel):
    """One line of a golden set; unknown keys are left alone."""

    model_config = ConfigDict(frozen=True)
    id: str
    question: str = Field(pattern=r"\S")
    language: str = "de"
    answerable: bool
    answers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    tags: tuple[str, ...] = ()
    history: tuple[dict[str, Any], ...] = ()
    as_of: datetime.date | None = None

    @model_validator(mode="after")
    def _evidence_fits(self) -> GoldenQuestion:
        if self.answerable and not self.evidence:
            raise ValueError("it is answerable but has no evidence")
        if not self.answerable and (self.evidence or self.answers):
            raise ValueError("it is not answerable but has answers or evidence")
        return self


class Problem(NamedTuple):
    """What is wrong with a line; a ``warning`` does not keep the set from being run."""

    line: int
    message: str
    kind: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class GoldenSet(NamedTuple):
    """The questions of a file that can be read, by line number, and what is wrong with the rest."""

    path: Path
    questions: dict[int, GoldenQuestion]
    problems: list[Problem]


def read(path: Path) -> GoldenSet:
    """Read a golden set; bad lines become problems.

    Raises:
        GoldenError: the file cannot be read or has no line at all.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise GoldenError(f"golden set {str(path)!r} cannot be read: {reason}") from error
    numbered = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not numbered:
        raise GoldenError(f"golden set {str(path)!r} is empty: it needs one JSON object a line")
    golden = GoldenSet(path, {}, [])
    for number, line in numbered:
        _read_line(golden, number, line)
    return golden


def check(golden: GoldenSet, find: Callable[[str], Article | None]) -> list[Problem]:
    """Return all problems: those of the lines, and evidence that is not in the archive.

    ``find`` returns an article by its id. Answers that stand in no evidence are warnings.
    """
    problems = list(golden.problems)
    for line, question in golden.questions.items():
        problems += [Problem(line, message) for message in _missing(question, find)]
        problems += [Problem(line, message, "warning") for message in _unproven(question, find)]
    return sorted(problems)


def require(golden: GoldenSet, find: Callable[[str], Article | None]) -> list[Problem]:
    """Return the warnings.

    Raises:
        GoldenError: there are errors, or the set is over another archive altogether.
    """
    ids = {e.article_id for q in golden.questions.values() for e in q.evidence}
    if ids and not any(find(id_) for id_ in ids):
        raise GoldenError(
            f"golden set {str(golden.path)!r} is over another archive: none of its {len(ids)} "
            "evidence articles is in this store: name the store with --store"
        )
    problems = check(golden, find)
    errors = [problem for problem in problems if problem.kind == "error"]
    if errors:
        raise GoldenError(
            f"golden set {str(golden.path)!r} has {len(errors)} errors, the first in {errors[0]}: "
            f"'beleg golden check {golden.path}' shows all"
        )
    return problems


def _read_line(golden: GoldenSet, number: int, line: str) -> None:
    try:
        question = GoldenQuestion.model_validate(json.loads(line))
    except json.JSONDecodeError as error:
        golden.problems.append(Problem(number, f"not JSON: {error.msg} at column {error.colno}"))
        return
    except ValidationError as error:
        golden.problems.extend(Problem(number, _readable(e)) for e in error.errors())
        return
    for earlier, other in golden.questions.items():
        if other.id == question.id:
            message = f"id {question.id!r} is already used in line {earlier}"
            golden.problems.append(Problem(number, message))
            return
    golden.questions[number] = question


def _readable(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}" if place else str(error["msg"]).removeprefix("Value error, ")


def _missing(question: GoldenQuestion, find: Callable[[str], Article | None]) -> Iterator[str]:
    for evidence in question.evidence:
        article = find(evidence.article_id)
        if article is None:
            yield f"article {evidence.article_id!r} is not in the archive"
            continue
        texts = evidence_texts(evidence, article)
        if not texts:
            yield f"article {evidence.article_id!r} has no paragraph {evidence.paragraph}"
        elif evidence.quote and not any(evidence.quote in text for text in texts):
            place = f"paragraph {evidence.paragraph} of " if evidence.paragraph else ""
            yield f"the quote {evidence.quote[:40]!r} is not in {place}{evidence.article_id!r}"


def _unproven(question: GoldenQuestion, find: Callable[[str], Article | None]) -> Iterator[str]:
    texts: list[str] = []
    for evidence in question.evidence:
        article = find(evidence.article_id)
        texts += evidence_texts(evidence, article) if article else []
    for answer in question.answers:
        if texts and not any(contains(text, answer) for text in texts):
            yield f"the answer {answer!r} stands in no evidence paragraph"


def evidence_texts(evidence: Evidence, article: Article) -> Sequence[str]:
    """Return the text of the paragraph named, or of all when none is."""
    return [
        paragraph.text
        for paragraph in article.paragraphs
        if evidence.paragraph in (None, paragraph.number)
    ]
