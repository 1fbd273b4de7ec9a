"""A small server of embeddings on a real socket; it speaks as OpenAI's does and can fail as one.

A text's vector is a one and how often it has each of five letters. ``serving`` takes a function
from the texts of a request to a ``Reply``, or to nothing for the vectors as they should be.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

DIMENSION = 6


class Reply(NamedTuple):
    """What comes back after ``stall`` seconds: ``vectors``, or ``body`` as it is; 0 hangs up."""

    vectors: Any = None
    status: int = 200
    body: str | None = None
    stall: float = 0.0


BUSY = Reply(status=429, body='{"error": {"message": "too many requests"}}')
BROKEN = Reply(status=500, body="<html>\n<h1>Internal Server Error</h1></html>")
REFUSED = Reply(status=401, body='{"error": {"message": "wrong key"}}')
HUNG_UP = Reply(status=0)


def vector(text):
    return [1.0, *(float(text.count(letter)) for letter in "aeiou")]


class Server:
    """Where the server is, the ``requests`` it got, and the texts it was ``paid`` for."""

    def __init__(self, address):
        self.address = address
        self.requests = []
        self.keys = []
        self.paid = []
        self.reply = lambda texts: None

    def bill(self):
        """Return the texts it was paid for since the last bill, but for that which is a probe."""
        paid, self.paid = self.paid, []
        return [text for text in paid if text != "Beleg"]


@contextmanager
def serving():
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(asked)
            server.keys.append(self.headers["Authorization"])
            reply = server.reply(asked["input"]) or Reply(list(map(vector, asked["input"])))
            time.sleep(reply.stall)
            server.paid += asked["input"] if reply.status == 200 else []
            if reply.status:
                self.answer(reply, asked["model"])

        def answer(self, reply, model):
            body = (embeddings(model, reply.vectors) if reply.body is None else reply.body).encode()
            self.send_response(reply.status)
            self.send_header(
                "Content-Type", "text/html" if body[:1] == b"<" else "application/json"
            )
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Retry-After-Ms", "1")  # tests have no time for more
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format, *arguments):
            """Keep the tests' output clean."""

        def handle(self):
            try:
                super().handle()
            except ConnectionError:  # the client did not wait
                self.close_connection = True

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listener.server_port}/v1")
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def embeddings(model, vectors):
    """Return a list of embeddings as OpenAI writes it."""
    data = [{"object": "embedding", "index": n, "embedding": v} for n, v in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return json.dumps({"object": "list", "data": data, "model": model, "usage": usage})
