"""What Beleg itself says to a reader, in German and English: the one place such sentences stand."""

from __future__ import annotations

NOT_IN_CORPUS = {
    "de": "Dazu steht nichts im Archiv.",
    "en": "The archive does not say.",
}
EXAMPLE = {
    "said": {"de": "Was sagte {}?", "en": "What did {} say?"},
    "age": {"de": "Wie alt ist {}?", "en": "How old is {}?"},
    "story": {"de": "Was ist bekannt über: {}?", "en": "What is known about: {}?"},
}
