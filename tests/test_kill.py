"""``kill -9`` at any moment of ``beleg index`` leaves a store that answers as before.

Twenty kills of a real process, spread over its whole run: ten while it copies and changes the last
generation, ten while it builds from nothing (then its child, which writes the lexical index, is
left an orphan). They are cut in four so that two cores can share them.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

import rag
from index.store import Store
from rag.settings import Settings
from tests.corpus import numbered, write

BELEG = [sys.executable, "-c", "from ui.cli import main; main()"]
ARTICLES = 120
SHARE = {"copy": 0.1, "scratch": 1.0}  # of the articles that change
KILLS = 10


class Corpus:
    """A folder of articles, its store, and the version of them that was indexed last."""

    def __init__(self, folder, share):
        self.folder, self.share, self.version = folder, share, 0
        self.store = Store(folder / "store")
        self.change()
        self.index()

    def change(self):
        """Write the next version: the first ``share`` of the articles says something new."""
        self.version += 1
        changed = numbered(int(ARTICLES * self.share), f" zum {self.version}. Mal").items()
        write(self.folder / "articles", {**numbered(ARTICLES), **dict(changed)})

    def start(self):
        command = [
            *BELEG,
            "index",
            str(self.folder / "articles"),
            "--store",
            str(self.store.folder),
        ]
        return subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def index(self):
        """Run ``beleg index`` to its end and return how long it took."""
        started = time.monotonic()
        with self.start() as process:
            _, said = process.communicate()
        assert (process.returncode, said) == (0, "")
        return time.monotonic() - started

    def index_and_kill(self, after):
        with self.start() as process:
            time.sleep(after)
            os.kill(process.pid, signal.SIGKILL)

    def assert_answers(self, version):
        with closing(self.store.open()) as generation:
            generation.check()
        with rag.open(Settings(store=self.store.folder)) as assistant:
            for number in (0, ARTICLES - 1):
                changed = number < int(ARTICLES * self.share)
                again = f" zum {version}. Mal" if changed else ""
                answer = assistant.ask(f"In welchem Dorf wurde Glocke{number} geläutet?")
                quote = f"In Dorf{number} wurde Glocke{number} geläutet{again}."
                assert quote in {citation.quote for citation in answer.citations}


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
@pytest.mark.parametrize("way", SHARE)
def test_the_store_answers_after_any_kill(tmp_path, way, half):
    corpus = Corpus(tmp_path, SHARE[way])
    corpus.change()
    duration = corpus.index()
    chance = random.Random(f"{way} {half}")
    for part in range(half, KILLS, 2):
        before, version = corpus.store.current(), corpus.version
        corpus.change()
        corpus.index_and_kill(duration * (part + chance.random()) / KILLS)
        was_published = corpus.store.current() != before
        corpus.assert_answers(corpus.version if was_published else version)
        corpus.index()
        corpus.assert_answers(corpus.version)
