"""The archive of one generation: articles, paragraphs and passages in one SQLite file.

It is the truth that citations point into. Written once by one process, then only read, from as many
threads as like. Knows nothing of scores, vectors or questions.
"""

from __future__ import annotations

import datetime
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from index.article import Article, Paragraph, ParagraphKind, Passage
from index.passages import fingerprint, passages_of

FILE = "archive.sqlite"
_SCHEMA = """
CREATE TABLE articles (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, date TEXT, source TEXT, url TEXT,
    language TEXT NOT NULL, fingerprint TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE paragraphs (
    article_id TEXT NOT NULL, number INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (article_id, number)
) WITHOUT ROWID;
CREATE TABLE passages (
    id TEXT PRIMARY KEY, article_id TEXT NOT NULL, paragraph INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL, context TEXT NOT NULL,
    fingerprint TEXT NOT NULL
);
CREATE INDEX passages_of_article ON passages (article_id);
"""
_ARTICLE = "id, title, date, source, url, language"
_PASSAGE = (
    "SELECT p.id, article_id, paragraph, start, end, text, context, a.date "
    "FROM passages AS p JOIN articles AS a ON a.id = article_id"
)
_VARIABLES = 500  # SQLite allows 999 in its oldest builds


class ArchiveWriter:
    """Writes an archive, new or a copy of an earlier one; nothing is on disk before ``close``."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        is_new = not path.exists()
        self._db = sqlite3.connect(path)
        # Nobody reads an unpublished generation and a failed one is thrown away, so no journal.
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("PRAGMA synchronous = OFF")
        if is_new:
            self._db.executescript(_SCHEMA)

    def add(self, article: Article, article_fingerprint: str) -> list[Passage]:
        """Store an article and return its passages."""
        date = article.date.isoformat() if article.date else None
        self._db.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.id, article.title, date, article.source, article.url, article.language,
             article_fingerprint),
        )  # fmt: skip
        self._db.executemany(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?)",
            [(article.id, p.number, p.kind.value, p.text) for p in article.paragraphs],
        )
        passages = list(passages_of(article))
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [(p.id, p.article_id, p.paragraph, p.start, p.end, p.text, p.context, fingerprint(p))
             for p in passages],
        )  # fmt: skip
        return passages

    def remove(self, article_id: str) -> list[str]:
        """Forget an article and return the ids of the passages it had."""
        rows = self._db.execute("SELECT id FROM passages WHERE article_id = ?", (article_id,))
        ids = [row[0] for row in rows]
        for table, column in (("passages", "article_id"), ("paragraphs", "article_id"),
                              ("articles", "id")):  # fmt: skip
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (article_id,))
        return ids

    def close(self) -> None:
        """Commit and close."""
        self._db.commit()
        self._db.close()


class Archive:
    """Reads a published archive, from any number of threads."""

    def __init__(self, folder: Path) -> None:
        # immutable: no locks and no side files, so it also works on a read-only disk
        uri = f"{(folder / FILE).resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._lock = threading.Lock()
        self._rows("SELECT id FROM articles LIMIT 1")  # a damaged file shows now, not on a question

    def article(self, article_id: str) -> Article | None:
        """Return an article with all its paragraphs, or ``None``."""
        query = f"SELECT {_ARTICLE} FROM articles WHERE id = ?"
        rows = self._rows(query, (article_id,))
        if not rows:
            return None
        paragraphs = self._rows(
            "SELECT number, text, kind FROM paragraphs WHERE article_id = ? ORDER BY number",
            (article_id,),
        )
        return _article(rows[0], tuple(Paragraph(n, t, ParagraphKind(k)) for n, t, k in paragraphs))

    def articles(self, ids: Sequence[str]) -> dict[str, Article]:
        """Return the articles of ``ids``, by id and without their paragraphs."""
        rows = self._select(f"SELECT {_ARTICLE} FROM articles WHERE id IN", ids)
        return {row[0]: _article(row, ()) for row in rows}

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Return the passages of ``ids``, by id."""
        rows = self._select(f"{_PASSAGE} WHERE p.id IN", ids)
        return {row[0]: _passage(row) for row in rows}

    def passages_of(self, article_ids: Sequence[str]) -> list[Passage]:
        """Return all passages of some articles, in no certain order."""
        rows = self._select(f"{_PASSAGE} WHERE article_id IN", article_ids)
        return [_passage(row) for row in rows]

    def all_passages(self) -> Iterator[Passage]:
        """Yield every passage, in the order they were added."""
        for row in self._rows(f"{_PASSAGE} ORDER BY p.rowid"):
            yield _passage(row)

    def article_fingerprints(self) -> dict[str, str]:
        """Return article id -> fingerprint of its content."""
        return dict(self._rows("SELECT id, fingerprint FROM articles"))

    def passage_fingerprints(self) -> dict[str, str]:
        """Return fingerprint of the passage's text -> id of one passage that has it."""
        return dict(self._rows("SELECT fingerprint, id FROM passages"))

    def newest(self, limit: int) -> list[str]:
        """Return the ids of the ``limit`` newest articles, newest first."""
        query = "SELECT id FROM articles ORDER BY date IS NULL, date DESC, id LIMIT ?"
        return [row[0] for row in self._rows(query, (limit,))]

    def counts(self) -> dict[str, int]:
        """Return how many articles, paragraphs, boilerplate paragraphs and passages there are."""
        boilerplate = f"paragraphs WHERE kind = '{ParagraphKind.BOILERPLATE.value}'"
        tables = {"articles": "articles", "paragraphs": "paragraphs", "boilerplate": boilerplate,
                  "passages": "passages"}  # fmt: skip
        return {
            name: self._rows(f"SELECT count(*) FROM {table}")[0][0]
            for name, table in tables.items()
        }

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def _select(self, query: str, ids: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(ids), _VARIABLES):
            some = ids[start : start + _VARIABLES]
            yield from self._rows(f"{query} ({','.join('?' * len(some))})", some)


def _article(row: Sequence[Any], paragraphs: tuple[Paragraph, ...]) -> Article:
    id_, title, date, source, url, language = row
    return Article(id_, title, paragraphs, _date(date), source, url, language)


def _passage(row: Sequence[Any]) -> Passage:
    id_, article_id, paragraph, start, end, text, context, date = row
    return Passage(id_, article_id, paragraph, start, end, text, context, _date(date))


def _date(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
