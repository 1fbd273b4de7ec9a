import re
from html.parser import HTMLParser

import pytest
from playwright.sync_api import sync_playwright

from rag.evaluation.comparison import compare
from rag.evaluation.diagnosis import diagnose
from rag.evaluation.report import render
from rag.evaluation.run import Run
from rag.evaluation.table import build
from tests.browser import FLAGS, require_chromium
from tests.golden import abstained, answered, cited, failed, nothing_to_find, question

EVIL = (
    '<script>document.title="hacked"</script><img src="http://evil.example/i.png" onerror="x()">'
    "</details></script>\"'>{{ 7 * 7 }}${document.title=2}<style>*{display:none}</style>"
)
TEXT = f"Vorher. {EVIL} Nachher."
HERE = {"article_id": EVIL, "paragraph": 1, "quote": EVIL}
QUESTIONS = [
    question(f"{EVIL}1", question=f"Wer {EVIL}?", answers=[EVIL], evidence=[HERE], tags=[EVIL]),
    question("missed", question="Wo liegt Grothaven?", answers=["Aue"], tags=["where"],
             evidence=[{"article_id": "b"}]),
    nothing_to_find("unknown", question="Wann?", tags=["when"]),
    nothing_to_find("broken", question="Warum?"),
]  # fmt: skip
RECORDS = {
    f"{EVIL}1": answered(
        (f"«{EVIL}»", (1,)), id=f"{EVIL}1", citations=[cited(1, TEXT, EVIL, EVIL)]
    ),
    "missed": abstained("missed", confidence=0.3),
    "unknown": answered(("Am Montag.", ()), id="unknown", confidence=0.6),
    "broken": failed("broken", EVIL),
}
BASELINE = RECORDS | {
    "missed": answered(("Aue", ()), id="missed"),
    "unknown": abstained("unknown"),
}


@pytest.fixture(scope="module")
def page_text():
    table = build(QUESTIONS, RECORDS)
    run = Run(
        about={"golden": EVIL, "questions": 4, "generation": "1", "embedding": "e", "model": "m",
               "threshold": 0.5, "judge": EVIL},
        table=table, figures=table.figures(),
        slices={f"tag: {EVIL}": (2, table.rows([0, 1]).figures())},
        changes=compare(table, build(QUESTIONS, BASELINE)),
        diagnoses={q.id: diagnose(q, RECORDS[q.id]) for q in QUESTIONS},
        tokens={"answers": {"input": 10, "output": 2}},
        judge={"judgements": 3, "failures": {EVIL: 3}},
        timings_ms={"p50": 1.5, "p95": 3},
    )  # fmt: skip
    return render(run, QUESTIONS, RECORDS)


class Elements(HTMLParser):
    """Collects the names of all elements and of all their attributes."""

    def __init__(self, text):
        super().__init__()
        self.names, self.attributes = set(), set()
        self.feed(text)

    def handle_starttag(self, name, attributes):
        self.names.add(name)
        self.attributes |= {attribute for attribute, _ in attributes}


def test_the_page_needs_no_network(page_text):
    found = Elements(page_text)
    assert "svg" in found.names
    assert not {"link", "img", "iframe", "object", "base", "image", "use", "form"} & found.names
    assert not {"src", "srcset", "href", "xlink:href", "action", "style"} & found.attributes
    assert "default-src 'none'" in page_text
    [style] = re.findall(r"<style>(.*?)</style>", page_text, re.DOTALL)
    assert not re.search(r"@import|url\(", style)


def test_what_others_wrote_stays_text(page_text):
    assert EVIL not in page_text
    assert page_text.count("<script>") == page_text.count("</script>") == 1
    assert "<img" not in page_text


def test_a_page_without_answers_and_baseline_can_be_made():
    asked, records = [nothing_to_find("a")], {"a": abstained("a")}
    table = build(asked, records)
    about = dict.fromkeys(("golden", "questions", "generation", "embedding", "model"), "x")
    run = Run(
        about={**about, "threshold": 0.5}, table=table, figures=table.figures(), slices={},
        changes={}, diagnoses={"a": "right"}, tokens={}, judge={},
        timings_ms={"p50": 0, "p95": 0},
    )  # fmt: skip
    text = render(run, asked, records)
    assert "Against the baseline" not in text
    assert "nan" not in text.lower()


@pytest.fixture(scope="module")
def browser():
    path = require_chromium()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, page_text, tmp_path):
    (tmp_path / "report.html").write_text(page_text, encoding="utf-8")
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((tmp_path / "report.html").as_uri())
    yield page
    assert asked == [(tmp_path / "report.html").as_uri()]
    assert said == []
    page.close()


def shown(page):
    found = page.locator("details:visible")
    assert page.locator("#count").inner_text() == f"{found.count()} of 4"
    return [text.split("\n")[0] for text in found.locator("summary").all_inner_texts()]


@pytest.mark.slow
def test_the_filters_narrow_the_questions(page):
    assert len(shown(page)) == 4
    page.fill("#text", "GROTHAVEN")
    [only] = shown(page)
    assert only.startswith("Wo liegt Grothaven?")
    page.fill("#text", "")
    page.select_option("#diagnosis", "should have abstained")
    [only] = shown(page)
    assert only.startswith("Wann?")
    page.select_option("#diagnosis", "")
    page.select_option("#moved", "lost")
    assert len(shown(page)) == 2
    page.fill("#text", "nowhere to be found")
    assert shown(page) == []


@pytest.mark.slow
def test_a_reader_sees_the_words_as_they_were_written(page):
    assert page.title() == f"Beleg: {EVIL}"
    first = page.locator("details").first
    first.locator("summary").click()
    assert first.locator("mark").first.inner_text() == EVIL
    assert first.locator("blockquote").first.inner_text().endswith(f"Vorher. {EVIL} Nachher.")
    assert page.locator("img").count() == 0
    assert page.locator("#judge").inner_text().endswith(f"3 failed · 3 × {EVIL}")


@pytest.mark.slow
def test_plots_and_figures_are_visible(page):
    assert page.locator("svg:visible").count() >= 4
    rows = dict(row.split("\t", 1) for row in page.locator("#metrics tbody tr").all_inner_texts())
    assert rows["abstention_recall"].split("\t")[0] == "0.000"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
