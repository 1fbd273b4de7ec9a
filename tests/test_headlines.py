import datetime

import pytest

from tests.corpus import MORE, PROSE
from tests.reading import article, kinds, record, texts


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
