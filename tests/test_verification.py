import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.verification
from rag.verification import Source, Verdict, supports, verify, verify_together

SOURCE = "Mark Rutte lobte am Montag in Miami die Gespräche; sie kosteten 1,5 Millionen Euro."
OTHER = "Der Präsident sagte: „Wir hatten keine Wahl.“ Danach reiste er ab."
LONG = (
    "Der Stadtrat von Kiel hat am 3. Mai 2005 den Bau einer Brücke beschlossen. Sie soll 12"
    " Millionen Euro kosten. Bürgermeisterin Helga Thoms sprach von einem guten Tag für die Stadt."
)
WORDS = st.lists(
    st.sampled_from(
        "Kiel baute 12 Brücken nicht. Merkel sagte „nein“ am 3. Mai, und dann ab".split()
    )
).map(" ".join)


def kinds(statement, text, **fields):
    return {problem.kind for problem in verify(statement, Source(text, **fields)).problems}


# --- verify ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        LONG.split(". Sie")[0] + ".",
        "In Kiel wurde am 3. Mai 2005 der Bau einer Brücke beschlossen.",
        "Der Kieler Stadtrat stimmte im Mai 2005 dem Bau einer Brücke zu.",
        "Die Brücke soll zwölf Millionen Euro kosten.",
        "Helga Thoms nannte es einen guten Tag für die Stadt.",
        "On 3 May 2005 the city council of Kiel decided to build a bridge.",
    ],
)
def test_what_a_source_says_is_proven(statement):
    assert verify(statement, Source(LONG)).problems == ()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("Der Stadtrat von Kiel hat am 3. Mai 2005 den Bau einer Schule gefeiert.", "wording"),
        ("Die Brücke soll 14 Millionen Euro kosten.", "number"),
        ("Der Stadtrat von Kiel hat am 4. Mai 2005 den Bau einer Brücke beschlossen.", "day"),
        ("Der Stadtrat von Rom hat am 3. Mai 2005 den Bau einer Brücke beschlossen.", "name"),
        ("Der Stadtrat von Kiel hat am 3. Mai 2005 den Bau einer Brücke abgelehnt.", "opposite"),
        ("Der Stadtrat von Kiel hat am 3. Mai 2005 den Bau nicht beschlossen.", "negation"),
        ("Helga Thoms sprach von einem „schlechten Tag für die Stadt“.", "quotation"),
    ],
)
def test_what_a_source_does_not_say_has_a_problem_of_its_kind(statement, kind):
    assert kind in kinds(statement, LONG)
    assert not verify(statement, Source(LONG)).is_supported


def test_a_whole_sentence_proves_itself_whatever_it_says():
    verdict = verify("Das war es.", Source("Sie reisten ab. Das war es. Es regnete."))
    assert (verdict.is_supported, verdict.start, verdict.end) == (True, 16, 27)


def test_an_added_clause_is_not_proven_by_the_rest():
    true = "Der Stadtrat von Kiel hat den Bau einer Brücke beschlossen"
    assert verify(f"{true}.", Source(LONG)).is_supported
    assert "wording" in kinds(f"{true}, und Radfahrer jubelten laut.", LONG)


def test_the_span_is_what_proves_it():
    verdict = verify("Die Brücke soll zwölf Millionen Euro kosten.", Source(LONG))
    assert "12 Millionen Euro" in LONG[verdict.start : verdict.end]
    assert "Helga" not in LONG[verdict.start : verdict.end]


def test_relative_days_count_from_the_date_of_the_source():
    text, date = "Gestern brannte in Kiel eine Lagerhalle.", datetime.date(2005, 5, 4)
    assert verify("Am 3. Mai 2005 brannte in Kiel eine Lagerhalle.", Source(text, date=date))
    assert "day" in kinds("Am 4. Mai 2005 brannte in Kiel eine Lagerhalle.", text, date=date)


@pytest.mark.parametrize("statement", ["", " ", "«»", "…", "er", "und die"])
@pytest.mark.parametrize("text", ["", SOURCE, "…"])
def test_a_statement_without_content_is_not_supported(statement, text):
    assert not verify(statement, Source(text)).is_supported


def test_a_verdict_without_problems_is_supported():
    assert Verdict(0, 0, 1.0, ()).is_supported
    assert set(rag.verification.__all__) >= {"verify", "verify_together", "supports", "Source"}


# --- several sources -------------------------------------------------------------------------


def test_sources_support_together():
    sentence = "Rutte lobte Gespräche, Präsident reiste ab."
    assert not supports(sentence, [SOURCE])
    assert not supports(sentence, [OTHER])
    assert supports(sentence, [SOURCE, OTHER])
    assert supports(sentence, [OTHER, SOURCE])


def test_the_span_of_sources_together_is_of_the_first():
    sentence = "Rutte lobte Gespräche, Präsident reiste ab."
    verdict = verify_together(sentence, [Source(SOURCE), Source(OTHER)])
    assert verdict.is_supported
    assert SOURCE[verdict.start : verdict.end] == SOURCE


def test_a_quotation_may_be_in_the_second_source():
    sentence = "Rutte lobte Gespräche, „Wir hatten keine Wahl“, sagte der Präsident."
    assert verify_together(sentence, [Source(SOURCE), Source(OTHER)]).problems == ()


def test_nothing_is_supported_by_nothing():
    assert not supports(SOURCE, [])
    assert not supports(SOURCE, [""])
    assert not verify_together(SOURCE, []).is_supported
    assert not verify_together(SOURCE, [Source("")]).is_supported


@pytest.mark.parametrize(
    "sentence",
    [
        SOURCE,
        f"«{SOURCE}»",
        "lobte am Montag in Miami die Gespräche",
        "Mark  Rutte\nlobte am Montag",
        "Rutte lobte die Gespräche in Miami.",
        "In Miami lobt Rutte Gespräche.",
        "„Wir hatten keine Wahl.“",
        "1,5 Millionen Euro",
    ],
)
def test_what_a_source_says_is_supported(sentence):
    assert supports(sentence, [OTHER, SOURCE])


@pytest.mark.parametrize(
    "sentence",
    [
        "Donald Trump lobte am Freitag in Berlin die Verhandlungen.",
        "Rutte lobte am Montag in Miami die 14 Gespräche.",
        "Mark Rutte lobte 2025 in Miami die Gespräche.",
        "5 Millionen Euro",
        "1,5 Millionen Dollar",
    ],
)
def test_what_no_source_says_is_not(sentence):
    assert not supports(sentence, [SOURCE])


# --- any text --------------------------------------------------------------------------------


@given(st.sampled_from([SOURCE, OTHER, LONG]), WORDS, WORDS)
def test_a_sentence_is_proven_by_a_text_that_contains_it(sentence, before, after):
    assert verify(sentence, Source(f"{before}\n\n{sentence}\n\n{after}")).is_supported


@given(st.text() | WORDS, st.text() | WORDS, st.sampled_from(["de", "en"]))
def test_any_text_has_a_verdict_with_a_span_inside(statement, text, language):
    verdict = verify(statement, Source(text, text, None, language))
    assert 0 <= verdict.start <= verdict.end <= len(text)
    assert 0 <= verdict.coverage <= 1.0001
    together = verify_together(statement, [Source(text), Source(statement)])
    assert 0 <= together.start <= together.end


@given(st.text(alphabet=" .,;:!?–„“…\n\t()"), st.text())
def test_a_statement_without_a_word_is_never_supported(statement, text):
    assert not verify(statement, Source(text)).is_supported
