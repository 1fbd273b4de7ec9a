"""Which sentence is put before which, and why; the weights themselves are measured elsewhere."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Hit
from rag.candidates import WEIGHTS, Features, find_candidates
from rag.question import understand

TAMSEN = "Die Prüferin Wiebke Tamsen (52) fand Risse. Sie misst seit Jahren. Die Brücke ist alt."


def hit(text, article_id="a", score=1.0, paragraph=1):
    return Hit(article_id, paragraph, 40, 40 + len(text), text, score, "Titel")


def ranked(question, *hits):
    return find_candidates(understand(question), hits)


def features(question, *hits):
    """Return the features of each sentence, by its text."""
    return {candidate.text: candidate.features for candidate in ranked(question, *hits)}


def best(question, *hits):
    return ranked(question, *hits)[0].text


# --- which there are -------------------------------------------------------------------------


def test_every_sentence_of_every_hit_is_one_verbatim_and_numbered():
    hits = [hit(TAMSEN), hit("Es regnet. Es schneit.", "b")]
    found = sorted(ranked("Wer fand Risse?", *hits), key=lambda c: (c.hit.article_id, c.number))
    assert [(c.hit.article_id, c.number) for c in found] == [
        ("a", 0), ("a", 1), ("a", 2), ("b", 0), ("b", 1)
    ]  # fmt: skip
    assert " ".join(c.text for c in found[:3]) == TAMSEN
    assert all(c.hit.text[c.start : c.end] == c.text for c in found)


@pytest.mark.parametrize("hits", [(), (hit(""),), (hit(" \n"),)])
def test_where_there_is_no_sentence_there_is_no_candidate(hits):
    assert ranked("Wer fand Risse?", *hits) == []


def test_the_best_comes_first_and_its_merit_leaves_its_passage_out():
    found = ranked("Wer fand Risse?", hit(TAMSEN, score=0.5))
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    other = ranked("Wer fand Risse?", hit(TAMSEN, score=0.9))
    for candidate, same in zip(found, other, strict=True):
        assert candidate.merit == same.merit
        assert same.score - candidate.score == pytest.approx(WEIGHTS.passage * 0.4)


# --- what speaks for one ---------------------------------------------------------------------


def test_the_sentence_that_has_the_questions_words_is_best():
    assert best("Wer fand Risse?", hit(TAMSEN)) == "Die Prüferin Wiebke Tamsen (52) fand Risse."


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("Wie alt ist Tamsen?", "Tamsen (52) prüft Brücken.", "Tamsen prüft alte Brücken gern."),
        ("Wann tagt der Rat?", "Der Rat tagt am 3. November.", "Der Rat tagt oft und lange."),
        ("Wie viele Risse gab es?", "Es gab 14 Risse.", "Es gab wohl einige Risse."),
        ("Warum streiken Lotsen?", "Lotsen streiken, weil Lohn fehlt.", "Lotsen streiken weiter."),
        ("Was sagte Tamsen?", "Tamsen sagte: „Ja.“", "Tamsen reiste gestern nach Aue ab."),
        ("Wer hob das Wrack?", "Das Wrack hob Udo Tal.", "Das Wrack hob man am Abend."),
        ("Was kostet der Kran?", "Der Kran kostet 900 Euro.", "Der Kran kostet noch viel mehr."),
        ("Wie lange fehlt er?", "Er fehlt drei Wochen.", "Er fehlt leider immer noch."),
    ],
)
def test_of_two_the_sentence_that_holds_what_is_asked_for_is_best(question, answer, other):
    assert best(question, hit(f"{other} {answer}")) == answer
    found = features(question, hit(f"{other} {answer}"))
    assert (found[answer].holds, found[other].holds) == (1, 0)
    assert found[answer].held > found[other].held == 0


def test_what_the_question_itself_says_is_no_answer():
    found = features("Wer ist Anna Berg?", hit("Anna Berg kam. Es kam Udo Tal."))
    assert {text: f.holds for text, f in found.items()} == {
        "Anna Berg kam.": 0,
        "Es kam Udo Tal.": 1,
    }


def test_who_asks_what_is_said_wants_speech_whatever_else():
    speech, other = "Udo Tal sagte das am 3. Mai.", "Udo Tal ging am 3. Mai."
    found = features("Wann erklärte Udo Tal das?", hit(f"{speech} {other}"))
    assert (found[speech].holds, found[other].holds) == (1, 0)


def test_a_word_that_all_sentences_have_says_little():
    common, rare = "Die Brücke ist breit und alt.", "Der Kran ist breit und alt."
    hits = [hit(f"{common} {rare} Die Brücke ist breit. Die Brücke ist lang.")]
    found = features("Brücke Kran", *hits)
    assert found[rare].words > found[common].words > 0
    assert found[rare].subwords > found[common].subwords > 0
    assert best("Brücke Kran", *hits) == rare


def test_another_word_for_it_counts():
    found = features("Wer ist gestorben?", hit("Udo Tal starb. Udo Tal ging."))
    assert found["Udo Tal starb."].words > found["Udo Tal ging."].words == 0


def test_a_part_of_a_compound_counts_by_its_subwords():
    found = features("Wo ist die Brücke?", hit("Die Kranbrückensperrung. Die Fähre."))
    assert found["Die Kranbrückensperrung."].subwords > found["Die Fähre."].subwords == 0


def test_the_better_passage_wins_between_equal_sentences():
    text = "Wiebke Tamsen fand Risse."
    found = ranked("Wer fand Risse?", hit(text, "b", 0.5), hit(text, "a", 1.0))
    assert [candidate.hit.article_id for candidate in found] == ["a", "b"]


# --- the sentence before ---------------------------------------------------------------------


def test_what_the_sentence_before_says_counts_more_when_a_pronoun_refers_to_it():
    text = "Tamsen leitet das Amt. {} ist 52 Jahre alt. Es regnet."
    refers = features("Wie alt ist Tamsen?", hit(text.format("Sie")))["Sie ist 52 Jahre alt."]
    names = features("Wie alt ist Tamsen?", hit(text.format("Udo")))["Udo ist 52 Jahre alt."]
    assert refers.before == names.before == 1
    assert (refers.carried, names.carried) == (1, 0)


@pytest.mark.parametrize(
    "second",
    ["Sie ist 52.", "Mit 52 Jahren ist sie die älteste.", "„Ihr Amt“ ruht.", "Damit ist Schluss.",
     "She is 52.", "DORT ist sie."],
)  # fmt: skip
def test_a_sentence_refers_back_within_its_first_words(second):
    assert features("Wie alt ist Tamsen?", hit(f"Tamsen kam. {second}"))[second].carried == 1


@pytest.mark.parametrize(
    "second",
    [
        "Udo ist 52.",
        "Siegfried ist 52.",
        "Der alte Kran im Hafen von Aue, er ist 52.",
        "Ereignislos.",
    ],
)
def test_other_sentences_do_not(second):
    assert features("Wie alt ist Tamsen?", hit(f"Tamsen kam. {second}"))[second].carried == 0


def test_what_the_sentence_has_itself_is_not_counted_again():
    found = features("Wie alt ist Tamsen?", hit("Tamsen kam. Sie, Tamsen, ist 52."))
    assert found["Sie, Tamsen, ist 52."].before == 0


def test_the_last_sentence_of_one_hit_is_not_before_the_first_of_the_next():
    hits = [hit("Tamsen leitet das Amt."), hit("Sie ist 52 Jahre alt.", paragraph=2)]
    assert features("Wie alt ist Tamsen?", *hits)["Sie ist 52 Jahre alt."].before == 0


# --- any text --------------------------------------------------------------------------------

SOME = st.lists(
    st.sampled_from(["Tamsen", "ist", "52", "Sie", "er", ".", "!", "„", "“", "\u00ad", "Brücke"])
).map(" ".join)


@given(st.lists(SOME | st.text(max_size=60), max_size=4))
def test_features_of_any_text_are_shares(texts):
    hits = [hit(text, str(n), 1 / (n + 1)) for n, text in enumerate(texts)]
    for candidate in ranked("Wie alt ist die Prüferin Wiebke Tamsen an der Brücke?", *hits):
        assert candidate.text.strip() == candidate.text != ""
        assert isinstance(candidate.features, Features)
        *shares, held, length = candidate.features
        assert all(0 <= share <= 1 + 1e-9 for share in shares)
        assert 0 <= held < math.inf
        assert 0 <= length < math.inf


@pytest.mark.parametrize("piece", ["a", "er", "-", "1", "„", "Wort ", "\u00ad"])
def test_a_long_sentence_is_read_at_once(piece):
    text = (piece * 200)[:200]
    started = time.process_time()
    ranked("Wie lange war die Brücke gesperrt?", hit(text))
    assert time.process_time() - started < 0.3
