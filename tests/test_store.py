import subprocess
import sys
import threading

import pytest

from index.errors import StoreBusy, StoreError, StoreMissing
from index.generation import MANIFEST
from index.store import Store
from tests.corpus import index_articles, numbered

HOLD = """
import pathlib, sys
from index.store import Store
with Store(pathlib.Path(sys.argv[1])).writing():
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def filled(store):
    index_articles(store.folder, numbered(3))
    return store


def finish(store, name):
    """Make a folder that looks like a finished generation."""
    folder = store.generations / name
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text("{}")
    return folder


def names(store):
    return sorted(path.name for path in store.generations.iterdir())


def test_nothing_is_published_at_first(store):
    assert store.current() is None
    for question in (store.manifest, store.open):
        with pytest.raises(StoreMissing, match=r"no store at .*: run 'beleg index PATH"):
            question()
    assert not store.folder.exists()


def test_what_is_published_serves(filled):
    assert filled.current() == filled.manifest().generation == "000001"
    generation = filled.open()
    assert generation.name == "000001"
    generation.close()


def test_publishing_replaces_the_name_and_leaves_nothing_beside_it(store):
    for name in ("000001", "000002"):
        store.publish(finish(store, name))
        assert store.current() == name
        assert sorted(path.name for path in store.folder.iterdir()) == ["CURRENT", "generations"]


def test_readers_see_one_name_or_the_next_while_it_is_replaced(store):
    folders = [finish(store, f"{n:06}") for n in range(1, 60)]
    store.publish(folders[0])
    seen, done = set(), threading.Event()

    def look():
        while not done.is_set():
            seen.add(store.current())

    thread = threading.Thread(target=look)
    thread.start()
    for folder in folders:
        store.publish(folder)
    done.set()
    thread.join()
    assert seen <= {folder.name for folder in folders}


@pytest.mark.parametrize("content", [b"", b"000099\n", b"\xff\xfe", b"../..\n", b"\0"])
def test_a_damaged_current_is_one_line_and_can_be_rebuilt(filled, content):
    (filled.folder / "CURRENT").write_bytes(content)
    with pytest.raises(StoreError, match=r"cannot be read") as caught:
        filled.open()
    assert "\n" not in str(caught.value)
    assert index_articles(filled.folder, numbered(3), rebuild=True).counts["articles"] == 3
    filled.open().close()


def test_a_lost_current_is_a_missing_store_and_indexing_mends_it(filled):
    (filled.folder / "CURRENT").unlink()
    with pytest.raises(StoreMissing):
        filled.open()
    assert index_articles(filled.folder, numbered(3)).added == 3
    assert filled.current() == "000002"


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_file_is_no_store(tmp_path, place):
    (tmp_path / "file").write_text("Hallo")
    store = Store(tmp_path / place)
    for question in (store.open, store.manifest, store.writing().__enter__):
        with pytest.raises(StoreError, match=rf"'.*{place}' cannot be (read|written)") as caught:
            question()
        assert "\n" not in str(caught.value)


# --- one writer ------------------------------------------------------------------------------


def test_a_second_writer_in_another_process_is_refused_at_once(filled):
    holder = [sys.executable, "-c", HOLD, str(filled.folder)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with pytest.raises(StoreBusy, match=r"is being written by another process") as caught:
            index_articles(filled.folder, numbered(4))
        assert "\n" not in str(caught.value)
        filled.open().close()  # readers do not care
        process.kill()
    assert index_articles(filled.folder, numbered(4)).added == 1


def test_what_killed_runs_left_is_removed_before_more_is_written(filled):
    for name in ("000007", "000009"):
        (filled.generations / name).mkdir()
    with filled.writing(), filled.next_generation() as folder:
        assert folder.name == "000010"
        assert {f.name for f in filled.generations.iterdir()} == {"000001", "000010"}


def test_the_lock_is_free_after_an_error(store):
    with pytest.raises(ZeroDivisionError), store.writing():
        raise ZeroDivisionError
    with store.writing(), pytest.raises(StoreBusy), Store(store.folder).writing():
        pass


# --- the next generation ---------------------------------------------------------------------


def test_numbers_go_up_and_are_never_used_twice(filled):
    (filled.generations / "000007").mkdir()  # what a killed run left; its child may still write
    with filled.next_generation() as folder:
        assert folder.name == "000008"
        assert list(folder.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt(), StoreBusy("x")])
def test_what_could_not_be_filled_is_removed(filled, error):
    def fill():
        with filled.next_generation() as folder:
            (folder / "half").write_text("")
            raise error

    with pytest.raises(type(error)):
        fill()
    assert names(filled) == ["000001"]


def test_an_error_of_a_library_becomes_one_line(filled):
    with (
        pytest.raises(StoreError, match=r"could not be written, it stays as it was: .*space"),
        filled.next_generation(),
    ):
        raise OSError(28, "No space left on device\nand more")
    assert names(filled) == ["000001"]


def test_what_is_already_published_is_not_removed_by_an_interrupt(filled):
    def fill():
        with filled.next_generation() as folder:
            (folder / MANIFEST).write_text("{}")
            filled.publish(folder)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill()
    assert names(filled) == ["000001", "000002"]


# --- what is kept ----------------------------------------------------------------------------


def test_the_last_two_that_served_are_kept_and_unfinished_ones_are_not(store):
    for name in ("000001", "000002", "000004", "000009"):
        finish(store, name)
    (store.generations / "000003").mkdir()
    store.publish(store.generations / "000004")
    store.prune()
    assert names(store) == ["000002", "000004"]


def test_a_generation_somebody_reads_is_kept(filled):
    generation = filled.open()
    for number in range(4, 8):
        index_articles(filled.folder, numbered(number))
    assert names(filled) == ["000001", "000004", "000005"]
    generation.check()
    generation.close()
    filled.prune()
    assert names(filled) == ["000004", "000005"]


def test_other_things_in_the_folder_are_left_alone(filled):
    (filled.generations / "notes").mkdir()
    filled.prune()
    assert names(filled) == ["000001", "notes"]
