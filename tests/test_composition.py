from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Citation, Sentence, Twin
from rag.composition import Composition


def citation(quote="Er kam.", number=0, **fields):
    fields = {"article_id": "a", "paragraph": 1, "start": 0, "title": "Titel"} | fields
    return Citation(number=number, quote=quote, end=fields["start"] + len(quote), **fields)


def test_nothing_is_composed_of_nothing():
    empty = Composition()
    assert (empty.text, empty.sentences, empty.citations) == ("", [], [])
    assert not empty.has("")


def test_a_sentence_is_followed_by_the_numbers_of_its_citations():
    composition = Composition()
    one, two = citation("Er kam."), citation("Sie ging.", start=8)
    assert composition.add("A kam.", [one], "verified") == "A kam. [1]"
    assert composition.add("B ging.", [two, one], "quoted") == " B ging. [2][1]"
    assert composition.add("C blieb.", [], "unverified") == " C blieb."
    assert composition.text == "A kam. [1] B ging. [2][1] C blieb."
    assert composition.sentences == [
        Sentence("A kam.", (1,), "verified"),
        Sentence("B ging.", (2, 1), "quoted"),
        Sentence("C blieb.", (), "unverified"),
    ]


def test_words_that_are_cited_twice_are_one_citation():
    composition = Composition()
    composition.add("A kam.", [citation(), citation()], "verified")
    composition.add("A war da.", [citation(number=7)], "verified")
    assert composition.citations == [citation(number=1)]
    assert [sentence.citations for sentence in composition.sentences] == [(1,), (1,)]


def test_citations_that_differ_in_anything_are_two():
    others = [
        citation(),
        citation("Er kam"),
        citation(start=5),
        citation(paragraph=2),
        citation(article_id="b"),
        citation(when="2025-11-03"),
        citation(also_in=(Twin("b", 1),)),
    ]
    composition = Composition()
    composition.add("A kam.", others, "verified")
    assert [one.number for one in composition.citations] == [1, 2, 3, 4, 5, 6, 7]


def test_it_has_the_sentences_that_say_just_this():
    composition = Composition()
    composition.add("A kam.", [citation()], "verified")
    assert composition.has("A kam.")
    assert not composition.has("A kam")
    assert not composition.has("A kam. [1]")


QUOTES = st.sampled_from(["Er kam.", "Sie ging.", "Es blieb.", "Wer kam?"])
SENTENCES = st.lists(
    st.tuples(st.text(min_size=1, max_size=10), st.lists(QUOTES.map(citation), max_size=5))
)


@given(SENTENCES)
def test_the_pieces_are_the_text_and_the_numbers_are_those_of_the_citations(sentences):
    composition = Composition()
    pieces = [composition.add(text, cited, "verified") for text, cited in sentences]
    assert "".join(pieces) == composition.text
    assert all(pieces)
    numbers = [one.number for one in composition.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    first_used = dict.fromkeys(n for s in composition.sentences for n in s.citations)
    assert list(first_used) == numbers  # they rise as the text is read, and none is missing
    for sentence, (text, cited) in zip(composition.sentences, sentences, strict=True):
        quoted = {composition.citations[number - 1].quote for number in sentence.citations}
        assert quoted == {one.quote for one in cited}
        assert sentence.text == text
        assert len(set(sentence.citations)) == len(sentence.citations)
