"""What makes the assistant surer of a sentence; the weights themselves are measured elsewhere."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Hit
from rag.candidates import find_candidates
from rag.confidence import WEIGHTS, Features, confidence, features_of
from rag.question import understand
from rag.rarity import Rarity

EVEN = Rarity(1000, lambda stem: 5, lambda subword: 5)
QUESTION = "Wer fand in Grothaven Risse?"


def hit(text, article_id="a", score=1.0, **fields):
    fields = {"title": "Titel", "context": ""} | fields
    return Hit(article_id, 1, 0, len(text), text, score, **fields)


def sure(question, *hits, rarity=EVEN):
    understood = understand(question)
    return confidence(understood, find_candidates(understood, hits[:1]), hits, rarity)


def features(question, *hits, rarity=EVEN):
    understood = understand(question)
    return features_of(understood, find_candidates(understood, hits[:1])[0], hits, rarity)


def test_the_more_of_the_question_is_there_the_surer():
    texts = [
        "Wiebke Tamsen fand in Grothaven Risse.",
        "Wiebke Tamsen fand Risse.",
        "Wiebke Tamsen fand Moos.",
        "Wiebke Tamsen ging.",
    ]
    found = [sure(QUESTION, hit(text)) for text in texts]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(texts)
    assert found[0] > 0.9
    assert found[-1] == 0


def test_what_is_near_counts_more_than_what_is_far():
    answer = "Wiebke Tamsen fand Risse."
    near = sure(QUESTION, hit(f"{answer} Regen fiel auf Grothaven."))
    above = sure(QUESTION, hit(answer, context="Grothaven"))
    beside = sure(QUESTION, hit(answer), hit("Regen auf Grothaven.", score=0))
    elsewhere = sure(QUESTION, hit(answer), hit("Regen auf Grothaven.", "b", 0))
    assert near == above > beside > elsewhere > 0


def test_the_wording_of_the_question_counts():
    same = sure(QUESTION, hit("Sie fand in Grothaven Risse."))
    other = sure(QUESTION, hit("Sie fand Risse in Grothaven."))
    assert same > other


def test_the_date_of_the_article_may_say_when():
    question = "Wer fand im August 2005 Risse?"
    text = "Wiebke Tamsen fand Risse."
    then = sure(question, hit(text, date=datetime.date(2005, 8, 12)))
    said = sure(question, hit(f"{text} Es war 2005, ein kalter August."))
    later = sure(question, hit(text, date=datetime.date(2007, 8, 12)))
    assert then == said > later


def test_a_missing_name_lowers_it_more_than_a_missing_verb():
    without_name = features(QUESTION, hit("Wiebke Tamsen fand Risse."))
    without_verb = features(QUESTION, hit("Wiebke Tamsen sah in Grothaven Risse."))
    assert without_name.names > without_verb.names == 0
    assert sure(QUESTION, hit("Wiebke Tamsen fand Risse.")) < sure(
        QUESTION, hit("Wiebke Tamsen sah in Grothaven Risse.")
    )


def test_only_missing_names_speak_against_it():
    assert WEIGHTS.names < 0 < min(weight for weight in WEIGHTS if weight != WEIGHTS.names)


def test_a_missing_rare_name_lowers_it_more_than_a_common_one():
    rarity = Rarity(1000, lambda stem: 400 if stem == "aue" else 1, lambda subword: 5)
    question = "Wer fand in Aue und Grothaven Risse?"
    rare = sure(question, hit("Wiebke Tamsen fand in Aue Risse."), rarity=rarity)
    common = sure(question, hit("Wiebke Tamsen fand in Grothaven Risse."), rarity=rarity)
    assert rare < common


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Wie alt ist Tamsen?", "Tamsen (52) prüft Brücken.", "Tamsen prüft Brücken."),
        ("Wann tagt der Rat?", "Der Rat tagt am 3. November.", "Der Rat tagt oft."),
        ("Warum streiken Lotsen?", "Lotsen streiken, weil Lohn fehlt.", "Lotsen streiken weiter."),
        ("Was sagte Tamsen?", "Tamsen sagte: „Ja.“", "Tamsen ging."),
    ],
)
def test_a_sentence_without_the_kind_of_thing_asked_for_lowers_it(question, answer, other):
    assert sure(question, hit(answer)) > sure(question, hit(other)) > 0


def test_another_article_that_fits_as_well_lowers_it():
    text = "Wiebke Tamsen fand in Grothaven Risse."
    alone = sure(QUESTION, hit(text), hit("Es regnet.", "b", 0.2))
    rivalled = sure(QUESTION, hit(text), hit("Es regnet.", "b", 0.9))
    assert alone > rivalled
    same = sure(QUESTION, hit(text), hit("Es regnet.", "a", 0.9))
    assert same == sure(QUESTION, hit(text))


def test_another_word_for_it_counts():
    question = "Wann ist Udo Tal gestorben?"
    exact = sure(question, hit("Am 3. Mai ist Udo Tal gestorben."))
    related = sure(question, hit("Am 3. Mai starb Udo Tal."))
    assert exact > related > sure(question, hit("Am 3. Mai tanzte Udo Tal."))


@pytest.mark.parametrize(
    ("question", "hits"),
    [
        (QUESTION, ()),
        (QUESTION, (hit(""),)),
        (QUESTION, (hit("Der Himmel war grau."),)),
        ("Was ist das?", (hit("Das ist das. Was ist?"),)),
    ],
)
def test_nothing_found_is_no_confidence(question, hits):
    assert sure(question, *hits) == 0


WORDS = st.sampled_from("Wer fand in Grothaven Risse Tamsen 52 Brücke gestorben . ? „ 1987".split())
TEXTS = st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=40)


@given(
    question=st.lists(WORDS, min_size=1, max_size=8).map(lambda words: " ".join(["Wer", *words])),
    texts=st.lists(st.tuples(TEXTS, st.sampled_from("ab"), TEXTS), max_size=4),
    frequency=st.integers(0, 2000),
)
def test_it_is_always_a_probability(question, texts, frequency):
    hits = [hit(t, id_, 1 / n, context=c) for n, (t, id_, c) in enumerate(texts, 1)]
    rarity = Rarity(1000, lambda stem: frequency, lambda subword: frequency)
    understood = understand(question)
    ranked = find_candidates(understood, hits)
    assert 0 <= confidence(understood, ranked, hits, rarity) <= 1
    if ranked:
        found = features_of(understood, ranked[0], hits, rarity)
        assert isinstance(found, Features)
        assert all(-1e-9 <= share <= 1 + 1e-9 for share in found[:5])
        assert found.paragraph <= found.article + 1e-9
