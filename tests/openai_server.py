"""A small OpenAI-compatible server on a real socket that replies what a test tells it to.

``serving`` takes a function from the text of a request to a ``Reply``; requests come from several
threads, so a reply that depends on what was asked is more useful than an order of replies.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

TOKENS = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}


class Reply(NamedTuple):
    """What comes back: ``text`` as a chat completion, or ``body`` as it is, after ``stall``."""

    text: str = ""
    status: int = 200
    body: str | None = None
    stall: float = 0.0


GARBAGE = Reply(body="<html>It works!</html>")
BUSY = Reply(status=429, body='{"error": {"message": "too many requests"}}')
BROKEN = Reply(status=500, body='{"error": {"message": "out of memory"}}')


class Server:
    """Where the server is, and the requests it got: parsed, in the order of their arrival."""

    def __init__(self, address, requests):
        self.address = address
        self.requests = requests

    def use(self, monkeypatch):
        """Let OpenAI's client talk to this server."""
        monkeypatch.setenv("OPENAI_BASE_URL", self.address)
        monkeypatch.setenv("OPENAI_API_KEY", "no secret")


@contextmanager
def serving(reply):
    """Serve until the block ends; ``reply`` gets the text of a request's last message."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append({"path": self.path, **request})
            self.answer(reply(request["messages"][-1]["content"]), request["model"])

        def answer(self, reply, model):
            time.sleep(reply.stall)
            body = (completion(model, reply.text) if reply.body is None else reply.body).encode()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format, *arguments):
            """Keep the tests' output clean."""

        def handle(self):
            try:
                super().handle()
            except ConnectionError:  # the client did not wait
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}/v1", requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def completion(model, text):
    """Return a chat completion as OpenAI writes it."""
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": model,
         "choices": choices, "usage": TOKENS}
    )  # fmt: skip
