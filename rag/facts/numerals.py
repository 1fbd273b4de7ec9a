"""The numbers in a text, in digits and in words, German and English.

Knows what a number is worth and what its last digit counts, not what is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_UNITS = (
    "null|zero ein|eins|eine|einer|einem|einen|one|a zwei|two drei|three vier|four fünf|five "
    "sechs|six sieben|seven acht|eight neun|nine zehn|ten elf|eleven zwölf|twelve "
    "dreizehn|thirteen vierzehn|fourteen fünfzehn|fifteen sechzehn|sixteen siebzehn|seventeen "
    "achtzehn|eighteen neunzehn|nineteen"
)
_TENS = (
    "zwanzig|twenty dreißig|dreissig|thirty vierzig|forty fünfzig|fifty sechzig|sixty "
    "siebzig|seventy achtzig|eighty neunzig|ninety"
)
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "dutzend": 12, "dozen": 12, "million": 1e6, "millionen": 1e6,
    "mio": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "billionen": 1e12, "billion": 1e9,
}  # fmt: skip
_DIGITS = frozenset("0123456789")
_LEAST_ALONE = 2  # "ein", "eine" and "a" are numbers only before a "Million"


def _table() -> dict[str, float]:
    """Return the number words up to 99,000: "zwölf", "einundzwanzig", "dreihundertfünfzig"."""
    units = {word: n for n, group in enumerate(_UNITS.split()) for word in group.split("|")}
    tens = {word: 10 * n for n, group in enumerate(_TENS.split(), 2) for word in group.split("|")}
    digits = {word: n for word, n in units.items() if 0 < n < 10}
    both = {f"{u}und{t}": n + m for u, n in digits.items() for t, m in tens.items()}
    both |= {f"{t}-{u}": n + m for u, n in digits.items() for t, m in tens.items()}
    small = units | tens | both
    hundreds = {f"{u}hundert": 100 * n for u, n in digits.items()} | {"hundert": 100}
    hundreds |= {f"{h}{word}": m + n for h, m in hundreds.items() for word, n in small.items()}
    thousands = {f"{word}tausend": 1000 * n for word, n in small.items()} | {"tausend": 1000}
    halves = {"halbe": 0.5, "halben": 0.5, "half": 0.5, "anderthalb": 1.5, "eineinhalb": 1.5}
    return {**small, **hundreds, **thousands, **halves}


_WORTH = _table()
# 21'400 and 1.250,50
_GROUPED = r"[1-9][0-9]{0,2}(?:[.,'’\u00a0\u202f ][0-9]{3})+(?!\d)(?:[.,][0-9]{1,2})?"
_TOKEN = re.compile(rf"(?:{_GROUPED}|[0-9]+(?:[.,][0-9]+)?)|[^\W\d_]+(?:-[^\W\d_]+)?")
_SCALE = re.compile(
    rf"[ \u00a0\u202f]+({'|'.join(sorted(_SCALES, key=len)[::-1])})\b(?:(?<=mio)\.|(?<=mrd)\.)?",
    re.I,
)


class Number(NamedTuple):
    """``text[start:end]`` is worth ``amount``; ``step`` is what its last digit counts."""

    amount: float
    step: float
    scale: float
    start: int
    end: int


def is_number_word(form: str) -> bool:
    """Tell whether a word in small letters is a number greater than one."""
    return _WORTH.get(form, 0) > 1 or form in _SCALES


def numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of ``text``, each with its scale ("3,4 Millionen", "zwei Dutzend")."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        amount = _digits(token) if token[0] in _DIGITS else _WORTH.get(token.lower())
        if amount is None:
            continue
        scale = _SCALE.match(text, match.end())
        if scale or amount >= _LEAST_ALONE or token[0] in _DIGITS:
            times = _SCALES[scale[1].lower()] if scale else 1
            end = scale.end() if scale else match.end()
            yield Number(amount * times, _step(token) * times, times, match.start(), end)


def _digits(token: str) -> float:
    if re.fullmatch(_GROUPED, token):
        whole, _, part = token, "", ""
        if decimals := re.search(r"[.,](\d{1,2})$", token):
            whole, part = token[: decimals.start()], decimals[1]
        return float(f"{re.sub(r'[^0-9]', '', whole)}.{part or 0}")
    return float(token.replace(",", "."))


def _step(token: str) -> float:
    """Return what the last digit that is not 0 counts: 100 of "8.200", 0.1 of "3,4"."""
    if token[0] not in _DIGITS:
        return 1.0 if _WORTH[token.lower()] >= 1 else 0.1
    amount = _digits(token)
    if amount != int(amount):
        return float(10 ** -len(re.split("[.,]", token)[-1]))
    plain = str(int(amount))
    return float(10 ** (len(plain) - len(plain.rstrip("0")))) if amount else 1.0
