"""How times are written: the patterns of ``dates``, made from the words of ``words``.

Each has named groups, which ``dates`` resolves. Whether a word is a time at all is decided here, by
what stands beside it: "im August", not "August Bebel"; "2005 in Rom", not "2005 Menschen".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.language import ALL_FUNCTION_WORDS
from rag.dates import words


def _one_of(group: str, names: Iterable[str]) -> str:
    return rf"(?P<{group}>{'|'.join(sorted(names, key=len, reverse=True))})"


def _after(leads: Iterable[str]) -> str:
    behind = "|".join(rf"(?<=(?<!\w){lead}\s)" for lead in leads)
    return f"(?:{behind})"


def _not_after(leads: Iterable[str]) -> str:
    return "".join(rf"(?<!(?<!\w){lead}\s)" for lead in leads)


def _month(names: Iterable[str]) -> str:
    """Return a month; "may" and "march" in small letters only where no verb can stand."""
    in_year = r"(?=\s(?:\d{1,2}(?:st|nd|rd|th)?,?\s)?\d{4})"
    nouns = "|".join(name for name in names if name not in ("may", "march"))
    return (
        rf"(?P<month>{nouns}|(?-i:May|MAY|March|MARCH)|(?:may|march){in_year}"
        rf"|(?=ma){_after(words.VERB_LEADS)}(?:may|march))"
    )


_MONTH, _ENGLISH_MONTH = _month(words.MONTHS), _month(words.ENGLISH_MONTHS)
_NTH, _ENGLISH_NTH = r"(?:\.|st|nd|rd|th)?", r"(?:st|nd|rd|th)?"
_FROM_DAY = rf"(?:(?P<from>\d{{1,2}}){_NTH}\s*(?:bis|und|to|and|[-–])\s*(?:(?:zum|dem|the)\s+)?)?"
_OF = r"(?:\s+(?:of|des\s+jahres))?"

_PART = _one_of("part", words.PARTS) + r"(?:\s+(?:der|des|of|of\s+the|in\s+the))?[\s-]+"
_WHICH = _one_of("which", words.WHICH) + r"(?:e[mnrs]?)?\s+"
_WEEKDAY = _one_of("weekday", words.WEEKDAYS)
_NIGHT = r"(?P<night>nacht)\s+(?:zum|auf|auf\s+den)\s+"
_DAYTIME = (
    r"\s?(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht|morning|afternoon|evening|night)"
)
_SEASON = _one_of("season", words.SEASONS)
_ROUGHLY = r"(?:(?:etwa|rund|fast|knapp|gut|genau|über)\s+)?"
_COUNT = _ROUGHLY + _one_of("count", [*words.NUMBERS, r"\d{1,4}"]) + r"\s+"
_UNIT = _one_of("unit", words.UNITS)

# A bare year: 1000 to 2100, no part of a longer number, and no quantity. One that ends in 00 needs
# a word before it, or a function word or nothing after it; one below 1900 must not be followed by
# a noun. "Wer gewann 2005 Gold?" has a year, "Wer zählte 1250 Lotsen?" has none.
_FUNCTION_WORD = rf"(?:{'|'.join(sorted(ALL_FUNCTION_WORDS))})(?!\w)"
_THEN = r"\d{4}(?:\s*(?:bis|und|oder|to|and|or|[-–])\s*[\d.,]+)?\s+"  # "1500 bis 2000 ..."
_NOT_COUNTED = rf"(?!{_THEN}{words.COUNTED})"
_NO_NOUN = rf"(?!{_THEN}(?!{_FUNCTION_WORD})(?-i:[A-ZÄÖÜ]))"
_ALONE = rf"(?=\d{{4}}(?:\s*$|\s*[^\w\s]|\s+{_FUNCTION_WORD}))"
YEAR = (
    r"(?:(?<![.,:/§$€£-])|(?<=\b[12]\d{3}[-/]))"
    rf"{_not_after(words.NOT_YEARS)}{_NOT_COUNTED}"
    rf"(?:(?=(?:19|20)(?!00))|{_NO_NOUN}(?=1[0-8](?!00))"
    rf"|{_NO_NOUN}{_after(words.YEAR_LEADS)}|{_ALONE}(?=19|20))"
    r"(?P<year>1\d{3}|20\d\d|2100)(?P<next>/\d\d(?!\d))?"
    r"(?![.,:]\d|/(?!\d{4}\b)\d|-(?!\d{4}\b)\w|\s?[€$£%°])"
)

ISO_DATE = r"(?<!\d-)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!-?\d)"
_IN_FIGURES = rf"{_FROM_DAY}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\."
NUMERIC_DATE = rf"(?<![.,]){_IN_FIGURES}\s?(?P<year>\d{{4}})(?!\.\d)"
NUMERIC_DAY = rf"{_after(words.DATE_LEADS)}{_IN_FIGURES}"
DAY_FIRST = (
    rf"{_not_after(words.STREETS)}{_FROM_DAY}(?P<day>\d{{1,2}}){_NTH}\s*(?:of\s+)?{_MONTH}"
    rf"(?:{_OF},?\s+(?P<year>\d{{4}})(?![.,]\d))?"
)
# "im August 15 Tote": there no day follows
MONTH_FIRST = (
    rf"{_not_after(('im', 'in'))}{_ENGLISH_MONTH}\s+(?P<day>\d{{1,2}}){_ENGLISH_NTH}"
    rf"(?:\s*(?:and|to|[-–])\s*(?P<to>\d{{1,2}}){_ENGLISH_NTH}(?!\w))?"
    rf"(?:,?\s+(?P<year>\d{{4}}))?(?![.,:]\d)"
)
MONTH_OF_YEAR = rf"(?:{_PART})?{_MONTH}{_OF},?\s+(?P<year>[12]\d{{3}})(?![.,]\d)"
MONTH = rf"(?:{_PART}|{_WHICH}|{_after(words.MONTH_LEADS)}){_MONTH}(?!['’]s)"
QUARTER = (
    rf"(?:{_one_of('quarter', [*words.ORDINALS, '[1-4]'])}(?:e[mnrs]?|\.)?\s+(?:quartal|quarter)s?)"
    rf"(?:{_OF}\s+(?P<year>\d{{4}}))?"
)
SEASON_OF_YEAR = rf"{_SEASON}{_OF}\s+(?P<year>\d{{4}})(?:/\d\d)?"
SEASON = rf"(?:{_WHICH}|{_after(words.SEASON_LEADS)}){_SEASON}(?!\s+of\b)"
DECADE = rf"(?:{_PART})?(?:(?P<decade>(?:1\d|20)\d0)(?:er(?:n|[\s-]+jahren?)?|s))"
SHORT_DECADE = rf"(?:{_PART})?(?P<decade>[1-9]0)er[\s-]+jahren?"
WEEKDAY = (
    rf"(?:{_NIGHT}|{_WHICH}|{_not_after(words.PAPERS)}{_after(words.WEEKDAY_LEADS)})"
    rf"{_WEEKDAY}(?:{_DAYTIME})?"
)
TIME_OF_WEEKDAY = rf"{_WEEKDAY}{_DAYTIME}"
WEEKEND = rf"(?:{_WHICH})?(?:wochenendes?|weekend)"
LAST_FEW = (
    rf"(?:letzte[nr]?|vergangene[nr]?|past|last)\s+(?:{_COUNT}|(?:paar|few)\s+)?"
    r"(?P<unit>(?:tag|woche|monat|jahr)(?=e|n)|(?:day|week|month|year)(?=s))(?:en?|n|s)"
)
FOR_SOME = rf"seit\s+{_COUNT}{_UNIT}(?:e?n|s|e)?"
AGO = rf"vor\s+{_COUNT}{_UNIT}(?:e?n)?"
ENGLISH_AGO = rf"{_COUNT}{_UNIT}s?\s+ago"
UNIT = rf"(?:{_PART})?{_WHICH}(?P<unit>woche|monat|jahr|week|month|year)(?:e?s)?"
PART_OF_UNIT = rf"{_PART}(?P<unit>woche|monat|jahr|week|month|year)(?:e?s)?"
CALLED_YEAR = rf"(?:{_PART}(?:(?:jahre?s?|year)\s+)?|(?:jahre?s?|year)\s+)(?P<year>[12]\d{{3}})"
DAY_BEFORE_YESTERDAY = r"vorgestern|day\s+before\s+yesterday"
YESTERDAY = r"gestern|yesterday"
TODAY = r"(?<!usa\s)(?<!russia\s)(?:heute(?![\s-](?:journal|show)|-)|today)"
TOMORROW = r"tomorrow"  # "morgen" is a time of day as well

_ARTICLES = r"(?:\s+(?:dem|den|der|zum|zur|to|the)){0,2}"


def _border(leads: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{leads}){_ARTICLES}\s+$", re.IGNORECASE)


SINCE, FROM = _border("seit|since"), _border("ab")
UNTIL, BEFORE, AFTER = _border("bis|until|till|up"), _border("vor|before"), _border("nach|after")

# What stands between two times: the first to the second, the first in the second.
TO = re.compile(rf"\s*(?:bis|to|until|till|through|[-–—/]){_ARTICLES}\s*", re.IGNORECASE)
AND = re.compile(rf"\s*(?:und|and){_ARTICLES}\s*", re.IGNORECASE)
BETWEEN = re.compile(rf"\b(?:zwischen|between){_ARTICLES}\s*$", re.IGNORECASE)
INSIDE = re.compile(r"[\s,(]+(?:(?:of|of\s+the|the|des|der|dem|den|in)\s+)?", re.IGNORECASE)

# "die jüngsten Zahlen", but "Wer ist der jüngste Minister?" asks for an age.
NEWEST = re.compile(
    r"\b(?:aktuell(?:e[mnrs]?)?(?!\s+stunde)|zuletzt|neue?ste[mnrs]?"
    r"|(?<!\b(?:ist|war)\sd\w\w\s)jüngst(?:e[mnrs]?)?(?!\s+gericht)"
    r"|(?<!\bat\s)the\s+latest|most\s+recent(?:ly)?|currently)\b",
    re.IGNORECASE,
)

# Every time that is named has one of these in it; without, there is no need to look for one.
ANY = re.compile(
    rf"\d|tag|woche|monat|jahr|day|week|month|year|quart|heute|gestern|tomorrow|mittwoch|sonnabend"
    rf"|{'|'.join([*words.MONTHS, *words.SEASONS])}",
    re.IGNORECASE,
)
