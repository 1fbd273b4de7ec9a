import json
import os
import subprocess
import sys
from contextlib import closing

import numpy as np
import pytest

from index import lexical
from index.errors import CorpusError, EmbeddingMismatch, StoreError
from index.language import forms
from index.readers import Problem
from index.store import Store
from index.sync import synchronise
from tests.corpus import MORE, PROSE, index_articles, numbered, write

FRESH = """
import json, pathlib, sys
from index.store import Store
from index.sync import synchronise
report = synchronise(Store(pathlib.Path(sys.argv[1])), [pathlib.Path(sys.argv[2])], "subword")
heavy = [name for name in ("chromadb", "tantivy._", "trafilatura") if name in sys.modules]
print(json.dumps([report.unchanged, report.embedded_passages, heavy]))
"""


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store")


@pytest.fixture
def filled(store):
    index_articles(store.folder, numbered(20))
    return store


def inside(store):
    """Return what a store holds: each passage with its vector and whether its words find it."""
    with closing(store.open()) as generation:
        generation.check()
        passages = list(generation.archive.all_passages())
        vectors = generation.vectors.get([passage.id for passage in passages])
        for passage in passages:
            found = generation.lexical.search(forms(passage.text), 50)
            assert passage.id in {match.id for match in found}
        return {p.id: (p.text, vectors[p.id].round(4).tolist()) for p in passages}


def names(store):
    return sorted(path.name for path in store.generations.iterdir())


def was_copied(store, name):
    """Whether a generation began as a copy: then its collection is that of its parent."""
    folders = [store.generations / g for g in (name, store.manifest().parent)]
    first, second = ({p.name for p in (f / "chroma").iterdir() if p.is_dir()} for f in folders)
    return first == second


def test_the_first_run_indexes_everything(store):
    report = index_articles(store.folder, numbered(20))
    assert (report.generation, report.unchanged) == ("000001", False)
    assert (report.added, report.changed, report.removed) == (20, 0, 0)
    assert (report.embedded_passages, report.reused_passages) == (40, 0)
    assert report.counts == {"articles": 20, "paragraphs": 60, "boilerplate": 0, "passages": 40}
    assert len(inside(store)) == 40


def test_a_second_run_with_nothing_changed_does_nothing(filled, tmp_path):
    program = [sys.executable, "-c", FRESH, str(filled.folder), str(tmp_path / "store-articles")]
    assert json.loads(subprocess.check_output(program)) == [True, 0, []]
    assert names(filled) == ["000001"]
    report = index_articles(filled.folder, numbered(20))
    assert (report.generation, report.reused_passages, report.problems) == ("000001", 40, ())


@pytest.mark.parametrize(
    ("change", "counts", "embedded"),
    [
        (lambda a: a.update({"artikel-003": PROSE + "\n\n" + MORE}), (0, 1, 0), 2),
        (lambda a: a.update({"artikel-003": a["artikel-003"] + "\n\n" + MORE}), (0, 1, 0), 1),
        (lambda a: a.update({"new": MORE}), (1, 0, 0), 1),
        (lambda a: a.pop("artikel-003"), (0, 0, 1), 0),
        (lambda a: a.update({"moved": a.pop("artikel-003")}), (1, 0, 1), 0),
    ],
)
def test_a_little_change_is_made_in_a_copy(filled, change, counts, embedded, tmp_path):
    articles = numbered(20)
    change(articles)
    report = index_articles(filled.folder, articles)
    assert (report.added, report.changed, report.removed) == counts
    assert report.embedded_passages == embedded
    assert report.reused_passages == report.counts["passages"] - embedded
    assert was_copied(filled, "000002")
    anew = Store(tmp_path / "anew")
    index_articles(anew.folder, articles)
    assert inside(filled) == inside(anew)


def test_much_change_is_built_anew_with_every_known_vector(filled, tmp_path):
    articles = numbered(20, " heute") | {"new": PROSE}
    report = index_articles(filled.folder, articles)
    assert (report.added, report.changed, report.removed) == (1, 20, 0)
    assert (report.embedded_passages, report.reused_passages) == (21, 20)
    assert not was_copied(filled, "000002")
    anew = Store(tmp_path / "anew")
    index_articles(anew.folder, articles)
    assert inside(filled) == inside(anew)


def test_a_vector_that_is_known_is_taken_from_the_store_not_computed(filled):
    marked = np.eye(1, 1024, dtype=np.float32)
    with closing(filled.open()) as generation:
        generation.vectors.add(["artikel-003#2"], marked)
    index_articles(
        filled.folder, numbered(20, " heute") | {"artikel-003": numbered(4)["artikel-003"]}
    )
    assert inside(filled)["artikel-003#2"][1] == marked[0].tolist()


def test_many_small_changes_in_a_row_are_built_anew_in_time(filled):
    """Removed records weigh in the copies of copies, so they may not pile up."""
    articles = numbered(20)
    copied = []
    for n in range(8):
        articles[f"artikel-{n:03}"] += f"\n\nNachtrag {n} zu diesem Fall."
        report = index_articles(filled.folder, articles)
        copied.append(was_copied(filled, report.generation))
    assert copied == [True] * 5 + [False] + [True] * 2


def test_odd_article_ids_are_found_again(store):
    odd = ["mit Leerzeichen", "ärger/über #1", "a#1", "a", "a.b", "100%", "x'y", "😀"]
    index_articles(store.folder, {id_: f"{PROSE} Nummer{n}." for n, id_ in enumerate(odd)})
    with closing(store.open()) as generation:
        for n, id_ in enumerate(odd):
            assert generation.archive.article(id_).id == id_
            [best, *_] = generation.lexical.search([f"nummer{n}"], 1)
            assert best.id == f"{id_}#1"
    changed = {id_: f"{PROSE} Zahl{n}." for n, id_ in enumerate(odd)}
    index_articles(store.folder, {**changed, **{str(n): MORE + str(n) for n in range(99)}})
    assert index_articles(store.folder, {"a": PROSE, "ärger/über #1": MORE}).removed == 105
    assert set(inside(store)) == {"a#1", "ärger/über #1#1"}


def test_what_cannot_be_stored_is_a_problem_and_never_stops_the_run(store, tmp_path):
    lines = [
        {"id": "good", "text": PROSE},
        {"id": "a\ud800", "text": PROSE},
        {"id": "b", "text": "x\ud800"},
        {"id": "c", "text": PROSE, "title": "\udcff"},
        {"id": "d", "text": PROSE, "language": "\ud800"},
        {"id": "e" * 1001, "text": PROSE},
        {"id": "nul\0", "text": f"{PROSE}\0{MORE}"},
        {"id": "f" * 1000, "text": PROSE},
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    report = synchronise(store, [path], "subword")
    assert [problem.path for problem in report.problems] == [
        f"{path}:{n}" for n in (2, 3, 4, 5, 6, 7)
    ]
    assert report.problems[-2].reason == "id is longer than 1000 characters"
    assert set(inside(store)) == {"good#1", "f" * 1000 + "#1"}


def test_unreadable_files_are_reported_and_the_rest_is_indexed(store, tmp_path):
    folder = write(tmp_path / "articles", {"good": PROSE})
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(b"\0\1\2")
    os.mkfifo(folder / "pipe.txt")
    report = synchronise(store, [folder], "subword")
    reasons = [(problem.path, problem.reason) for problem in report.problems]
    assert report.added == 1
    assert reasons == [
        (str(folder / "binary.txt"), "binary"),
        (str(folder / "empty.txt"), "empty"),
        (str(folder / "pipe.txt"), "not a file"),
    ]
    assert isinstance(report.problems[0], Problem)
    again = synchronise(store, [folder], "subword")
    assert again.unchanged
    assert again.problems == report.problems


def test_a_folder_whose_name_is_no_text_can_be_indexed(store, tmp_path):
    folder = tmp_path / os.fsdecode(b"b\xe4r")
    try:
        write(folder, {"a": PROSE})
    except OSError:
        pytest.skip("this file system refuses such names")
    assert synchronise(store, [folder], "subword").added == 1
    assert synchronise(store, [folder], "subword").unchanged


def test_an_empty_corpus_keeps_the_store(filled, tmp_path):
    before = inside(filled)
    (tmp_path / "none").mkdir()
    (tmp_path / "bad.txt").write_text("")
    for path, reason in (
        ("none", "no articles in"),
        ("gone", "does not exist"),
        ("bad.txt", "empty"),
    ):
        with pytest.raises(CorpusError, match=reason):
            synchronise(filled, [tmp_path / path], "subword")
    assert names(filled) == ["000001"]
    assert inside(filled) == before


def test_rebuilding_starts_from_nothing(filled):
    report = index_articles(filled.folder, numbered(20), rebuild=True)
    assert (report.generation, report.unchanged) == ("000002", False)
    assert (report.embedded_passages, report.reused_passages) == (40, 0)


def test_another_embedding_is_refused_with_the_command_that_rebuilds(filled, tmp_path):
    command = r"run 'beleg index \S+store-articles --store \S+store --rebuild'"
    with pytest.raises(EmbeddingMismatch, match=command):
        synchronise(filled, [tmp_path / "store-articles"], "openai:text-embedding-3-small")


def test_progress_counts_up_to_the_end(store, tmp_path):
    seen = []
    paths = [write(tmp_path / "articles", numbered(5))]
    synchronise(store, paths, "subword", lambda *step: seen.append(step))
    assert seen[4] == ("read", 5, None)
    assert seen[-3:] == [("embed", 10, 10), ("publish", 0, 1), ("publish", 1, 1)]


@pytest.mark.parametrize("stage", ["embed", "publish"])
@pytest.mark.parametrize("much", [True, False])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
def test_an_interrupted_run_leaves_no_folder_and_the_old_generation(
    filled, tmp_path, stage, much, error
):
    before = inside(filled)
    articles = numbered(20, " heute") if much else numbered(21)
    paths = [write(tmp_path / "store-articles", articles)]

    def interrupt(at, done, total):
        if at == stage:
            raise error

    with pytest.raises(KeyboardInterrupt if error is KeyboardInterrupt else StoreError):
        synchronise(filled, paths, "subword", interrupt)
    assert names(filled) == ["000001"]
    assert inside(filled) == before
    assert synchronise(filled, paths, "subword").generation == "000002"


def test_a_lexical_index_that_cannot_be_built_keeps_the_store(filled, monkeypatch, capfd):
    before = inside(filled)
    monkeypatch.setattr(lexical, "sys", type("sys", (), {"executable": "/bin/false"}))
    with pytest.raises(StoreError, match=r"lexical index could not be built: exit code 1"):
        index_articles(filled.folder, numbered(20, " heute"))
    monkeypatch.undo()
    assert inside(filled) == before
    assert capfd.readouterr() == ("", "")


def test_a_store_can_be_updated_while_it_is_read(filled):
    with closing(filled.open()) as generation:
        index_articles(filled.folder, numbered(21))
        generation.check()
        assert generation.name == "000001"
    assert len(inside(filled)) == 42
