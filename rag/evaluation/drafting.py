"""Proposes golden questions from an archive, for a person to edit: headlines, and who said what.

Drafts carry the tag ``draft`` so that nobody mistakes them for judged questions. Knows articles and
their wording, not what an assistant would answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.article import Article, Paragraph, ParagraphKind
from rag.vocabulary import PERSON

TAG = "draft"
_SHORTEST, _LONGEST = 5, 14  # words of a quotation that are enough to recognise it by
_SAID = re.compile(
    r"[„«“\"](?P<quote>[^„“”«»\"]{30,}?)[,.]?[“»”\"],? "
    rf"(?:sagte|erklärte|betonte|meinte|said) {PERSON}"
)
_WHO = {
    "de": "Von wem stammt die Aussage „{} …“?",
    "en": "Who said “{} …”?",
}


def draft(articles: Iterable[Article]) -> Iterator[dict[str, Any]]:
    """Yield golden questions as JSON-ready values: each headline, and each attributed quotation."""
    for article in articles:
        yield _known_item(article)
        for paragraph in article.paragraphs:
            if paragraph.kind is ParagraphKind.TEXT:
                yield from _who_said(article, paragraph)


def _known_item(article: Article) -> dict[str, Any]:
    evidence = [{"article_id": article.id}]
    return _line(f"title-{article.id}", article, article.title, [], evidence, "known-item")


def _who_said(article: Article, paragraph: Paragraph) -> Iterator[dict[str, Any]]:
    for number, match in enumerate(_SAID.finditer(paragraph.text), start=1):
        words = match["quote"].split()
        if len(words) < _SHORTEST:
            continue
        question = _WHO.get(article.language, _WHO["de"]).format(" ".join(words[:_LONGEST]))
        evidence = [
            {"article_id": article.id, "paragraph": paragraph.number, "quote": match.group()}
        ]
        id_ = f"said-{article.id}-{paragraph.number}-{number}"
        yield _line(id_, article, question, [match["person"]], evidence, "who")


def _line(
    id_: str, article: Article, question: str, answers: list[str],
    evidence: list[dict[str, Any]], tag: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": id_,
        "question": question,
        "language": article.language,
        "answerable": True,
        "answers": answers,
        "evidence": evidence,
        "tags": [TAG, tag],
    }
