"""Two hundred questions at once, a model that fails three calls in ten: each ends in time.

By threads, and over HTTP. The model and the clients take their share of the same two cores.
"""

import asyncio
import itertools
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from rag.server import create_api
from tests.contract import FLOOD, GLOBE, MODEL, assert_valid, scripted
from tests.openai_server import BROKEN, BUSY, GARBAGE, Reply
from tests.scripted_model import BEHAVIOURS
from tests.test_server import serving

COUNT = 200
ASKED = (FLOOD, GLOBE, "Wer hat die Risse an der Kranbrücke entdeckt?", "Wer ist Wiebke Tamsen?")
QUESTIONS = ASKED * (COUNT // len(ASKED))
LIMIT, MARGIN = 8, 1  # seconds, as the assistant counts them
# Over HTTP the clients, the model and 200 threads share one interpreter before the count begins:
# 3.5 s where the two cores have seven other processes to run.
WAITING = 8
SETTINGS = {"timeout": LIMIT, "concurrency": COUNT, "retries": 2}
FAILING = 0.3
STALLED = Reply(stall=3600)
LATER = BUSY._replace(headers=(("Retry-After", "1"),))


def unreliable():
    """Return a model that answers well, but for three calls in ten: each fails in its own way."""
    chance, lock = random.Random(7), threading.Lock()
    failures = itertools.cycle([LATER, BROKEN, STALLED, "cut", GARBAGE])

    def reply(text):
        with lock:
            failure = next(failures) if chance.random() < FAILING else None
        if isinstance(failure, Reply):
            return failure
        return BEHAVIOURS["breaks-off" if failure else "answers-well"](text)._replace(piece=40)

    return reply


def assert_well_served(found, waiting=0):
    """Every one in time; most by the model, and some without it."""
    assert len(found) == COUNT
    assert max(answer["timings_ms"]["total"] for answer, _ in found) < (LIMIT + MARGIN) * 1000
    assert max(seconds for _, seconds in found) < LIMIT + MARGIN + waiting
    models = [answer["model"] for answer, _ in found]
    assert COUNT / 2 < models.count(MODEL) < COUNT
    for answer, _ in found:
        assert answer["model"] == MODEL or "Ohne Sprachmodell" in "".join(answer["notes"])


@pytest.mark.slow
def test_by_threads_all_get_a_valid_answer_in_time(sample_store):
    def ask(question):
        started = time.monotonic()
        answer = assistant.ask(question)
        return answer, time.monotonic() - started

    with scripted(unreliable(), sample_store, **SETTINGS) as (assistant, _):
        with ThreadPoolExecutor(COUNT) as pool:
            found = list(pool.map(ask, QUESTIONS))
        for answer, _ in found:
            assert_valid(answer, assistant)
    assert_well_served([(answer.to_dict(), seconds) for answer, seconds in found])


@pytest.mark.slow
def test_over_http_all_get_a_valid_answer_in_time(sample_store):
    async def ask(client, question):
        started = time.monotonic()
        response = await client.post("/v1/answers", json={"question": question})
        assert response.status_code == 200
        return response.json(), time.monotonic() - started

    async def ask_all(address):
        unlimited = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, limits=unlimited, timeout=60) as client:
            return await asyncio.gather(*(ask(client, question) for question in QUESTIONS))

    with (
        scripted(unreliable(), sample_store, **SETTINGS) as (assistant, _),
        serving(create_api(assistant)) as client,
    ):
        found = asyncio.run(ask_all(client.base_url))
        for answer, _ in found:
            for cited in answer["citations"]:
                text = assistant.paragraph(cited["article_id"], cited["paragraph"])
                assert text[cited["start"] : cited["end"]] == cited["quote"]
    assert_well_served(found, WAITING)
