"""Text into the pieces that are compared: sentences, words, stems, subwords. German first.

Everything here is a pure function of the text. Offsets always point into the text as given, so that
what is found can be quoted verbatim; only the pieces are normalised, never the text. Knows nothing
of articles, weights or questions.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import sentencex
import Stemmer

# Soft hyphens, zero-width characters and direction marks stand inside words and mean nothing.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_LETTER = rf"[\w{_INVISIBLE}\u0300-\u036f]"
_WORD = re.compile(rf"[^\W_]{_LETTER}*(?:(?<=\d)[.,](?=\d){_LETTER}+)*")
_TRANSLITERATED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"}
)
_ALIKE = str.maketrans("zyjwc", "siivk")
_DOUBLED = re.compile(r"([a-z])\1+")
_INVISIBLE_TABLE = dict.fromkeys(map(ord, _INVISIBLE))
# With 5-grams beside the 4-grams the index doubles and finds no more (dev questions: nDCG@10 .942
# against .943 for XQuAD-de, .761 against .774 for Wikinews).
_SUBWORD = 4
_WORD_CACHE = 1 << 18
_TELLING = 1000  # characters that tell the language of an article

_DETERMINERS = (
    "der die das dem den des am im vom zum zur beim ins ans jeder jedem jeden ihr ihre ihrem ihren "
    "seine sein seinem seinen ein einem einen eine einer"
)
_DAY_END = re.compile(r"\b\d{1,2}\.\s*$")
_MONTHS = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november "
    "dezember".split()
)
_ORDINAL_END = re.compile(
    rf"\b(?:{'|'.join(_DETERMINERS.split())})\s+\d{{1,3}}\.\s*$", re.IGNORECASE
)


def _function_words(language: str) -> frozenset[str]:
    folder = resources.files("index") / "function_words"
    return frozenset((folder / f"{language}.txt").read_text(encoding="utf-8").split())


FUNCTION_WORDS = {language: _function_words(language) for language in ("de", "en")}
ALL_FUNCTION_WORDS = FUNCTION_WORDS["de"] | FUNCTION_WORDS["en"]


class Word(NamedTuple):
    """One word of a text: ``text[start:end]``, and its normalised ``form``."""

    form: str
    start: int
    end: int


class Span(NamedTuple):
    """``text[start:end]``, in characters."""

    start: int
    end: int


def normalise(word: str) -> str:
    """Return the form under which a word is compared: NFC, case-folded, no invisible characters."""
    return unicodedata.normalize("NFC", word.translate(_INVISIBLE_TABLE)).lower()


def words(text: str) -> list[Word]:
    """Return the words and numbers of ``text`` in order; ``3,4`` and ``12.500`` are one word."""
    return [Word(normalise(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def forms(text: str) -> list[str]:
    """Return the normalised words of ``text`` without their places."""
    if unicodedata.is_normalized("NFC", text) and not _ANY_INVISIBLE.search(text):
        return _WORD.findall(text.lower())  # the same, and four times as fast
    return [normalise(match) for match in _WORD.findall(text)]


@lru_cache(maxsize=_WORD_CACHE)
def stem(form: str) -> str:
    """Return the German Snowball stem of a normalised word (which also folds ä, ae and a)."""
    return str(_STEMMER.stemWord(form))


_STEMMER = Stemmer.Stemmer("german", 0)  # 0: no cache of its own, ``stem`` has one


@lru_cache(maxsize=_WORD_CACHE)
def fold(form: str) -> str:
    """Return a word in plain letters: ä is ae, ß is ss, other accents are dropped."""
    plain = form if form.isascii() else form.translate(_TRANSLITERATED)
    if plain.isascii():
        return plain
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))


@lru_cache(maxsize=_WORD_CACHE)
def sound(form: str) -> str:
    """Return a word as it is heard, roughly, so that transliterations of a name agree.

    Selenskyj, Selenski and Zelensky are all ``selenski``; Wolodymyr and Volodimir ``volodimir``.
    """
    return _DOUBLED.sub(r"\1", fold(form).replace("ph", "f").translate(_ALIKE))


@lru_cache(maxsize=_WORD_CACHE)
def subwords(form: str) -> tuple[str, ...]:
    """Return the 4-grams of how ``<word>`` sounds, or the whole when it is shorter."""
    bounded = f"<{sound(form)}>"
    starts = range(max(1, len(bounded) - _SUBWORD + 1))
    return tuple([bounded[start : start + _SUBWORD] for start in starts])


def sentences(text: str) -> list[Span]:
    """Return the sentences of ``text`` as spans without the white space around them."""
    spans: list[Span] = []
    open_start: int | None = None
    for boundary in sentencex.get_sentence_boundaries("de", text):
        start = boundary["start_index"] if open_start is None else open_start
        end = boundary["end_index"]
        open_start = start if _continues(text, start, end) else None
        if open_start is None or end == len(text):
            spans.append(_stripped(text, start, end))
    return [span for span in spans if span.start < span.end]


def _continues(text: str, start: int, end: int) -> bool:
    """Tell whether a boundary stands after an ordinal ("am 3. Spieltag", "3. Mai"), so is none."""
    following = _WORD.match(text, end)
    if following is None:
        return False
    form = normalise(following.group())
    if form in _MONTHS or form.startswith("jahrhundert"):
        return _DAY_END.search(text, start, end) is not None
    is_noun = form == "mal" or form not in ALL_FUNCTION_WORDS  # "zum 2. Mal"
    return is_noun and _ORDINAL_END.search(text, start, end) is not None


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))


def detect(text: str) -> str:
    """Return ``"en"`` when English function words outnumber German ones, else ``"de"``."""
    beginning = forms(text[:_TELLING])
    german = sum(map(FUNCTION_WORDS["de"].__contains__, beginning))
    english = sum(map(FUNCTION_WORDS["en"].__contains__, beginning))
    return "en" if english > german else "de"
