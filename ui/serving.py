"""``beleg serve``: opens the store, indexing the sample articles if there is none yet, and serves.

Knows how the process starts and stops, nothing of routes or pages.
"""

from __future__ import annotations

import os
import socket
import sys
from importlib import resources
from pathlib import Path

import uvicorn

import rag
from index.errors import SettingsError
from index.store import Store
from index.sync import synchronise
from rag.settings import Settings
from ui.app import create_app

_PATIENCE = 3  # seconds that running answers get when the server is stopped


def serve_until_stopped(settings: Settings) -> None:
    """Serve until Ctrl-C.

    Raises:
        StoreMissing: the store was named and is not there (a default one is made of the samples).
        SettingsError: the address cannot be listened on.
    """
    if "store" not in settings.model_fields_set and Store(settings.store).current() is None:
        _index_samples(settings)
    with rag.open(settings) as assistant, _listen(settings) as listener:
        host, port = listener.getsockname()[:2]
        print(f"Beleg: http://{host}:{port}  (Ctrl-C stops)", file=sys.stderr)
        config = uvicorn.Config(
            create_app(assistant), log_level="warning", timeout_graceful_shutdown=_PATIENCE
        )
        uvicorn.Server(config).run(sockets=[listener])


def _listen(settings: Settings) -> socket.socket:
    try:
        return socket.create_server((settings.host, settings.port))
    except OSError as error:
        raise SettingsError(
            f"cannot listen on {settings.host}:{settings.port} ({os.strerror(error.errno or 0)}): "
            "name another address with --host and --port, or BELEG_HOST and BELEG_PORT"
        ) from error


def _index_samples(settings: Settings) -> None:
    with resources.as_file(resources.files("index") / "samples") as samples:
        report = synchronise(
            Store(settings.store), [Path(samples)], settings.embedding, base_url=settings.base_url
        )
    print(
        f"Beleg: there was no store at {settings.store}, so it now holds "
        f"{report.counts['articles']} samples: 'beleg index PATH...' puts your articles there",
        file=sys.stderr,
    )
