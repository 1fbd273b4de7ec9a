import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag
from index.language import forms, words
from index.store import Store
from index.sync import synchronise
from rag import Settings
from rag.answer import Hit
from rag.question import understand
from rag.quoting import candidates, choose, marked, quote

TAMSEN = "Die Prüferin Wiebke Tamsen (52) fand Risse. Sie misst seit Jahren. Die Brücke ist alt."


def hit(text, article_id="a", score=1.0, start=0, **fields):
    fields = {"title": "Titel", "context": "Titel"} | fields
    return Hit(article_id, 1, start, start + len(text), text, score, **fields)


def ranked(question, *hits):
    understood = understand(question)
    return candidates(understood, hits, dict.fromkeys(understood.words, 1), 100)


def quoted(question, *hits):
    return quote(choose(ranked(question, *hits)), hits)


def best(question, *hits):
    return ranked(question, *hits)[0].text


# --- choosing --------------------------------------------------------------------------------


def test_the_sentence_that_has_the_questions_words_is_best():
    assert best("Wer fand Risse?", hit(TAMSEN)) == TAMSEN.split(". ")[0] + "."


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Wie alt ist Tamsen?", "Tamsen (52) prüft Brücken.", "Tamsen prüft alte Brücken gern."),
        ("Wann tagt der Rat?", "Der Rat tagt am 3. November.", "Der Rat tagt oft und lange."),
        ("Wie viele Risse gab es?", "Es gab 14 Risse.", "Es gab wohl einige Risse."),
        ("Warum streiken Lotsen?", "Lotsen streiken, weil Lohn fehlt.", "Lotsen streiken weiter."),
        ("Was sagte Merz?", "Merz sagte: „Ja.“", "Merz reiste gestern nach Paris ab."),
    ],
)
def test_of_two_the_sentence_that_holds_what_is_asked_for_is_best(question, answer, other):
    assert best(question, hit(f"{other} {answer}")) == answer
    one, two = ranked(question, hit(answer)), ranked(question, hit(other))
    assert one[0].confidence > two[0].confidence


def test_what_the_question_itself_says_is_no_answer():
    found = {
        c.text: c.holds for c in ranked("Wer ist Anna Berg?", hit("Anna Berg kam. Es kam Udo Tal."))
    }
    assert found == {"Anna Berg kam.": False, "Es kam Udo Tal.": True}


def test_confidence_is_1_for_all_0_for_nothing_and_between_for_some():
    assert ranked("Wer fand Risse?", hit("Wiebke Tamsen fand Risse."))[0].confidence == 1
    assert ranked("Wer fand Risse?", hit("Der Himmel war grau."))[0].confidence == 0
    some = ranked("Wer fand Risse in Grothaven?", hit("Wiebke Tamsen fand Risse."))
    assert 0 < some[0].confidence < 1


def test_the_headline_counts_for_confidence_but_is_not_quoted():
    plain = ranked("Wer fand Risse in Grothaven?", hit("Es war Wiebke Tamsen."))
    headed = ranked(
        "Wer fand Risse in Grothaven?", hit("Es war Wiebke Tamsen.", context="Grothaven")
    )
    assert headed[0].confidence > plain[0].confidence
    assert headed[0].text == "Es war Wiebke Tamsen."


def test_without_hits_or_with_words_that_say_nothing_there_is_no_confidence():
    assert ranked("Wer fand Risse?") == []
    assert choose([]) == []
    assert {c.confidence for c in ranked("Was ist das?", hit("Das ist das. Was ist?"))} == {0}


def test_at_most_three_sentences_and_the_same_story_once():
    hits = [hit(f"Rutte lobte Trump am {n}. Tag sehr.", f"a{n}") for n in range(1, 4)]
    others = [hit(f"In {town} lobte Rutte Herrn Trump laut.", town) for town in "ABCDE"]
    chosen = choose(ranked("Wer lobte Trump?", *hits, *others))
    assert 1 <= len(chosen) <= 3
    again = choose(ranked("Wer lobte Trump?", hits[0], hit(hits[0].text, "b")))
    assert len(again) == 1


# --- quoting ---------------------------------------------------------------------------------


def test_a_citation_points_into_the_paragraph():
    sentences, [citation] = quoted("Wer fand Risse?", hit(TAMSEN, start=40))
    assert (" " * 40 + TAMSEN)[citation.start : citation.end] == citation.quote
    assert sentences[0].text == f"«{citation.quote}»"
    assert sentences[0].support == "quoted"
    assert marked(sentences) == [f"«{citation.quote}» [1]"]


def test_the_same_story_elsewhere_is_named_with_the_citation():
    twin = hit(TAMSEN.replace("Jahren", "langem"), "b", 0.9, source="Kurier")
    other = hit("Der Himmel war grau.", "c", 0.8)
    own = hit("Wiebke Tamsen ging.", "a", 0.7)
    _, [citation] = quoted("Wer fand Risse?", hit(TAMSEN, "a"), twin, other, own)
    [found] = citation.also_in
    assert (found.article_id, found.paragraph, found.source) == ("b", 1, "Kurier")


# --- exactness, over odd text and the whole path ---------------------------------------------

ODD = [
    "Die Brücke ist gesperrt. Der Bürgermeister erklärte das.",  # NFD
    "Die Bürger\u00admeisterin \u00ad sagte es. Das Hoch\u00adwasser stieg.",  # soft hyphens
    "Am\u00a03.\u00a0November kam Udo\u202fTal. Er\u00a0blieb\u00a0lange.",  # no-break spaces
    "Erste Zeile.\r\nZweite Zeile mit Udo Tal.\r\n\r\nDritte Zeile.\rVierte.\n",
    "  \tVorn und hinten Platz für Anna Berg. \n ",
    "😀 Emoji 👩\u200d🚒 Feuerwehr löscht. 🇩🇪 Ende gut! 👍🏽 Alles gut?",
    "Zero\u200bwidth\u200cjoiner\u200d wort\u2060hier. \ufeffBOM am Anfang.",
    "\u202eRückwärts\u202c steht hier. שלום עולם. مرحبا بالعالم. Danach kam Merz.",
    "Z\u0337\u0322a\u0335l\u0334g\u0336o\u0338 Text steht da. Und e\u0301 noch e\u0302iner.",
    "Zeile\u2028Trenner\u2029Absatz\x85Ende. Seite\x0cZwei\x0bDrei.",
    "İstanbul liegt weit. Straße STRASSE ſtraße ﬁnden. Ǆ und ǆ.",
    "«Ja», sagte sie. „Nein“, rief er. ‚Halb‘ “doppelt” \"gerade\" 'einfach'.",
    "𝔉𝔯𝔞𝔨𝔱𝔲𝔯 Ｖｏｌｌｂｒｅｉｔｅ Zeichen. ①② ½ 3⁄4. Ende.",
    "Null\x00zeichen \x01 steuert \x1b[31mrot. Danach kam Udo Tal.",
    "Ein sehr langer Absatz. " + "Der Rat tagt wie\u00adder am 3. Mai. 😀 Es kommt Nummer. " * 80,
]  # fmt: skip
PIECE = st.sampled_from(
    ["Brücke", "Brücke", "Rutte", "lobte", "Anna", "Berg", "14", "am 3. Mai", "Dr.", "z. B.", "😀",
     "👩\u200d🚒", "Hoch\u00adwasser", "\u200b", "\u202e", "שלום", "e\u0301", "«", "»", "„", "“",
     "Straße", "İ", "ﬁ", "\ufeff", "\u0308", "sagte"]
)  # fmt: skip
GLUE = st.sampled_from(
    [" ", " ", " ", "", "\u00a0", "\r\n", "\n", ". ", ". ", "! ", "\u2028", "\t", "\u00ad"]
)
PARAGRAPH = st.lists(st.tuples(PIECE, GLUE), min_size=3, max_size=25).map(
    lambda pairs: "".join(piece + glue for piece, glue in pairs)
) | st.text(min_size=1, max_size=60)


def archive(folder, texts):
    """Index one article per five ``texts`` in one batch and return the settings to open it with."""
    articles = [texts[start : start + 5] for start in range(0, len(texts), 5)]
    records = [
        {"id": f"{n}", "title": f"Titel {n}", "paragraphs": some} for n, some in enumerate(articles)
    ]
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    synchronise(Store(folder / "store"), [path], "subword")
    return Settings(store=folder / "store", threshold=0)  # whatever is found is quoted


def check(answer, assistant, texts):
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == set(numbers)
    for citation in answer.citations:
        text = assistant.paragraph(citation.article_id, citation.paragraph)
        assert text == texts[int(citation.article_id) * 5 + citation.paragraph - 1]
        assert citation.quote
        assert citation.quote == text[citation.start : citation.end]
        assert f"{citation.quote}» [{citation.number}]" in answer.answer.replace("“ [", "» [")


def question_of(text):
    return " ".join(text[word.start : word.end] for word in words(text)[:12])[:500]


def ask_with_the_words_of(texts, folder):
    with rag.open(archive(folder, texts)) as assistant:
        answers = [assistant.ask(question_of(text)) for text in texts if forms(text)]
        for answer in answers:
            check(answer, assistant, texts)
        return answers


def test_quotes_of_odd_text_are_exact(tmp_path):
    answers = ask_with_the_words_of(ODD, tmp_path)
    cited = {(int(c.article_id), c.paragraph) for answer in answers for c in answer.citations}
    assert len(cited) > len(ODD) * 0.8
    assert re.search(r"[\u00ad\u0308\u200b\ufeff]", "".join(answer.answer for answer in answers))


@pytest.mark.slow
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(PARAGRAPH, min_size=10, max_size=40).filter(lambda t: any(map(str.strip, t))))
def test_quotes_of_any_text_are_exact(tmp_path_factory, texts):
    ask_with_the_words_of(texts, tmp_path_factory.mktemp("any"))
