"""The lexical index of one generation: BM25 over stems and over subwords, in tantivy.

Each passage has four fields: stems and subwords, of its own text and of its context (headline and
sub-heading). The terms are made by ``language``, so both sides of a search see the same ones. Knows
nothing of vectors or of how scores are fused.

``python -m index.lexical GENERATION`` builds it from the archive beside it: Chroma holds Python's
lock while it stores vectors, so the other core does this in a process of its own.
"""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import tantivy

from index.archive import Archive
from index.article import Passage
from index.errors import StoreError
from index.language import forms, stem, subwords

FOLDER = "lexical"
_HEAP = 256_000_000  # bytes for the writer's two threads: one segment for 100,000 passages

# Weights of the fields' BM25 scores. Measured on dev questions, nDCG@10 of XQuAD-de among 4,000
# paragraphs and Wikinews headlines that find their article first: stems alone .902 / .86; with
# subwords .920 / .90; with the context at .3 of both .915 / .99, and at 1.0 .883 / 1.00.
_FIELDS: dict[str, float] = {
    "stems": 1.0,
    "subwords": 0.35,
    "context_stems": 0.3,
    "context_subwords": 0.1,
}
_ALSO = 0.5  # another word for the same

_DAY = "day"
_UNDATED = 0


class Period(NamedTuple):
    """First and last day a passage's article may bear; ``None`` is open."""

    first: datetime.date | None = None
    last: datetime.date | None = None

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, datetime.date):
            return self == ANY_TIME
        return (self.first or day) <= day <= (self.last or day)


ANY_TIME = Period()


class Match(NamedTuple):
    """A passage id and its weighted BM25 score."""

    id: str
    score: float


@lru_cache(maxsize=1 << 18)
def _spaced_subwords(form: str) -> str:
    return " ".join(subwords(form))


def _document(passage: Passage) -> tantivy.Document:
    words, context = forms(passage.text), forms(passage.context)
    return tantivy.Document(
        id=passage.id,
        day=passage.date.toordinal() if passage.date else _UNDATED,
        stems=" ".join(map(stem, words)),
        subwords=" ".join(map(_spaced_subwords, words)),
        context_stems=" ".join(map(stem, context)),
        context_subwords=" ".join(map(_spaced_subwords, context)),
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for field in _FIELDS:
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    builder.add_integer_field(_DAY, indexed=True, fast=True)
    return builder.build()


class LexicalWriter:
    """Writes a lexical index, new or a copy of an earlier one."""

    def __init__(self, folder: Path) -> None:
        path = folder / FOLDER
        path.mkdir(exist_ok=True)
        self._writer = tantivy.Index(_schema(), path=str(path)).writer(_HEAP, 2)

    def add(self, passages: Iterable[Passage]) -> None:
        """Index passages; their ids must be new or removed before."""
        for passage in passages:
            self._writer.add_document(_document(passage))

    def remove(self, ids: Iterable[str]) -> None:
        """Forget passages."""
        for id_ in ids:
            self._writer.delete_documents_by_term("id", id_)

    def close(self) -> None:
        """Commit, and wait until the files are final."""
        self._writer.commit()
        self._writer.wait_merging_threads()


class Lexical:
    """Reads a published lexical index, from any number of threads."""

    def __init__(self, folder: Path) -> None:
        self._schema = _schema()
        self._searcher = tantivy.Index(self._schema, path=str(folder / FOLDER)).searcher()

    def search(
        self, words: Sequence[str], k: int, period: Period = ANY_TIME, also: Iterable[str] = ()
    ) -> list[Match]:
        """Return the ``k`` passages that match the normalised ``words`` best, best first.

        ``also`` are stems of other words for the same things; they count less.
        """
        queries = [query for word in words for query in self._clauses(word)]
        queries += [query for stem_ in also for query in self._also(stem_)]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
        if period != ANY_TIME:
            query = tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, query), (tantivy.Occur.Must, self._within(period))]
            )
        found = self._searcher.search(query, k, count=False)
        return [Match(self._searcher.doc(place)["id"][0], score) for score, place in found.hits]

    def stem_frequency(self, stem: str) -> int:
        """Return how many passages have a word of that stem in their own text."""
        return self._searcher.doc_freq("stems", stem)

    def subword_frequency(self, subword: str) -> int:
        """Return how many passages have a subword in their own text."""
        return self._searcher.doc_freq("subwords", subword)

    def count(self) -> int:
        """Return the number of passages."""
        return self._searcher.num_docs

    def _within(self, period: Period) -> tantivy.Query:
        first = period.first or datetime.date.min
        last = period.last or datetime.date.max
        return tantivy.Query.range_query(
            self._schema, _DAY, tantivy.FieldType.Integer, first.toordinal(), last.toordinal()
        )

    def _clauses(self, word: str) -> Iterable[tantivy.Query]:
        for field, weight in _FIELDS.items():
            for term in subwords(word) if field.endswith("subwords") else (stem(word),):
                yield self._clause(field, term, weight)

    def _also(self, stem: str) -> Iterable[tantivy.Query]:
        for field in ("stems", "context_stems"):
            yield self._clause(field, stem, _ALSO * _FIELDS[field])

    def _clause(self, field: str, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._schema, field, term, "freq")
        return tantivy.Query.boost_query(query, weight)


@contextmanager
def building(folder: Path) -> Iterator[None]:
    """Build the index of the generation at ``folder`` in another process meanwhile.

    Raises:
        StoreError: it could not be built; the message is the last thing that process said.
    """
    # -P: not from the folder the user happens to be in, which may have an "index" of its own
    command = [sys.executable, "-P", "-m", "index.lexical", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            yield
            assert process.stderr is not None
            said = process.stderr.read().decode(errors="replace").splitlines()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        reason = said[-1] if said else f"exit code {process.returncode}"
        raise StoreError(f"the lexical index could not be built: {reason}")


def _build(folder: Path) -> None:
    archive = Archive(folder)
    writer = LexicalWriter(folder)
    writer.add(archive.all_passages())
    writer.close()
    archive.close()


def _end_with_parent() -> None:
    """Stop when nobody holds the other end of our input: its killed owner cannot tell us to."""
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _build(Path(sys.argv[1]))
