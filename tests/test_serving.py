import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from index.errors import EmbeddingMismatch, StoreMissing
from index.generation import is_in_use
from index.serving import Serving
from index.store import Store
from tests.corpus import index_articles, numbered


@pytest.fixture
def store(tmp_path):
    index_articles(tmp_path / "store", numbered(3))
    return Store(tmp_path / "store")


@pytest.fixture
def serving(store):
    opened = Serving(store, "subword")
    yield opened
    opened.close()


def name(serving):
    with serving.lease() as generation:
        return generation.name


def test_a_new_generation_is_picked_up_between_questions(store, serving):
    assert name(serving) == "000001"
    index_articles(store.folder, numbered(4))
    with serving.lease() as generation:
        assert generation.name == "000002"
        assert generation.archive.article("artikel-003")


def test_the_same_generation_is_opened_once(serving):
    with serving.lease() as first, serving.lease() as second:
        assert first is second


def test_an_old_generation_is_closed_when_its_last_user_is_done(store, serving):
    old = store.generations / "000001"
    with serving.lease() as first:
        with serving.lease() as second:
            index_articles(store.folder, numbered(4))
            assert name(serving) == "000002"
            second.check()
        assert is_in_use(old)
        first.check()
    assert not is_in_use(old)


def test_an_old_generation_without_users_is_closed_at_once(store, serving):
    index_articles(store.folder, numbered(4))
    assert name(serving) == "000002"
    assert not is_in_use(store.generations / "000001")


def test_closing_releases_the_store(store):
    serving = Serving(store, "subword")
    assert is_in_use(store.generations / "000001")
    serving.close()
    assert not is_in_use(store.generations / "000001")


def test_a_question_that_fails_gives_its_generation_back(store, serving):
    with pytest.raises(ZeroDivisionError), serving.lease():
        raise ZeroDivisionError
    index_articles(store.folder, numbered(4))
    name(serving)
    assert not is_in_use(store.generations / "000001")


def test_a_store_removed_meanwhile_keeps_answering(store, serving):
    (store.folder / "CURRENT").unlink()
    assert name(serving) == "000001"


def test_no_store_and_another_embedding_are_refused(store, tmp_path):
    with pytest.raises(StoreMissing):
        Serving(Store(tmp_path / "nowhere"), "subword")
    with pytest.raises(EmbeddingMismatch, match=r"--rebuild"):
        Serving(store, "openai:text-embedding-3-small")


@pytest.mark.slow
def test_many_threads_ask_while_generations_come_and_go(store, serving):
    done = threading.Event()

    def ask(_):
        seen = []
        while not done.is_set():
            with serving.lease() as generation:
                counts = generation.archive.counts()
                assert generation.vectors.count() == counts["passages"]
                assert generation.lexical.count() == counts["passages"]
                seen.append(generation.name)
        return seen

    with ThreadPoolExecutor(8) as threads:
        asking = [threads.submit(ask, n) for n in range(8)]
        try:
            for count in range(4, 12):
                index_articles(store.folder, numbered(count))
        finally:
            done.set()
        seen = [task.result() for task in asking]
    assert all(names == sorted(names) for names in seen)
    assert len({name for names in seen for name in names}) > 2
    assert name(serving) == "000009"
    assert [f.name for f in sorted(store.generations.iterdir()) if is_in_use(f)] == ["000009"]
