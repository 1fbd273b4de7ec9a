"""Where in a text a statement may be proven: the few sentences in a row that say most of it.

Knows how much of a statement a run of sentences covers, not whether it is true.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from rag.matching import best_of, covered
from rag.question import Term
from rag.thesaurus import place, related
from rag.verification.parts import Amount, Clause, Part, content, parts
from rag.verification.spelling import is_same
from rag.verification.words import Kind, Token
from rag.vocabulary import SPEECH

_LONGEST = 3  # sentences; what is condensed from more reads like a summary, not like a report
_TRIED = 4
_PER_SENTENCE = 0.03  # coverage that a further sentence must add
_FIGURE = 0.3  # like a name
_OTHER_NOUN = 0.4  # what a number counts where it is said of something else
_WORSE = 0.15
_WEIGHTS = {Kind.NAME: 0.3, Kind.NOUN: 1.0, Kind.OTHER: 0.7}
_UNTRANSLATED = 0.2  # an English word that the word lists have no German for
_ALONE = 0.9  # of what all sentences of a window say, without names
# What a writer adds to say where something stands, titles, and verbs of speech, all alike.
SAYS_NOTHING = SPEECH | frozenset(
    """bericht berichts berichte artikel artikels meldung zufolge angabe angaben quelle quellen
    archiv report reports reported article according source sources zudem außerdem demnach dabei
    ferner hieß heißt sowie jeweils insgesamt rund etwa reverend rev dr prof mr mrs ms
    """.split()
)


class Source(NamedTuple):
    """What may prove a statement: a text, its article's date, and what else the article says.

    ``background`` (headline, other paragraphs) only tells who is meant by "er" or by a surname.
    """

    text: str
    background: str = ""
    date: datetime.date | None = None
    language: str = "de"


class Found(NamedTuple):
    """A sentence, and how surely it and each of its clauses has each word of the statement."""

    part: Part
    said: tuple[tuple[Clause, Mapping[str, float]], ...]
    present: Mapping[str, float]


@dataclass(frozen=True)
class Window:
    """Sentences in a row, which ``coverage`` of the statement's words stand in.

    ``anywhere`` tells how surely the whole text has each word.
    """

    source: Source
    found: tuple[Found, ...]
    coverage: float
    anywhere: Mapping[str, float]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Its sentences."""
        return tuple(one.part for one in self.found)

    @cached_property
    def said(self) -> tuple[tuple[Clause, Mapping[str, float]], ...]:
        """Its clauses, and how surely each has each word of the statement."""
        return tuple(pair for one in self.found for pair in one.said)

    @cached_property
    def present(self) -> Mapping[str, float]:
        """How surely it has each word of the statement."""
        return best_of([one.present for one in self.found])

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """All its words."""
        return tuple(token for part in self.parts for token in part.tokens)

    @cached_property
    def text(self) -> str:
        """Its sentences, a line each."""
        return "\n".join(part.text for part in self.parts)

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return min(part.start for part in self.parts)

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return max(part.end for part in self.parts)


def sentence_alone(statement: Part, window: Window) -> Part | None:
    """Return the sentence that, but for names, says as much as the whole window."""
    weights = {
        token.form: _WEIGHTS[token.kind]
        for token in content(statement.tokens)
        if token.kind is not Kind.NAME and token.form not in SAYS_NOTHING
    }
    every = coverage(weights, window.present)
    best = max(window.found, key=lambda one: coverage(weights, one.present))
    return best.part if weights and coverage(weights, best.present) >= _ALONE * every else None


def windows(statement: Part, source: Source) -> list[Window]:
    """Return where in ``source`` most of the statement stands, best first.

    Runs of sentences, and last those that together say most, though others stand between them.
    """
    terms, weights = _terms(statement), _weights(statement)
    every = [
        _found(terms, statement, part, source.language)
        for part in parts(source.text, source.language, source.date)
    ]
    rows = [every[start:end] for start, end in _runs(len(every))]
    if every:
        rows.append(_gathered(every, weights))
    anywhere = best_of([one.present for one in every]) if every else {}
    return _worthwhile([_window(source, row, weights, anywhere) for row in rows])


def joined(some: Sequence[Window], statement: Part) -> Window:
    """Return windows of several sources as one: what none says alone, they may say together."""
    texts = "\n".join(window.source.text for window in some)
    backgrounds = "\n".join(window.source.background for window in some)
    source = some[0].source._replace(text=texts, background=f"{backgrounds}\n{texts}")
    found = [one for window in some for one in window.found]
    anywhere = best_of([window.anywhere for window in some])
    return _window(source, found, _weights(statement), anywhere)


def _worthwhile(found: Sequence[Window]) -> list[Window]:
    """Return the best windows, without those that add sentences but no words to a better one.

    Else a wrong number would be proven by any other sentence that happens to have it.
    """
    ranked = sorted(found, key=lambda w: len(w.found) * _PER_SENTENCE - w.coverage)
    kept: list[Window] = []
    for window in ranked:
        is_near = window.coverage >= ranked[0].coverage - _WORSE
        if is_near and not any(set(better.parts) <= set(window.parts) for better in kept):
            kept.append(window)
    return kept[:_TRIED]


def _gathered(every: Sequence[Found], weights: Mapping[str, float]) -> list[Found]:
    """Return the sentences that add most, wherever they stand, in their order."""
    chosen: list[Found] = []
    for _ in range(min(_LONGEST, len(every))):
        rest = [one for one in every if one not in chosen]
        chosen.append(max(rest, key=lambda one: _share([*chosen, one], weights)))
    return sorted(chosen, key=lambda one: one.part.start)


def _window(
    source: Source, row: Sequence[Found], weights: Mapping[str, float],
    anywhere: Mapping[str, float],
) -> Window:  # fmt: skip
    return Window(source, tuple(row), _share(row, weights), anywhere)


def _share(row: Sequence[Found], weights: Mapping[str, float]) -> float:
    return coverage(weights, best_of([one.present for one in row]) if row[1:] else row[0].present)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    for start in range(count):
        for end in range(start + 1, min(start + _LONGEST, count) + 1):
            yield start, end


def _terms(statement: Part) -> list[Term]:
    return [
        Term(token.form, 1.0, related(token.form, statement.language) | place(token.form))
        for token in content(statement.tokens)
    ]


def _found(terms: Sequence[Term], statement: Part, part: Part, language: str) -> Found:
    figures = _figures(statement, part)
    said = tuple(
        (clause, covered(terms, _meanings(clause, language)) | figures) for clause in part.clauses
    )
    nothing = {term.form: 0.0 for term in terms} | figures
    return Found(part, said, best_of([nothing, *(present for _, present in said)]))


def _figures(statement: Part, part: Part) -> dict[str, float]:
    """Return which numbers and days of the statement a sentence has."""
    found = {
        one.text: max([_likeness(one, other) for other in part.amounts], default=0.0)
        for one in statement.amounts
    }
    return found | {str(when): float(when in part.times) for when in statement.times}


def _likeness(one: Amount, other: Amount) -> float:
    if one.value != other.value:
        return 0.0
    same_unit = one.unit and one.unit == other.unit
    return 1.0 if same_unit or (one.noun and is_same(one.noun, other.noun)) else _OTHER_NOUN


def _meanings(clause: Clause, language: str) -> list[str]:
    """Return the words of a clause and, of an English one, the stems of the German for them."""
    if language != "en":
        return clause.forms
    return [*clause.forms, *(other for form in clause.forms for other in _german(form))]


@lru_cache(maxsize=1 << 14)
def _german(form: str) -> tuple[str, ...]:
    return tuple(related(form, "en"))


def _weights(statement: Part) -> dict[str, float]:
    figures = [amount.text for amount in statement.amounts if not amount.is_date]
    days = map(str, statement.times)
    words = word_weights(statement.tokens, statement.language)
    return dict.fromkeys([*figures, *days], _FIGURE) | words


def word_weights(row: Sequence[Token], language: str) -> dict[str, float]:
    """Return what each word counts that says something."""
    said = (token for token in content(row) if token.form not in SAYS_NOTHING)
    return {token.form: _weight(token, language) for token in said}


def _weight(token: Token, language: str) -> float:
    if language == "en" and token.kind is Kind.OTHER and not related(token.form, "en"):
        return _UNTRANSLATED
    return _WEIGHTS[token.kind]


def coverage(weights: Mapping[str, float], present: Mapping[str, float]) -> float:
    """Return the weighted share of the words that are present, in [0, 1]; 0 where none counts."""
    total = sum(weights.values())
    got = sum([weight * present.get(form, 0.0) for form, weight in weights.items()])
    return got / total if total else 0.0
