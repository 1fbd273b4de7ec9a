import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Hit, Twin
from rag.citation import Excerpt, cite
from rag.question import understand
from rag.stories import Story, collapse

TAMSEN = "Die Prüferin Wiebke Tamsen (52) fand an der alten Kranbrücke im Hafen tiefe Risse."
MORE = f"Am Montag wurde geprüft. {TAMSEN} Sie misst seit Jahren. Die Brücke ist alt."
DAY = datetime.date(2025, 11, 3)
WHO = understand("Wer fand Risse?")


def hit(text, article_id="a", score=1.0, start=0, paragraph=1, **fields):
    end = start + len(text)
    return Hit(article_id, paragraph, start, end, text, score, "Titel", **fields)


def cited(excerpt, *others, question=WHO):
    return cite(question, excerpt, collapse([excerpt.hit, *others]))


def whole(hit):
    return Excerpt(hit, 0, len(hit.text))


def twins(excerpt, *others):
    return [(twin.article_id, twin.paragraph) for twin in cited(excerpt, *others).also_in]


# --- the words themselves --------------------------------------------------------------------


@given(text=st.text(max_size=50), start=st.integers(0, 20), data=st.data())
def test_a_citation_points_into_the_paragraph(text, start, data):
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    excerpt = Excerpt(hit(text, start=start), first, last)
    citation = cited(excerpt)
    assert citation.quote == excerpt.text == text[first:last]
    assert ("#" * start + text)[citation.start : citation.end] == citation.quote


def test_a_citation_says_where_its_words_stand():
    found = hit(TAMSEN, "bote/1", paragraph=4, date=DAY, source="Bote", url="https://bote.example")
    citation = cited(Excerpt(found, 4, 12))
    assert citation.number == 0
    assert (citation.article_id, citation.paragraph, citation.quote) == ("bote/1", 4, "Prüferin")
    assert (citation.title, citation.date, citation.source, citation.url) == (
        "Titel", DAY, "Bote", "https://bote.example",
    )  # fmt: skip
    assert citation.also_in == ()


def test_words_of_no_story_that_was_found_have_no_twins():
    assert cite(WHO, whole(hit(TAMSEN)), []).also_in == ()


# --- twins -----------------------------------------------------------------------------------


def test_the_same_story_elsewhere_is_named_with_the_citation():
    twin = hit(MORE.replace("Jahren", "langem"), "b", 0.9, source="Kurier")
    other = hit("Der Himmel war grau.", "c", 0.8)
    own = hit("Wiebke Tamsen ging.", "a", 0.7)
    assert cited(Excerpt(hit(MORE), 0, 24), twin, other, own).also_in == (Twin("b", 1, "Kurier"),)


def test_a_copy_of_the_story_is_a_twin_even_where_it_lacks_the_words():
    cut = hit(MORE.replace(" Die Brücke ist alt.", ""), "b", 0.9)
    assert len(collapse([hit(MORE), cut])) == 1
    assert twins(Excerpt(hit(MORE), MORE.index("Die Brücke"), len(MORE)), cut) == [("b", 1)]


def test_another_report_that_has_the_words_is_a_twin():
    start = MORE.index(TAMSEN)
    excerpt = Excerpt(hit(MORE), start, start + len(TAMSEN))
    quoting = hit(f"{'Es war kalt und neblig in der Stadt. ' * 20}{TAMSEN}", "b", 0.5, paragraph=7)
    assert len(collapse([hit(MORE), quoting])) == 2
    assert twins(excerpt, quoting) == [("b", 7)]
    other_figure = hit(quoting.text.replace("52", "25"), "c", 0.5)
    assert twins(excerpt, other_figure) == []


def test_a_few_words_that_stand_everywhere_make_no_twin():
    texts = ("Verletzt wurde niemand. Es brannte in Aue.", "Verletzt wurde niemand. Er kam.")
    assert twins(Excerpt(hit(texts[0]), 0, 23), hit(texts[1], "b")) == []


def test_an_article_is_named_once_and_never_the_cited_one():
    others = [hit(MORE, "b", 0.9, paragraph=2), hit(MORE, "b", 0.8, paragraph=5),
              hit(MORE, "a", 0.7, paragraph=3)]  # fmt: skip
    start = MORE.index(TAMSEN)
    assert twins(Excerpt(hit(MORE), start, start + len(TAMSEN)), *others) == [("b", 2)]


def test_twins_come_best_first():
    hits = [hit(MORE, name, 1 - n / 100) for n, name in enumerate("abcde")]
    assert [article for article, _ in twins(whole(hits[0]), *hits[1:])] == list("bcde")


def test_only_copies_of_its_own_story_are_twins():
    one, other = hit(MORE, "a"), hit("Der Rat tagt oft.", "b")
    stories = [Story(other, (hit("Der Rat tagte.", "x"),)), Story(one, (hit("Ganz kurz.", "y"),))]
    assert [twin.article_id for twin in cite(WHO, whole(one), stories).also_in] == ["y"]


# --- the day the words speak of --------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "text", "when"),
    [
        ("Wann tagt der Rat?", "Der Rat tagt am 8. November.", "2025-11-08"),
        ("Wann tagt der Rat?", "Der Rat tagt nächste Woche.", "2025-11-10/2025-11-16"),
        ("Wann tagt der Rat?", "Der Rat tagt oft.", None),
        ("Wo tagt der Rat?", "Der Rat tagt am 8. November in Aue.", None),
    ],
)
def test_who_asks_when_is_told_the_day_the_words_speak_of(question, text, when):
    asked = understand(question)
    assert cited(whole(hit(text, date=DAY)), question=asked).when == when
    assert cited(whole(hit(text)), question=asked).when is None


def test_the_day_is_that_of_the_words_not_of_the_rest_of_the_paragraph():
    text = "Am 8. November tagt der Rat. Am 9. November ruht er."
    excerpt = Excerpt(hit(text, date=DAY), 29, len(text))
    assert cited(excerpt, question=understand("Wann ruht der Rat?")).when == "2025-11-09"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Der Rat tagt ab Montag.", "2025-11-03/.."),
        ("Der Rat tagte bis zum 5. Mai.", "../2025-05-05"),
    ],
)
def test_a_period_may_be_open(text, when):
    found = hit(text, date=DAY)
    assert cited(whole(found), question=understand("Wann tagt der Rat?")).when == when
