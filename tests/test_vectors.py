from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import numpy as np
import pytest

from index.vectors import Vectors

RNG = np.random.default_rng(7)
WIDTH = 32


def rows(count):
    return RNG.standard_normal((count, WIDTH)).astype(np.float32)


def names(count):
    return [f"bote/ü #{n}" for n in range(count)]


@pytest.fixture
def collection(tmp_path):
    vectors = Vectors(tmp_path)
    yield vectors
    vectors.close()


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*.bin")}


def test_what_is_stored_comes_back(collection):
    matrix = rows(3)
    collection.add(names(3), matrix)
    found = collection.get([*names(3), "nowhere"])
    assert sorted(found) == names(3)
    assert all(np.allclose(found[name], row) for name, row in zip(names(3), matrix, strict=True))
    assert collection.get([]) == {}


def test_the_nearest_come_first_with_their_cosine(collection):
    matrix = rows(50)
    collection.add(names(50), matrix * 3)  # length does not count
    question = matrix[7] + 0.1 * rows(1)[0]
    cosines = matrix @ question / np.linalg.norm(matrix, axis=1) / np.linalg.norm(question)
    found = collection.nearest(question, 5)
    assert [hit.id for hit in found] == [names(50)[at] for at in np.argsort(-cosines)[:5]]
    assert [hit.similarity for hit in found] == pytest.approx(np.sort(cosines)[:-6:-1], abs=1e-4)


def test_asking_for_more_than_there_is(collection):
    assert collection.nearest(rows(1)[0], 5) == []
    collection.add(names(3), rows(3))
    assert len(collection.nearest(rows(1)[0], 50)) == 3


def test_a_vector_of_zeros_can_be_stored_and_asked(collection):
    collection.add(names(2), np.zeros((2, WIDTH), dtype=np.float32))
    assert {hit.similarity for hit in collection.nearest(rows(1)[0], 2)} == {0}


def test_removed_is_gone_and_may_come_again(collection):
    collection.add(names(3), rows(3))
    collection.remove([names(3)[0], "nowhere"])
    assert collection.count() == 2
    collection.add(names(1), rows(1))
    assert collection.count() == 3
    collection.remove([])
    assert collection.count() == 3


def test_batches_are_equal_whole_and_no_more_than_chroma_takes(collection):
    cut = list(collection.batches(range(12_000)))
    assert [number for batch in cut for number in batch] == list(range(12_000))
    assert {len(batch) for batch in cut} == {4000}
    assert list(collection.batches([])) == []


def test_more_than_one_batch_can_be_read_and_removed(collection):
    for batch in collection.batches(names(5600)):
        collection.add(batch, np.tile(rows(1), (len(batch), 1)))
    assert len(collection.get(names(5600))) == collection.count() == 5600
    collection.remove(names(5600))
    assert collection.count() == 0


def test_reading_leaves_the_graph_on_disk_as_it_is(tmp_path):
    writer = Vectors(tmp_path)
    writer.add(names(300), rows(300))
    writer.close()
    before = files(tmp_path)
    reader = Vectors(tmp_path)
    reader.nearest(rows(1)[0], 5)
    reader.close()
    assert before
    assert files(tmp_path) == before


def test_two_openings_of_one_folder_do_not_close_each_other(tmp_path):
    first, second = Vectors(tmp_path), Vectors(tmp_path)
    first.add(names(3), rows(3))
    first.close()
    assert len(second.nearest(rows(1)[0], 3)) == 3
    second.close()


def test_many_threads_ask_at_once(collection):
    matrix = rows(200)
    collection.add(names(200), matrix)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda row: collection.nearest(row, 1)[0].id, matrix))
    assert found == names(200)


def test_a_folder_may_be_opened_while_another_thread_closes_it(tmp_path):
    Vectors(tmp_path).close()

    def open_and_close(_):
        for _ in range(20):
            with closing(Vectors(tmp_path)) as vectors:
                assert vectors.count() == 0

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(open_and_close, range(6)))
