"""Asks a language model: two texts in, pieces of its reply out, all of it before a deadline.

Whatever goes wrong is one ``ModelError`` that a reader may see. Knows LangChain's chat models and
the habits of OpenAI's, nothing of questions, prompts or what a reply must look like.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import SecretStr, ValidationError

from index.errors import ModelError, SettingsError, first_line
from rag.allowance import Allowance, Usage
from rag.loop import running_loop
from rag.thoughts import Thoughts

if TYPE_CHECKING:  # two and a half seconds of imports
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata

    from rag.settings import Settings

# Of a reply: its pieces, and then why there are no more of them, or that it is whole.
_Pieces: TypeAlias = "SimpleQueue[str | ModelError | None]"

_LONGEST = 200  # characters of a server's own words
# What providers call the reason why a reply ended, and what they call two of the reasons.
_REASONS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
_CUT_OFF = {"length", "max_tokens", "model_length"}
_WITHHELD = {"content_filter", "content_filtered", "guardrail_intervened", "refusal", "safety"}
_BROKEN_OFF = "broke off in the middle of its reply: ask again"
_UNREACHABLE = "cannot be reached, or hangs up: check base_url and the network"
_REFUSED = {
    401: "refused the key (401): check the key",
    403: "refused the key (403): check what the key may be used for",
    404: "is unknown to its server (404): check the settings model and base_url",
    429: "is at its quota or rate limit (429): ask again later, or check the quota",
}


class LanguageModel:
    """The model that the settings name; any number of threads may ask it at once.

    Raises:
        SettingsError: there is no such provider, its package is not installed or it has no key.
            Nothing is sent: whether the server knows model and key is seen when it is asked.
    """

    def __init__(self, settings: Settings) -> None:
        self.name = settings.model
        self._late = f"took longer than {settings.timeout:g} s: ask again, or set a longer timeout"
        self._chat = _chat_model(settings)
        self._secrets = [v.get_secret_value() for v in vars(self._chat).values() if _secret(v)]
        self._like_openai = "root_async_client" in vars(self._chat)
        self._places = asyncio.Semaphore(settings.concurrency)
        self._calls: set[Future[None]] = set()

    def stream(self, system: str, user: str, allowance: Allowance) -> Iterator[str]:
        """Yield the text of the reply in pieces, as they come; none is empty.

        Waiting for a place counts. Closing the iterator, or cancelling the allowance, ends the call
        and with it the connection to the server.

        Raises:
            ModelError: there is no reply, or not all of it; what there was has been yielded.
        """
        pieces: _Pieces = SimpleQueue()
        messages = [("system", system), ("human", user)]
        call = asyncio.run_coroutine_threadsafe(
            self._call(messages, allowance, pieces), running_loop()
        )
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        # The last word if the call is cancelled, be it before it has begun.
        closed = self._error("was closed before it had replied")
        call.add_done_callback(lambda _: pieces.put(closed))
        try:
            with allowance.watching(call.cancel):
                while isinstance(piece := self._next(pieces, allowance.deadline), str):
                    yield piece
        finally:
            call.cancel()
        if piece is not None:
            raise piece

    def complete(self, system: str, user: str, allowance: Allowance) -> str:
        """Return the whole text of a reply; all else is as with ``stream``."""
        return "".join(self.stream(system, user, allowance))

    def close(self) -> None:
        """End the calls under way, and the connections that were kept for the next one."""
        for call in tuple(self._calls):
            call.cancel()
        if self._like_openai:
            client = vars(self._chat)["root_async_client"]
            asyncio.run_coroutine_threadsafe(client.close(), running_loop()).result()

    def _next(self, pieces: _Pieces, deadline: float) -> str | ModelError | None:
        """Return what comes next; the loop may be too busy to say that the time is up."""
        try:
            return pieces.get(timeout=max(0.0, deadline - time.monotonic()))
        except Empty:
            return self._error(self._late)

    async def _call(
        self, messages: list[tuple[str, str]], allowance: Allowance, pieces: _Pieces
    ) -> None:
        reply = _Reply(allowance.usage, self._like_openai)
        try:
            async with asyncio.timeout(allowance.deadline - time.monotonic()), self._places:
                allowance.usage.calls += 1
                async for chunk in self._chat.astream(messages):
                    if text := reply.take(chunk):
                        pieces.put(text)
            if text := reply.rest():
                pieces.put(text)
            problem = reply.problem()
        except Exception as error:  # every provider has errors of its own
            problem = self._problem(error, reply)
        pieces.put(self._error(problem) if problem else None)

    def _error(self, problem: str) -> ModelError:
        return ModelError(f"model {self.name!r} {problem}")

    def _problem(self, error: Exception, reply: _Reply) -> str:
        if status := _status(error):
            return self._refusal(status, error)
        kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
        if "Timeout" in kinds:
            return self._late
        if re.search("Connect|Network|Protocol", kinds):
            return _BROKEN_OFF if reply.begun else _UNREACHABLE
        if hasattr(error, "body"):  # one of the stream's events says so
            return f"reported an error: {self._said(error)}"
        return f"did not reply as a language model does ({type(error).__name__}): check base_url"

    def _refusal(self, status: int, error: Exception) -> str:
        if status in _REFUSED:
            return _REFUSED[status]
        if status >= 500:
            return f"failed with a server error ({status}): ask again later"
        said = self._said(error).removeprefix(f"Error code: {status} - ")
        return f"refused the request ({status}): {said}"

    def _said(self, error: Exception) -> str:
        """Return the server's own words, among which no key must stand."""
        said = first_line(error)
        for secret in self._secrets:
            said = said.replace(secret, "…")
        return said[:_LONGEST]


class _Reply:
    """What is known of one reply while it arrives."""

    def __init__(self, usage: Usage, like_openai: bool) -> None:
        self.begun = False
        self._usage = usage
        self._like_openai = like_openai
        self._counted = (0, 0)
        self._reason = ""
        self._thoughts = Thoughts()
        self._empty = True

    def take(self, chunk: AIMessageChunk) -> str:
        """Return the text of a chunk, without thoughts and whatever else is no text."""
        self.begun = True
        if chunk.usage_metadata:
            self._count(chunk.usage_metadata)
        named = (chunk.response_metadata.get(name) for name in _REASONS)
        self._reason = next((str(reason).lower() for reason in named if reason), self._reason)
        text = self._thoughts.without(str(chunk.text))
        self._empty = self._empty and not text.strip()
        return text

    def rest(self) -> str:
        """Return what was held back, as it might have been the beginning of a thought."""
        text = self._thoughts.rest()
        self._empty = self._empty and not text.strip()
        return text

    def _count(self, reported: UsageMetadata) -> None:
        """Add the tokens: servers like OpenAI's report a sum so far, all others what is new."""
        before = self._counted if self._like_openai else (0, 0)
        self._counted = reported["input_tokens"], reported["output_tokens"]
        self._usage.input_tokens += self._counted[0] - before[0]
        self._usage.output_tokens += self._counted[1] - before[1]

    def problem(self) -> str | None:
        """Return what is wrong with the reply, now that it has ended."""
        if self._reason in _WITHHELD:
            return "withheld its reply, or the rest of it (content filter): ask in other words"
        if self._reason in _CUT_OFF:
            return "was cut off: the reply is longer than its limit of tokens"
        if self._like_openai and not self._reason:  # others may not say that all is well
            return _BROKEN_OFF
        return "replied nothing, or refused to: ask in other words" if self._empty else None


def _chat_model(settings: Settings) -> BaseChatModel:
    provider, _, model = settings.model.partition(":")
    if not (provider and model):
        raise SettingsError(
            f"model {settings.model!r} is unknown: use 'quoting' or 'provider:model', "
            "for example 'openai:gpt-4.1-mini'"
        )
    from langchain.chat_models import init_chat_model

    try:
        options = _options(provider.lower(), model, settings)
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, **options)
    except Exception as error:  # as above
        raise SettingsError(
            f"model {settings.model!r} cannot be used: {_reason(error)} Check its name, package "
            "and key (openai: OPENAI_API_KEY, or base_url for a server that needs none)"
        ) from error
    return chat


def _options(provider: str, model: str, settings: Settings) -> dict[str, Any]:
    common = {"temperature": 0, "timeout": settings.timeout, "max_retries": settings.retries}
    if provider != "openai":
        return common
    import openai

    if re.match(r"o\d", model):  # they refuse every temperature but their own
        del common["temperature"]
    local = settings.base_url and not os.environ.get("OPENAI_API_KEY")
    return common | {
        "timeout": openai.Timeout(settings.timeout),  # with a number, models share one client
        "stream_chunk_timeout": None,  # wait_for, which it needs, swallows what ends a call
        "stream_usage": True,
        "use_responses_api": False,  # which servers that resemble OpenAI's often lack
        "base_url": settings.base_url,
        "api_key": "none" if local else None,
    }


def _reason(error: Exception) -> str:
    said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else first_line(error)
    return said.rstrip(".") + "."


def _secret(value: object) -> bool:
    return isinstance(value, SecretStr) and bool(value.get_secret_value())


def _status(error: Exception) -> int | None:
    """Return the HTTP status behind an error, wherever its provider keeps it."""
    for holder in (error, getattr(error, "response", None)):
        status = getattr(holder, "status_code", None)
        if isinstance(status, int) and status >= 400:
            return status
    return None
