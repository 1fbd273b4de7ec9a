import datetime

import pytest

from rag.evaluation.slices import slices
from tests.golden import nothing_to_find, question

NEWEST = datetime.date(2025, 12, 22)
DATES = {
    "new": NEWEST,
    "week": NEWEST - datetime.timedelta(7),
    "month": NEWEST - datetime.timedelta(8),
    "year": NEWEST - datetime.timedelta(300),
    "old": NEWEST - datetime.timedelta(400),
}


def about(*articles, **fields):
    return question(evidence=[{"article_id": id_} for id_ in articles], **fields)


def test_questions_are_sliced_by_tag_language_and_what_they_ask():
    questions = [
        about("new", question="Wer kam?", tags=["who", "dev"]),
        about("new", question="Who came?", language="en", tags=["who"]),
        about("new", question="Wann kam er?", tags=["dev"]),
    ]
    found = slices(questions, DATES.get, NEWEST)
    assert found["tag: who"] == [0, 1]
    assert found["tag: dev"] == [0, 2]
    assert (found["language: de"], found["language: en"]) == ([0, 2], [1])
    kinds = [rows for name, rows in found.items() if name.startswith("asks: ")]
    assert sorted(kinds) == [[0, 1], [2]]


@pytest.mark.parametrize(
    ("articles", "name"),
    [
        (["new"], "up to a week"),
        (["week"], "up to a week"),
        (["month"], "up to a month"),
        (["year"], "up to a year"),
        (["old"], "older than a year"),
        (["old", "new"], "up to a week"),  # the newest counts
        (["undated", "month"], "up to a month"),
    ],
)
def test_the_age_of_an_article_counts_from_the_newest_of_the_archive(articles, name):
    found = slices([about(*articles), nothing_to_find()], DATES.get, NEWEST)
    assert [n for n in found if n.startswith("article: ")] == [f"article: {name}"]


def test_without_dates_there_is_no_age():
    for newest, article in ((None, "new"), (NEWEST, "undated")):
        found = slices([about(article), nothing_to_find()], DATES.get, newest)
        assert not any(name.startswith("article: ") for name in found)


def test_a_slice_of_everything_is_none():
    questions = [about("new", tags=["dev"]), about("new", tags=["dev", "who"])]
    assert list(slices(questions, DATES.get, NEWEST)) == ["tag: who"]
