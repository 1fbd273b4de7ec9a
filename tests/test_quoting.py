import datetime
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rag
from index.invisible import visible
from index.language import forms, words
from index.store import Store
from index.sync import synchronise
from rag import Settings
from rag.answer import Hit
from rag.candidates import find_candidates
from rag.question import understand
from rag.quoting import Quotation, choose, in_marks, quote
from rag.stories import collapse

TAMSEN = "Die Prüferin Wiebke Tamsen (52) fand Risse. Sie misst seit Jahren. Die Brücke ist alt."


def hit(text, article_id="a", score=1.0, start=0, **fields):
    fields = {"title": "Titel", "context": "Titel"} | fields
    return Hit(article_id, 1, start, start + len(text), text, score, **fields)


def ranked(question, *hits):
    return find_candidates(understand(question), hits)


def quoted(question, *hits):
    understood = understand(question)
    return quote(understood, find_candidates(understood, hits[:3]), collapse(hits))


def chosen(question, *hits):
    return [candidate.text for candidate in choose(ranked(question, *hits))]


# --- choosing --------------------------------------------------------------------------------


def test_of_nothing_nothing_is_chosen():
    assert choose([]) == []
    assert quote(understand("Wer kam?"), [], []) == Quotation()


def test_at_most_three_are_chosen_the_best_first():
    hits = [
        hit(f"{name} Tal fand Risse in {name}.", name) for name in "Udo Ada Eva Ida Ute".split()
    ]
    found = ranked("Wer fand Risse?", *hits)
    assert choose(found) == found[:3]


def test_one_that_is_far_from_the_best_is_left_out():
    assert chosen("Wer fand Risse?", hit(TAMSEN)) == [TAMSEN.split(". ")[0] + "."]


def test_what_another_has_said_is_left_out_and_does_not_count():
    text = "Rutte lobte Trump am Abend sehr laut."
    same = [hit(text, "a"), hit(text, "b"), hit(text.replace("sehr", "recht"), "c")]
    other = hit("Es lobte ihn auch Udo Tal, Trump dankte.", "d", 0.9)
    again = chosen("Wer lobte Trump?", *same[:2], other)
    assert len(again) == 2
    assert set(again) == {text, other.text}


def test_agency_texts_that_nearly_agree_are_one():
    words = "Wiebke Tamsen fand in Grothaven am alten Kran im Hafen {} tiefe Risse."
    hits = [hit(words.format(word), word) for word in ("gestern", "heute")]
    assert len(chosen("Wer fand Risse?", *hits)) == 1


def test_a_sentence_that_refers_back_brings_the_one_before():
    text = "Die Prüferin heißt Tamsen. Sie ist 52 Jahre alt und prüft alte Brücken. Es regnet."
    first, second, _ = text.split(". ")
    found = [c for c in ranked("Wie alt ist Tamsen?", hit(text)) if c.number == 1]
    others = [c for c in ranked("Wie alt ist Tamsen?", hit(text)) if c.number != 1]
    assert [c.text for c in choose([*found, *others])][:2] == [f"{second}.", f"{first}."]


def test_a_sentence_on_its_own_feet_brings_no_other():
    text = "Es regnet in Aue. Die Prüferin Tamsen ist 52 Jahre alt. Es schneit dort."
    assert chosen("Wie alt ist Tamsen?", hit(text)) == ["Die Prüferin Tamsen ist 52 Jahre alt."]


def test_one_that_lacks_the_answer_brings_the_one_before_that_holds_it():
    text = "Am 3. Mai war es. Der Rat tagte dann im Saal von Grothaven und sprach lange."
    found = sorted(ranked("Wann tagte der Rat in Grothaven?", hit(text)), key=lambda c: -c.number)
    assert [c.number for c in choose(found)] == [1, 0]


def test_the_sentence_before_is_looked_for_in_the_same_paragraph():
    hits = [hit("Das Amt leitet Tamsen."), hit("Tamsen kam. Sie ist 52 Jahre alt.", "b")]
    by_text = {c.text: c for c in ranked("Wie alt ist Tamsen?", *hits)}
    other, before, answer = map(
        by_text.get, ("Das Amt leitet Tamsen.", "Tamsen kam.", "Sie ist 52 Jahre alt.")
    )
    assert choose([answer, other, before])[:2] == [answer, before]


# --- quoting ---------------------------------------------------------------------------------


def test_quotation_marks_are_of_the_other_kind():
    assert in_marks("Er kam.") == "«Er kam.»"
    assert in_marks("«Ja», sagte er.") == "„«Ja», sagte er.“"


def test_a_story_that_says_otherwise_is_quoted_and_noted():
    text = "Bei dem Zugunglück in Grothaven gab es {} Tote."
    day = datetime.date(2025, 11, 3)
    hits = [
        hit(text.format("zwölf"), "a", date=day, source="Bote"),
        hit(text.format("14"), "b", 0.1, date=day, source="Kurier"),
    ]
    found = quoted("Wie viele Tote gab es bei dem Zugunglück in Grothaven?", *hits)
    assert [excerpt.hit.article_id for excerpt in found.excerpts] == ["a", "b"]
    [note] = found.notes
    assert "zwölf" in note
    assert "14" in note


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
        assert text == visible(texts[int(citation.article_id) * 5 + citation.paragraph - 1])
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
