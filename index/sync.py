"""Corpus folders into the next generation; only what changed is worked on.

Reads all files (that is cheap), compares each article with the generation that serves, and embeds
and indexes what is new. When little changed the next generation starts as a copy of the last, else
from nothing, with every vector used again whose text is the same. Knows nothing of how progress is
shown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from index import embedding as embeddings
from index.archive import Archive
from index.article import Article
from index.embedding import SUBWORD, Embedding
from index.errors import CorpusError, StoreMissing
from index.generation import FORMAT, Generation, Manifest
from index.readers import Problem, SourceFile, find_files, read_corpus
from index.source import printable
from index.store import Store

if TYPE_CHECKING:
    from index.building import Builder, Fingerprinted, Progress
    from index.embedding_cache import EmbeddingCache

_READING = 2  # raise it when reading, cleaning or cutting changes: all files are then read again
# Copying and changing beats building from nothing up to about a quarter of the articles. Removed
# records stay in the copy's HNSW graph as dead weight, so those of all copies in a row count.
_LITTLE = 0.25


@dataclass(frozen=True, slots=True)
class Report:
    """What an indexing run did; counts are articles unless their name says passages."""

    generation: str
    unchanged: bool
    added: int
    changed: int
    removed: int
    counts: Mapping[str, int]
    embedded_passages: int
    reused_passages: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Corpus:
    """The cleaned articles, by id, with the fingerprint of each."""

    articles: dict[str, Article]
    fingerprints: dict[str, str]
    problems: tuple[Problem, ...]
    digest: str

    def pick(self, ids: Iterable[str]) -> Iterator[Fingerprinted]:
        return ((self.articles[id_], self.fingerprints[id_]) for id_ in ids)


@dataclass(frozen=True, slots=True)
class _Changes:
    added: list[str]
    changed: list[str]
    removed: list[str]

    @classmethod
    def between(cls, old: Mapping[str, str], new: Mapping[str, str]) -> _Changes:
        return cls(
            added=[id_ for id_ in new if id_ not in old],
            changed=[id_ for id_ in new if id_ in old and old[id_] != new[id_]],
            removed=[id_ for id_ in old if id_ not in new],
        )

    @property
    def gone(self) -> list[str]:
        return self.removed + self.changed

    @property
    def come(self) -> list[str]:
        return self.changed + self.added


def synchronise(
    store: Store,
    paths: Sequence[Path],
    embedding: str,
    progress: Progress = lambda stage, done, total: None,
    *,
    rebuild: bool = False,
    base_url: str | None = None,
) -> Report:
    """Make ``store`` mirror the articles in the files and folders at ``paths``.

    ``base_url`` is where the embedding's server is, as in ``embedding.load``.

    Raises:
        CorpusError: a path does not exist, or no article can be read; the store stays as it was.
        EmbeddingMismatch: the store was built with another embedding and ``rebuild`` is not set.
        ModelError: the embedding's server does not answer as it should; what it sent is kept.
        StoreBusy: another process is writing.
    """
    files = find_files(paths)
    with store.writing():
        current = None if rebuild else _current_manifest(store)
        if current is not None:
            current.require_embedding(embedding, store.folder)
        digest = _digest(files)
        if current is not None and current.corpus == digest:
            return _nothing_changed(current)
        corpus = _read(files, digest, progress)
        model = embeddings.load(embedding, base_url)
        if current is not None:
            current.require_dimension(model.dimension, store.folder)
        return _build(store, paths, corpus, model, current, progress)


def _current_manifest(store: Store) -> Manifest | None:
    try:
        return store.manifest()
    except StoreMissing:
        return None


def _digest(files: Sequence[SourceFile]) -> str:
    """Return what decides whether anything changed: names and contents of all files."""
    digest = hashlib.sha256(f"{FORMAT}.{_READING}".encode())
    for file in files:
        digest.update(f"{file.path.relative_to(file.root).as_posix()}\0".encode(errors="replace"))
        try:
            if file.path.is_file():  # reading a pipe would wait for ever
                with file.path.open("rb") as stream:
                    digest.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            digest.update(str(error.errno).encode())
    return digest.hexdigest()


def _nothing_changed(manifest: Manifest) -> Report:
    passages = manifest.counts["passages"]
    problems = tuple(Problem(*pair) for pair in manifest.problems)
    return Report(manifest.generation, True, 0, 0, 0, manifest.counts, 0, passages, problems)


def _read(files: Sequence[SourceFile], digest: str, progress: Progress) -> _Corpus:
    from index.cleaning import clean  # its cues are compiled: spared to who finds nothing to do

    articles, problems = [], []
    for item in read_corpus(files):
        if isinstance(item, Problem):
            problems.append(item)
        else:
            articles.append(item)
            progress("read", len(articles), None)
    if not articles:
        raise CorpusError(f"no article could be read: {problems[0].path}: {problems[0].reason}")
    cleaned = {article.id: article for article in clean(articles)}
    prints = {id_: _article_fingerprint(article) for id_, article in cleaned.items()}
    return _Corpus(cleaned, prints, tuple(problems), digest)


def _article_fingerprint(article: Article) -> str:
    return hashlib.sha256(repr(article).encode(errors="backslashreplace")).hexdigest()


def _build(
    store: Store, paths: Sequence[Path], corpus: _Corpus, embedding: Embedding,
    current: Manifest | None, progress: Progress,
) -> Report:  # fmt: skip
    from index.building import Builder  # brings numpy and LangChain: only who builds pays

    parent = None if current is None else store.open()
    try:
        with store.next_generation() as folder, _cache(store, embedding) as cache:
            old = {} if parent is None else parent.archive.article_fingerprints()
            changes = _Changes.between(old, corpus.fingerprints)
            builder = Builder(folder, parent, embedding, progress, cache)
            outdated = _fill(builder, corpus, changes, current)
            progress("publish", 0, 1)
            manifest = _finish(folder, paths, corpus, embedding, current, outdated)
            store.publish(folder)
    finally:
        if parent is not None:
            parent.close()
    store.prune()
    progress("publish", 1, 1)
    return Report(
        generation=folder.name,
        unchanged=False,
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        counts=manifest.counts,
        embedded_passages=builder.embedded,
        reused_passages=manifest.counts["passages"] - builder.embedded,
        problems=corpus.problems,
    )


def _cache(store: Store, embedding: Embedding) -> AbstractContextManager[EmbeddingCache | None]:
    """Return what remembers the vectors that cost money; the built-in ones cost none."""
    if embedding.name == SUBWORD:
        return nullcontext()
    from index.embedding_cache import EmbeddingCache

    return closing(EmbeddingCache(store.folder, embedding))


def _fill(builder: Builder, corpus: _Corpus, changes: _Changes, current: Manifest | None) -> int:
    """Write what changed or, if it is much, everything; return the outdated articles left."""
    outdated = 0 if current is None else current.outdated + len(changes.gone)
    if current is None or outdated + len(changes.added) > _LITTLE * len(corpus.articles):
        builder.fill(corpus.pick(corpus.articles))
        return 0
    builder.update(changes.gone, corpus.pick(changes.come))
    return outdated


def _finish(
    folder: Path, paths: Sequence[Path], corpus: _Corpus, embedding: Embedding,
    current: Manifest | None, outdated: int,
) -> Manifest:  # fmt: skip
    """Write the manifest and check the generation before anybody can see it."""
    archive = Archive(folder)
    manifest = Manifest(
        format=FORMAT,
        generation=folder.name,
        parent=None if current is None else current.generation,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        embedding=embedding.name,
        fingerprint=embedding.fingerprint,
        dimension=embedding.dimension,
        corpus=corpus.digest,
        paths=tuple(printable(path.resolve()) for path in paths),
        counts=archive.counts(),
        outdated=outdated,
        problems=tuple((problem.path, problem.reason) for problem in corpus.problems),
    )
    archive.close()
    manifest.write(folder)
    generation = Generation(folder)
    try:
        generation.check()
    finally:
        generation.close()
    return manifest
