"""What kind of thing a question asks for, and whether a text holds such a thing.

"Wie hoch ist die Strafe?" wants an amount, "Wer ...?" a name: a sentence without one cannot be the
answer. German first, English as far as questions go. Decided by wording alone; knows nothing of
what the words mean together, nor of how good an answer a sentence is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from index.language import ALL_FUNCTION_WORDS, forms
from rag.dates import words
from rag.vocabulary import DAYS, NUMBER_WORDS, SPEECH


class Asked(StrEnum):
    """What kind of thing would answer the question."""

    AGE = "age"
    DURATION = "duration"
    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    WHEN = "when"
    WHERE = "where"
    WHY = "why"
    SAYING = "saying"
    NAME = "name"
    WHO = "who"
    HOW = "how"
    THING = "thing"


_MONTHS = "|".join(words.MONTHS)
_HOW_MUCH = r"\b(wie ?viel\w*|wie hoch|how much|how high|um wie ?viel)\b"
_MONEY_WORDS = (
    r"(geld|euro|dollar|franken|mark|pfund|rubel|kosten|preise?s?|\w*summe\w*|betrag\w*|gage\w*|lohn"
    r"|löhne|gehalt\w*|schaden\w*|schulden|investition\w*|budget\w*|honorar\w*|umsatz|strafe"
    r"|bußgeld\w*|money|costs?|price\w*|salary|revenue|profits?|fine|damages?|debts?|budget)"
)
_PAYING = (
    r"(kostet\w*|gekostet|bezahl\w*|zahl(t|te|ten)|kassier\w*|verdien\w*|cost|pa(y|id)|earn\w*)"
)
_SHARE_WORDS = (
    r"(prozent\w*|anteil\w*|\w*beteiligung|\w*quote|mehrheit|percent\w*|share|proportion|rate"
    r"|fraction|turnout)"
)
_PLACES = (
    r"(stadt|land|ort|staat|region|gegend|dorf|bezirk|kanton|bundesland|insel|kontinent|provinz"
    r"|gemeinde|stadtteil|ländern|städten|staaten|orten|city|town|country|state|place|region"
    r"|province|island|continent|countries|cities|states|county|village|district)"
)
_PERSONS = (
    r"(politiker|minister|person|personen|mann|frau|spieler|trainer|präsident|kanzler|forscher"
    r"|wissenschaftler|autor|schauspieler|sänger|könig|papst|richter|anwalt|sportler|fahrer"
    r"|politician|person|people|man|woman|player|coach|president|author|actor|singer|king|pope"
    r"|judge|scientist|driver)(in|innen|s|n|en)?"
)

# The first that fits counts: "wie alt" before "wie viel", "was sagte" before what "was" may be.
_QUESTIONS: tuple[tuple[Asked, str], ...] = (
    (Asked.AGE, r"\bwie alt\b|\bhow old\b|\bwhat age\b|\b(welche[sm]|welchen) alter\b"),
    (Asked.WHEN, r"\bum (wie ?viel uhr|welche uhrzeit)\b|\bwhat time\b"),
    (Asked.DURATION, r"\bwie lange?\b(?! (?:ist|sind|waren?) (?:der|die|das) \w+\W*$)"
                     r"|\bhow long\b(?! (?:is|are|was|were) (?:the )?\w+\W*$)"
                     r"|\b(wie viele|how many) (\w+ )?(jahre|monate|wochen|tage|stunden|minuten"
                     r"|sekunden|years|months|weeks|days|hours|minutes|seconds)\b"),
    (Asked.SHARE, rf"({_HOW_MUCH}|\bwelche[rsn]?\b|\bwhat\b|\bhow many\b)(\W+\w+){{0,2}}\W+"
                  rf"{_SHARE_WORDS}\b"),
    (Asked.MONEY, rf"{_HOW_MUCH}(\W+\w+){{0,5}}\W+{_MONEY_WORDS}\b"
                  rf"|\b(welche[rn]?|what|which) {_MONEY_WORDS}\b"
                  rf"|\b(was|wie ?viel|what|how much)\b(\W+\w+){{0,7}}\W+{_PAYING}\b"
                  r"|\bwie teuer\b|\bhow expensive\b"),
    (Asked.NUMBER, r"\bwie ?(viele?[rn]?|hoch|gro(ß|ss)|weit|schwer|oft|schnell|tief|breit|stark"
                   r"|lang)\b"
                   r"|\bhow (many|much|high|large|big|far|often|heavy|deep|tall|fast|wide)\b"
                   r"|\b(welche[rn]?|what) (an)?(zahl|höhe|menge|temperatur|number|amount|height)"
                   r"|\bum wie ?viel"),
    (Asked.WHEN, r"\bwann\b|\bwhen\b|\bin welche[nr] (zeit|jahren|epoche|zeitraum)"
                 r"|\b(an|in|seit|bis|ab|aus) welche[mnr] (tag|jahr|monat|datum|zeit|jahrhundert)"
                 r"|\b(what|which) (year|day|date|month|century|time)\b"),
    (Asked.WHERE, rf"\bwo\b|\bwohin\b|\bwoher\b|\bwhere\b|\bwelche[mnrs]? (\w+ )?{_PLACES}\b"
                  rf"|\b(which|what) (\w+ )?{_PLACES}\b"),
    (Asked.WHY, r"\bwarum\b|\bweshalb\b|\bwieso\b|\bweswegen\b|\bwhy\b|\bwodurch\b"
                r"|\bwelche[mnr] (grund|gründe\w*|ursache|anlass|motiv|begründung)\b"
                r"|\bwhat (caused|led|reason)\b"),
    (Asked.SAYING, r"\bwas (sagte?|meinte?|erklärte?|forderte?|fordert|kritisierte?|betonte?)\b"
                   r"|\bwhat did .* say\b|\bwie (äußerte|kommentierte|reagierte)\w*\b"
                   r"|\bmit welche[nm] (worten?|satz|spruch)\b"),
    (Asked.NAME, r"\bwie (hei(ß|ss)t|hei(ß|ss)en|hie(ß|ss)|hie(ß|ss)en|lautete?|nennt|nannten?)\b"
                 r"|\bwie (wird|werden|wurde|wurden) .*\b(genannt|bezeichnet)\b"
                 r"|\b(welche[mnrs]?|what) (\w+ )?(name\w*|titel|bezeichnung|title)\b|\bwhat is .*"
                 r" (called|name)\b"),
    (Asked.WHO, r"\bwer\b|\bwem\b|\bwen\b|\bwessen\b|\bvon wem\b|\bwho(m|se)?\b"
                rf"|\b(welche[rmns]?|which|what) (\w+ )?{_PERSONS}\b"),
    (Asked.HOW, r"\bwomit\b|\bhow (did|does|do|was|were)\b|\bauf welche (art|weise)\b"),
)  # fmt: skip

_CAPITAL = r"[A-ZÄÖÜ][\w’'-]+"
# Possessive digits, but no possessive groups: Python before 3.11.5 matches those wrongly.
_AMOUNT = rf"(?:\d++(?:[.,:'’]\d++)*|\b(?:{NUMBER_WORDS})\b)"
_SCALE = r"(?:\s+(?:Mio\.?|Mrd\.?|(?i:millionen|milliarden|million|billion|tausend|hundert)\w*))?"

# By kind of question; a thing can be anything, so nothing is looked for.
_HOLDS: dict[Asked, re.Pattern[str]] = {
    Asked.AGE: re.compile(
        r"\(\d{1,3}\)|\b\d{1,3}[- ]?(jahre|jährig|years?|year-old)\w*|, \d{1,3},"
        r"|\balter von \d+|\baged? \d+", re.I
    ),
    Asked.DURATION: re.compile(
        rf"\blebenslang\w*|\b(?:{NUMBER_WORDS}|ein|halb)(?:jähr|monat|wöch|täg|stünd)ig\w*"
        rf"|(?:{_AMOUNT}|\bhalb\w*|\bein\w*)[- ]?(?:jähr|monatig|wöchig|tägig|stündig"
        r"|\w*jahr|\w*monat|\w*woche|\w*tag|\w*stunde|\w*minute|\w*sekunde|year|month|week|day|hour|minute"
        rf"|second)\w*|\b\d{{4}}\s?(?:[-–]|bis|und|to)\s?\d{{4}}\b|\b(?:{_MONTHS})\b", re.I
    ),
    Asked.MONEY: re.compile(
        rf"{_AMOUNT}{_SCALE} ?[€$£]|[€$£]\s?\d+(?:[.,]\d+)*"
        rf"|{_AMOUNT}{_SCALE}[ -]?(?:\w+[ -])?(?:euro\w*|\w*dollar\w*|franken|pfund|mark|rubel"
        r"|yen|kronen|schilling|cent|eur|usd|pounds?)\b|\bkostenlos\b|\bgratis\b", re.I
    ),
    Asked.SHARE: re.compile(
        rf"{_AMOUNT}\s?(?:%|prozent\w*|percent)|\b(?:\w*drittelmehrheit|hälfte|half|mehrheit|majority"
        r"|(?:zwei |drei |ein )?(?:drittel|viertel|fünftel|zehntel)|(?:two|one|a) third)\b", re.I
    ),
    Asked.NUMBER: re.compile(
        rf"\b\d++(?:[.,:'’]\d++)*(?![.,:'’]?\d|\.? (?i:{_MONTHS})|\. {_CAPITAL}| Uhr)"
        rf"|\b(?i:{NUMBER_WORDS})\b"
    ),
    Asked.WHEN: re.compile(
        rf"\b(1[0-9]|20)\d\d\b|\b\d{{1,2}}\. (?=(?:{_MONTHS}))|\b\d+ uhr|\b({_MONTHS}|{DAYS})s?\b"
        r"|\b\d+\. jahrhundert\w*|\b\d+th century", re.I
    ),
    Asked.WHERE: re.compile(
        r"\b(?:in|im|aus|nach|bei|am|an|auf|vor|nahe|near|at|from|to)\b(?: \w+){0,2}? "
        rf"(?!(?i:{_MONTHS}|{DAYS}|jahre?)\w*\b){_CAPITAL}"
    ),
    Asked.WHY: re.compile(
        r"\b(weil|da|denn|wegen|aufgrund|grund|gründe\w*|um|damit|daher|deshalb|deswegen|nachdem"
        r"|infolge|durch|ursache|anlass|begründ\w*|führt\w*|sodass|because|since|due|reason|after)\b",
        re.I
    ),
    Asked.SAYING: re.compile(
        r"[«»„“”\"]|\b(sei|seien|habe|hätten|werde|solle|müsse|könne|wolle)\b"
    ),
    Asked.NAME: re.compile(
        r"[«„\"“‚](?=\w)|\b(heißt|heißen|hieß\w*|genannt\w*|namens|bezeichnet\w*|bezeichnung|name\w*"
        r"|bekannt als|titel|nennt|nannte\w*|called|named|known as)\b", re.I
    ),
    Asked.WHO: re.compile(rf"{_CAPITAL} (?:von |van |de |al-|der |the )?{_CAPITAL}"),
    Asked.HOW: re.compile(
        r"\b(durch|mit|indem|mittels|mithilfe|per|dank|über|anhand|by|through|using|via|with)\b",
        re.I,
    ),
}  # fmt: skip

_HOLDS_SPEECH = re.compile(rf"[«»„“”\"]|\b({'|'.join(sorted(SPEECH))})\b", re.I)


def asked_for(question: str) -> Asked:
    """Return what kind of thing the question asks for."""
    for kind, pattern in _QUESTIONS:
        if re.search(pattern, question, re.IGNORECASE):
            return kind
    return Asked.THING


def held(asked: Asked, question: str, text: str) -> set[str]:
    """Return what ``text`` holds of the kind that is asked for and ``question`` does not name."""
    known = f" {' '.join(forms(question))} "
    return {thing for thing in _things(asked, text) if not _stands_in(thing, known)}


def is_asked(asked: Asked, question: str, text: str) -> bool:
    """Tell whether ``text`` can answer: it holds such a thing, or anything would do."""
    return asked not in _HOLDS or bool(held(asked, question, text))


def holds_speech(text: str) -> bool:
    """Tell whether somebody is quoted, or said to say something."""
    return _HOLDS_SPEECH.search(text) is not None


def _stands_in(thing: str, words: str) -> bool:
    own = " ".join(forms(thing))
    return bool(own) and f" {own} " in words


def _things(asked: Asked, text: str) -> Iterator[str]:
    pattern = _HOLDS.get(asked)
    for match in pattern.finditer(text) if pattern else ():
        thing = match.group().strip(" .,").lower()
        if asked is not Asked.WHO or thing.split()[0] not in ALL_FUNCTION_WORDS:  # "Die Brücke"
            yield thing
