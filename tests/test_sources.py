from __future__ import annotations

import datetime
import re
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answer import Answer, Citation, Hit, Sentence, Twin
from ui import turn
from ui.sources import NEAREST, highlight, nearest_panel, source_panel
from ui.texts import ENGLISH, GERMAN, texts_for

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</mark></li><style>*{background:url(http://evil.example/)}</style>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "&lt;script&gt;",
    "${alert(1)} {{value}} `",
]
# Anything a reader may hand us, with markup far more often than chance would bring it.
TEXT = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=4).map("".join)
ALLOWED = {
    *("article", "section", "aside", "header", "footer", "h2", "h3", "h4", "p", "span", "a"),
    *("ol", "li", "blockquote", "mark", "code", "time", "details", "summary"),
}
ATTRIBUTES = {
    *("class", "id", "data-number", "data-state", "href", "target", "rel", "referrerpolicy"),
    *("title", "lang", "datetime", "aria-label", "role"),
}


def cite(text: str, start: int, end: int, number: int = 1, **more) -> Citation:
    fields = {"article_id": "a", "paragraph": 1, "title": "Titel", **more}
    return Citation(number, quote=text[start:end], start=start, end=end, **fields)


class Page(HTMLParser):
    """What a browser makes of the HTML: its elements, their attributes, and the marked text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.marks: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)
        if tag == "mark":
            self.marks.append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "mark" in self.open:
            self.marks[-1] += data


def assert_harmless(html: str) -> Page:
    page = Page(html)
    assert page.open == []
    assert set(page.tags) <= ALLOWED
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    return page


@st.composite
def cited_paragraphs(draw):
    text = draw(TEXT)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [cite(text, start, end, n) for n, (start, end) in enumerate(spans, 1)]


@given(cited_paragraphs())
def test_exactly_the_quotes_are_marked_and_nothing_of_the_paragraph_is_lost(cited):
    text, citations = cited
    html = highlight(text, citations, turn=1)
    assert re.sub(r"</?mark[^>]*>", "", html) == escape(text)
    marks = re.findall(r'<mark [^>]*data-number="(\d+)">(.*?)</mark>', html, re.DOTALL)
    assert sorted(marks) == sorted((str(c.number), escape(c.quote)) for c in citations)


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_no_field_of_a_source_becomes_markup(text, title, outlet, article_id, url):
    citation = cite(
        *(text, 0, len(text)),
        title=title,
        source=outlet,
        article_id=article_id,
        url=url,
        also_in=(Twin("b", 1, outlet),),
        when="2025-11-03/..",
    )
    assert_harmless(source_panel([citation], lambda *_: text, 1, GERMAN))
    hit = Hit(article_id, 1, 0, 1, text, 0.5, title, source=outlet, url=url)
    assert_harmless(nearest_panel([hit], GERMAN))


@given(TEXT, TEXT, TEXT, st.sampled_from(["quoted", "verified", "unverified"]))
def test_no_part_of_a_turn_becomes_markup(question, text, note, support):
    answer = Answer(
        *(question, "answered", text),
        sentences=(Sentence(text, (1,), support),),
        citations=(cite("Text", 0, 4),),
        notes=(note,),
        language=text,
    )
    finished = turn.answered(answer, (), lambda *_: "Text", 1, ENGLISH)
    running = turn.streaming(question, text, (), ENGLISH)
    for each in (finished, running, turn.stopped(running, ENGLISH)):
        assert_harmless(each["html"])
    assert_harmless(turn.failed(question, note, ENGLISH)["html"])


def test_a_source_says_where_it_stands():
    text = "Vorher. Das Zitat. Nachher."
    citation = cite(
        *(text, 8, 18, 3),
        title="Überschrift",
        source="taz",
        date=datetime.date(2025, 3, 9),
        url="https://example.org/?a=1&b=2",
        also_in=(Twin("x", 2, "Die Zeit"), Twin("y", 1, "Die Zeit"), Twin("z", 1)),
    )
    html = source_panel([citation], lambda *_: text, 7, GERMAN)
    assert 'Vorher. <mark id="beleg-7-3" data-number="3">Das Zitat.</mark> Nachher.' in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert '<time datetime="2025-03-09">9. März 2025</time>' in html
    for words in ("Überschrift", "taz · ", ">a#1<", "auch in Die Zeit, z<"):
        assert words in html
    assert "9 March 2025" in source_panel([citation], lambda *_: text, 7, ENGLISH)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "data:text/html,x", "//evil.example/", "https:evil.example",
        "", None, "https://taz.example@evil.example/", "https://evil.example/a\nb",
        "\x01https://evil.example",
    ],
)  # fmt: skip
def test_only_web_addresses_become_links(url):
    assert "<a" not in source_panel([cite("T", 0, 1, url=url)], lambda *_: "T", 1, GERMAN)
    hit = Hit("a", 1, 0, 1, "T", 0.5, "Titel", url=url)
    assert "<a" not in nearest_panel([hit], GERMAN)


def test_where_a_link_leads_learns_nothing_of_its_reader():
    html = source_panel([cite("T", 0, 1, url="HTTPS://a.example/ä")], lambda *_: "T", 1, GERMAN)
    assert re.findall(r"<a [^>]*>", html) == [
        '<a href="HTTPS://a.example/ä" target="_blank" rel="noopener noreferrer nofollow"'
        ' referrerpolicy="no-referrer">'
    ]


def test_quotes_of_one_paragraph_share_a_card_unless_they_overlap():
    text = "Eins zwei drei."
    together = [cite(text, 0, 4, 1), cite(text, 5, 9, 2)]
    html = source_panel(together, lambda *_: text, 1, GERMAN)
    assert html.count("<li") == 1
    assert Page(html).marks == ["Eins", "zwei"]

    overlapping = [cite(text, 0, 9, 1), cite(text, 5, 14, 2)]
    html = source_panel(overlapping, lambda *_: text, 1, GERMAN)
    assert html.count("<li") == 2
    assert Page(html).marks == ["Eins zwei", "zwei drei"]

    elsewhere = [cite(text, 0, 4, 1), cite(text, 5, 9, 2, article_id="b")]
    assert source_panel(elsewhere, lambda *_: text, 1, GERMAN).count("<li") == 2


@pytest.mark.parametrize(
    ("when", "german", "english"),
    [
        ("2025-11-03", "gemeint: 3. 11. 2025", "meaning: 3 November 2025"),
        (
            "2025-11-28/2025-11-29",
            "gemeint: 28. 11. 2025 bis 29. 11. 2025",
            "meaning: 28 November 2025 to 29 November 2025",
        ),
        ("2025-11-03/..", "gemeint: ab 3. 11. 2025", "meaning: from 3 November 2025"),
        ("../2025-11-03", "gemeint: bis 3. 11. 2025", "meaning: until 3 November 2025"),
    ],
)
def test_a_source_says_which_days_its_words_mean(when, german, english):
    citations = [cite("Am Montag.", 0, 10, when=when)]
    for words, texts in ((german, GERMAN), (english, ENGLISH)):
        html = source_panel(citations, lambda *_: "Am Montag.", 1, texts)
        assert f'<p class="when">{words}</p>' in html


def test_of_several_quotes_those_that_name_a_day_say_which():
    text = "Am Montag. Immer. Am Dienstag."
    citations = [
        cite(text, 0, 10, 1, when="2025-11-03"),
        cite(text, 11, 17, 2),
        cite(text, 18, 30, 3, when="2025-11-04"),
    ]
    html = source_panel(citations, lambda *_: text, 1, GERMAN)
    said = re.findall(r'<p class="when">(.*?)</p>', html)
    assert said == ["[1] gemeint: 3. 11. 2025", "[3] gemeint: 4. 11. 2025"]


@pytest.mark.parametrize("now", [None, "Der Absatz wurde inzwischen geändert."])
def test_when_the_archive_changed_the_quote_stands_alone(now):
    html = source_panel([cite("Vorher. Zitat.", 8, 14)], lambda *_: now, 1, GERMAN)
    assert Page(html).marks == ["Zitat."]
    assert "geändert" not in html


def test_an_answer_shows_its_marks_its_doubts_and_its_notes():
    sentences = (Sentence("Sicher.", (1, 2)), Sentence("Fraglich.", (2,), "unverified"))
    citations = (cite("Eins zwei", 0, 4, 1), cite("Eins zwei", 5, 9, 2))
    answer = Answer("Frage?", "answered", "…", sentences, citations, notes=("Hinweis",))
    html = turn.answered(answer, (), lambda *_: "Eins zwei", 4, GERMAN)["html"]
    marks = re.findall(r'href="#([^"]+)" aria-label="([^"]+)">(\[\d\])', html)
    assert marks == [
        ("beleg-4-1", "Beleg 1", "[1]"),
        ("beleg-4-2", "Beleg 2", "[2]"),
        ("beleg-4-2", "Beleg 2", "[2]"),
    ]
    assert html.count(GERMAN.unverified) == 1
    assert '<p class="note">Hinweis</p>' in html


def test_what_does_not_answer_is_folded_away_and_short():
    hits = [Hit("a", n, 0, 1, f"Text {n}", 0.5, "Titel") for n in range(9)]
    html = nearest_panel(hits, ENGLISH)
    assert html.startswith(f'<details class="nearest"><summary>{ENGLISH.nearest}')
    assert html.count("<li") == NEAREST
    assert nearest_panel([], ENGLISH) == ""


def test_only_answered_turns_are_history():
    done = turn.Turn(question="F", answer="A", state="done", html="")
    assert turn.history([done, turn.failed("X", "kaputt", GERMAN)]) == [
        {"role": "user", "content": "F"},
        {"role": "assistant", "content": "A"},
    ]


@pytest.mark.parametrize(
    ("header", "texts"),
    [
        ("de", GERMAN),
        ("de-AT,de;q=0.9,en;q=0.8", GERMAN),
        ("DE-ch", GERMAN),
        ("en-GB,de;q=0.5", ENGLISH),
        ("fr,de;q=0.5", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_the_browsers_first_language_decides(header, texts):
    assert texts_for(header) is texts


def test_both_languages_say_everything_with_the_same_blanks():
    for name, german in GERMAN.strings().items():
        english = ENGLISH.strings()[name]
        assert german
        assert english
        assert set(re.findall(r"{\w+}", german)) == set(re.findall(r"{\w+}", english)), name
