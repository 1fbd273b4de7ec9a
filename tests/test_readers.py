import codecs
import csv
import datetime
import gzip
import io
import json
import os
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import readers
from index.article import Article, ParagraphKind
from index.errors import CorpusError
from index.readers import Problem, SourceFile, find_files, read_corpus, read_file

PROSE = "Der Rat hat am Montag beschlossen, die alte Brücke über die Aue bis zum Herbst zu sperren."
MORE = "„Wir hatten keine Wahl“, sagte die Bürgermeisterin nach der Sitzung im großen Saal."


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, path.parent)


def read(path, content):
    return list(read_file(write(path, content)))


def article(path, content):
    [found] = read(path, content)
    assert isinstance(found, Article), found
    return found


def problem(path, content):
    [found] = read(path, content)
    assert isinstance(found, Problem), found
    return found


def texts(found):
    return [paragraph.text for paragraph in found.paragraphs]


def kinds(found):
    return [paragraph.kind.value for paragraph in found.paragraphs]


def record(**fields):
    return json.dumps({"id": "a", "title": "T", "text": PROSE} | fields, ensure_ascii=False)


# --- finding ---------------------------------------------------------------------------------


def test_files_are_found_sorted_without_hidden_and_about_files(tmp_path):
    for name in ("b.txt", "a/x.MD", "a/page.htm", "c.jsonl.gz", "d.csv", "a/y.pdf"):
        write(tmp_path / name, PROSE)
    for name in (".git/z.txt", ".hidden.txt", "README.md", "a/readme.MD", "LICENSE.txt"):
        write(tmp_path / name, PROSE)
    found = [file.path.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert found == ["a/page.htm", "a/x.MD", "b.txt", "c.jsonl.gz", "d.csv"]


def test_a_file_named_twice_or_linked_is_found_once(tmp_path):
    file = write(tmp_path / "a" / "x.txt", PROSE)
    (tmp_path / "a" / "y.txt").symlink_to(file.path)
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    found = find_files([tmp_path, tmp_path / "a", file.path])
    assert found == [SourceFile(file.path, tmp_path)]


def test_a_readme_named_explicitly_is_taken(tmp_path):
    file = write(tmp_path / "README.md", PROSE)
    assert find_files([file.path]) == [file]


@pytest.mark.parametrize("name", ["nowhere", "empty", "photo.jpg"])
def test_what_cannot_be_articles_is_refused_with_the_value_and_the_endings(tmp_path, name):
    (tmp_path / "empty").mkdir()
    write(tmp_path / "photo.jpg", b"\xff\xd8")
    with pytest.raises(CorpusError, match=rf"{name}.*\.txt, .*\.jsonl\.gz, \.csv") as caught:
        find_files([tmp_path / name])
    assert "\n" not in str(caught.value)


# --- text ------------------------------------------------------------------------------------


def test_a_page_in_the_shape_of_the_seeds(tmp_path):
    found = article(
        tmp_path / "001_ab.txt",
        f" date 2025-12-21 {PROSE}\n\nBrücke gesperrt\n\nBrücke gesperrt\n\n{MORE}\n\n"
        f"Stadt verspricht «Hilfe»\n\n{MORE}\n\nWeblinks",
    )
    assert (found.id, found.title, found.language) == ("001_ab", "Brücke gesperrt", "de")
    assert found.date == datetime.date(2025, 12, 21)
    assert [p.number for p in found.paragraphs] == [1, 2, 3, 4, 5, 6, 7]
    assert texts(found)[0] == PROSE
    assert kinds(found) == ["text", "heading", "heading", "text", "heading", "text", "heading"]


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


def test_ids_are_paths_below_the_folder_named(tmp_path):
    write(tmp_path / "bote" / "2025" / "a.b.txt", PROSE)
    [found] = read_corpus(find_files([tmp_path]))
    assert found.id == "bote/2025/a.b"


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


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"Sperrung im Mai\n\n{PROSE}", "Sperrung im Mai"),
        (f"{PROSE}\n\n{MORE}", PROSE),
        (f"Die Brücke ist zu. {PROSE}", "Die Brücke ist zu."),
        (f"Externe Inhalte laden\n\n{PROSE}", PROSE),
        ("Wort " * 40, "Wort " * 17 + "Wort…"),
        ("x" * 300, "x" * 90 + "…"),
    ],
)
def test_a_title_is_the_headline_or_the_opening(tmp_path, text, title):
    assert article(tmp_path / "x.txt", text).title == title


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([PROSE, "Warum es eilt", PROSE + MORE], "text heading text"),
        ([PROSE, "Warum eilt es?", MORE], "text text text"),
        ([PROSE, "das ist kleingeschrieben", MORE], "text text text"),
        ([PROSE, "SV Aue - TSV Moor 2:1", MORE], "text text text"),
        ([PROSE, "Parkplätze", "Bäder", "Hunde", MORE], "text text text text text"),
        ([PROSE, MORE, "Hintergrund"], "text text heading"),
        ([PROSE, MORE, "Aue gegen Moor endet unentschieden nach Verlängerung"], "text text text"),
        (["Hintergrund"], "text"),
        (["Titel", PROSE], "heading text"),
        (["Ein Vorspann ohne Punkt", PROSE], "text text"),
    ],
)
def test_headings_are_short_lines_above_prose(tmp_path, lines, expected):
    found = article(tmp_path / "x.jsonl", record(title="Titel", text=None, paragraphs=lines))
    assert " ".join(kinds(found)) == expected


# --- encodings -------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16"])
@pytest.mark.parametrize("name", ["x.txt", "x.csv"])
def test_umlauts_and_quotes_survive_every_usual_encoding(tmp_path, encoding, name):
    content = MORE if name == "x.txt" else f'id;title;text\r\na;T;"{MORE}"\r\n'
    assert texts(article(tmp_path / name, content.encode(encoding))) == [MORE]


def test_utf_16_with_the_other_byte_order(tmp_path):
    data = codecs.BOM_UTF16_BE + MORE.encode("utf-16-be")
    assert texts(article(tmp_path / "x.txt", data)) == [MORE]


def test_one_broken_byte_does_not_garble_the_rest(tmp_path):
    found = article(tmp_path / "x.txt", MORE.encode() + b" \xff " + PROSE.encode())
    assert texts(found) == [f"{MORE} \ufffd {PROSE}"]


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.html", "x.jsonl", "x.csv"])
@pytest.mark.parametrize(
    "data", [b"PK\3\4 text \0\0\1", b"\x89PNG\r\n\0", bytes(range(128, 256)) * 9]
)
def test_binary_files_are_problems(tmp_path, name, data):
    assert problem(tmp_path / name, data).reason == "binary"


@pytest.mark.parametrize("name", ["x.txt", "x.md", "x.jsonl", "x.jsonl.gz", "x.csv"])
@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \n\n"])
def test_empty_files_are_problems(tmp_path, name, data):
    data = gzip.compress(data) if name.endswith(".gz") else data
    assert problem(tmp_path / name, data) == Problem(str(tmp_path / name), "empty")


@pytest.mark.parametrize("ending", [".txt", ".md", ".html", ".jsonl", ".jsonl.gz", ".csv"])
@given(data=st.binary())
def test_reading_never_raises(tmp_path_factory, ending, data):
    path = tmp_path_factory.mktemp("bytes") / f"x{ending}"
    for found in read(path, data):
        assert isinstance(found, Article | Problem)
        str(found).encode()


KEYS = st.sampled_from(["id", "title", "date", "text", "paragraphs", "source", "url", "language"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5
)


@given(fields=st.dictionaries(KEYS, VALUES))
def test_any_record_is_an_article_or_one_problem(tmp_path_factory, fields):
    [found] = read(tmp_path_factory.mktemp("record") / "x.jsonl", json.dumps(fields))
    str(found).encode()
    if isinstance(found, Article):
        kept = [text for text in fields.get("paragraphs") or texts(found) if text.strip()]
        assert texts(found) == kept


# --- files that are not as they should be ----------------------------------------------------


def test_oversized_files_are_problems_that_state_both_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MAX_FILE_BYTES", 2_000_000)
    assert problem(tmp_path / "x.txt", b"a" * 2_340_000).reason == "2.3 MB, the limit is 2 MB"


def test_no_regular_file_is_ever_waited_for(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    write(tmp_path / "good.txt", PROSE)
    assert len(list(read_corpus(find_files([tmp_path])))) == 4
    for name in ("folder.txt", "dangling.txt", "loop.txt", "pipe.txt", "gone.txt"):
        [found] = read_file(SourceFile(tmp_path / name, tmp_path))
        assert isinstance(found, Problem)
        assert "\n" not in found.reason


def test_an_unreadable_file_or_folder_is_a_problem(tmp_path, monkeypatch):
    write(tmp_path / "good.txt", PROSE)
    write(tmp_path / "locked" / "x.txt", PROSE)

    def scandir(folder, _scandir=os.scandir):
        if str(folder).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return _scandir(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    good, locked = read_corpus(find_files([tmp_path]))
    assert good.id == "good"
    assert locked.path == str(tmp_path / "locked")


def test_a_gzip_cut_short_gives_what_came_before(tmp_path):
    lines = "\n".join(record(id=str(n), text=f"{os.urandom(40).hex()} {n}") for n in range(3000))
    *articles, last = read(tmp_path / "x.jsonl.gz", gzip.compress(lines.encode())[:-20_000])
    assert len(articles) > 100
    assert last == Problem(str(tmp_path / "x.jsonl.gz"), "the compressed file is cut short")
    assert "unreadable" in problem(tmp_path / "y.jsonl.gz", b"no gzip").reason


def test_a_gzip_bomb_is_not_unpacked_into_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "_MAX_LINE", 100_000)
    bomb = gzip.compress(record().encode() + b"\n" + b" " * 50_000_000)
    tracemalloc.start()
    first, second = read(tmp_path / "x.jsonl.gz", bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(first, Article)
    assert second.reason == "line 2 is longer than 100,000 characters"
    assert peak < 10_000_000


# --- records ---------------------------------------------------------------------------------


def test_paragraphs_of_a_record_are_taken_exactly_as_they_are(tmp_path):
    given_texts = [f"  {PROSE}\r\n", "", " \n ", f"{MORE}\n\n{MORE}"]
    found = article(tmp_path / "x.jsonl", record(text=None, paragraphs=given_texts))
    assert [(p.number, p.text) for p in found.paragraphs] == [
        (1, given_texts[0]),
        (4, given_texts[3]),
    ]


def test_a_record_with_everything(tmp_path):
    fields = {"date": "2025-12-21T08:00:00Z", "source": "Bote", "url": "u", "language": "en"}
    line = record(id=12, text=f"{PROSE}\n\n{MORE}", more=[1], **fields)
    found = article(tmp_path / "x.jsonl.gz", gzip.compress(line.encode()))
    assert (found.id, found.title, found.date) == ("12", "T", datetime.date(2025, 12, 21))
    assert (found.source, found.url, found.language) == ("Bote", "u", "en")
    assert texts(found) == [PROSE, MORE]


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


def test_the_second_article_of_an_id_is_a_problem(tmp_path):
    write(tmp_path / "a.txt", PROSE)
    write(tmp_path / "b.jsonl", f"{record(id='x')}\n{record(id='a')}\n{record(id='x')}")
    found = list(read_corpus(find_files([tmp_path])))
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "x"]
    place = str(tmp_path / "b.jsonl")
    assert [item for item in found if isinstance(item, Problem)] == [
        Problem(f"{place}:2", f"id 'a' is already used by {tmp_path / 'a.txt'}"),
        Problem(f"{place}:3", f"id 'x' is already used by {place}:1"),
    ]


# --- pages -----------------------------------------------------------------------------------

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
