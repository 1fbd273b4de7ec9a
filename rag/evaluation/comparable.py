"""Answers made comparable: Unicode, case, punctuation and numbers are levelled before comparing.

Knows words, not questions. The token F1 is that of SQuAD (Rajpurkar et al. 2016) over these words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from index.language import fold, forms

_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        """null zero|eins one|zwei two|drei three|vier four|fünf five|sechs six|sieben seven
        |acht eight|neun nine|zehn ten|elf eleven|zwölf twelve""".split("|")
    )
    for word in map(fold, words.split())
}
_ARTICLES = frozenset("der die das den dem des ein eine einen einem einer the a an".split())
_GROUPS = re.compile(r"(?<=\d)[.,'’\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")


@lru_cache(maxsize=1 << 14)
def comparable(text: str) -> tuple[str, ...]:
    """Return the words of ``text`` in the form in which answers are compared.

    ``12.500``, ``12 500`` written with a thin space and ``12500`` are one; ``3,4`` and ``3.4`` too.
    """
    plain = unicodedata.normalize("NFKC", _GROUPS.sub("", text))  # NFKC levels thin spaces
    return tuple(_number(fold(form)) for form in forms(plain))


def contains(text: str, answer: str) -> bool:
    """Tell whether the words of ``answer`` stand in ``text``, one after the other."""
    wanted, words = comparable(answer), comparable(text)
    starts = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[i : i + len(wanted)] == wanted for i in starts)


def token_f1(text: str, answer: str) -> float:
    """Return the harmonic mean of precision and recall of the answer's words in ``text``."""
    said, wanted = _content(text), _content(answer)
    common = sum((said & wanted).values())
    if not common:
        return 0.0
    precision, recall = common / said.total(), common / wanted.total()
    return 2 * precision * recall / (precision + recall)


def _content(text: str) -> Counter[str]:
    return Counter(word for word in comparable(text) if word not in _ARTICLES)


def _number(word: str) -> str:
    return _NUMBERS.get(word, word.replace(",", ".") if word[0].isdigit() else word)
