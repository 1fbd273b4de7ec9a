"""The assistant: asks, searches and streams over one store, always on its newest generation.

The Python door of Beleg; the server, the command line and the chat all come in through it. How an
answer is made stands in ``chain``.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing
from datetime import date
from functools import cached_property
from types import TracebackType
from typing import Any, Self, cast

from langchain_core.runnables import Runnable, RunnableLambda

from index import embedding
from index.archive import Archive
from index.article import Article
from index.errors import NotFound, QuestionError, SettingsError
from index.generation import Manifest
from index.lexical import Period
from index.serving import Serving
from index.store import Store
from rag import chain
from rag.allowance import Allowance
from rag.answer import Answer, Event, Hit
from rag.chain import Request
from rag.examples import examples_from
from rag.model import LanguageModel
from rag.question import understand
from rag.retrieval import HybridRetriever, retrieve
from rag.settings import Settings
from rag.threads import in_thread

QUOTING = "quoting"  # the built-in answerer, which cites verbatim
_EXAMPLES, _EXAMPLES_FROM = 4, 60  # so many are shown, from the newest so many articles


class Assistant:
    """Answers questions over the store that ``settings`` name; may be used from many threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._model = None if settings.model == QUOTING else LanguageModel(settings)
        self._serving = Serving(Store(settings.store), settings.embedding)
        self._embedding = embedding.load(settings.embedding, settings.base_url)
        self._examples: tuple[str, tuple[str, ...]] = ("", ())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def ask(self, question: str, **request: Any) -> Answer:
        """Return the cited answer to ``question``; further arguments as in ``Request``.

        Raises:
            QuestionError: the question is empty or too long, or the period is reversed.
        """
        *_, answer = self.stream(question, **request)
        assert isinstance(answer, Answer)
        return answer

    async def aask(self, question: str, **request: Any) -> Answer:
        """Return what ``ask`` returns, without blocking the event loop."""
        *_, answer = [event async for event in self.astream(question, **request)]
        assert isinstance(answer, Answer)
        return answer

    async def astream(self, question: str, **request: Any) -> AsyncGenerator[Event]:
        """Yield what ``stream`` yields, without blocking; who stops early ends the model's call."""
        allowance = Allowance(self.settings.timeout)
        events = in_thread(self.stream(question, allowance=allowance, **request))
        try:
            async with aclosing(events):
                async for event in events:
                    yield event
        finally:
            allowance.cancel()

    def stream(self, question: str, **request: Any) -> Generator[Event]:
        """Yield the sources, then the answer's text piece by piece, then the whole answer."""
        yield from self.runnable.stream(cast(Request, {"question": question, **request}))

    def search(
        self, query: str, k: int = 10, date_from: date | None = None, date_to: date | None = None
    ) -> tuple[Hit, ...]:
        """Return the ``k`` best paragraphs, best first; raises ``QuestionError``."""
        if k < 1:
            raise QuestionError(f"k is {k}: ask for one hit or more")
        question = understand(query, period=Period(date_from, date_to))
        with self._serving.lease() as generation:
            return retrieve(question, generation, self._embedding, k)

    def article(self, article_id: str) -> Article:
        """Return an article with all its paragraphs; raises ``NotFound``."""
        with self._serving.lease() as generation:
            article = generation.archive.article(article_id)
        if article is None:
            raise NotFound(f"article {article_id!r} is not in the archive")
        return article

    def paragraph(self, article_id: str, number: int) -> str:
        """Return the text of one paragraph; raises ``NotFound``."""
        for paragraph in self.article(article_id).paragraphs:
            if paragraph.number == number:
                return paragraph.text
        raise NotFound(f"article {article_id!r} has no paragraph {number}")

    def examples(self) -> tuple[str, ...]:
        """Return some questions the newest articles answer; found once per generation."""
        with self._serving.lease() as generation:
            if self._examples[0] != generation.name:
                self._examples = (generation.name, self._find_examples(generation.archive))
        return self._examples[1]

    def _find_examples(self, archive: Archive) -> tuple[str, ...]:
        newest = (archive.article(id_) for id_ in archive.newest(_EXAMPLES_FROM))
        drafts = examples_from(article for article in newest if article is not None)
        answered = (
            draft for draft in drafts if self.ask(draft, model=QUOTING).status == "answered"
        )
        return tuple(itertools.islice(answered, _EXAMPLES))

    def newest(self) -> list[str]:
        """Return the ids of all articles, newest first."""
        with self._serving.lease() as generation:
            return generation.archive.newest(generation.manifest.counts["articles"])

    def newest_date(self) -> date | None:
        """Return the date of the newest article, or ``None`` when no article has one."""
        with self._serving.lease() as generation:
            newest = generation.archive.articles(generation.archive.newest(1))
        return next((article.date for article in newest.values()), None)

    def manifest(self) -> Manifest:
        """Return what the generation that serves was made of."""
        with self._serving.lease() as generation:
            return generation.manifest

    @cached_property
    def retriever(self) -> HybridRetriever:
        """The search as a LangChain retriever."""
        return HybridRetriever(search=self.search)

    @cached_property
    def runnable(self) -> Runnable[Request, Any]:
        """The chain as a LangChain runnable: ``invoke`` gives the answer, ``stream`` the events."""
        return RunnableLambda(self._events)

    def close(self) -> None:
        """Release the store, and end what is being asked of the language model."""
        if self._model is not None:
            self._model.close()
        self._serving.close()

    def _events(self, request: Request) -> Iterator[Event]:
        model = self._chosen(request.get("model"))
        with self._serving.lease() as generation:
            built = chain.build(generation, self._embedding, self.settings, model)
            yield from built.stream(request)

    def _chosen(self, name: str | None) -> LanguageModel | None:
        """Return who answers: a request may choose between the settings' model and quoting."""
        if name in (None, self.settings.model):
            return self._model
        if name == QUOTING:
            return None
        known = " and ".join(dict.fromkeys((QUOTING, self.settings.model)))
        raise SettingsError(f"model {name!r} is not served here: there is {known}")
