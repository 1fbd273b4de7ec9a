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
