"""Text and history become a ``Question``: its language, its terms, and what it asks for.

Which words matter is decided here by their kind alone (function word, verb, name, number); how rare
they are is the archive's knowledge. Nothing is looked up and nothing is ranked.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index import language
from index.errors import QuestionError
from index.language import Word
from index.lexical import ANY_TIME, Period
from rag import vocabulary
from rag.conversation import Recalled, recall
from rag.dates.words import MONTHS
from rag.expected import Asked, asked_for
from rag.thesaurus import related
from rag.timing import ANY, Timing, timing

# What a term counts by its kind. German writes names and nouns with capitals; with verbs at .8
# rather than .5 confidence separates the sample questions better (AUROC .79 against .77). "Zeitung"
# in "Welche Zeitung" only says what kind of thing is wanted, and need not stand in the answer.
_NAME, _OTHER, _ANSWER_TYPE = 1.0, 0.8, 0.4
_UNTRANSLATED = 0.3  # an English word that no German text will have
_SAYS_NOTHING = 0.0  # "Was ist das?": its words are searched for, but finding them is no answer
# What only the conversation says counts half. Of 97 follow-ups over the samples 78, 77, 79 have
# their paragraph cited with .4, .5, .6, of 32 over Wikinews 28, 27, 27; it were 62 and 25 when
# nothing but the names of the last question was taken, and counted fully.
_RECALLED = 0.5

LONGEST = 2000  # characters; a longer text is an article, not a question


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question that a passage can match; ``weight`` is 1 for a name or number.

    ``related`` are the stems of other words for it; ``is_time``: the date of an article may say it.
    ``share`` is 1 for a word of the question itself, less for what the conversation adds.
    """

    form: str
    weight: float
    related: frozenset[str] = frozenset()
    is_time: bool = False
    share: float = 1.0

    @property
    def is_name(self) -> bool:
        """Whether it is a name, a noun or a number."""
        return self.weight == _NAME

    @property
    def stem(self) -> str:
        """Its stem."""
        return language.stem(self.form)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the retriever and the answerers see it.

    ``text`` is what was typed; ``wording`` is that with what it takes from earlier questions.
    """

    text: str
    wording: str
    language: str
    asked: Asked
    terms: tuple[Term, ...]
    about_saying: bool = False
    time: Timing = ANY
    as_of: datetime.date | None = None

    @property
    def words(self) -> list[str]:
        """The normalised words to search for."""
        return [term.form for term in self.terms]

    @property
    def related(self) -> list[str]:
        """The stems of other words for them."""
        return sorted(frozenset().union(*(term.related for term in self.terms)))


def understand(
    text: str,
    history: Sequence[Mapping[str, Any]] = (),
    *,
    period: Period = ANY_TIME,
    as_of: datetime.date | None = None,
) -> Question:
    """Return the question in ``text``.

    Raises:
        QuestionError: it is too long, not Unicode or without any word, or the period is reversed.
    """
    _check(text, period)
    as_of = as_of or datetime.date.today()
    recalled = recall(text, history)
    asking = recalled.asking or text
    asked = asked_for(asking)
    time = timing(text, as_of, period)
    before = [(topic, timing(topic, as_of, period)) for topic in recalled.topics]
    terms = [*_terms(text, time), *_terms_before(text, recalled, time, before)]
    return Question(
        text=text,
        wording=" ".join(filter(None, [text, *recalled.topics, recalled.names])),
        language=language.detect(text),
        asked=asked,
        terms=_each_once(terms) or _saying_nothing(text),
        about_saying=asked is Asked.SAYING
        or any(form in vocabulary.SPEECH for form in language.forms(asking)),
        time=_first_said([time, *(then for _, then in before)]) if recalled.goes_on else time,
        as_of=as_of,
    )


def _check(text: str, period: Period) -> None:
    if len(text) > LONGEST:
        raise QuestionError(
            f"the question has {len(text):,} characters, the limit is {LONGEST:,}: shorten it"
        )
    if text.encode(errors="ignore").decode() != text:
        raise QuestionError(f"the question {text!r} is not valid Unicode: retype it")
    if not language.words(text):
        raise QuestionError(f"the question {text.strip()!r} has no words: ask for something")
    if period.first and period.last and period.first > period.last:
        raise QuestionError(
            f"the period from {period.first} to {period.last} is empty: exchange the two dates"
        )


def _terms(text: str, time: Timing) -> list[Term]:
    """Return the content words; speech verbs and the words of the question phrase are left out."""
    words, tongue = language.words(text), language.detect(text)
    skipped = _phrase_words(text)
    return [
        _term(word, weight, tongue, time)
        for word, before in zip(words, ["", *(word.form for word in words)], strict=False)
        if word.form not in language.ALL_FUNCTION_WORDS
        and word.form not in vocabulary.SPEECH
        and word.start not in skipped
        and (weight := _weight(text, word, before, time))
    ]


def _term(word: Word, weight: float, tongue: str, time: Timing) -> Term:
    others = related(word.form, tongue)
    is_foreign = tongue == "en" and weight == _OTHER and not others
    return Term(word.form, _UNTRANSLATED if is_foreign else weight, others, _is_time(word, time))


def _phrase_words(text: str) -> set[int]:
    """Return the starts of words that only say what kind of answer is wanted ("wie alt")."""
    match = re.match(rf"(?:\s*(?:und|and)\b)?{vocabulary.PHRASE}", text, re.IGNORECASE)
    return {word.start for word in language.words(text[: match.end()])} if match else set()


def _weight(text: str, word: Word, before: str, time: Timing) -> float:
    """Weigh a word by its kind: capitals mark names and nouns in German."""
    if _is_time(word, time) and not (word.form[0].isdigit() or word.form in MONTHS):
        return _SAYS_NOTHING  # "letzte Woche" is said by dates alone
    if before in vocabulary.WHICH:
        return _ANSWER_TYPE
    if word.form[0].isdigit():
        return _NAME
    verb = re.match(vocabulary.VERB_FIRST, text)
    is_verb = verb is not None and verb.start("verb") == word.start  # its capital says nothing
    return _NAME if text[word.start].isupper() and not is_verb else _OTHER


def _is_time(word: Word, time: Timing) -> bool:
    return any(start <= word.start < end for start, end in time.spans)


def _terms_before(
    text: str, recalled: Recalled, time: Timing, before: Sequence[tuple[str, Timing]]
) -> Iterator[Term]:
    """Yield what the conversation adds, the latest first.

    What was said to happen is only meant where the question says nothing itself ("Und warum?").
    """
    is_bare = recalled.goes_on and (bool(recalled.asking) or not _terms(text, time))
    for said, then in [(recalled.names, ANY), *before]:
        shows_nouns = language.detect(said) == "de"
        for term in _terms(said, then):
            is_wanted = is_bare or term.is_name or not shows_nouns
            if is_wanted and not (term.is_time and time.spans):
                yield replace(term, share=_RECALLED)


def _each_once(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Return the terms, of the conversation only what is not there already."""
    own = dict.fromkeys(term for term in terms if term.share == 1)
    known = {term.stem for term in own}
    added = {term.stem: term for term in reversed(terms) if term.stem not in known}
    return (*own, *reversed(added.values()))


def _saying_nothing(text: str) -> tuple[Term, ...]:
    return tuple(Term(form, _SAYS_NOTHING) for form in dict.fromkeys(language.forms(text)))


def _first_said(times: Sequence[Timing]) -> Timing:
    """Return the first that is said at all."""
    return next((time for time in times if time.spans), times[0])
