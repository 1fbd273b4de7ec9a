"""Which paragraphs are headings, and what an article is called.

Sources rarely say so: a headline is what looks like one, a heading is a short line above prose.
Knows nothing of files and fields; what is boilerplate it asks ``notices``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from index.article import ParagraphKind
from index.language import sentences
from index.notices import is_notice, normalised

_TITLE_LENGTH = 90
_HEADING_LENGTH = 100
_HEADING_WORDS = 12
# A kicker and a heading stand above prose; three short lines and more are a list or a table
# (in the Wikinews articles: sports results, party results, fees).
_HEADINGS_IN_A_ROW = 2
_CLOSING_HEADING_WORDS = 4  # "Weitere Artikel zum Thema" heads nothing, but says nothing either

_NOT_A_HEADING = re.compile(r"[.!?:;,…][»«›‹“”‘’\"')\]]*$|\d ?: ?\d|\n")


def one_line(text: str) -> str:
    """Return the text without line breaks and double spaces."""
    return " ".join(text.split())


def headline_of(texts: Sequence[str]) -> str | None:
    """Return the headline among the paragraphs: the first, or one that stands twice in a row."""
    repeated = [a for a, b in itertools.pairwise(texts) if a == b]
    candidates = [*texts[: len(texts) > 1], *repeated]
    return next(
        (t for t in candidates if _is_heading_like(t) and not is_notice(normalised(t))), None
    )


def opening_of(texts: Sequence[str]) -> str:
    """Return the first sentence of the lead, or as many of its words as a title may have."""
    lead = one_line(next((t for t in texts if not _is_heading_like(t)), texts[0]))[:1000]
    sentence = lead[slice(*sentences(lead)[0])]
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def kinds_of(texts: Sequence[str], headline: str | None) -> list[ParagraphKind]:
    """Tell headings: the headline, and short lines in the middle that stand above prose."""
    if len(texts) == 1:
        return [ParagraphKind.TEXT]
    headings = {at for at, text in enumerate(texts) if _is_headline(text, headline)}
    short = [at not in headings and _is_heading_like(text) for at, text in enumerate(texts)]
    for is_short, group in itertools.groupby(range(len(texts)), key=short.__getitem__):
        run = list(group)
        if is_short and _head_something(run, texts):
            headings.update(run)
    return [
        ParagraphKind.HEADING if at in headings else ParagraphKind.TEXT for at in range(len(texts))
    ]


def _is_heading_like(text: str) -> bool:
    text = text.strip()
    return (
        len(text) <= _HEADING_LENGTH
        and len(text.split()) <= _HEADING_WORDS
        and not text[0].islower()
        and not _NOT_A_HEADING.search(text)
    )


def _is_headline(text: str, headline: str | None) -> bool:
    return one_line(text) == headline and not headline.endswith(".")  # else it is prose as well


def _head_something(run: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether these short lines are headings: one or two above prose, or a last bare word or two.

    What a closing line has to say beyond that ("FC Chelsea - Lewski Sofia") is text.
    """
    if run[0] == 0 or len(run) > _HEADINGS_IN_A_ROW:
        return False
    last = texts[run[-1]]
    is_bare = len(last.split()) <= _CLOSING_HEADING_WORDS and not re.search(r"\d", last)
    return run[-1] < len(texts) - 1 or (len(run) == 1 and is_bare)
