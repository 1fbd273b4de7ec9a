"""The chat page: a question box with its day, the conversation, and the sources of each answer.

Gradio carries the events and keeps the conversation in the browser tab; the HTML comes from
``turn`` and ``sources``. Knows nothing of how answers are made, only of what ``Answering`` says.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from html import escape
from pathlib import Path
from typing import Any, Protocol, cast

import gradio as gr

from index.errors import BelegError, NotFound
from rag.answer import Answer, Event, Pending, Sources
from ui import turn
from ui.texts import ENGLISH, GERMAN, Texts, texts_for
from ui.turn import Turn

LONGEST_QUESTION = 2_000
"""Characters. A page of text; more is an accident with the clipboard."""

I18N = gr.I18n(de=GERMAN.strings(), en=ENGLISH.strings())

UNREADABLE = "?"
"""What ``as_of.js`` sends for a date that the browser itself can make nothing of."""

_SCRIPT = Path(__file__).with_name("script.js").read_text(encoding="utf-8")
_AS_OF_SCRIPT = Path(__file__).with_name("as_of.js").read_text(encoding="utf-8")
# The browser's own date field writes and shows the calendar as its owner is used to. gr.DateTime
# does so in English, and in place of an impossible date it sends the one before.
_AS_OF = '<label>${label} <input type="date" min="1000-01-01" max="9999-12-31"></label>'
_PICK = (
    "element.addEventListener('click', (event) => {"
    " const example = event.target.closest('button');"
    " if (example) trigger('select', {value: example.textContent}); })"
)

logger = logging.getLogger(__name__)


class Answering(Protocol):
    """What the chat needs of an assistant."""

    def astream(
        self,
        question: str,
        *,
        history: Sequence[Mapping[str, str]] = (),
        as_of: datetime.date | None = None,
    ) -> AsyncGenerator[Event]:
        """Sources first, then Tokens, then the whole Answer; raises ``BelegError``.

        Closing it ends what is under way for the answer.

        ``as_of`` is the day from which the question speaks, today if there is none.
        """

    def examples(self) -> Sequence[str]:
        """A few questions this archive can answer."""

    def paragraph(self, article_id: str, number: int) -> str:
        """The full text of a paragraph."""


def build_chat(assistant: Answering) -> gr.Blocks:
    """The page, not yet served; ``ui.app`` mounts it."""
    chat = _Chat(assistant)
    with gr.Blocks(title="Beleg", analytics_enabled=False) as page:
        gr.HTML("<h1>Beleg</h1>", elem_id="name")
        gr.HTML(I18N("tagline"), elem_id="tagline")
        conversation = gr.HTML(
            [],
            html_template='${value.map((turn) => turn.html).join("")}',
            js_on_load=_SCRIPT,
            apply_default_css=False,
            elem_id="conversation",
        )
        with gr.Row(elem_id="composer"):
            box = gr.Textbox(
                label=I18N("question"),
                placeholder=I18N("placeholder"),
                lines=1,
                max_lines=6,
                container=False,
                autofocus=True,
                elem_id="question",
            )
            ask = gr.Button(I18N("ask"), variant="primary", elem_id="ask")
            stop = gr.Button(I18N("stop"), elem_id="stop")
            as_of = gr.HTML(
                html_template=_AS_OF,
                js_on_load=_AS_OF_SCRIPT,
                apply_default_css=False,
                label=I18N("as_of"),
                elem_id="as-of",
            )
            gr.HTML(I18N("as_of_hint"), apply_default_css=False, elem_id="as-of-hint")
        examples = gr.HTML(js_on_load=_PICK, apply_default_css=False, elem_id="examples")

        asking: dict[str, Any] = {
            "fn": chat.ask,
            "inputs": [box, conversation, as_of],
            "outputs": [box, conversation],
        }
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        page.load(chat.examples, outputs=examples, **quiet)
        asked = gr.on([box.submit, ask.click], **asking, **quiet)
        picked = examples.select(_picked, outputs=box, **quiet)
        asked_example = picked.then(**asking, **quiet)
        stop.click(None, cancels=[asked, asked_example]).then(
            chat.stopped, inputs=conversation, outputs=conversation, **quiet
        )
    # Answering waits for the archive or a model, so many may wait at once (the default is 1).
    return cast(gr.Blocks, page.queue(default_concurrency_limit=16))


class _Chat:
    """What happens on the page, for one assistant; holds no conversation."""

    def __init__(self, assistant: Answering) -> None:
        self._assistant = assistant

    async def ask(
        self, question: str, turns: list[Turn], as_of: str | None, request: gr.Request
    ) -> AsyncGenerator[Any]:
        """Stream the box's next content and the conversation, one turn longer."""
        texts, question = _texts(request), question.strip()
        if not question:
            yield gr.skip(), gr.skip()
        elif problem := _problem(question, as_of, texts):
            yield gr.skip(), [*turns, problem]
        else:
            yield "", [*turns, turn.streaming(question, "", None, texts)]
            async with aclosing(self._turns(question, turns, _day(as_of), texts)) as answered:
                async for latest in answered:
                    yield gr.skip(), [*turns, latest]

    def stopped(self, turns: list[Turn], request: gr.Request) -> list[Turn]:
        """The conversation with its last turn ended early."""
        return [*turns[:-1], *(turn.stopped(last, _texts(request)) for last in turns[-1:])]

    def examples(self, request: gr.Request) -> str:
        """The example questions as buttons; none while there is no archive to ask."""
        try:
            questions = self._assistant.examples()
        except BelegError:
            return ""
        buttons = "".join(f'<button type="button">{escape(q)}</button>' for q in questions)
        return f"<h2>{_texts(request).examples}</h2>{buttons}" if buttons else ""

    async def _turns(
        self, question: str, turns: Sequence[Turn], as_of: datetime.date | None, texts: Texts
    ) -> AsyncGenerator[Turn]:
        try:
            async with aclosing(self._answer(question, turns, as_of, texts)) as answer:
                async for latest in answer:
                    yield latest
        except BelegError as error:
            yield turn.failed(question, texts.failed.format(reason=error), texts)
        except Exception:
            logger.exception("The question could not be answered")
            yield turn.failed(question, texts.unexpected, texts)

    async def _answer(
        self, question: str, turns: Sequence[Turn], as_of: datetime.date | None, texts: Texts
    ) -> AsyncGenerator[Turn]:
        hits, text, pending = None, "", ""
        events = self._assistant.astream(question, history=turn.history(turns), as_of=as_of)
        async with aclosing(events):
            async for event in events:
                if isinstance(event, Answer):
                    yield turn.answered(event, hits or (), self._paragraph, len(turns) + 1, texts)
                    return
                if isinstance(event, Sources):
                    hits = event.hits
                elif isinstance(event, Pending):
                    pending = event.text
                else:
                    text, pending = text + event.text, ""
                yield turn.streaming(question, text, hits, texts, pending)

    def _paragraph(self, article_id: str, number: int) -> str | None:
        try:
            return self._assistant.paragraph(article_id, number)
        except NotFound:
            return None


def _picked(event: gr.EventData) -> str:
    return str(event.value)


def _texts(request: gr.Request) -> Texts:
    return texts_for(request.headers.get("accept-language", ""))


def _problem(question: str, as_of: str | None, texts: Texts) -> Turn | None:
    """What keeps the question from being asked, as a turn."""
    if len(question) > LONGEST_QUESTION:
        message = texts.too_long.format(length=len(question), limit=LONGEST_QUESTION)
        return turn.failed(f"{question[:80]} …", message, texts)
    try:
        _day(as_of)
    except ValueError:
        wrong = texts.unreadable_day if as_of == UNREADABLE else texts.no_such_day
        return turn.failed(question, wrong.format(day=str(as_of)[:80]), texts)
    return None


def _day(as_of: str | None) -> datetime.date | None:
    """The chosen day; None, which is today, if there is none."""
    return datetime.date.fromisoformat(str(as_of).strip()) if as_of else None
