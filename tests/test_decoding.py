import codecs
import gzip
import os
import tracemalloc

import pytest

from index import decoding
from index.article import Article
from index.readers import Problem
from tests.corpus import MORE, PROSE
from tests.reading import article, problem, read, record, texts


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
@pytest.mark.parametrize("name", ["x.txt", "x.csv"])
def test_umlauts_and_quotes_survive_every_usual_encoding(tmp_path, encoding, name):
    content = MORE if name == "x.txt" else f'id;title;text\r\na;T;"{MORE}"\r\n'
    assert texts(article(tmp_path / name, content.encode(encoding))) == [MORE]


def test_utf_16_with_the_other_byte_order(tmp_path):
    data = codecs.BOM_UTF16_BE + MORE.encode("utf-16-be")
    assert texts(article(tmp_path / "x.txt", data)) == [MORE]


def test_one_broken_byte_does_not_garble_the_rest(tmp_path):
    found = article(tmp_path / "x.txt", MORE.encode() + b" \xff " + PROSE.encode())
    assert texts(found) == [f"{MORE} \ufffd {PROSE}"]


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html", "x.jsonl", "x.csv"])
@pytest.mark.parametrize(
    "data", [b"PK\3\4 text \0\0\1", b"\x89PNG\r\n\0", bytes(range(128, 256)) * 9]
)
def test_binary_files_are_problems(tmp_path, name, data):
    assert problem(tmp_path / name, data).reason == "binary"


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.jsonl", "x.jsonl.gz", "x.csv"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\n"])
def test_empty_files_are_problems(tmp_path, name, data):
    data = gzip.compress(data) if name.endswith(".gz") else data
    assert problem(tmp_path / name, data) == Problem(str(tmp_path / name), "empty")


def test_oversized_files_are_problems_that_state_both_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_FILE_BYTES", 2_000_000)
    assert problem(tmp_path / "x.txt", b"a" * 2_340_000).reason == "2.3 MB, the limit is 2 MB"


def test_a_gzip_cut_short_gives_what_came_before(tmp_path):
    lines = "\n".join(record(id=str(n), text=f"{os.urandom(40).hex()} {n}") for n in range(3000))
    *articles, last = read(tmp_path / "x.jsonl.gz", gzip.compress(lines.encode())[:-20_000])
    assert len(articles) > 100
    assert last == Problem(str(tmp_path / "x.jsonl.gz"), "the compressed file is cut short")
    assert "unreadable" in problem(tmp_path / "y.jsonl.gz", b"no gzip").reason


def test_a_gzip_bomb_is_not_unpacked_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(decoding, "MAX_LINE", 100_000)
    bomb = gzip.compress(record().encode() + b"\n" + b" " * 50_000_000)
    tracemalloc.start()
    first, second = read(tmp_path / "x.jsonl.gz", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Article)
    assert second.reason == "line 2 is longer than 100,000 characters"
    assert peak < 10_000_000
