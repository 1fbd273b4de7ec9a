"""The web application: the answer API with the chat at its root, in one process.

Decides how the chat is served: with which theme, under which content policy, and that nothing on
the page comes from another host. Knows nothing of what either half says.
"""

from __future__ import annotations

import atexit
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.chat import I18N, Answering, build_chat

if TYPE_CHECKING:
    from rag.assistant import Assistant

# Gradio evaluates its templates in the browser, hence 'unsafe-eval' and 'unsafe-inline'; what the
# policy buys is that nothing is ever fetched from, or sent to, another host.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "object-src 'none'; form-action 'self'; frame-ancestors 'self'"
)

# Gradio rewrites the selectors of its ``css`` argument; a style element it leaves alone.
_STYLE = f"<style>{Path(__file__).with_name('style.css').read_text(encoding='utf-8')}</style>"


def create_app(assistant: Assistant) -> FastAPI:
    """The API of ``rag.server`` with the chat at ``/``."""
    from rag.server import create_api

    return mount_chat(create_api(assistant), assistant)


# Gradio's default is one folder for all users of a machine: who comes second may not write there.
_UPLOADS = tempfile.TemporaryDirectory(prefix="beleg-")
atexit.register(_UPLOADS.cleanup)


def mount_chat(app: FastAPI, assistant: Answering) -> FastAPI:
    """Serve the chat at ``/``; the routes ``app`` already has go first."""
    os.environ.setdefault("GRADIO_TEMP_DIR", _UPLOADS.name)
    gr.mount_gradio_app(
        app,
        build_chat(assistant),
        path="/",
        theme=_theme(),
        head=_STYLE,
        i18n=I18N,
        footer_links=[],
        run_history=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        app_kwargs={"middleware": [Middleware(_SameHostOnly)], "docs_url": None},
    )
    return app


def _theme() -> gr.themes.Base:
    """Paper and ink, in the system's fonts: those that Gradio ships lack letters."""
    theme = gr.themes.Base(
        font=("system-ui", "sans-serif"),
        font_mono=("ui-monospace", "monospace"),
    )
    return theme.set(
        body_background_fill="#fbfaf6",
        body_background_fill_dark="#191816",
        body_text_color="#22211f",
        body_text_color_dark="#e9e6df",
    )


class _SameHostOnly:
    """Sends the content policy with every response of the chat."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, send_with_policy)
