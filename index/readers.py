"""Files and folders in, articles out; what cannot be read comes out as a ``Problem``.

Reads .txt, .md, .html, .jsonl(.gz) and .csv. Paragraphs keep the source's own characters, because
citations point into them, and are told apart only as text or heading. Deliberately knows nothing of
what is boilerplate (``cleaning`` does, and sees all articles at once), of passages or the store.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime
import gzip
import io
import itertools
import json
import logging
import os
import re
import stat
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from index.article import Article, Paragraph, ParagraphKind
from index.cleaning import is_notice
from index.errors import CorpusError
from index.language import detect, sentences

# The longest of 1,431 German Wikipedia articles has 0.26 MB: ten is a dump, not an article.
MAX_FILE_BYTES = 10_000_000
_MAX_LINE = MAX_FILE_BYTES  # characters of one .jsonl or .csv line
_SAMPLE = 1_000_000  # bytes that decide the encoding of a streamed file

# What German and English text files that are not Unicode are in. With all its encodings allowed,
# charset-normalizer read 144 of 146 news articles in Windows-1252 right but took 145 of them for
# cp1250 ("Støre" became "Střre") and "Schöne Grüße" for Arabic; among these three, 339 of 343.
_LEGACY_ENCODINGS = ["cp1252", "mac_roman", "cp850"]

_TITLE_LENGTH = 90
_HEADING_LENGTH = 100
_HEADING_WORDS = 12
# A kicker and a heading stand above prose; three short lines and more are a list or a table
# (in the Wikinews articles: sports results, party results, fees).
_HEADINGS_IN_A_ROW = 2
_CLOSING_HEADING_WORDS = 4  # "Weitere Artikel zum Thema" heads nothing, but says nothing either

_NOT_A_HEADING = re.compile(r"[.!?:;,…][»«›‹“”‘’\"')\]]*$|\d ?: ?\d|\n")
_LEADING_DATE = re.compile(
    r"date:?[ \t]+(\d{4}-\d{2}-\d{2}(?:T\S+|[ ]\d{2}:\d{2}:\d{2}(?: ?[+-]\d{2}:?\d{2}|Z)?)?)(?!\S)",
    re.IGNORECASE,
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?=[T ]\d{2}:|$)")
_META_KEYS = ("title", "date", "source", "url", "language")
_META_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
# Without a fence it must begin with a key we know, or any "Miami: ..." would pass for one.
_PLAIN_META = re.compile(
    rf"(?=(?i:{'|'.join(_META_KEYS)}):)"
    rf"(?:(?:(?i:{'|'.join(_META_KEYS)})|[a-z][a-z_-]*):(?:[ \t].*)?(?:\n|\Z))+"
)
_FENCED_META = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)
_MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something skipped: ``path`` is the file, or "file:LINE"; ``reason`` is one line."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read, and the folder its article id is relative to."""

    path: Path
    root: Path


class _Skip(Exception):
    """Why one article is not taken; becomes the reason of a ``Problem``."""


_Read = tuple[str, Article | Problem]  # where it stands, what it is


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """Return the readable files named or below the folders named: sorted, each file once.

    Hidden files and folders, README and LICENSE files are left out when found through a folder.
    Raises CorpusError when a path does not exist or nothing readable is found.
    """
    found: dict[str, SourceFile] = {}
    for path in paths:
        for real, file in _walk(path) if path.is_dir() else [_named(path)]:
            found.setdefault(real, file)
    if not found:
        named = ", ".join(map(str, paths)) or "nothing"
        raise CorpusError(f"no articles in {named}: name files or folders with {_endings()}")
    return sorted(found.values(), key=lambda file: str(file.path))


def read_file(file: SourceFile) -> Iterator[Article | Problem]:
    """Yield the articles of one file, and a Problem for everything skipped; never raises."""
    return (item for _, item in _read(file))


def read_corpus(files: Iterable[SourceFile]) -> Iterator[Article | Problem]:
    """Yield the articles of all files; the second article of an id becomes a Problem."""
    places: dict[str, str] = {}
    for place, item in itertools.chain.from_iterable(map(_read, files)):
        if isinstance(item, Article):
            if item.id in places:
                item = Problem(place, f"id {item.id!r} is already used by {places[item.id]}")
            else:
                places[item.id] = place
        yield item


# --- finding ---------------------------------------------------------------------------------


def _named(path: Path) -> tuple[str, SourceFile]:
    if not path.exists():
        raise CorpusError(f"{path} does not exist: name files or folders with {_endings()}")
    if _ending(path.name) is None:
        raise CorpusError(f"{path} cannot be read: articles come in {_endings()}")
    return os.path.realpath(path), SourceFile(path, path.parent)


def _walk(root: Path) -> Iterator[tuple[str, SourceFile]]:
    """Yield real path and file; a folder that cannot be opened is yielded to become a Problem."""
    seen: set[str] = set()
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in seen:  # a symlink back up the tree
            continue
        seen.add(real)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield real, SourceFile(Path(folder), root)
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if os.path.isdir(entry.path):  # noqa: PTH112  (entry.is_dir() raises on a link to itself)
                waiting.append(entry.path)
            elif _is_article_file(entry.name):
                target = f"{real}{os.sep}{entry.name}"  # realpath of each of 100,000 files: 2 s
                target = os.path.realpath(target) if entry.is_symlink() else target
                yield target, SourceFile(Path(entry.path), root)


def _ending(name: str) -> str | None:
    return next((ending for ending in _FORMATS if name.lower().endswith(ending)), None)


def _endings() -> str:
    return ", ".join(_FORMATS)


def _is_article_file(name: str) -> bool:
    return _ending(name) is not None and Path(name).stem.lower() not in {"readme", "license"}


# --- reading ---------------------------------------------------------------------------------


def _read(file: SourceFile) -> Iterator[_Read]:
    place = os.fsencode(file.path).decode(errors="replace")
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):  # a pipe would block for ever
            raise _Skip("not a file")
        yield from _FORMATS[_ending(file.path.name) or ".txt"](file, place)
    except _Skip as skip:
        yield place, Problem(place, str(skip))
    except EOFError:
        yield place, Problem(place, "the compressed file is cut short")
    except csv.Error as error:
        yield place, Problem(place, f"not CSV: {error}")
    except (OSError, zlib.error, UnicodeError) as error:
        yield place, Problem(place, f"unreadable: {getattr(error, 'strerror', None) or error}")


def _attempt(place: str, make: Callable[..., Article], *arguments: Any) -> _Read:
    try:
        return place, make(*arguments)
    except _Skip as skip:
        return place, Problem(place, str(skip))


def _read_plain(file: SourceFile, place: str) -> Iterator[_Read]:
    fields, body = _meta(_text(file.path))
    yield place, _article(_path_id(file), fields, _split(body))


def _read_markdown(file: SourceFile, place: str) -> Iterator[_Read]:
    fields, body = _meta(_text(file.path))
    blocks = _split(_MARKDOWN_HEADING.sub(lambda line: f"\n\n{line[0]}\n\n", body))
    texts = [b.lstrip("#").strip() if _MARKDOWN_HEADING.match(b) else b for b in blocks]
    headings = [
        number for number, (t, b) in enumerate(zip(texts, blocks, strict=True), 1) if t != b
    ]
    if headings:
        fields = {"title": texts[headings[0] - 1], **fields}
    yield place, _article(_path_id(file), fields, texts, headings)


def _read_html(file: SourceFile, place: str) -> Iterator[_Read]:
    page = _text(file.path)
    import trafilatura  # 0.2 s, spared to everyone without HTML files

    for name in ("trafilatura", "htmldate"):  # what they would log is said by our Problem
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found: Any = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    except Exception as error:  # whatever a parser may trip over in a broken page
        raise _Skip(f"no article found in the page ({type(error).__name__})") from error
    if found is None:
        raise _Skip("no article found in the page")
    fields = {"source": found.sitename, **{k: getattr(found, k) for k in ("title", "date", "url")}}
    texts = [line.removeprefix("- ").strip() for line in (found.text or "").split("\n")]
    yield place, _article(_path_id(file), fields, [text for text in texts if text])


def _read_jsonl(file: SourceFile, place: str) -> Iterator[_Read]:
    empty = True
    for number, line in _lines(file.path):
        if line.strip():
            empty = False
            yield _attempt(f"{place}:{number}", _from_json, line)
    if empty:
        raise _Skip("empty")


def _read_csv(file: SourceFile, place: str) -> Iterator[_Read]:
    lines = (line for _, line in _lines(file.path))
    first = next(lines, "")
    if not first.strip():
        raise _Skip("empty")
    csv.field_size_limit(_MAX_LINE)  # the module's own limit is 131,072 characters
    separator = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(itertools.chain([first], lines), delimiter=separator)
    header = [name.strip().lower() for name in next(rows)]
    if missing := {"id", "text"} - set(header):
        raise _Skip(f"no column {' and '.join(sorted(missing))} in the first line")
    while True:
        here = f"{place}:{rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield here, Problem(here, f"not CSV: {error}")
            continue
        if row:
            yield _attempt(here, _from_record, dict(zip(header, row, strict=False)))


def _from_json(line: str) -> Article:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise _Skip(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:  # nested too deep, a number too long
        raise _Skip(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise _Skip("not a JSON object")
    return _from_record(record)


def _from_record(record: Mapping[str, Any]) -> Article:
    number = record.get("id")
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    article_id = str(number) if is_number else _string(record, "id")
    if article_id is None:
        raise _Skip("no id")
    paragraphs = record.get("paragraphs")
    if paragraphs is None:
        return _article(article_id, record, _split(_string(record, "text") or ""))
    if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
        raise _Skip("paragraphs is not a list of strings")
    return _article(article_id, record, paragraphs)


# --- bytes into text -------------------------------------------------------------------------


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        limit = MAX_FILE_BYTES / 1e6
        raise _Skip(f"{size / 1e6:.1f} MB, the limit is {limit:.0f} MB")
    data = path.read_bytes()
    return data.decode(_encoding(data), "replace").replace("\r\n", "\n").replace("\r", "\n")


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line number and line; bytes that cannot be decoded stay as lone surrogates."""
    open_bytes: Any = gzip.open if path.name.lower().endswith(".gz") else open
    with open_bytes(path, "rb") as raw:
        encoding = _encoding(_sample(raw))
        raw.seek(0)
        lines = io.TextIOWrapper(raw, encoding, errors="surrogateescape", newline="\n")
        for number in itertools.count(1):
            line = lines.readline(_MAX_LINE)
            if not line:
                return
            if len(line) == _MAX_LINE:  # never more than this in memory, whatever a .gz unpacks to
                raise _Skip(f"line {number} is longer than {_MAX_LINE:,} characters")
            yield number, line


def _sample(raw: BinaryIO) -> bytes:
    """Return the first lines, whole, so that no character is cut in two."""
    data = bytearray()
    with contextlib.suppress(EOFError, zlib.error):  # what comes before the damage is read
        while len(data) < _SAMPLE and (line := raw.readline(_MAX_LINE)):
            data += line
    return bytes(data)


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in data:
        raise _Skip("binary")
    if _is_utf8(data):
        return "utf-8-sig"
    from charset_normalizer import from_bytes

    guess = from_bytes(data, cp_isolation=_LEGACY_ENCODINGS).best()
    if guess is None:
        raise _Skip("binary")
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


# --- text into articles ----------------------------------------------------------------------


def _path_id(file: SourceFile) -> str:
    name = file.path.relative_to(file.root).as_posix()
    return name[: -len(_ending(name) or "")]


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BLANK_LINE.split(text.replace("\r\n", "\n")) if part.strip()]


def _meta(text: str) -> tuple[dict[str, str], str]:
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


def _article(
    article_id: str, fields: Mapping[str, Any], texts: Sequence[str], headings: Collection[int] = ()
) -> Article:
    """Number the texts from 1; blank ones keep their number but are left out."""
    numbers = [number for number, text in enumerate(texts, 1) if text.strip()]
    bodies = [texts[number - 1] for number in numbers]
    if not bodies:
        raise _Skip("empty")
    headline = _string(fields, "title") or _headline(bodies)
    headline = headline and _one_line(headline)
    source, url = _string(fields, "source"), _string(fields, "url")
    everything = "\n".join(bodies)
    try:
        "\n".join((article_id, headline or "", source or "", url or "", everything)).encode()
    except UnicodeEncodeError as error:  # a lone surrogate: a broken byte, or "\ud800" in JSON
        raise _Skip("not valid Unicode text") from error
    paragraphs = tuple(
        Paragraph(number, text, ParagraphKind.HEADING if number in headings else kind)
        for number, text, kind in zip(numbers, bodies, _kinds(bodies, headline), strict=True)
    )
    language = _language(_string(fields, "language")) or detect(everything)
    title = headline or _opening(bodies)
    return Article(article_id, title, paragraphs, _date(fields), source, url, language)


def _string(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise _Skip(f"{key} is not a string: {json.dumps(value)[:40]}")
    return (value or "").strip() or None


def _date(fields: Mapping[str, Any]) -> datetime.date | None:
    value = _string(fields, "date")
    if value is None:
        return None
    found = _DATE.match(value)
    try:
        return datetime.date.fromisoformat(found[0] if found else "")
    except ValueError as error:
        raise _Skip(f"date {value[:40]!r} is not YYYY-MM-DD") from error


def _language(value: str | None) -> str | None:
    return value and re.split("[-_]", value.lower())[0]  # "de-AT" is German


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _headline(texts: Sequence[str]) -> str | None:
    """Return the headline among the paragraphs: the first, or one that stands twice in a row."""
    repeated = [a for a, b in itertools.pairwise(texts) if a == b]
    candidates = [*texts[: len(texts) > 1], *repeated]
    return next((t for t in candidates if _is_heading_like(t) and not is_notice(t)), None)


def _opening(texts: Sequence[str]) -> str:
    """Return the first sentence of the lead, or as many of its words as a title may have."""
    lead = _one_line(next((t for t in texts if not _is_heading_like(t)), texts[0]))[:1000]
    sentence = lead[slice(*sentences(lead)[0])]
    if len(sentence) <= _TITLE_LENGTH:
        return sentence
    return sentence[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + "…"


def _is_heading_like(text: str) -> bool:
    text = text.strip()
    return (
        len(text) <= _HEADING_LENGTH
        and len(text.split()) <= _HEADING_WORDS
        and not text[0].islower()
        and not _NOT_A_HEADING.search(text)
    )


def _kinds(texts: Sequence[str], headline: str | None) -> list[ParagraphKind]:
    """Tell headings: the headline, and short lines in the middle that stand above prose."""
    if len(texts) == 1:
        return [ParagraphKind.TEXT]
    headings = {at for at, text in enumerate(texts) if _is_headline(text, headline)}
    short = [at not in headings and _is_heading_like(text) for at, text in enumerate(texts)]
    for is_short, group in itertools.groupby(range(len(texts)), key=short.__getitem__):
        run = list(group)
        if is_short and _head_something(run, texts):
            headings.update(run)
    return [
        ParagraphKind.HEADING if at in headings else ParagraphKind.TEXT for at in range(len(texts))
    ]


def _is_headline(text: str, headline: str | None) -> bool:
    return _one_line(text) == headline and not headline.endswith(".")  # else it is prose as well


def _head_something(run: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether these short lines are headings: one or two above prose, or a last bare word or two.

    What a closing line has to say beyond that ("FC Chelsea - Lewski Sofia") is text.
    """
    if run[0] == 0 or len(run) > _HEADINGS_IN_A_ROW:
        return False
    last = texts[run[-1]]
    is_bare = len(last.split()) <= _CLOSING_HEADING_WORDS and not re.search(r"\d", last)
    return run[-1] < len(texts) - 1 or (len(run) == 1 and is_bare)


_FORMATS: dict[str, Callable[[SourceFile, str], Iterator[_Read]]] = {
    ".txt": _read_plain,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".jsonl.gz": _read_jsonl,
    ".csv": _read_csv,
}
