"""What on a page is not journalism: consent notices, teasers, sign-ups, footers, repeated lines.

Three witnesses are heard: what a paragraph says (``notices``), what stands around it, and the
corpus itself (what stands in many articles of one outlet is news in none of them). When in doubt a
paragraph stays. Only kinds change, never a text or a number. Knows nothing of files, passages or
questions.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.article import Article, ParagraphKind
from index.notices import ends_summary, is_notice, leads_away, normalised, opens_summary

# The corpus testifies from four articles on, if they are also a tenth of their outlet: background
# that an agency repeats in a running story stays below, a footer does not.
_WITNESSES = 4
_SHARE_OF_OUTLET = 0.1
_ACCIDENTAL_REPETITION = 60  # "Ja." may be said twice in an interview, 60 characters not
_LONGEST_BOX = 8  # paragraphs of an automatic summary
_LONGEST_LIST_HEADER = 40
_LONGEST_LINK = 120

_Line = tuple[str, str]  # outlet, normalised text


def clean(articles: Sequence[Article]) -> list[Article]:
    """Return the same articles in the same order, with the kind BOILERPLATE where it is due."""
    texts = [[normalised(p.text) for p in article.paragraphs] for article in articles]
    repeated = _repeated_in_outlets(articles, texts)
    return [_cleaned(*pair, repeated) for pair in zip(articles, texts, strict=True)]


def _cleaned(article: Article, texts: list[str], repeated: set[_Line]) -> Article:
    outlets = _outlets(article)
    set_aside = {
        at
        for at, text in enumerate(texts)
        if is_notice(text) or any((outlet, text) in repeated for outlet in outlets)
    }
    set_aside.update(_second_copies(texts, normalised(article.title)))
    set_aside.update(_teaser_lists(texts))
    set_aside.update(_summary_boxes(texts))
    if not set_aside:
        return article
    paragraphs = tuple(
        replace(paragraph, kind=ParagraphKind.BOILERPLATE) if at in set_aside else paragraph
        for at, paragraph in enumerate(article.paragraphs)
    )
    return replace(article, paragraphs=paragraphs)


# --- what stands around it -------------------------------------------------------------------


def _second_copies(texts: Sequence[str], title: str) -> Iterator[int]:
    """Yield the later copies of what an article says twice: headlines, captions, paragraphs."""
    seen: set[str] = set()
    for at, text in enumerate(texts):
        if text in seen and (text in (texts[at - 1], title) or len(text) > _ACCIDENTAL_REPETITION):
            yield at
        seen.add(text)


def _teaser_lists(texts: Sequence[str]) -> Iterator[int]:
    """Yield the linked headlines under a line such as "Mehr zum Thema".

    The last one before prose stays: it may be the heading of what follows.
    """
    for at, text in enumerate(texts):
        if len(text) > _LONGEST_LIST_HEADER or ": " in text or not leads_away(text):
            continue
        end = at + 1
        while end < len(texts) and _is_link(texts[end]):
            end += 1
        yield from range(at + 1, end if end == len(texts) else end - 1)


def _is_link(text: str) -> bool:
    return len(text) <= _LONGEST_LINK and not text.endswith((".", "!", ":", "“", "»", '"'))


def _summary_boxes(texts: Sequence[str]) -> Iterator[int]:
    """Yield what stands between the opening of an automatic summary and its notice."""
    for at, text in enumerate(texts):
        if ends_summary(text):
            box = range(at, max(-1, at - _LONGEST_BOX), -1)
            opening = next((back for back in box if opens_summary(texts[back])), at)
            yield from range(opening, at)


# --- what the corpus says --------------------------------------------------------------------


def _outlets(article: Article) -> set[str]:
    """Return what an article may share its furniture with: its source, and its first folder."""
    folder = article.id.split("/")[0] + "/" if "/" in article.id else ""
    return {article.source or folder, folder or article.source or ""}


def _repeated_in_outlets(articles: Sequence[Article], texts: Sequence[list[str]]) -> set[_Line]:
    """Return what stands in many articles of one outlet.

    Only articles that are at least half their own text testify: the versions of one running story
    share their paragraphs because it is the same story. Headings may repeat.
    """
    articles_of = Counter(itertools.chain.from_iterable(map(_outlets, articles)))
    lines = [_lines(*pair) for pair in zip(articles, texts, strict=True)]
    counts = Counter(itertools.chain.from_iterable(lines))
    testimonies: Counter[_Line] = Counter()
    for own in lines:
        repeated = [line for line in own if counts[line] > 1]
        if 2 * len(repeated) <= len(own):
            testimonies.update(repeated)
    return {
        line
        for line, count in testimonies.items()
        if count >= max(_WITNESSES, _SHARE_OF_OUTLET * articles_of[line[0]])
    }


def _lines(article: Article, texts: list[str]) -> set[_Line]:
    said = {
        text
        for paragraph, text in zip(article.paragraphs, texts, strict=True)
        if paragraph.kind is not ParagraphKind.HEADING
    }
    return set(itertools.product(_outlets(article), said))
