"""Are the words between quotation marks really in the source, and said by the same person?

Knows quotation marks and verbs of speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.language import Span, forms, stem
from rag.verification.parts import Part, parts
from rag.verification.roles import Role, roles
from rag.verification.windows import Source
from rag.verification.words import Token

_QUOTED = re.compile(r"[„«“\"»]([^„“”«»\"]+)[“”»\"«]")
_LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?|\[[^\]]*\]")
_ENDS = 5  # stems of a quotation's beginning and end, by which it is found again
_TITLE = 3  # words; less is the name of something rather than what somebody said
_SPEAKS = frozenset(("", "laut", "von", "from", "by", "to"))  # what may stand before a speaker


def quoted(text: str) -> list[Span]:
    """Return where something stands between quotation marks."""
    return [Span(*match.span(1)) for match in _QUOTED.finditer(text)]


def wrong_quotations(statement: str, source: str) -> Iterator[str]:
    """Yield the quotations of the statement that do not stand in ``source`` word for word."""
    row = _row(source)
    for start, end in quoted(statement):
        words = statement[start:end]
        if any(_row(piece) not in row for piece in _LEFT_OUT.split(words) if forms(piece)):
            yield words


def wrong_speakers(statement: Part, source: Source) -> Iterator[str]:
    """Yield who is said to have said a quotation that in ``source`` somebody else says.

    The speaker is named in the sentence that quotes, or else in one before or after it.
    """
    spans = [span for span in quoted(statement.text) if _is_speech(statement.text, span)]
    mine = _speakers(statement.tokens, spans) if spans else []
    if not mine:
        return
    read = parts(source.text, source.language, source.date)
    for start, end in spans:
        theirs = _speakers_of(statement.text[start:end], source, read)
        if theirs and not any(one.is_same(other) for one in mine for other in theirs):
            yield " ".join(mine[0].name)


def _is_speech(text: str, span: Span) -> bool:
    return len(forms(text[span.start : span.end])) >= _TITLE


def _speakers_of(quotation: str, source: Source, read: Sequence[Part]) -> list[Role]:
    """Return who may have said it: in the sentences that hold it, else before, else just after."""
    stems = list(map(stem, forms(quotation)))
    rows = [_row(part.text) for part in read]
    first = _place(rows, stems[:_ENDS])
    last = _place(rows, stems[-_ENDS:])
    if first is None or last is None or last < first:
        return []
    inside = [span for span in quoted(source.text) if _is_speech(source.text, span)]
    before = [read[at : at + 1] for at in range(first - 1, -1, -1)]
    some = [read[first : last + 1], *before, read[last + 1 : last + 2]]
    every = ([one for part in near for one in _outside(part, inside)] for near in some)
    return next(filter(None, every), [])


def _place(rows: Sequence[str], stems: Sequence[str]) -> int | None:
    wanted = f" {' '.join(stems)} "
    return next((at for at, row in enumerate(rows) if wanted in row), None)


def _outside(part: Part, inside: Sequence[Span]) -> list[Role]:
    shifted = [Span(start - part.start, end - part.start) for start, end in inside]
    return _speakers(part.tokens, shifted)


def _speakers(row: Sequence[Token], inside: Sequence[Span]) -> list[Role]:
    """Return the names that may be those of speakers, outside of what is quoted."""
    said = [t for t in row if not any(start <= t.start < end for start, end in inside)]
    return [one for one in roles(said) if not one.is_place and one.preposition in _SPEAKS]


def _row(text: str) -> str:
    """Return the stems in a row: a quotation may be inflected to fit its sentence."""
    return f" {' '.join(map(stem, forms(text)))} "
