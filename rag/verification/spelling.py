"""Are two words one name? Inflected, transliterated, misspelt, or of its people.

Knows letters and the names of places; knows nobody by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from index.language import fold, sound, stem
from rag.thesaurus import place, related
from rag.verification.words import Token

_DEMONYM = re.compile(r"(?:e?n?s|e|e?n|er\w{0,4}|i?sch\w*|aner\w*|ner\w*|ien|ia|a|)")
_LEAST_ALIKE = 4  # letters before a demonym's ending
_LEAST_COMPOUND = 6
# A letter too many, too few or another one; Merkel / Ferkel and Hamburg / Homburg are shorter.
_LEAST_MISSPELT = 8
# What English and German write another way in names from other alphabets: Krikalev, Krikaljow.
_HISSES = re.compile(r"tsch|tch|sch|ch|sh|zh|ts|cz|c|z")
_MUTE = re.compile(r"(?<=\w)[aeiouyjh]+")
_LEAST_CONSONANTS = 4


def is_named(token: Token, row: Iterable[Token]) -> bool:
    """Tell whether one of the words in ``row`` is the same name."""
    return any(is_same(token.form, other.form) for other in row)


@lru_cache(maxsize=1 << 18)
def is_same(one: str, other: str) -> bool:
    """Tell whether two normalised words are one name."""
    if one == other or stem(one) == stem(other) or not place(one).isdisjoint(place(other)):
        return True
    if sound(one).rstrip("s") == sound(other).rstrip("s"):
        return True
    short, long = sorted((fold(one), fold(other)), key=len)
    if _is_derived(short, long) or _is_misspelt(short, long):
        return True
    return _is_transliterated(short, long) or stem(other) in related(one, "de")


def _is_derived(short: str, long: str) -> bool:
    """Tell whether one is of the other (Sibirien / sibirisch), or a part of it."""
    if any(len(root) >= _LEAST_COMPOUND and long.startswith(root) for root in (short, stem(short))):
        return True
    if len(short) >= _LEAST_COMPOUND and long.endswith(short):
        return not place(short)  # "Innenminister" is a minister, Norddeutschland not Deutschland
    shared = _shared(short, long)
    return (
        shared >= max(_LEAST_ALIKE, len(short) - 2)
        and _DEMONYM.fullmatch(short, shared) is not None
        and _DEMONYM.fullmatch(long, shared) is not None
    )


def _is_misspelt(short: str, long: str) -> bool:
    """Tell whether long words differ by one letter."""
    if len(long) < _LEAST_MISSPELT or len(long) - len(short) > 1:
        return False
    at = _shared(short, long)
    return short[at + 1 :] == long[at + 1 :] or short[at:] == long[at + 1 :]


def _is_transliterated(short: str, long: str) -> bool:
    """Tell whether both begin alike and have the same consonants."""
    if len(long) < _LEAST_MISSPELT:
        return False
    if short[:1] != long[:1] and {short[:1], long[:1]} not in ({"v", "w"}, {"k", "c"}, {"j", "y"}):
        return False
    consonants = _consonants(short)
    return len(consonants) >= _LEAST_CONSONANTS and consonants == _consonants(long)


@lru_cache(maxsize=1 << 16)
def _consonants(word: str) -> str:
    hissing = _HISSES.sub("s", word.replace("ck", "k"))
    return _MUTE.sub("", hissing.replace("w", "v").replace("x", "ks"))


def _shared(one: str, other: str) -> int:
    """Return how many letters two words have in common at the beginning."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
