import datetime
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import Archive, ArchiveWriter
from index.article import Article, Paragraph, ParagraphKind
from index.passages import fingerprint, passages_of
from tests.corpus import MORE, PROSE, article

DAY = datetime.date(2025, 12, 21)
FULL = Article(
    "bote/ü #1",
    "Brücke gesperrt",
    (
        Paragraph(1, PROSE),
        Paragraph(3, "Cookies zulassen", ParagraphKind.BOILERPLATE),
        Paragraph(4, "Hintergrund", ParagraphKind.HEADING),
        Paragraph(5, MORE),
    ),
    DAY,
    "Bote",
    "https://bote.example/1",
    "de",
)


@pytest.fixture
def stored(tmp_path):
    """Store articles, each with its id as fingerprint, and open the archive."""
    opened = []

    def store(*articles):
        writer = ArchiveWriter(tmp_path)
        for each in articles:
            writer.add(each, each.id)
        writer.close()
        opened.append(Archive(tmp_path))
        return opened[-1]

    yield store
    for archive in opened:
        archive.close()


def test_an_article_comes_back_as_it_was(stored):
    archive = stored(FULL, article(PROSE))
    assert archive.article(FULL.id) == FULL
    assert archive.article("a") == article(PROSE)
    assert archive.article("bote") is None


def test_articles_by_id_come_without_paragraphs(stored):
    found = stored(FULL, article(PROSE)).articles([FULL.id, "nowhere"])
    assert list(found) == [FULL.id]
    assert (found[FULL.id].title, found[FULL.id].date) == (FULL.title, DAY)
    assert found[FULL.id].paragraphs == ()


def test_passages_come_back_as_they_were_made(stored):
    archive = stored(FULL, article(PROSE))
    made = [*passages_of(FULL), *passages_of(article(PROSE))]
    assert list(archive.all_passages()) == made
    assert archive.passages([p.id for p in made]) == {p.id: p for p in made}
    assert archive.passages(["nowhere#1"]) == archive.passages([]) == {}


def test_all_passages_of_some_articles(stored):
    archive = stored(FULL, article(PROSE, MORE), article(PROSE, id="b"))
    made = [*passages_of(FULL), *passages_of(article(PROSE, MORE))]
    assert sorted(archive.passages_of([FULL.id, "a"]), key=lambda p: p.id) == sorted(
        made, key=lambda p: p.id
    )
    assert archive.passages_of(["nowhere"]) == archive.passages_of([]) == []


def test_more_ids_than_one_query_may_have(stored):
    archive = stored(*(article(PROSE, id=str(n)) for n in range(1200)))
    assert len(archive.passages([f"{n}#1" for n in range(1200)])) == 1200
    assert len(archive.articles([str(n) for n in range(1200)])) == 1200
    assert len(archive.passages_of([str(n) for n in range(1200)])) == 1200


def test_fingerprints(stored):
    archive = stored(FULL, article(PROSE))
    assert archive.article_fingerprints() == {FULL.id: FULL.id, "a": "a"}
    [passage] = passages_of(article(PROSE))
    assert archive.passage_fingerprints()[fingerprint(passage)] == passage.id


def test_counts_and_the_newest(stored):
    days = {"old": DAY.replace(year=2001), "new": DAY, "undated": None}
    archive = stored(FULL, *(article(PROSE, id=id_, date=day) for id_, day in days.items()))
    assert archive.newest(9) == [FULL.id, "new", "old", "undated"]
    assert archive.newest(1) == [FULL.id]
    counts = {"articles": 4, "paragraphs": 7, "boilerplate": 1, "passages": 5}
    assert archive.counts() == counts


def test_a_copy_can_be_changed(stored, tmp_path):
    stored(FULL, article(PROSE))
    writer = ArchiveWriter(tmp_path)
    assert writer.remove(FULL.id) == [f"{FULL.id}#1", f"{FULL.id}#5"]
    assert writer.remove("nowhere") == []
    writer.close()
    archive = stored(article(MORE, id="b"))
    assert archive.article(FULL.id) is None
    assert list(archive.article_fingerprints()) == ["a", "b"]
    assert [p.id for p in archive.all_passages()] == ["a#1", "b#1"]


def test_an_article_cannot_be_there_twice(tmp_path):
    writer = ArchiveWriter(tmp_path)
    writer.add(FULL, "1")
    with pytest.raises(sqlite3.IntegrityError):
        writer.add(FULL, "1")
    writer.close()


def test_nothing_can_be_written_by_a_reader(stored, tmp_path):
    archive = stored(FULL)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        archive._rows("DELETE FROM articles")
    assert [path.name for path in tmp_path.iterdir()] == ["archive.sqlite"]


def test_many_threads_read_at_once(stored):
    archive = stored(*(article(f"{PROSE} {n}", id=str(n)) for n in range(50)))
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(archive.article, [str(n % 50) for n in range(400)]))
    assert [a.id for a in found if a] == [str(n % 50) for n in range(400)]


STORABLE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(id_=STORABLE, title=STORABLE, text=STORABLE)
def test_any_text_survives(tmp_path_factory, id_, title, text):
    folder = tmp_path_factory.mktemp("archive")
    odd = article(text, id=id_, title=title)
    writer = ArchiveWriter(folder)
    made = writer.add(odd, "f")
    writer.close()
    archive = Archive(folder)
    try:
        assert archive.article(id_) == odd
        assert list(archive.all_passages()) == made
    finally:
        archive.close()
