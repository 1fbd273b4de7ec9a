import dataclasses

import pytest

from rag.evaluation.citing import answer_metrics, is_right
from tests.golden import abstained, answered, cited, failed, nothing_to_find, question

BRIDGE = "Die Stadt sperrte am Montag die alte Kranbrücke für Autos."
COST = "Die Sanierung kostet 7,8 Millionen Euro und dauert bis Oktober."
WEATHER = "Am Wochenende bleibt es kalt und neblig."
CITATIONS = (
    cited(1, BRIDGE, article_id="a"),
    cited(2, WEATHER, article_id="b"),
    cited(3, COST, article_id="c"),
)


def metrics(*sentences, asked=None, **fields):
    record = answered(*sentences, citations=CITATIONS, **fields)
    return answer_metrics(asked or question(), record)


@pytest.mark.parametrize(
    ("sentence", "numbers", "recall", "precision"),
    [
        # one citation that supports: both full
        (f"«{BRIDGE}»", (1,), 1, 1),
        # [1] supports by itself, [2] neither supports nor is missed: irrelevant
        (f"«{BRIDGE}»", (1, 2), 1, 1 / 2),
        # neither supports alone, both are needed together
        ("Stadt sperrte Kranbrücke, Sanierung dauert bis Oktober.", (1, 3), 1, 1),
        # both are needed, the third is irrelevant
        ("Stadt sperrte Kranbrücke, Sanierung dauert bis Oktober.", (1, 2, 3), 1, 2 / 3),
        # two that each support: neither is irrelevant although either could go
        ("«Die Stadt sperrte am Montag die alte Kranbrücke»", (1, 1), 1, 1),
        # not supported: no recall, and no citation of it is precise
        ("Der Bürgermeister trat gestern zurück.", (1, 2), 0, 0),
        # nothing cited: no recall, and nothing to be precise
        ("Der Bürgermeister trat gestern zurück.", (), 0, None),
    ],
)
def test_citation_recall_and_precision_of_one_sentence(sentence, numbers, recall, precision):
    found = metrics((sentence, numbers))
    assert found["citation_recall"] == recall
    assert found["citation_precision"] == (precision and pytest.approx(precision))


def test_citation_recall_is_per_sentence_and_precision_per_citation():
    """ALCE by hand: recalls 1, 1, 0, 0; citations 1 and 0 (irrelevant), 1, 0 (not supported)."""
    found = metrics(
        (f"«{BRIDGE}»", (1, 2)),
        (f"«{COST}»", (3,)),
        ("Der Bürgermeister trat gestern zurück.", (2,)),
        ("Das war zu erwarten gewesen.", ()),
    )
    assert found["citation_recall"] == (1 + 1 + 0 + 0) / 4
    assert found["citation_precision"] == (1 + 0 + 1 + 0) / 4


def test_a_number_that_is_no_citation_proves_nothing():
    assert metrics((f"«{BRIDGE}»", (7,)))["citation_recall"] == 0


@pytest.mark.parametrize(
    ("answers", "hit"),
    [
        (["7,8 Millionen"], 1),
        (["7.8 millionen euro"], 1),
        (["9 Millionen", "Oktober"], 1),
        (["9 Millionen"], 0),
        ([], None),
    ],
)
def test_an_answer_hits_when_an_accepted_one_stands_in_it(answers, hit):
    asked = question(answers=answers)
    assert metrics((f"«{COST}»", (3,)), asked=asked)["answer_hit"] == hit


def test_an_answer_hits_when_an_accepted_one_stands_in_what_it_quotes():
    asked = question(answers=["Kranbrücke"])
    assert metrics(("Sie wurde gesperrt.", (1,)), asked=asked)["answer_hit"] == 1


def test_f1_is_for_answers_in_words_of_their_own():
    asked = question(answers=["Oktober"])
    said = ("bis Oktober", (3,))
    assert metrics(said, asked=asked, model="openai:x")["answer_f1"] == pytest.approx(2 / 3)
    assert metrics(said, asked=asked, model="quoting")["answer_f1"] is None


@pytest.mark.parametrize(
    ("evidence", "is_cited"),
    [
        ({"article_id": "a", "paragraph": 1}, 1),
        ({"article_id": "a", "paragraph": 2}, 0),
        ({"article_id": "a"}, 1),
        ({"article_id": "z"}, 0),
    ],
)
def test_evidence_is_cited_by_paragraph_or_where_none_is_named_by_article(evidence, is_cited):
    found = metrics((f"«{BRIDGE}»", (1,)), asked=question(evidence=[evidence]))
    assert found["evidence_cited"] == is_cited


def test_a_quote_is_exact_when_its_paragraph_says_so_at_its_place():
    whole = cited(1, BRIDGE, quote="alte Kranbrücke")
    moved = dataclasses.replace(whole, start=whole.start + 1, end=whole.end + 1)
    changed = dataclasses.replace(whole, quote="neue Kranbrücke")
    for citation, exact in ((whole, 1), (moved, 0), (changed, 0)):
        record = answered(("…", (1,)), citations=[citation])
        assert answer_metrics(question(), record)["exactness"] == exact


def test_abstaining():
    yes, no = question(answers=["x"]), nothing_to_find()
    spoken = answered(("Er kam.", ()))
    outcomes = {
        (asked.answerable, record.status): (
            answer_metrics(asked, record)["abstention_precision"],
            answer_metrics(asked, record)["abstention_recall"],
        )
        for asked in (yes, no)
        for record in (spoken, abstained(), failed())
    }
    assert outcomes == {
        (True, "answered"): (None, None),
        (True, "not_in_corpus"): (0, None),
        (True, "error"): (None, None),
        (False, "answered"): (None, 0),
        (False, "not_in_corpus"): (1, 1),
        (False, "error"): (None, 0),  # an error is no honest no
    }


def test_without_an_answer_there_is_no_hit_and_nothing_cited():
    for record in (abstained(), failed()):
        found = answer_metrics(question(answers=["x"]), record)
        assert (found["answer_hit"], found["evidence_cited"]) == (0, 0)
        assert found["citation_recall"] is found["citation_precision"] is found["exactness"] is None


def test_right_is_the_answer_or_where_none_is_written_down_the_evidence():
    known, only_evidence = question(answers=["x"]), question()
    assert is_right(known, {"answer_hit": 1.0, "evidence_cited": 0.0})
    assert not is_right(known, {"answer_hit": 0.0, "evidence_cited": 1.0})
    assert is_right(only_evidence, {"answer_hit": None, "evidence_cited": 1.0})
