from hypothesis import given
from hypothesis import strategies as st

from rag.verification.parts import whole
from rag.verification.windows import Source, joined, sentence_alone, windows
from rag.verification.wording import verbatim

TEXT = (
    "In Kiel wurde eine Brücke gebaut. Der Bau dauerte drei Jahre. Am Ende kamen tausend Gäste."
    " Die Stadt feierte. Der Hafen blieb leer."
)


def found(statement, text=TEXT):
    return windows(whole(statement, "de", None), Source(text))


def text_of(window, text=TEXT):
    return text[window.start : window.end]


def test_the_best_window_is_the_sentence_that_says_it():
    assert text_of(found("Der Bau dauerte drei Jahre.")[0]) == "Der Bau dauerte drei Jahre."


def test_sentences_are_joined_where_one_does_not_say_it_all():
    best = found("In Kiel wurde eine Brücke gebaut, der Bau dauerte drei Jahre.")[0]
    assert text_of(best) == "In Kiel wurde eine Brücke gebaut. Der Bau dauerte drei Jahre."
    assert best.coverage > 0.9


def test_no_window_adds_a_sentence_that_adds_nothing():
    every = found("Der Bau dauerte drei Jahre.")
    assert len({window.parts for window in every}) == len(every)
    assert all(text_of(window) == "Der Bau dauerte drei Jahre." for window in every)


def test_sentences_apart_are_gathered():
    best = found("In Kiel wurde eine Brücke gebaut, der Hafen blieb leer.")
    assert any(len(w.parts) >= 2 and "Hafen" in text_of(w) for w in best)


def test_a_text_without_words_has_no_window():
    assert found("Der Bau dauerte drei Jahre.", "") == []


def test_windows_of_several_sources_have_all_their_words():
    part = whole("Der Bau dauerte drei Jahre, Wölfe heulten.", "de", None)
    some = [windows(part, Source(text))[0] for text in (TEXT, "Wölfe heulten.")]
    together = joined(some, part)
    assert together.coverage > max(window.coverage for window in some)
    assert together.present["wölfe"] == together.present["bau"] == 1


def test_one_sentence_may_say_as_much_as_the_window():
    part = whole("Anna Thoms sagte, der Bau dauerte drei Jahre.", "de", None)
    window = windows(part, Source(TEXT))[0]
    alone = sentence_alone(part, window)
    assert alone is not None
    assert alone.text == "Der Bau dauerte drei Jahre."


def test_whole_sentences_are_found_word_for_word():
    statement = "der bau dauerte drei jahre; am Ende kamen tausend Gäste"
    span = verbatim(whole(statement, "de", None), Source(TEXT))
    assert span is not None
    assert TEXT[span.start : span.end].startswith("Der Bau")
    assert verbatim(whole("Der Bau dauerte", "de", None), Source(TEXT)) is None


@given(st.text() | st.just(TEXT), st.text() | st.just(TEXT))
def test_windows_lie_within_the_text(statement, text):
    for window in found(statement, text):
        assert 0 <= window.start < window.end <= len(text)
        assert 0 <= window.coverage <= 1.0001
