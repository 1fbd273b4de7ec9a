import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag
from index import embedding
from index.errors import EmbeddingMismatch, ModelError, SettingsError, StoreError
from index.store import Store
from index.sync import synchronise
from rag.settings import Settings
from tests.corpus import MORE, PROSE, numbered, write
from tests.embedding_server import BROKEN, BUSY, HUNG_UP, REFUSED, Reply, serving

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


@pytest.fixture
def provider(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.address)
        monkeypatch.setenv("OPENAI_API_KEY", "secret")
        yield server


def letters():
    return embedding.load("openai:letters")


def refusal(call, *arguments):
    with pytest.raises(ModelError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def in_turn(*replies):
    """Reply so to the first requests after this, and well to all others."""
    left = list(replies)
    return lambda texts: left.pop(0) if left else None


def test_texts_reach_the_provider_as_they_are(provider):
    model = letters()
    assert provider.requests == []
    assert (model.name, model.dimension) == ("openai:letters", 6)
    assert model.embed(["aaa", "eu"]).tolist() == [[1, 3, 0, 0, 0, 0], [1, 0, 1, 0, 0, 1]]
    assert model.embed_question("o").tolist() == [1, 0, 0, 0, 1, 0]
    asked = [request["input"] for request in provider.requests]
    assert asked == [["Beleg"], ["aaa", "eu"], ["o"]]
    for request in provider.requests:
        assert request == {
            "model": "letters", "encoding_format": "float", "input": request["input"],
        }  # fmt: skip


@pytest.mark.parametrize(("key", "sent"), [(None, "none"), ("", "none"), ("secret", "secret")])
def test_an_address_that_is_given_needs_no_key(provider, monkeypatch, key, sent):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.delenv("OPENAI_API_KEY")
    if key is not None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    model = embedding.load("openai:letters", provider.address)
    assert model.embed_question("a").tolist() == model.embed(["a"])[0].tolist()
    assert set(provider.keys) == {f"Bearer {sent}"}


@pytest.mark.parametrize("trouble", [BUSY, BROKEN, HUNG_UP], ids=["busy", "broken", "hung up"])
def test_a_server_in_trouble_is_asked_again(provider, trouble):
    model = letters()
    assert model.dimension
    provider.reply = in_turn(trouble, trouble)
    assert model.embed(["aaa"]).tolist() == [[1, 3, 0, 0, 0, 0]]
    assert [request["input"] for request in provider.requests] == [["Beleg"], *3 * [["aaa"]]]


@pytest.mark.parametrize(
    ("trouble", "said", "tries"),
    [
        (BUSY, "RateLimitError: Error code: 429", 6),
        (BROKEN, "InternalServerError: ", 6),
        (REFUSED, "AuthenticationError: Error code: 401", 1),
    ],
    ids=["busy", "broken", "refused"],
)
def test_a_server_that_stays_in_trouble_is_one_line(provider, trouble, said, tries):
    provider.reply = lambda texts: trouble
    message = refusal(lambda: letters().dimension)
    assert message.startswith(f"embedding 'openai:letters' does not answer as it should ({said}")
    assert message.endswith("): check the name of the model, its key and its address")
    assert len(provider.requests) == tries


def test_nobody_listens(monkeypatch):
    monkeypatch.setitem(embedding._FOR_PASSAGES, "max_retries", 0)
    model = embedding.load("openai:letters", "http://127.0.0.1:9/v1")
    assert "Connection refused" in refusal(lambda: model.dimension)
    model = embedding.load("openai:letters", "localhost:9/v1")
    assert "unsupported protocol" in refusal(lambda: model.dimension)


GOOD = [1.0] * 6


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply([GOOD]), "1 vectors for 2 texts"),
        (Reply([GOOD] * 3), "3 vectors for 2 texts"),
        (Reply([]), "0 vectors for 2 texts"),
        (Reply([GOOD, [1.0] * 5]), "vectors of 5 dimensions instead of 6"),
        (Reply([[1.0] * 7] * 2), "vectors of 7 dimensions instead of 6"),
        (Reply([GOOD, []]), "vectors of 0 dimensions instead of 6"),
        (Reply([GOOD, [float("nan")] * 6]), "no number"),
        (Reply([GOOD, [float("inf"), *GOOD[1:]]]), "no number"),
        (Reply([GOOD, [1e300, *GOOD[1:]]]), "no number"),
        (Reply([GOOD, [None, *GOOD[1:]]]), "no number"),
        (Reply([GOOD, [0.0] * 6]), "a vector of zeros"),
        (Reply([GOOD, ["a", *GOOD[1:]]]), ""),
        (Reply([GOOD, [[1.0], *GOOD[1:]]]), ""),
        (Reply([GOOD, None]), "what it sends are no vectors"),
        (Reply(body="<html>It works!</html>"), "what it sends are no vectors"),
        (Reply(body="{}"), "what it sends are no vectors"),
        (Reply(body='{"data": 7}'), ""),
        (Reply(body='{"data": [[1]]}'), ""),
        (Reply(body='{"data": [{}]}'), ""),
        (Reply(body="{"), ""),
    ],
)
def test_a_wrong_answer_is_refused(provider, reply, said):
    model = letters()
    assert model.dimension
    provider.reply = lambda texts: reply
    message = refusal(model.embed, ["a", "b"])
    assert message.startswith("embedding 'openai:letters' does not answer as it should (")
    assert said in message
    refusal(model.embed_question, "a", 5)


def test_vectors_without_dimensions_are_refused(provider):
    provider.reply = lambda texts: Reply([[]])
    assert "a vector of zeros" in refusal(lambda: letters().dimension)


def test_a_slow_server_is_waited_for_by_passages_not_by_questions(provider, monkeypatch):
    monkeypatch.setitem(embedding._FOR_QUESTIONS, "timeout", 0.2)
    model = letters()
    assert model.dimension
    provider.reply = lambda texts: Reply([GOOD], stall=0.6)
    assert model.embed(["a"]).tolist() == [GOOD]
    assert "timed out" in refusal(model.embed_question, "a")
    assert len(provider.requests) == 3


def test_patience_has_its_limit_for_passages_too(provider, monkeypatch):
    monkeypatch.setitem(embedding._FOR_PASSAGES, "timeout", 0.2)
    monkeypatch.setitem(embedding._FOR_PASSAGES, "max_retries", 1)
    model = letters()
    assert model.dimension
    provider.reply = lambda texts: Reply([GOOD], stall=0.5)
    assert "timed out" in refusal(model.embed, ["a"])
    assert len(provider.requests) == 3


def test_a_question_is_worth_one_try_of_five_seconds():
    assert embedding._FOR_QUESTIONS == {"timeout": 5, "max_retries": 0}


def test_a_store_can_be_built_and_asked_with_it(provider, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    paths = [write(tmp_path / "articles", numbered(3))]
    store, address = Store(tmp_path / "store"), provider.address
    assert synchronise(store, paths, "openai:letters", base_url=address).embedded_passages == 6
    asked = len(provider.requests)
    assert synchronise(store, paths, "openai:letters").unchanged
    assert len(provider.requests) == asked
    with pytest.raises(EmbeddingMismatch, match=r"--rebuild"):
        synchronise(store, paths, "subword")
    settings = Settings(store=store.folder, embedding="openai:letters", base_url=address)
    with rag.open(settings) as assistant:
        answer = assistant.ask("Wo wurde Glocke2 geläutet?")
    assert answer.citations[0].quote == "In Dorf2 wurde Glocke2 geläutet."
    assert [request["input"] for request in provider.requests[asked:]] == [[answer.question]]


def test_a_server_that_falls_silent_costs_one_line_and_no_store(provider, tmp_path):
    model = letters()
    assert model.dimension
    provider.reply = lambda texts: REFUSED
    refusal(model.embed, [PROSE])
    paths = [write(tmp_path / "x", numbered(1))]
    refusal(synchronise, Store(tmp_path), paths, "openai:letters")
    with pytest.raises(StoreError):
        Store(tmp_path).open()


@pytest.mark.parametrize(
    "trouble",
    [BUSY, BROKEN, HUNG_UP, Reply([[1.0] * 7]), Reply(body="{}"), Reply([GOOD], stall=1)],
    ids=["busy", "broken", "hung up", "other dimension", "no vectors", "slow"],
)
def test_a_question_is_answered_by_words_alone_while_the_server_fails(
    provider, tmp_path, monkeypatch, caplog, trouble
):
    monkeypatch.setitem(embedding._FOR_QUESTIONS, "timeout", 0.3)
    store = Store(tmp_path / "store")
    synchronise(store, [write(tmp_path / "articles", numbered(3))], "openai:letters")
    with rag.open(Settings(store=store.folder, embedding="openai:letters")) as assistant:
        hits = assistant.search("Glocke2")
        assert caplog.text == ""
        provider.reply = lambda texts: trouble
        answer = assistant.ask("Wo wurde Glocke2 geläutet?")
        assert answer.citations[0].quote == "In Dorf2 wurde Glocke2 geläutet."
        assert "words alone: embedding 'openai:letters' does not answer" in caplog.text
        assert assistant.search("Glocke2")[0].text == hits[0].text
        assert assistant.search("xyz") == ()
