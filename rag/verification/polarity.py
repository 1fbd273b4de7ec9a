"""Does the statement deny what its source affirms, say the opposite, or make sure what is not?

Compared clause by clause: "nicht" belongs to what stands beside it. Knows no names and numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import repeat

from index.language import stem
from rag.matching import likeness
from rag.thesaurus import opposites, related
from rag.verification.alignment import Alignment, Substitution
from rag.verification.parts import Clause, Part, content, is_privative
from rag.verification.windows import Window
from rag.verification.words import Token

# Verbs that deny by themselves, and those that do with a particle at the end ("lehnt ... ab").
_REFUSAL = re.compile(
    r"(?:ab(?:zu)?lehn|abgelehn|verweiger|weiger|verzicht|verhinder|vermeid|vermied|vermiss|erschwer|hinder|behinder|fehl|erliegen|lahmgelegt|ausgefallen|entf[aäi]+l|abgesag"
    r"|gestrichen|gestoppt|stopp|stillgelegt"
    r"|mangel|auf(?:zu)?geb|aufgegeben|aufgab|beend|eingestellt|ein(?:zu)?stell|gescheitert"
    r"|scheiter|verbot|verbiet|untersag|bestreit|bestritt|dementier|ausgeschlossen"
    r"|aus(?:zu)?schließ|abgesproch|aberk[ae]nn|refus|reject|den(?:y|ied|ies)|fail|lack|avoid"
    r"|prevent|ban|rul(?:e|ed|ing)$)"
)
_SEPARATED = {
    "ab": re.compile(r"lehn|sprech|sprich|sprach|sag"),
    "aus": re.compile(r"schl(?:ie|o)(?:ß|ss)"),
    "auf": re.compile(r"g[aei]+b"),
    "ein": re.compile(r"stell"),
    "zurück": re.compile(r"w[ie]+s"),
}
_NEGATOR = re.compile(r"nicht|kein(?:e[nmrs]?)?|nie|niemals|not|no|never")
_TO = frozenset(("zu", "to"))
_SAID = 0.6  # from here on a clause has a word
_SHARED = 0.5  # share of a clause's words that another must have to be the same one
_DOUBT = re.compile(
    r"\b(?:angeblich\w*|mutmaßlich\w*|vermutlich\w*|möglicherweise|vielleicht|wahrscheinlich\w*"
    r"|offenbar|wohl|vermeintlich\w*|könnten?|dürften?|soll(?:en)? .*(?:haben|sein)"
    r"|(?:haben|sein) soll(?:en)?|allegedly|alleged|reportedly|possibly|perhaps|probably|apparently"
    r"|presumably|may|might|could|suspected)\b",
    re.IGNORECASE,
)
# Words that leave it to somebody else, or to the future.
_ATTRIBUTED = re.compile(
    r"\b(?:laut|soll(?:en)?|zufolge|angaben|nach ansicht|sei|seien|habe|hätten?|werden?|würden?"
    r"|wolle[nr]?|will|müssen?|könne|erklär\w*|sagt\w*|berichte\w*|vermut\w*|mein\w*|glaub\w*|verdächtig\w*"
    r"|verdacht|vorwurf|vorgeworfen|beschuldig\w*|plan\w*|geplant\w*|according|said|says|claim\w*"
    r"|believ\w*|accus\w*|suspect\w*|expected|planned|would|will|to)\b",
    re.IGNORECASE,
)


def denied(statement: Part, window: Window, alignment: Alignment) -> Iterator[str]:
    """Yield the words that are denied on one side only, and negations put in or taken out.

    Where the statement is not close to the source's wording, what is denied in one clause there may
    be in the next one here.
    """
    if alignment.is_close and all(map(_negations, alignment.rows)):
        yield "nicht"
    close, clauses = alignment.is_close, statement.clauses
    for clause in clauses:
        yield from (t.form for t in clause.denied if not _denies(window, clause, t.form, close))
    if close or not any(clause.denied or _implies_denial(clause) for clause in clauses):
        for clause, _ in window.said:
            yield from (t.form for t in clause.denied if _affirms(statement, window, t.form))


def _negations(row: Sequence[Substitution]) -> int:
    """Return how many negations, without another word, the statement has more than its source."""
    bare = (one for one in row if not _said_beside(one.mine) and not _said_beside(one.theirs))
    return sum(_count(one.mine) - _count(one.theirs) for one in bare)


def _said_beside(some: Sequence[Token]) -> bool:
    return any(not _NEGATOR.fullmatch(token.form) for token in content(some))


def _count(some: Sequence[Token]) -> int:
    return sum(_NEGATOR.fullmatch(token.form) is not None for token in some)


def _denies(window: Window, mine: Clause, form: str, is_close: bool) -> bool:
    """Tell whether the window denies the word or, without having it, anything at all."""
    clauses = [clause for clause, _ in window.said]
    having = [at for at, (_, said) in enumerate(window.said) if said.get(form, 0.0) >= _SAID]
    if having and is_close:
        is_even = _is_even(mine)
        return any(_is_denied(clauses, at) or _is_even(clauses[at]) == is_even for at in having)
    if having:
        return _is_even(mine) or any(map(_denies_near, repeat(window), having))
    stems = {token.stem for token in window.tokens}
    return (
        _is_even(mine)
        or is_privative(form)
        or not opposites(form).isdisjoint(stems)
        or any(clause.denied or _implies_denial(clause) for clause in clauses)
    )


def _denies_near(window: Window, at: int) -> bool:
    """Tell whether anything is denied in the sentence of a clause."""
    own = window.said[at][0]
    near = next(part for part in window.parts if own in part.clauses)
    return any(clause.denied or _implies_denial(clause) for clause in near.clauses)


def _is_even(clause: Clause) -> bool:
    """Tell whether denials cancel out: "schloss nicht aus" affirms, "scheiterte" denies."""
    return (len(clause.denied) + _implies_denial(clause)) % 2 == 0


def _is_denied(clauses: Sequence[Clause], at: int) -> bool:
    """Tell whether a clause is denied, or the one that its infinitive hangs on: "nicht, ... zu"."""
    is_infinitive = at > 0 and not _TO.isdisjoint(clauses[at].forms)
    return bool(clauses[at].denied or (is_infinitive and clauses[at - 1].denied))


def _affirms(statement: Part, window: Window, form: str) -> bool:
    """Tell whether the statement says a word, without denial, that the window only ever denies."""
    having = [clause for clause in statement.clauses if _has(clause, form)]
    theirs = [clause for clause, _ in window.said if _has(clause, form)]
    if not having or any(clause.denied for clause in having):
        return False
    parities = {_is_even(clause) for clause in having}
    return all(clause.denied and _is_even(clause) not in parities for clause in theirs)


def _implies_denial(clause: Clause) -> bool:
    """Tell whether a verb denies: "lehnt ab", "verzichtet"."""
    if any(_REFUSAL.match(form) for form in clause.forms):
        return True
    verb = _SEPARATED.get(clause.forms[-1])
    return verb is not None and any(verb.match(form) for form in clause.forms[:-1])


def _has(clause: Clause, form: str) -> bool:
    if is_privative(form):  # "ungerechtfertigt" does not deny "rechtfertigen"
        plain = stem(form.removeprefix("un"))
        return any(stem(other) == plain for other in clause.forms)
    return any(likeness(form, other) >= _SAID for other in clause.forms)


def contrary(statement: Part, window: Window) -> list[str]:
    """Return the words of the statement whose opposite the source has in their place."""
    return list(dict.fromkeys([*_opposed(statement, window), *_missed(statement, window)]))


def _opposed(statement: Part, window: Window) -> Iterator[str]:
    """Yield words whose opposite stands in the clauses that are most like theirs."""
    for clause in statement.clauses:
        near = _nearest(clause, window)
        if near and all(bool(other.denied) == bool(clause.denied) for other, _ in near):
            every = [_opposite_words(clause, other) for other, _ in near]
            yield from every[0] if all(every) else []


def _missed(statement: Part, window: Window) -> Iterator[str]:
    """Yield words the window has nowhere, while it has their opposite and the statement has not."""
    language = statement.language
    own = {token.stem for token in statement.tokens}.union(
        *(related(token.form, language) for token in statement.tokens)
    )
    for clause in statement.clauses:
        for token in content(clause.tokens):
            contraries = _contraries(token.form, language, window.source.language) - own
            if contraries and window.present.get(token.form, 0.0) < _SAID:
                clauses = (other for other, _ in window.said if _stems(other) & contraries)
                if any(_is_even(other) == _is_even(clause) for other in clauses):
                    yield token.form


@lru_cache(maxsize=1 << 14)
def _contraries(form: str, language: str, other: str) -> frozenset[str]:
    """Return the stems of the opposites of a word, in the language of the source."""
    if language == other:
        return opposites(form)
    return frozenset().union(*map(opposites, related(form, language)))


def _stems(clause: Clause) -> set[str]:
    return {token.stem for token in clause.tokens}


def is_overstated(statement: Part, window: Window) -> bool:
    """Tell whether the source leaves open what the statement takes for sure."""
    if _DOUBT.search(statement.text) or _ATTRIBUTED.search(statement.text):
        return False
    near = [[clause for clause, _ in _nearest(one, window)] for one in statement.clauses]
    return any(some and all(_is_doubted(c, statement) for c in some) for some in near)


def _is_doubted(clause: Clause, statement: Part) -> bool:
    """Tell whether a clause doubts what the statement says: not "ein offenbar verwirrter Täter"."""
    text = " ".join(clause.forms)
    for match in _DOUBT.finditer(text):
        after = text[match.end() :].split()[:1]
        if not after or any(_has(own, after[0]) for own in statement.clauses):
            return True
    return False


def _nearest(clause: Clause, window: Window) -> list[tuple[Clause, Mapping[str, float]]]:
    """Return the clauses of the window that have most of this one's words, if it is enough."""
    own = [token.form for token in content(clause.tokens)]
    counts = [sum([found[form] >= _SAID for form in own]) for _, found in window.said]
    most = max(counts, default=0)
    if not most or most < _SHARED * len(own):
        return []
    return [pair for pair, count in zip(window.said, counts, strict=True) if count == most]


def _opposite_words(clause: Clause, other: Clause) -> list[str]:
    there = _stems(other)
    return [form for form in clause.forms if stem(form) not in there and opposites(form) & there]
