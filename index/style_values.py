"""Values of style sheets in numbers: lengths in pixels, colours as red, green, blue.

Only what a pair of eyes could tell apart counts: a pixel more or less, a shade. Knows nothing of
the properties that have these values.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]+|%)?")
_PIXELS = {"": 1, "px": 1, "pt": 1.33, "pc": 16, "in": 96, "cm": 38, "mm": 3.8}
_PIXELS |= {"em": 16, "rem": 16, "ex": 8, "ch": 8, "vw": 12, "vh": 8}  # of the usual window

_COLOUR = re.compile(
    r"#([0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})(?![\w-])|"  # #fff
    r"rgba?\(([^()]*)\)|"  # rgb(255, 255, 255)
    r"(?<![\w-])([a-z]+)(?![\w(-])"  # white
)

Colour = tuple[float, float, float, float]
"""Red, green and blue, of 255; how opaque, of 1."""

WHITE: Colour = (255, 255, 255, 1)
_NAMES: dict[str, Colour] = {
    "transparent": (0, 0, 0, 0), "black": (0, 0, 0, 1), "white": WHITE, "snow": WHITE,
    "ivory": WHITE, "azure": WHITE, "mintcream": WHITE, "ghostwhite": WHITE,
    "floralwhite": WHITE, "whitesmoke": WHITE, "seashell": WHITE, "aliceblue": WHITE,
}  # fmt: skip


def pixels(value: str, *, percent: float, unknown: float = 0) -> float:
    """Return about how many pixels a length has, or ``unknown`` for what is none.

    ``percent`` is what one percent of it is, in pixels.
    """
    found = _NUMBER.fullmatch(value.strip())
    factor = {**_PIXELS, "%": percent}.get(found[2] or "") if found else None
    return unknown if found is None or factor is None else float(found[1]) * factor


def numbers(value: str) -> list[float]:
    """Return the numbers in a value, without their units."""
    return [float(number) for number, _ in _NUMBER.findall(value)]


def colour(value: str) -> Colour | None:
    """Return the first colour in a value; None if it is written in a way not known here."""
    found = _COLOUR.search(value)
    if found is None:
        return None
    digits, parts, name = found.groups()
    if name:
        return _NAMES.get(name)
    return _hexadecimal(digits) if digits else _rgb(parts)


def _hexadecimal(digits: str) -> Colour:
    wide = digits if len(digits) > 4 else "".join(digit * 2 for digit in digits)
    red, green, blue, opaque = bytes.fromhex(wide.ljust(8, "f"))
    return (red, green, blue, opaque / 255)


def _rgb(parts: str) -> Colour | None:
    found = _NUMBER.findall(parts)
    if len(found) not in (3, 4):
        return None
    red, green, blue = (float(n) * 255 / (100 if unit == "%" else 255) for n, unit in found[:3])
    opaque = pixels("".join(found[3]), percent=0.01) if found[3:] else 1
    return (red, green, blue, opaque)
