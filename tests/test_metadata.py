import datetime

import pytest

from index.metadata import is_web_address
from tests.corpus import PROSE
from tests.reading import article, record, texts


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


@pytest.mark.parametrize(
    "address",
    [
        "https://b.example", "HTTP://b.example:8080/a?b=1&c=[2]|3#d", "https://bücher.example/ä",
        "http://127.0.0.1/", "https://[::1]/a", "https://b.example/@name", "http://b/%0a",
    ],
)  # fmt: skip
def test_a_web_address_is_kept(tmp_path, address):
    assert is_web_address(address)
    assert article(tmp_path / "x.txt", f"url: {address}\n\n{PROSE}").url == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "JavaScript:alert(1)//http://b.example", "data:text/html,x",
        "vbscript:x", "file:///etc/passwd", "ftp://b.example", "//b.example/a", "/a", "b.example",
        "https:b.example", "https:///a", "https://", "http://:80/", "http://b.example:x/",
        "https://bank.example@b.example/", "https://a:b@b.example/", "https://@b.example/",
        "https://b.example\\@c.example", "http:\\\\b.example", "https://b.example/a b",
        "https://b.example/\x01", "java\tscript:alert(1)", "https://b.example/\x85a",
        'https://b.example/"onclick="x', "https://b.example/<b>", "https://[b", "x https://b.example",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_left_out(tmp_path, address):
    assert not is_web_address(address)
    assert article(tmp_path / "x.jsonl", record(url=address)).url is None
