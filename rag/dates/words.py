"""The words that name times in German and English, and the words around a number that is no year.

Tables only: what they mean together is decided in ``dates``.
"""

from __future__ import annotations

from rag.dates.periods import LAST, NEXT, THIS

_GERMAN_MONTHS = (
    "januar februar märz april mai juni juli august september oktober november dezember".split()
)
ENGLISH_MONTHS = (
    "january february march april may june july august september october november december".split()
)
MONTHS = {
    name: number
    for names in (_GERMAN_MONTHS, ENGLISH_MONTHS)
    for number, name in enumerate(names, 1)
} | {"jänner": 1}

_GERMAN_WEEKDAYS = "montag dienstag mittwoch donnerstag freitag samstag sonntag".split()
_ENGLISH_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAYS = {
    name: number
    for names in (_GERMAN_WEEKDAYS, _ENGLISH_WEEKDAYS)
    for number, name in enumerate(names)
} | {"sonnabend": 5}

# The month a season begins with; it has three.
SEASONS = {
    **{"frühjahr": 3, "frühling": 3, "sommer": 6, "herbst": 9, "winter": 12},
    **{"spring": 3, "summer": 6, "autumn": 9},
}

UNITS = {
    **{"tag": "day", "woche": "week", "monat": "month", "jahr": "year"},
    **{unit: unit for unit in ("day", "week", "month", "year")},
}

_ONES = "ein einem einer eine einen one a an".split()
_GERMAN_NUMBERS = "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split()
_ENGLISH_NUMBERS = "two three four five six seven eight nine ten eleven twelve".split()
NUMBERS = dict.fromkeys(_ONES, 1) | {
    name: number
    for names in (_GERMAN_NUMBERS, _ENGLISH_NUMBERS)
    for number, name in enumerate(names, 2)
}
ORDINALS = {
    **{"erst": 1, "zweit": 2, "dritt": 3, "viert": 4},
    **{"first": 1, "second": 2, "third": 3, "fourth": 4},
}

# Which third of a month, year or decade.
PARTS = {
    **{"anfang": 0, "mitte": 1, "ende": 2, "early": 0, "mid": 1, "late": 2},
    **{"beginning": 0, "start": 0, "middle": 1, "end": 2},
}

WHICH = {
    **{"letzt": LAST, "vergangen": LAST, "vorig": LAST, "last": LAST, "past": LAST},
    **{"previous": LAST, "dies": THIS, "this": THIS},
    **{"kommend": NEXT, "nächst": NEXT, "next": NEXT, "coming": NEXT},
}

# After these a weekday, a month or a season is a time: "Der Freitag" is a newspaper, "May" a
# politician, "August" and "Sommer" are names.
_BORDERS = "seit bis vor nach ab since until till before after".split()
WEEKDAY_LEADS = (*_BORDERS, *"am vom zum on dem from to between zwischen von und and".split())
MONTH_LEADS = (
    *_BORDERS,
    *"im in monat from to between zwischen von during".split(),
    # "and May" is a month after another one only
    *(rf"{name}\s{link}" for name in MONTHS for link in ("und", "and")),
)
SEASON_LEADS = (*_BORDERS, *r"im in dem zum in\sthe over\sthe".split())
DATE_LEADS = (*_BORDERS, *"am vom zum dem den on".split())

# "may" and "march" are verbs, unless a word like these stands before them or their day.
_BEFORE_VERBS = (
    *_BORDERS,
    *"in on of from to between during early mid late last next this".split(),
)
VERB_LEADS = tuple(f"{word}{day}" for word in _BEFORE_VERBS for day in ("", r"\s\d", r"\s\d\d"))

PAPERS = tuple(r"bild\sam welt\sam presse\sam nzz\sam mail\son independent\son".split())
STREETS = tuple(r"straße\sdes platz\sdes".split())

# A number after these is none of a year ...
NOT_YEARS = tuple(
    r"""agenda vision artikel art\. paragraf paragraph § nummer nr\. number no\. zimmer room
    resolution über rund etwa circa ca\. fast knapp gut mindestens höchstens mehr\sals weniger\sals
    bis\szu insgesamt about over nearly almost around some than least most [€$£]""".split()
)
# ... and after these it can be one, although it is round.
YEAR_LEADS = (*_BORDERS, *"in um von zwischen und from between and to during of".split())

# What is counted: a number before these is a quantity.
COUNTED = (
    r"(?:mensch|person|einwohner|bewohner|bürger|soldat|kämpfer|polizist|beamt|demonstrant|teilnehmer"
    r"|besucher|zuschauer|zuhörer|anhänger|mitarbeiter|arbeiter|beschäftigt|angestellt|schüler|student"
    r"|flüchtling|migrant|geisel|gefangen|verletzt|mitglied|delegiert|abgeordnet|unternehmen|firmen"
    r"|wohnung|häuser|fahrzeug|panzer|rakete|drohne|arbeitsplätze|stimme|kilo|tonne|hektar|quadrat"
    r"|milli|people|person|soldier|troop|protester|worker|employee|student|refugee|vote|mile|ton)\w*"
    r"|(?:leute|gäste|fans?|kinder|frauen|männer|tote|toten|opfer|fälle|fällen|stellen|jobs|seiten"
    r"|autos|euros?|dollars?|pfund|franken|mark|rubel|cent|prozent|metern?|litern?|grad|stunden?"
    r"|tagen?|wochen|monaten?|jahren?|mal|uhr|men|women|children|deaths|cases|days|weeks|months"
    r"|years|hours|times|pounds|percent|met(?:er|re)s|v\.)(?!\w)"
)
