"""An answer while it is put together: its sentences, and their citations numbered in their order.

Knows nothing of where the sentences come from.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rag.answer import Citation, Sentence, Support


class Composition:
    """Sentences so far; words that are cited twice are one citation."""

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.citations: list[Citation] = []
        self.text = ""

    def has(self, text: str) -> bool:
        """Tell whether a sentence says just this."""
        return any(text == sentence.text for sentence in self.sentences)

    def add(self, text: str, citations: Sequence[Citation], support: Support) -> str:
        """Add a sentence and return the piece by which the answer's text has grown."""
        numbers = tuple(dict.fromkeys(map(self._number, citations)))
        self.sentences.append(Sentence(text, numbers, support))
        marks = "".join(f"[{number}]" for number in numbers)
        piece = " ".join(filter(None, (text, marks)))
        piece = f" {piece}" if self.text else piece
        self.text += piece
        return piece

    def _number(self, citation: Citation) -> int:
        for known in self.citations:
            if dataclasses.replace(known, number=citation.number) == citation:
                return known.number
        number = len(self.citations) + 1
        self.citations.append(dataclasses.replace(citation, number=number))
        return number
