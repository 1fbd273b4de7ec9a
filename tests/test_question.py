import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import QuestionError
from index.lexical import Period
from rag.expected import Asked
from rag.question import LONGEST, understand


def weights(text):
    return {term.form: term.weight for term in understand(text).terms}


def refusal(text, **options):
    with pytest.raises(QuestionError) as caught:
        understand(text, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Wer lobte Trumps Einsatz?", Asked.WHO),
        ("Von wem stammt der Plan?", Asked.WHO),
        ("Who drafted the plan?", Asked.WHO),
        ("Wann tagt der Rat?", Asked.WHEN),
        ("In welchem Jahr wurde die Brücke gebaut?", Asked.WHEN),
        ("When does it open?", Asked.WHEN),
        ("Wo liegt das Wrack?", Asked.WHERE),
        ("Where is the wreck?", Asked.WHERE),
        ("Wie viele Menschen kamen?", Asked.NUMBER),
        ("Wieviel kostet das?", Asked.MONEY),
        ("Wie lange dauert das?", Asked.DURATION),
        ("How many people came?", Asked.NUMBER),
        ("Wie alt ist Selenski?", Asked.AGE),
        ("How old is Selenski?", Asked.AGE),
        ("Warum streiken die Lotsen?", Asked.WHY),
        ("Why do they strike?", Asked.WHY),
        ("Was sagte Merz?", Asked.SAYING),
        ("What did Merz say?", Asked.SAYING),
        ("Welche Zeitung zitierte Rutte?", Asked.THING),
        ("Friedensplan", Asked.THING),
    ],
)
def test_what_is_asked_for(text, asked):
    assert understand(text).asked is asked
    assert understand(text.upper()).asked is asked


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wofür bedankte sich Merz?", "de"), ("What did Merz thank for?", "en"), ("Miami", "de")],
)
def test_the_language_of_the_question(text, language):
    assert understand(text).language == language


def test_names_count_more_than_verbs_and_these_more_than_the_kind_of_answer():
    found = weights("Welche Zeitung lobte Rutte 2025?")
    assert set(found) == {"zeitung", "lobte", "rutte", "2025"}
    assert found["rutte"] == found["2025"] > found["lobte"] > found["zeitung"] > 0


def test_function_words_and_question_phrases_are_no_terms():
    assert set(weights("Wie alt ist der Mann, den Merz traf?")) == {"mann", "merz", "traf"}
    assert set(weights("Was sagte Merz?")) == {"merz"}
    assert understand("Was sagte Merz?").about_saying
    assert not understand("Wo wohnt Merz?").about_saying


@pytest.mark.parametrize("text", ["Was ist das?", "Who is it?", "Was hat er gesagt?", "a"])
def test_a_question_of_function_words_is_searched_for_but_weighs_nothing(text):
    question = understand(text)
    assert question.words
    assert {term.weight for term in question.terms} == {0}


def test_the_verb_that_a_question_starts_with_is_no_name():
    assert weights("Kommt Trump wieder?")["kommt"] == 1
    assert weights("Kommt er nach Miami?") == {"kommt": 0.8, "miami": 1}


@pytest.mark.parametrize("text", ["", "   ", "???", "🙂🙂", "…„“–", "\u200b\u00ad"])
def test_a_question_without_words_is_refused(text):
    assert "no words" in refusal(text)


def test_a_question_too_long_is_refused_with_both_numbers():
    assert understand("x" * LONGEST)
    message = refusal("x" * (LONGEST + 1))
    assert f"{LONGEST + 1:,}" in message
    assert f"{LONGEST:,}" in message


def test_a_broken_character_is_refused():
    assert r"Mia\ud800mi" in refusal("Mia\ud800mi")


def test_a_reversed_period_is_refused_with_both_dates():
    first, last = datetime.date(2025, 12, 2), datetime.date(2025, 12, 1)
    message = refusal("Miami", period=Period(first, last))
    assert "2025-12-02" in message
    assert "2025-12-01" in message
    assert understand("Miami", period=Period(first, first)).time.within == (first, first)


def test_it_is_asked_today_unless_told():
    day = datetime.date(2024, 2, 29)
    assert understand("Miami", as_of=day).as_of == day
    assert understand("Miami").as_of == datetime.date.today()


def test_a_term_brings_other_words_for_it_in_german_for_both_languages():
    [died] = understand("Wann ist er gestorben?").terms
    assert {"starb", "verstarb"} <= died.related
    assert died.stem not in died.related
    [bridge] = [term for term in understand("Who found the bridge?").terms if term.form == "bridge"]
    assert bridge.related == {"bruck"}
    question = understand("Wer ist gestorben?")
    assert set(question.related) == {stem for term in question.terms for stem in term.related}


def test_words_that_only_say_when_are_no_terms_but_numbers_and_months_are():
    assert set(weights("Was geschah letzte Woche in Grothaven?")) == {"geschah", "grothaven"}
    found = set(weights("Was geschah im August 2005 in Grothaven?"))
    assert found == {"geschah", "august", "2005", "grothaven"}
    terms = understand("Was geschah im August 2005 in Grothaven?").terms
    assert {term.form for term in terms if term.is_time} == {"august", "2005"}


def test_it_knows_the_time_it_is_about():
    day = datetime.date(2026, 11, 22)
    time = understand("Was geschah letzte Woche in Grothaven?", as_of=day).time
    assert time.about == (datetime.date(2026, 11, 9), datetime.date(2026, 11, 15))
    assert understand("Was ist das Neueste aus Grothaven?", as_of=day).time.newest


@pytest.mark.parametrize(
    "piece", ["a", "1.", "what did ", "wie ", "(", "ä\u0308", "Wer ist Anna? "]
)
def test_a_long_question_is_understood_at_once(piece):
    understand("Wer ist Anna? What did she say?")  # both word lists are read
    started = time.process_time()
    understand((f"x{piece * LONGEST}")[:LONGEST])
    assert time.process_time() - started < 0.2


@given(st.text(max_size=200))
def test_any_text_is_understood_or_refused(text):
    try:
        question = understand(text, [{"role": "user", "content": text}])
    except QuestionError:
        return
    assert question.text == text
    assert question.words
    assert all(0 <= term.weight <= 1 for term in question.terms)
