"""Small corpora and stores, written by the test that uses them."""

from __future__ import annotations

import shutil
from pathlib import Path

from index.article import Article, Paragraph, ParagraphKind
from index.store import Store
from index.sync import Report, synchronise

PROSE = "Der Rat hat am Montag beschlossen, die alte Brücke über die Aue bis zum Herbst zu sperren."
MORE = "„Wir hatten keine Wahl“, sagte die Bürgermeisterin nach der Sitzung im großen Saal."


def write(folder: Path, articles: dict[str, str]) -> Path:
    """Write one text file per article id into ``folder``, which then holds nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for article_id, text in articles.items():
        path = folder / f"{article_id}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def numbered(count: int, version: str = "") -> dict[str, str]:
    """Return ``count`` articles of two paragraphs that differ by their number and ``version``."""
    return {
        f"artikel-{n:03}": f"date 2025-11-{n % 28 + 1:02}\n\nMeldung {n}\n\n"
        f"In Dorf{n} wurde Glocke{n} geläutet{version}.\n\n{PROSE} Das war Fall {n}.\n"
        for n in range(count)
    }


def index_articles(store: Path, articles: dict[str, str], **options: bool) -> Report:
    """Make the store mirror ``articles``, written beside it."""
    paths = [write(store.parent / f"{store.name}-articles", articles)]
    return synchronise(Store(store), paths, "subword", **options)


def article(*texts: str, id: str = "a", **fields: object) -> Article:
    """Return an article of plain paragraphs."""
    paragraphs = tuple(Paragraph(n, text, ParagraphKind.TEXT) for n, text in enumerate(texts, 1))
    return Article(id, **{"title": "Titel", "paragraphs": paragraphs, **fields})  # type: ignore[arg-type]
