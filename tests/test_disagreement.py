import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.language import sentences
from index.readers import find_files, read_corpus
from rag.facts.disagreement import Kind, Statement, conflicts, note
from rag.question import understand

ASKED = "Wie viele Tote gab es bei dem Zugunglück in Grothaven?"
TOLL = "Bei dem Zugunglück in Grothaven gab es {} Tote."


def stated(sentence, article_id="a", day=3, source="Hafenblatt", month=11, year=2025):
    date = datetime.date(year, month, day)
    return Statement(sentence, article_id, date, source, f"Zugunglück in Grothaven {sentence}")


def found(one, other, asked=ASKED, **fields):
    fields = {"article_id": "b", "source": "Küstenkurier"} | fields
    return conflicts(understand(asked), stated(one), [stated(other, **fields)])


def values(*args, **fields):
    return [(c.mine, c.theirs, c.kind) for c in found(*args, **fields)]


# --- numbers ---------------------------------------------------------------------------------


def test_two_outlets_of_one_day_disagree():
    one, other = TOLL.format("zwölf"), TOLL.format("14")
    assert values(one, other) == [("zwölf", "14", Kind.DISAGREES)]
    assert values(other, one) == [("14", "zwölf", Kind.DISAGREES)]


def test_people_who_died_are_as_many_dead():
    other = "14 Menschen kamen bei dem Zugunglück in Grothaven ums Leben."
    assert values(TOLL.format("zwölf"), other) == [("zwölf", "14", Kind.DISAGREES)]


@pytest.mark.parametrize(
    "other",
    [
        "Die Zahl der Toten bei dem Zugunglück in Grothaven stieg auf 14.",
        "Bei dem Zugunglück in Grothaven gab es inzwischen 14 Tote.",
        "Die Zahl der Toten bei dem Zugunglück in Grothaven stieg von zwölf auf 14.",
    ],
)
def test_a_later_report_with_news_supersedes(other):
    assert values(TOLL.format("zwölf"), other, day=5) == [("zwölf", "14", Kind.SUPERSEDED)]


def test_of_several_later_reports_the_latest_counts():
    others = [
        stated(f"Bei dem Zugunglück in Grothaven gab es nun {n} Tote.", f"b{n}", n - 9)
        for n in (13, 17, 15)
    ]
    [conflict] = conflicts(understand(ASKED), stated(TOLL.format("zwölf")), others)
    assert conflict.theirs == "17"


@pytest.mark.parametrize(
    "other",
    [
        TOLL.format("zwölf"),
        TOLL.format("12"),
        TOLL.format("rund zehn"),
        TOLL.format("mindestens zehn"),
        TOLL.format("bis zu 14"),
        TOLL.format("11 bis 14"),
        TOLL.format("ein Dutzend"),
        "Bei dem Zugunglück in Grothaven gab es 14 Verletzte.",
        "Bei dem Zugunglück in Grothaven gab es 14 tote Hunde.",
        "Bei dem Zugunglück in Grothaven gab es drei weitere Tote.",
        "Bei dem Zugunglück in Grothaven gab es in Wagen 3 drei Tote und hinten neun Tote.",
        "Bei dem Zugunglück in Grothaven gab es 2004 vierzehn Verletzte und keine Toten.",
        "Bei dem Zugunglück in Grothaven waren 14 Prozent der Fahrgäste Tote.",
        "Bei dem Zugunglück in Grothaven wurden am 14. Toten erkannt.",
        "Bei dem Zugunglück in Grothaven gab es allein vorn drei Tote.",
        "Bei dem Zugunglück in Kirnstetten gab es 14 Tote.",
        "Bei dem Schiffsunglück in Grothaven gab es 14 Tote.",
        "Der Sprecher erinnerte an frühere Unfälle und nannte 14 Tote.",
        "In einer früheren Fassung hieß es, bei dem Zugunglück in Grothaven gab es 14 Tote.",
        "Es gab zwölf Tote, so die Stadt zum Zugunglück in Grothaven, statt 14 Tote.",
    ],
)
def test_what_is_no_conflict(other):
    assert values(TOLL.format("zwölf"), other) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"article_id": "a"},
        {"source": "Hafenblatt"},  # an outlet's two reports of a day are two events
        {"source": None},
        {"day": 2},  # the quoted one is newer
        {"day": 5},  # later, but nothing says that it is news of the same
        {"year": 2026},
    ],
)
def test_who_says_it_and_when_matters(fields):
    assert values(TOLL.format("zwölf"), TOLL.format("14"), **fields) == []


def test_without_a_date_there_is_no_conflict():
    one, other = stated(TOLL.format("zwölf")), stated(TOLL.format("14"), "b", source="Kurier")
    assert conflicts(understand(ASKED), one, [other._replace(date=None)]) == []
    assert conflicts(understand(ASKED), one._replace(date=None), [other]) == []


def test_other_weekdays_and_years_are_other_events():
    one = "Am Montag gab es bei dem Zugunglück in Grothaven zwölf Tote."
    assert values(one, one.replace("zwölf", "14")) == [("zwölf", "14", Kind.DISAGREES)]
    assert values(one, one.replace("zwölf", "14").replace("Montag", "Freitag")) == []
    then = "2004 gab es bei dem Zugunglück in Grothaven drei Tote."
    assert values(then, then.replace("2004", "2005").replace("drei", "fünf")) == []


def test_a_question_that_fits_every_accident_is_left_alone():
    assert values(TOLL.format("zwölf"), TOLL.format("14"), "Wie viele Tote gab es?") == []
    assert values(TOLL.format("zwölf"), TOLL.format("14"), "Wie viele Tote bei dem Unglück?") == []


def test_votes_and_scores_are_no_counts():
    asked = "Wie viele Stimmen bekam Anna Berg im Rat von Grothaven?"
    vote = "Im Rat von Grothaven wurde Anna Berg mit {} Stimmen gewählt."
    assert values(vote.format("27 gegen 14"), vote.format("31 gegen 22"), asked) == []
    assert values(vote.format("27"), vote.format("31"), asked) == [("27", "31", Kind.DISAGREES)]


# --- money, ages, dates, English -------------------------------------------------------------


def test_amounts_are_compared_by_their_worth():
    asked = "Was kostet die Reparatur nach dem Zugunglück in Grothaven?"
    cost = "Die Reparatur nach dem Zugunglück in Grothaven kostet {} Euro."
    one = cost.format("drei Millionen")
    assert values(one, cost.format("3,8 Mio."), asked) == [
        ("drei Millionen", "3,8 Mio.", Kind.DISAGREES)
    ]
    assert values(one, cost.format("3.000.000"), asked) == []
    assert values(one, cost.format("19.000"), asked) != []
    assert values(one, cost.format("19.000").replace("Euro", "Euro im Monat"), asked) == []
    assert values(one, cost.format("drei").replace("Euro", "Prozent mehr"), asked) == []


def test_ages_are_compared_for_the_same_full_name():
    asked = "Wie alt ist die Ingenieurin Anna Berg?"
    one = "Die Ingenieurin Anna Berg (52) kam."
    assert values(one, one.replace("52", "47"), asked) == [("52", "47", Kind.DISAGREES)]
    assert values(one, one.replace("52", "53"), asked) == []  # a birthday
    assert values(one, one.replace("Anna Berg (52)", "Ute Berg (30)"), asked) == []


def test_dates_are_compared():
    asked = "Wann öffnet die Strecke nach dem Zugunglück in Grothaven?"
    one = "Die Strecke öffnet nach dem Zugunglück in Grothaven am {} wieder."
    assert values(one.format("3. Dezember"), one.format("15. Dezember"), asked) == [
        ("3. Dezember", "15. Dezember", Kind.DISAGREES)
    ]
    assert values(one.format("3. Dezember"), one.format("3. Dezember 2025"), asked) == []
    assert values(one.format("3. Mai 2026"), one.format("Anfang Mai 2026"), asked) == []
    moved = "Die Strecke öffnet nach dem Zugunglück in Grothaven nun erst am 9. Januar."
    assert values(one.format("3. Dezember"), moved, asked, day=9) == [
        ("3. Dezember", "9. Januar", Kind.SUPERSEDED)
    ]


def test_english():
    asked = "How many people died in the Grothaven Kranbrücke accident in Süderhafen?"
    toll = "In the Grothaven Kranbrücke accident in Süderhafen {} people died."
    one, other = (s._replace(text=s.sentence) for s in (
        stated(toll.format("twelve")), stated(toll.format("14"), "b", source="Times")
    ))  # fmt: skip
    [conflict] = conflicts(understand(asked), one, [other])
    assert (conflict.mine, conflict.theirs) == ("twelve", "14")


# --- what the reader is told -----------------------------------------------------------------


def test_notes():
    same_day = found(TOLL.format("zwölf"), TOLL.format("14"))
    news = "Bei dem Zugunglück in Grothaven gab es nun 14 Tote."
    later = found(TOLL.format("zwölf"), news, day=5)
    assert note(same_day + later, "de") == (
        "Die Quellen widersprechen sich: «zwölf» (Hafenblatt, 3. 11. 2025) gegen «14» "
        "(Küstenkurier, 3. 11. 2025).",
        "Ein späterer Bericht (Küstenkurier, 5. 11. 2025) nennt «14» statt «zwölf».",
    )
    assert note(same_day + later, "en") == (
        "The sources disagree: «zwölf» (Hafenblatt, 3 November 2025) against «14» "
        "(Küstenkurier, 3 November 2025).",
        "A later report (Küstenkurier, 5 November 2025) says «14» instead of «zwölf».",
    )
    assert note(found(TOLL.format("zwölf"), news, day=5, source=None), "de") == (
        "Ein späterer Bericht (b, 5. 11. 2025) nennt «14» statt «zwölf».",
    )


# --- the samples -----------------------------------------------------------------------------


def statements(samples, article_id):
    [article] = (a for a in read_corpus(find_files([samples])) if a.id == article_id)
    return [
        Statement(p.text[start:end], article_id, article.date, article.source,
                  f"{article.title} {p.text}")
        for p in article.paragraphs
        for start, end in sentences(p.text)
    ]  # fmt: skip


HAENDLER = "hafenkurier/2025-11-13-haendler-demonstrieren"
DEMO = "stadtanzeiger/2025-11-13-demo-kranbruecke"
LEAK, MORE = (
    "morgenblitz/2025-11-06-datenleck-stadthaus-seewilen",
    "morgenblitz/2025-11-14-grauwolf-fordert-millionen",
)
CLOSED, DEARER = (
    "hafenkurier/2025-11-04-kranbruecke-gesperrt",
    "hafenkurier/2025-11-21-bruecke-wird-teurer",
)


@pytest.mark.parametrize(
    ("question", "article", "quote", "other", "expected"),
    [
        ("Wie viele Demonstranten zogen am 12. November wegen der Brücke vor das Rathaus in "
         "Grothaven?", HAENDLER, "rund 40", DEMO, ("rund 40", "65", Kind.DISAGREES)),
        ("Wie viele Demonstranten zogen am 12. November wegen der Brücke vor das Rathaus in "
         "Grothaven?", DEMO, "65 Demo", HAENDLER, ("65", "rund 40", Kind.DISAGREES)),
        ("Wie viele Personen sind insgesamt vom Datenleck in Seewilen betroffen?",
         LEAK, "rund 8000", MORE, ("rund 8000", "21'400", Kind.SUPERSEDED)),
        ("Was kostet die Sanierung der Kranbrücke?",
         CLOSED, "3,4 Mill", DEARER, ("3,4 Millionen", "5,1 Millionen", Kind.SUPERSEDED)),
    ],
)  # fmt: skip
def test_the_contradictions_of_the_samples_are_found(
    samples, question, article, quote, other, expected
):
    quoted = next(s for s in statements(samples, article) if quote in s.sentence)
    [conflict] = conflicts(understand(question), quoted, statements(samples, other))
    assert (conflict.mine, conflict.theirs, conflict.kind) == expected


# --- whatever the text -----------------------------------------------------------------------

PIECE = st.sampled_from(
    "Tote|Menschen|Zugunglück|Grothaven|in|gab es|12|zwölf|14|3,4 Millionen|Euro|am 3. Mai|2005|%"
    "|Anna Berg (52)|nicht|statt|bis|,|.|stieg auf|rund|died|\u00ad|²|٣".split("|")
)
SENTENCE = st.lists(PIECE, max_size=14).map(" ".join) | st.text(max_size=60)
QUESTION = st.sampled_from(
    [
        ASKED,
        "Was kostet Grothaven?",
        "Wann war das Zugunglück in Grothaven?",
        "Wie alt ist Anna Berg?",
    ]
)


@given(QUESTION, SENTENCE, SENTENCE, st.integers(1, 28))
def test_any_two_sentences_are_compared(question, one, other, day):
    for conflict in found(one, other, question, day=day):
        assert conflict.mine in one
        assert conflict.theirs in other
        assert note([conflict], "de")


@given(QUESTION, SENTENCE)
def test_a_sentence_never_conflicts_with_its_copy(question, sentence):
    assert found(sentence, sentence, question) == []
    assert found(sentence, f"Grothaven (mik) - {sentence}", question) == []


@given(QUESTION, SENTENCE, SENTENCE)
def test_on_one_day_each_conflicts_with_the_other(question, one, other):
    mine, theirs = stated(one), stated(other, "b", source="Küstenkurier")
    there = conflicts(understand(question), mine, [theirs])
    back = conflicts(understand(question), theirs, [mine])
    assert [(c.mine, c.theirs) for c in there] == [(c.theirs, c.mine) for c in back]
