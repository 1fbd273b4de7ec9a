"""One reader per format: a file in, its articles and problems out, each with its place.

Paragraphs keep the source's own characters, because citations point into them; only what no reader
would see is left out. Knows nothing of folders, or of which articles other files hold.
"""

from __future__ import annotations

import csv
import itertools
import json
import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from index import decoding, metadata
from index.article import Article, Paragraph, ParagraphKind
from index.headlines import headline_of, kinds_of, one_line, opening_of
from index.invisible import visible
from index.language import detect
from index.source import Problem, Skip, SourceFile

_MARKDOWN_HEADING = re.compile(r"^#{1,6}[ \t].*$", re.MULTILINE)
_LONGEST_ID = 1000  # the path of a file may have 4,096 bytes; tantivy drops a term of 65,530
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_BLANK_LINE = re.compile(r"\n\s*\n")

Read = tuple[str, Article | Problem]
"""Where it stands, and what it is."""


def _read_plain(file: SourceFile) -> Iterator[Read]:
    fields, body = metadata.split_head(decoding.read_text(file.path))
    yield file.place, _article(file.article_id, fields, _split(body))


def _read_markdown(file: SourceFile) -> Iterator[Read]:
    fields, body = metadata.split_head(decoding.read_text(file.path))
    blocks = _split(_MARKDOWN_HEADING.sub(lambda line: f"\n\n{line[0]}\n\n", body))
    texts = [b.lstrip("#").strip() if _MARKDOWN_HEADING.match(b) else b for b in blocks]
    headings = [
        number for number, (t, b) in enumerate(zip(texts, blocks, strict=True), 1) if t != b
    ]
    if headings:
        fields = {"title": texts[headings[0] - 1], **fields}
    yield file.place, _article(file.article_id, fields, texts, headings)


def _read_html(file: SourceFile) -> Iterator[Read]:
    page = decoding.read_text(file.path)
    try:
        found = _extract(page)
    except Exception as error:  # whatever a parser may trip over in a broken page
        raise Skip(f"no article found in the page ({type(error).__name__})") from error
    if found is None:
        raise Skip("no article found in the page")
    fields = {"source": found.sitename, **{k: getattr(found, k) for k in ("title", "date", "url")}}
    texts = [line.removeprefix("- ").strip() for line in (found.text or "").split("\n")]
    yield file.place, _article(file.article_id, fields, [text for text in texts if text])


def _extract(page: str) -> Any:
    """Return trafilatura's document of what a reader of the page sees, or None."""
    import trafilatura  # 0.2 s, spared to everyone without HTML files

    from index.hidden import remove_hidden

    for name in ("trafilatura", "htmldate"):  # what they would log is said by our Problem
        logging.getLogger(name).setLevel(logging.CRITICAL)
    tree: Any = trafilatura.load_html(page)
    if tree is None:
        return None
    remove_hidden(tree)
    return trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)


def _read_jsonl(file: SourceFile) -> Iterator[Read]:
    empty = True
    for number, line in decoding.read_lines(file.path):
        if line.strip():
            empty = False
            yield _attempt(f"{file.place}:{number}", _from_json, line)
    if empty:
        raise Skip("empty")


def _read_csv(file: SourceFile) -> Iterator[Read]:
    lines = (line for _, line in decoding.read_lines(file.path))
    first = next(lines, "")
    if not first.strip():
        raise Skip("empty")
    csv.field_size_limit(decoding.MAX_LINE)  # the module's own limit is 131,072 characters
    separator = ";" if first.count(";") > first.count(",") else ","
    # strict: else a quotation mark that is never closed swallows all that follows without a word
    rows = csv.reader(itertools.chain([first], lines), delimiter=separator, strict=True)
    header = [name.strip().lower() for name in next(rows)]
    if missing := {"id", "text"} - set(header):
        raise Skip(f"no column {' and '.join(sorted(missing))} in the first line")
    while True:
        here = f"{file.place}:{rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield here, Problem(here, _csv_reason(error))
            continue
        if row:
            yield _attempt(here, _from_record, dict(zip(header, row, strict=False)))


def _csv_reason(error: csv.Error) -> str:
    if str(error) == "unexpected end of data":
        return "not CSV: a quotation mark opened here is never closed, so the rest is not read"
    return f"not CSV: {error}"


def _attempt(place: str, make: Callable[..., Article], *arguments: Any) -> Read:
    try:
        return place, make(*arguments)
    except Skip as skip:
        return place, Problem(place, str(skip))


def _from_json(line: str) -> Article:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise Skip(f"not JSON: {error.msg} at column {error.colno}") from error
    except (RecursionError, ValueError) as error:  # nested too deep, a number too long
        raise Skip(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Skip("not a JSON object")
    return _from_record(record)


def _from_record(record: Mapping[str, Any]) -> Article:
    number = record.get("id")
    is_number = isinstance(number, int | float) and not isinstance(number, bool)
    article_id = str(number) if is_number else metadata.string(record, "id")
    if article_id is None:
        raise Skip("no id")
    paragraphs = record.get("paragraphs")
    if paragraphs is None:
        return _article(article_id, record, _split(metadata.string(record, "text") or ""))
    if not isinstance(paragraphs, list) or not all(isinstance(p, str) for p in paragraphs):
        raise Skip("paragraphs is not a list of strings")
    return _article(article_id, record, paragraphs)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _BLANK_LINE.split(text.replace("\r\n", "\n")) if part.strip()]


def _article(
    article_id: str, fields: Mapping[str, Any], texts: Sequence[str], headings: Collection[int] = ()
) -> Article:
    """Number the texts from 1; blank ones keep their number but are left out."""
    article_id, texts = visible(article_id), [visible(text) for text in texts]
    numbers = [number for number, text in enumerate(texts, 1) if text.strip()]
    bodies = [texts[number - 1] for number in numbers]
    if not bodies:
        raise Skip("empty")
    headline = metadata.string(fields, "title") or headline_of(bodies)
    headline = headline and one_line(headline)
    source, url = metadata.string(fields, "source"), metadata.url(fields)
    everything = "\n".join(bodies)
    language = metadata.language(fields)
    _require_storable(article_id, headline, source, url, language, everything)
    paragraphs = tuple(
        Paragraph(number, text, ParagraphKind.HEADING if number in headings else kind)
        for number, text, kind in zip(numbers, bodies, kinds_of(bodies, headline), strict=True)
    )
    title = headline or opening_of(bodies)
    language = language or detect(everything)
    return Article(article_id, title, paragraphs, metadata.date(fields), source, url, language)


def _require_storable(article_id: str, *texts: str | None) -> None:
    if len(article_id) > _LONGEST_ID:
        raise Skip(f"id is longer than {_LONGEST_ID} characters")
    if _CONTROL.search(article_id):
        raise Skip(f"id {article_id!r} has control characters")
    try:
        "\n".join((article_id, *filter(None, texts))).encode()
    except UnicodeEncodeError as error:  # a lone surrogate: a broken byte, or "\ud800" in JSON
        raise Skip("not valid Unicode text") from error


FORMATS: dict[str, Callable[[SourceFile], Iterator[Read]]] = {
    ".txt": _read_plain,
    ".md": _read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
    ".jsonl": _read_jsonl,
    ".jsonl.gz": _read_jsonl,
    ".csv": _read_csv,
}
