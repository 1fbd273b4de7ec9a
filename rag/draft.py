"""The reply of a language model as it arrives: sentences, and the ids of the sources each names.

A sentence is handed on as soon as it is whole, a half-written mark never, and in whatever pieces
the reply comes, its sentences are the same. Formatting is taken off: a sentence of an answer is
plain text, so links and images in it lead nowhere, and no bracket in it passes for a citation.
Knows nothing of which ids there are.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from index.invisible import visible
from index.language import sentences, words

_MARK = r"\[{1,2}[^\[\]\n]{1,60}\]{1,2}"
_MARKS = rf"{_MARK}(?:[ \t,;]{{0,9}}{_MARK}){{0,11}}"
_CLOSER = r"[\"“”«»’‘')]"
# Where a sentence has certainly ended: marks and full stop, full stop and marks, end of line.
# What follows the marks may be one more of them, or go on in small letters: "usw. [k3f] und". No
# mark stands right after "!": that is an image.
_COMPLETE = re.compile(
    rf"(?<!!){_MARKS}[ \t]{{0,9}}[.!?…]"
    rf"|[.!?…]{_CLOSER}{{0,9}}[ \t]{{0,9}}(?<!!){_MARKS}"
    r"(?=[ \t]{10}|[ \t]{0,9}[^ \t\[\](,;a-zäöüß])"
    r"|\n"
)
_WIDEST = 1000  # characters that decide where a sentence ends, at most
_CLOSING = re.compile(rf"{_CLOSER}{{9}}|{_CLOSER}{{0,8}}(?=[^\"“”«»’‘')])")
_SHOWN = 1000  # characters of an unfinished sentence
_UNFINISHED = re.compile(r"(?:\\?!?\[[^\[\]\n]{0,60}(?:\]\(\S*)?|<[/!?a-zA-Z][^<>]*)$")

_MARKED = re.compile(rf"(?<!\s)\s*(?:\({_MARKS}\)|{_MARKS})")
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>|<(?!\s*[\d=])")
_TARGET = r"\((?=[^\s()\[\]]*(?:[/:#]|\.\w))(?:[^\s()\[\]]|\([^\s()\[\]]*\))*\)"
_IMAGE = re.compile(rf"!\[[^\[\]]*\]{_TARGET}")
_LINK = re.compile(rf"\[([^\[\]]*)\]{_TARGET}")
_EMPHASIS = re.compile(
    r"^\s*`{3,}\w*\s*$|\*\*|__|~~|`+|(?<!\w)[*_](?=[^\s\d])|(?<=[^\s(])[*_](?!\w)|\\(?=[^\w\s])"
)
# What was left of the sentence before, and what makes a line a heading or an item of a list.
_LEAD = re.compile(r"^[\s.,;:!?…)]*(?:[\"“”«»]\s+)?(?:(?:[-–—*+•>#_]+|\d{1,2}\))\s+)*")
_NUMBER = re.compile(r"\d{1,2}\.")
_ADDRESS = (
    r"(?:[a-z]{2,10}://|\bwww\.|\b(?:https?|ftp|javascript|data|mailto):)"
    r"(?:[^\s()]|\([^\s()]*\))*(?:[^\s()\].,;:!?\"“”«»'’]|\([^\s()]*\))"
)
_ADDRESSES = re.compile(rf" ?(?:\({_ADDRESS}\)|{_ADDRESS})", re.IGNORECASE)


class Draft(NamedTuple):
    """One sentence as the model wrote it, without its marks, and the ids they name, in order.

    Ids are in small letters.
    """

    text: str
    ids: tuple[str, ...]


class Reader:
    """Takes a reply piece by piece, and gives its sentences."""

    def __init__(self) -> None:
        self._open = ""

    def take(self, piece: str) -> Iterator[Draft]:
        """Yield the sentences that are whole now."""
        start = max(0, len(self._open) - _WIDEST)
        self._open += piece
        while end := self._end(start):
            line, self._open, start = self._open[:end], self._open[end:], 0
            yield from _drafts(line)

    def end(self) -> Iterator[Draft]:
        """Yield what was left without an end."""
        left, self._open = self._open, ""
        yield from _drafts(left)

    @property
    def pending(self) -> str:
        """The sentence being written, as far as it can be shown."""
        shown = _UNFINISHED.sub("", self._open[:_SHOWN])
        return " ".join(draft.text for draft in _drafts(shown)).rstrip(" (*_")

    def _end(self, start: int) -> int:
        """Return where the first whole sentence ends, or 0; before ``start`` none does."""
        complete = _COMPLETE.search(self._open, start)
        if complete is None:
            return 0
        end = complete.end()
        if complete[0] == "\n" or not _is_unclosed(self._open[:end]):
            return end
        closing = _CLOSING.match(self._open, end)
        return closing.end() if closing else 0


def _is_unclosed(text: str) -> bool:
    """Tell whether a quotation or a bracket is open at the end of ``text``."""
    return sum(map(text.count, '"„“”«»')) % 2 == 1 or text.count("(") > text.count(")")


def _drafts(line: str) -> Iterator[Draft]:
    """Yield the sentences of a line; marks belong to the sentence they end, or stand in."""
    text, marks = _unmarked(_unformatted(line))
    spans = sentences(text)
    ids: list[str] = []
    for (start, end), following in zip_longest(spans, spans[1:]):
        while marks and (following is None or marks[0][0] < following.start):
            ids += marks.popleft()[1]
        sentence = _tidied(text[start:end])
        counts_lines = following is not None and _NUMBER.fullmatch(sentence)
        if words(sentence) and not counts_lines:
            yield Draft(sentence, tuple(dict.fromkeys(ids)))
            ids = []


def _unformatted(line: str) -> str:
    untagged = _TAG.sub("", visible(line))
    unlinked = _LINK.sub(r"\1", _IMAGE.sub("", untagged))
    return _LEAD.sub("", _EMPHASIS.sub("", unlinked).replace("|", " "))  # of a table


def _unmarked(line: str) -> tuple[str, deque[tuple[int, list[str]]]]:
    """Return a line without its marks, and where they stood in it with the ids they name."""
    text, marks, at = "", deque[tuple[int, list[str]]](), 0
    for match in _MARKED.finditer(line):
        text += line[at : match.start()]
        marks.append((len(text), re.findall(r"\w+", match[0].lower())))
        at = match.end()
    return text + line[at:], marks


def _tidied(sentence: str) -> str:
    """Return a sentence without brackets, addresses and the gaps that marks have left."""
    text = " ".join(re.sub(r"[\[\]]", "", sentence).split())
    return _ADDRESSES.sub("", re.sub(r" ([.,;:!?])", r"\1", text)).strip()
