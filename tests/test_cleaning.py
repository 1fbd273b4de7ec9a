import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Paragraph, ParagraphKind
from index.cleaning import clean
from tests.corpus import PROSE

NOTICE = "Wir und unsere Partner verwenden Cookies, um Ihr Erlebnis zu verbessern. Alle akzeptieren"


def article(*texts, id="a", title="Brücke gesperrt", source=None, headings=()):
    paragraphs = [
        Paragraph(n, text, ParagraphKind.HEADING if n in headings else ParagraphKind.TEXT)
        for n, text in enumerate(texts, 1)
    ]
    return Article(id, title, tuple(paragraphs), source=source)


def set_aside(found):
    return [p.number for p in found.paragraphs if p.kind is ParagraphKind.BOILERPLATE]


def numbers(*texts, **fields):
    [found] = clean([article(*texts, **fields)])
    return set_aside(found)


def test_a_notice_inside_an_article_is_set_aside():
    assert numbers(PROSE, NOTICE, PROSE + " Danach wird gebaut.") == [2]


def test_ids_numbers_texts_and_headings_are_untouched():
    before = article(PROSE, "Hintergrund", NOTICE, id="x/1", headings=[2], source="Bote")
    [after] = clean([before])
    assert set_aside(after) == [3]
    assert after.paragraphs[1].kind is ParagraphKind.HEADING
    assert [p.text for p in after.paragraphs] == [p.text for p in before.paragraphs]
    assert replace(after, paragraphs=before.paragraphs) == before


def test_a_summary_written_by_a_machine_goes_from_its_opening_to_its_notice():
    notice = "Ende offen Die künstliche Intelligenz lernt noch. Kann Fehler machen. Mehr anzeigen"
    box = ("Darum gehts Rat sperrt Brücke", "Kosten steigen, sagt die Stadt", notice)
    assert numbers(PROSE, "Titel", *box, PROSE + " Bald.") == [3, 4, 5]
    assert numbers(PROSE, "Titel", *box[1:], PROSE + " Bald.") == [4]
    assert numbers(PROSE, *box[:2], PROSE + " Bald.") == []


def test_second_copies_are_set_aside_where_they_cannot_be_meant():
    assert numbers("Brücke zu", "Brücke zu", PROSE) == [2]
    assert numbers("Brücke gesperrt", PROSE, "BRÜCKE  gesperrt") == [3]
    assert numbers(PROSE, "Kurz.", PROSE) == [3]
    assert numbers("Wird gebaut?", "Ja.", "Sofort?", "Ja.", PROSE) == []


def test_links_under_a_teaser_are_set_aside_but_not_the_next_heading():
    links = ("So teuer wird es", "Die Chronik des Umbaus")
    assert numbers(PROSE, "Mehr zum Thema", *links) == [2, 3, 4]
    assert numbers(PROSE, "Mehr zum Thema", *links, "Streit im Rat", PROSE + " Bald.") == [2, 3, 4]
    assert numbers(PROSE, "Lesen Sie auch: Der Plan", "Streit im Rat", PROSE + " Bald.") == [2]


FOOTER = "Der Talbote erscheint zweimal in der Woche. Hinweise bitte an das Haus am Markt."


def issue(number, *extra, **fields):
    own = [f"Meldung {number}, Absatz {n}: {PROSE}" for n in range(3)]
    return article(*own, *extra, id=fields.pop("id", f"n{number}"), title=str(number), **fields)


def test_what_stands_in_many_articles_of_a_source_is_set_aside():
    found = clean([issue(n, FOOTER.replace(" ", "\u00a0"), source="Bote") for n in range(4)])
    assert [set_aside(a) for a in found] == [[4]] * 4


def test_without_a_source_the_first_folder_is_the_outlet():
    named = {"source": "Der Bote"}
    found = clean(
        [issue(n, FOOTER, id=f"bote/{n}", **(named if n % 2 else {})) for n in range(4)]
        + [issue(n, FOOTER, id=f"kurier/{n}") for n in range(4, 7)]
    )
    assert [set_aside(a) for a in found] == [[4]] * 4 + [[]] * 3


def test_three_articles_or_a_small_share_are_no_evidence():
    few = [issue(n, FOOTER, source="Bote") for n in range(3)]
    assert not any(map(set_aside, clean(few)))
    rare = [issue(n, FOOTER, source="Bote") for n in range(4)]
    many = [issue(n, source="Bote") for n in range(4, 50)]
    assert not any(map(set_aside, clean(rare + many)))


def test_repeated_headings_and_other_sources_are_no_evidence():
    headings = [issue(n, "Hintergrund", PROSE + str(n), headings=[4]) for n in range(6)]
    assert not any(map(set_aside, clean(headings)))
    agencies = [issue(n, FOOTER, source=f"Blatt {n}") for n in range(6)]
    assert not any(map(set_aside, clean(agencies)))


def test_versions_of_one_story_do_not_testify_against_it():
    story = [f"{PROSE} Teil {n}." for n in range(6)]
    versions = [article(*story, f"Stand {n} Uhr: {PROSE}", id=str(n), source="A") for n in range(6)]
    assert not any(map(set_aside, clean(versions)))


@given(st.lists(st.lists(st.text(min_size=1), min_size=1)))
def test_only_kinds_change_and_cleaning_twice_is_cleaning_once(corpus):
    before = [article(*texts, id=str(n)) for n, texts in enumerate(corpus)]
    after = clean(before)
    assert [[(p.number, p.text) for p in a.paragraphs] for a in after] == [
        [(p.number, p.text) for p in a.paragraphs] for a in before
    ]
    assert clean(after) == after


HOSTILE = [
    "melden sie sich ",
    "jetzt a ",
    "cookies ",
    "quelle: a.",
    "ki ",
    "„",
    "a",
    "- ",
    "\u00a0",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_takes_long(piece):
    sizes = (120, 200, 900, 100_000)
    texts = [
        tail + (piece * size)[: size - 20] + tail for size in sizes for tail in ("", " cookie")
    ]
    start = time.process_time()
    clean([article(*texts * 5)])
    assert time.process_time() - start < 0.5  # 0.02 s measured


def test_a_thousand_articles_take_a_fraction_of_a_second():
    corpus = [issue(n, FOOTER, source="Bote") for n in range(1000)]
    start = time.process_time()
    clean(corpus)
    assert time.process_time() - start < 0.5  # 0.04 s measured
