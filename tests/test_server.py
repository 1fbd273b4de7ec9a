import asyncio
import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import httpx
import pytest
import uvicorn

import rag
from index.errors import StoreError
from rag.answer import Sources, Token
from rag.server import _server_sent, create_api
from rag.stories import collapse
from tests.contract import FLOOD, MODEL, assert_valid, scripted
from tests.corpus import index_articles
from tests.openai_server import Reply
from tests.scripted_model import BEHAVIOURS

RISSE = "Wer hat die Risse an der Kranbrücke entdeckt?"
BRIDGE = "hafenkurier/2025-11-04-kranbruecke-gesperrt"
TYPES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
         422: "invalid_request", 429: "too_many_requests"}  # fmt: skip


@contextmanager
def serving(app):
    """Serve ``app`` on a free port and give a client of it."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def client(assistant):
    with serving(create_api(assistant)) as client:
        yield client


def post(client, **body):
    return client.post("/v1/answers", json=body)


def refused(response, status, *values):
    """Check the contract's shape of an error, and that its one line names the values."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert response.json().keys() == {"error"}
    error = response.json()["error"]
    assert error.keys() == {"type", "message"}
    assert error["type"] == TYPES[status]
    assert "\n" not in error["message"]
    assert all(value in error["message"] for value in values), error["message"]


def events(lines):
    """Return the server-sent events in ``lines`` as pairs of name and data."""
    blocks = "\n".join(lines).strip().split("\n\n")
    pairs = (re.fullmatch(r"event: (\w+)\ndata: (.*)", block) for block in blocks)
    return [(pair[1], json.loads(pair[2])) for pair in pairs]


def stream(client, question):
    body = {"question": question, "stream": True}
    with client.stream("POST", "/v1/answers", json=body) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return events(response.iter_lines())


# --- answers ---------------------------------------------------------------------------------


def test_an_answer_is_what_python_gives(client, assistant):
    response = post(client, question=RISSE, as_of="2025-12-22", history=[], model="quoting")
    assert response.status_code == 200
    found, expected = response.json(), assistant.ask(RISSE).to_dict()
    assert list(found) == list(expected)
    assert found["as_of"] == "2025-12-22"
    for key in expected.keys() - {"as_of", "timings_ms"}:
        assert found[key] == expected[key]


def test_what_is_not_there_is_an_answer_too(client):
    found = post(client, question="Wofür bedankte sich Xaver Quetzal?").json()
    assert (found["status"], found["citations"]) == ("not_in_corpus", [])


def test_dates_and_history_are_passed_on(client):
    history = [{"role": "user", "content": "Wer ist Wiebke Tamsen?"}]
    assert "(52)" in post(client, question="Wie alt ist sie?", history=history).json()["answer"]
    for day in ("date_from", "date_to"):
        found = post(client, question="Kranbrücke", **{day: "2025-12-02"}).json()
        dates = {citation["date"] for citation in found["citations"]}
        assert dates
        assert (min(dates) >= "2025-12-02") if day == "date_from" else (max(dates) <= "2025-12-02")


@pytest.mark.parametrize("question", [RISSE, "Wofür bedankte sich Xaver Quetzal?"])
def test_a_stream_sends_sources_then_text_then_the_answer(client, assistant, question):
    (first, sources), *tokens, (last, answer) = stream(client, question)
    assert (first, last) == ("sources", "answer")
    assert {name for name, _ in tokens} == {"token"}
    assert "".join(data["text"] for _, data in tokens) == answer["answer"]
    assert answer["answer"] == assistant.ask(question).answer
    assert sources["hits"] == json.loads(
        json.dumps([story.hit.to_dict() for story in collapse(assistant.search(question, 20))])
    )


def test_an_error_in_a_stream_is_its_last_event(caplog):
    async def broken(error):
        yield Token("Ein\nAnfang")
        raise error

    async def joined(error):
        return "".join([piece async for piece in _server_sent(Sources(()), broken(error))])

    def sent(error):
        return events(asyncio.run(joined(error)).split("\n"))

    *_, token, error = sent(StoreError("weg"))
    assert token == ("token", {"text": "Ein\nAnfang"})
    assert error == ("error", {"error": {"type": "unavailable", "message": "weg"}})
    *_, error = sent(ValueError("geheim"))
    assert error == ("error", {"error": {"type": "internal", "message": "the answer broke off"}})
    assert "geheim" in caplog.text


def test_a_client_that_goes_away_disturbs_nobody(client):
    for _ in range(5):
        body = {"question": RISSE, "stream": True}
        with client.stream("POST", "/v1/answers", json=body) as response:
            next(response.iter_lines())
    assert post(client, question=RISSE).json()["status"] == "answered"


def test_twenty_questions_at_once(client, assistant):
    questions = [RISSE, "Miami", "Wie alt ist Wiebke Tamsen?", "Xaver Quetzal?"] * 5
    expected = {question: assistant.ask(question).answer for question in questions}
    with ThreadPoolExecutor(20) as pool:
        plain = list(pool.map(lambda question: post(client, question=question), questions))
        streamed = list(pool.map(lambda question: stream(client, question), questions))
    for question, response, sent in zip(questions, plain, streamed, strict=True):
        assert response.json()["answer"] == sent[-1][1]["answer"] == expected[question]


# --- search, articles, state -----------------------------------------------------------------


def test_search_gives_the_hits(client, assistant):
    found = client.get("/v1/search", params={"q": "Kranbrücke", "k": 3}).json()
    assert found == {"hits": [hit.to_dict() for hit in assistant.search("Kranbrücke", 3)]}
    assert len(client.get("/v1/search", params={"q": "Kranbrücke"}).json()["hits"]) == 10
    period = {"q": "Kranbrücke", "date_from": "2025-12-16", "date_to": "2025-12-16"}
    hits = client.get("/v1/search", params=period).json()["hits"]
    assert {hit["date"] for hit in hits} == {"2025-12-16"}


def test_an_article_has_its_numbered_paragraphs(client, assistant):
    found = client.get(f"/v1/articles/{BRIDGE}").json()
    article = assistant.article(BRIDGE)
    assert found["id"] == BRIDGE
    assert (found["title"], found["date"]) == (article.title, "2025-11-04")
    assert found["paragraphs"][1] == {
        "number": 2,
        "text": article.paragraphs[1].text,
        "kind": "text",
    }
    assert {paragraph["kind"] for paragraph in found["paragraphs"]} <= {
        "text",
        "heading",
        "boilerplate",
    }
    assert client.get(f"/v1/articles/{BRIDGE.replace('/', '%2F')}").json() == found


def test_health_and_readiness(client, assistant):
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["generation"] == assistant.manifest().generation
    assert ready["counts"]["articles"] >= 40
    for route in ("/healthz", "/readyz"):
        head = client.head(route)
        assert (head.status_code, head.content) == (200, b"")


def test_a_new_generation_serves_without_a_restart(tmp_path):
    index_articles(tmp_path / "store", {"a/ä b": "Die Glocke läutete am Montag."})
    with rag.open(tmp_path / "store") as assistant, serving(create_api(assistant)) as client:
        assert client.get("/v1/articles/a/ä b").status_code == 200
        index_articles(tmp_path / "store", {"c": "Die Glocke läutete am Freitag."})
        refused(client.get("/v1/articles/a/ä b"), 404, "'a/ä b'")
        assert "Freitag" in post(client, question="Wann läutete die Glocke?").json()["answer"]


# --- with a language model -------------------------------------------------------------------

FOLLOW_UP = {"question": "Wie alt ist sie?", "history": [{"role": "user", "content": RISSE}]}
WAYS = [
    pytest.param({"question": FLOOD}, id="answer"),
    pytest.param({"question": FLOOD, "stream": True}, id="stream"),
    pytest.param(FOLLOW_UP, id="rewording for an answer"),
    pytest.param({**FOLLOW_UP, "stream": True}, id="rewording for a stream"),
]


@contextmanager
def modelled(reply, store, **settings):
    """Serve answers of a scripted model: give a client, the model's server and the assistant."""
    with (
        scripted(reply, store, **settings) as (assistant, model),
        serving(create_api(assistant)) as client,
    ):
        yield client, model, assistant


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.005)
    return condition()


def sent_off(client, body):
    """Return the connection on which the body went out, unanswered."""
    connection = socket.create_connection((client.base_url.host, client.base_url.port))
    content = json.dumps(body).encode()
    head = f"POST /v1/answers HTTP/1.1\r\nHost: a\r\nContent-Length: {len(content)}\r\n"
    connection.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + content)
    return connection


def test_a_models_answer_over_http_is_a_valid_one(sample_store):
    with modelled(BEHAVIOURS["answers-well"], sample_store) as (client, _, assistant):
        plain = post(client, question=FLOOD).json()
        (first, _), *between, (last, streamed) = stream(client, FLOOD)
        expected = assistant.ask(FLOOD)
        assert_valid(expected, assistant)
    assert (first, last) == ("sources", "answer")
    assert {name for name, _ in between} == {"pending", "token"}
    assert "".join(data["text"] for name, data in between if name == "token") == plain["answer"]
    for key in expected.to_dict().keys() - {"timings_ms"}:
        assert streamed[key] == plain[key] == json.loads(json.dumps(expected.to_dict()))[key]
    assert plain["usage"] == {"calls": 1, "input_tokens": 100, "output_tokens": 7}


@pytest.mark.parametrize("body", WAYS)
def test_who_hangs_up_ends_the_models_call(body, sample_store):
    with modelled(BEHAVIOURS["stalls"], sample_store, timeout=60) as (client, model, _):
        with closing(sent_off(client, body)):
            assert wait_for(lambda: model.requests)
        hung_up = time.monotonic()
        assert wait_for(lambda: model.gone and not model.open)
        assert time.monotonic() - hung_up < 1
        assert len(model.requests) == 1


def test_who_hangs_up_while_a_model_writes_ends_it_too(sample_store):
    slow = BEHAVIOURS["answers-well"]
    with modelled(
        lambda text: slow(text)._replace(pace=0.2), sample_store, timeout=60
    ) as (client, model, _):  # fmt: skip
        body = {"question": FLOOD, "stream": True}
        with client.stream("POST", "/v1/answers", json=body) as response:
            assert any(line == "event: pending" for line in response.iter_lines())
        assert wait_for(lambda: model.gone and not model.open, 2)


@pytest.mark.parametrize("streamed", [False, True])
def test_too_many_at_once_are_told_to_come_again(streamed, sample_store, monkeypatch):
    monkeypatch.setattr("rag.server._MOST_AT_ONCE", 2)
    with modelled(BEHAVIOURS["stalls"], sample_store, timeout=60) as (client, model, _):
        body = {"question": FLOOD, "stream": streamed}
        waiting = [sent_off(client, body) for _ in range(2)]
        assert wait_for(lambda: len(model.requests) == 2)
        response = post(client, **body)
        refused(response, 429, "ask again")
        assert response.headers["retry-after"] == "1"
        assert client.get("/healthz").status_code == 200
        for connection in waiting:
            connection.close()
        assert wait_for(lambda: len(model.gone) == 2)
        answered = {"question": FLOOD, "model": "quoting"}
        assert wait_for(lambda: post(client, **answered).status_code == 200)


def test_a_question_refused_or_answered_gives_its_place_back(sample_store, monkeypatch):
    monkeypatch.setattr("rag.server._MOST_AT_ONCE", 1)
    with modelled(lambda _: Reply(""), sample_store) as (client, _, _):
        for _ in range(3):
            refused(post(client, question=""), 422)
            refused(post(client, question="", stream=True), 422)
            assert post(client, question=FLOOD).status_code == 200
            assert stream(client, FLOOD)[-1][0] == "answer"


@pytest.mark.parametrize("streamed", [False, True])
def test_a_request_chooses_between_the_settings_model_and_quoting(streamed, sample_store):
    with modelled(BEHAVIOURS["answers-well"], sample_store) as (client, model, _):
        for chosen, answered_by in ((MODEL, MODEL), (None, MODEL), ("quoting", "quoting")):
            before = len(model.requests)
            if streamed:
                body = {"question": FLOOD, "model": chosen, "stream": True}
                with client.stream("POST", "/v1/answers", json=body) as response:
                    found = events(response.iter_lines())[-1][1]
            else:
                found = post(client, question=FLOOD, model=chosen).json()
            assert found["model"] == answered_by
            assert len(model.requests) - before == (answered_by == MODEL)
        body = {"question": FLOOD, "model": "openai:other", "stream": streamed}
        refused(post(client, **body), 422, "'openai:other'", "quoting", MODEL)


# --- documentation ---------------------------------------------------------------------------


def test_the_documentation_loads_nothing_from_other_hosts(client):
    page = client.get("/docs")
    assert page.status_code == 200
    places = [httpx.URL(place) for place in re.findall(r'(?:src|href)="([^"]+)"', page.text)]
    assert any(place.path.endswith(".js") for place in places)
    for place in places:
        assert place.netloc in (b"", client.base_url.netloc)
        assert client.get(place).status_code == 200
    hosts = set(re.findall(r"https?://([^/\"']+)", page.text))
    assert hosts <= {client.base_url.netloc.decode()}


def test_openapi_names_the_routes(client):
    paths = client.get("/openapi.json").json()["paths"]
    assert paths.keys() == {
        "/v1/answers", "/v1/search", "/v1/articles/{article_id}", "/healthz", "/readyz",
    }  # fmt: skip


# --- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"question": "a"} x', b'{"question": NaNa}'])
def test_a_body_that_is_no_json_is_400(client, content):
    headers = {"content-type": "application/json"}
    refused(client.post("/v1/answers", content=content, headers=headers), 400)


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ({}, "question"),
        ([RISSE], ""),
        ({"question": None}, "question"),
        ({"question": ""}, "''"),
        ({"question": "🙂"}, "'🙂'"),
        ({"question": "x" * 2001}, "2,001"),
        ({"question": "Mia\ud800mi"}, "Unicode"),
        ({"question": RISSE, "colour": 1}, "colour"),
        ({"question": RISSE, "date_from": "gestern"}, "date_from"),
        ({"question": RISSE, "date_from": "2025-12-02", "date_to": "2025-12-01"}, "2025-12-02"),
        ({"question": RISSE, "as_of": "2025-02-30"}, "as_of"),
        ({"question": RISSE, "model": "gpt"}, "'gpt'"),
        ({"question": RISSE, "history": "x"}, "history"),
        ({"question": RISSE, "history": [{"role": "user"}]}, "history.0.content"),
        ({"question": RISSE, "history": [{"role": "user", "content": 1}]}, "history.0.content"),
        ({"question": RISSE, "history": [{"role": "boss", "content": ""}]}, "history.0.role"),
    ],
)
@pytest.mark.parametrize("streamed", [False, True])
def test_a_request_that_cannot_be_understood_is_422(client, body, value, streamed):
    if streamed and isinstance(body, dict):
        body = {**body, "stream": True}
    refused(
        client.post(
            "/v1/answers", content=json.dumps(body), headers={"content-type": "application/json"}
        ),
        422,
        value,
    )


@pytest.mark.parametrize(
    ("query", "value"),
    [("", "q"), ("q=", "''"), ("q=%F0%9F%99%82", "'🙂'"), ("q=a&k=0", "k"), ("q=a&k=101", "k"),
     ("q=a&kk=1", "kk"), ("q=a&date_from=x", "date_from"),
     ("q=a&date_from=2025-12-02&date_to=2025-12-01", "2025-12-02")],
)  # fmt: skip
def test_a_search_that_cannot_be_understood_is_422(client, query, value):
    refused(client.get(f"/v1/search?{query}"), 422, value)


@pytest.mark.parametrize(
    "path", ["/v1/articles/nirgends/da", "/v1/articles/a%00b", "/v1/nothing", "/v1/", "/nothing"]
)
def test_what_is_not_there_is_404(client, path):
    refused(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/answers", "POST"), ("DELETE", "/v1/search", "GET"), ("POST", "/healthz", "GET")],
)
def test_another_method_is_405_and_told_which_is_allowed(client, method, path, allowed):
    response = client.request(method, path)
    refused(response, 405)
    assert response.headers["allow"].startswith(allowed)


def chunks(count):
    yield b'{"question": "'
    for _ in range(count):
        yield b"x" * 10_000


@pytest.mark.parametrize("content", [b"x" * 1_000_001, chunks(101)], ids=["announced", "chunked"])
def test_a_body_too_large_is_413(client, content):
    headers = {"content-type": "application/json"}
    refused(client.post("/v1/answers", content=content, headers=headers), 413, "1,000,000")
    assert post(client, question=RISSE).status_code == 200


def test_a_long_conversation_is_not_too_large(client):
    history = [{"role": "user", "content": "x" * 4500}] * 200
    assert post(client, question=RISSE, history=history).status_code == 200
    refused(post(client, question=RISSE, history=[*history, *history[:1]]), 422, "history")
