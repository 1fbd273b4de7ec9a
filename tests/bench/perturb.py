"""True sentences made false by one small change; the result still reads like a sentence.

Every change is a function of the text, its source and a generator of chance, and returns ``None``
where there is nothing of its kind to change. Knows nothing of the checker.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from os.path import commonprefix
from pathlib import Path

from proper_names import FULL_NAME, MONTHS, PLACED, WEEKDAYS, ProperNames

import rag
from rag.verification import Source

_NEGATED = re.compile(r"\b(nicht|kein)(e[nmrs]?)?\b ?(?!nur|zuletzt)")
_VERB = re.compile(
    r"\b(?:ist|sind|war|waren|wird|werden|wurde|wurden|hat|haben|hatte|hatten|kann|können|konnte"
    r"|soll|sollte|will|muss|musste)\b"
)
_DENIAL = re.compile(r"\b(?:nicht|kein\w*|nie)\b")
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[.,]\d+)?(?![\w.,]*\d)(?!\. [A-Z])")
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}\. )?(?:{'|'.join(MONTHS)})\b(?: \d{{4}})?|\b(?:1[5-9]|20)\d\d\b"
    rf"|\b(?:{'|'.join(WEEKDAYS)})\b"
)
_LIST = re.compile(r"(?:[A-ZÄÖÜ(][\w.-]*|und|oder|sowie|von|aus|\W)*")
_SAYING = re.compile(r"[a-zäöüß-]{4,}")
_LETTERS_ALIKE = 2  # at the end of a word and its opposite: "beschlossen", "verworfen"


class Perturbations:
    """The changes, with the names and opposites they exchange."""

    def __init__(self, names: ProperNames) -> None:
        self._names = names
        self._opposites = _opposites()

    def other_number(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put another number in place of one that is part of no date."""
        dates = [match.span() for match in _DATE.finditer(text)]
        found = [
            match
            for match in _NUMBER.finditer(text)
            if not any(start <= match.start() < end for start, end in dates)
        ]
        match = _one_of(found, chance)
        if match is None:
            return None
        value = _worth(match[0])
        near = [number for number in _NUMBER.findall(source.text) if number not in text]
        made = [str(int(value) + 1), str(int(value) * 10 or 7), str(max(2, int(value) - 3))]
        others = [other for other in [*made, *near] if _worth(other) != value]
        return _put(text, match, chance.choice(others))

    def other_date(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put another day, month or year in place of one."""
        match = _one_of(list(_DATE.finditer(text)), chance)
        if match is None:
            return None
        said = match[0]
        if said in WEEKDAYS:
            return _put(text, match, chance.choice([day for day in WEEKDAYS if day != said]))
        if said.isdigit():
            return _put(text, match, str(int(said) + chance.choice([-1, 1, 10])))
        return _put(text, match, _other_day(said, chance))

    def other_person(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put the full name of another person, if there is one of the same paragraph, for one."""
        match = _one_of(self._persons(text), chance)
        if match is None:
            return None
        near = [name for name in self._names.persons_in(source.text) if name not in text]
        others = near or sorted(self._names.persons - {match[0]})
        return _put(text, match, chance.choice(others))

    def other_place(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put another place, if there is one of the same paragraph, for one."""
        known = set(self._names.places)
        match = _one_of([m for m in PLACED.finditer(text) if m[1] in known], chance)
        if match is None:
            return None
        near = [name for name in PLACED.findall(source.text) if name in known - {*text.split()}]
        others = near or [name for name in self._names.places if name[:4] != match[1][:4]]
        return _put(text, match, chance.choice(others), 1)

    def exchanged(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Exchange two persons between whom something is said: in a list it changes nothing."""
        for one, other in pairwise(self._persons(text)):
            between = text[one.end() : other.start()]
            if one[0] != other[0] and not _LIST.fullmatch(between) and _SAYING.search(between):
                return text[: one.start()] + other[0] + between + one[0] + text[other.end() :]
        return None

    def negated(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put "nicht" after a verb."""
        match = _one_of(list(_VERB.finditer(text)), chance)
        if match is None or _DENIAL.search(text):
            return None
        return _put(text, match, f"{match[0]} nicht")

    def affirmed(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Take a "nicht" out, or put "ein" for "kein"."""
        match = _one_of(list(_NEGATED.finditer(text)), chance)
        if match is None:
            return None
        return _put(text, match, f"ein{match[2] or ''} " if match[1] == "kein" else "")

    def opposite(self, text: str, source: Source, chance: random.Random) -> str | None:
        """Put the opposite, with the same ending, for a word that is not quoted."""
        quoted = [match.span() for match in re.finditer(r"[„\"»].*?[“\"«]", text)]
        found = [
            match
            for match in re.finditer(r"[A-ZÄÖÜ]?[a-zäöüß]{3,}", text)
            if self._opposite(match[0]) and not any(a <= match.start() < b for a, b in quoted)
        ]
        match = _one_of(found, chance)
        return match and _put(text, match, self._opposite(match[0]))

    def _opposite(self, word: str) -> str:
        others = self._opposites[word.lower()]
        best = max(others, key=lambda other: _same_end(word, other), default="")
        if _same_end(word, best) < _LETTERS_ALIKE:
            return ""
        return best.capitalize() if word[0].isupper() else best

    def _persons(self, text: str) -> list[re.Match[str]]:
        return [match for match in FULL_NAME.finditer(text) if match[0] in self._names.persons]


def _opposites() -> defaultdict[str, list[str]]:
    """Return word -> the words that say the opposite, from the checker's own lexicon."""
    file = Path(rag.__file__).parent / "lexicon" / "opposites.txt"
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            left, right = (side.split() for side in line.split("|"))
            for word, others in [*((w, right) for w in left), *((w, left) for w in right)]:
                found[word] += others
    return found


def _same_end(one: str, other: str) -> int:
    return len(commonprefix([one[::-1], other[::-1]]))  # noqa: RUF071


def _other_day(said: str, chance: random.Random) -> str:
    """Change the day, the month or the year of "3. Mai 2005"."""
    month = next(name for name in MONTHS if name in said)
    kinds = ["month", *["day"] * said[0].isdigit(), *["year"] * said[-4:].isdigit()]
    match chance.choice(kinds):
        case "day":
            day = int(said.split(".")[0])
            return said.replace(f"{day}.", f"{day % 28 + 1}.", 1)
        case "year":
            return said[:-4] + str(int(said[-4:]) - 1)
        case _:
            other = chance.choice([name for name in MONTHS if name != month])
            return said.replace(month, other)


def _one_of(found: Sequence[re.Match[str]], chance: random.Random) -> re.Match[str] | None:
    return chance.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str, group: int = 0) -> str:
    return text[: match.start(group)] + new + text[match.end(group) :]


def _worth(number: str) -> float:
    return float(number.replace(",", "."))
