"""Which passage is scored above which, and why; the weights themselves are measured elsewhere."""

from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Passage
from rag.question import understand
from rag.rarity import Rarity
from rag.scoring import Features, Scorer

# Everything is equally rare, but for the words that nearly every passage has.
COMMON = {"der": 90, "die": 90, "hat": 90, "stadt": 50}
EVEN = Rarity(100, lambda stem: COMMON.get(stem, 3), lambda subword: 10)
FILLER = "Am Abend fiel der erste Schnee, und die Straßen wurden glatt."


NUMBERS = itertools.count()
AUGUST = datetime.date(2005, 8, 12)


def passage(text, context="", article="a", date=None):
    number = next(NUMBERS)
    id_ = f"{article}#{number}"
    return Passage(id_, article, number, 0, len(text), text, context, date)


def scores(question, *passages):
    return Scorer(understand(question), EVEN).scores(passages)


def features(question, *passages):
    return Scorer(understand(question), EVEN).features(passages)


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


def test_another_word_for_it_counts_but_less_than_the_word_itself():
    exact, related, none = scores(
        "Welcher Bürgermeister ist gestorben?",
        passage("Der Bürgermeister ist gestorben."),
        passage("Der Bürgermeister starb."),
        passage("Der Bürgermeister tanzte."),
    )
    assert exact > related > none


def test_german_words_count_for_an_english_question():
    bridge, ferry = scores(
        "Who inspected the bridge?",
        passage("Wiebke Tamsen kennt die Brücke."),
        passage("Wiebke Tamsen kennt die Fähre."),
    )
    assert bridge > ferry


@pytest.mark.parametrize(
    ("question", "holds", "other"),
    [
        ("Was kostet die Brücke?", "Die Brücke kostet 30 Euro.", "Die Brücke kostet zu viel."),
        ("Wann fährt die Fähre?", "Die Fähre fährt im Mai.", "Die Fähre fährt wieder."),
    ],
)
def test_what_holds_the_kind_of_thing_asked_for_is_better(question, holds, other):
    one, two = scores(question, passage(holds), passage(other))
    assert one > two
    assert [f.holds for f in features(question, passage(holds), passage(other))] == [1, 0]


def test_a_word_counts_where_it_stands_nearest():
    def place(*passages):
        found = features("Seilbahn", *passages)[0]
        places = ("own", "related", "above", "elsewhere")
        return [name for name in places if getattr(found, name)]

    assert place(passage("Die Seilbahn.", "Seilbahn")) == ["own"]
    assert place(passage("Es schneit.", "Neue Seilbahn")) == ["above"]
    assert place(passage("Es schneit."), passage("Die Seilbahn.")) == ["elsewhere"]
    assert place(passage("Es schneit."), passage("Die Seilbahn.", article="b")) == []
    [found] = features("Wer ist gestorben?", passage("Er starb.", "Gestorben"))
    assert found.related > found.above == 0


def test_what_else_was_found_of_the_article_counts():
    beside, alone, _ = scores(
        "Was kostet die Seilbahn?",
        passage("Sie kostet 3 Millionen Euro."),
        passage("Sie kostet 3 Millionen Euro.", article="b"),
        passage("Die Seilbahn ist neu."),
    )
    assert beside > alone


def test_the_time_that_is_asked_about_is_preferred():
    question = "Was geschah im August 2005 auf der Brücke?"
    text = "Auf der Brücke stand ein Kran."
    found = [passage(text, date=AUGUST), passage(text, date=AUGUST.replace(year=2007)),
             passage(f"{text} Es war 2005.", article="b")]  # fmt: skip
    assert [f.time for f in features(question, *found)] == [1, 0, 1]
    during, after, _ = scores(question, *found)
    assert during > after
    assert [f.time for f in features("Was geschah auf der Brücke?", *found)] == [0, 0, 0]


def test_a_passage_is_scored_again_beside_others():
    scorer = Scorer(understand("Was kostet die Seilbahn?"), EVEN)
    price, name = passage("Sie kostet 3 Millionen Euro."), passage("Die Seilbahn ist neu.")
    [alone] = scorer.features([price])
    beside, _ = scorer.features([price, name])
    assert (alone.elsewhere, beside.elsewhere) == (0, EVEN.of_stem("seilbahn"))
    assert scorer.features([price]) == [alone]


def test_what_holds_such_a_thing_but_nothing_of_the_question_is_worth_nothing():
    assert scores("Wer fährt?", passage("Es kam Udo Tal.")) == [0]
    assert scores("Friedensplan", passage("Es kam Udo Tal.")) == [0]


@pytest.mark.parametrize("passages", [(), (passage("…"),), (passage("😀", context="!"),)])
def test_nothing_to_compare_is_no_error(passages):
    assert scores("Wer fährt?", *passages) == [0.0] * len(passages)


@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=40))
def test_scores_are_never_negative(texts, context):
    passages = [passage(text, context) for text in texts]
    found = scores("Wer war am 3. Mai bei der Seilbahn in Müllheim?", *passages)
    assert len(found) == len(texts)
    assert all(score >= 0 for score in found)


@given(st.lists(st.text(max_size=80), max_size=5), st.text(max_size=40))
def test_features_are_never_negative(texts, context):
    for found in features("Wann starb Udo Tal 2005?", *(passage(t, context) for t in texts)):
        assert isinstance(found, Features)
        assert min(found) >= 0
        assert {found.holds, found.time} <= {0, 1}
