"""Other words for the same thing, and for the opposite: in German, and German for English words.

Word lists written for Beleg (``lexicon/``), looked up by stem. They widen a search and let a
sentence cover a question it does not repeat. Knows single words, nothing of what they mean in a
sentence, and nothing of the archive.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import chain

from index.language import stem

_ENDINGS = (("ies", "y"), ("es", ""), ("s", ""), ("ied", "y"), ("ed", ""), ("ed", "e"), ("ing", ""),
            ("ing", "e"), ("ly", ""))  # fmt: skip
_SHORTEST = 3  # an English word is not cut to less


@lru_cache(maxsize=1 << 16)
def related(form: str, language: str) -> frozenset[str]:
    """Return the stems of the German words that may stand for a word of a question.

    ``form`` is normalised; ``language`` is the question's, ``"de"`` or ``"en"``.
    """
    if language == "en":
        found = next(filter(None, map(_english().get, _bases(form))), frozenset())
    else:
        found = _synonyms().get(stem(form), frozenset())
    return found - {stem(form)}


def place(form: str) -> frozenset[str]:
    """Return the stems of all names of the place or people that ``form`` names, else nothing."""
    return _places().get(stem(form), frozenset())


def opposites(form: str) -> frozenset[str]:
    """Return the stems of the words that say the opposite of ``form``."""
    return _opposites().get(stem(form), frozenset())


@cache
def _opposites() -> Mapping[str, frozenset[str]]:
    """Return stem -> stems of the other sides of its lines."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for line in _lines("opposites"):
        left, right = (set(map(stem, side.split())) for side in line.split("|"))
        for one, other in ((left, right), (right, left)):
            for word in one:
                found[word] |= other
    return {word: frozenset(others) for word, others in found.items()}


@cache
def common() -> frozenset[str]:
    """Return the stems of the German words known here that name no place: no proper names."""
    german = frozenset().union(*_pairs("english").values())
    return (german | frozenset().union(*_groups("synonyms"))) - _places().keys()


def _bases(form: str) -> Iterator[str]:
    """Yield an English word, then what it may be an inflection of, until one is known."""
    yield form
    if form in _english():
        return
    for ending, instead in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= _SHORTEST:
            base = form[: -len(ending)] + instead
            yield base
            if base[-1:] == base[-2:-1]:  # "stopped"
                yield base[:-1]


@cache
def _synonyms() -> Mapping[str, frozenset[str]]:
    """Return stem -> stems of all groups it stands in."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for group in chain(_groups("synonyms"), _groups("peoples")):
        for word in group:
            found[word] |= group
    return {word: frozenset(group) for word, group in found.items()}


def _groups(name: str) -> Iterator[frozenset[str]]:
    return (frozenset(map(stem, line.split())) for line in _lines(name))


@cache
def _english() -> Mapping[str, frozenset[str]]:
    """Return English word -> stems of its German counterparts."""
    return _pairs("english") | _pairs("places")


@cache
def _places() -> Mapping[str, frozenset[str]]:
    """Return stem -> stems of all names of the place or people, in both languages."""
    english = (german | {stem(name)} for name, german in _pairs("places").items())
    found: dict[str, frozenset[str]] = {}
    for group in chain(english, _groups("peoples")):
        found |= {name: found.get(name, frozenset()) | group for name in group}
    return found


def _pairs(name: str) -> dict[str, frozenset[str]]:
    pairs = (line.split(":", 1) for line in _lines(name))
    return {english.strip(): frozenset(map(stem, german.split())) for english, german in pairs}


def _lines(name: str) -> Iterator[str]:
    text = (resources.files("rag") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))
