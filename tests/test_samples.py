"""The sample articles and the questions over them: well-formed, and answered well enough.

The floors stand a little below what was measured when they were set, as shares: gold paragraph
among the first five hits .85, cited .61, answer quoted .55, abstained .65.
"""

import datetime
import json
from importlib import resources

import pytest

from index.article import Article, ParagraphKind
from index.cleaning import clean
from index.readers import find_files, read_corpus

GOLDEN = resources.files("rag") / "evaluation" / "golden_samples.jsonl"
QUESTIONS = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
ANSWERABLE = [question for question in QUESTIONS if question["answerable"]]
UNANSWERABLE = [question for question in QUESTIONS if not question["answerable"]]
REQUIRED = {"id": str, "question": str, "answerable": bool, "answers": list, "evidence": list,
            "tags": list}  # fmt: skip
OPTIONAL = {"language": str, "history": list, "as_of": str}


@pytest.fixture(scope="module")
def articles(samples):
    read = list(read_corpus(find_files([samples])))
    assert all(isinstance(item, Article) for item in read)
    return {article.id: article for article in clean(read)}


# --- the files -------------------------------------------------------------------------------


def test_there_are_enough_of_them(articles):
    assert len(articles) >= 40
    assert len(QUESTIONS) >= 60
    assert len(UNANSWERABLE) >= 15
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    assert len({question["question"] for question in QUESTIONS}) == len(QUESTIONS)


def test_the_articles_are_dated_over_weeks_from_a_few_outlets_in_two_languages(articles):
    dates = [article.date for article in articles.values()]
    assert None not in dates
    assert max(dates) - min(dates) >= datetime.timedelta(weeks=3)
    assert len({id_.split("/")[0] for id_ in articles}) >= 3
    languages = [article.language for article in articles.values()]
    assert languages.count("de") > languages.count("en") > 0
    kinds = {p.kind for article in articles.values() for p in article.paragraphs}
    assert ParagraphKind.BOILERPLATE in kinds


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_a_question_has_the_contracts_form_and_true_evidence(question, articles):
    assert REQUIRED.keys() <= question.keys() <= (REQUIRED | OPTIONAL).keys()
    assert all(isinstance(question[k], kind) for k, kind in REQUIRED.items())
    assert bool(question["answers"]) == bool(question["evidence"]) == question["answerable"]
    quotes = []
    for evidence in question["evidence"]:
        assert {"article_id"} <= evidence.keys() <= {"article_id", "paragraph", "quote"}
        paragraphs = {p.number: p for p in articles[evidence["article_id"]].paragraphs}
        paragraph = paragraphs[evidence["paragraph"]]
        assert paragraph.kind is ParagraphKind.TEXT
        assert evidence["quote"] in paragraph.text
        quotes.append(evidence["quote"])
    for answer in question["answers"]:
        assert any(answer in quote for quote in quotes), answer


# --- how well they are answered --------------------------------------------------------------


@pytest.fixture(scope="module")
def answers(assistant):
    return {
        question["id"]: assistant.ask(
            question["question"],
            history=question.get("history", ()),
            as_of=datetime.date.fromisoformat(question.get("as_of", "2025-12-23")),
        )
        for question in QUESTIONS
    }


def gold(question):
    return {(evidence["article_id"], evidence["paragraph"]) for evidence in question["evidence"]}


def share(kept, all_):
    return sum(map(bool, kept)) / len(all_)


def test_the_gold_paragraph_is_among_the_first_five_hits(assistant):
    found = [
        gold(question)
        & {(h.article_id, h.paragraph) for h in assistant.search(question["question"], 5)}
        for question in ANSWERABLE
    ]
    assert share(found, ANSWERABLE) >= 0.80


def test_the_gold_paragraph_is_cited(answers):
    cited = [
        gold(question) & {(c.article_id, c.paragraph) for c in answers[question["id"]].citations}
        for question in ANSWERABLE
    ]
    assert share(cited, ANSWERABLE) >= 0.55


def test_the_answer_is_quoted(answers):
    hit = [
        any(text in answers[question["id"]].answer for text in question["answers"])
        for question in ANSWERABLE
    ]
    assert share(hit, ANSWERABLE) >= 0.50


def test_what_cannot_be_answered_is_not(answers):
    abstained = [answers[q["id"]].status == "not_in_corpus" for q in UNANSWERABLE]
    assert share(abstained, UNANSWERABLE) >= 0.55


def test_every_quote_is_exact(answers, assistant):
    for answer in answers.values():
        for citation in answer.citations:
            text = assistant.paragraph(citation.article_id, citation.paragraph)
            assert text[citation.start : citation.end] == citation.quote


def test_no_boilerplate_is_quoted(answers, articles):
    for answer in answers.values():
        for citation in answer.citations:
            paragraphs = articles[citation.article_id].paragraphs
            [kind] = [p.kind for p in paragraphs if p.number == citation.paragraph]
            assert kind is ParagraphKind.TEXT
