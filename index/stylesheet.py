"""What the style sheets inside a page and its style attributes declare, of what can hide text.

Only selectors of one element are understood (``p``, ``.a``, ``#b``, ``p.a.b``), and files of style
are never fetched. What some screens show and others do not (``@media``) counts as shown. Knows
nothing of what a declaration does to text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

_TELLING = {
    name: name
    for name in (
        "display visibility opacity content-visibility font-size color background-color "
        "background-clip position left right top bottom text-indent margin-left margin-top clip "
        "clip-path width height max-width max-height overflow overflow-x overflow-y transform"
    ).split()
}
_TELLING |= {"font": "font-size", "background": "background-color"}
_TELLING |= {"-webkit-background-clip": "background-clip"}
_STYLING = {"style", "color", "text", "bgcolor"}
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_IMPORTANT = re.compile(r"\s*!\s*important\Z")
_SIMPLE = re.compile(r"(\*|[a-zA-Z][\w-]*)?((?:[.#][\w-]+)*)")
_PART = re.compile(r"[.#][\w-]+")
_FOR_ALL = re.compile(
    r"@(?:layer|supports(?!\s+not)|media\s+(?:only\s+)?(?:all|screen))\b(?!.*\band\b)"
)
_FOR_SOME = re.compile(r"@media\b(?!\s+print\b)")
# What is longer, or more, was not written for a browser: it may not keep us busy either.
_LONGEST_VALUE = 200  # characters
_MOST_RULES = 100  # that begin with the same class

Style = dict[str, str]
"""Property to value, both in lower case; ``font`` and ``background`` under what they set of it."""


class _Reach(IntEnum):
    NONE, SOME, ALL = range(3)  # of those who read on a screen


class _Declared(NamedTuple):
    usual: Style
    important: Style


class _Rule(NamedTuple):
    rank: tuple[int, int, int, int]  # ids, classes, elements, place: the greatest wins
    name: str  # of the element, or "*"
    parts: frozenset[str]  # ".class" and "#id"
    declared: _Declared


class StyleSheet:
    """All rules of a page, to be asked for one element after another."""

    def __init__(self, sheets: Iterable[str]) -> None:
        self._rules: defaultdict[str, list[_Rule]] = defaultdict(list)
        for place, (selector, declared) in enumerate(_rules(sheets)):
            self._add(selector, declared, place)

    def style(self, name: str, attributes: Mapping[str, str]) -> Style:
        """Return what is declared for an element with this tag and these attributes."""
        if not self._rules and attributes.keys().isdisjoint(_STYLING):
            return {}
        usual: Style = {}
        important: Style = {}
        rules = self._matching(name, attributes)
        for declared in (*(rule.declared for rule in sorted(rules)), _own(name, attributes)):
            usual |= declared.usual
            important |= declared.important
        return usual | important

    def _add(self, selector: str, declared: _Declared, place: int) -> None:
        simple = _SIMPLE.fullmatch(selector)
        if not (simple and selector and any(declared)):
            return
        parts = _PART.findall(simple[2])
        name = (simple[1] or "*").lower()
        ids = sum(part.startswith("#") for part in parts)
        rank = (ids, len(parts) - ids, int(name != "*"), place)
        alike = self._rules[parts[0] if parts else name]
        if len(alike) < _MOST_RULES:
            alike.append(_Rule(rank, name, frozenset(parts), declared))

    def _matching(self, name: str, attributes: Mapping[str, str]) -> list[_Rule]:
        own = {f".{each}" for each in attributes.get("class", "").split()}
        own.add(f"#{attributes.get('id', '').strip()}")
        return [
            rule
            for key in (name, "*", *own)
            for rule in self._rules.get(key, ())
            if rule.parts <= own and rule.name in ("*", name)
        ]


def _own(name: str, attributes: Mapping[str, str]) -> _Declared:
    """Return what the element's own attributes declare, those from before style sheets included."""
    found = _declared(attributes.get("style", ""))
    colour = {"font": attributes.get("color"), "body": attributes.get("text")}.get(name)
    for key, value in (("color", colour), ("background-color", attributes.get("bgcolor"))):
        if value:
            found.usual.setdefault(key, value[:_LONGEST_VALUE].strip().lower())
    return found


def _declared(block: str) -> _Declared:
    """Return the telling declarations of ``a: b; c: d !important``."""
    found = _Declared({}, {})
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub(" ", block)) if block else ""
    for declaration in plain.split(";"):
        key, _, value = declaration.partition(":")
        if telling := _TELLING.get(key.strip().lower()):
            value = value.strip().lower()
            is_important = _IMPORTANT.search(value[-20:]) is not None
            found[is_important][telling] = _IMPORTANT.sub("", value[:_LONGEST_VALUE])
    return found


def _unescaped(escape: re.Match[str]) -> str:
    return escape[2] or chr(min(int(escape[1], 16), 0x10FFFF))


def _rules(sheets: Iterable[str]) -> Iterator[tuple[str, _Declared]]:
    """Yield selector and declarations of what holds on all screens, in order."""
    found: list[tuple[str, _Declared]] = []
    unsure: set[tuple[str, str]] = set()
    for sheet in sheets:
        for reach, selectors, block in _blocks(sheet):
            declared = _declared(block)
            for selector in map(str.strip, selectors.split(",")):
                if reach is _Reach.ALL:
                    found.append((selector, declared))
                else:
                    unsure.update((selector, key) for part in declared for key in part)
    for selector, declared in found:
        sure = ({k: v for k, v in p.items() if (selector, k) not in unsure} for p in declared)
        yield selector, _Declared(*sure)


def _blocks(sheet: str) -> Iterator[tuple[_Reach, str, str]]:
    """Yield the blocks of declarations that a screen may show: how many do, selectors, text."""
    open_blocks: list[tuple[_Reach, str]] = []
    reach, opened = _Reach.ALL, False
    pieces = re.split(r"([{}])", _COMMENT.sub(" ", sheet))  # text and braces in turn
    for text, brace in zip(pieces[::2], pieces[1::2], strict=False):
        if brace == "{":
            head = text.rpartition(";")[2].strip()
            open_blocks.append((reach, head))
            reach = min(reach, _reach(head))
        elif open_blocks:
            reach, head = open_blocks.pop()
            if opened and reach is not _Reach.NONE:
                yield reach, head, text
        opened = brace == "{"


def _reach(head: str) -> _Reach:
    """Return for whom the blocks inside this one hold; inside a rule, ``&`` is not understood."""
    if _FOR_ALL.match(head):
        return _Reach.ALL
    return _Reach.SOME if _FOR_SOME.match(head) else _Reach.NONE
