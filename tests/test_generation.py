import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from index.errors import EmbeddingMismatch, StoreError
from index.generation import MANIFEST, Generation, Manifest, is_in_use
from index.lexical import LexicalWriter
from index.store import Store
from index.vectors import Vectors
from tests.corpus import index_articles, numbered

HOLD = """
import pathlib, sys
from index.generation import Generation
held = Generation(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    store = tmp_path_factory.mktemp("published") / "store"
    index_articles(store, numbered(3))
    return store / "generations" / "000001"


@pytest.fixture
def folder(published, tmp_path):
    """A copy of a small generation, to be damaged."""
    return shutil.copytree(published, tmp_path / "000001")


def test_the_manifest_says_what_the_generation_is_made_of(published):
    manifest = Manifest.read(published)
    assert (manifest.generation, manifest.parent, manifest.embedding) == (
        "000001",
        None,
        "subword",
    )
    assert manifest.counts == {"articles": 3, "paragraphs": 9, "boilerplate": 0, "passages": 6}
    assert manifest.paths == (str(published.parents[1].with_name("store-articles")),)


def test_a_manifest_comes_back_as_it_was_written(published, tmp_path):
    manifest = replace(Manifest.read(published), paths=("mit Leerzeichen/ü",), parent="000000")
    manifest.write(tmp_path)
    assert Manifest.read(tmp_path) == manifest


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 1}', b'{"format": 1, "paths": 3}'],
)
def test_a_damaged_manifest_is_one_line_with_the_remedy(folder, content):
    (folder / MANIFEST).write_bytes(content)
    with pytest.raises(StoreError, match=r"manifest\.json cannot be read .*--rebuild") as caught:
        Generation(folder)
    assert "\n" not in str(caught.value)


def test_a_missing_manifest_is_a_store_error(tmp_path):
    with pytest.raises(StoreError, match=r"manifest\.json cannot be read"):
        Generation(tmp_path)


def test_another_format_is_named_whatever_else_it_has(folder):
    fields = json.loads((folder / MANIFEST).read_text()) | {"format": 99, "more": 1}
    (folder / MANIFEST).write_text(json.dumps(fields))
    with pytest.raises(StoreError, match=r"has format 99, this version reads 1: .*--rebuild"):
        Generation(folder)


def test_another_embedding_is_refused_with_the_command_that_rebuilds(published, tmp_path):
    manifest = replace(Manifest.read(published), paths=("zwei Worte",))
    manifest.require_embedding("subword", tmp_path)
    command = rf"beleg index 'zwei Worte' --store {tmp_path} --rebuild"
    with pytest.raises(EmbeddingMismatch, match=command):
        manifest.require_embedding("openai:text-embedding-3-small", tmp_path)


def test_a_sound_generation_passes_its_check(published):
    with closing(Generation(published)) as generation:
        generation.check()
        assert generation.name == "000001"


def lose_a_vector(folder):
    vectors = Vectors(folder)
    vectors.remove(["artikel-000#2"])
    vectors.close()


def swap_a_vector(folder):
    vectors = Vectors(folder)
    vectors.remove(["artikel-000#2"])
    vectors.add(["stranger"], np.ones((1, 1024), dtype=np.float32))
    vectors.close()


def lose_the_vectors(folder):
    shutil.rmtree(folder / "chroma")


def lose_a_document(folder):
    lexical = LexicalWriter(folder)
    lexical.remove(["artikel-000#2"])
    lexical.close()


def lose_a_row(folder):
    connection = sqlite3.connect(folder / "archive.sqlite")
    with connection:
        connection.execute("DELETE FROM passages WHERE id = 'artikel-000#2'")
    connection.close()


@pytest.mark.parametrize(
    "damage", [lose_a_vector, swap_a_vector, lose_the_vectors, lose_a_document, lose_a_row]
)
def test_parts_that_disagree_are_found(folder, damage):
    damage(folder)
    damaged = pytest.raises(StoreError, match=r"generation 000001 is damaged.*--rebuild")
    with damaged, closing(Generation(folder)) as generation:
        generation.check()


def garble(path):
    path.write_bytes(b"garbage" * 100)


@pytest.mark.parametrize("file", ["archive.sqlite", "chroma/chroma.sqlite3", "lexical/meta.json"])
def test_a_garbled_file_is_one_line_and_releases_the_rest(published, tmp_path, file):
    shutil.copytree(published.parents[1], tmp_path / "store")
    garble(tmp_path / "store" / "generations" / "000001" / file)
    with pytest.raises(StoreError) as caught, closing(Store(tmp_path / "store").open()) as opened:
        opened.check()
    assert "--rebuild" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not is_in_use(tmp_path / "store" / "generations" / "000001")


def test_passages_without_words_do_not_fail_the_check(tmp_path):
    index_articles(tmp_path / "store", {"a": "– " * 150, "b": "Ein Absatz mit Worten."})
    with closing(Store(tmp_path / "store").open()) as generation:
        generation.check()


def test_a_generation_without_passages_passes_its_check(tmp_path):
    index_articles(tmp_path / "store", {"a": "Cookies zulassen"})
    with closing(Store(tmp_path / "store").open()) as generation:
        generation.check()


def test_it_is_in_use_while_any_process_has_it_open(folder):
    assert not is_in_use(folder)
    generation = Generation(folder)
    assert is_in_use(folder)
    generation.close()
    assert not is_in_use(folder)
    reader = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(reader, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert is_in_use(folder)
        process.kill()
    assert not is_in_use(folder)
