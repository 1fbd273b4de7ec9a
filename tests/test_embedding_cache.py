import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import embedding, sync
from index.embedding_cache import FILE, EmbeddingCache
from index.errors import EmbeddingMismatch, ModelError, StoreError
from index.store import Store
from tests.corpus import numbered, write
from tests.embedding_server import REFUSED, Reply, serving, vector

LETTERS = "openai:letters"
MANY = [f"Text {n} {'a' * (n % 7)}" for n in range(1000)]
BELEG = [sys.executable, "-c", "from ui.cli import main; main()"]


@pytest.fixture
def provider(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        monkeypatch.setitem(embedding._FOR_PASSAGES, "max_retries", 0)
        yield server


def cached(folder, name=LETTERS):
    return closing(EmbeddingCache(folder, embedding.load(name)))


def embed(folder, texts, name=LETTERS):
    with cached(folder, name) as cache:
        rows = cache.embed(texts)
    assert rows.dtype == np.float32
    assert rows.tolist() == [vector(text) for text in texts]


# --- the cache alone -------------------------------------------------------------------------


def test_what_is_known_is_not_asked_for_again(provider, tmp_path):
    embed(tmp_path, ["aaa", "eu"])
    assert provider.bill() == ["aaa", "eu"]
    embed(tmp_path, ["x", "eu", "aaa", "eu", "o", "o"])
    assert provider.bill() == ["x", "o"]
    embed(tmp_path, ["x", "eu", "aaa", "o"])
    assert provider.bill() == []


def test_nothing_is_embedded_for_nothing(provider, tmp_path):
    with cached(tmp_path) as cache:
        assert cache.embed([]).shape == (0, 6)
        assert cache.embedded == 0
    assert provider.bill() == []


def test_it_counts_what_was_asked_for(provider, tmp_path):
    embed(tmp_path, ["a"])
    with cached(tmp_path) as cache:
        cache.embed(["a", "b", "b"])
        cache.embed(["b", "c"])
        assert cache.embedded == 2


def test_models_are_kept_apart(provider, tmp_path):
    embed(tmp_path, ["a"])
    embed(tmp_path, ["a"], "openai:others")
    assert provider.bill() == ["a", "a"]


def test_order_is_kept_whatever_comes_first(provider, tmp_path):
    first = MANY[0]
    provider.reply = lambda texts: first in texts and Reply(list(map(vector, texts)), stall=0.3)
    embed(tmp_path, MANY)
    assert max(len(request["input"]) for request in provider.requests) == embedding.BATCH
    assert sorted(provider.bill()) == sorted(MANY)


def test_four_requests_are_in_flight_and_no_more(provider, tmp_path):
    together = threading.Barrier(4)
    inside = threading.Semaphore(4)

    def reply(texts):
        if texts == ["Beleg"]:
            return None
        assert inside.acquire(blocking=False)
        together.wait(timeout=10)  # until four are here
        time.sleep(0.1)  # and a fifth would be
        inside.release()
        return None

    provider.reply = reply
    embed(tmp_path, MANY[: 8 * embedding.BATCH])


def test_any_texts_in_any_order_are_those_of_the_server(provider, tmp_path):
    text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9)
    with cached(tmp_path) as cache:

        @given(st.lists(text, max_size=12))
        def check(texts):
            assert cache.embed(texts).tolist() == [vector(text) for text in texts]

        check()
        paid = provider.bill()
        assert len(paid) == len(set(paid)) == cache.embedded


def test_a_vector_of_another_dimension_is_asked_for_again(provider, tmp_path):
    embed(tmp_path, ["a", "b"])
    provider.reply = lambda texts: Reply([[1.0] * 7 for _ in texts])
    with cached(tmp_path) as cache:
        assert cache.embed(["b", "c"]).tolist() == [[1.0] * 7] * 2
        assert cache.embedded == 2
    provider.reply = lambda texts: None
    provider.bill()
    embed(tmp_path, ["a", "b", "c"])
    assert provider.bill() == ["b", "c"]


def test_a_failed_batch_takes_no_other_with_it(provider, tmp_path):
    bad = MANY[100]
    provider.reply = lambda texts: bad in texts and REFUSED
    with cached(tmp_path) as cache, pytest.raises(ModelError) as caught:
        cache.embed(MANY)
    paid = provider.bill()
    assert 0 < len(paid) <= len(MANY) - embedding.BATCH
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"embedding {LETTERS!r} does not answer as it should")
    assert str(caught.value).endswith(f"run the same command again, {len(paid)} passages are kept")
    provider.reply = lambda texts: None
    embed(tmp_path, MANY)
    assert sorted(paid + provider.bill()) == sorted(MANY)


def test_after_a_failure_nothing_more_is_asked_for(provider, tmp_path):
    first = MANY[0]
    with cached(tmp_path) as cache:
        provider.reply = lambda texts: REFUSED._replace(stall=0.5 * (first in texts))
        with pytest.raises(ModelError, match=r", 0 passages are kept"):
            cache.embed(MANY)
    assert len(provider.requests) <= 1 + 4


def test_a_wrong_answer_is_not_kept(provider, tmp_path):
    with cached(tmp_path) as cache:
        provider.reply = lambda texts: Reply([[float("nan")] * 6 for _ in texts])
        with pytest.raises(ModelError, match=r"no number.*, 0 passages are kept"):
            cache.embed(["a"])
    provider.reply = lambda texts: None
    embed(tmp_path, ["a"])


# --- a file that is damaged or not ours ------------------------------------------------------


def overwrite(path, start, data):
    with path.open("r+b") as file:
        file.seek(start)
        file.write(data)


def foreign(path, statement):
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute(statement)


DAMAGES = {
    "text": lambda path: path.write_text("This is no database. " * 400),
    "cut": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut to its head": lambda path: os.truncate(path, 100),
    "head": lambda path: overwrite(path, 0, bytes(100)),
    "first page": lambda path: overwrite(path, 100, b"\xff" * 3000),
    "other table": lambda path: foreign(path, "CREATE TABLE songs (title)"),
    "other columns": lambda path: foreign(path, "CREATE TABLE vectors (model, number)"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_foreign_file_is_set_aside(provider, tmp_path, damage):
    embed(tmp_path, MANY[:500])
    path = tmp_path / FILE
    DAMAGES[damage](path)
    before = path.read_bytes()
    provider.bill()
    embed(tmp_path, MANY)
    assert (tmp_path / f"{FILE}.damaged").read_bytes() == before
    assert sorted(provider.bill()) == sorted(MANY)
    embed(tmp_path, MANY)
    assert provider.bill() == []


@pytest.mark.parametrize("page", range(1, 12))
def test_a_damaged_page_is_noticed_when_it_is_read(provider, tmp_path, page):
    """What is left of such a file may be used or not, but never stops anything."""
    embed(tmp_path, MANY[:500])
    overwrite(tmp_path / FILE, page * 4096, b"\xff" * 512)
    provider.bill()
    with cached(tmp_path) as cache:
        assert cache.embed(MANY).shape == (1000, 6)
        cache.embed([f"{text}!" for text in MANY])
    assert len(provider.bill()) >= 1500


def test_an_empty_file_is_a_new_one(provider, tmp_path):
    (tmp_path / FILE).touch()
    embed(tmp_path, ["a"])
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_full_disk_is_no_damage(provider, tmp_path):
    embed(tmp_path, MANY[:64])
    before, limits = (tmp_path / FILE).read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    with cached(tmp_path) as cache:
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before), limits[1]))
        try:
            with pytest.raises(sqlite3.OperationalError):
                cache.embed(MANY)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {FILE: before}


def test_a_place_that_cannot_be_written_is_no_damage(provider, tmp_path):
    (tmp_path / "store" / FILE).mkdir(parents=True)
    paths = [write(tmp_path / "articles", numbered(1))]
    with pytest.raises(StoreError, match=r"could not be written, it stays as it was: unable to"):
        sync.synchronise(Store(tmp_path / "store"), paths, LETTERS)
    assert (tmp_path / "store" / FILE).is_dir()


# --- within a store --------------------------------------------------------------------------


class Archive:
    """A store, a server and a corpus that changes."""

    def __init__(self, folder, provider):
        self.folder, self.provider = folder, provider
        self.store = Store(folder / "store")

    def index(self, articles, **options):
        """Index the articles; return what was reported and which texts were paid for."""
        paths = [write(self.folder / "articles", articles)]
        report = sync.synchronise(self.store, paths, LETTERS, **options)
        with closing(self.store.open()) as generation:
            generation.check()
        paid = self.provider.bill()
        assert len(paid) == len(set(paid)) == report.embedded_passages
        assert report.reused_passages == report.counts["passages"] - len(paid)
        return paid


@pytest.fixture
def archive(tmp_path, provider):
    return Archive(tmp_path, provider)


def test_rebuilding_pays_for_nothing(archive):
    assert len(archive.index(numbered(20))) == 40
    assert archive.index(numbered(20), rebuild=True) == []


def test_an_article_that_comes_back_is_not_paid_for_again(archive):
    archive.index(numbered(20))
    fewer = {id_: text for id_, text in numbered(20).items() if id_ != "artikel-003"}
    assert archive.index(fewer) == []
    assert archive.index(fewer | {"new": "Ein ganz neuer Satz, der im Archiv noch fehlte."}) != []
    assert archive.index(numbered(20)) == []


def test_old_texts_are_free_after_many_generations(archive):
    first, second = numbered(20), numbered(20, " heute")
    assert len(archive.index(first)) == 40
    assert len(archive.index(second)) == 20
    assert archive.index(first) == []
    assert archive.index(second) == []


def test_the_same_paragraph_in_two_articles_is_paid_for_once(archive):
    text = numbered(1)["artikel-000"]
    assert len(archive.index({"eins": text, "zwei": text})) == 2


def test_a_lost_cache_loses_no_vector_of_the_store(archive):
    archive.index(numbered(20))
    (archive.store.folder / FILE).write_text("lost")
    [one, two] = archive.index(numbered(21))
    assert "Dorf20" in one + two


def test_a_server_that_fails_in_the_middle_is_paid_for_the_rest_only(archive, provider):
    calls = []

    def reply(texts):
        calls.append(texts)
        return REFUSED if len(calls) > 4 else None

    provider.reply = reply
    with pytest.raises(ModelError) as caught:
        archive.index(numbered(400))
    paid = provider.bill()
    assert len(paid) == 3 * embedding.BATCH
    assert str(caught.value).endswith(f"run the same command again, {len(paid)} passages are kept")
    assert archive.store.current() is None
    provider.reply = lambda texts: None
    assert len(archive.index(numbered(400))) == 800 - len(paid)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_what_an_interrupted_run_paid_for_is_kept(archive, provider, error):
    def interrupt(stage, done, total):
        if stage == "publish":
            raise error

    with pytest.raises((KeyboardInterrupt, StoreError)):
        archive.index(numbered(20), progress=interrupt)
    assert len(provider.bill()) == 40
    assert archive.index(numbered(20)) == []


@pytest.mark.slow
def test_a_killed_run_loses_what_was_in_flight_at_most(tmp_path, provider):
    """The server answers ten requests, then no more; then the process is killed."""
    arrived = []
    stuck, over = threading.Event(), threading.Event()

    def reply(texts):
        arrived.append(texts)
        if len(arrived) > 10:
            stuck.set()
            over.wait(timeout=60)
        return None

    provider.reply = reply
    paths = write(tmp_path / "articles", numbered(1000))
    command = [*BELEG, "index", str(paths), "--store", str(tmp_path / "store")]
    environment = {**os.environ, "BELEG_EMBEDDING": LETTERS}
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        assert stuck.wait(timeout=60)
        kept = len(provider.bill())
        os.kill(process.pid, signal.SIGKILL)
    over.set()
    store = Store(tmp_path / "store")
    assert store.current() is None
    provider.reply = lambda texts: None
    report = sync.synchronise(store, [paths], LETTERS)
    assert 2000 - kept <= report.embedded_passages <= 2000 - kept + 4 * embedding.BATCH
    assert kept >= 6 * embedding.BATCH


def test_a_model_that_changed_its_dimension_is_refused_until_all_is_rebuilt(archive, provider):
    archive.index(numbered(5))
    provider.reply = lambda texts: Reply([[*vector(text), 1.0] for text in texts])
    with pytest.raises(EmbeddingMismatch, match=r"of 6 dimensions, which now has 7: run 'beleg"):
        archive.index(numbered(6))
    assert len(archive.index(numbered(6), rebuild=True)) == 12


def test_the_built_in_embedding_leaves_no_trace(tmp_path):
    program = (
        "import pathlib, sys; from index.store import Store; from index.sync import synchronise\n"
        "synchronise(Store(pathlib.Path(sys.argv[1])), [pathlib.Path(sys.argv[2])], 'subword')\n"
        "print([m for m in ('index.embedding_cache', 'langchain_openai') if m in sys.modules])"
    )
    paths = write(tmp_path / "articles", numbered(3))
    command = [sys.executable, "-c", program, str(tmp_path / "store"), str(paths)]
    assert subprocess.check_output(command, text=True) == "[]\n"
    assert not (tmp_path / "store" / FILE).exists()
