"""Example questions drawn from articles, so that a newcomer's first click gets an answer.

Looks for people who are quoted or whose age is given, and for headlines. Does not know whether the
archive can answer them: who shows them asks first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, zip_longest

from index.article import Article, ParagraphKind
from rag.phrases import EXAMPLE
from rag.vocabulary import PERSON

_PATTERNS = {
    "said": re.compile(rf"[“«»”\"],? (?:sagte|erklärte|betonte|said) {PERSON}"),
    "age": re.compile(rf"{PERSON} \(\d\d\)"),
}


def examples_from(articles: Iterable[Article]) -> Iterator[str]:
    """Yield questions, the kinds in turn, at most one per article."""
    kinds: dict[str, list[str]] = {"said": [], "age": [], "story": []}
    for article in articles:
        kind, found = _find(article)
        kinds[kind].append(EXAMPLE[kind][article.language].format(found))
    mixed = chain.from_iterable(zip_longest(*kinds.values()))
    yield from dict.fromkeys(question for question in mixed if question)


def _find(article: Article) -> tuple[str, str]:
    text = "\n".join(p.text for p in article.paragraphs if p.kind is ParagraphKind.TEXT)
    for kind, pattern in _PATTERNS.items():
        if match := pattern.search(text):
            return kind, match["person"]
    return "story", article.title
