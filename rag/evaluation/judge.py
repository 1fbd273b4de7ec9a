"""A language model's opinion of an answer: is it correct, and do its citations say it?

Optional, and no oracle: it is asked several times, and a run tells how often it agreed with itself
and how often it failed. A model that cannot be reached at all is an error before any question is
asked; whatever goes wrong later is counted as a failure and never as a mark. Knows how a model is
asked, nothing of intervals and reports.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, combinations
from statistics import fmean
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import prompts
from index.article import Article
from index.errors import GoldenError, first_line
from rag.evaluation.golden import GoldenQuestion, evidence_texts
from rag.evaluation.record import Judgement, Record
from rag.evaluation.usage import counted

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

TIMEOUT = 60.0  # seconds for one judgement
_RETRIES = 2
_PLACEHOLDERS = {"question", "accepted", "evidence", "answer", "cited"}


class _Reply(BaseModel):
    """What the model must reply, and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)
    correctness: float = Field(ge=0, le=1, multiple_of=0.5)
    faithfulness: float = Field(ge=0, le=1, multiple_of=0.5)


class Judge:
    """Asks the model ``name`` for ``repeats`` judgements of each answer.

    ``find`` returns an article by its id, for the text of the evidence.
    """

    def __init__(
        self, name: str, repeats: int, find: Callable[[str], Article | None],
        timeout: float = TIMEOUT,
    ) -> None:  # fmt: skip
        self._repeats = repeats
        self._find = find
        self._prompt = prompts.load("judge", _PLACEHOLDERS)
        self._model = _connect(name, timeout)

    def judge(self, question: GoldenQuestion, record: Record) -> Record:
        """Return the record with its judgements; only answers are judged."""
        if record.status != "answered":
            return record
        text = self._filled(question, record)
        with counted() as tokens:
            judgements = tuple(self._judgement(text) for _ in range(self._repeats))
        return dataclasses.replace(record, judgements=judgements, judge_tokens=tokens)

    def _filled(self, question: GoldenQuestion, record: Record) -> str:
        found = ((evidence, self._find(evidence.article_id)) for evidence in question.evidence)
        return self._prompt.fill(
            question=prompts.data(question.question),
            accepted=prompts.data(question.answers),
            evidence=prompts.data([t for e, a in found if a for t in evidence_texts(e, a)]),
            answer=prompts.data(record.answer),
            cited=prompts.data({cited.number: cited.text for cited in record.citations}),
        ).user

    def _judgement(self, text: str) -> Judgement:
        try:
            reply = _Reply.model_validate_json(self._model.invoke(text).text)
        except ValidationError:
            return Judgement(failure="the reply is not the JSON object asked for")
        except Exception as error:  # every provider has errors of its own
            return Judgement(failure=type(error).__name__)
        return Judgement(reply.correctness, reply.faithfulness)


def judge_metrics(question: GoldenQuestion, record: Record) -> dict[str, float | None]:
    """Return the mean marks of one answer; ``None`` where there are none.

    An answer to an unanswerable question can be faithful, but there is nothing to be correct by.
    """
    valid = _valid(record)
    return {
        "judge_correctness": fmean(j.correctness for j in valid)
        if valid and question.answerable
        else None,
        "judge_faithfulness": fmean(j.faithfulness for j in valid) if valid else None,
    }


def summary(records: Iterable[Record]) -> dict[str, Any]:
    """Return how many judgements there are, what failed how often, and how well repeats agree.

    ``agreement`` is the share of pairs of judgements of one answer that give the same marks; it is
    absent where no answer has two.
    """
    judged = list(records)
    every = list(chain.from_iterable(record.judgements for record in judged))
    pairs = [pair for record in judged for pair in combinations(_valid(record), 2)]
    failures = Counter(judgement.failure for judgement in every if judgement.failure)
    found = {"judgements": len(every), "failures": dict(sorted(failures.items()))}
    agreed = {"agreement": round(fmean(one == other for one, other in pairs), 6)} if pairs else {}
    return found | agreed


def _valid(record: Record) -> Sequence[Judgement]:
    return [judgement for judgement in record.judgements if not judgement.failure]


def _connect(name: str, timeout: float) -> BaseChatModel:
    """Return the model, after it has replied once."""
    from langchain.chat_models import init_chat_model

    # Servers that are merely compatible with OpenAI often have no responses API.
    options: dict[str, Any] = {"timeout": timeout, "max_retries": _RETRIES}
    if name.startswith("openai:"):
        options["use_responses_api"] = False
    try:
        model: BaseChatModel = init_chat_model(name, **options)
        model.invoke("Reply with {}")
    except Exception as error:  # as above; here each means that there is no judge
        raise GoldenError(
            f"judge {name!r} cannot be used: {first_line(error)}: check the name, the key and "
            "the address (for openai: OPENAI_API_KEY, OPENAI_BASE_URL); nothing was asked"
        ) from error
    return model
