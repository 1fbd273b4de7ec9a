"""Which passage is scored above which, and why; the weights themselves are measured elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Passage
from rag.question import understand
from rag.scoring import Frequencies, score_passages

# Everything is equally rare, but for the words that nearly every passage has.
COMMON = {"der": 90, "die": 90, "hat": 90, "stadt": 50}
EVEN = Frequencies(100, lambda word: COMMON.get(word, 3), lambda subword: 10)
FILLER = "Am Abend fiel der erste Schnee, und die Straßen wurden glatt."


def passage(text, context=""):
    return Passage("a#1", "a", 1, 0, len(text), text, context)


def scores(question, *passages):
    return score_passages(understand(question), passages, EVEN)


def test_a_rare_word_counts_more_than_a_common_one():
    rare, common = scores(
        "Was hat die Stadt mit der Seilbahn vor?",
        passage(f"Die Seilbahn ist alt. {FILLER}"),
        passage(f"Die Stadt ist alt. {FILLER}"),
    )
    assert rare > common


def test_more_of_the_question_is_better():
    both, one = scores(
        "Wann fährt die Seilbahn nach Grothaven?",
        passage(f"Die Seilbahn fährt nach Grothaven. {FILLER}"),
        passage(f"Die Seilbahn fährt nach Norden. {FILLER}"),
    )
    assert both > one


def test_what_stands_only_in_the_headline_counts():
    above, nowhere = scores(
        "Was kostet die Seilbahn?",
        passage("Sie kostet 3 Millionen Euro.", context="Neue Seilbahn"),
        passage("Sie kostet 3 Millionen Euro.", context="Neues Rathaus"),
    )
    assert above > nowhere


def test_the_same_wording_beats_the_same_words():
    in_order, shuffled = scores(
        "Von wem ist „frische Luft macht hungrig“?",
        passage("Er rief: Frische Luft macht hungrig!"),
        passage("Er rief: Hungrig macht Luft frische!"),
    )
    assert in_order > shuffled


def test_a_compound_and_another_spelling_count_in_part():
    exact, close, other = scores(
        "Wo sprach Selenskyj über den Friedensplan?",
        passage("Selenskyj sprach über den Friedensplan."),
        passage("Zelensky sprach über Friedenspläne."),
        passage("Brandt sprach über den Haushalt."),
    )
    assert exact > close > other


def test_of_two_equal_passages_the_shorter_is_no_worse():
    text = "Die Seilbahn fährt wieder."
    short, long = scores("Fährt die Seilbahn?", passage(text), passage(f"{text} {FILLER} {FILLER}"))
    assert short > long


@pytest.mark.parametrize("passages", [(), (passage("…"),), (passage("😀", context="!"),)])
def test_nothing_to_compare_is_no_error(passages):
    assert scores("Wer fährt?", *passages) == [0.0] * len(passages)


@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=40))
def test_scores_are_never_negative(texts, context):
    passages = [passage(text, context) for text in texts]
    found = scores("Wer war am 3. Mai bei der Seilbahn in Müllheim?", *passages)
    assert len(found) == len(texts)
    assert all(score >= 0 for score in found)
