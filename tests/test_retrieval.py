import datetime
import json

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index import embedding
from index.lexical import Period
from index.store import Store
from index.sync import synchronise
from rag.question import understand
from rag.retrieval import HybridRetriever, retrieve

LONG = " ".join(f"Satz {n} handelt vom Leuchtturm und von Wetterlage {n}." for n in range(80))
ARTICLES = [
    {"id": "bote/rutte", "title": "Lob aus Brüssel", "date": "2025-12-21", "source": "Bote",
     "url": "https://example.org/1", "text": "Rutte lobte den Einsatz.\n\nDer Himmel war grau."},
    {"id": "kurier/rutte", "title": "Lob", "date": "2025-12-22",
     "text": "Rutte lobte den Einsatz."},
    {"id": "selenski", "title": "Besuch", "text": "Selenski reiste nach Miami."},
    {"id": "lang", "title": "Leuchtturm", "date": "2024-01-01", "text": LONG},
    {"id": "titel", "title": "Hochwasser an der Aue", "text": "Der Pegel stieg um zwei Meter."},
]  # fmt: skip


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("retrieval")
    lines = (json.dumps(article, ensure_ascii=False) for article in ARTICLES)
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    store = Store(folder / "store")
    synchronise(store, [folder / "articles.jsonl"], "subword")
    generation = store.open()
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def find(generation):
    def find(text, k=10, period=(None, None)):
        question = understand(text, period=Period(*period))
        return retrieve(question, generation, embedding.load("subword"), k)

    return find


def ids(hits):
    return [hit.article_id for hit in hits]


def test_a_hit_is_the_paragraph_with_its_article(find):
    hit = next(hit for hit in find("Rutte lobte") if hit.article_id == "bote/rutte")
    assert (hit.paragraph, hit.text) == (1, "Rutte lobte den Einsatz.")
    assert (hit.start, hit.end) == (0, len(hit.text))
    assert (hit.title, hit.date) == ("Lob aus Brüssel", datetime.date(2025, 12, 21))
    assert (hit.source, hit.url) == ("Bote", "https://example.org/1")


def test_equal_paragraphs_of_two_articles_are_two_hits(find):
    assert set(ids(find("Wer lobte den Einsatz? Rutte")[:2])) == {"bote/rutte", "kurier/rutte"}


def test_hits_are_sorted_and_no_more_than_asked_for(find):
    hits = find("Rutte Einsatz Miami Leuchtturm", k=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert find("Rutte Einsatz Miami Leuchtturm", k=2) == hits[:2]


def test_the_pieces_of_a_long_paragraph_are_one_hit(find, generation):
    assert generation.manifest.counts["passages"] > generation.manifest.counts["paragraphs"]
    found = [hit for hit in find("Leuchtturm Wetterlage 79") if hit.article_id == "lang"]
    assert len(found) == 1
    assert "Wetterlage 79." in found[0].text
    assert LONG[found[0].start : found[0].end] == found[0].text
    assert found[0].start > 0


@pytest.mark.parametrize("text", ["Selenskyj", "Zelensky", "Selenksi", "selenski"])
def test_a_name_is_found_however_it_is_spelled(find, text):
    assert ids(find(text))[0] == "selenski"


def test_the_headline_finds_its_article(find):
    assert ids(find("Hochwasser"))[0] == "titel"


def test_a_period_keeps_out_other_days_and_the_undated(find):
    day = datetime.date(2025, 12, 21)
    question = "Rutte Miami Leuchtturm Hochwasser"
    assert set(ids(find(question, period=(day, day)))) == {"bote/rutte"}
    assert set(ids(find(question, period=(day, None)))) == {"bote/rutte", "kurier/rutte"}
    assert set(ids(find(question, period=(None, day)))) == {"bote/rutte", "lang"}
    assert find(question, period=(datetime.date(2030, 1, 1), None)) == ()


def test_more_than_there_is_gives_what_there_is(find):
    question = "Rutte Miami Leuchtturm Hochwasser Zeile"
    few = {hit.article_id for hit in find(question, k=50)}
    assert {hit.article_id for hit in find(question, k=10**12)} == few


def test_what_shares_no_word_is_not_found(find):
    assert {hit.article_id for hit in find("Rutte", k=50)} == {"bote/rutte", "kurier/rutte"}
    assert find("Zzzqqxx", k=50) == ()


def test_nothing_is_found_where_there_is_no_paragraph(tmp_path):
    (tmp_path / "a.md").write_text("# Nur eine Überschrift\n", encoding="utf-8")
    synchronise(Store(tmp_path / "store"), [tmp_path / "a.md"], "subword")
    generation = Store(tmp_path / "store").open()
    assert retrieve(understand("Überschrift"), generation, embedding.load("subword"), 5) == ()
    generation.close()


def test_the_retriever_is_langchains_and_gives_its_documents(find):
    retriever = HybridRetriever(search=find, k=2)
    assert isinstance(retriever, BaseRetriever)
    first, second = retriever.invoke("Rutte lobte")
    assert isinstance(first, Document)
    assert {first.id, second.id} == {"bote/rutte#1", "kurier/rutte#1"}
    assert first.page_content == "Rutte lobte den Einsatz."
    assert {"article_id", "paragraph", "start", "end", "score", "title"} <= set(first.metadata)
    json.dumps(first.metadata)
