import datetime

import pytest

from tests.corpus import PROSE
from tests.reading import article, texts


@pytest.mark.parametrize(
    "head",
    [
        "date 2025-12-21 ",
        "\ufeff\n date 2025-12-21\n",
        "Date: 2025-12-21T08:00:00Z\n\n",
        "date: 2025-12-21 08:00:00 +0100\n",
        "---\ndate: 2025-12-21\ntags:\n  - Brücke\n---\n",
        "source: Bote\ndate: '2025-12-21'\nauthor: eb\n\n",
    ],
)
def test_the_head_of_a_text_gives_the_date_and_is_no_paragraph(tmp_path, head):
    found = article(tmp_path / "x.txt", head + PROSE)
    assert found.date == datetime.date(2025, 12, 21)
    assert texts(found) == [PROSE]


def test_front_matter_gives_everything_but_the_id(tmp_path):
    head = 'Title: "Die Brücke"\nid: 7\nsource: Bote\nurl: https://b.example/1\nlanguage: de-AT\n'
    found = article(tmp_path / "x.md", f"---\n{head}---\n{PROSE}")
    assert (found.id, found.title, found.source) == ("x", "Die Brücke", "Bote")
    assert (found.url, found.language) == ("https://b.example/1", "de")


@pytest.mark.parametrize("first", [f"Miami: {PROSE}", "---", "---\nkein Feld\n---", "date heute"])
def test_what_only_resembles_a_head_is_text(tmp_path, first):
    assert texts(article(tmp_path / "x.txt", f"{first}\n\n{PROSE}")) == [first, PROSE]
