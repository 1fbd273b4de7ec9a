import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.readers import find_files, read_corpus
from rag.answer import Hit
from rag.stories import Story, collapse, distinct, same_text, stands_in

FIRE = (
    "Köln (dpa) - Bei einem Brand in einem Lagerhaus am Rheinufer sind am Mittwoch 14 Menschen "
    "verletzt worden. Die Feuerwehr rückte nach eigenen Angaben mit zwölf Wagen aus. „Wir waren "
    "schnell vor Ort“, sagte Einsatzleiter Udo Tal."
)
OTHER_WORDS = (
    "Vierzehn Verletzte hat ein Feuer gefordert, das im Speicher einer Kölner Spedition ausbrach. "
    "Zwölf Löschzüge kämpften bis in die Nacht gegen die Flammen, wie Einsatzleiter Tal mitteilte."
)


def hit(text, article_id="a", score=1.0, day=3, paragraph=1):
    date = day and datetime.date(2025, 11, day)
    return Hit(article_id, paragraph, 0, len(text), text, score, "Titel", date)


# --- one text or two -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "edited",
    [
        FIRE,
        FIRE.replace("(dpa) - ", "(mik) – "),
        FIRE.replace("Köln (dpa) - ", ""),
        FIRE.replace("„", "«").replace("“", "»"),
        FIRE.replace("nach eigenen Angaben ", ""),
        FIRE.replace("Lagerhaus", "Speicher").replace("schnell", "rasch"),
        FIRE + " Die Ursache ist noch unklar, ermittelt wird in alle Richtungen.",
        FIRE.split(" „")[0],
        FIRE.replace("zwölf", "12"),
        FIRE.upper(),
    ],
)
def test_small_edits_leave_one_text(edited):
    assert same_text(FIRE, edited)
    assert same_text(edited, FIRE)


@pytest.mark.parametrize(
    "other",
    [
        OTHER_WORDS,
        FIRE.replace("14 Menschen", "17 Menschen"),
        FIRE.replace("zwölf Wagen", "dreizehn Wagen"),
        FIRE.replace("am Mittwoch", "am Freitag"),
        FIRE.replace("waren schnell", "waren nicht schnell"),
        FIRE[: len(FIRE) // 3],
        "",
    ],
)
def test_other_words_and_other_facts_are_another_text(other):
    assert not same_text(FIRE, other)
    assert not same_text(other, FIRE)


def test_a_template_with_other_names_and_figures_is_another_text():
    report = (
        "Vor {} Zuschauern gewann {} am Samstag gegen {} verdient mit {} und bleibt oben dabei."
    )
    one = report.format("34.812", "Bremen", "Hamburg", "2:1")
    assert not same_text(one, report.format("21.005", "Mainz", "Bochum", "3:0"))
    assert not same_text(one, report.format("34.812", "Bremen", "Hamburg", "3:1"))


@pytest.mark.parametrize(
    "short", ["Hintergrund", "Verletzt wurde niemand.", "Lesen Sie auch: mehr"]
)
def test_short_paragraphs_are_no_story(short):
    assert not same_text(short, short)
    assert not stands_in(short, f"{FIRE} {short}")


@given(one=st.text(max_size=200), other=st.text(max_size=200))
def test_any_two_texts_are_compared_both_ways_alike(one, other):
    assert same_text(one, other) == same_text(other, one)
    assert not stands_in(one, other) or one


# --- where a sentence stands -----------------------------------------------------------------


def test_a_sentence_stands_in_a_text_that_has_it_nearly_verbatim():
    sentence = FIRE.split(" - ")[1].split(" Die Feuer")[0]
    assert stands_in(sentence, FIRE)
    assert stands_in(sentence, FIRE.replace("am Rheinufer ", ""))
    assert not stands_in(sentence, FIRE.replace("14", "17"))
    assert not stands_in(sentence, FIRE.replace("sind", "sind nicht"))
    assert not stands_in(sentence, FIRE.partition("worden. ")[2])
    assert not stands_in(sentence, OTHER_WORDS)


# --- collapsing ------------------------------------------------------------------------------


def test_copies_fold_into_the_best_hit_in_its_place():
    hits = [hit(OTHER_WORDS, "x"), hit(FIRE, "a", 0.9), hit(FIRE, "b", 0.5), hit(FIRE, "c", 0.4)]
    first, second = collapse(hits)
    assert (first.hit, first.copies) == (hits[0], ())
    assert (second.hit, second.copies) == (hits[1], tuple(hits[2:]))


def test_of_equally_good_copies_the_earliest_leads_then_the_longest():
    late, early = hit(FIRE, "late", 1.0, 5), hit(FIRE, "early", 0.98, 3)
    long, undated = hit(FIRE + " Mehr dazu folgt.", "long", 0.97, 3), hit(FIRE, "u", 1.0, None)
    assert collapse([late, undated, early])[0].hit is early
    assert collapse([late, early, long])[0].hit is long
    assert collapse([late, hit(FIRE, "early", 0.8, 3)])[0].hit is late


def test_an_article_is_no_copy_of_itself_and_a_later_report_that_repeats_is_none():
    assert len(collapse([hit(FIRE, "a"), hit(FIRE, "a", paragraph=2)])) == 2
    assert len(collapse([hit(FIRE, "a", day=1), hit(FIRE, "b", day=20)])) == 2
    assert collapse([]) == []


@given(
    st.lists(st.sampled_from([FIRE, OTHER_WORDS, "Kurz.", FIRE.replace("14", "17")]), max_size=8)
)
def test_no_hit_is_lost_or_doubled(texts):
    hits = [hit(text, str(n), 1 - n / 10) for n, text in enumerate(texts)]
    stories = collapse(hits)
    assert sorted(h.article_id for s in stories for h in (s.hit, *s.copies)) == sorted(
        h.article_id for h in hits
    )


# --- many reports in the same words ----------------------------------------------------------

TOLL = "Bei dem Zugunglück am alten Bahnhof von Grothaven gab es am Montag {} Tote."


def kept(*texts):
    stories = [Story(hit(text, str(n)), ()) for n, text in enumerate(texts)]
    return [story.hit.text for story in distinct(stories)]


def test_of_reports_in_the_same_words_two_are_kept_so_that_a_contradiction_shows():
    planted = [TOLL.format(number) for number in range(20, 60)]
    assert kept(*planted) == planted[:2]
    assert kept(*planted, FIRE) == [*planted[:2], FIRE]
    assert kept(FIRE, *planted[:1], OTHER_WORDS, *planted[1:]) == [
        FIRE, planted[0], OTHER_WORDS, planted[1],
    ]  # fmt: skip


def test_reports_in_other_words_are_all_kept():
    texts = [FIRE, OTHER_WORDS, TOLL.format("zwölf"), "Kurz.", ""]
    assert kept(*texts) == texts
    assert kept() == []


def test_a_short_paragraph_is_kept_however_often_it_stands():
    assert len(kept(*["Verletzt wurde niemand."] * 5)) == 5


def test_a_report_that_only_repeats_a_part_of_two_before_is_left_out():
    part = FIRE.split(" „")[0]
    assert kept(FIRE, FIRE.replace("14", "17"), part) == [FIRE, FIRE.replace("14", "17")]


def test_a_report_that_has_more_than_the_two_it_holds_is_kept():
    parts = [TOLL.format("zwölf"), TOLL.format("14")]
    report = f"{FIRE} {parts[0]} {OTHER_WORDS}"
    assert kept(*parts, report) == [*parts, report]


def test_what_was_left_out_leaves_out_nothing_itself():
    one, other = (" ".join(f"{name}{n}" for n in range(20)) for name in ("wort", "neu"))
    mixed = " ".join(one.split()[:14] + other.split()[:7])
    last = " ".join(mixed.split()[7:])  # of mixed all, of one less than half
    assert kept(one, one, mixed, mixed, last) == [one, one, last]


@given(st.lists(st.sampled_from([FIRE, OTHER_WORDS, "Kurz.", *map(TOLL.format, range(4))])))
def test_what_is_kept_is_in_its_order_and_kept_again(texts):
    stories = [Story(hit(text, str(n)), ()) for n, text in enumerate(texts)]
    first = distinct(stories)
    assert first == [story for story in stories if story in first]
    assert first[:2] == stories[:2]
    assert distinct(first) == first


# --- the samples -----------------------------------------------------------------------------


def paragraphs(samples, article):
    [found] = (a for a in read_corpus(find_files([samples])) if a.id == article)
    return [paragraph.text for paragraph in found.paragraphs]


@pytest.mark.parametrize("copy", ["hafenkurier/2025-11-20-kuestenmotorschiff-vermisst",
                                  "tagblatt/2025-11-21-frachter-vermisst"])  # fmt: skip
def test_the_agency_report_of_the_samples_is_one_story(samples, copy):
    agency = paragraphs(samples, "mik/2025-11-20-kuestenfrachter-vermisst")
    copied = [
        any(same_text(text, origin) for origin in agency) for text in paragraphs(samples, copy)
    ]
    assert copied[:4] == [True] * 4
    assert sum(copied) == (4 if copy.startswith("hafenkurier") else 5)


def test_fifty_hits_take_few_milliseconds():
    words = (FIRE + OTHER_WORDS).split()
    hits = [hit(" ".join(words[n:] + words[:n]) + f" {n}", f"warm{n}") for n in range(50)]
    collapse(hits)
    started = time.perf_counter()
    collapse(hits)
    assert time.perf_counter() - started < 0.05  # it takes 2 ms; the machine may be busy
