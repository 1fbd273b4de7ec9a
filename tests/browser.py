"""Where the browser for the chat's tests is; knows nothing of what is tested with it."""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Headless, and silent: without these Chromium itself asks other hosts for updates.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """The Chromium to use: ``$CHROMIUM``, else the first known name on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def require_chromium() -> str:
    """The same, or skip loudly; where everything must run (``CI=true``) fail instead."""
    path = chromium_path()
    if path:
        return path
    reason = "NO BROWSER, THE CHAT IS NOT TESTED: install chromium or set $CHROMIUM"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
