"""One turn of the conversation: a question and what became of it, ready to be shown.

A turn is plain JSON, because the browser keeps it: the server remembers no conversation. Whatever
comes from questions, answers and articles is escaped on its way into ``html``. Knows nothing of
Gradio and of how answers are made.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal, TypedDict

from rag.answer import Answer, Hit, Sentence
from ui.sources import Paragraphs, anchor, nearest_panel, source_panel
from ui.texts import Texts


class Turn(TypedDict):
    """A question, the answer's text so far, whether more is coming, and how it looks."""

    question: str
    answer: str
    state: Literal["streaming", "done"]
    html: str


def streaming(
    question: str, text: str, hits: Sequence[Hit] | None, texts: Texts, pending: str = ""
) -> Turn:
    """A turn whose answer is still being made; ``hits`` is None until something is found.

    ``pending`` is the sentence that is being written or checked: shown, but not as proven.
    """
    found = texts.searching if hits is None else texts.reading.format(count=len(hits))
    written = f"{escape(text)} " if text else ""
    if pending:
        written += f'<span class="pending" title="{texts.pending}">{escape(pending)}</span>'
    body = f'<p class="text">{written}</p><p class="progress" role="status">{found}</p>'
    return _turn(question, text, "streaming", body, "", texts)


def answered(
    answer: Answer, hits: Sequence[Hit], paragraphs: Paragraphs, number: int, texts: Texts
) -> Turn:
    """The finished turn: every sentence with its marks, and beside it the sources."""
    side = (
        source_panel(answer.citations, paragraphs, number, texts)
        if answer.status == "answered"
        else nearest_panel(hits, texts)
    )
    body = _text(answer, number, texts) + "".join(_note(note) for note in answer.notes)
    return _turn(answer.question, answer.answer, "done", body, side, texts)


def failed(question: str, message: str, texts: Texts) -> Turn:
    """A turn that ended with a message instead of an answer."""
    body = f'<p class="problem" role="alert">{escape(message)}</p>'
    return _turn(question, "", "done", body, "", texts)


def stopped(turn: Turn, texts: Texts) -> Turn:
    """The turn as it is when the reader has had enough of it."""
    if turn["state"] == "done":
        return turn
    body = f'<p class="text">{escape(turn["answer"])}</p>{_note(texts.stopped)}'
    return _turn(turn["question"], turn["answer"], "done", body, "", texts)


def history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The answered turns as the messages an assistant takes for context."""
    return [
        {"role": role, "content": content}
        for turn in turns
        if turn["answer"]
        for role, content in (("user", turn["question"]), ("assistant", turn["answer"]))
    ]


def _turn(
    question: str,
    answer: str,
    state: Literal["streaming", "done"],
    body: str,
    side: str,
    texts: Texts,
) -> Turn:
    html = (
        f'<article class="turn" data-state="{state}"><h2>{escape(question)}</h2>'
        f'<section class="answer" aria-label="{texts.answer}">{body}</section>'
        f'<aside class="sources" aria-label="{texts.sources}">{side}</aside></article>'
    )
    return Turn(question=question, answer=answer, state=state, html=html)


def _text(answer: Answer, number: int, texts: Texts) -> str:
    language = escape(answer.language)
    if not answer.sentences:
        return f'<p class="calm" lang="{language}">{escape(answer.answer)}</p>'
    sentences = " ".join(_sentence(sentence, number, texts) for sentence in answer.sentences)
    return f'<p class="text" lang="{language}">{sentences}</p>'


def _sentence(sentence: Sentence, turn: int, texts: Texts) -> str:
    marks = "".join(_mark(turn, number, texts) for number in sentence.citations)
    warning = ""
    if sentence.support == "unverified":
        warning = f' <span class="flag" title="{texts.unverified_long}">{texts.unverified}</span>'
    return f'<span class="{sentence.support}">{escape(sentence.text)}</span>{warning}{marks}'


def _mark(turn: int, number: int, texts: Texts) -> str:
    label = texts.source.format(number=number)
    return f' <a class="mark" href="#{anchor(turn, number)}" aria-label="{label}">[{number}]</a>'


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'
