"""The words of a question that point back: to somebody, to a place, or to what was spoken of.

"Was sagte er dazu?" has two of them; in "Was sagte Merz, als er ankam?" it is clear who is meant.
Decided by wording alone; knows nothing of what was said before, or of who is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.vocabulary import ARTICLE, CAPITAL

# Words that point back. Whom "er" means stands in an earlier clause, if it is in the question at
# all; whom "sein" means may stand in the same one.
_PERSONAL = r"er|ihm|ihn|ihnen|sie|he|him|she|they|them"
_POSSESSIVE = (
    r"ihr(?:e[mnrs]?)?|seine[mnrs]?|sein(?=\s+(?:[a-zäöüß]+\s+)?[A-ZÄÖÜ])|his|hers?|theirs?|its"
)
_PLACE = r"dort|dorthin|(?<!is )(?<!are )(?<!was )(?<!were )there(?! (?:is|are|was|were|been))"
_OF_A_TIME = r"(?!\s+(?i:jahr|monat|woche|tag|year|month|week|morning|evening))"
_TOPIC = (
    r"da(?:zu|rüber|von|für|gegen|bei|mit|ran|rauf|raus|rin|nach|durch|runter|rum)"
    rf"(?!\s*(?:\w+\s*)?,)|deshalb|deswegen|seitdem|dies(?:e[mnrs]?)?{_OF_A_TIME}"
    rf"|das(?=\W*$|\s+[a-zäöüß]+\W*$|\s+(?:{ARTICLE}|für)\b)"
    r"|(?<!gibt )(?<!gab )(?<!kam )(?<!kommt )(?<!geht )(?<!ist )(?<!war )(?<!wird )(?<!regnet )"
    r"es(?! (?:gibt|gab|geben|für|zu)\b)"
    rf"|it(?! .*\b(?:to|that)\b)|(?:this|these|those){_OF_A_TIME}|that(?=\W*$)|then(?=\W*$)"
)
_ANAPHOR = re.compile(
    rf"(?<!, )\b(?:(?P<personal>{_PERSONAL})|(?P<possessive>{_POSSESSIVE})|(?P<place>{_PLACE})"
    rf"|{_TOPIC})\b"
)
_CLAUSE = re.compile(
    r"[,;:.!?–]|\b(?:und|oder|als|wenn|weil|dass|nachdem|bevor|während|and|or|when|if|after|before"
    r"|because|while)\b"
)


def anaphors(text: str) -> Iterator[re.Match[str]]:
    """Yield the words that point back to something that is not in the question itself."""
    plain = small(text)
    name = re.search(rf"\b{CAPITAL}", plain)
    named = name.start() if name else len(plain)
    end = _CLAUSE.search(plain, named)
    clause_end = end.start() if end else len(plain)
    for match in _ANAPHOR.finditer(plain):
        if match.start() < (named if match["possessive"] else clause_end):
            yield match


def small(text: str) -> str:
    """Return the text with its first letter small, as a capital says nothing there."""
    return re.sub(r"[^\W\d_]", lambda match: match.group().lower(), text, count=1)
