"""What stands in a page but is not seen by its reader: taken out before the page is read.

Judged as a browser would, as far as the page itself says so: by attributes, style attributes and
simple style sheets (``stylesheet``). Scripts and files of style are not consulted; when in doubt
text stays. Knows nothing of what on a page is an article.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from index.style_values import WHITE, Colour, colour, numbers, pixels
from index.stylesheet import Style, StyleSheet

_NOT_SHOWN = {"head", "script", "style", "title"}  # but they say what the page is about
# Some hold what browsers show that can do nothing better.
_NEVER_SHOWN = {"template", "datalist", "noscript", "noframes", "noembed", "iframe"}
_NEVER_SHOWN |= {"audio", "video", "canvas"}
_WHOLE_PAGE = {"html", "body"}
_ARTICLE = "descendant-or-self::*[self::h1 or self::main or self::article]"
_RETOLD = {"articleBody", "reviewBody", "acceptedAnswer", "recipeInstructions", "step"}
_RETOLD |= {"description"}

_SMALLEST_FONT = 2  # pixels
_FAR = -500  # pixels to the left of the window or above it
_VERY_FAR = 5000  # to the right or below, where a page may go on
_ALIKE = 20  # of 255: two colours that differ by less are one to the eye
_FAINT = 0.06  # of 1

_SIZE_IN_FONT = re.compile(r"(?<![\w.%])(?:0(?=[\s/]|\Z)|(?:\d+\.?\d*|\.\d+)(?:[a-z]+|%))")
_MOVED = re.compile(r"translate[xy3d]*\(([^()]*)\)")
_SCALED_AWAY = re.compile(r"scale[xy3d]*\(\s*0*\.?0*\s*[,)]")
_PICTURE = re.compile(r"url\(|gradient\(|image|var\(")
_INHERITED = {"", "inherit", "unset", "currentcolor"}


class _Look(NamedTuple):
    """What an element hands down to those inside it; a colour of None is not known."""

    is_invisible: bool = False
    is_tiny: bool = False
    ink: Colour | None = None
    ground: Colour | None = WHITE

    @property
    def is_unreadable(self) -> bool:
        return self.is_invisible or self.is_tiny or _is_lost(self.ink, self.ground)

    def changed(self, style: Style) -> _Look:
        """Return the look of an element inside for which ``style`` is declared."""
        return _Look(
            _is_invisible(style.get("visibility", "inherit"), self.is_invisible),
            _is_tiny(style, self.is_tiny),
            _ink(style, self.ink),
            _ground(style, self.ground),
        )


def remove_hidden(page: Any) -> None:
    """Take the text that is not seen out of a parsed page (an lxml.html element), in place."""
    sheet = StyleSheet(element.text or "" for element in page.iter("style"))
    waiting: list[tuple[Any, _Look]] = [(page, _Look())]
    while waiting:
        element, look = waiting.pop()
        if element.tag in _NOT_SHOWN:
            continue
        attributes = dict(element.items())
        style = sheet.style(element.tag, attributes)
        if element.tag not in _WHOLE_PAGE and _is_gone(element, attributes, style):
            element.drop_tree()
            continue
        look = look.changed(style) if style else look
        inside = list(element.iterchildren("*"))
        if look.is_unreadable:
            element.text = None
            for child in inside:
                child.tail = None
        waiting += [(child, look) for child in inside]
    _remove_retold(page)


# --- what is gone with all that is inside ----------------------------------------------------


def _is_gone(element: Any, attributes: Mapping[str, str], style: Style) -> bool:
    return (
        element.tag in _NEVER_SHOWN
        or _is_hidden_by_attribute(element, attributes, style)
        or (bool(style) and _is_hidden_by_style(style))
    )


def _is_hidden_by_attribute(element: Any, attributes: Mapping[str, str], style: Style) -> bool:
    """Tell whether it is closed, or only for the eye; an article that a dialog covers is seen."""
    closed = element.tag == "dialog" and "open" not in attributes
    if closed or "hidden" in attributes or "popover" in attributes:
        return "display" not in style
    return attributes.get("aria-hidden") == "true" and not element.xpath(_ARTICLE)


def _is_hidden_by_style(style: Style) -> bool:
    return (
        style.get("display") == "none"
        or style.get("content-visibility") == "hidden"
        or pixels(style.get("opacity", "1"), percent=0.01) < _FAINT
        or _is_far_away(style)
        or _is_clipped(style.get("clip-path") or style.get("clip", ""))
        or _has_no_size(style)
    )


def _is_far_away(style: Style) -> bool:
    """Tell whether it is moved out of the window; a share of a margin is a layout of columns."""
    transform = style.get("transform", "")
    moves = [style.get(name, "") for name in ("text-indent", "margin-left", "margin-top")]
    moves += ",".join(_MOVED.findall(transform)).split(",")
    lengths = [pixels(move, percent=0) for move in moves]
    if style.get("position", "static") != "static":
        sides = (("left", 1), ("top", 1), ("right", -1), ("bottom", -1))
        lengths += [pixels(style.get(side, ""), percent=12) * sign for side, sign in sides]
    far = any(length <= _FAR or length >= _VERY_FAR for length in lengths)
    return far or _SCALED_AWAY.search(transform) is not None


def _is_clipped(area: str) -> bool:
    sizes = numbers(area)
    if area.startswith("inset("):
        return bool(sizes) and sizes[0] >= 50
    shapes = ("rect(", "circle(", "ellipse(", "polygon(")
    return area.startswith(shapes) and "auto" not in area and all(abs(n) <= 1 for n in sizes)


def _has_no_size(style: Style) -> bool:
    overflow = " ".join(style.get(f"overflow{axis}", "") for axis in ("", "-x", "-y"))
    if "hidden" not in overflow and "clip" not in overflow:
        return False
    sizes = ("width", "height", "max-width", "max-height")
    return any(pixels(style.get(size, "auto"), percent=12, unknown=99) <= 1 for size in sizes)


# --- what those inside may show again --------------------------------------------------------


def _is_invisible(visibility: str, inherited: bool) -> bool:
    return inherited if visibility in _INHERITED else visibility in ("hidden", "collapse")


def _is_tiny(style: Style, inherited: bool) -> bool:
    declared = style.get("font-size", "")
    size = _SIZE_IN_FONT.search(declared)
    if size is None:
        return inherited and declared in _INHERITED
    relative = size[0].endswith(("%", "em")) and not size[0].endswith("rem")
    is_small = pixels(size[0], percent=0.16, unknown=16) < _SMALLEST_FONT
    return is_small or (relative and inherited)


def _ink(style: Style, inherited: Colour | None) -> Colour | None:
    if style.get("background-clip") == "text":
        return None  # what is painted behind shines through the letters
    value = style.get("color", "")
    return inherited if value in _INHERITED else colour(value)


def _ground(style: Style, inherited: Colour | None) -> Colour | None:
    painted = style.get("background-color", "")
    if painted in {*_INHERITED, "none", "initial"}:
        return inherited
    if _PICTURE.search(painted):
        return None
    shade = colour(painted)
    return inherited if shade and shade[3] < _FAINT else shade


def _is_lost(ink: Colour | None, ground: Colour | None) -> bool:
    """Tell whether text of this colour cannot be told from what is behind it."""
    if ink is None or ink[3] < _FAINT:
        return ink is not None
    if ground is None or ground[3] < 1:
        return False
    return all(abs(one - other) < _ALIKE for one, other in zip(ink[:3], ground[:3], strict=True))


# --- what is told again for machines ---------------------------------------------------------


def _remove_retold(page: Any) -> None:
    """Take out the text that stands in a page's data; titles, dates and authors stay there."""
    for script in page.iterfind('.//script[@type="application/ld+json"]'):
        try:
            data = json.loads(script.text or "", strict=False)
            script.text = json.dumps(_without_retold(data))
        except ValueError:  # no JSON: nobody takes text from it
            continue
        except RecursionError:
            script.text = None
    for element in page.iterfind(".//*[@data-preloaded]"):
        del element.attrib["data-preloaded"]


def _without_retold(data: Any) -> Any:
    if isinstance(data, list):
        return [_without_retold(item) for item in data]
    if isinstance(data, dict):
        return {k: _without_retold(v) for k, v in data.items() if k not in _RETOLD}
    return data
