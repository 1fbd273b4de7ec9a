import datetime
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.archive import ArchiveWriter
from index.article import Passage
from index.errors import StoreError
from index.language import forms
from index.lexical import ANY_TIME, Lexical, LexicalWriter, Period, building
from tests.corpus import article

DAYS = [datetime.date(2025, 12, day) for day in (1, 10, 20)]
TEXTS = [
    "Die Kranbrücke im Hafen wurde gesperrt.",
    "Selenskyj verhandelte mit den Europäern.",
    "Ein Roboter backt Brötchen.",
    "Die Fähren streiken.",
]


def passage(number, text, day=None, context=""):
    return Passage(f"a/ü #{number}", "a", number, 0, len(text), text, context, day)


PASSAGES = [passage(n, t, d) for n, (t, d) in enumerate(zip(TEXTS, [*DAYS, None], strict=True))]


def built(folder, passages):
    writer = LexicalWriter(folder)
    writer.add(passages)
    writer.close()
    return Lexical(folder)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory):
    return built(tmp_path_factory.mktemp("lexical"), PASSAGES)


def found(index, question, k=9, period=ANY_TIME):
    return [int(match.id.split("#")[1]) for match in index.search(forms(question), k, period)]


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("gesperrte Kranbrücken", 0),
        ("Brücke", 0),
        ("Kranbrucke", 0),
        ("BRU\u0308CKE", 0),
        ("Selenskij", 1),
        ("Verhandlung", 1),
        ("Roboters", 2),
        ("Fähre", 3),
        ("Faehre", 3),
    ],
)
def test_inflections_typos_and_parts_of_compounds_are_found(lexical, question, number):
    assert found(lexical, question)[0] == number


def test_what_shares_nothing_is_not_found(lexical):
    assert found(lexical, "Quantenchromodynamik") == []
    assert lexical.search([], 5) == []


def test_an_exact_word_beats_a_similar_one(tmp_path):
    index = built(tmp_path, [passage(0, "Die Brückentage"), passage(1, "Die Brücke")])
    assert found(index, "Brücke") == [1, 0]


def test_the_context_is_searched_but_weighs_less(tmp_path):
    index = built(tmp_path, [passage(0, "Es regnet.", context="Hafen"), passage(1, "Der Hafen.")])
    assert found(index, "Hafen") == [1, 0]
    assert (index.stem_frequency("haf"), index.subword_frequency("haf>")) == (1, 0)


def test_another_word_for_the_same_finds_it_but_weighs_less(lexical):
    [also] = lexical.search([], 9, also=["streik"])
    [asked] = lexical.search(["streiken"], 9)
    assert also.id == asked.id == PASSAGES[3].id
    assert also.score < asked.score


def test_two_other_words_weigh_less_than_the_word_itself(tmp_path):
    index = built(tmp_path, [passage(0, "Ein Ei."), passage(1, "Korb Nest.")])
    found = index.search(["ei"], 9, also=["korb", "nest"])
    assert [match.id for match in found] == ["a/ü #0", "a/ü #1"]


def test_another_word_is_found_in_the_context_and_only_whole(tmp_path):
    index = built(tmp_path, [passage(0, "Es regnet.", context="Hafen"), passage(1, "Hafenkran.")])
    assert [match.id for match in index.search([], 9, also=["haf"])] == [PASSAGES[0].id]


def test_other_words_are_looked_for_within_the_period_too(lexical):
    period = Period(DAYS[0], DAYS[1])
    stems = ["gesperrt", "backt", "streik"]
    assert [m.id for m in lexical.search([], 9, period, also=stems)] == [PASSAGES[0].id]


def test_it_counts_the_passages_that_have_a_stem_or_a_subword(tmp_path):
    texts = ["Die Brücke, die Brücken.", "Eine Brücke.", "Ein Brückentag."]
    index = built(tmp_path, [passage(n, text) for n, text in enumerate(texts)])
    assert (index.stem_frequency("bruck"), index.subword_frequency("brue")) == (2, 3)
    assert (index.stem_frequency("nichts"), index.subword_frequency("nich")) == (0, 0)


def test_at_most_k_are_returned_best_first(lexical):
    matches = lexical.search(forms("die Brücke im Hafen, die Fähren"), 9)
    assert [match.score for match in matches] == sorted((m.score for m in matches), reverse=True)
    assert lexical.search(forms("die Brücke im Hafen, die Fähren"), 1) == matches[:1]


@pytest.mark.parametrize(
    ("period", "numbers"),
    [
        (ANY_TIME, {0, 1, 2, 3}),
        (Period(DAYS[0], DAYS[1]), {0, 1}),
        (Period(first=DAYS[1]), {1, 2}),
        (Period(last=DAYS[1]), {0, 1}),
        (Period(DAYS[1], DAYS[1]), {1}),
        (Period(datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)), set()),
    ],
)
def test_a_period_leaves_out_other_days_and_what_has_no_day(lexical, period, numbers):
    assert set(found(lexical, " ".join(TEXTS), period=period)) == numbers
    assert {n for n, p in enumerate(PASSAGES) if p.date in period} == numbers


def test_removed_is_gone_and_may_come_again_changed(tmp_path):
    index = built(tmp_path, PASSAGES)
    writer = LexicalWriter(tmp_path)
    writer.remove([PASSAGES[0].id, "nowhere"])
    writer.add([passage(0, "Neues vom Bahnhof")])
    writer.close()
    changed = Lexical(tmp_path)
    assert found(changed, "Kranbrücke") == []
    assert found(changed, "Bahnhof") == [0]
    assert changed.count() == 4
    assert found(index, "Kranbrücke") == [0]  # who opened it before sees what was


@given(st.lists(st.text(), max_size=8))
def test_any_words_can_be_asked_for(lexical, words):
    lexical.search(words, 3)
    lexical.search(forms(" ".join(words)), 3)


@given(st.lists(st.text(), max_size=3))
def test_any_text_can_be_stored(tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("any")
    index = built(folder, [passage(n, text, context=text) for n, text in enumerate(texts)])
    assert index.count() == len(texts)


@pytest.mark.parametrize("odd", ["a:b (c", '"', "AND OR NOT", "*", "x^2", "/re/", "\\", "[1 TO 2]"])
def test_the_signs_of_a_query_language_mean_nothing(lexical, odd):
    assert lexical.search([odd], 3) == lexical.search(forms("\u00a0"), 3) == []
    assert found(lexical, f"{odd} Kranbrücke {odd}")[0] == 0


# --- the other process -----------------------------------------------------------------------


@pytest.fixture
def generation(tmp_path):
    writer = ArchiveWriter(tmp_path)
    for number, text in enumerate(TEXTS):
        writer.add(article(text, id=str(number)), "")
    writer.close()
    return tmp_path


def test_another_process_builds_it_from_the_archive(generation, monkeypatch, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "index.py").write_text("raise SystemExit('the wrong index')")
    monkeypatch.chdir(elsewhere)
    with building(generation):
        pass
    assert Lexical(generation).count() == len(TEXTS)


def test_what_goes_wrong_there_is_said_in_one_line(tmp_path, capfd):
    reason = r"lexical index could not be built: .*database"
    with pytest.raises(StoreError, match=reason) as caught, building(tmp_path / "nowhere"):
        pass
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_it_is_ended_when_something_goes_wrong_here(generation):
    with pytest.raises(KeyboardInterrupt), building(generation):
        raise KeyboardInterrupt
    assert not (generation / "lexical" / "meta.json").exists()


PARENT = """
import pathlib, sys, time
from index.lexical import building
with building(pathlib.Path(sys.argv[1])):
    print("started", flush=True)
    time.sleep(60)
"""


@pytest.mark.slow
def test_it_does_not_outlive_its_parent(tmp_path):
    writer = ArchiveWriter(tmp_path)
    writer.add(article(*(f"{TEXTS[0]} {n}" * 20 for n in range(9000))), "")
    writer.close()
    parent = subprocess.Popen([sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE)
    with parent:
        parent.stdout.readline()
        while not (tmp_path / "lexical").exists():
            time.sleep(0.01)
        [child] = children(parent.pid)
        parent.kill()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert Lexical(tmp_path).count() == 0


def children(pid):
    return subprocess.check_output(["ps", "--ppid", str(pid), "-o", "pid="], text=True).split()
