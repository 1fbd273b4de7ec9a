"""Bytes into text: a whole file, or the lines of one that may be large or compressed.

UTF-8, else UTF-16 by its mark, else detected. Knows nothing of formats or articles.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from index.invisible import visible
from index.source import Skip

# The longest of 1,431 German Wikipedia articles has 0.26 MB: ten is a dump, not an article.
MAX_FILE_BYTES = 10_000_000
MAX_LINE = MAX_FILE_BYTES  # characters of one .jsonl or .csv line
_SAMPLE = 1_000_000  # bytes that decide the encoding of a streamed file

# What German and English text files that are not Unicode are in. With all its encodings allowed,
# charset-normalizer read 144 of 146 news articles in Windows-1252 right but took 145 of them for
# cp1250 ("Støre" became "Střre") and "Schöne Grüße" for Arabic; among these three, 339 of 343.
_LEGACY_ENCODINGS = ["cp1252", "mac_roman", "cp850"]


def read_text(path: Path) -> str:
    """Return what is seen of a file's text, its lines ended by ``\\n``; raises ``Skip``."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES / 1e6
        raise Skip(f"{size / 1e6:.1f} MB, the limit is {limit:.0f} MB")
    data = path.read_bytes()
    text = data.decode(_encoding(data), "replace").replace("\r\n", "\n").replace("\r", "\n")
    return visible(text)


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and line; bytes that cannot be decoded stay as lone surrogates.

    Raises:
        Skip: it is binary, or a line is longer than any article.
    """
    open_bytes: Any = gzip.open if path.name.lower().endswith(".gz") else open
    with open_bytes(path, "rb") as raw:
        encoding = _encoding(_sample(raw))
        raw.seek(0)
        lines = io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline="\n")
        for number in itertools.count(1):
            line = lines.readline(MAX_LINE)
            if not line:
                return
            if len(line) == MAX_LINE:  # never more than this in memory, whatever a .gz unpacks to
                raise Skip(f"line {number} is longer than {MAX_LINE:,} characters")
            yield number, line


def _sample(raw: BinaryIO) -> bytes:
    """Return the first lines, whole, so that no character is cut in two."""
    data = bytearray()
    with contextlib.suppress(EOFError, zlib.error):  # what comes before the damage is read
        while len(data) < _SAMPLE and (line := raw.readline(MAX_LINE)):
            data += line
    return bytes(data)


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data:
        raise Skip("binary")
    if _is_utf8(data):
        return "utf-8-sig"
    from charset_normalizer import from_bytes

    guess = from_bytes(data, cp_isolation=_LEGACY_ENCODINGS).best()
    if guess is None:
        raise Skip("binary")
    return guess.encoding


def _is_utf8(data: bytes) -> bool:
    """Whether this is UTF-8, perhaps with a few broken bytes: no reason to garble every umlaut."""
    try:
        data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        broken = text.count("\ufffd")
        return sum(character > "\x7f" for character in text) > 2 * broken
    return True
