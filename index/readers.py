"""Files and folders in, articles out; what cannot be read comes out as a ``Problem``.

Reads .txt, .md, .html, .jsonl(.gz) and .csv. Paragraphs keep the source's own characters, because
citations point into them, and are told apart only as text or heading. Deliberately knows nothing of
what is boilerplate (``cleaning`` does, and sees all articles at once), of passages or the store.
"""

from __future__ import annotations

import csv
import itertools
import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from index.article import Article
from index.decoding import MAX_FILE_BYTES
from index.errors import CorpusError
from index.formats import FORMATS, Read
from index.source import Problem, Skip, SourceFile

__all__ = ["MAX_FILE_BYTES", "Problem", "SourceFile", "find_files", "read_corpus", "read_file"]


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
    return next((ending for ending in FORMATS if name.lower().endswith(ending)), None)


def _endings() -> str:
    return ", ".join(FORMATS)


def _is_article_file(name: str) -> bool:
    return _ending(name) is not None and Path(name).stem.lower() not in {"readme", "license"}


# --- reading ---------------------------------------------------------------------------------


def _read(file: SourceFile) -> Iterator[Read]:
    try:
        if not stat.S_ISREG(file.path.stat().st_mode):  # a pipe would block for ever
            raise Skip("not a file")
        yield from FORMATS[_ending(file.path.name) or ".txt"](file)
    except Skip as skip:
        yield file.place, Problem(file.place, str(skip))
    except EOFError:
        yield file.place, Problem(file.place, "the compressed file is cut short")
    except csv.Error as error:
        yield file.place, Problem(file.place, f"not CSV: {error}")
    except (OSError, zlib.error, UnicodeError) as error:
        yield (
            file.place,
            Problem(file.place, f"unreadable: {getattr(error, 'strerror', None) or error}"),
        )
