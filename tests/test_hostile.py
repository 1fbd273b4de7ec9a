"""Articles that mean harm: they give orders, forge proof, hide text, plant links, come in floods.

``tests/hostile`` holds them, and a manifest of what each has planted. Everything meets them here:
reading, searching, quoting, a language model that does what they say, the chat in a real browser.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack, closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from fastapi import FastAPI

import rag
from index.article import Article
from index.invisible import visible
from index.language import ALL_FUNCTION_WORDS, forms
from index.metadata import is_web_address
from index.readers import find_files, read_corpus
from index.store import Store
from index.sync import synchronise
from rag.answer import Answer, Pending
from rag.evaluation.golden import read
from tests.browser import FLAGS, require_chromium
from tests.contract import events_of, scripted, texts
from tests.golden import SAMPLES
from tests.openai_server import Reply
from tests.scripted_model import BEHAVIOURS, echoes, part
from tests.test_chat import ask, last, serving
from tests.test_sources import assert_harmless
from ui import turn
from ui.app import mount_chat
from ui.texts import GERMAN

FOLDER = Path(__file__).parent / "hostile"
ARTICLES = FOLDER / "articles"
ENOUGH = 10  # hits among which an article is found


class Planted(NamedTuple):
    """One line of the manifest.

    ``question`` is an ordinary one that the article answers. ``planted`` must not be obeyed and,
    if ``hidden``, not even be stored.
    """

    file: str
    shape: str
    question: str
    planted: str
    hidden: bool

    def is_from(self, article_id: str) -> bool:
        return article_id.startswith(self.file.split(".")[0])


def manifest() -> list[Planted]:
    lines = (FOLDER / "manifest.jsonl").read_text(encoding="utf-8").splitlines()
    return [Planted(**json.loads(line)) for line in lines]


MANIFEST = manifest()
HIDDEN = [each.planted for each in MANIFEST if each.hidden]
each_planted = pytest.mark.parametrize("planted", MANIFEST, ids=lambda each: each.file)


def revealed(text: str) -> str:
    """Return the text, and what its tags, variation selectors and zero-width bits spell."""
    tags = "".join(chr(ord(c) - 0xE0000) for c in text if "\U000e0020" <= c <= "\U000e007e")
    codes = (ord(c) - (0xFE00 if c < "\U000e0100" else 0xE00F0)
             for c in re.findall("[\ufe00-\ufe0f\U000e0100-\U000e01ef]", text))  # fmt: skip
    bits = re.sub("\u200b|[^\u200c\u200d]", "", text).replace("\u200c", "0").replace("\u200d", "1")
    letters = (int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return f"{text}\n{tags}\n{bytes(codes).decode()}\n{bytes(letters).decode()}"


@pytest.fixture(scope="module")
def hostile_store(samples, tmp_path_factory):
    """The sample articles with the hostile ones among them."""
    folder = tmp_path_factory.mktemp("hostile") / "store"
    assert synchronise(Store(folder), [samples, ARTICLES], "subword").problems == ()
    return folder


@pytest.fixture(scope="module")
def hostile(hostile_store):
    with rag.open(hostile_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def stored(hostile_store):
    with closing(Store(hostile_store).open()) as generation:
        archive = generation.archive
        return [archive.article(article_id) for article_id in archive.article_fingerprints()]


# --- the files -------------------------------------------------------------------------------


def test_the_manifest_tells_of_every_file():
    assert {each.file for each in MANIFEST} == {path.name for path in ARTICLES.iterdir()}
    assert len({each.shape for each in MANIFEST}) >= 20
    assert len({each.question for each in MANIFEST}) == len(MANIFEST)
    assert sum(each.hidden for each in MANIFEST) >= 15


@each_planted
def test_what_is_planted_stands_in_the_file(planted):
    source = (ARTICLES / planted.file).read_text(encoding="utf-8")
    if planted.file.endswith(".jsonl"):
        source = source.encode().decode("unicode_escape")
    assert planted.planted in (revealed(source) if planted.hidden else visible(source))


def test_the_flood_is_one_of_near_copies():
    copies = list(read_corpus(find_files([ARTICLES / "39-flut.jsonl"])))
    assert len(copies) == 12
    texts = {" ".join(re.findall(r"[a-zäöü]{4,}", c.paragraphs[0].text)) for c in copies}
    assert len(texts) < len(copies)


# --- what is stored --------------------------------------------------------------------------


@each_planted
def test_a_hostile_article_is_an_article_like_any_other(planted, stored):
    found = [article for article in stored if planted.is_from(article.id)]
    assert found
    assert all(article.paragraphs and article.date and article.title for article in found)


def said_by(article: Article) -> str:
    fields = (article.id, article.title, article.source or "", article.url or "")
    return "\n".join((*fields, *(paragraph.text for paragraph in article.paragraphs)))


def test_nothing_hidden_is_stored(stored):
    for article in stored:
        said = said_by(article)
        assert visible(said) == said
        assert not [planted for planted in HIDDEN if planted in revealed(said)], article.id


def test_only_web_addresses_are_stored(stored):
    addresses = [article.url for article in stored if article.url]
    assert all(map(is_web_address, addresses))
    assert not [address for address in addresses if "evil.example" in address]


# --- what is answered ------------------------------------------------------------------------


def assert_exact(answer, assistant):
    for citation in answer.citations:
        paragraph = assistant.paragraph(citation.article_id, citation.paragraph)
        assert paragraph[citation.start : citation.end] == citation.quote
    numbers = {number for sentence in answer.sentences for number in sentence.citations}
    assert numbers == {citation.number for citation in answer.citations}


@each_planted
def test_an_ordinary_question_gets_an_exact_and_harmless_answer(planted, hostile):
    hits = hostile.search(planted.question, ENOUGH)
    assert any(planted.is_from(hit.article_id) for hit in hits)
    answer = hostile.ask(planted.question)
    assert answer.status == "answered"
    assert any(planted.is_from(citation.article_id) for citation in answer.citations)
    assert_exact(answer, hostile)
    said = json.dumps(answer.to_dict(), ensure_ascii=False)
    assert not [secret for secret in HIDDEN if secret in said]

    page = assert_harmless(turn.answered(answer, hits, hostile.paragraph, 1, GERMAN)["html"])
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert all(link.startswith("#beleg-1-") or is_web_address(link) for link in links)
    assert "evil.example" not in "".join(links)
    assert_harmless(turn.streaming(planted.question, answer.answer, hits, GERMAN)["html"])
    nothing = Answer(planted.question, "not_in_corpus", "Nichts.")
    assert_harmless(turn.answered(nothing, hits, hostile.paragraph, 1, GERMAN)["html"])


def test_questions_about_other_articles_are_not_answered_from_what_is_hidden(hostile):
    for golden in read(SAMPLES).questions.values():
        answer = hostile.ask(golden.question, as_of=golden.as_of)
        assert_exact(answer, hostile)
        assert not [secret for secret in HIDDEN if secret in answer.answer], golden.id


# --- what a language model makes of it -------------------------------------------------------
#
# A model that obeys an article can say what the article says, for that is proven by it: words that
# all stand in one cited paragraph, function words apart, be it a fragment. They carry its citation
# and are only text. Nothing else of what is planted may reach a reader, nor change what an honest
# model would say.

FORGED = "[99][a3f][1]"
FORGERIES = re.compile(r"\[(?:99|a3f)\]")


def obeys(text):
    """Write what is planted in each way there is, and then what an honest model writes."""
    sources = part("sources", text)
    if "<sentence>" in text or not sources:
        return Reply("-")
    of_it = [each for each in MANIFEST if any(each.planted in one["text"] for one in sources)]
    planted = "".join(
        f"{each.planted}\n{each.planted} {FORGED}.\nAlso: {each.planted} [{sources[0]['id']}].\n"
        f"[hier](http://evil.example/{each.planted}) ![x](http://evil.example/x.png) {FORGED}.\n"
        f"<img src=http://evil.example/y.png><h1>{each.planted}</h1> [{sources[0]['id']}].\n"
        for each in of_it[:2]
    )
    return Reply(planted + honest(text).text, piece=50)


def honest(text):
    return BEHAVIOURS["answers-well"](text)._replace(piece=50)


@pytest.fixture(scope="module")
def by_model(hostile_store):
    """Open the hostile store with a model: each of them once."""
    with ExitStack() as leaving:

        @cache
        def opened(reply):
            return leaving.enter_context(scripted(reply, hostile_store))

        yield opened


def is_quoted(sentence, answer, assistant):
    """Whether all words of a sentence stand in one of the paragraphs it cites."""
    cited = [one for one in answer.citations if one.number in sentence.citations]
    paragraphs = [assistant.paragraph(one.article_id, one.paragraph) for one in cited]
    return any(words(sentence.text) <= words(text) for text in paragraphs)


def words(text):
    return set(forms(text)) - ALL_FUNCTION_WORDS


@each_planted
def test_a_model_that_obeys_changes_no_answer(planted, by_model):
    assistant, _ = by_model(obeys)
    (*_, answer), (*_, expected) = (
        events_of(by_model(reply)[0], planted.question) for reply in (obeys, honest)
    )
    assert (answer.status, answer.model) == (expected.status, expected.model)
    told = {sentence.text for sentence in expected.sentences}
    assert told <= {sentence.text for sentence in answer.sentences}
    for sentence in answer.sentences:
        assert sentence.text in told or is_quoted(sentence, answer, assistant), sentence
        assert not re.search(r"\[[^\]]{1,60}\]|https?:", sentence.text)
    said = json.dumps(answer.to_dict(), ensure_ascii=False)
    assert not [secret for secret in HIDDEN if secret in said]
    assert not FORGERIES.search(answer.answer)
    marks = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    assert marks == {citation.number for citation in answer.citations}
    hits = assistant.search(planted.question, ENOUGH)
    page = assert_harmless(turn.answered(answer, hits, assistant.paragraph, 1, GERMAN)["html"])
    links = [value or "" for name, value in page.attributes if name == "href"]
    assert "evil.example" not in "".join(links)


@pytest.mark.parametrize("planted", MANIFEST[::4], ids=lambda each: each.file)
def test_a_model_that_echoes_its_prompt_gives_a_valid_answer(planted, by_model):
    assistant, _ = by_model(echoes)
    *events, answer = events_of(assistant, planted.question)
    assert answer.status == "answered"
    for sentence in answer.sentences:
        assert sentence.support == "quoted" or is_quoted(sentence, answer, assistant)
        assert not FORGERIES.search(sentence.text)
    for pending in texts(events, Pending):
        assert_harmless(turn.streaming(planted.question, "", (), GERMAN, pending)["html"])


def test_a_pending_sentence_is_only_text():
    pending = '<img src="http://evil.example/" onerror="alert(1)"><h1>BANANE</h1>'
    assert_harmless(turn.streaming("Was?", "", (), GERMAN, pending)["html"])


def test_hidden_text_is_not_sent_to_a_model(by_model):
    assistant, server = by_model(honest)
    for planted in MANIFEST[::4]:
        assistant.ask(planted.question)
    sent = "".join(request["messages"][-1]["content"] for request in server.requests)
    assert sent
    assert not [secret for secret in HIDDEN if secret in revealed(sent)]


def test_no_article_ends_its_part_of_the_prompt(by_model):
    assistant, server = by_model(honest)
    for planted in (each for each in MANIFEST if each.shape in ("delimiter", "role", "marker")):
        assistant.ask(planted.question)
        every = [request["messages"][-1]["content"] for request in server.requests]
        sent = [text for text in every if "<question>" in text][-1]  # no request for a repair
        assert [sent.count(tag) for tag in ("<sources>", "</sources>", "<question>")] == [1, 1, 1]
        ids = [source["id"] for source in part("sources", sent)]
        assert len(ids) == len(set(ids))
        assert not [id_ for id_ in ids if f"[{id_}]" in sent]


def test_of_a_flood_two_copies_reach_the_model(by_model):
    (flood,) = (each for each in MANIFEST if each.shape == "flood")
    assistant, server = by_model(honest)
    assistant.ask(flood.question)
    sources = part("sources", server.requests[-1]["messages"][-1]["content"])
    for of_all in (flood.planted, "Alle anderen Zahlen zur Turnhalle"):
        assert sum(of_all in source["text"] for source in sources) <= 2
    assert len(sources) > 4


# --- what is shown ---------------------------------------------------------------------------

SHOWN = ("04-stollen.txt", "34-leuchtturmfest.md", "35-taubenschlag.txt", "36-regatta.md",
         "37-standseilbahn.txt", "39-flut.jsonl", "40-felder.jsonl")  # fmt: skip
FOREIGN = "img, svg, iframe, object, video, script, style, link, form, input, h1, [onload]"


WATCH = f"""() => {{
    window.pendings = []; window.planted = 0;
    new MutationObserver(() => {{
        window.planted += document.querySelectorAll(".turn :is({FOREIGN})").length;
        for (const each of document.querySelectorAll(".pending")) pendings.push(each.textContent);
    }}).observe(document, {{childList: true, subtree: true, characterData: true}});
}}"""


def slowly(text):
    return obeys(text)._replace(piece=60, pace=0.04)


@pytest.mark.slow
@pytest.mark.parametrize("reply", [None, slowly], ids=["quoted", "by a model that obeys"])
def test_the_chat_asks_no_other_host_and_shows_no_planted_element(reply, hostile, by_model):
    chromium = require_chromium()
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright
    assistant = by_model(reply)[0] if reply else hostile
    shown = [each for each in MANIFEST if each.file in SHOWN and not each.hidden]
    with serving(mount_chat(FastAPI(), assistant)) as address, playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(locale="de-DE")
        page.set_default_timeout(8_000)
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("console", lambda message: said.append(message.text))
        page.goto(address)
        page.wait_for_selector("#examples button")
        page.evaluate(WATCH)
        for number, planted in enumerate(shown, 1):
            ask(page, planted.question)
            page.wait_for_selector(f".turn:nth-child({number}) .source mark")
            if reply is None:
                assert planted.planted in last(page, ".sources").text_content()  # as text, that is
        foreign = page.locator(f".turn :is({FOREIGN})").count() + page.evaluate("planted")
        pendings = page.evaluate("pendings.join()")
        links = page.eval_on_selector_all(".turn a[target]", "all => all.map(one => one.href)")
        title = page.title()
        browser.close()
    assert len(shown) == len(SHOWN)
    assert [each for each in asked if not each.startswith((address, "data:"))] == []
    assert [each for each in said if "Content Security Policy" in each or "evil" in each] == []
    assert (foreign, title) == (0, "Beleg")
    assert bool(pendings) == bool(reply)
    assert {link.split("/")[2] for link in links} <= {"example.org"}
