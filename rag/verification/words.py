"""The words of a text by what they are: names, nouns, numbers, and the rest.

German writes nouns and names alike with capitals. What is in the word lists, ends as nouns do, or
follows a determiner is a noun; any other capitalised word is taken for a name, for a name that is
missed lets a false sentence through. Knows nothing of sources and of what is proven.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from index.language import ALL_FUNCTION_WORDS, stem, words
from rag.dates.words import MONTHS, WEEKDAYS
from rag.facts.numerals import is_number_word
from rag.thesaurus import common, place, related

_NOUN_END = re.compile(
    r"(?:ung|heit|keit|schaft|tion|sion|tät|ismus|tum|chen|ling|ment|enz|anz|nis|reich|werk|zeit"
    r"|stelle|weise|leute|frau|mann|männer|kraft|jährige|jähriger|jährigen)(?:en|er|s|e|n|es|sen)?$"
)
_ENGLISH_NOUN_END = re.compile(
    r"(?:tion|sion|ment|ness|ity|ism|ship|hood|ance|ence|ing|age|ery|ers|ors|ists|ants|ents)s?$"
)
_OF_A_PLACE = re.compile(r"(?:isch|deutsch)(?:e[nmrs]?)?$")  # adjectives have no capital
_DETERMINERS = frozenset(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner
    mein sein ihr unser seine seinen seinem seiner seines ihre ihren ihrem ihrer ihres dieser diese
    dieses diesen diesem jeder jede jedes jeden jedem jener jene jenen zum zur im am beim vom ins
    ans alle allen aller viele vielen einige einigen mehrere mehreren zwei drei vier fünf beide
    beiden""".split()
)
# What joins, and may begin a sentence with a capital.
_LINKS = frozenset(
    """obwohl obgleich wenngleich sobald solange seitdem nachdem während bevor falls sofern indem
    zumal trotz angesichts aufgrund wegen infolge gemäß anders anstelle without within beyond among
    across under over between for with since because although though while when whereas after before
    despite unlike due once until unless during neither either both hundreds thousands dozens many
    several most some""".split()
)
# "Verhaftet wurde ...": of a sentence's first words only a participle stands before such a verb.
_PARTICIPLE = re.compile(r"(?:\w*ge\w+|(?:be|ver|ent|er|zer)\w+)(?:t|en)|\w+iert")
_AUXILIARY = re.compile(r" (?:wird|werden|wurden?|ist|sind|war|waren|sei|hat|haben|hatten?)\b")
_BETWEEN = 2  # adjectives that may stand between a determiner and its noun
_SHORTEST_TAIL = 5  # letters of a known noun that a compound ends with
_SHORTEST_NAME = 2


class Kind(StrEnum):
    """What a word is, as far as its proof goes."""

    NAME = "name"
    NOUN = "noun"
    OTHER = "other"
    NUMBER = "number"
    EMPTY = "empty"


class Token(NamedTuple):
    """One word, ``text[start:end]``, with its normalised form."""

    form: str
    start: int
    end: int
    kind: Kind

    @property
    def stem(self) -> str:
        """Its stem."""
        return stem(self.form)


def tokens(text: str, language: str) -> tuple[Token, ...]:
    """Return the words of ``text`` in order; of names, every word is one."""
    found: list[Token] = []
    for form, start, end in words(text):
        kind = _kind(text, form, start, found, language)
        found.append(Token(form, start, end, kind))
    return tuple(found)


def _kind(text: str, form: str, start: int, before: list[Token], language: str) -> Kind:
    if form[0].isdigit() or is_number_word(form):
        return Kind.NUMBER
    if form in ALL_FUNCTION_WORDS or form in _LINKS or form in MONTHS or form in WEEKDAYS:
        return Kind.EMPTY
    if not text[start].isupper():
        return Kind.NAME if _OF_A_PLACE.search(form) and place(form) else Kind.OTHER
    if place(form):
        return Kind.NAME
    if len(form) < _SHORTEST_NAME:  # "John F. Kennedy"
        return Kind.EMPTY
    is_name = _is_english_name if language == "en" else _is_german_name
    return Kind.NAME if is_name(text, form, start, before) else Kind.NOUN


def _is_english_name(text: str, form: str, start: int, before: list[Token]) -> bool:
    if form.endswith("s") and text[start : start + len(form) - 1].isupper():  # "MPs"
        return False
    if before and text[before[-1].start].isupper() and text[before[-1].end : start] == " ":
        return not related(form, "en")
    return not related(form, "en") and not _ENGLISH_NOUN_END.search(form)


def _is_german_name(text: str, form: str, start: int, before: list[Token]) -> bool:
    if _PARTICIPLE.fullmatch(form) and _AUXILIARY.match(text, start + len(form)):
        return False
    if text[start : start + len(form)].isupper():
        return True
    if _follows_name(text, start, before) and not _is_noun(form):
        return True
    return not _is_noun(form) and not _follows_determiner(text, start, before)


def _follows_name(text: str, start: int, before: list[Token]) -> bool:
    return bool(before) and before[-1].kind is Kind.NAME and text[before[-1].end : start] == " "


def _follows_determiner(text: str, start: int, before: list[Token]) -> bool:
    for token in before[: -_BETWEEN - 2 : -1]:
        if token.form in _DETERMINERS:
            return True
        if token.kind is Kind.NUMBER:  # "seine 30-jährige Kollegin"
            continue
        if text[token.start].isupper() or not token.form.endswith(("e", "en", "er", "es", "em")):
            return False
    return False


@lru_cache(maxsize=1 << 16)
def _is_noun(form: str) -> bool:
    if _NOUN_END.search(form) or stem(form) in common():
        return True
    tails = (stem(form[cut:]) for cut in range(3, len(form) - _SHORTEST_TAIL + 1))
    return any(tail in common() for tail in tails)
