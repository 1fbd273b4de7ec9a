"""Asks a language model to reword a question: to stand alone, or in the archive's language.

Both only help the search: where the model fails, there is simply no rewording. Knows nothing of
searching.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import prompts
from index import language
from index.errors import ModelError
from rag import phrases
from rag.allowance import Allowance
from rag.model import LanguageModel
from rag.question import LONGEST

_FOLLOW_UP = prompts.load("follow_up", {"conversation", "question"})
_TRANSLATE = prompts.load("translate", {"language", "question"})
_TURNS = 6  # of the conversation, the last ones


class Rewording:
    """Rewords for one answer, within its allowance."""

    def __init__(self, model: LanguageModel, allowance: Allowance) -> None:
        self._model = model
        self._allowance = allowance

    def self_contained(self, question: str, history: Sequence[Mapping[str, Any]]) -> str | None:
        """Return a follow-up as it would be asked without the conversation before."""
        turns = [{"role": t.get("role"), "content": t.get("content")} for t in history[-_TURNS:]]
        filled = _FOLLOW_UP.fill(conversation=prompts.data(turns), question=prompts.data(question))
        return self._reworded(filled)

    def translated(self, question: str, tongue: str) -> str | None:
        """Return the question in the language ``tongue``, ``"de"`` or ``"en"``."""
        return self._reworded(
            _TRANSLATE.fill(language=phrases.LANGUAGE[tongue], question=prompts.data(question))
        )

    def _reworded(self, filled: prompts.Messages) -> str | None:
        try:
            reply = self._model.complete(*filled, self._allowance)
        except ModelError:
            return None
        line = next(iter(reply.strip().splitlines()), "").strip(' "')
        return line if len(line) <= LONGEST and language.words(line) else None
