import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from subprocess import PIPE

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from index.errors import ModelError, SettingsError
from rag import settings
from rag.allowance import Allowance, Usage
from rag.evaluation.usage import counted
from rag.loop import running_loop
from rag.model import LanguageModel
from tests.openai_server import BROKEN, BUSY, GARBAGE, TOKENS, Reply, event, serving

NAME = "openai:test-model"
TEXT = "Die Brücke ist gesperrt. Sie bleibt es bis Mai."
HALF = "Die Brücke ist gesperrt."
SHORT = 0.3  # seconds
PATIENT = 20.0
BUSY_MACHINE = 1.5
EVENTS = (("Content-Type", "text/event-stream"),)
ENDLESS = Reply("Wort " * 100_000, pace=0.02)
COUNTED = Usage(1, TOKENS["prompt_tokens"], TOKENS["completion_tokens"])
KEY = "sk-abcdefghijklmnop"


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(variable, raising=False)


@contextmanager
def connected(reply, **given):
    """Serve a reply, or what a function replies, and yield the server and a model that asks it."""
    with serving(reply if callable(reply) else lambda text: reply) as server:
        options = {"model": NAME, "base_url": server.address, "retries": 0} | given
        model = LanguageModel(settings.load(**options))
        try:
            yield server, model
        finally:
            model.close()


def stream(model, user="Wer?", usage=None, seconds=PATIENT):
    allowance = Allowance(seconds)
    allowance.usage = Usage() if usage is None else usage
    return model.stream("Sei knapp.", user, allowance)


def told(pieces):
    """Return the text of all pieces, and how the reply failed if it did."""
    taken = []
    try:
        for piece in pieces:
            assert piece
            taken.append(piece)
    except ModelError as error:
        return "".join(taken), str(error)
    return "".join(taken), None


def asked(reply, seconds=PATIENT, **given):
    """Return text and failure of one reply, what it took, and the requests the server got."""
    usage = Usage()
    with connected(reply, timeout=seconds, **given) as (server, model):
        text, failure = told(stream(model, usage=usage, seconds=seconds))
    return text, failure, usage, server.requests


def eventually(condition):
    limit = time.monotonic() + 5
    while not condition() and time.monotonic() < limit:
        time.sleep(0.005)
    return condition()


def raw(*events):
    return Reply(body="".join(events), headers=EVENTS)


# A reply as it should be


def test_a_reply_arrives_and_is_counted():
    text, failure, usage, [request] = asked(Reply(TEXT))
    assert (text, failure, usage) == (TEXT, None, COUNTED)
    assert request["path"] == "/v1/chat/completions"
    assert (request["model"], request["temperature"]) == ("test-model", 0)
    assert [(message["role"], message["content"]) for message in request["messages"]] == [
        ("system", "Sei knapp."),
        ("user", "Wer?"),
    ]


def test_its_pieces_arrive_before_it_has_ended():
    with connected(ENDLESS) as (_, model):
        pieces = stream(model)
        assert [next(pieces) for _ in range(3)] == ["Wort", " Wor", "t Wo"]
        pieces.close()


def test_a_whole_reply_is_all_its_pieces_and_connections_are_kept():
    allowance = Allowance(PATIENT)
    with connected(Reply(TEXT)) as (server, model):
        for _ in range(3):
            assert model.complete("", "Wer?", allowance) == TEXT
        assert len(server.open) == 1
    assert allowance.usage == Usage(3, 300, 21)


@pytest.mark.filterwarnings("ignore:Pydantic serializer")  # openai's types know no list of parts
def test_only_text_counts():
    parts = [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Ja."}]
    reply = raw(
        event({"reasoning_content": "Erst denken."}),
        event({"content": parts}),
        event({"content": " Doch."}),
        event({"content": ""}, finish="stop"),
        "data: [DONE]\n\n",
    )
    assert asked(reply)[:2] == ("Ja. Doch.", None)


def test_tokens_that_are_reported_again_and_again_are_counted_once():
    reply = raw(
        event({"content": "Ja"}, usage=TOKENS | {"completion_tokens": 1}),
        event({"content": "."}, usage=TOKENS, finish="stop"),
    )
    assert asked(reply)[:3] == ("Ja.", None, COUNTED)


def test_whoever_counts_tokens_around_a_call_sees_them():
    with connected(Reply(TEXT)) as (_, model), counted() as tokens:
        assert "".join(stream(model)) == TEXT
    assert tokens == {"input": 100, "output": 7}


def test_usage_names_a_cost_only_with_a_price():
    usage = Usage(2, 3000, 100)
    counts = {"calls": 2, "input_tokens": 3000, "output_tokens": 100}
    assert usage.to_dict(0, 0) == counts
    assert usage.to_dict(0.15, 0.6) == counts | {"cost": 0.00051}
    assert usage.to_dict(0, 10) == counts | {"cost": 0.001}


# Replies as they should not be


@pytest.mark.parametrize(
    ("reply", "text", "failure"),
    [
        (Reply(TEXT, finish="length"), TEXT, "was cut off: the reply is longer than its limit"),
        (Reply(TEXT, finish="content_filter"), TEXT, "withheld its reply, or the rest of it"),
        (Reply("", finish="content_filter"), "", "withheld its reply, or the rest of it"),
        (Reply("I cannot.", delta="refusal"), "", "replied nothing, or refused to"),
        (Reply("Hm.", delta="reasoning_content"), "", "replied nothing, or refused to"),
        (Reply(""), "", "replied nothing, or refused to"),
        (Reply(" \n"), " \n", "replied nothing, or refused to"),
        (Reply(TEXT, finish=None), TEXT, "broke off in the middle"),
    ],
)  # fmt: skip
def test_a_reply_that_is_not_whole_is_a_failure_and_counted(reply, text, failure):
    got, message, usage, _ = asked(reply)
    assert (got, usage) == (text, COUNTED)
    assert message.startswith(f"model '{NAME}' {failure}")


def test_a_connection_that_breaks_leaves_what_had_arrived():
    text, failure, usage, _ = asked(Reply(TEXT, cut=True))
    assert text == HALF
    assert failure == f"model '{NAME}' broke off in the middle of its reply: ask again"
    assert usage == Usage(1, 0, 0)


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (GARBAGE, "did not reply as a language model does (ValueError): check base_url"),
        (Reply(body='{"choices": []}'), "did not reply as a language model does"),
        (Reply(body=""), "did not reply as a language model does"),
        (raw("data: {nonsense\n\n"), "did not reply as a language model does (JSONDecodeError)"),
        (raw('data: {"choices": [{}]}\n\n'), "did not reply as a language model does"),
        (raw("data: [DONE]\n\n"), "did not reply as a language model does"),
        (raw('data: {"error": {"message": "no\\nmemory"}}\n\n'), "reported an error: no"),
        (BROKEN, "failed with a server error (500): ask again later"),
        (Reply(status=503, body="<html>"), "failed with a server error (503)"),
        (BUSY, "is at its quota or rate limit (429): ask again later"),
        (Reply(status=404, body="{}"), "is unknown to its server (404): check the settings model"),
        (Reply(status=400, body='{"error": {"message": "x\\ny"}}'), "refused the request (400): x"),
        (Reply(cut=True), "cannot be reached, or hangs up: check base_url"),
    ],
)  # fmt: skip
def test_a_server_that_does_not_reply_is_a_failure(reply, failure):
    text, message, usage, _ = asked(reply)
    assert (text, usage) == ("", Usage(1, 0, 0))
    assert message.startswith(f"model '{NAME}' {failure}")
    assert "\n" not in message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_no_key_gets_into_a_message(monkeypatch, status):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    said = Reply(status=status, body=f'{{"error": {{"message": "Incorrect key: {KEY}"}}}}')
    _, failure, _, [request] = asked(said)
    assert request["authorization"] == f"Bearer {KEY}"
    assert f"({status})" in failure
    assert KEY not in failure
    assert status == 400 or "Incorrect" not in failure


def test_a_server_that_is_down_is_a_failure():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        model = LanguageModel(settings.load(model=NAME, base_url=address, retries=0))
        failure = told(stream(model))[1]
        model.close()
    assert failure.startswith(f"model '{NAME}' cannot be reached, or hangs up: check base_url")


def test_a_server_that_recovers_costs_nothing():
    at_once = (("retry-after-ms", "1"),)
    left = [BUSY._replace(headers=at_once), BROKEN._replace(headers=at_once), Reply(TEXT)]
    text, failure, usage, requests = asked(lambda text: left.pop(0), retries=2)
    assert (text, failure, usage) == (TEXT, None, COUNTED)
    assert len(requests) == 3


_FRAGMENTS = [
    event({"content": "Ja."}), event({}, finish="stop"), event(None), event({"content": ["x"]}),
    event({"content": 5}), event({"content": "x"}, usage={"prompt_tokens": "many"}),
    "data: [DONE]\n\n", "data: {\n\n", "data: 5\n\n", "data: null\n\n", 'data: "x"\n\n',
    'data: {"choices": null}\n\n', 'data: {"choices": [null]}\n\n', "event: error\n", ": ping\n\n",
    'data: {"error": "x"}\n\n', "data", "\n\n", "<html>",
]  # fmt: skip


@pytest.fixture(scope="module")
def scripted():
    """A server and model of which ``script[0]`` says what they reply."""
    script = [Reply()]
    with connected(lambda text: script[0]) as (_, model):
        yield script, model


@examples(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(_FRAGMENTS), st.text(max_size=20)), max_size=6))
def test_whatever_a_server_says_is_a_reply_or_one_line(scripted, fragments):
    script, model = scripted
    script[0] = raw(*fragments)
    text, failure = told(stream(model))
    assert failure or text.strip()
    assert not failure or len(failure.splitlines()) == 1


# Time


@pytest.mark.parametrize(
    "reply",
    [
        Reply(TEXT, stall=PATIENT),
        Reply(TEXT, pace=PATIENT),
        ENDLESS,
        Reply("x" * 100_000, piece=1),
        BUSY._replace(headers=(("Retry-After", "100"),)),
        BUSY._replace(stall=PATIENT),
    ],
)
def test_nothing_takes_longer_than_the_deadline(reply):
    with connected(reply, timeout=SHORT, retries=2) as (_, model):
        begun = time.monotonic()
        text, failure = told(stream(model, seconds=SHORT))
        assert time.monotonic() - begun < SHORT + BUSY_MACHINE
    assert failure.startswith(f"model '{NAME}' took longer than {SHORT} s")
    assert reply.text.startswith(text)


def test_a_server_that_says_come_back_in_an_hour_is_believed():
    _, failure, _, requests = asked(BUSY._replace(headers=(("Retry-After", "3600"),)), retries=2)
    assert "(429)" in failure
    assert len(requests) == 1


def test_a_deadline_that_has_passed_is_one():
    with connected(Reply(TEXT)) as (_, model):
        assert "took longer" in told(stream(model, seconds=-1))[1]


def test_a_loop_that_is_busy_with_others_is_no_excuse():
    with connected(Reply(TEXT)) as (_, model):
        begun = time.monotonic()
        running_loop().call_soon_threadsafe(time.sleep, 1)
        assert "took longer" in told(stream(model, seconds=0.1))[1]
        assert time.monotonic() - begun < 1


def test_waiting_for_a_place_counts():
    with connected(ENDLESS, concurrency=1) as (server, model):
        first, usage = stream(model), Usage()
        next(first)
        begun = time.monotonic()
        assert "took longer" in told(stream(model, usage=usage, seconds=SHORT))[1]
        assert time.monotonic() - begun < SHORT + BUSY_MACHINE
        assert (usage, len(server.requests)) == (Usage(), 1)
        first.close()
        second = stream(model)
        assert next(second) == "Wort"  # the place is free again
        second.close()


# Who goes away


def test_a_reader_who_goes_away_ends_the_call():
    with connected(ENDLESS) as (server, model):
        pieces = stream(model, user="Was?")
        next(pieces)
        assert len(server.open) == 1
        pieces.close()
        assert eventually(lambda: server.gone and not server.open)
        assert server.gone == server.requests


def test_a_reader_who_forgets_the_pieces_ends_the_call_too():
    with connected(ENDLESS) as (server, model), counted():
        for _ in stream(model):
            break
        assert eventually(lambda: server.gone and not server.open)


@pytest.mark.parametrize("reply", [Reply(TEXT, stall=PATIENT), ENDLESS])
def test_the_deadline_ends_the_call(reply):
    with connected(reply) as (server, model), counted():
        told(stream(model, seconds=SHORT))
        assert eventually(lambda: server.gone and not server.open)


def test_pieces_that_nobody_takes_end_with_the_deadline_too():
    with connected(ENDLESS) as (server, model):
        pieces = stream(model, seconds=SHORT)
        next(pieces)
        assert eventually(lambda: server.gone and not server.open)
        pieces.close()


def test_cancelling_the_allowance_ends_the_call_from_any_thread():
    with connected(Reply(TEXT, stall=PATIENT)) as (server, model):
        allowance = Allowance(PATIENT)
        threading.Timer(0.1, allowance.cancel).start()
        with pytest.raises(ModelError, match="closed before it had replied"):
            model.complete("", "Wer?", allowance)
        assert eventually(lambda: server.gone)


def test_nothing_is_sent_for_an_allowance_that_is_cancelled():
    with connected(Reply(TEXT)) as (server, model):
        allowance = Allowance(PATIENT)
        allowance.cancel()
        running_loop().call_soon_threadsafe(time.sleep, 0.1)  # the call begins after its end
        with pytest.raises(ModelError, match="closed before it had replied"):
            model.complete("", "Wer?", allowance)
    assert server.requests == []


def test_closing_the_model_ends_its_calls_and_connections():
    with connected(lambda text: Reply(TEXT) if text == "kurz" else ENDLESS) as (server, model):
        pieces = stream(model, "lang")
        next(pieces)
        "".join(stream(model, "kurz"))
        assert len(server.open) == 2
        model.close()
        assert told(pieces)[1] == f"model '{NAME}' was closed before it had replied"
        assert eventually(lambda: not server.open)


def test_closing_one_model_leaves_another_alone():
    with connected(Reply(TEXT)) as (server, model):
        other = LanguageModel(settings.load(model=NAME, base_url=server.address, retries=0))
        assert "".join(stream(other)) == "".join(stream(model)) == TEXT
        other.close()
        assert "".join(stream(model)) == TEXT
        assert eventually(lambda: len(server.open) == 1)


_PROGRAM = f"""
import sys
from rag import settings
from rag.allowance import Allowance
from rag.model import LanguageModel
model = LanguageModel(settings.load(model={NAME!r}, base_url=sys.argv[1]))
pieces = model.stream("", "Wer?", Allowance(60))
print(next(pieces), flush=True)
"""


@contextmanager
def another_process(program, reply):
    with serving(lambda text: reply) as server:
        command = [sys.executable, "-W", "error", "-c", program, server.address]
        with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True) as process:
            yield process
        assert eventually(lambda: server.gone)


def test_a_process_that_stops_in_the_middle_stops_quietly():
    with another_process(_PROGRAM, ENDLESS) as process:
        assert process.communicate(timeout=60) == ("Wort\n", "")
    assert process.returncode == 0


def test_a_process_that_waits_can_be_interrupted():
    with another_process(f"{_PROGRAM}next(pieces)", Reply(TEXT, pace=PATIENT)) as process:
        assert process.stdout.readline() == "Die \n"
        time.sleep(0.1)  # by now it waits for the next piece
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
    assert said.endswith("\nKeyboardInterrupt\n")
    assert said.count("Traceback") == 1


# Many at once


def test_no_more_calls_than_the_settings_allow():
    busy, most, watching = [], [], threading.Lock()

    def reply(text):
        with watching:
            busy.append(text)
            most.append(len(busy))
        time.sleep(0.01)
        with watching:
            busy.remove(text)
        return Reply(text)

    with connected(reply, concurrency=3) as (_, model), ThreadPoolExecutor(30) as threads:
        assert [*threads.map(lambda n: told(stream(model, f"{n}")), range(30))] == [
            (f"{n}", None) for n in range(30)
        ]
    assert max(most) == 3


def test_two_hundred_threads_at_once():
    start = threading.Barrier(200)

    def ask(number):
        start.wait()
        pieces = stream(model, f"{number}")
        if number % 4 == 1:
            next(pieces)
            return pieces.close()
        return told(pieces)

    def reply(text):
        return {1: ENDLESS, 2: BUSY}.get(int(text) % 4, Reply(text))

    with connected(reply, concurrency=50) as (server, model), ThreadPoolExecutor(200) as threads:
        found = [*threads.map(ask, range(200))]
        assert eventually(lambda: len(server.gone) == 50)
    assert found[::4] == [(f"{n}", None) for n in range(0, 200, 4)]
    assert all("(429)" in failure for _, failure in found[2::4])
    assert len(server.requests) == 200


# Models that there are not


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gpt", "is unknown: use 'quoting' or 'provider:model', for example 'openai:"),
        ("openai:", "is unknown: use 'quoting'"),
        (":x", "is unknown: use 'quoting'"),
        ("nobody:x", "cannot be used: Unsupported provider='nobody'."),
        ("ollama:a:b", "cannot be used: .*pip install langchain-ollama"),
        ("openai:x", "cannot be used: Missing credentials.*OPENAI_API_KEY"),
        ("azure_openai:x", "cannot be used: Value error, Must provide either the `api_version`"),
    ],
)
def test_a_model_that_cannot_be_used_is_an_error_before_it_is_asked(monkeypatch, name, said):
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", KEY)
    with pytest.raises(SettingsError, match=f"^model '{name}' {said}") as caught:
        LanguageModel(settings.load(model=name))
    assert "\n" not in str(caught.value)


def test_nothing_is_sent_before_a_question_is_asked():
    with connected(Reply(TEXT)) as (server, _):
        pass
    assert server.requests == []


@pytest.mark.parametrize(("name", "temperature"), [("gpt-4.1", 0), ("o3-mini", None)])
def test_models_that_think_keep_their_temperature(name, temperature):
    *_, [request] = asked(Reply(TEXT), model=f"OpenAI:{name}")
    assert request.get("temperature") == temperature


def test_it_is_cheap_to_import():
    program = "import sys, rag.model; print({'langchain_core', 'openai'} & {*sys.modules})"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "set()\n"
