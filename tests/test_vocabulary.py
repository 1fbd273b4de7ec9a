import re

import pytest

from index.language import normalise
from rag import vocabulary


@pytest.mark.parametrize("words", [vocabulary.WHICH, vocabulary.SPEECH])
def test_word_lists_are_in_the_form_that_is_compared(words):
    assert all(word == normalise(word) for word in words)


@pytest.mark.parametrize("words", [vocabulary.DAYS, vocabulary.NUMBER_WORDS])
def test_alternatives_are_lower_case_and_none_is_there_twice(words):
    alternatives = words.split("|")
    assert len(set(alternatives)) == len(alternatives)
    assert all(re.sub(r"\\w[*+]", "", word).isalpha() for word in alternatives)
    assert all(word == normalise(word) for word in alternatives)


@pytest.mark.parametrize(
    "text", ["Wie alt ist sie?", "  wie viele kamen?", "How long is it?", "HOW OLD IS SHE?"]
)
def test_the_words_that_only_ask_for_a_kind_stand_at_the_start(text):
    assert re.match(vocabulary.PHRASE, text, re.IGNORECASE)
    assert not re.match(vocabulary.PHRASE, f"Und {text}", re.IGNORECASE)
