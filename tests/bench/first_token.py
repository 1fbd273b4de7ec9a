"""How long after a model has written its first sentence does the reader have it, proven?

    python tests/bench/first_token.py

50 questions of the sample articles, over a real socket: the model sends one sentence and then
waits, so that what passes until the first ``Token`` is the way there and the check, nothing else.
Sentences that name a wrong source are measured for comparison: all others are tried for them.
"""

import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import index
from index.store import Store
from index.sync import synchronise
from rag.answer import Token
from rag.evaluation.golden import read
from tests.contract import scripted
from tests.golden import SAMPLES
from tests.openai_server import Reply
from tests.scripted_model import BEHAVIOURS, best_sentences, cites_another, part, well

QUESTIONS, BAR = 50, 50  # milliseconds, at the 95th percentile
PAUSE = 0.1  # seconds; longer than a check takes


class OneSentence:
    """A model that writes one sentence, pauses, and ends; ``sent`` is when it was sent."""

    def __init__(self, write):
        self.write = write
        self.sent = 0.0

    def __call__(self, text):
        if "<sources>" not in text or "<sentence>" in text:
            return BEHAVIOURS["answers-well"](text)
        sentence = self.write(*best_sentences(text)[0], part("sources", text))
        self.sent = time.perf_counter()
        return Reply(f"{sentence}\n", piece=len(sentence), pace=PAUSE)


def waits(store, write):
    """Return milliseconds until the first token, of each question that was answered by one."""
    model, found = OneSentence(write), []
    questions = [g.question for g in read(SAMPLES).questions.values() if g.answerable]
    with scripted(model, store) as (assistant, _):
        for question in islice(questions, QUESTIONS):
            *events, answer = ((event, time.perf_counter()) for event in assistant.stream(question))
            first = next(moment for event, moment in events if isinstance(event, Token))
            if answer[0].sentences and answer[0].sentences[0].support == "verified":
                found.append((first - model.sent) * 1000)
    return found


def printed(name, found):
    """Print median and 95th percentile; return the second."""
    late = statistics.quantiles(found, n=20)[-1]
    middle = statistics.median(found)
    name = name.replace("_", " ")
    print(f"{name:14} {len(found)} answers: median {middle:.1f} ms, p95 {late:.1f} ms")
    return late


def main():
    """Print both; return 1 if a well-cited sentence misses the bar."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        synchronise(Store(store), [Path(index.__file__).parent / "samples"], "subword")
        late = [printed(write.__name__, waits(store, write)) for write in (well, cites_another)]
    return int(late[0] > BAR)


if __name__ == "__main__":
    sys.exit(main())
