"""Everything the chat says, in German and in English: one frozen table per language.

Knows no HTML and no Gradio. A placeholder in braces is filled with ``str.format`` by its user.
"""

from __future__ import annotations

import dataclasses
import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of the chat in one language."""

    language: str
    tagline: str
    question: str
    placeholder: str
    ask: str
    stop: str
    as_of: str
    as_of_hint: str
    examples: str
    answer: str
    sources: str
    source: str
    paragraph: str
    also_in: str
    when: str
    since: str
    until: str
    between: str
    nearest: str
    pending: str
    unverified: str
    unverified_long: str
    searching: str
    reading: str
    stopped: str
    too_long: str
    no_such_day: str
    unreadable_day: str
    failed: str
    unexpected: str
    day: str
    months: tuple[str, ...]

    def date(self, date: datetime.date) -> str:
        """The date as one writes it in this language."""
        return self.day.format(day=date.day, month=self.months[date.month - 1], year=date.year)

    def strings(self) -> dict[str, str]:
        """The plain strings by name, as Gradio's translation in the browser wants them."""
        return {k: v for k, v in dataclasses.asdict(self).items() if isinstance(v, str)}


GERMAN = Texts(
    language="de",
    tagline="Fragen an das Nachrichtenarchiv. Jeder Satz der Antwort zeigt seinen Beleg.",
    question="Ihre Frage an das Archiv",
    placeholder="Was möchten Sie wissen?",
    ask="Fragen",
    stop="Anhalten",
    as_of="Stand:",
    as_of_hint="Von diesem Tag aus zählen „gestern“ oder „letzte Woche“.",
    examples="Zum Beispiel",
    answer="Antwort",
    sources="Belege",
    source="Beleg {number}",
    paragraph="Absatz {number} des Artikels {article}",
    also_in="auch in",
    when="gemeint: {days}",
    since="ab {first}",
    until="bis {last}",
    between="{first} bis {last}",
    nearest="Am nächsten kam, beantwortet die Frage aber nicht",
    pending="Wird geschrieben und geprüft",
    unverified="unbelegt",
    unverified_long="Dieser Satz ließ sich an den genannten Quellen nicht bestätigen.",
    searching="Das Archiv wird durchsucht …",
    reading="{count} Fundstellen werden gelesen …",
    stopped="Angehalten.",
    too_long="Die Frage ist mit {length} Zeichen zu lang; möglich sind {limit}. Bitte kürzen.",
    no_such_day=(
        "Den Stand „{day}“ gibt es im Kalender nicht. Bitte einen anderen Tag wählen oder das Feld "
        "leeren, dann gilt der heutige; die Frage steht noch da."
    ),
    unreadable_day=(
        "Der Stand ist unvollständig, oder es gibt diesen Tag nicht. Bitte einen anderen wählen "
        "oder das Feld leeren, dann gilt der heutige; die Frage steht noch da."
    ),
    failed="Das ging nicht: {reason}",
    unexpected="Unerwarteter Fehler. Näheres steht im Protokoll des Servers.",
    day="{day}. {month} {year}",
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
)

ENGLISH = Texts(
    language="en",
    tagline="Ask the news archive. Every sentence of the answer shows its proof.",
    question="Your question to the archive",
    placeholder="What would you like to know?",
    ask="Ask",
    stop="Stop",
    as_of="As of:",
    as_of_hint="“Yesterday” and “last week” count from this day.",
    examples="For example",
    answer="Answer",
    sources="Sources",
    source="Source {number}",
    paragraph="Paragraph {number} of article {article}",
    also_in="also in",
    when="meaning: {days}",
    since="from {first}",
    until="until {last}",
    between="{first} to {last}",
    nearest="Nearest found, but does not answer the question",
    pending="Being written and checked",
    unverified="unverified",
    unverified_long="This sentence could not be confirmed by the sources it names.",
    searching="Searching the archive …",
    reading="Reading {count} passages …",
    stopped="Stopped.",
    too_long="The question is too long: {length} characters, {limit} are possible. Please shorten.",
    no_such_day=(
        "“As of” says “{day}”, which is no day of the calendar. Please choose another or empty the "
        "field, which means today; your question is still there."
    ),
    unreadable_day=(
        "“As of” is incomplete, or there is no such day. Please choose another or empty the field, "
        "which means today; your question is still there."
    ),
    failed="That did not work: {reason}",
    unexpected="Unexpected error. The server's log says more.",
    day="{day} {month} {year}",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
)


def texts_for(accept_language: str) -> Texts:
    """The table for a browser: German if that is its first language, else English.

    The same rule as Gradio's own translation, so that both halves of the page agree.
    """
    return GERMAN if accept_language.strip().lower().startswith("de") else ENGLISH
