import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.errors import CorpusError
from index.readers import Problem, SourceFile, find_files, read_corpus, read_file
from tests.corpus import PROSE
from tests.reading import read, record, write


def test_files_are_found_sorted_without_hidden_and_about_files(tmp_path):
    for name in ("b.txt", "a/x.MD", "a/page.htm", "c.jsonl.gz", "d.csv", "a/y.pdf"):
        write(tmp_path / name, PROSE)
    for name in (".git/z.txt", ".hidden.txt", "README.md", "a/readme.MD", "LICENSE.txt"):
        write(tmp_path / name, PROSE)
    found = [file.path.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert found == ["a/page.htm", "a/x.MD", "b.txt", "c.jsonl.gz", "d.csv"]


def test_a_file_named_twice_or_linked_is_found_once(tmp_path):
    file = write(tmp_path / "a" / "x.txt", PROSE)
    (tmp_path / "a" / "y.txt").symlink_to(file.path)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    found = find_files([tmp_path, tmp_path / "a", file.path])
    assert found == [SourceFile(file.path, tmp_path)]


def test_a_readme_named_explicitly_is_taken(tmp_path):
    file = write(tmp_path / "README.md", PROSE)
    assert find_files([file.path]) == [file]


@pytest.mark.parametrize("name", ["nowhere", "empty", "photo.jpg"])
def test_what_cannot_be_articles_is_refused_with_the_value_and_the_endings(tmp_path, name):
    (tmp_path / "empty").mkdir()
    write(tmp_path / "photo.jpg", b"\xff\xd8")
    with pytest.raises(CorpusError, match=rf"{name}.*\.txt, .*\.jsonl\.gz, \.csv") as caught:
        find_files([tmp_path / name])
    assert "\n" not in str(caught.value)


def test_ids_are_paths_below_the_folder_named(tmp_path):
    write(tmp_path / "bote" / "2025" / "a.b.txt", PROSE)
    [found] = read_corpus(find_files([tmp_path]))
    assert found.id == "bote/2025/a.b"


@pytest.mark.parametrize("ending", [".txt", ".md", ".html", ".jsonl", ".jsonl.gz", ".csv"])
@given(data=st.binary())
def test_reading_never_raises(tmp_path_factory, ending, data):
    path = tmp_path_factory.mktemp("bytes") / f"x{ending}"
    for found in read(path, data):
        assert isinstance(found, Article | Problem)
        str(found).encode()


def test_no_regular_file_is_ever_waited_for(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "good.txt", PROSE)
    assert len(list(read_corpus(find_files([tmp_path])))) == 4
    for name in ("folder.txt", "dangling.txt", "loop.txt", "pipe.txt", "gone.txt"):
        [found] = read_file(SourceFile(tmp_path / name, tmp_path))
        assert isinstance(found, Problem)
        assert "\n" not in found.reason


def test_an_unreadable_file_or_folder_is_a_problem(tmp_path, monkeypatch):
    write(tmp_path / "good.txt", PROSE)
    write(tmp_path / "locked" / "x.txt", PROSE)

    def scandir(folder, _scandir=os.scandir):
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return _scandir(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    good, locked = read_corpus(find_files([tmp_path]))
    assert good.id == "good"
    assert locked.path == str(tmp_path / "locked")


def test_the_second_article_of_an_id_is_a_problem(tmp_path):
    write(tmp_path / "a.txt", PROSE)
    write(tmp_path / "b.jsonl", f"{record(id='x')}\n{record(id='a')}\n{record(id='x')}")
    found = list(read_corpus(find_files([tmp_path])))
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "x"]
    place = str(tmp_path / "b.jsonl")
    assert [item for item in found if isinstance(item, Problem)] == [
        Problem(f"{place}:2", f"id 'a' is already used by {tmp_path / 'a.txt'}"),
        Problem(f"{place}:3", f"id 'x' is already used by {place}:1"),
    ]
