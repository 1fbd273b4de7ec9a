"""A small OpenAI-compatible server on a real socket that replies what a test tells it to.

``serving`` takes a function from the text of a request's last message to a ``Reply``; requests come
from several threads, so a reply that depends on what was asked is more useful than an order of
replies. A request with ``"stream": true`` is answered with server-sent events over a connection
that is kept open, as the real ones do; any other with one document.
"""

import json
import socket
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

TOKENS = {"prompt_tokens": 100, "completion_tokens": 7, "total_tokens": 107}
MODELS = {"object": "list", "data": [{"id": "test-model", "object": "model"}]}


class Reply(NamedTuple):
    """What comes back: ``text`` as a chat completion, or ``body`` as it is, after ``stall``.

    Times are seconds. Only a stream goes out in pieces of ``piece`` characters, ``pace`` apart,
    and is broken off after half of them when it is ``cut``; ``delta`` is the field they arrive in.
    """

    text: str = ""
    status: int = 200
    body: str | None = None
    stall: float = 0.0
    piece: int = 4
    pace: float = 0.0
    cut: bool = False
    delta: str = "content"
    finish: str | None = "stop"
    headers: tuple[tuple[str, str], ...] = ()


GARBAGE = Reply(body="<html>It works!</html>")
BUSY = Reply(status=429, body='{"error": {"message": "too many requests"}}')
BROKEN = Reply(status=500, body='{"error": {"message": "out of memory"}}')


class Server:
    """Where the server is, the requests it got and whose sender did not wait for the end.

    Both lists hold requests as they were sent, with their ``path`` and ``authorization``, in the
    order of their arrival and of their end. ``open`` are the connections that are open now.
    """

    def __init__(self, address):
        self.address = address
        self.requests = []
        self.gone = []
        self.open = set()

    def use(self, monkeypatch):
        """Let OpenAI's client talk to this server."""
        monkeypatch.setenv("OPENAI_BASE_URL", self.address)
        monkeypatch.setenv("OPENAI_API_KEY", "no secret")


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # of the 5 by default all others wait a second


@contextmanager
def serving(reply):
    """Serve until the block ends; ``reply`` gets the text of a request's last message."""

    class Handler(_Handler):
        def replied(self, text):
            return reply(text)

    listening = _Listening(("127.0.0.1", 0), Handler)
    server = Handler.state = Server(f"http://127.0.0.1:{listening.server_port}/v1")
    thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()
        for connection in tuple(server.open):
            with suppress(OSError):  # closed by now
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or a small piece waits for the last one to be acknowledged
    state: Server

    def do_GET(self):
        self.document(200 if self.path == "/v1/models" else 404, json.dumps(MODELS))

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client went away before it had asked")
        sent = json.loads(body)
        key = self.headers["Authorization"]
        request = {"path": self.path, "authorization": key, **sent}
        self.state.requests.append(request)
        try:
            self.answer(self.replied(request["messages"][-1]["content"]), request)
        except ConnectionError:
            self.state.gone.append(request)
            raise

    def answer(self, reply, request):
        self.wait(reply.stall)
        if reply.body is not None:
            self.document(reply.status, reply.body, reply.headers)
        elif request.get("stream"):
            self.stream(reply, request)
        else:
            self.document(
                reply.status, completion(request["model"], reply.text, reply.finish), reply.headers
            )

    def document(self, status, text, headers=()):
        body = text.encode()
        length = str(len(body))
        self.head(status, {"Content-Length": length, "Connection": "close"}, headers)
        self.wfile.write(body)

    def stream(self, reply, request):
        framing = {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}
        self.head(reply.status, framing, reply.headers)
        size = reply.piece
        pieces = [reply.text[i : i + size] for i in range(0, len(reply.text), size)]
        for piece in pieces[: len(pieces) // 2] if reply.cut else pieces:
            self.chunk(event({reply.delta: piece}, model=request["model"]))
            self.wait(reply.pace)
        if reply.cut:
            self.close_connection = True
            return
        self.chunk(event({}, model=request["model"], finish=reply.finish))
        if request.get("stream_options", {}).get("include_usage"):
            self.chunk(event(None, model=request["model"], usage=TOKENS))
        self.chunk("data: [DONE]\n\n")
        self.chunk("")

    def chunk(self, text):
        data = text.encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def head(self, status, headers, others):
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | headers | dict(others)).items():
            self.send_header(name, value)
        self.end_headers()

    def wait(self, seconds):
        """Sleep, unless the client goes away: then raise ``ConnectionError``."""
        if seconds <= 0:
            return
        self.connection.settimeout(seconds)
        try:
            if not self.connection.recv(1, socket.MSG_PEEK):
                raise ConnectionAbortedError("the client did not wait")
        except TimeoutError:
            pass  # nothing came, as it should be
        finally:
            self.connection.settimeout(None)

    def log_message(self, format, *arguments):
        """Keep the tests' output clean."""

    def handle(self):
        self.state.open.add(self.connection)
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True
        finally:
            self.state.open.discard(self.connection)


def completion(model, text, finish="stop"):
    """Return a chat completion as OpenAI writes it."""
    message = {"role": "assistant", "content": text}
    choices = [{"index": 0, "message": message, "finish_reason": finish}]
    return json.dumps(
        {"id": "1", "object": "chat.completion", "created": 0, "model": model,
         "choices": choices, "usage": TOKENS}
    )  # fmt: skip


def event(delta, finish=None, usage=None, model="test-model"):
    """Return one server-sent event of a streamed chat completion; no delta, no choice."""
    choice = {"index": 0, "delta": {"role": "assistant", **(delta or {})}, "finish_reason": finish}
    chunk = {
        "id": "1", "object": "chat.completion.chunk", "created": 0, "model": model,
        "choices": [] if delta is None else [choice], "usage": usage,
    }  # fmt: skip
    return f"data: {json.dumps(chunk)}\n\n"
