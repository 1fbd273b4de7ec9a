import dataclasses

import pytest

from rag.evaluation.diagnosis import diagnose
from tests.golden import abstained, answered, cited, failed, nothing_to_find, question

TEXT = "Die Stadt sperrte am Montag die Kranbrücke."
HERE = {"article_id": "a", "paragraph": 1}
ASKED = question(answers=["Kranbrücke"], evidence=[HERE])
QUOTED = (f"«{TEXT}»", (1,))
RIGHT = cited(1, TEXT)
WEATHER = cited(2, "Am Wochenende bleibt es kalt und neblig.", article_id="b")
ELSEWHERE = dataclasses.replace(cited(1, TEXT), paragraph=2)


def said(*sentences, citations=(RIGHT,), **fields):
    return answered(*sentences, citations=citations, **fields)


@pytest.mark.parametrize(
    ("asked", "record", "words"),
    [
        (ASKED, said(QUOTED), "right"),
        (question(evidence=[HERE]), said(QUOTED), "right"),
        (nothing_to_find(), abstained(), "right"),
        (ASKED, failed(error="no such model"), "error: no such model"),
        (nothing_to_find(), failed(error="no such model"), "error: no such model"),
        (nothing_to_find(), said(QUOTED), "should have abstained"),
        (ASKED, abstained(), "should have answered (not retrieved)"),
        (
            ASKED,
            abstained(ranking=(("b", 1), ("a", 2), ("a", 1))),
            "should have answered (retrieved at rank 3)",
        ),
        (
            question(evidence=[{"article_id": "a"}]),
            abstained(ranking=(("b", 1), ("a", 2))),
            "should have answered (retrieved at rank 2)",
        ),
        (
            ASKED,
            said(QUOTED, citations=[dataclasses.replace(cited(1, TEXT), quote="Der Bund")]),
            "a quote is not verbatim",
        ),
        (
            ASKED,
            said(QUOTED, ("Der Bürgermeister trat zurück.", ())),
            "a sentence is not supported by what it cites",
        ),
        (
            ASKED,
            said((QUOTED[0], (1, 2)), citations=[cited(1, TEXT), WEATHER]),
            "a citation does not support its sentence",
        ),
        (
            question(answers=["Dienstag"], evidence=[HERE]),
            said(QUOTED),
            "the right paragraph, but not the answer",
        ),
        (
            question(answers=["Dienstag"], evidence=[HERE]),
            said(QUOTED, citations=[ELSEWHERE], ranking=(("a", 2), ("a", 1))),
            "evidence not cited (retrieved at rank 2)",
        ),
        (
            question(evidence=[HERE]),
            said(QUOTED, citations=[ELSEWHERE]),
            "evidence not cited (not retrieved)",
        ),
    ],
)
def test_what_went_wrong_in_words(asked, record, words):
    assert diagnose(asked, record) == words
