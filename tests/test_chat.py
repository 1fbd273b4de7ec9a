from __future__ import annotations

import contextlib
import datetime
import socket
import threading
import time

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

import rag
from index.errors import NotFound, StoreMissing
from rag.answer import Answer, Citation, Hit, Sentence, Sources, Token
from rag.threads import in_thread
from tests.browser import FLAGS, require_chromium
from tests.contract import FLOOD, scripted
from tests.scripted_model import BEHAVIOURS
from ui.app import mount_chat
from ui.chat import LONGEST_QUESTION, build_chat
from ui.texts import ENGLISH, GERMAN

PARAGRAPH = "Es war kalt. Witkoff verhandelte in Miami. Danach war es warm."
QUOTE = "Witkoff verhandelte in Miami."
EVIL = (
    '<img src="http://evil.example/i.png" onerror="document.title=1">[x](http://evil.example/l)'
    "<style>body{background:url(http://evil.example/s.png)}</style>${document.title=2}{{value}}"
    "![y](http://evil.example/m.png)"
)
EXAMPLE = "Wer verhandelte in <b>Miami</b>?"


class Scripted:
    """An assistant that plays a part, chosen by the question's first word."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list]] = []
        self.days: list[datetime.date | None] = []
        self.go_on = threading.Event()
        self.closed = threading.Event()

    def examples(self):
        return [EXAMPLE]

    def paragraph(self, article_id, number):
        if article_id == "gone":
            raise NotFound("no article gone")
        return EVIL + QUOTE if article_id == EVIL else PARAGRAPH

    def astream(self, question, **request):
        return in_thread(self.stream(question, **request))

    def stream(self, question, *, history=(), as_of=None):
        self.asked.append((question, list(history)))
        self.days.append(as_of)
        part = question.split()[0].lower().strip("?")
        yield from getattr(self, f"_{part}", self._wer)(question)

    def _wer(self, question):
        yield Sources((hit(PARAGRAPH),))
        for piece in ("«Witkoff verhandelte ", "in Miami.» ", "[1]"):
            yield Token(piece)
        yield reply(question, cite("a1", PARAGRAPH))

    def _langsam(self, question):
        yield Sources((hit(PARAGRAPH), hit(PARAGRAPH)))
        yield Token("«Witkoff verhandelte <b>")
        try:
            for _ in range(500):
                if self.go_on.wait(0.02):
                    break
                yield Token("")
        except GeneratorExit:
            self.closed.set()
            raise
        yield reply(question, cite("a1", PARAGRAPH))

    def _mond(self, question):
        yield Sources(tuple(hit(f"Stelle {n}") for n in range(5)))
        yield Token("Dazu steht nichts im Archiv.")
        yield Answer(question, "not_in_corpus", "Dazu steht nichts im Archiv.")

    def _weg(self, question):
        yield reply(question, cite("gone", PARAGRAPH))

    def _kaputt(self, question):
        yield Sources(())
        raise StoreMissing("no store at <b>.beleg</b>: run `beleg index PATH`")

    def _absturz(self, question):
        yield Sources(())
        raise RuntimeError("secret")

    def _böse(self, question):
        yield Sources((hit(EVIL),))
        yield Token(EVIL)
        citation = cite(EVIL, EVIL + QUOTE, title=EVIL, source=EVIL, url="javascript:alert(1)")
        yield reply(question, citation, EVIL)


def hit(text):
    return Hit("a1", 3, 0, len(text), text, 0.5, "Überschrift", source="taz")


def cite(article_id, paragraph, title="Überschrift", **more):
    start = paragraph.index(QUOTE)
    more = {"date": datetime.date(2025, 12, 21), "url": "https://example.org/a", **more}
    return Citation(1, article_id, 3, QUOTE, start, start + len(QUOTE), title, **more)


def reply(question, citation, note="Hinweis"):
    text = f"«{QUOTE}»"
    sentences = (Sentence(text, (1,)), Sentence("Geraten.", (1,), "unverified"))
    return Answer(question, "answered", f"{text} [1]", sentences, (citation,), 0.9, (note,))


@pytest.fixture(scope="module")
def assistant():
    return Scripted()


@pytest.fixture(scope="module")
def url(assistant):
    app = FastAPI()
    app.get("/healthz")(lambda: {"sound": True})
    with serving(mount_chat(app, assistant)) as address:
        yield address


@contextlib.contextmanager
def serving(app):
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        yield address
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def sample_url(sample_store):
    """A chat over the sample articles."""
    with rag.open(sample_store) as opened, serving(mount_chat(FastAPI(), opened)) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    path = require_chromium()
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    with playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser, url):
    """Open the chat as a visitor; whoever they are, their page may talk to this host alone."""
    with contextlib.ExitStack() as leaving:

        def visit(locale="de-DE", at=url, clock=None, **more):
            context = leaving.enter_context(
                contextlib.closing(browser.new_context(locale=locale, **more))
            )
            page = context.new_page()
            page.set_default_timeout(8_000)
            if clock:
                page.clock.install(time=clock)
            asked, broken = [], []
            page.on("request", lambda request: asked.append(request.url))
            page.on("pageerror", lambda error: broken.append(error))
            leaving.callback(lambda: _assert_at_home(asked, broken, at))
            page.goto(at)
            page.wait_for_selector("#examples button")
            return page

        yield visit


def _assert_at_home(asked, broken, url):
    assert [each for each in asked if not each.startswith((url, "data:"))] == []
    assert broken == []


def ask(page, question):
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


def last(page, selector):
    return page.locator(f".turn:last-child {selector}")


@pytest.mark.slow
def test_an_answer_streams_in_and_shows_its_proof(visit, assistant):
    page = visit()
    assistant.go_on.clear()
    page.keyboard.type("Langsam bitte")  # the box has the focus
    page.keyboard.press("Enter")
    page.wait_for_selector("text=«Witkoff verhandelte <b>")
    assert page.is_visible(f"text={GERMAN.reading.format(count=2)}")
    assert page.is_visible("#stop")
    assert not page.is_visible("#ask")
    assert page.input_value("#question textarea") == ""
    page.keyboard.type("Wer")  # one may write on while the answer comes
    assistant.go_on.set()

    mark = page.locator("a.mark").first
    mark.wait_for()
    assert mark.text_content() == "[1]"
    assert mark.get_attribute("aria-label") == "Beleg 1"
    assert page.text_content(".source mark") == QUOTE
    assert page.text_content(".source blockquote") == PARAGRAPH
    assert page.get_attribute(".source a", "href") == "https://example.org/a"
    assert page.text_content(".source time") == "21. Dezember 2025"
    assert page.text_content(".source code") == "a1#3"
    assert page.text_content(".note") == "Hinweis"
    assert page.text_content(".flag") == GERMAN.unverified
    assert page.is_visible("#ask")
    assert not page.is_visible("#stop")
    assert page.input_value("#question textarea") == "Wer"

    mark.click()
    page.wait_for_selector(".source.flash mark.flash")


@pytest.mark.slow
def test_the_tab_remembers_and_old_marks_keep_their_sources(visit, assistant):
    page = visit()
    ask(page, "Wer war es?")
    last(page, "mark").wait_for()
    ask(page, "Wer noch?")
    page.wait_for_selector(".turn:nth-child(2) mark")
    assert assistant.asked[-1] == (
        "Wer noch?",
        [
            {"role": "user", "content": "Wer war es?"},
            {"role": "assistant", "content": f"«{QUOTE}» [1]"},
        ],
    )
    page.locator("a.mark").first.click()
    page.wait_for_selector(".turn:first-child .source.flash")
    assert page.locator(".turn:last-child .flash").count() == 0

    page.reload()
    page.wait_for_selector("#examples button")
    assert page.locator(".turn").count() == 0


@pytest.mark.slow
def test_an_example_asks_itself_and_is_not_markup(visit, assistant):
    page = visit()
    assert page.text_content("#examples button") == EXAMPLE
    page.click("#examples button")
    last(page, "mark").wait_for()
    assert assistant.asked[-1][0] == EXAMPLE
    assert page.text_content(".turn h2") == EXAMPLE
    assert not page.is_visible("#examples")
    assert page.input_value("#question textarea") == ""


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "texts"), [("de-AT", GERMAN), ("en-GB", ENGLISH)])
def test_it_speaks_the_browsers_language(visit, locale, texts):
    page = visit(locale=locale)
    assert page.title() == "Beleg"
    assert page.get_attribute("html", "lang") == texts.language
    assert page.text_content("#tagline").strip() == texts.tagline
    assert page.text_content("#examples h2") == texts.examples
    assert page.get_attribute("textarea", "placeholder") == texts.placeholder
    assert page.text_content("#as-of-hint").strip() == texts.as_of_hint
    page.get_by_label(texts.question).fill("Wer?")
    page.get_by_role("button", name=texts.ask, exact=True).click()
    last(page, "mark").wait_for()
    assert page.text_content(".sources h3") == texts.sources
    assert page.get_by_role("button", name=texts.ask, exact=True).is_visible()


@pytest.mark.slow
def test_hostile_text_stays_text(visit):
    page = visit()
    ask(page, f"Böse {EVIL}")
    last(page, ".source").wait_for()
    assert page.text_content(".turn h2") == f"Böse {EVIL}"
    for place in (".source h4", ".note", ".source code", ".source .meta", ".source blockquote"):
        assert EVIL in page.text_content(place)
    assert page.text_content(".source mark") == QUOTE
    assert page.locator(".turn :is(img, style, script, a[target])").count() == 0
    assert page.title() == "Beleg"


@pytest.mark.slow
def test_the_policy_stops_what_would_slip_through(browser, url):
    page = browser.new_page()
    page.goto(url)
    blocked = page.evaluate(
        """() => new Promise((done) => {
            addEventListener("securitypolicyviolation", (event) => done(event.blockedURI));
            setTimeout(() => done("nothing"), 3000);
            document.body.append(Object.assign(new Image(), {src: "http://evil.example/i.png"}));
        })"""
    )
    page.close()
    assert blocked == "http://evil.example/i.png"


@pytest.mark.slow
def test_what_the_archive_does_not_say_is_said_calmly(visit):
    page = visit()
    ask(page, "Mond?")
    last(page, ".nearest").wait_for()
    assert last(page, ".calm").text_content() == "Dazu steht nichts im Archiv."
    assert page.locator(".nearest .source").first.is_hidden()
    page.click("summary")
    assert page.locator(".nearest .source").first.is_visible()
    assert page.locator("mark").count() == 0


@pytest.mark.slow
def test_errors_are_one_readable_message(visit, caplog):
    page = visit()
    ask(page, "Kaputt?")
    problem = page.locator(".problem")
    problem.wait_for()
    message = "no store at <b>.beleg</b>: run `beleg index PATH`"
    assert problem.text_content() == GERMAN.failed.format(reason=message)
    ask(page, "Absturz?")
    page.wait_for_selector(f"text={GERMAN.unexpected}")
    assert "secret" not in page.content()
    assert "secret" in caplog.text
    ask(page, "Weg?")  # the article is no longer there: the quotation still is
    last(page, "mark").wait_for()
    assert last(page, "blockquote").text_content() == QUOTE


@pytest.mark.slow
def test_too_long_and_empty_questions_never_reach_the_assistant(visit, assistant):
    page = visit()
    before = len(assistant.asked)
    ask(page, "   ")
    page.wait_for_timeout(500)  # that nothing happens has no end to wait for
    page.click("#ask")
    page.wait_for_timeout(500)
    assert page.locator(".turn").count() == 0
    long = "x" * (LONGEST_QUESTION + 1)
    ask(page, long)
    page.wait_for_selector(".problem")
    expected = GERMAN.too_long.format(length=len(long), limit=LONGEST_QUESTION)
    assert page.text_content(".problem") == expected
    assert page.input_value("#question textarea") == long
    assert page.locator(".turn").count() == 1
    assert len(assistant.asked) == before


@pytest.mark.slow
def test_the_day_is_the_browsers_and_follows_midnight_until_another_is_chosen(visit):
    before_midnight = datetime.datetime(2025, 12, 31, 22, 58, tzinfo=datetime.UTC)
    page = visit(clock=before_midnight, timezone_id="Europe/Berlin")
    day = page.get_by_label(GERMAN.as_of)
    assert day.input_value() == "2025-12-31"
    page.clock.run_for(180_000)
    assert day.input_value() == "2026-01-01"
    for chosen in ("2025-12-08", ""):
        day.fill(chosen)
        page.clock.run_for(180_000)
        assert day.input_value() == chosen


@pytest.mark.slow
def test_the_assistant_is_told_the_day_that_is_shown(visit, assistant):
    page = visit()
    day = page.get_by_label(GERMAN.as_of)
    for turn, chosen in enumerate((day.input_value(), "2025-12-08", ""), 1):
        if turn > 1:
            day.fill(chosen)
        ask(page, "Wer?")
        page.wait_for_selector(f".turn:nth-child({turn}) .mark")
        assert assistant.days[-1] == (datetime.date.fromisoformat(chosen) if chosen else None)


@pytest.mark.slow
@pytest.mark.parametrize(("locale", "texts"), [("de-DE", GERMAN), ("en-GB", ENGLISH)])
def test_an_impossible_day_is_named_and_the_question_stays(visit, assistant, locale, texts):
    page = visit(locale=locale)
    before = len(assistant.asked)
    day = page.get_by_label(texts.as_of)
    day.press("Backspace")  # empties the first part of the date: what is left is no date
    ask(page, "Wer war es gestern?")
    page.wait_for_selector(".problem")
    assert page.text_content(".problem") == texts.unreadable_day
    day.evaluate("field => field.type = 'text'")  # what a browser without date field makes of it
    day.fill("31.2.<b>2025")
    page.click("#ask")
    page.wait_for_selector(".turn:nth-child(2)")
    assert last(page, ".problem").text_content() == texts.no_such_day.format(day="31.2.<b>2025")
    assert page.input_value("#question textarea") == "Wer war es gestern?"
    assert len(assistant.asked) == before
    day.fill("2025-12-08")
    page.click("#ask")
    last(page, "mark").wait_for()
    assert assistant.asked[-1] == ("Wer war es gestern?", [])


@pytest.mark.slow
def test_the_day_decides_which_week_is_the_last_one(visit, sample_url):
    page = visit(at=sample_url)
    question = "Was geschah letzte Woche auf der Kranbrücke?"
    answers = []
    for day in ("2025-11-10", "2025-12-01"):
        page.fill("#as-of input", day)
        ask(page, question)
        page.wait_for_selector(f".turn:nth-child({len(answers) + 1}) .mark")
        answers.append(last(page, ".text").text_content())
    assert "3. November" in answers[0]
    assert answers[0] != answers[1]
    assert "24. 11. 2025 bis 1. 12. 2025" in last(page, ".note").last.text_content()
    ask(page, "Wann war die Sturmflut?")
    last(page, ".when").wait_for()
    assert last(page, ".when").text_content() == "gemeint: 28. 11. 2025 bis 29. 11. 2025"


@pytest.mark.slow
def test_stop_ends_the_answer_and_the_work_behind_it(visit, assistant):
    page = visit()
    assistant.go_on.clear()
    assistant.closed.clear()
    ask(page, "Langsam bitte")
    page.wait_for_selector("text=«Witkoff verhandelte <b>")
    page.click("#stop")
    page.wait_for_selector(f"text={GERMAN.stopped}")
    assert assistant.closed.wait(5)
    assert page.is_visible("text=«Witkoff verhandelte <b>")
    assert page.is_visible("#ask")
    ask(page, "Wer?")
    last(page, "mark").wait_for()
    assert page.locator(".turn").count() == 2


@pytest.mark.slow
def test_a_sentence_is_shown_as_pending_until_it_is_proven(visit, sample_store):
    with (
        scripted(BEHAVIOURS["dawdles"], sample_store) as (assistant, _),
        serving(mount_chat(FastAPI(), assistant)) as address,
    ):
        page = visit(at=address)
        ask(page, FLOOD)
        pending = last(page, ".pending")
        pending.wait_for()
        proven = page.locator(".turn .text").evaluate("each => getComputedStyle(each).color")
        assert pending.evaluate("each => getComputedStyle(each).color") != proven
        assert pending.get_attribute("title") == GERMAN.pending
        assert "[" not in pending.text_content()
        page.wait_for_selector("text=Fischmarkt unter Wasser gesetzt. [1]")
        assert page.is_visible("#stop")  # the first sentence is proven while the second comes
        last(page, ".verified").first.wait_for()
        assert last(page, ".pending").count() == 0
        assert last(page, ".verified").count() == last(page, ".mark").count() == 2
        assert last(page, ".source mark").count() == 2


@pytest.mark.slow
def test_stop_ends_the_models_call(visit, sample_store):
    with (
        scripted(BEHAVIOURS["stalls"], sample_store, timeout=60) as (assistant, model),
        serving(mount_chat(FastAPI(), assistant)) as address,
    ):
        page = visit(at=address)
        ask(page, FLOOD)
        page.wait_for_selector("#stop")
        wait_until(lambda: model.requests)
        assert model.gone == []
        page.click("#stop")
        page.wait_for_selector(f"text={GERMAN.stopped}")
        wait_until(lambda: model.gone and not model.open)


def wait_until(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.slow
def test_nobody_waits_for_somebody_elses_answer(visit, assistant):
    slow, quick = visit(), visit()
    assistant.go_on.clear()
    ask(slow, "Langsam bitte")
    slow.wait_for_selector("text=«Witkoff verhandelte <b>")
    ask(quick, "Wer?")
    last(quick, "mark").wait_for()
    assert slow.is_visible("#stop")
    assistant.go_on.set()
    last(slow, "mark").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_narrow_window_the_sources_stand_below(visit, scheme):
    page = visit(viewport={"width": 420, "height": 850}, color_scheme=scheme)
    assert (
        page.locator("#as-of input").bounding_box()["y"] > page.locator("#ask").bounding_box()["y"]
    )
    ask(page, "Wer?")
    last(page, "mark").wait_for()
    answer, sources = (last(page, each).bounding_box() for each in (".answer", ".sources"))
    assert sources["y"] >= answer["y"] + answer["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    page.set_viewport_size({"width": 1280, "height": 850})
    answer, sources = (last(page, each).bounding_box() for each in (".answer", ".sources"))
    assert sources["x"] >= answer["x"] + answer["width"]


def test_the_api_keeps_its_routes_and_the_chat_its_manners(url):
    assert httpx.get(f"{url}/healthz").json() == {"sound": True}
    assert "Swagger" in httpx.get(f"{url}/docs").text
    chat = httpx.get(url)
    assert "default-src 'self'" in chat.headers["content-security-policy"]
    upload = httpx.post(f"{url}/gradio_api/upload", files={"files": ("a.txt", b"two")})
    assert upload.status_code == 413
    assert httpx.get(f"{url}/monitoring/summary").status_code == 403
    assert httpx.get(f"{url}/gradio_api/info").json()["named_endpoints"] == {}


def test_the_page_reports_to_nobody():
    assert not build_chat(Scripted()).analytics_enabled
