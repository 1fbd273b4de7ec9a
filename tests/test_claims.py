import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.claims import claim
from rag.question import understand

DAY = datetime.date(2025, 11, 13)


def claimed(question, sentence):
    found = claim(understand(question), sentence, DAY)
    return found and found.value.text


@pytest.mark.parametrize(
    ("question", "sentence", "text"),
    [
        ("Wie viele Boote sanken?", "Im Sturm sanken zwölf Boote.", "zwölf"),
        ("Wie viele Boote sanken?", "Im Sturm sanken zwölf Boote und 14 Schiffe.", "zwölf"),
        ("Wie viele Boote sanken?", "Es sanken zwölf Boote, am Abend noch 14 Boote.", None),
        ("Wie viele Boote sanken?", "Im Sturm sanken 14 Schiffe.", None),
        ("Wie viele Demonstranten kamen?", "Rund 40 Kaufleute demonstrierten.", "Rund 40"),
        ("Wie viele Demonstranten kamen?", "Rund 40 Kaufleute feierten.", None),
        ("Wie viele Menschen starben?", "Bei dem Brand gab es 14 Tote.", "14"),
        ("Wie viele Delegierte hat Gingrich?", "Romney hat 563, Gingrich 135 Delegierte.", None),
        ("Wie hoch ist der Schaden?", "Der Schaden beträgt 400 Euro.", "400"),
        ("Was kostet die Brücke?", "In fünf Wochen kostet sie 78 Euro.", "78"),
        ("Wie alt ist Anna Berg?", "Es kam Dr. Anna Berg (52) mit Udo Tal (30).", "52"),
        ("Wie alt ist Anna Berg?", "Es kam die 52-jährige Anna Berg.", "52"),
        ("Wie alt ist Anna Berg?", "Anna Berg ist 52 Jahre alt.", "52"),
        ("Wie alt ist Anna Berg?", "Es kam Udo Tal (30).", None),
        ("Wann tagt der Rat?", "Der Rat tagt am 3. Dezember.", "3. Dezember"),
        ("Wann tagt der Rat?", "Der Rat tagt Ende Mai 2026 wieder.", "Ende Mai 2026"),
        ("Wann tagt der Rat?", "Der Rat tagt am 3. Mai und am 4. Juni.", None),
        ("Wann tagt der Rat?", "The council meets on November 3.", "November 3"),
        ("Wann tagt der Rat?", "Der Rat tagt am 31. Februar.", None),
        ("Wann tagt der Rat?", "Der Rat tagt im Mai.", None),
        ("Wer tagt?", "Der Rat tagt mit zwölf Leuten.", None),
    ],
)  # fmt: skip
def test_the_one_thing_that_a_sentence_answers(question, sentence, text):
    assert claimed(question, sentence) == text


def test_a_date_without_a_year_is_the_nearest():
    def year(sentence):
        found = claim(understand("Wann?"), sentence, DAY)
        return datetime.date.fromordinal(found.value.low).year

    assert year("Er kommt am 9. Januar.") == 2026
    assert year("Er kam am 9. Oktober.") == 2025


@given(
    question=st.sampled_from(
        ["Wie viele Boote?", "Wie alt ist Anna Berg?", "Wann?", "Was kostet es?"]
    ),
    sentence=st.text(max_size=100) | st.from_regex(r"[0-9]{1,3}\. (Mai|Februar)( [0-9]{4})?"),
)
def test_any_sentence_is_read(question, sentence):
    found = claim(understand(question), sentence, DAY)
    assert found is None or found.value.text in sentence
