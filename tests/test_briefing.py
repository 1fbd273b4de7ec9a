import datetime
import itertools
import json
import re
import secrets

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.answer import Hit
from rag.briefing import brief, presented
from rag.stories import Story

DAY = datetime.date(2025, 11, 3)
KEYS = ["id", "headline", "outlet", "date", "text"]
# Texts of their own words: of those that repeat each other only two are given.
TEXTS = [f"In {name} hat der Rat am Montag getagt." for name in "Aue Elm Ulm Rom Bad Ems".split()]


def hit(text, article_id="a", paragraph=1, title="Titel", **fields):
    return Hit(article_id, paragraph, 0, len(text), text, 1.0, title, **fields)


def own_words(number, length=10):
    """Return a text that shares no three words with that of another number."""
    return " ".join(f"wort{number}x{place}" for place in range(length))


def stories(*hits):
    return [Story(one, ()) for one in hits]


def briefed(*hits):
    return [one.hit for one in brief(stories(*hits), {})]


# --- which sources ---------------------------------------------------------------------------


def test_of_nothing_nothing_is_given():
    assert brief([], {}) == []
    assert presented([]) == ""


def test_at_most_ten_are_given_the_best_first():
    hits = [hit(own_words(n), f"a{n}") for n in range(14)]
    assert briefed(*hits) == hits[:10]


def test_at_most_four_are_of_one_article():
    hits = [hit(own_words(n), "a", n) for n in range(6)] + [hit(own_words(7), "b")]
    assert briefed(*hits) == [*hits[:4], hits[6]]


def test_of_those_that_repeat_each_other_two_are_given():
    flood = [hit(f"Bei dem Unglück am Hafen von Grothaven starben am Montag früh {n} Menschen.",
                 f"a{n}") for n in range(20, 60)]  # fmt: skip
    last = hit(own_words(1), "z")
    assert briefed(*flood, last) == [*flood[:2], last]


def test_a_story_is_given_once_however_many_copies_it_has():
    copies = tuple(hit(TEXTS[0], f"b{n}") for n in range(20))
    [one] = brief([Story(hit(TEXTS[0]), copies)], {})
    assert one.story.copies == copies


def long(number, characters):
    return hit(own_words(number, 5000)[:characters], f"a{number}")


def test_what_there_is_no_room_for_is_left_out_and_what_is_shorter_is_given():
    best, one, two = long(0, 2000), long(1, 9000), long(2, 7000)
    too_long, none_left = long(3, 7001), hit("x", "x")
    assert briefed(best, one, too_long, two, none_left) == [best, one, two]


def test_a_source_is_never_cut_and_the_best_is_given_however_long_it_is():
    best, other = long(0, 40_000), long(1, 1000)
    assert briefed(best) == [best]
    assert briefed(best, other) == [best, other]  # nor does it keep the others out
    assert briefed(other, best) == [other]


def test_what_is_not_given_for_its_length_does_not_count_for_its_article():
    hits = [hit(own_words(n, 5000)[: 20_000 if n < 4 else 100], "a", n) for n in range(1, 8)]
    assert briefed(hit("Kurz."), *hits) == [hit("Kurz."), *hits[3:6]]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 12_000)), max_size=30))
def test_a_briefing_keeps_its_limits(lengths):
    hits = [hit(f"{n} {'x' * length}", name, n) for n, (name, length) in enumerate(lengths)]
    given_ = briefed(*hits)
    assert given_ == [one for one in hits if one in given_]  # best first
    assert given_[:1] == hits[:1]
    assert len(given_) <= 10
    assert all(sum(one.article_id == name for one in given_) <= 4 for name in "abc")
    assert sum(len(one.text) for one in given_[1:]) <= 16_000
    assert {one.text for one in given_} <= {one.text for one in hits}


# --- ids -------------------------------------------------------------------------------------


def test_ids_are_made_anew_each_time():
    hits = stories(*(hit(text, text) for text in TEXTS))
    lists = [tuple(one.id for one in brief(hits, {})) for _ in range(50)]
    assert all(len(set(ids)) == len(TEXTS) for ids in lists)
    assert len({id_ for ids in lists for id_ in ids}) > 250  # of 300; a few may come again


def test_no_two_sources_have_the_same_id(monkeypatch):
    chances = itertools.cycle("bbbcccbbbdddccc")
    monkeypatch.setattr(secrets, "choice", lambda _: next(chances))
    found = brief(stories(*(hit(text, text) for text in TEXTS[:3])), {})
    assert [one.id for one in found] == ["bbb", "ccc", "ddd"]


def test_ids_are_short_and_no_words():
    for one in brief(stories(*(hit(text, text) for text in TEXTS)), {}):
        assert re.fullmatch("[bcdfghjkmnpqrstvwxz2-9]{3}", one.id)


def every_short_id():
    return ["".join(some) for some in itertools.product("bcdfghjkmnpqrstvwxz23456789", repeat=3)]


@pytest.mark.parametrize("mark", ["[{}]", "{}", "[{}, x]", "[ {} ]"])
@pytest.mark.parametrize("place", ["text", "title", "source"])
def test_no_id_stands_in_what_is_presented(mark, place):
    taken = every_short_id()[: 27**3 - 27**2]  # few are left
    texts = {"text": "Kurz.", place: " ".join(map(mark.format, taken)).upper()}
    for one in brief(stories(hit(**texts), hit("Kurz.", "b")), {}):
        assert one.id not in taken


def test_a_text_that_has_every_id_ends_nothing():
    hostile = hit(" ".join(f"[{id_}]" for id_ in every_short_id()))
    ids = [one.id for one in brief(stories(hostile, hit("Kurz.", "b")), {})]
    assert [len(id_) for id_ in ids] == [4, 4]
    assert not any(id_ in hostile.text for id_ in ids)


# --- as the model is given them --------------------------------------------------------------

HOSTILE = st.text() | st.lists(
    st.sampled_from(
        ["<", ">", "</sources>", "<question>", '"', '"}', "\\", "\\u003c", "\n", "\r", "\x85",
         "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1e", "\x00", "\x7f", "\ufeff", "$sources",
         "$$", "${", "---", "[k3f]", "😀", "\ud83d", "&lt;", "System: "]
    )
).map("".join)  # fmt: skip


@given(HOSTILE, HOSTILE, HOSTILE | st.none(), st.dates() | st.none())
@example('"}\n{"id": "x', "</sources>", '"', None)
@example("\u2028", "\x85", "\ud800", None)
def test_nothing_leaves_its_line_or_its_string(text, title, outlet, date):
    hits = [hit(text, "a", title=title, source=outlet, date=date), hit("Kurz.", "b")]
    found = brief(stories(*hits), {})
    shown = presented(found)
    assert "<" not in shown
    assert shown.encode()
    assert len(shown.splitlines()) == 2
    for line, one in zip(shown.splitlines(), found, strict=True):
        told = json.loads(line)
        assert list(told) == KEYS
        assert told == {
            "id": one.id, "headline": one.hit.title, "outlet": one.hit.source,
            "date": one.hit.date and one.hit.date.isoformat(), "text": one.hit.text,
        }  # fmt: skip


def test_a_source_tells_no_more_than_the_model_needs():
    private = {"url": "https://bote.example", "context": "Titel\nRubrik"}
    found = hit("Es begann.", "bote/1", source="Bote", date=DAY, **private)
    shown = presented(brief(stories(found), {"bote/1": "Der ganze Artikel."}))
    assert "bote" not in shown
    assert "Rubrik" not in shown
    assert "ganze" not in shown
    assert '"outlet": "Bote", "date": "2025-11-03", "text": "Es begann."' in shown


# --- as they are checked ---------------------------------------------------------------------


def test_a_source_is_checked_with_its_headline_heading_and_article_behind_it():
    found = hit(
        "Er kam.", title="Merz in Aue", context="Merz in Aue\nReise", date=DAY, language="en"
    )
    [one] = brief(stories(found), {"a": "Friedrich Merz reist.", "b": "Anderes."})
    assert one.hit is found
    assert one.source.text == "Er kam."
    assert one.source.background.splitlines() == [
        "Merz in Aue", "Merz in Aue", "Reise", "Friedrich Merz reist.",
    ]  # fmt: skip
    assert (one.source.date, one.source.language) == (DAY, "en")


def test_an_article_that_is_gone_is_no_background():
    [one] = brief(stories(hit("Er kam.", title="")), {})
    assert one.source.background == ""
