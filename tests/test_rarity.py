import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Passage
from index.lexical import Lexical, LexicalWriter
from rag.question import Term
from rag.rarity import Rarity

TEXTS = ["Die Brücke ist alt.", "Die Brücken sind alt.", "Ein Brückentag.", "Die Fähre fährt."]
COUNTS = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def rarity(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rarity")
    writer = LexicalWriter(folder)
    writer.add(Passage(f"a#{n}", "a", n, 0, len(t), t) for n, t in enumerate(TEXTS))
    writer.close()
    lexical = Lexical(folder)
    return Rarity(lexical.count(), lexical.stem_frequency, lexical.subword_frequency)


def test_a_stem_is_the_rarer_the_fewer_passages_have_it(rarity):
    assert rarity.of_stem("kran") > rarity.of_stem("fahr") > rarity.of_stem("bruck") > 0
    assert rarity.of_stem("bruck") == rarity.of_frequency(2)


def test_a_subword_is_the_rarer_the_fewer_passages_have_it(rarity):
    assert rarity.of_subword("kran") > rarity.of_subword("<fae") > rarity.of_subword("brue")
    assert rarity.of_subword("brue") == rarity.of_frequency(3)


def test_a_term_is_as_common_as_all_words_for_it_together(rarity):
    bridge, ferry = Term("brücke", 1.0), Term("fähre", 1.0)
    assert rarity.of_term(bridge) == rarity.of_stem("bruck")
    together = Term("brücke", 1.0, frozenset({"fahr"}))
    assert rarity.of_term(together) == rarity.of_frequency(3)
    assert rarity.of_term(together) < rarity.of_term(ferry)


def test_a_term_among_the_words_for_it_counts_once(rarity):
    assert rarity.of_term(Term("brücke", 1.0, frozenset({"bruck"}))) == rarity.of_stem("bruck")


def test_in_an_empty_archive_everything_is_equally_rare():
    empty = Rarity(0, lambda stem: 0, lambda subword: 0)
    assert empty.of_stem("bruck") == empty.of_subword("brue") == empty.of_frequency(7) > 0


@given(COUNTS, COUNTS, COUNTS)
def test_rarity_is_never_negative_and_falls_with_frequency(passages, one, other):
    rarity = Rarity(passages, lambda stem: one, lambda subword: other)
    assert rarity.of_stem("a") >= 0
    assert rarity.of_frequency(min(one, other)) >= rarity.of_frequency(max(one, other))
    both = Rarity(passages, lambda stem: one, lambda subword: 0)
    assert both.of_term(Term("a", 1.0, frozenset({"b", "c"}))) <= both.of_term(Term("a", 1.0))
