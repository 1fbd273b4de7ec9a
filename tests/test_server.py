import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

import rag
from index.errors import StoreError
from rag.answer import Sources, Token
from rag.server import _server_sent, create_api
from rag.stories import collapse
from tests.corpus import index_articles

RISSE = "Wer hat die Risse an der Kranbrücke entdeckt?"
BRIDGE = "hafenkurier/2025-11-04-kranbruecke-gesperrt"
TYPES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large",
         422: "invalid_request"}  # fmt: skip


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
    def broken(error):
        yield Sources(())
        yield Token("Ein\nAnfang")
        raise error

    *_, token, error = events("".join(_server_sent(broken(StoreError("weg")))).split("\n"))
    assert token == ("token", {"text": "Ein\nAnfang"})
    assert error == ("error", {"error": {"type": "unavailable", "message": "weg"}})
    *_, error = events("".join(_server_sent(broken(ValueError("geheim")))).split("\n"))
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
