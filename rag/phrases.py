"""What Beleg itself says to a reader, in German and English: the one place such sentences stand."""

from __future__ import annotations

import datetime

from rag.dates.words import ENGLISH_MONTHS

NOT_IN_CORPUS = {
    "de": "Dazu steht nichts im Archiv.",
    "en": "The archive does not say.",
}
UNSURE = {
    "de": "Unsicher: Die Fundstellen passen nur zum Teil zur Frage.",
    "en": "Uncertain: what was found fits the question only in part.",
}
WITHIN = {
    "de": "Gesucht wurde in Artikeln vom {} bis {}.",
    "en": "Searched in articles from {} to {}.",
}
SUPERSEDED = {
    "de": "Ein späterer Bericht ({there}) nennt «{theirs}» statt «{mine}».",
    "en": "A later report ({there}) says «{theirs}» instead of «{mine}».",
}
DISAGREES = {
    "de": "Die Quellen widersprechen sich: «{mine}» ({here}) gegen «{theirs}» ({there}).",
    "en": "The sources disagree: «{mine}» ({here}) against «{theirs}» ({there}).",
}
MODEL_FAILED = {
    "de": "Ohne Sprachmodell beantwortet: {}.",
    "en": "Answered without the language model: {}.",
}
MODEL_BROKE_OFF = {
    "de": "Das Sprachmodell brach ab; ab da ohne es beantwortet: {}.",
    "en": "The language model broke off; from there on answered without it: {}.",
}
LEFT_OUT = {
    "de": "Weggelassene Sätze des Sprachmodells, die keine Quelle belegt: {}.",
    "en": "Sentences of the language model left out, as no source proves them: {}.",
}
NOT_PROVEN = {
    "de": "Als unbelegt gekennzeichnete Sätze ließen sich an keiner Quelle bestätigen.",
    "en": "No source confirms the sentences that are marked as unverified.",
}
LANGUAGE = {"de": "German", "en": "English"}
PROBLEM = {
    "wording": "the source does not say this, or in quite other words",
    "number": "the source does not give this number for it",
    "day": "the source does not name this day or time",
    "name": "the source does not speak of this name here",
    "quotation": "these quoted words do not stand in the source",
    "speaker": "the source has somebody else say this",
    "negation": "it is denied on one side only",
    "opposite": "the source says the opposite",
    "roles": "the source has these names the other way round",
    "certainty": "the source leaves open what the sentence takes for sure",
    "contradiction": "the source contradicts it",
    "fragment": "it is no whole sentence",
    "citation": "it names no source that there is",
}
EXAMPLE = {
    "said": {"de": "Was sagte {}?", "en": "What did {} say?"},
    "age": {"de": "Wie alt ist {}?", "en": "How old is {}?"},
    "story": {"de": "Was ist bekannt über: {}?", "en": "What is known about: {}?"},
}


def written(day: datetime.date, language: str) -> str:
    """Return a date as it is written: ``3. 11. 2025``, or ``3 November 2025`` in English."""
    if language == "en":
        return f"{day.day} {ENGLISH_MONTHS[day.month - 1].capitalize()} {day.year}"
    return f"{day.day}. {day.month}. {day.year}"
