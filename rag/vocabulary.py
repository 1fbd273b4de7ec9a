"""The words by which a question shows what it asks for, and a sentence that it holds such a thing.

German first, English as far as questions go. Tables only: what follows from them is decided in
``question``, ``conversation`` and ``expected``.
"""

from __future__ import annotations

WHICH = frozenset("welche welcher welches welchen welchem was für which what whose wessen".split())

# What stands at the start of a question and only says which kind of answer is wanted.
PHRASE = (
    r"\s*(wie (alt|hoch|gro(ß|ss)|lange?|weit|schwer|teuer|oft|schnell|tief|breit|stark|viele?)"
    r"|how (old|many|much|long|high|large|big|far|often|heavy|deep|tall|fast))\b"
)

ARTICLE = r"(?:der|die|das|dem|den|des|eine?[mnrs]?|the|an?)"
CAPITAL = r"[A-ZÄÖÜ][\w’'-]*(?:\.[\w-]*\w)?"  # a word with a capital: "St.-Vitus-Haus"

# What is counted ("wie viele Tote", "gab es Tote") is no name: it does not say of what.
COUNTED = r"\b(?:wie ?viele?|how (?:many|much)|(?:gibt|gab) es(?: viele| auch| schon)?)\s+\w+"

# "Die Männer", "das Unternehmen": which of them is said elsewhere.
GENERAL = (
    r"\b(?:der|die|das|dem|den|des|the)\s+(?:mann|männern?|frau|frauen|kind|kinder|kindern|täter\w*"
    r"|opfern?|verletzten|toten|vermissten|überlebenden|beteiligten|unternehmens?|firma|konzerns?"
    r"|vereins?|hotels?|gebäudes?|schiff\w*|partei|gruppe|stadt|orte?s?|landes?|tieren?|tieres?"
    r"|man|men|woman|women|victims?|company|firm|club|building|ship|group|town|city|country)\b"
)

# A question that starts with its verb: "Kommt er wieder?"
VERB_FIRST = r"\W*(?P<verb>\w+)\s+(?:er|sie|man|wir|ich|sich)\b"

# A person: the last two of several capitalised words ("Projektleiterin Dr. Wiebke Tamsen").
PERSON = r"(?:[A-ZÄÖÜ][\w.-]+ )*(?P<person>[A-ZÄÖÜ][\w-]+ [A-ZÄÖÜ][\w-]+)(?! [A-ZÄÖÜ])"

SPEECH = frozenset(
    """sagen sagt sagte sagten gesagt erklären erklärt erklärte erklärten äußern äußert äußerte
    geäußert zitieren zitiert zitierte zitierten betonen betont betonte meinen meint meinte
    mitteilen teilte mitgeteilt berichten berichtet berichtete aussage aussagen zitat stammt worte
    sprach spricht say says said tell told state stated quote quoted quotes explain explained
    """.split()
)

DAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|wochenende|gestern|heute"
    "|morgen|monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today|weekend"
)
NUMBER_WORDS = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dutzend|hundert\\w*|tausend\\w*"
    "|\\w*zig|\\w+zehn|million\\w*|milliard\\w*|hälfte|drittel|viertel"
    "|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen\\w*|hundred\\w*|thousand\\w*"
)
