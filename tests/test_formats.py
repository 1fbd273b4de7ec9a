import csv
import datetime
import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, ParagraphKind
from index.invisible import visible
from index.readers import Problem, read_file
from index.source import SourceFile
from tests.corpus import MORE, PROSE
from tests.reading import article, kinds, problem, read, record, texts


def test_inner_line_breaks_and_odd_characters_are_kept(tmp_path):
    odd = "Zeile\u00a0eins mit Silben\u00adtrennung\nund u\u0308ber zwei Zeilen."
    found = article(tmp_path / "x.txt", f"{PROSE}\r\n \t\r\n  {odd} ".replace("eins\n", "eins\r\n"))
    assert texts(found) == [PROSE, odd]


@given(st.text())
def test_any_text_comes_back_verbatim_and_numbered(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "x.txt"
    source = f"{PROSE}\n\n{text}".replace("\0", "")
    found = article(path, source.encode(errors="replace"))
    slices = source.encode(errors="replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    slices = visible(slices)
    at = 0
    for number, paragraph in enumerate(found.paragraphs, 1):
        assert paragraph.number == number
        assert paragraph.text == paragraph.text.strip() != ""
        at = slices.index(paragraph.text, at) + len(paragraph.text)
    assert "".join("".join(texts(found)).split()) == "".join(slices.split())


def test_markdown_headings_are_bare_and_the_first_is_the_title(tmp_path):
    found = article(tmp_path / "x.md", f"# Die Brücke\n{PROSE}\n## Wer zahlt?\n{MORE}\n\n#keine")
    assert found.title == "Die Brücke"
    assert texts(found) == ["Die Brücke", PROSE, "Wer zahlt?", MORE, "#keine"]
    assert kinds(found)[:4] == ["heading", "text", "heading", "text"]
    assert article(tmp_path / "y.md", f"title: Anders\n\n# Brücke\n{PROSE}").title == "Anders"


KEYS = st.sampled_from(["id", "title", "date", "text", "paragraphs", "source", "url", "language"])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5
)


@given(fields=st.dictionaries(KEYS, VALUES))
def test_any_record_is_an_article_or_one_problem(tmp_path_factory, fields):
    [found] = read(tmp_path_factory.mktemp("record") / "x.jsonl", json.dumps(fields))
    str(found).encode()
    if isinstance(found, Article):
        kept = map(visible, fields.get("paragraphs") or texts(found))
        assert texts(found) == [text for text in kept if text.strip()]


def test_paragraphs_of_a_record_are_taken_exactly_as_they_are(tmp_path):
    given_texts = [f"  {PROSE}\r\n", "", " \n ", f"{MORE}\n\n{MORE}"]
    found = article(tmp_path / "x.jsonl", record(text=None, paragraphs=given_texts))
    assert [(p.number, p.text) for p in found.paragraphs] == [
        (1, given_texts[0]),
        (4, given_texts[3]),
    ]


URL = "https://bote.example/a?b=1#c"


def test_a_record_with_everything(tmp_path):
    fields = {"date": "2025-12-21T08:00:00Z", "source": "Bote", "url": URL, "language": "en"}
    line = record(id=12, text=f"{PROSE}\n\n{MORE}", more=[1], **fields)
    found = article(tmp_path / "x.jsonl.gz", gzip.compress(line.encode()))
    assert (found.id, found.title, found.date) == ("12", "T", datetime.date(2025, 12, 21))
    assert (found.source, found.url, found.language) == ("Bote", URL, "en")
    assert texts(found) == [PROSE, MORE]


UNSEEN = "\u200b\u202e\U000e0042\U000e0041\ufeff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"x{UNSEEN}.txt", f"title: Ti{UNSEEN}tel\n\n{PROSE}\n{UNSEEN}\n{MORE}{UNSEEN}"),
        ("x.md", f"{UNSEEN}# Titel\n{UNSEEN}{PROSE}\n\n{UNSEEN}\n\n{MORE}"),
        ("x.html", f"<title>Ti{UNSEEN}tel</title><h1>Titel</h1><p>&#8203;&#xe0041;{PROSE}"),
        ("x.jsonl", record(title=f"Titel{UNSEEN}", text=f"{UNSEEN}{PROSE}\n{UNSEEN}\n{MORE}")),
        ("x.jsonl", record(title="Titel", text=None, paragraphs=[UNSEEN, PROSE + UNSEEN, MORE])),
        ("x.csv", f'id,title,text\na{UNSEEN},Ti{UNSEEN}tel,"{UNSEEN}{PROSE}"'),
    ],
)
def test_what_nobody_sees_is_not_read(tmp_path, name, content):
    found = article(tmp_path / name, content)
    assert (found.id, found.title) == (found.id.strip(UNSEEN), "Titel")
    assert set(texts(found)) >= {PROSE}
    assert set(texts(found)) <= {PROSE, MORE, "Titel"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "a" "b"}', "not JSON: Expecting ',' delimiter at column 12"),
        ("[" * 100_000, "not JSON: "),
        ("[1]", "not a JSON object"),
        ('{"text": "Hallo."}', "no id"),
        (record(id=" "), "no id"),
        (record(id=True), "id is not a string: true"),
        (record(title=["a"]), 'title is not a string: ["a"]'),
        (record(text=3), "text is not a string: 3"),
        (record(text=None, paragraphs="a"), "paragraphs is not a list of strings"),
        (record(text=None, paragraphs=["a", None]), "paragraphs is not a list of strings"),
        (record(text=None, paragraphs=[" "]), "empty"),
        (record(date="2025-13-01"), "date '2025-13-01' is not YYYY-MM-DD"),
        (record(date="21.12.2025"), "date '21.12.2025' is not YYYY-MM-DD"),
        ('{"id": "a", "text": "\\ud800"}', "not valid Unicode text"),
    ],
)
def test_a_bad_line_is_a_problem_with_its_number_and_the_others_are_read(tmp_path, line, reason):
    before, bad, after = read(tmp_path / "x.jsonl", "\n".join([record(), "", line, record(id="b")]))
    assert (before.id, after.id) == ("a", "b")
    assert bad.path == f"{tmp_path / 'x.jsonl'}:3"
    assert bad.reason.startswith(reason)
    assert "\n" not in bad.reason


def test_a_broken_byte_in_a_line_costs_only_that_line(tmp_path):
    lines = b"\n".join([record(text=MORE).encode(), b'{"id":"b","text":"\xff"}', b'{"id":"c"}'])
    first, second, third = read(tmp_path / "x.jsonl", lines.replace(b'"c"}', b'"c","text":"y"}'))
    assert (first.id, second.reason, third.id) == ("a", "not valid Unicode text", "c")


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_with_either_separator(tmp_path, separator):
    rows = io.StringIO()
    writer = csv.writer(rows, delimiter=separator)
    writer.writerow(["ID", "title", "date", "text", "note"])
    writer.writerow(["a", "T; U, V", "2025-12-21", f"{PROSE}\n\n{MORE}", "x"])
    writer.writerow(["b", "", "", "lang " * 40_000])
    writer.writerow(["c", "T", "gestern", PROSE])
    first, second, third = read(tmp_path / "x.csv", rows.getvalue())
    assert (first.id, first.title, texts(first)) == ("a", "T; U, V", [PROSE, MORE])
    assert (second.id, second.date) == ("b", None)
    assert third == Problem(f"{tmp_path / 'x.csv'}:6", "date 'gestern' is not YYYY-MM-DD")


def test_csv_without_the_columns_needed(tmp_path):
    assert problem(tmp_path / "x.csv", "id,titel\n1,2").reason == "no column text in the first line"


PAGE = f"""<!doctype html><html lang="de"><head><meta charset="CHARSET">
<title>Brücke gesperrt | Talbote</title><meta property="og:site_name" content="Talbote">
<meta property="article:published_time" content="2025-03-04T08:00:00Z">
<link rel="canonical" href="https://talbote.example/bruecke"></head><body>
<nav><a href="/">Start</a></nav><article><h1>Brücke gesperrt</h1><p>{PROSE}</p>
<h2>Lange Umwege</h2><p>{MORE}</p></article><footer>Impressum</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_html_gives_title_date_source_url_and_the_text_without_the_frame(tmp_path, charset):
    found = article(tmp_path / "x.html", PAGE.replace("CHARSET", charset).encode(charset))
    assert (found.title, found.source) == ("Brücke gesperrt", "Talbote")
    assert (found.date, found.url) == (datetime.date(2025, 3, 4), "https://talbote.example/bruecke")
    assert texts(found) == ["Brücke gesperrt", PROSE, "Lange Umwege", MORE]
    assert kinds(found) == [ParagraphKind.HEADING, "text", ParagraphKind.HEADING, "text"]


def test_html_without_an_article_is_a_problem(tmp_path):
    assert problem(tmp_path / "x.htm", "<p></p>").reason == "no article found in the page"


def test_a_quotation_mark_never_closed_in_csv_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,text\na,Gut.\nb,"Offen.\nc,Verschluckt.\n', encoding="utf-8")
    article, problem = read_file(SourceFile(path, tmp_path))
    assert article.id == "a"
    assert problem.path.endswith("a.csv:3")
    assert "never closed" in problem.reason


def test_an_id_with_control_characters_is_refused(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a\\nb", "text": "Gut."}\n', encoding="utf-8")
    (problem,) = read_file(SourceFile(path, tmp_path))
    assert "control characters" in problem.reason
