import ir_measures
import pytest
from ir_measures import RR, R, nDCG

from rag.evaluation.ranking import MEASURES, article_level, paragraph_level
from tests.golden import abstained, nothing_to_find, question

HERE, THERE = {"article_id": "a", "paragraph": 2}, {"article_id": "b", "paragraph": 1}
RANKING = (("c", 1), ("a", 1), ("a", 2), ("c", 2), ("b", 1))


def records(**rankings):
    return {id_: abstained(id_, ranking=ranking) for id_, ranking in rankings.items()}


def test_paragraphs_agree_with_ir_measures_called_directly():
    questions = [question("q", evidence=[HERE, THERE]), question("r", evidence=[HERE])]
    found = paragraph_level(questions, records(q=RANKING, r=RANKING[:2]))
    qrels = {"q": {"a#2": 1, "b#1": 1}, "r": {"a#2": 1}}
    run = {
        "q": {"c#1": 9, "a#1": 8, "a#2": 7, "c#2": 6, "b#1": 5},
        "r": {"c#1": 9, "a#1": 8},
    }
    measures = {"ndcg@10": nDCG @ 10, "recall@1": R @ 1, "recall@5": R @ 5, "mrr": RR}
    names = {measure: name for name, measure in measures.items()}
    direct = list(ir_measures.iter_calc(measures.values(), qrels, run))
    assert len(direct) == 8
    for metric in direct:
        assert found[names[metric.measure]][metric.query_id] == metric.value
    assert found["mrr"] == {"q": pytest.approx(1 / 3), "r": 0}
    assert found["recall@5"]["q"] == 1


def test_an_article_ranks_where_its_best_paragraph_does():
    found = article_level([question(evidence=[HERE, THERE])], records(q=RANKING))
    assert found["article_mrr"] == {"q": 1 / 2}  # c, a, b
    assert found["article_recall@1"] == {"q": 0}
    assert found["article_recall@5"] == {"q": 1}


def test_evidence_without_a_paragraph_counts_for_articles_only():
    questions = [question("q", evidence=[{"article_id": "a"}]), question("r", evidence=[HERE])]
    asked = records(q=RANKING, r=RANKING)
    assert all(set(values) == {"r"} for values in paragraph_level(questions, asked).values())
    assert all(set(values) == {"q", "r"} for values in article_level(questions, asked).values())


def test_unanswerable_questions_have_no_ranking_metrics():
    found = paragraph_level([nothing_to_find()], records(q=RANKING))
    assert found == {name: {} for name in MEASURES}


def test_nothing_retrieved_counts_as_0_and_not_as_undefined():
    found = paragraph_level([question(evidence=[HERE])], records(q=()))
    assert found == {name: {"q": 0} for name in MEASURES}
