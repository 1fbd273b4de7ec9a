"""What a question takes from the conversation before it.

"Wie alt ist sie?" and "Und in Köln?" lean on what was said: what they are about stands in the last
questions, whom they mean in the answers to these. Decided by wording alone; knows nothing of the
archive, of what words weigh, or of who is a man, a woman or a town.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from index import language
from rag import vocabulary
from rag.anaphora import anaphors, small
from rag.dates.words import MONTHS
from rag.expected import Asked, asked_for
from rag.vocabulary import ARTICLE, CAPITAL

_TURNS, _LONGEST = 8, 2000  # so far back it goes, and so many characters of each text it reads
_LONGEST_PART = 80  # characters; longer, it says for itself what it asks

_PREPOSITION = (
    r"(?:im|ins|in|am|ans|an|auf|aus|beim|bei|für|gegen|mit|nach|unter|über|vom|von|vor|zum|zur|zu"
    r"|on|at|for|against|with|about|of|from|to|by|near)"
)
_FULL = {"im": "in", "ins": "in", "am": "an", "ans": "an", "beim": "bei", "vom": "von",
         "zum": "zu", "zur": "zu"}  # fmt: skip

# "Und in Köln?", "What about the coach?": a question that goes on where the last one ended.
_CONNECTIVE = re.compile(
    r"\W*(?:und|aber|oder|and|but|or|was ist mit|wie (?:ist|war|sieht) es(?= (?:in|im|bei|mit)\b)"
    r"|(?:what|how) about)\b",
    re.IGNORECASE,
)
_ASKS = (
    r"\b(?:wer|wen|wem|wessen|was|wann|wo|wo(?:r|[dfgmnshvz])\w*|wobei|warum|weshalb|wieso|weswegen"
    r"|wie|wieviel\w*|welche[mnrs]?|ob|who\w*|what|when|where|why|how|which|whether)\b"
)
_STATES = (
    r"\b(?:ist|sind|war|waren|wird|werden|wurden?|hat|haben|hatten?|kann|können|soll|sollen|muss"
    r"|will|is|are|was|were|has|have|had|did|does|do)\b"
)
_SENTENCE = re.compile(f"{_ASKS}|{_STATES}", re.IGNORECASE)
_PART = re.compile(
    rf"\W*(?:\d|{CAPITAL}|(?:{_PREPOSITION}|{ARTICLE}|seine?[mnrs]?|ihre?[mnrs]?|his|her|their|its"
    r"|letzt\w*|vorig\w*|vergangen\w*|nächst\w*|gestern|heute|last|yesterday|today)\b)"
)
_PART_ALONE = re.compile(rf"\W*(?:{_PREPOSITION}|{ARTICLE})\b[^.!?]*\?\W*$", re.IGNORECASE)

_QUOTATION = re.compile(r"[„“«»\"][^„“”«»\"]*[“”«»\"]")

_SLOT = re.compile(
    rf"(?:\b(?P<preposition>{_PREPOSITION})\s+)?(?:\b(?P<article>{ARTICLE})\s+)?"
    rf"(?:[a-zäöüß]+e[mnrs]?\s+)?\b(?P<name>{CAPITAL}(?:\s+{CAPITAL})*)"
)
_ASKED_FOR = re.compile(r"\b(?:viele?|welche[mnrs]?|many|which|what)\s+$")
_GENITIVE, _COUNTED = "of", "how many"  # kinds of slots beside the prepositions
_ALSO_FITS = {"": [_COUNTED], "bei": [_GENITIVE], "von": [_GENITIVE], "in": [_GENITIVE]}

_NAMES_AFTER_AND = 2  # make a question of its own of one that starts with "Und"
_MARK = re.compile(r"\s*\[\d+\]\s*")


class Recalled(NamedTuple):
    """What a question takes from the conversation: texts, empty where it takes nothing."""

    topics: tuple[str, ...] = ()  # earlier questions, latest first, without what it replaces
    names: str = ""  # whom, or where, it means of the answers
    asking: str = ""  # the question that says which kind of answer is wanted, if this one does not
    goes_on: bool = False  # it asks about what happened, rather than about somebody or something


class _Turn(NamedTuple):
    question: str
    answer: str = ""


class _Slot(NamedTuple):
    """A name or noun in a question, with preposition and article: ``text[start:end]``."""

    kind: str
    start: int
    end: int


def leans_on_history(text: str) -> bool:
    """Tell whether a question cannot be understood without what was said before it."""
    plain = _QUOTATION.sub("ein Spruch", text)  # what is quoted points to nothing
    if _part(plain) or next(anaphors(plain), None):
        return True
    return len(_names(plain)) < (_NAMES_AFTER_AND if _CONNECTIVE.match(plain) else 1)


def recall(text: str, history: Sequence[Mapping[str, Any]]) -> Recalled:
    """Return what the question in ``text`` takes from ``history``, messages with role and content.

    Messages of another shape are passed over.
    """
    thread = _thread(history) if leans_on_history(text) else []
    topics: list[str] = []
    asking = ""
    for question, _ in thread:
        topics = [question, *_without(topics, question)]
        asking = asking if _part(question) else question
    return Recalled(
        topics=tuple(_without(topics, text)),
        names=" ".join(_meant(text, thread)),
        asking=asking if _part(text) else "",
        goes_on=bool(thread) and not _is_about_one(text),
    )


def _thread(history: Sequence[Mapping[str, Any]]) -> list[_Turn]:
    """Return the last turns, from the latest question that stands on its own."""
    turns: list[_Turn] = []
    for message in history:
        role, content = message.get("role"), message.get("content")
        if role == "user" and isinstance(content, str) and language.words(content[:_LONGEST]):
            turns.append(_Turn(content[:_LONGEST]))
        elif role == "assistant" and isinstance(content, str) and turns:
            turns[-1] = _Turn(turns[-1].question, content[:_LONGEST])
    latest = turns[-_TURNS:]
    alone = [n for n, turn in enumerate(latest) if not leans_on_history(turn.question)]
    return latest[alone[-1] if alone else 0 :]


def _part(text: str) -> str:
    """Return "in Köln?" of "Und in Köln?", a part of another question; ``""`` of a whole one."""
    connective = _CONNECTIVE.match(text)
    part = text[connective.end() :] if connective else text
    is_part = (_PART if connective else _PART_ALONE).match(part) and not _SENTENCE.search(part)
    return part if is_part and len(part) <= _LONGEST_PART else ""


def _names(text: str) -> list[language.Word]:
    """Return the names and nouns of a question, beside what it counts.

    English, and German without capitals, does not show its nouns: one of its words is the verb.
    """
    words = _own_words(text)
    verb = re.match(vocabulary.VERB_FIRST, text)
    named = [
        word
        for word in words
        if not text[word.start].islower() and not (verb and word.start == verb.start("verb"))
    ]
    shows_nouns = text.lstrip()[:1].isupper() and language.detect(text) == "de"
    return named if named or shows_nouns else words[1:]


def _own_words(text: str) -> list[language.Word]:
    """Return the words that may say what the question is about."""
    patterns = (vocabulary.PHRASE, vocabulary.COUNTED, vocabulary.GENERAL, _ASKS)
    skipped = [m.span() for p in patterns for m in re.finditer(p, text, re.IGNORECASE)]
    return [
        word
        for word in language.words(text)
        if word.form not in language.ALL_FUNCTION_WORDS | vocabulary.SPEECH
        and not any(start <= word.start < end for start, end in skipped)
    ]


def _without(topics: Sequence[str], text: str) -> list[str]:
    """Return the topics, latest first, without what is replaced by ``text`` if that is a part.

    "Und in Köln?" takes the place of "in Berlin", "Und Hellwarth?" that of the last name.
    """
    left, part = list(topics), _part(text)
    if next(anaphors(part), None):
        return left
    for slot in _slots(part):
        for number, topic in enumerate(left):
            if old := _of_its_kind(slot, _slots(small(topic))):
                left[number] = topic[: old.start] + topic[old.end :]
                break
    return left


def _of_its_kind(slot: _Slot, others: Sequence[_Slot]) -> _Slot | None:
    """Return the last of ``others`` that stands as ``slot`` does."""
    kinds = [slot.kind, *_ALSO_FITS.get(slot.kind, [])]
    fitting = ([other for other in others if other.kind == kind] for kind in kinds)
    return next((found[-1] for found in fitting if found), None)


def _slots(text: str) -> list[_Slot]:
    """Return the names and nouns of a question, but no months."""
    slots: list[_Slot] = []
    for match in _SLOT.finditer(text):
        if match["name"].split()[0].lower() not in MONTHS:
            follows = bool(slots) and text[slots[-1].end : match.start()].isspace()
            slots.append(_Slot(_kind(match, follows), *match.span()))
    return slots


def _kind(match: re.Match[str], follows: bool) -> str:
    """Return how a name stands: its preposition, or whether it follows another as its genitive."""
    if match["preposition"]:
        return _FULL.get(match["preposition"], match["preposition"])
    if follows and match["article"] in ("der", "des", "eines", "einer"):
        return _GENITIVE
    return _COUNTED if _ASKED_FOR.search(match.string, 0, match.start()) else ""


def _meant(text: str, thread: Sequence[_Turn]) -> list[str]:
    """Return the names its pronouns may mean, of the latest answer to a question for such."""
    persons = _is_about_one(text)
    places = any(match["place"] for match in anaphors(text))
    for turn in reversed(thread):
        asked = asked_for(turn.question)
        if persons and asked in (Asked.WHO, Asked.NAME) and (names := _persons(turn)):
            return names
        if places and asked is Asked.WHERE and (names := _towns(turn.answer)):
            return names
    return []


def _is_about_one(text: str) -> bool:
    """Tell whether it asks about somebody, or about one thing."""
    return any(match["personal"] or match["possessive"] for match in anaphors(text))


def _persons(turn: _Turn) -> list[str]:
    """Return whom an answer names and its question does not; with the title asked for, if it can.

    "Wer war Kapitän?" is answered by "Kapitän Bo Holm, Ingenieur Per Dahl und Koch Jo Lind".
    """
    asked = set(language.forms(turn.question))
    people = {
        match["person"]: language.forms(match.string[match.start() : match.start("person")])
        for sentence in _proven(turn.answer)
        for match in re.finditer(vocabulary.PERSON, sentence)
        if (asked | language.ALL_FUNCTION_WORDS).isdisjoint(language.forms(match["person"]))
    }
    return [name for name, titles in people.items() if asked & set(titles)] or list(people)


def _towns(answer: str) -> list[str]:
    slots = ((sentence, slot) for sentence in _proven(answer) for slot in _slots(sentence))
    return [text[s.start : s.end] for text, s in slots if s.kind in ("in", "an", "auf", "bei")]


def _proven(answer: str) -> list[str]:
    """Return the sentences of an answer that have a mark; that there is no answer has none."""
    return _MARK.split(answer)[:-1]
