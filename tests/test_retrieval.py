import datetime
import json

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index import embedding
from index.lexical import Period
from index.store import Store
from index.sync import synchronise
from rag.answer import Hit
from rag.question import understand
from rag.retrieval import HybridRetriever, by_best_sentence, retrieve

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

OTHERS = [
    {"id": f"andere/{n:02}", "title": f"Meldung {n}", "date": "2001-01-01",
     "text": f"Das Orchester probte im Saal {n} und spielte bis zum Abend Walzer."}
    for n in range(80)
]  # fmt: skip


def opened(folder, articles):
    lines = (json.dumps(article, ensure_ascii=False) for article in articles)
    (folder / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    store = Store(folder / "store")
    synchronise(store, [folder / "articles.jsonl"], "subword")
    return store.open()


@pytest.fixture(scope="module")
def generation(tmp_path_factory):
    generation = opened(tmp_path_factory.mktemp("retrieval"), ARTICLES)
    yield generation
    generation.close()


@pytest.fixture
def among(tmp_path):
    """Find in an archive of some articles and of so many others that not all are candidates."""
    generations = []

    def among(text, *articles, k=20, **options):
        generation = opened(tmp_path, [*articles, *OTHERS])
        generations.append(generation)
        return retrieve(understand(text, **options), generation, embedding.load("subword"), k)

    yield among
    for generation in generations:
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


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("Kranbrückensperrung", "bruecke"),
        ("Brücke", "bruecke"),
        ("Brükce gesperrrt", "bruecke"),
        ("Bruecke", "bruecke"),
        ("Wer ist gestorben?", "tod"),
        ("Welchen Todesfall gab es?", "tod"),
        ("Which bakery burned down?", "feuer"),
        ("Who died?", "tod"),
        ("Who bought the ships?", "schiff"),
        ("Which countries signed?", "land"),
    ],
)
def test_a_part_a_typo_another_word_and_english_find_it(among, text, id_):
    articles = [
        {"id": "bruecke", "title": "Sperrung", "text": "Die Kranbrücke wurde gesperrt."},
        {"id": "feuer", "title": "Feuer", "text": "Die Bäckerei brannte nachts ab."},
        {"id": "tod", "title": "Trauer", "text": "Udo Tal verstarb am Mittwoch."},
        {"id": "schiff", "title": "Handel", "text": "Anna Berg kaufte die Schiffe."},
        {"id": "land", "title": "Vertrag", "text": "Alle Länder unterschrieben."},
    ]
    assert ids(among(text, *articles))[0] == id_


# --- paragraphs beside -----------------------------------------------------------------------

BESIDE = "Sie misst 52 Zentimeter."


def paragraphs_of(*texts):
    return {"id": "fund", "title": "Ein Fund", "paragraphs": list(texts)}


def numbers(hits):
    return [hit.paragraph for hit in hits if hit.article_id == "fund"]


def test_a_paragraph_beside_one_that_is_found_comes_into_view(among):
    found = paragraphs_of(
        "Der Kran stand.", "Xaver Quetzal fand eine Himmelsscheibe.", BESIDE, "Nachts fror es."
    )
    hits = among("Wie groß ist die Himmelsscheibe von Quetzal?", found)
    assert numbers(hits)[:2] == [2, 3]  # the third has a number
    assert set(numbers(hits)) == {1, 2, 3, 4}


def test_one_far_from_it_or_of_another_article_does_not(among):
    between = [f"Absatz {chr(65 + n)}." for n in range(20)]
    found = paragraphs_of("Xaver Quetzal fand eine Himmelsscheibe.", *between, BESIDE)
    other = {"id": "anders", "title": "Brot", "text": BESIDE}
    hits = among("Wie groß ist die Himmelsscheibe von Quetzal?", found, other, k=200)
    assert {1, 2} <= set(numbers(hits))
    assert 22 not in numbers(hits)
    assert "anders" not in ids(hits)


# --- time ------------------------------------------------------------------------------------

DAYS = ["2025-11-03", "2025-11-12", "2025-11-20"]
REPORTS = [
    {"id": day, "title": "Seilbahn in Grothaven", "date": day,
     "text": f"Über die Seilbahn in Grothaven stritt der Rat zum {nth} Mal."}
    for nth, day in zip(("zweiten", "dritten", "vierten"), DAYS, strict=True)
]  # fmt: skip
SUNDAY = datetime.date(2025, 11, 23)


@pytest.mark.parametrize("reports", [REPORTS, REPORTS[::-1]])
@pytest.mark.parametrize(
    "text",
    ["Was ist das Neueste von der Seilbahn in Grothaven?", "What is the latest on Grothaven?"],
)
def test_who_asks_for_the_latest_gets_the_newest_of_good_reports_first(among, reports, text):
    hits = among(text, *reports, as_of=SUNDAY)
    assert ids(hits)[:3] == DAYS[::-1]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_the_newest_is_not_first_when_it_is_of_something_else(among):
    other = {
        "id": "neu",
        "title": "Wetter",
        "date": "2025-11-22",
        "text": "In Grothaven regnet es.",
    }
    hits = among("Was ist das Neueste von der Seilbahn in Grothaven?", *REPORTS, other)
    assert ids(hits)[0] == DAYS[-1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Was beschloss der Rat letzte Woche zur Seilbahn?", DAYS[1:]),
        ("Was geschah diese Woche mit der Seilbahn?", DAYS[2:]),
        ("What happened to the cable car in Grothaven since Monday?", DAYS[2:]),
        ("Was geschah gestern mit der Seilbahn?", []),
        ("Was geschah am 3. November mit der Seilbahn?", DAYS),
        ("Was geschah im Mai 2004 mit der Seilbahn?", DAYS),
        ("Was geschah mit der Seilbahn?", DAYS),
    ],
)
def test_only_a_time_that_counts_from_today_leaves_articles_out(among, text, expected):
    found = ids(among(text, *REPORTS, as_of=SUNDAY))
    assert sorted(set(found) & set(DAYS)) == expected
    if expected != DAYS:
        assert set(found) <= set(DAYS)


@pytest.mark.parametrize("day", DAYS)
def test_articles_of_the_time_asked_about_come_first(among, day):
    written = datetime.date.fromisoformat(day)
    text = f"Worüber stritt am {written.day}. November 2025 der Rat in Grothaven?"
    same = [REPORTS[0] | {"id": one, "date": one} for one in ["2019-11-03", *DAYS, "2026-01-08"]]
    assert ids(among(text, *same, as_of=SUNDAY))[0] == day


# --- in the light of the best sentence -------------------------------------------------------


def hit(text, article_id="a", score=1.0):
    return Hit(article_id, 1, 0, len(text), text, score, "Titel")


def test_of_two_nearly_equal_hits_the_one_whose_sentence_answers_is_first():
    vague, exact = (
        hit("Die Seilbahn kostet zu viel."),
        hit("Die Seilbahn kostet 30 Euro.", "b", 0.98),
    )
    found = by_best_sentence(understand("Was kostet die Seilbahn?"), [vague, exact])
    assert ids(found) == ["b", "a"]
    assert found[0].score == 1
    assert 0 < found[1].score < 1


def test_a_much_better_hit_stays_first():
    vague, exact = (
        hit("Die Seilbahn kostet zu viel."),
        hit("Die Seilbahn kostet 30 Euro.", "b", 0.3),
    )
    assert ids(by_best_sentence(understand("Was kostet die Seilbahn?"), [vague, exact])) == [
        "a",
        "b",
    ]


def test_no_hits_stay_none():
    assert by_best_sentence(understand("Was kostet die Seilbahn?"), []) == ()


# --- bounds ----------------------------------------------------------------------------------


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
