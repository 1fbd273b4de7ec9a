"""The words by which a question shows what it asks for, and a sentence that it holds such a thing.

German first, English as far as questions go. Tables only: what follows from them is decided in
``question`` and ``quoting``.
"""

from __future__ import annotations

import re

WHICH = frozenset("welche welcher welches welchen welchem was für which what whose wessen".split())

# Order matters: "wie alt" is asked before "wie viel", "wer sagte" is still a who.
ASKED: tuple[tuple[str, str], ...] = (
    ("age", r"\bwie alt\b|\bhow old\b|\bwhat age\b|\bwelches alter\b"),
    ("number", r"\bwie ?(viele?|hoch|groß|lange?|weit|schwer|teuer|oft|schnell|tief|breit|stark)\b"
               r"|\bhow (many|much|long|high|large|big|far|often|heavy|deep|tall|fast)\b"
               r"|\bwelche (summe|anzahl|zahl|höhe)\b|\bum wie ?viel"),
    ("when", r"\bwann\b|\bwhen\b|\b(an|in|seit|bis zu|ab) welche[mnr] (tag|jahr|monat|datum|zeit)"
             r"|\bwhat (year|day|date|month)\b|\bseit wann\b"),
    ("where", r"\bwo\b|\bwohin\b|\bwoher\b|\bwhere\b"
              r"|\bin welche[mnr] (stadt|land|ort|staat|region)"),
    ("why", r"\bwarum\b|\bweshalb\b|\bwieso\b|\bweswegen\b|\bwhy\b|\baus welchem grund\b"),
    ("who", r"\bwer\b|\bwem\b|\bwen\b|\bwessen\b|\bvon wem\b|\bwho(m|se)?\b"
            r"|\bwelche[rsn]? (politiker|minister|person|mann|frau|spieler|trainer)"),
    ("saying", r"\bwas (sagte?|meinte?|erklärte?|forderte?|fordert|kritisierte?|betonte?)\b"
               r"|\bwhat did .* say\b|\bwie äußerte\b"),
)  # fmt: skip

# What stands at the start of a question and only says which kind of answer is wanted.
PHRASE = (
    r"\s*(wie (alt|hoch|groß|lange?|weit|schwer|teuer|oft|schnell|tief|breit|stark|viele?)"
    r"|how (old|many|much|long|high|large|big|far|often|heavy|deep|tall|fast))\b"
)

# A person: the last two of several capitalised words ("Projektleiterin Dr. Wiebke Tamsen").
PERSON = r"(?:[A-ZÄÖÜ][\w.-]+ )*(?P<person>[A-ZÄÖÜ][\w-]+ [A-ZÄÖÜ][\w-]+)(?! [A-ZÄÖÜ])"

SPEECH = frozenset(
    """sagen sagt sagte sagten gesagt erklären erklärt erklärte erklärten äußern äußert äußerte
    geäußert zitieren zitiert zitierte zitierten betonen betont betonte meinen meint meinte
    mitteilen teilte mitgeteilt berichten berichtet berichtete aussage aussagen zitat stammt worte
    sprach spricht say says said tell told state stated quote quoted quotes explain explained
    """.split()
)

_MONTHS = (
    "januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember"
    "|january|february|march|may|june|july|october|december"
)
_DAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|wochenende|gestern|heute"
    "|morgen|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|weekend"
)
_NUMBER_WORDS = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dutzend|hundert\\w*|tausend\\w*"
    "|\\w*zig|\\w+zehn|million\\w*|milliard\\w*|hälfte|drittel|viertel"
    "|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen\\w*|hundred\\w*|thousand\\w*"
)

_CAPITAL = r"[A-ZÄÖÜ][\w’'-]+"

# By kind of question: a sentence can only answer it if it holds one of these that the question does
# not have. A thing can be anything, so nothing is looked for.
HOLDS: dict[str, re.Pattern[str]] = {
    "age": re.compile(r"\(\d{1,3}\)|\b\d{1,3}[- ]?(jahre|jährig|years?|year-old)|, \d{1,3},", re.I),
    "who": re.compile(rf"{_CAPITAL} (?:von |van |de |al-)?{_CAPITAL}"),
    "number": re.compile(
        rf"\b\d+(?:[.,:'’]\d+)*(?![.,:'’]?\d|\.? (?i:{_MONTHS})|\. {_CAPITAL}| Uhr)"
        rf"|\b({_NUMBER_WORDS})\b"
    ),
    "when": re.compile(
        rf"\b(1[0-9]|20)\d\d\b|\b\d{{1,2}}\. |\b\d+ uhr|\b({_MONTHS}|{_DAYS})s?\b", re.I
    ),
    "where": re.compile(
        r"\b(in|im|aus|nach|bei|am|an|auf|vor|near|at|from|to)\b(?: \w+){0,2} [A-ZÄÖÜ]"
    ),
    "why": re.compile(
        r"\b(weil|da|denn|wegen|aufgrund|grund|gründe\w*|um|damit|daher|deshalb|deswegen|nachdem|infolge"
        r"|durch|ursache|anlass|because|since|due|reason|after)\b", re.I
    ),
    "saying": re.compile(r"[«»„“”\"]|\b(sei|seien|habe|hätten|werde|solle|müsse|könne|wolle)\b"),
}  # fmt: skip

HOLDS_SPEECH = re.compile(rf"[«»„“”\"]|\b({'|'.join(sorted(SPEECH))})\b", re.I)
