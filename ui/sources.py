"""The sources beside an answer, as HTML: full paragraphs with the quoted words marked.

Everything that comes from articles is escaped here. Knows nothing of Gradio, of the answer's own
text, or of where a paragraph is stored: it is handed a function that finds it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Sequence
from html import escape

from index.metadata import is_web_address
from rag.answer import Citation, Hit, Twin
from rag.phrases import written
from ui.texts import Texts

Paragraphs = Callable[[str, int], str | None]

NEAREST = 3
"""How many passages are shown when none answers: enough to see why, few enough to skip."""

# Where it leads learns neither where the reader came from nor what was asked.
_LEADS_OUT = 'target="_blank" rel="noopener noreferrer nofollow" referrerpolicy="no-referrer"'


def anchor(turn: int, number: int) -> str:
    """The id of a quotation on the page; unique across the turns of a conversation."""
    return f"beleg-{turn}-{number}"


def highlight(text: str, citations: Sequence[Citation], turn: int) -> str:
    """The paragraph as HTML in which exactly the quoted ranges are marked."""
    pieces, done = [], 0
    for citation in sorted(citations, key=lambda citation: citation.start):
        pieces.append(escape(text[done : citation.start]))
        pieces.append(_mark(text[citation.start : citation.end], turn, citation.number))
        done = citation.end
    return "".join(pieces) + escape(text[done:])


def source_panel(
    citations: Sequence[Citation], paragraphs: Paragraphs, turn: int, texts: Texts
) -> str:
    """The cited paragraphs, one card each, in the order of their first number."""
    cards = [_card(text, group, turn, texts) for text, group in _cards(citations, paragraphs)]
    return f"<h3>{texts.sources}</h3><ol>{''.join(cards)}</ol>" if cards else ""


def nearest_panel(hits: Sequence[Hit], texts: Texts) -> str:
    """The passages that came nearest to a question nothing answers, folded away."""
    cards = [_li(hit, escape(hit.text), "", "", (), texts) for hit in hits[:NEAREST]]
    if not cards:
        return ""
    summary = f"<summary>{texts.nearest}</summary>"
    return f'<details class="nearest">{summary}<ol>{"".join(cards)}</ol></details>'


def _mark(quote: str, turn: int, number: int) -> str:
    return f'<mark id="{anchor(turn, number)}" data-number="{number}">{escape(quote)}</mark>'


def _cards(
    citations: Sequence[Citation], paragraphs: Paragraphs
) -> list[tuple[str, list[Citation]]]:
    """Group the citations by paragraph; quotations that overlap get a card of their own."""
    cards: list[tuple[str, list[Citation]]] = []
    for found in citations:
        text, citation = _placed(found, paragraphs(found.article_id, found.paragraph))
        for shown, group in cards:
            if shown == text and all(_beside(citation, other) for other in group):
                group.append(citation)
                break
        else:
            cards.append((text, [citation]))
    return cards


def _placed(citation: Citation, text: str | None) -> tuple[str, Citation]:
    """The paragraph and the citation in it, or the quotation alone.

    Alone when the archive changed since the answer: better less context than a wrong highlight.
    """
    if text is not None and text[citation.start : citation.end] == citation.quote:
        return text, citation
    return citation.quote, dataclasses.replace(citation, start=0, end=len(citation.quote))


def _beside(one: Citation, other: Citation) -> bool:
    same = (one.article_id, one.paragraph) == (other.article_id, other.paragraph)
    return same and (one.end <= other.start or other.end <= one.start)


def _card(text: str, group: Sequence[Citation], turn: int, texts: Texts) -> str:
    numbers = "".join(f'<span class="number">{citation.number}</span>' for citation in group)
    quotation = highlight(text, group, turn)
    return _li(group[0], quotation, numbers, _times(group, texts), group[0].also_in, texts)


def _li(
    item: Citation | Hit,
    quotation: str,
    numbers: str,
    times: str,
    also_in: Sequence[Twin],
    texts: Texts,
) -> str:
    return (
        f'<li class="source"><header>{numbers}<h4>{_headline(item)}</h4></header>'
        f'<p class="meta">{_meta(item, texts)}</p>'
        f"<blockquote>{quotation}</blockquote>{times}"
        f"<footer>{_address(item, texts)}{_also_in(also_in, texts)}</footer></li>"
    )


def _headline(item: Citation | Hit) -> str:
    title, url = escape(item.title or item.article_id), item.url
    if url is None or not is_web_address(url):  # the archive may be older than this rule
        return title
    return f'<a href="{escape(url)}" {_LEADS_OUT}>{title}</a>'


def _meta(item: Citation | Hit, texts: Texts) -> str:
    parts = [escape(item.source)] if item.source else []
    if item.date:
        parts.append(f'<time datetime="{item.date.isoformat()}">{texts.date(item.date)}</time>')
    return " · ".join(parts)


def _times(group: Sequence[Citation], texts: Texts) -> str:
    """The days that the quoted words speak of, with the citation's number if there are several."""
    lines = ""
    for citation in group:
        if citation.when:
            mark = f"[{citation.number}] " if len(group) > 1 else ""
            days = texts.when.format(days=_days(citation.when, texts))
            lines += f'<p class="when">{mark}{days}</p>'
    return lines


def _days(when: str, texts: Texts) -> str:
    """A day, or ``first/last`` of which one may be open (``..``), as one writes it."""
    first, _, last = (
        day if day in ("", "..", "/") else written(datetime.date.fromisoformat(day), texts.language)
        for day in when.partition("/")
    )
    pattern = {"": "{first}", "..": texts.since}.get(last, texts.between)
    return (texts.until if first == ".." else pattern).format(first=first, last=last)


def _address(item: Citation | Hit, texts: Texts) -> str:
    label = texts.paragraph.format(number=item.paragraph, article=item.article_id)
    address = f"{item.article_id}#{item.paragraph}"
    return f'<code title="{escape(label)}">{escape(address)}</code>'


def _also_in(twins: Sequence[Twin], texts: Texts) -> str:
    outlets = dict.fromkeys(twin.source or twin.article_id for twin in twins)
    if not outlets:
        return ""
    return f'<span class="also-in">{texts.also_in} {escape(", ".join(outlets))}</span>'
