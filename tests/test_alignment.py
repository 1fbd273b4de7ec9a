import pytest

from rag.verification.alignment import align
from rag.verification.parts import whole
from rag.verification.windows import Source, windows

TEXT = "Karl Wieland reiste am Montag nach Kiel. Er traf dort den neuen Minister Hans Meier."


def aligned(statement, text=TEXT):
    part = whole(statement, "de", None)
    return align(part, windows(part, Source(text))[0])


def replaced(statement):
    return [
        (" ".join(t.form for t in mine), " ".join(t.form for t in theirs))
        for mine, theirs in aligned(statement).substitutions
    ]


@pytest.mark.parametrize(
    ("statement", "pair"),
    [
        ("Anna Thoms reiste am Montag nach Kiel.", ("anna thoms", "karl wieland")),
        ("Karl Wieland reiste am Montag nach Rom.", ("rom", "kiel")),
        ("Karl Wieland reiste nicht am Montag nach Kiel.", ("nicht", "")),
        ("Karl Wieland reiste nach Kiel.", ("", "am montag")),
    ],
)
def test_what_is_replaced_is_found(statement, pair):
    assert pair in replaced(statement)


def test_the_same_words_have_no_substitutions():
    assert replaced("Karl Wieland reiste am Montag nach Kiel.") == []
    assert aligned("Karl Wieland reiste am Montag nach Kiel.").is_close


def test_a_free_wording_is_not_close():
    found = aligned("Nach Kiel, so heißt es, fuhr Wieland zu Wochenbeginn.")
    assert not found.is_close
    assert found.substitutions == ()
