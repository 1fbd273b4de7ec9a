import pytest

from index.article import Article
from rag.evaluation.drafting import TAG, draft
from rag.evaluation.golden import check, read
from tests.corpus import article
from tests.golden import write

SAID = "„Wir hatten in dieser Lage leider keine andere Wahl“, sagte Maria Müller am Montag."


def drafts(*articles: Article):
    return list(draft(articles))


def test_a_headline_must_find_its_article():
    [line] = drafts(article("Text.", id="x", title="Kranbrücke gesperrt"))
    assert line["question"] == "Kranbrücke gesperrt"
    assert line["evidence"] == [{"article_id": "x"}]


@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_a_quotation_asks_for_its_speaker(language):
    _, line = drafts(article("Vorweg.", SAID, id="x", language=language))
    assert line["answers"] == ["Maria Müller"]
    assert line["evidence"][0]["paragraph"] == 2
    assert "Wir hatten in dieser Lage" in line["question"]


def test_a_short_or_nameless_quotation_asks_nothing():
    assert (
        len(drafts(article("„Ja“, sagte Maria Müller. „Wir hatten gar keine Wahl“, hieß es."))) == 1
    )


def test_drafts_pass_the_check_and_are_marked(tmp_path, assistant):
    articles = [assistant.article(id_) for id_ in assistant.newest()]
    lines = drafts(*articles)
    golden = read(write(tmp_path / "g", *lines))
    assert check(golden, {one.id: one for one in articles}.get) == []
    assert len(golden.questions) == len(lines) > len(articles)
    assert all(TAG in one.tags for one in golden.questions.values())
