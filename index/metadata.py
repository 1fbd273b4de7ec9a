"""What an article says about itself: the head of a text, and the fields of a record.

Knows which fields there are and what they may hold; nothing of paragraphs or headlines.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from index.invisible import visible
from index.source import Skip

_LEADING_DATE = re.compile(
    r"date:?[ \t]+(\d{4}-\d{2}-\d{2}(?:T\S+|[ ]\d{2}:\d{2}:\d{2}(?: ?[+-]\d{2}:?\d{2}|Z)?)?)(?!\S)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=[T ]\d{2}:|$)")
_WEB_ADDRESS = re.compile(r"https?://[^\s\\<>\x22\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_META_KEYS = ("title", "date", "source", "url", "language")
_META_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
# Without a fence it must begin with a key we know, or any "Miami: ..." would pass for one.
_PLAIN_META = re.compile(
    rf"(?=(?i:{'|'.join(_META_KEYS)}):)"
    rf"(?:(?:(?i:{'|'.join(_META_KEYS)})|[a-z][a-z_-]*):(?:[ \t].*)?(?:\n|\Z))+"
)
_FENCED_META = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


def split_head(text: str) -> tuple[dict[str, str], str]:
    """Return the leading date and ``key: value`` lines, and the text after them."""
    text = text.lstrip("\ufeff \t\n")
    fields: dict[str, str] = {}
    if dated := _LEADING_DATE.match(text):
        fields["date"], text = dated[1], text[dated.end() :].lstrip()
    block = _FENCED_META.match(text) or _PLAIN_META.match(text)
    lines = [_META_LINE.match(line) for line in block[0].split("\n")] if block else []
    if block is None or not any(lines):
        return fields, text
    for line in filter(None, lines):
        fields[line[1].lower()] = line[2].strip().strip("\"'")
    return fields, text[block.end() :]


def string(fields: Mapping[str, Any], key: str) -> str | None:
    """Return what is seen of a field, trimmed; ``None`` when it is absent or blank."""
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise Skip(f"{key} is not a string: {json.dumps(value)[:40]}")
    return visible(value or "").strip() or None


def date(fields: Mapping[str, Any]) -> datetime.date | None:
    """Return the day of the field ``date``; a time of day after it is left out."""
    value = string(fields, "date")
    if value is None:
        return None
    found = _DATE.match(value)
    try:
        return datetime.date.fromisoformat(found[0] if found else "")
    except ValueError as error:
        raise Skip(f"date {value[:40]!r} is not YYYY-MM-DD") from error


def url(fields: Mapping[str, Any]) -> str | None:
    """Return the field ``url`` if it is a web address: it becomes a link."""
    value = string(fields, "url")
    return value if value and is_web_address(value) else None


def is_web_address(address: str) -> bool:
    """Tell whether this is an http(s) address that names its host and does not pose as another.

    Not ``javascript:`` or ``data:``, not ``//host``, not ``https://bank.example@evil.example``.
    """
    try:
        parts = urlsplit(address)
        named = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:  # a port that is none, a bracket left open
        return False
    return named and _WEB_ADDRESS.fullmatch(address) is not None


def language(fields: Mapping[str, Any]) -> str | None:
    """Return the field ``language`` without its country: "de-AT" is German."""
    value = string(fields, "language")
    return value and re.split("[-_]", value.lower())[0]
