import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.language import words
from rag.draft import Draft, Reader


def read(*pieces):
    """Return the sentences of a reply that comes in these pieces."""
    reader = Reader()
    return [draft for piece in pieces for draft in reader.take(piece)] + [*reader.end()]


def texts(reply):
    return [draft.text for draft in read(reply)]


def at_once(reply):
    """Return the sentences that are given before the reply has ended."""
    return [*Reader().take(reply)]


# --- whose mark is it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "ids"),
    [
        ("Er kam [k3f].", "k3f"),
        ("Er kam[k3f].", "k3f"),
        ("Er kam [k3f] .", "k3f"),
        ("Er kam. [k3f]", "k3f"),
        ("Er kam.[k3f]", "k3f"),
        ("[k3f] Er kam.", "k3f"),
        ("Er [k3f] kam.", "k3f"),
        ("Er kam. ([k3f])", "k3f"),
        ("Er kam ([k3f]).", "k3f"),
        ("Er kam [k3f][p7w].", "k3f p7w"),
        ("Er kam [k3f] [p7w].", "k3f p7w"),
        ("Er kam [k3f], [p7w].", "k3f p7w"),
        ("Er kam. [k3f][p7w]", "k3f p7w"),
        ("Er kam [p7w, k3f].", "p7w k3f"),
        ("Er kam [p7w;k3f|x2x].", "p7w k3f x2x"),
        ("Er kam [ k3f ].", "k3f"),
        ("Er [p7w] kam [k3f]. [p7w]\n", "p7w k3f"),
        ("Er kam [k3f][k3f].", "k3f"),
        ("Er kam [K3F].", "k3f"),
        ("Er kam [[k3f]].", "k3f"),
        ("Er kam [[k3f], [p7w]].", "k3f p7w"),
        ("Er kam [`k3f`].", "k3f"),
        ("Er kam **[k3f]**.", "k3f"),
        ("Er kam \\[k3f\\].", "k3f"),
        ("Er kam [k3\u200bf].", "k3f"),
        ('Er kam ["k3f"].', "k3f"),
        ("Er kam [k3f,\tp7w].", "k3f p7w"),
        ("Er kam.", ""),
        ("Er kam [].", ""),
    ],
)
def test_marks_are_taken_off_a_sentence_wherever_they_stand(reply, ids):
    found = [Draft("Er kam.", tuple(ids.split()))]
    assert read(reply)[:1] == found
    assert texts(f"{reply}\n") == ["Er kam."]


def test_a_mark_after_the_full_stop_is_of_the_sentence_before_unless_that_had_its_own():
    assert read("A kam. [k3f] B ging. [p7w]") == [
        Draft("A kam.", ("k3f",)),
        Draft("B ging.", ("p7w",)),
    ]
    assert read("A kam [k3f]. B ging [p7w].") == read("A kam. [k3f] B ging. [p7w]")
    assert read("A kam. [k3f] [p7w] B ging.")[0].ids == ("k3f", "p7w")
    assert read("A kam. B ging [p7w].") == [Draft("A kam.", ()), Draft("B ging.", ("p7w",))]
    assert read("A kam [k3f]. [p7w] B ging.")[1] == Draft("B ging.", ("p7w",))  # it is too late
    assert read("Er [k3f] kam mit Udo. Sie ging mit Ada.")[1].ids == ()


def test_no_bracket_is_left_that_could_pass_for_a_citation():
    assert texts("Er kam [[x]1].") == ["Er kam1."]
    assert texts(f"Er kam [{'sehr ' * 20}spät].") == [f"Er kam {'sehr ' * 20}spät."]
    assert texts("Er kam [k3f") == ["Er kam k3f"]
    assert texts("Er kam k3f].") == ["Er kam k3f]."[:9] + "f."]


# --- where a sentence ends -------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "Er kam [k3f].",
        "Er kam [k3f][p7w]!",
        "Kam er [k3f]?",
        "Er kam\n",
        "Er kam.\n",
        "Er kam [k3f]\n",
        "Er kam. [k3f] D",
        "Er kam. [k3f] „",
        "Er kam. [k3f]\n",
        "Er kam.“ [k3f] 2",
        "Er sagte: „Ich kam.“ [k3f]\r",
        "Er sagte: „Ich kam [k3f].“ ",
        "Er sagte (nicht „laut“): „Ich kam [k3f].“ ",
        "Er sagte: «Ich kam [k3f].» ",
        'Er sagte: "Ich kam [k3f]." ',
        "Er kam (und ging [k3f].) ",
        "Er kam (und ging: „Ade [k3f].“) ",
    ],
)
def test_a_sentence_is_given_with_the_character_that_ends_it_and_not_before(reply):
    assert [len(at_once(reply[:end])) for end in range(len(reply) + 1)] == [0] * len(reply) + [1]


@pytest.mark.parametrize(
    "reply",
    [
        "Er kam am 3. Mai mit Dr. Meier, z. B. nach Aue, für 3,5 Mio. Euro [k3f].",
        "Das 2. Spiel gewann der 1. FC Aue am 3. Spieltag mit 4.500 Zuschauern [k3f].",
        "Um 23.50 Uhr stieg es auf 2.41 Meter [k3f].",
        "Es waren 2.5 [k3f] Meter.",
        "Er kam bzw. ging (vgl. S. 5) u. a. nach Aue [k3f].",
        "Er reiste in die USA usw. [k3f] und blieb [p7w].",
        "Er sagte: „Wir kommen. Wir bleiben.“ [k3f]",
        "„Kommt er?“, fragte sie [k3f].",
        "„Er kam!“ [k3f], rief sie.",
        "Er kam … und ging [k3f].",
        "Er kam [k3f]; sie ging [p7w].",
        "Um 5 Uhr [k3f]: Er kam.",
        "1. Mai ist Feiertag [k3f].",
        "3. Oktober: Er kam [k3f].",
    ],
)
def test_a_stop_within_a_sentence_ends_none(reply):
    [draft] = read(reply)
    assert draft.text == re.sub(r" ?\[\w+\]", "", reply)
    assert draft.ids[0] == "k3f"


def test_sentences_on_one_line():
    found = [Draft("A kam.", ("k3f",)), Draft("B ging.", ("p7w",)), Draft("C blieb.", ())]
    assert read("A kam [k3f]. B ging [p7w]. C blieb.") == found
    assert read("A kam [k3f].B ging [p7w].C blieb.") == found
    assert texts("Er kam mit Udo. Sie ging mit Ada. Wer blieb?") == [
        "Er kam mit Udo.", "Sie ging mit Ada.", "Wer blieb?",
    ]  # fmt: skip


def test_what_is_left_of_a_sentence_that_was_given_is_not_part_of_the_next():
    for left in (".", "..", "?!", ")", "“", '"', "!“", "[p7w]", " [p7w]", "**", "*", "_", " …"):
        assert texts(f"Er kam [k3f].{left} Sie ging.") == ["Er kam.", "Sie ging."]
        assert texts(f"Er kam [k3f].{left}\nSie ging.") == ["Er kam.", "Sie ging."]
        assert texts(f"Er kam [k3f].{left}") == ["Er kam."]


def test_a_line_is_a_sentence_as_the_model_was_told():
    assert texts("Überblick\nEr kam\r\nSie\n\n\nging") == ["Überblick", "Er kam", "Sie", "ging"]


@pytest.mark.parametrize("reply", ["", "\n", " ", "-", "–\n", "...", "[k3f]", "[k3f].", "**", "„“"])
def test_without_a_word_there_is_no_sentence(reply):
    assert read(reply) == []


def test_a_mark_of_no_sentence_goes_to_the_next():
    assert read("[k3f] 1. Er kam.") == [Draft("Er kam.", ("k3f",))]


def test_an_abstention_is_a_sentence_without_marks():
    abstention = Draft("Dazu steht nichts im Archiv.", ())
    for reply in (abstention.text, f"{abstention.text}\n", f"**{abstention.text}**"):
        assert read(reply) == [abstention]


# --- formatting ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reply",
    [
        "Er **kam** nach _Aue_.",
        "***Er kam nach Aue.***",
        "__Er__ *kam* `nach` ~~Aue~~.",
        "- Er kam nach Aue.",
        "* Er kam nach Aue.",
        "+ **Er kam** nach Aue.",
        "• Er kam nach Aue.",
        "> - Er kam nach Aue.",
        "## Er kam nach Aue.",
        "1. Er kam nach Aue.",
        "12) Er kam nach Aue.",
        "1. **Er kam** nach Aue.",
        "| Er kam | nach Aue. |",
        "Er [kam](https://evil.example/x) nach Aue.",
        "Er [kam](https://evil.example/x_(y)) nach Aue.",
        "Er [kam](/relative) nach Aue.",
        "Er kam ![](x.png)nach Aue.",
        "Er kam ![alt](https://evil.example/a.png) nach Aue.",
        "Er kam [![alt](https://evil.example/a.png)](https://evil.example) nach Aue.",
        "Er kam https://evil.example/x?y=z#a nach Aue.",
        "Er kam nach Aue https://evil.example.",
        "Er kam (HTTPS://EVIL.example) nach Aue.",
        "Er kam <https://evil.example> nach Aue.",
        "Er kam www.evil.example/x nach Aue.",
        "Er kam javascript:alert(1) nach Aue.",
        "Er kam <b onclick='x'>nach</b> Aue.<br/>",
        "Er kam <img src=x onerror=y> nach Aue.",
        "Er kam <!-- geheim --> nach Aue.",
        "Er\u200b kam\u2060 nach \u202eAue\u202c.",
        "Er\u00a0kam\tnach  Aue .",
        "Er kam nach Aue\\.",
    ],
)
def test_formatting_is_taken_off(reply):
    assert texts(reply) == ["Er kam nach Aue."]
    assert texts(f"{reply} [k3f]\n") == ["Er kam nach Aue."]


@pytest.mark.parametrize(
    "text",
    [
        "Die Nutzer*innen und Nutzer_innen kamen.",
        "Udo Tal (*1955) und Ada Berg (* 3. Mai 1960) kamen.",
        "Es waren 5 * 3 Meter, < 20 und > 10.",
        "Unter <5 Prozent sind es.",
        "Das kostet $5, 50 % mehr & #1.",
        "„Er kam“, sagte sie – «nein» und 'ja'.",
        "Hoch\u00adwasser mit 👩\u200d🚒 und e\u0301.",
        "Der Code in datei_name.py ist alt.",
        "Es endete 2:1 (1:0).",
    ],
)
def test_what_only_looks_like_formatting_stays(text):
    assert texts(f"{text}\n") == [text]


def test_fences_and_rules_are_no_sentences():
    assert texts("```text\nEr kam [k3f].\n```\n---\n***\n| --- | :-: |\n") == ["Er kam."]


HOSTILE = st.lists(
    st.sampled_from(
        ["<", "<b>", "<!", "</", ">", "b", "script", "[", "]", "(", ")", "!", "](", "![", "[1]",
         "1", "http", ":", "//", "evil.de", "javascript:x", "www", ".", "*", "**", "_", "`", "\\",
         "|", "\u200b", " ", "/x", "x", "=", "?", ",", "„", "“"]
    ),
    max_size=25,
).map("".join)  # fmt: skip
DANGEROUS = re.compile(
    r"[\[\]]|<(?!\s*[\d=])|[a-z]{2,10}://\w|\bwww\.\w|\b(javascript|https?):\w", re.IGNORECASE
)


@settings(max_examples=1000)
@given(HOSTILE)
@example("<<b>script>x")
@example("ht[x]tp://evil.de")
@example("ht<b>tp://evil.de")
@example("http http://x ://evil.de")
@example("http ://evil.de und www .evil.de")
@example("[a]**(/x)")
@example("<**b>x")
def test_no_link_tag_or_citation_survives(reply):
    for draft in read(reply):
        assert not DANGEROUS.search(draft.text), draft.text


# --- as it arrives ---------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from(
        ["Er kam", "Sie", "ging", "und", " ", "  ", " " * 11, "\t", ".", ".", "!", "?", "…", "...",
         "[k3f]", "[p7w]", "[K3F, p7w]", "[", "]", "[[", "]]", "[nicht so]", "![", "](", "(", ")",
         "„", "“", '"', "«", "»", "\n", "\r\n", ",", ";", "–", "- ", "1. ", "3. Mai", "Dr.",
         "z. B.", "3,5", "https://x.de/a", "<b>", "<", "**", "*", "_", "`", "\u200b", "\u00a0",
         "x" * 70]
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=1000)
@given(PIECES, st.data())
def test_in_whatever_pieces_a_reply_comes_its_sentences_are_the_same(pieces, data):
    reply = "".join(pieces)
    whole = read(reply)
    assert read(*pieces) == whole
    assert read(*reply) == whole
    assert read("", *pieces, "") == whole
    cuts = sorted(data.draw(st.lists(st.integers(0, len(reply)), max_size=6)))
    bounds = pairwise([0, *cuts, len(reply)])
    assert read(*(reply[start:end] for start, end in bounds)) == whole


@given(st.text(max_size=80))
def test_any_text_is_read_the_same_in_any_pieces(reply):
    assert read(*reply) == read(reply)


@given(PIECES)
def test_no_word_is_lost_that_is_not_formatting(pieces):
    plain = [p for p in pieces if not re.search(r"[\[\]<(*_`13x\u200b]", p)]
    found = [word.form for text in texts("".join(plain)) for word in words(text)]
    assert found == [word.form for word in words("".join(plain))]


@settings(max_examples=500)
@given(
    st.lists(
        st.sampled_from(
            ["Er kam", "z. B.", " ", " ", ".", "!", "\n", "[k3f]", "[k3f, p7w]", "[[K3F]]",
             "([p7w])", "[`k3f`]", "**", "“", "„", "(", ")", "[hier](https://k3f.de/p7w)",
             "<b k3f>", "[ p7w ]"]
        ),
        max_size=20,
    ).map("".join)
)  # fmt: skip
@example("Er kam [hier](https://k3f.de/p7w).")
@example("Er kam [[k3f], [p7w]].")
@example("Er kam ([k3f]).")
def test_a_mark_is_never_pending_neither_half_nor_whole(reply):
    reader = Reader()
    for character in reply:
        list(reader.take(character))
        assert not re.search(r"[\[\]]|k3|3f|p7|7w", reader.pending, re.IGNORECASE)


def test_what_is_pending_grows_into_the_sentence():
    reader, seen = Reader(), []
    for piece in ["- **Er", " kam** [k", "3f] n", "ach ", "Aue", " [p7w", "]", "."]:
        given_now = list(reader.take(piece))
        seen.append(reader.pending)
    assert seen == ["Er", "Er kam", "Er kam n", "Er kam nach", *["Er kam nach Aue"] * 3, ""]
    assert given_now == [Draft("Er kam nach Aue.", ("k3f", "p7w"))]


@pytest.mark.parametrize(
    "begun", ["(", " (", " ([k3f", " ([k3f]", " **", " _", " <b", " ![x](", "["]
)
def test_what_only_begins_is_not_pending(begun):
    reader = Reader()
    list(reader.take(f"Er kam{begun}"))
    assert reader.pending == "Er kam"


def test_after_the_end_nothing_is_left():
    reader = Reader()
    list(reader.take("Er kam"))
    assert [*reader.end()] == [Draft("Er kam", ())]
    assert [*reader.end()] == []
    assert reader.pending == ""


def test_what_is_pending_of_a_link_is_its_text():
    reader, seen = Reader(), set()
    for character in "Er [kam](https://evil.example/x) nach <b class=x>Aue</b>":
        list(reader.take(character))
        seen.add(reader.pending)
    assert not any(re.search(r"[\[\]()<>]|class|/", text) for text in seen)
    assert "Er kam nach Aue" in seen


# --- a model that does not end ---------------------------------------------------------------


@pytest.mark.parametrize(
    "endless",
    ["a", "Wort" + " " * 50_000, "wort ", "Satz kam. ", " ", "[", "[a", "[a]", "[a] ", "[a](",
     "](", "![a", "<", "<a", "(", "((a)", "*", "`", "**a", "http://", "www.", "a-", ".",
     ". [a] ", "A kam [k3f]; ", "\\", "|", "\u200b", "1. ", "> ", "[a]([a", "a[x] B. ", "\u200c"],
)  # fmt: skip
def test_what_never_ends_is_read_in_no_time(endless):
    reply = (endless * (100_000 // len(endless) + 1))[:100_000]
    started = time.perf_counter()
    read(reply)
    reader = Reader()
    for start in range(0, 10_000, 4):
        list(reader.take(reply[start : start + 4]))
    assert len(reader.pending) <= 1000
    assert time.perf_counter() - started < 3  # it takes a tenth of it; the machine may be busy


def test_looking_at_a_long_sentence_while_it_comes_takes_no_time():
    reader = Reader()
    list(reader.take("Wort " * 20_000))
    started = time.perf_counter()
    for _ in range(1000):
        list(reader.take("Wort "))
        assert reader.pending.startswith("Wort Wort")
    assert time.perf_counter() - started < 2  # it takes a fifth of it
