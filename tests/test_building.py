import sqlite3
import threading
from contextlib import closing

import pytest

from index import embedding
from index.archive import Archive
from index.building import Builder
from index.generation import Generation
from index.lexical import Lexical
from index.store import Store
from index.vectors import Vectors
from tests.corpus import MORE, PROSE, article, index_articles, numbered

SUBWORD = embedding.load("subword")


def silent(stage, done, total):
    pass


@pytest.fixture
def parent(tmp_path):
    index_articles(tmp_path / "store", numbered(20))
    with closing(Store(tmp_path / "store").open()) as generation:
        yield generation


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "next"
    made.mkdir()
    return made


def sizes(folder):
    with closing(Archive(folder)) as archive, closing(Vectors(folder)) as vectors:
        return archive.counts()["passages"], vectors.count(), Lexical(folder).count()


def test_all_three_parts_are_filled(folder):
    builder = Builder(folder, None, SUBWORD, silent)
    builder.fill([(article(PROSE, MORE), "1"), (article(PROSE, id="b"), "2")])
    assert sizes(folder) == (3, 3, 3)
    assert builder.embedded == 3


def test_all_three_parts_are_changed_and_the_parent_is_not(folder, parent):
    builder = Builder(folder, parent, SUBWORD, silent)
    builder.update(["artikel-003", "artikel-004"], [(article(PROSE), "1")])
    assert sizes(folder) == (37, 37, 37)
    assert builder.embedded == 1
    parent.check()


def test_nothing_to_put_in_and_nothing_to_take_out(folder, parent):
    Builder(folder, parent, SUBWORD, silent).update([], [])
    assert sizes(folder) == (40, 40, 40)


def test_progress_goes_up_to_the_number_of_passages(folder):
    seen = []
    builder = Builder(folder, None, SUBWORD, lambda *step: seen.append(step))
    builder.fill([(article(*(f"{PROSE} {n}" for n in range(2500))), "")])
    assert seen == sorted(set(seen))
    assert seen[-1] == ("embed", 2500, 2500)


def test_a_copy_is_whole_although_a_reader_is_writing_its_row(folder, parent: Generation):
    """Opening Chroma writes; pages of a transaction that is not over must not be copied."""
    database = parent.folder / "chroma" / "chroma.sqlite3"
    count = "SELECT count(*) FROM acquire_write"
    with closing(sqlite3.connect(database, check_same_thread=False)) as reader:
        before = reader.execute(count).fetchone()
        reader.execute("PRAGMA cache_size = 1")  # so that they reach the file
        rows = ((n,) for n in range(20_000))
        reader.executemany("INSERT INTO acquire_write (lock_status) VALUES (?)", rows)
        over = threading.Timer(0.5, reader.rollback)
        over.start()
        Builder(folder, parent, SUBWORD, silent).update([], [])
        over.join()
    with closing(sqlite3.connect(folder / "chroma" / "chroma.sqlite3")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute(count).fetchone()[0] <= before[0] + 2
