import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag
from index import embedding
from index.errors import EmbeddingMismatch, SettingsError, StoreError
from index.store import Store
from index.sync import synchronise
from rag.settings import Settings
from tests.corpus import MORE, PROSE, numbered, write

TEXTS = [PROSE, MORE, "Witkoff verhandelte in Miami.", "", "😀 …", "the bridge was closed", "a"]
PRINT = "import sys; from index import embedding as e; sys.stdout.write(e.load('subword')"


def subword():
    return embedding.load("subword")


def similarity(one, other):
    first, second = subword().embed([one, other])
    return float(first @ second)


def test_vectors_are_unit_vectors_and_zero_without_content_words():
    norms = np.linalg.norm(subword().embed(TEXTS), axis=1)
    assert norms == pytest.approx([1, 1, 1, 0, 0, 1, 0], abs=1e-6)


def test_shapes_and_types():
    model = subword()
    assert model.embed(TEXTS).shape == (len(TEXTS), model.dimension)
    assert model.embed([]).shape == (0, model.dimension)
    assert model.embed_question("Wer?").shape == (model.dimension,)
    assert model.embed(TEXTS).dtype == model.embed_question("Wer?").dtype == np.float32


@given(st.permutations(TEXTS * 2))
def test_neither_order_nor_company_changes_a_vector(texts):
    together = subword().embed(texts)
    alone = [subword().embed([text])[0] for text in texts]
    assert np.array_equal(together, np.array(alone))


def test_batches_do_not_change_a_vector():
    texts = [f"{PROSE} Fall {n}." for n in range(2100)]
    assert np.array_equal(subword().embed(texts)[-3:], subword().embed(texts[-3:]))


def test_a_question_has_the_vector_of_its_text():
    assert np.array_equal(subword().embed_question(PROSE), subword().embed([PROSE])[0])


def test_langchain_gets_the_same_vectors_as_lists():
    model = subword().model
    assert model.embed_documents([PROSE])[0] == model.embed_query(PROSE)
    assert np.array_equal(np.float32(model.embed_query(PROSE)), subword().embed_question(PROSE))


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_every_process_computes_the_same_vectors(seed):
    program = f"{PRINT}.embed([{PROSE!r}]).tobytes().hex())"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    printed = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert printed == subword().embed([PROSE]).tobytes().hex()


def test_the_vectors_are_those_of_the_fingerprint():
    """Whoever changes these values must raise the version, or old stores would answer nonsense."""
    model = subword()
    assert model.fingerprint == "subword-1024-v2"
    [vector] = model.embed(["Die Brücke über die Aue"])
    strongest = np.flatnonzero(np.abs(vector) > 0.25).tolist()
    assert strongest == [19, 290, 469, 490, 828, 872, 991]
    assert vector[strongest] == pytest.approx(
        [-0.280976, 0.280976, -0.280976, -0.280976, -0.280976, -0.280976, -0.324443], abs=1e-5
    )


@pytest.mark.parametrize(
    ("word", "near", "far"),
    [
        ("Selenskyj", "Selenskij", "Seestern"),
        ("Brücke", "Brucke", "Bremse"),
        ("Verhandlungen", "verhandelten", "Verwandlung"),
        ("Sturmflut", "Sturmfluten", "Stuhlgang"),
        ("Kranbrücke", "Brücke", "Krankheit"),
    ],
)
def test_a_typo_or_inflection_is_nearer_than_another_word(word, near, far):
    assert similarity(word, near) > similarity(word, far)


def test_function_words_hardly_count():
    assert similarity("die Brücke über die Aue", "Brücke Aue") > 0.9


def test_an_unknown_name_is_refused_with_what_is_possible():
    with pytest.raises(SettingsError, match=r"'word2vec' is unknown: use 'subword' or 'provider:"):
        embedding.load("word2vec")


@pytest.mark.parametrize("name", ["nobody:model", "cohere:embed-v3", "openai:", ":x"])
def test_a_provider_that_cannot_be_loaded_is_one_line(name, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match=name) as caught:
        embedding.load(name)
    assert "\n" not in str(caught.value)


# --- a provider's model, over a real socket --------------------------------------------------


class Provider(BaseHTTPRequestHandler):
    """Answers as OpenAI's embeddings do: a text's vector counts five of its letters."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        vectors = [
            [1.0, *(float(text.count(letter)) for letter in "aeiou")] for text in asked["input"]
        ]
        data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        answer = {"object": "list", "data": data, "model": asked["model"], "usage": usage}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *arguments):
        pass


@pytest.fixture
def provider(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.daemon_threads = True
    server.asked = []
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    yield server
    server.shutdown()
    server.server_close()


def test_texts_reach_the_provider_as_they_are(provider):
    model = embedding.load("openai:letters")
    assert (model.name, model.dimension) == ("openai:letters", 6)
    assert model.embed(["aaa", "eu"]).tolist() == [[1, 3, 0, 0, 0, 0], [1, 0, 1, 0, 0, 1]]
    assert [asked["input"] for asked in provider.asked] == [["Beleg"], ["aaa", "eu"]]
    assert {asked["model"] for asked in provider.asked} == {"letters"}


def test_a_store_can_be_built_and_asked_with_it(provider, tmp_path):
    paths = [write(tmp_path / "articles", numbered(3))]
    store = Store(tmp_path / "store")
    assert synchronise(store, paths, "openai:letters").embedded_passages == 6
    asked = len(provider.asked)
    assert synchronise(store, paths, "openai:letters").unchanged
    assert len(provider.asked) == asked
    with pytest.raises(EmbeddingMismatch, match=r"--rebuild"):
        synchronise(store, paths, "subword")
    with rag.open(Settings(store=store.folder, embedding="openai:letters")) as assistant:
        answer = assistant.ask("Wo wurde Glocke2 geläutet?")
    assert answer.citations[0].quote == "In Dorf2 wurde Glocke2 geläutet."


def test_a_provider_that_falls_silent_costs_one_line_and_no_store(provider, tmp_path, monkeypatch):
    model = embedding.load("openai:letters")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setattr(embedding, "_OPENAI", {**embedding._OPENAI, "max_retries": 0})
    with pytest.raises(SettingsError, match=r"'openai:letters' does not answer"):
        embedding.load("openai:letters")
    provider.shutdown()
    provider.server_close()
    with pytest.raises(SettingsError, match=r"'openai:letters' does not answer"):
        model.embed([PROSE])
    with pytest.raises(SettingsError):
        synchronise(Store(tmp_path), [write(tmp_path / "x", numbered(1))], "openai:letters")
    with pytest.raises(StoreError):
        Store(tmp_path).open()
