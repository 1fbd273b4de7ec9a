"""The figures of a sentence: what is counted or measured, and between which bounds it lies.

German and English. What only looks like a figure (a date, a time, a year, a score, a vote, an
ordinal, a telephone number, a part of another figure) is left out: a figure that is missed costs
less than one that is invented. Knows nothing of questions and articles.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from index.language import ALL_FUNCTION_WORDS, detect, stem
from rag.facts.numerals import Number, numbers

# One unit under several names. Whatever is not here is counted rather than measured.
_UNITS = {
    alias: names.split()[0]
    for names in """prozent % percent
        euro € euros eur
        dollar $ dollars us-dollar us-dollars
        franken francs
        pfund £ pounds
        meter metern m metres meters
        zentimeter zentimetern cm centimetres centimeters
        kilometer kilometern km kilometres kilometers
        seemeilen seemeile
        hektar ha hectares
        quadratkilometer quadratkilometern
        quadratmeter quadratmetern
        kilogramm kilo kg kilograms
        tonnen tonne t tonnes tons
        liter litern litres
        grad degrees
        stunden stunde hours hour
        minuten minute minutes
        tage tagen tag days day
        wochen woche weeks week
        monate monaten monat months month
        jahre jahren jahr years year""".splitlines()
    for alias in names.split()
}
# What befell the people who are counted. Reports of one accident say it in many words, and its toll
# is what news differ about most.
_FATES = {
    word.replace("_", " "): words.split()[0]
    for words in """tot tote toten toter todesopfer getötet starben starb ums_leben dead killed died
        verletzt verletzte verletzten verletzter injured wounded
        vermisst vermisste vermissten missing
        festgenommen festgenommene verhaftet festnahmen verhaftungen arrested""".splitlines()
    for word in words.split()
}
_FATE = re.compile(rf"\b(?:{'|'.join(_FATES)})\b", re.IGNORECASE)
_PEOPLE = re.compile(
    r"(?:menschen|personen|\w*leuten?|\w*mitgliedern?|(?:ein|be)wohner\w*|people|persons|residents)"
)

_QUALIFIER = re.compile(
    r"\b(?:(?P<about>rund|etwa|ca\.|circa|ungefähr|schätzungsweise|gut|knapp|fast|beinahe|about"
    r"|around|some|roughly|approximately|nearly|almost)|(?P<more>mehr als|über|mindestens"
    r"|wenigstens|more than|over|at least)|(?P<less>bis zu|weniger als|höchstens|maximal|unter"
    r"|up to|less than|under|at most)) +$",
    re.IGNORECASE,
)
_NO_FIGURE_BEFORE = re.compile(
    r"(?:\b(?:Nr\.|No\.|Art(?:ikel|\.)|Absatz|Paragra\w+|Linie|Kapitel|Seite|Platz|Rang|Tel(?:efon|\.)"
    r"|Gruppe|Resolution|[Gg]egen|against|[Dd]arunter|[Dd]avon|including|[Jj]eweils|je|[Ww]eitere[rn]?"
    r"|another|[Jj]ede[rsn]?|every|each)|[§$€£#(/:+]|[A-Za-z]-|\d (?:der|von|zu|of|out of|to)"
    r"|\d[\d ]*[/:]) *$"
)
_NO_FIGURE_AFTER = re.compile(
    r"[:/]\d|\. *\w|\w|[.,]\d|-\w| *(?:uhr\b|°|(?:gegen|zu|against|to) \w+"
    r"|(?:der|von|seiner|ihrer|of|of the|of its)(?: \w+)? \d"
    r"|-?jährig|jahren? alt|years? old|-year-old|mal\b|times\b)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_DENIED = re.compile(
    r"\b(?:statt|anstatt|nicht|keine|instead of|not|rather than)"
    r"(?: (?:der|den|wie|mehr|bisher|zunächst|geplanten?|ursprünglich|the|rund|etwa|about))* *$",
    re.IGNORECASE,
)
_FROM, _ONTO = re.compile(r"\b(?:von|from) *$", re.I), re.compile(r"[^,;.]{0,25} (?:auf|to) \w*\d")
_TO = re.compile(r" *(?:[-–]|bis|to) *")
_BETWEEN, _AND = re.compile(r"\b(?:zwischen|between) $", re.I), re.compile(r" (?:und|and) ")
_TOLL = re.compile(
    r"\b(?:\w*[Zz]ahl|number|toll) (?:der|an|von|of)(?: the)?(?: [a-zäöüß]+)* ([A-ZÄÖÜ]\w+|[a-z]+)"
)
_RATE = re.compile(
    r" (?:im|am|pro|je|per|an?|in der) (jahr|monat|tag|woche|stunde|kopf|year|month|day|week|hour"
    r"|einwohner|person|quartal)\b| (jährlich|monatlich|täglich|wöchentlich|annually|daily)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"[ \u00a0\u202f]?(%|€|[A-Za-zÄÖÜäöüß][\w-]*)")
_ADJECTIVE = re.compile(r"[a-zäöüß-]{3,}(?:e|en|er|es|em)")
_CLAUSE = re.compile(r"[,;:–(]|\b(?:und|and|sowie|während|while|but|aber)\b")

_ROUGHLY, _BEYOND = 0.2, 0.5  # "rund 100" can be 120, "mehr als 100" can be 150
_ROUNDED = 0.1  # what a plain "1000" can be off
_LEAST_ROUNDED = 100  # below, a plain number is taken to be exact: "20 Tote" are not 22


class Value(NamedTuple):
    """What was said, verbatim, and between which bounds it lies."""

    low: float
    high: float
    text: str

    def differs(self, other: Value) -> bool:
        """Tell whether the two cannot both be right."""
        return self.high < other.low or other.high < self.low


class Figure(NamedTuple):
    """A value and what it counts: a unit, what befell people ("tot"), or the noun's stem.

    ``which`` narrows it (stems of adjectives, "tag"). ``denied`` tells that the sentence says it
    does not hold: "nicht 8000, sondern", "statt 3,4 Millionen", "von 12 auf 17". Where the sentence
    does not name what is counted, ``noun`` and ``what`` are empty.
    """

    value: Value
    noun: str
    what: str
    which: frozenset[str]
    denied: bool

    @property
    def is_measured(self) -> bool:
        """Whether it has a unit."""
        return self.noun in _UNITS

    @property
    def counts_people(self) -> bool:
        """Whether the noun says no more than that they are people."""
        return _PEOPLE.fullmatch(self.noun) is not None


def figures(sentence: str) -> list[Figure]:
    """Return what is counted and measured in ``sentence``, in order."""
    found, is_english = list(numbers(sentence)), detect(sentence) == "en"
    pairs = zip([None, *found], found, strict=False)
    ranges = {
        after: before for before, after in pairs if before and _spans(sentence, before, after)
    }
    ends = [number for number in found if number not in ranges.values()]
    read = (_figure(sentence, number, ranges.get(number, number), is_english) for number in ends)
    return [figure for figure in read if figure]


def unit_after(text: str, end: int) -> tuple[str, str]:
    """Return what a number that ends at ``end`` counts: its unit, if it has one, and its noun."""
    noun, _ = _counted(text, end, detect(text) == "en")
    return _UNITS.get(noun, ""), noun


def _spans(text: str, one: Number, other: Number) -> bool:
    """Tell whether two numbers are one range: "11 bis 14", "zwischen 3 und 5"."""
    if _TO.fullmatch(text, one.end, other.start):
        return True
    is_and = _AND.fullmatch(text, one.end, other.start)
    return is_and is not None and _BETWEEN.search(text, 0, one.start) is not None


def _figure(text: str, last: Number, first: Number, is_english: bool) -> Figure | None:
    if _NO_FIGURE_BEFORE.search(text, 0, first.start) or _NO_FIGURE_AFTER.match(text, last.end):
        return None
    if _YEAR.fullmatch(text, last.start, last.end):
        return None
    noun, which = _counted(text, last.end, is_english)
    what = _UNITS.get(noun) or _fate(text, noun, first.start, last.end) or stem(noun)
    return Figure(_value(text, first, last), noun, what, which, _is_denied(text, first, last))


def _is_denied(text: str, first: Number, last: Number) -> bool:
    if _DENIED.search(text, 0, first.start):
        return True
    return bool(_FROM.search(text, 0, first.start) and _ONTO.match(text, last.end))


def _counted(text: str, end: int, is_english: bool) -> tuple[str, frozenset[str]]:
    """Return the noun that is counted, in small letters, and what narrows it."""
    words: list[str] = []
    while len(words) < 3 and (match := _NEXT.match(text, end)):
        if match[1].lower() in ALL_FUNCTION_WORDS:
            break
        words.append(match[1])
        end = match.end()
        if words[-1][0].isupper() or words[-1] in "%€":
            break
    noun = _noun(words, is_english) or _counted_before(text, end) * (not words)
    which = {stem(word.lower()) for word in words[: words.index(noun)]} if noun in words else set()
    rate = _RATE.match(text, end)
    return noun.lower(), frozenset(which | ({(rate[1] or rate[2]).lower()} if rate else set()))


def _noun(words: list[str], is_english: bool) -> str:
    if is_english:
        named = (w for w in words if w.endswith("s") or w in _UNITS or _PEOPLE.fullmatch(w))
        return next(named, words[0] if words else "")
    if words and (words[-1][0].isupper() or words[-1] in _UNITS):
        return words[-1] if all(map(_ADJECTIVE.fullmatch, words[:-1])) else ""
    return words[0] if words and words[0] in _FATES else ""


def _counted_before(text: str, end: int) -> str:
    """Return the noun of "Die Zahl der Toten stieg auf 17"."""
    tolls = _TOLL.findall(text, 0, end)
    return str(tolls[-1]) if tolls else ""


def _fate(text: str, noun: str, start: int, end: int) -> str | None:
    """Return what befell the people who are counted, by the words of the clause."""
    if noun in _FATES:
        return _FATES[noun]
    if not _PEOPLE.fullmatch(noun):
        return None
    opening = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    closing = _CLAUSE.search(text, end)
    words = _FATE.findall(text, opening, closing.start() if closing else len(text))
    fates = {_FATES[word.lower()] for word in words}
    return fates.pop() if len(fates) == 1 else None


def _value(text: str, first: Number, last: Number) -> Value:
    """Return the bounds, as wide as the words before and the zeros at the end let them be."""
    qualifier = _QUALIFIER.search(text, 0, first.start)
    said = text[qualifier.start() if qualifier else first.start : last.end]
    low, high = first.amount, last.amount
    if first is not last and first.scale == 1:
        low *= last.scale  # "11 bis 14 Millionen"
    if last.amount >= _LEAST_ROUNDED or last.step < 1:
        rounded = min(last.step / 2, _ROUNDED * last.amount)
        low, high = low - rounded, high + rounded
    if qualifier and qualifier["about"]:
        low, high = low * (1 - _ROUGHLY), high * (1 + _ROUGHLY)
    elif qualifier and qualifier["more"]:
        high *= 1 + _BEYOND
    elif qualifier:
        low *= _BEYOND
    return Value(low, high, said)
