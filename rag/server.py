"""The answer API: HTTP in, the contract's JSON out.

Knows routes, status codes and the shape of requests; everything else it asks the assistant. The
chat is mounted beside it by ``ui``.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from fastapi.routing import APIRoute
from fastapi_swagger import patch_fastapi
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import BelegError, ModelError, NotFound, QuestionError, SettingsError, StoreError
from rag.answer import Answer, Event, Pending, Sources
from rag.assistant import Assistant

_STATUS: tuple[tuple[type[BelegError], int], ...] = (
    (NotFound, 404),
    (QuestionError, 422),
    (SettingsError, 422),
    (StoreError, 503),
    (ModelError, 503),
    (BelegError, 400),
)
_TYPES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    422: "invalid_request",
    429: "too_many_requests",
    503: "unavailable",
}
_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
_MOST_AT_ONCE = 256  # questions; each has a thread
_LARGEST_BODY = 1_000_000  # bytes: a long conversation has a tenth of it

logger = logging.getLogger(__name__)


class Turn(BaseModel):
    """One turn of the conversation so far."""

    model_config = ConfigDict(extra="forbid")
    role: Literal["user", "assistant"]
    content: str


class AnswerRequest(BaseModel):
    """A question, and what restricts or surrounds it."""

    model_config = ConfigDict(extra="forbid")
    question: str
    history: list[Turn] = Field(default_factory=list, max_length=200)
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None
    as_of: datetime.date | None = None
    model: str | None = None
    stream: bool = False

    def arguments(self) -> dict[str, Any]:
        """Return what the assistant takes."""
        return self.model_dump(exclude={"stream"})


class SearchRequest(BaseModel):
    """What to search for, and how many paragraphs to return."""

    model_config = ConfigDict(extra="forbid")
    q: str
    k: int = Field(10, ge=1, le=100)
    date_from: datetime.date | None = None
    date_to: datetime.date | None = None


def create_api(assistant: Assistant) -> FastAPI:
    """Return the API over ``assistant``; its owner closes it."""
    app = FastAPI(
        title="Beleg", docs_url=None, redoc_url=None, swagger_ui_oauth2_redirect_url=None,
        description="Answers over a news archive in which every sentence shows its proof.",
    )  # fmt: skip
    patch_fastapi(app, redirect_from_root_to_docs=False)
    app.add_middleware(_BodyLimit)
    _add_errors(app)

    places = _Places(_MOST_AT_ONCE)

    @app.post("/v1/answers", response_model=None)
    async def answers(body: AnswerRequest, request: Request) -> Response:
        """Answer a question; with `stream`, as server-sent events."""
        events = places.taken_by(assistant.astream(**body.arguments()))
        if not body.stream:
            answer = await _unless_gone(_last(events), request)
            return JSONResponse(answer.to_dict() if isinstance(answer, Answer) else None)
        # What cannot be understood still gets its status code.
        first = await _unless_gone(_first(events), request)
        if first is None:
            return Response()  # which nobody reads
        return StreamingResponse(
            _server_sent(first, events),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @app.get("/v1/search")
    def search(request: Annotated[SearchRequest, Query()]) -> dict[str, Any]:
        """Find paragraphs."""
        hits = assistant.search(request.q, request.k, request.date_from, request.date_to)
        return {"hits": [hit.to_dict() for hit in hits]}

    @app.get("/v1/articles/{article_id:path}")
    def article(article_id: str) -> dict[str, Any]:
        """Return an article with its numbered paragraphs, boilerplate included."""
        return dataclasses.asdict(assistant.article(article_id))

    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Tell that the process lives."""
        return {"status": "ok"}

    @app.head("/readyz", include_in_schema=False)
    @app.get("/readyz")
    def readyz() -> dict[str, Any]:
        """Tell that a generation can be asked."""
        manifest = assistant.manifest()
        return {"status": "ok", "generation": manifest.generation, "counts": manifest.counts}

    @app.api_route("/v1/{path:path}", methods=_METHODS, include_in_schema=False)
    def unknown(request: Request) -> None:
        """Refuse here what else the chat, mounted at the root, would refuse in its own way."""
        routes = [route for route in app.routes if isinstance(route, APIRoute)]
        near = [route for route in routes if route.matches(request.scope)[0] is Match.PARTIAL]
        if near:
            allowed = {method for route in near for method in route.methods or ()}
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(allowed))})
        raise HTTPException(404, f"there is no {request.url.path}: see /docs")

    return app


class _BodyLimit:
    """Ends reading a body under ``/v1`` with 413 once it is too large, announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = 0

        async def receive_limited() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > _LARGEST_BODY:
                raise HTTPException(413, f"the body has over {_LARGEST_BODY:,} bytes: shorten it")
            return message

        is_ours = scope["type"] == "http" and scope["path"].startswith("/v1/")
        await self._app(scope, receive_limited if is_ours else receive, send)


class _Places:
    """So many questions are answered at once; who comes then is told to come again."""

    def __init__(self, count: int) -> None:
        self._left = count

    async def taken_by(self, events: AsyncGenerator[Event]) -> AsyncGenerator[Event]:
        if not self._left:
            raise HTTPException(429, "too many questions at once: ask again", {"Retry-After": "1"})
        self._left -= 1
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        finally:
            self._left += 1


async def _first(events: AsyncGenerator[Event]) -> Event:
    return await anext(events)


async def _last(events: AsyncGenerator[Event]) -> Event:
    async with aclosing(events):
        return [event async for event in events][-1]


async def _unless_gone(reading: Coroutine[Any, Any, Event], request: Request) -> Event | None:
    """Return what is read; stop, and with it the model's call, when nobody waits any more."""
    gone, read = asyncio.create_task(_gone(request)), asyncio.create_task(reading)
    try:
        await asyncio.wait((gone, read), return_when=asyncio.FIRST_COMPLETED)
        return await read if read.done() else None
    finally:
        gone.cancel()
        read.cancel()


async def _gone(request: Request) -> None:
    """Return when the client has hung up."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _server_sent(first: Event, events: AsyncGenerator[Event]) -> AsyncIterator[str]:
    """Yield the stream's events in the form of server-sent events; an error is the last of them."""
    try:
        yield _sent(first)
        async with aclosing(events):
            async for event in events:
                yield _sent(event)
    except BelegError as error:
        yield _event("error", _error_body(_status_of(error), str(error)))
    except Exception:
        logger.exception("The answer broke off")
        yield _event("error", _error_body(500, "the answer broke off"))


def _sent(event: Event) -> str:
    if isinstance(event, Sources):
        return _event("sources", {"hits": [hit.to_dict() for hit in event.hits]})
    if isinstance(event, Answer):
        return _event("answer", event.to_dict())
    return _event("pending" if isinstance(event, Pending) else "token", {"text": event.text})


def _event(name: str, data: Any) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


def _status_of(error: BelegError) -> int:
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def _error_body(status: int, message: str) -> dict[str, Any]:
    return {"error": {"type": _TYPES.get(status, "internal"), "message": message}}


def _add_errors(app: FastAPI) -> None:
    """Answer every error in the contract's shape."""

    @app.exception_handler(BelegError)
    def known(request: Request, error: BelegError) -> JSONResponse:
        status = _status_of(error)
        return JSONResponse(_error_body(status, str(error)), status)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"][1:])
        status = 400 if problem["type"] == "json_invalid" else 422
        message = f"{place}: {problem['msg']}" if place else str(problem["msg"])
        return JSONResponse(_error_body(status, message), status)

    @app.exception_handler(AnyHTTPException)
    def http(request: Request, error: AnyHTTPException) -> JSONResponse:
        body = _error_body(error.status_code, error.detail)
        return JSONResponse(body, error.status_code, error.headers)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(_error_body(500, "the server failed to answer"), 500)
