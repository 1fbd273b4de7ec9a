import itertools
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index import language
from index.language import detect, fold, forms, normalise, sentences, stem, subwords, words

ODD = "Ｏdd: u\u0308ber\u00adall\u00a0gab’s 😀👩\u200d🚒. Zeile\r\nzwei\u2028drei! \ufeff Ende…"
PIECES = [
    *("Der 1. FC Köln siegt. ", "„Ja. ", "Nein“, ", "«Gut!» ", "z. B. ", "am 3. ", "20. ", "Dr. "),
    *(
        "\r\n",
        "\n\n",
        "\u00a0",
        "\u00ad",
        "u\u0308",
        "😀",
        ".",
        "…",
        "  ",
        "Mai ",
        "\x00",
        "\u2028",
    ),
]
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Der 1. FC Köln gewann gegen die 2. Mannschaft.",
        "Das Tor fiel am 3. Spieltag in der 90. Minute.",
        "Bis zum Ende des 18. Jahrhunderts blieb es so; im 19. Jahrhundert nicht.",
        "Kirchen aus dem 12. Jahrhundert und 13. Jahrhundert stehen dort.",
        "Am 14. Dezember beginnt die Messe.",
        "Sie gewann zum 2. Mal das Turnier.",
        "Im 21. Jahrhundert ist vieles anders.",
        "Der 3. Oktober ist ein Feiertag.",
        "Prof. Dr. Müller sprach z. B. über Strom, bzw. über Gas, d. h. über Geld.",
        "Der Umbau kostet ca. 3 Mio. Euro, d.h. mehr als geplant.",
        "Die Nr. 5 spielt in der St. Galler Straße.",
        "Papst Johannes Paul II. starb 2005.",
        "Er nannte das Urteil vom 4.11.2025 „ungerecht“.",
        "«Das ist gut. Wir machen weiter», sagte er.",
        "„Das ist gut. Wir machen weiter“, sagte er.",
        "»Das ist gut. Wir machen weiter«, sagte er.",
        "President Donald J. Trump met Mr. Smith in the U.S. on Monday.",
        "Wirklich?!",
    ],
)
def test_what_is_one_sentence_stays_whole(sentence):
    assert split(f"Vorher war Ruhe. {sentence} Danach war Ruhe.") == [
        "Vorher war Ruhe.",
        sentence,
        "Danach war Ruhe.",
    ]


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Er wurde 20. Danach sprach er.", "Danach sprach er."),
        ("Er kam am 20. Danach ging er.", "Danach ging er."),
        ("„Das ist gut.“ Dann ging er.", "Dann ging er."),
        ("«Nein!» Er ging.", "Er ging."),
        ("Es ist aus.\r\nEr ging.", "Er ging."),
        ("Es ist aus.\u00a0Er ging.", "Er ging."),
        ("Es war u\u0308bel. U\u0308berall lag Laub.", "U\u0308berall lag Laub."),
    ],
)
def test_what_is_two_sentences_is_split(text, second):
    assert split(text) == [text.removesuffix(second).strip(), second]


@pytest.mark.parametrize("text", ["", " ", "\r\n\u00a0\u2028"])
def test_nothing_has_no_sentences_and_no_words(text):
    assert sentences(text) == words(text) == forms(text) == []


@given(TEXT)
@example(ODD)
def test_sentences_are_in_order_and_cover_all_that_is_visible(text):
    spans = sentences(text)
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    assert all(at in covered for at, character in enumerate(text) if not character.isspace())


@given(TEXT)
@example(ODD)
def test_words_point_into_the_text_and_forms_are_the_same_words(text):
    found = words(text)
    assert [word.form for word in found] == forms(text)
    assert all(normalise(text[word.start : word.end]) == word.form for word in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    inside = {at for word in found for at in range(word.start, word.end)}
    assert all(at in inside for at, character in enumerate(text) if character.isalnum())


@given(TEXT)
def test_composed_and_decomposed_text_have_the_same_words(text):
    assert forms(unicodedata.normalize("NFD", text)) == forms(unicodedata.normalize("NFC", text))


def test_numbers_and_compounds_with_hyphens():
    text = "Rund 12.500 Leute, 3,4 Prozent, 1:0 in der Müller-Straße."
    assert [text[word.start : word.end] for word in words(text)] == (
        "Rund 12.500 Leute 3,4 Prozent 1 0 in der Müller Straße".split()
    )


@pytest.mark.parametrize(
    "written", ["Überall", "U\u0308berall", "über\u00adall", "ÜBER\u200bALL", "\u200eü\u0308berall"]
)
def test_a_word_has_one_form_however_it_is_encoded(written):
    expected = "ü\u0308berall" if written.startswith("\u200e") else "überall"
    assert forms(written) == [unicodedata.normalize("NFC", expected)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("häuser", "haus"), ("verhandelte", "verhandelten"), ("städte", "stadt"), ("größe", "große")],
)
def test_inflections_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("form", "plain"),
    [("größe", "groesse"), ("støre", "store"), ("łódź", "lodz"), ("café", "cafe"), ("éü", "eue")],
)
def test_folding_leaves_plain_letters(form, plain):
    assert fold(form) == plain


@given(st.text(min_size=1).map(normalise))
def test_every_word_has_subwords_and_those_of_a_part_are_among_those_of_the_whole(form):
    assert subwords(form)
    assert all(subwords(form))


def test_subwords_find_typos_and_parts_of_compounds():
    def share(one, other):
        return len({*subwords(one)} & {*subwords(other)})

    assert share("selenskyj", "selenskij") > share("selenskyj", "seestern")
    assert share("brücke", "kranbrücke") >= 3
    assert share("bruecke", "brücke") == len({*subwords("brücke")})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Der Rat hat die Brücke gesperrt.", "de"),
        ("The council has closed the bridge.", "en"),
        ("", "de"),
        ("😀 42", "de"),
        ("Der Sprecher sagte: „We are open“, und das ist gut so.", "de"),
    ],
)
def test_german_and_english_are_told_apart(text, expected):
    assert detect(text) == expected


def test_function_words_are_normalised():
    for listed in language.FUNCTION_WORDS.values():
        assert {normalise(word) for word in listed} == listed
        assert len(listed) > 50
