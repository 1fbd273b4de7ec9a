"""True sentences and what proves them: the evidence of the dev golden sets, and any others.

Knows articles, questions and what a search for them finds; nothing of the checker or of changes.
"""

from __future__ import annotations

import datetime
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import material

import rag
from index.language import sentences
from index.store import Store
from index.sync import synchronise
from rag.verification import Source

QUOTES = "wikinews-de/golden_quotes_dev.jsonl"
_GOLDEN = (material.HAND_WRITTEN, QUOTES, material.XQUAD)
_HITS = 8
_MORE = 1500  # sentences drawn from the whole archive, to change
_SHORTEST, _LONGEST = 60, 300  # characters of such a sentence

Address = tuple[str, int]


class Case(NamedTuple):
    """A text and the paragraph it is checked against."""

    text: str
    source: Source


class Item(NamedTuple):
    """A true sentence, its source, and all paragraphs that a search for its question finds."""

    text: str
    source: Source
    hits: tuple[Source, ...]

    def is_proven_by(self, source: Source) -> bool:
        """Tell whether it stands in ``source``, which may be another paragraph than its own."""
        return self.text in source.text


class Evidence:
    """Sentences with the paragraphs they are from."""

    def __init__(self, data: Path) -> None:
        self._data = data
        articles = (line for name in material.ARCHIVE for line in material.lines(data / name))
        self.articles = {article["id"]: article for article in articles}

    def source(self, article_id: str, paragraph: int) -> Source:
        """Return a paragraph, with the whole article behind it."""
        article = self.articles[article_id]
        texts = article["paragraphs"]
        background = "\n".join([article.get("title") or "", *texts])
        day = article.get("date")
        date = day and datetime.date.fromisoformat(day[:10])
        return Source(texts[paragraph - 1], background, date)

    def neighbours(self, article_id: str, paragraph: int) -> Iterator[Source]:
        """Yield the paragraphs before and after."""
        for number in (paragraph - 1, paragraph + 1):
            if 1 <= number <= len(self.articles[article_id]["paragraphs"]):
                yield self.source(article_id, number)

    def quotations(self) -> Iterator[tuple[str, tuple[str, ...], Source]]:
        """Yield words that were quoted, the names of who said them, and the source."""
        for question in material.lines(self._data / QUOTES):
            for evidence in question["evidence"]:
                if "quote" in evidence:
                    source = self.source(evidence["article_id"], evidence["paragraph"])
                    yield evidence["quote"], tuple(question["answers"]), source

    def any_sentences(self) -> list[Case]:
        """Return sentences drawn from the whole archive."""
        every = [
            Case(text[start:end], self.source(article["id"], number))
            for article in self.articles.values()
            for number, text in enumerate(article["paragraphs"], 1)
            for start, end in sentences(text)
            if _SHORTEST <= end - start <= _LONGEST
        ]
        return random.Random(7).sample(every, _MORE)

    def items(self) -> list[Item]:
        """Return the sentences that hold an answer to a golden question."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            archive = [self._data / name for name in material.ARCHIVE]
            synchronise(Store(Path(folder)), archive, "subword")
            with rag.open(folder) as assistant:
                found = {item.text: item for item in self._items(assistant)}
        return list(found.values())

    def _items(self, assistant: Any) -> Iterator[Item]:
        for name in _GOLDEN:
            for question in material.lines(self._data / name):
                for text, source in self._answering(question):
                    hits = assistant.search(question["question"], k=_HITS)
                    found = (self.source(hit.article_id, hit.paragraph) for hit in hits)
                    yield Item(text, source, tuple(found))

    def _answering(self, question: dict[str, Any]) -> Iterator[Case]:
        """Yield the sentences of the evidence that hold its quotation or an accepted answer."""
        for evidence in question["evidence"] if question["answerable"] else ():
            if "paragraph" in evidence:
                source = self.source(evidence["article_id"], evidence["paragraph"])
                found = [source.text[start:end] for start, end in sentences(source.text)]
                wanted = [evidence.get("quote") or "\0", *question["answers"]]
                held = (s for w in wanted for s in found if w in s or s in w)
                yield from (Case(text, source) for text in list(held)[:1])
