"""The full names of persons and the names of places in the data, learned from how words are used.

A name hardly ever follows a determiner and is never written small; nothing here shares a word list
with the checker. Knows texts only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import evidence
import material

WEEKDAYS = "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()
MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
)
PLACED = re.compile(r"\b(?:in|aus|nach|bei) ([A-ZÄÖÜ][a-zäöüß]{3,})(?![\w-])")
_FROM_PLACE = re.compile(r"\b(?:aus|nach|bei) ([A-ZÄÖÜ][a-zäöüß]{3,})(?![\w-])")
FULL_NAME = re.compile(
    r"(?<![\w-])(?<!\d )([A-ZÄÖÜ][a-zäöüß]{3,}) ([A-ZÄÖÜ][a-zäöüß]{2,})(?![\w-]| [A-ZÄÖÜ])"
)
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß][\wÄÖÜäöüß’'-]*")
_DETERMINED = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Ee]ine?[nmrs]?|[Kk]eine?[nmrs]?|[Zz]u[mr]|[IiAa]m|[IiAa]ns"
    r"|[Bb]eim|[Vv]om|[Ss]eine?[nmrs]?|[Ii]hre?[nmrs]?|[Dd]iese[nmrs]?)"
    r" (?:[a-zäöüß]+ )?([A-ZÄÖÜ][a-zäöüß]{2,})"
)
_MOST_DETERMINED = 0.1  # share of a name's places with a determiner before it
_PARAGRAPHS = 20_000  # of Wikipedia, read beside the archive
_LEAST_PLACED = 2


class ProperNames:
    """Who and what is named in the archive."""

    def __init__(self, data: Path, texts: Sequence[str]) -> None:
        more = (line["paragraphs"] for line in material.lines(data / material.MORE))
        every = "\n".join([*texts, *(text for some in islice(more, _PARAGRAPHS) for text in some)])
        self._total = Counter(_WORD.findall(every))
        self._small = {word.lower() for word in self._total if word[0].islower()}
        self._determined = Counter(_DETERMINED.findall(every))
        joined = "\n".join(texts)
        self.places = list(self._places(joined))
        pairs = dict.fromkeys([*FULL_NAME.findall(joined), *_answered(data)])
        others = {*self.places, *WEEKDAYS}
        self.persons = {
            " ".join(pair)
            for pair in pairs
            if all(map(self._is_name, pair)) and not {*pair} & others
        }

    def persons_in(self, text: str) -> list[str]:
        """Return the full names in ``text``, each once, in order."""
        found = dict.fromkeys(match[0] for match in FULL_NAME.finditer(text))
        return [name for name in found if name in self.persons]

    def _places(self, text: str) -> Iterator[str]:
        left = set(_FROM_PLACE.findall(text))  # "in Zivil", but nobody comes from there
        for word, count in Counter(PLACED.findall(text)).items():
            if count >= _LEAST_PLACED and word in left - {*MONTHS} and self._is_name(word):
                yield word

    def _is_name(self, word: str) -> bool:
        rarely = self._determined[word] <= _MOST_DETERMINED * self._total[word]
        return rarely and word.lower() not in self._small


def _answered(data: Path) -> Iterator[tuple[str, str]]:
    """Yield the full names among the accepted answers to "who said it"."""
    for question in material.lines(data / evidence.QUOTES):
        for answer in question["answers"]:
            match answer.split():
                case [first, last] if first[0].isupper() and last[0].isupper():
                    yield first, last
