import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import ANY_TIME, Period
from rag.dates import time_asked, times, when
from rag.dates import words as calendar_words

SUNDAY = datetime.date(2026, 11, 22)
MONTHS = list(calendar_words.MONTHS)
GERMAN, ENGLISH = MONTHS[:12], calendar_words.ENGLISH_MONTHS
LONGEST = 2000


def days(written):
    """Read "2005-05-03", "2005-05-03/2005-05-07", "/2005-05-03" and "2005-05-03/"."""
    first, _, last = written.partition("/") if "/" in written else (written, "", written)
    return Period(*(datetime.date.fromisoformat(day) if day else None for day in (first, last)))


def asked(text, as_of=SUNDAY):
    return time_asked(text, as_of).period


def said(text, published=SUNDAY):
    return when(text, published)


def spans(text):
    return [text[start:end] for start, end in time_asked(text, SUNDAY).spans]


def in_every_case(text):
    return {text, text.lower(), text.upper()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("heute", "2026-11-22"), ("today", "2026-11-22"),
        ("gestern", "2026-11-21"), ("yesterday", "2026-11-21"),
        ("vorgestern", "2026-11-20"), ("the day before yesterday", "2026-11-20"),
        ("tomorrow", "2026-11-23"),
        ("in dieser Woche", "2026-11-16/2026-11-22"), ("this week", "2026-11-16/2026-11-22"),
        ("letzte Woche", "2026-11-09/2026-11-15"), ("last week", "2026-11-09/2026-11-15"),
        ("in der vergangenen Woche", "2026-11-09/2026-11-15"),
        ("vorige Woche", "2026-11-09/2026-11-15"),
        ("kommende Woche", "2026-11-23/2026-11-29"), ("next week", "2026-11-23/2026-11-29"),
        ("Anfang der Woche", "2026-11-16/2026-11-17"),
        ("diesen Monat", "2026-11-01/2026-11-30"), ("letzten Monats", "2026-10-01/2026-10-31"),
        ("im vergangenen Monat", "2026-10-01/2026-10-31"),
        ("dieses Jahr", "2026-01-01/2026-12-31"), ("this year", "2026-01-01/2026-12-31"),
        ("letztes Jahr", "2025-01-01/2025-12-31"), ("last year's", "2025-01-01/2025-12-31"),
        ("im vergangenen Jahr", "2025-01-01/2025-12-31"),
        ("Ende vergangenen Jahres", "2025-09-01/2025-12-31"),
        ("am Wochenende", "2026-11-21/2026-11-22"), ("over the weekend", "2026-11-21/2026-11-22"),
        ("am letzten Wochenende", "2026-11-14/2026-11-15"),
        ("am kommenden Wochenende", "2026-11-28/2026-11-29"),
        ("in den letzten drei Tagen", "2026-11-19/2026-11-22"),
        ("in the past three days", "2026-11-19/2026-11-22"),
        ("in den letzten drei Wochen", "2026-11-01/2026-11-22"),
        ("in den vergangenen 3 Monaten", "2026-08-22/2026-11-22"),
        ("in the last twelve years", "2014-11-22/2026-11-22"),
        ("in den letzten Tagen", "2026-11-17/2026-11-22"),
        ("seit zwei Wochen", "2026-11-08/2026-11-22"),
        ("vor zwei Tagen", "2026-11-20"), ("two days ago", "2026-11-20"),
        ("vor zwei Wochen", "2026-11-02/2026-11-08"), ("two weeks ago", "2026-11-02/2026-11-08"),
        ("vor zwei Monaten", "2026-09-01/2026-09-30"),
        ("vor rund zwölf Jahren", "2014-01-01/2014-12-31"),
        ("a year ago", "2025-01-01/2025-12-31"),
    ],
)  # fmt: skip
def test_a_time_from_today_is_the_day_week_month_or_year_so_far_away(text, expected):
    assert {asked(one) for one in in_every_case(text)} == {days(expected)}
    assert said(text) == days(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am Montag", "2026-11-16"), ("on Monday", "2026-11-16"), ("AM MONTAG", "2026-11-16"),
        ("am Sonntag", "2026-11-22"), ("am Dienstagabend", "2026-11-17"),
        ("Mittwochmorgen", "2026-11-18"), ("Monday morning", "2026-11-16"),
        ("letzten Freitag", "2026-11-20"), ("last Friday", "2026-11-20"),
        ("letzten Sonntag", "2026-11-15"), ("diesen Montag", "2026-11-16"),
        ("am kommenden Samstag", "2026-11-28"), ("am nächsten Montag", "2026-11-23"),
        ("next Sunday", "2026-11-29"), ("seit Montag", "2026-11-16/2026-11-22"),
        ("since Monday", "2026-11-16/2026-11-22"),
        ("zwischen Montag und Mittwoch", "2026-11-16/2026-11-18"),
        ("in der Nacht zum Sonntag", "2026-11-21/2026-11-22"),
        ("am Montag vergangener Woche", "2026-11-09"),
    ],
)  # fmt: skip
def test_a_weekday_is_the_last_one_that_was(text, expected):
    assert asked(text) == said(text) == days(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 21. Dezember 2025", "2025-12-21"), ("on 21 December 2025", "2025-12-21"),
        ("on December 21, 2025", "2025-12-21"), ("the 21st of December 2025", "2025-12-21"),
        ("21.12.2025", "2025-12-21"), ("1. 2. 2025", "2025-02-01"), ("2025-12-21", "2025-12-21"),
        ("am Dienstag, 3. Mai 2005", "2005-05-03"), ("Tuesday, May 3, 2005", "2005-05-03"),
        ("am Montag, dem 3. Mai 2005", "2005-05-03"),  # it was a Tuesday
        ("im August 2005", "2005-08-01/2005-08-31"), ("in August 2005", "2005-08-01/2005-08-31"),
        ("Anfang März 2008", "2008-03-01/2008-03-10"),
        ("early March 2008", "2008-03-01/2008-03-10"),
        ("Mitte März 2008", "2008-03-11/2008-03-20"), ("mid-March 2008", "2008-03-11/2008-03-20"),
        ("Ende März 2008", "2008-03-21/2008-03-31"), ("late March 2008", "2008-03-21/2008-03-31"),
        ("Ende Februar 2005", "2005-02-19/2005-02-28"),
        ("im ersten Quartal 2012", "2012-01-01/2012-03-31"),
        ("in the fourth quarter of 2012", "2012-10-01/2012-12-31"),
        ("im Frühjahr 2005", "2005-03-01/2005-05-31"), ("im Sommer 2005", "2005-06-01/2005-08-31"),
        ("im Winter 2005/06", "2005-12-01/2006-02-28"),
        ("in der Saison 2005/06", "2005-01-01/2006-12-31"),
        ("im Herbst 2005", "2005-09-01/2005-11-30"), ("im Winter 2005", "2005-12-01/2006-02-28"),
        ("in the summer of 2005", "2005-06-01/2005-08-31"),
        ("im Jahr 2005", "2005-01-01/2005-12-31"), ("Im Jahre 2000", "2000-01-01/2000-12-31"),
        ("Anfang 2005", "2005-01-01/2005-04-30"), ("Ende 2005", "2005-09-01/2005-12-31"),
        ("Ende des Jahres 2005", "2005-09-01/2005-12-31"),
        ("in den 1990er Jahren", "1990-01-01/1999-12-31"),
        ("in the 1990s", "1990-01-01/1999-12-31"),
        ("in den 90er-Jahren", "1990-01-01/1999-12-31"),
        ("Anfang der 1990er Jahre", "1990-01-01/1993-04-30"),
        ("vor dem 1. Mai 2005", "/2005-04-30"), ("before May 2005", "/2005-04-30"),
        ("ab Juni 2020", "2020-06-01/"), ("nach 2005", "2006-01-01/"),
        ("bis zum Ende des Jahres 2005", "/2005-12-31"), ("seit 2019", "2019-01-01/2026-11-22"),
        ("zwischen 2004 und 2006", "2004-01-01/2006-12-31"),
        ("between 2004 and 2006", "2004-01-01/2006-12-31"),
        ("von 2004 bis 2006", "2004-01-01/2006-12-31"), ("2004-2006", "2004-01-01/2006-12-31"),
        ("seit 2019 bis 2021", "2019-01-01/2021-12-31"),
        ("vom 3. bis 7. Mai 2005", "2005-05-03/2005-05-07"),
        ("from 3 to 7 May 2005", "2005-05-03/2005-05-07"),
        ("zwischen dem 1. und 5. März 2010", "2010-03-01/2010-03-05"),
        ("vom 3.5. bis 7.5.2005", "2005-05-03/2005-05-07"),
        ("vom 28. Dezember bis 3. Januar 2006", "2005-12-28/2006-01-03"),
        ("von Januar bis März 2005", "2005-01-01/2005-03-31"),
        ("between March and May 2005", "2005-03-01/2005-05-31"),
        ("from April 30 to May 2, 2005", "2005-04-30/2005-05-02"),
    ],
)  # fmt: skip
def test_a_time_with_its_year_is_itself(text, expected):
    assert {asked(one) for one in in_every_case(text)} == {days(expected)}
    assert said(text) == days(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("am 3. Mai", "2026-05-03"), ("am 3.5.", "2026-05-03"), ("on May 3", "2026-05-03"),
        ("am 22. November", "2026-11-22"), ("am 23. November", "2025-11-23"),
        ("am 29. Februar", "2024-02-29"), ("bis 5. März", "/2026-03-05"),
        ("until the 5th of March", "/2026-03-05"), ("nach dem 3. Juni", "2026-06-04/"),
        ("after 3 June", "2026-06-04/"), ("zwischen dem 1. und 5. März", "2026-03-01/2026-03-05"),
        ("between March 1 and 5", "2026-03-01/2026-03-05"),
        ("vom 30. April bis 2. Mai", "2026-04-30/2026-05-02"),
        ("im August", "2026-08-01/2026-08-31"), ("im November", "2026-11-01/2026-11-30"),
        ("im Dezember", "2025-12-01/2025-12-31"), ("next March", "2027-03-01/2027-03-31"),
        ("im August 15 Tote", "2026-08-01/2026-08-31"),
        ("seit Anfang März", "2026-03-01/2026-11-22"), ("im Sommer", "2026-06-01/2026-08-31"),
        ("Ende November", "2026-11-21/2026-11-30"), ("Ende Dezember", "2025-12-21/2025-12-31"),
        ("last summer", "2026-06-01/2026-08-31"), ("im dritten Quartal", "2026-07-01/2026-09-30"),
        ("im Mai vergangenen Jahres", "2025-05-01/2025-05-31"),
        ("am 3. Mai vor zwei Jahren", "2024-05-03"),
    ],
)  # fmt: skip
def test_a_date_without_year_is_the_last_one_begun_for_a_question(text, expected):
    assert {asked(one) for one in in_every_case(text)} == {days(expected)}


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        ("2026-11-22", "Am 3. Mai trat er zurück.", "2026-05-03"),
        ("2026-04-22", "Am 3. Mai tritt er zurück.", "2026-05-03"),
        ("2026-01-05", "Am 28. Dezember kam er.", "2025-12-28"),
        ("2026-12-20", "Am 6. Januar tagt die Partei.", "2027-01-06"),
        ("2026-04-15", "Ende Mai wird gewählt.", "2026-05-21/2026-05-31"),
        ("2026-05-05", "Im April war es kalt.", "2026-04-01/2026-04-30"),
        ("2026-11-22", "Am 29. Februar kam er.", "2024-02-29"),
        ("2026-11-20", "Am Samstag kam er an.", "2026-11-14"),
        ("2026-11-20", "In der Nacht zum Freitag brannte es.", "2026-11-19/2026-11-20"),
    ],
)
def test_a_date_without_year_can_be_ahead_in_the_news(published, text, expected):
    assert said(text, datetime.date.fromisoformat(published)) == days(expected)


@pytest.mark.parametrize(
    "text",
    [
        "2005", "WM 2006", "WAS GESCHAH 1848 IN WIEN?", "Wer gewann die Olympischen Spiele 2012?",
        "Wahl 2009", "(2005)",
        "Was geschah 1648 in Münster?", "1848?", "Wer gewann 2005 Gold?",
        "Wer gewann 2000 die Wahl?",
        "Expo 2000", "die 2005 gegründete Partei", "the 2008 financial crisis", "in 1500",
        "Im Jahr 2000 Menschen", "Prag seit 1968",
    ],
)  # fmt: skip
def test_a_bare_number_can_be_a_year(text):
    year = int("".join(filter(str.isdigit, text)))
    assert asked(text).first == datetime.date(year, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2000 Menschen", "2005 Menschen", "1999 Demonstranten", "2.000", "2.000 Menschen",
        "1500 Euro", "über 2000 Soldaten", "€2000",
        "2000 €", "about 2000 people", "10 000 Menschen", "bis zu 2005 Stellen", "20051", "12005",
        "1250 Lotsen", "zwischen 1500 und 2000 Menschen", "in 2000 Metern Höhe", "2000-Watt-Lampe",
        "2005er", "1,2005", "Version 2005.1", "2005-12", "12/2005", "2005/123", "2101", "0999",
        "999", "1.2.2005.3", "2025-12-21-3", "1-2025-12-21", "am 3.5.17",
        "Agenda 2010", "Apollo 11", "Artikel 5", "§ 1004", "UN-Resolution 1701", "Zimmer 1408",
    ],
)  # fmt: skip
def test_a_quantity_or_the_number_of_a_thing_is_no_year(text):
    assert time_asked(text, SUNDAY).spans == ()
    assert said(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "What may happen?", "Who may march on Rome?", "they march 5 miles", "of the 5 may",
        "What did May say?", "April 5,000 people came", "after May's resignation",
        "Mai Thi Nguyen-Kim", "August Bebel",
        "Elke Sommer", "in the fall of Kabul", "So kam es", "Mo Farah", "Guten Morgen",
        "morgens", "montags", "Sonntagszeitung", "Montagsdemonstration", "um 20 Uhr",
        "Was schrieb die Bild am Sonntag?", "Welt am Sonntag", "the Mail on Sunday",
        "Was schrieb Der Freitag?", "Schwarzer Freitag", "Rosenmontag", "heute-journal",
        "USA Today", "Straße des 17. Juni", "letzten Endes", "Jahrzehnt", "Kapitel 3.5.",
        "Wann war das?", "In welchem Jahr?", "Seit wann?", "When was it?", "",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time_is_none(text):
    assert time_asked(text, SUNDAY) == time_asked("", SUNDAY)
    assert asked(text) == ANY_TIME
    assert said(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "am 30. Februar", "30. Februar 2005", "32. Mai", "am 31.4.2005", "2005-13-01", "2005-02-30",
        "0000-01-01", "vom 1. bis zum 32. Mai", "vom 31. bis 30. Mai 2005", "May 32",
        "vor 3000 Jahren", "seit 2030", "vor dem 1. Januar 0001", "nach dem 31. Dezember 9999",
        "am 3. Auguſt 1848", "im Auguſt",
    ],
)  # fmt: skip
def test_a_time_that_does_not_exist_says_nothing(text):
    assert time_asked(text, SUNDAY).spans == ()
    assert said(text) is None


def test_a_shorter_month_ends_earlier():
    assert asked("in den letzten drei Monaten", datetime.date(2026, 5, 31)).first == datetime.date(
        2026, 2, 28
    )


def test_the_first_and_the_last_day_of_the_calendar_have_a_weekday():
    for day, text in ((datetime.date.min, "am Montag"), (datetime.date.max, "am Freitag")):
        assert asked(text, day) == said(text, day) == Period(day, day)


def test_of_several_times_the_shortest_is_narrowed_by_those_that_overlap():
    assert asked("Was geschah 2005 im Krieg nach dem 3. Juni 2005?") == days(
        "2005-06-04/2005-12-31"
    )
    assert asked("Was sagte er am Montag über die Wahl 2009?") == days("2026-11-16")
    assert asked("am Montag, dann am Dienstag") == days("2026-11-16")
    assert said("Bis 2019 war er Rat, seit Montag ist er Präsident.") == days(
        "2026-11-16/2026-11-22"
    )


def test_the_spans_are_the_times_with_their_borders():
    assert spans("Was geschah seit dem 3. Mai 2005?") == ["seit dem 3. Mai 2005"]
    assert spans("Was zuletzt am Montag, dem 3. Mai?") == ["zuletzt", "Montag, dem 3. Mai"]
    assert spans("It sank on May 3, 2005. He left on November 17.") == [
        "May 3, 2005",
        "November 17",
    ]
    assert spans("zwischen 2004 und 2006 und heute") == ["2004 und 2006", "heute"]
    assert spans("im Winter 2005/06 und Anfang der Woche") == ["Winter 2005/06", "Anfang der Woche"]


@pytest.mark.parametrize(
    "text",
    ["der aktuelle Stand", "Was sagte er zuletzt?", "das neueste Album", "den neusten Plan",
     "die jüngsten Zahlen", "the latest news", "his most recent visit", "Who currently leads?"],
)  # fmt: skip
def test_what_asks_for_the_newest(text):
    assert all(time_asked(one, SUNDAY).newest for one in in_every_case(text))
    assert time_asked(text, SUNDAY).period == ANY_TIME
    assert len(spans(text)) == 1


@pytest.mark.parametrize(
    "text",
    ["Aktuelle Stunde", "Wer ist der jüngste Minister?", "das Jüngste Gericht", "heute",
     "by Monday at the latest", "die Aktualität", "neu"],
)  # fmt: skip
def test_what_does_not_ask_for_the_newest(text):
    assert not time_asked(text, SUNDAY).newest


@given(st.dates(datetime.date(1000, 1, 1)), st.dates())
def test_every_date_written_out_is_itself(day, today):
    german, english = (months[day.month - 1] for months in (GERMAN, ENGLISH))
    for text in (
        f"am {day.day}. {german.title()} {day.year}",
        f"{day}",
        f"{day:%d.%m}.{day.year}",
        f"{english.title()} {day.day}, {day.year}",
        f"{day.day} {english.title()} {day.year}",
    ):
        assert asked(text, today) == said(text, today) == Period(day, day)


PIECES = st.sampled_from(
    MONTHS
    + """1. 5 29. 31. 32. 2005 2000 0000 9999 1.5. 31.12.9999 ſ ı - , am im seit bis vor nach ab zum
    zwischen und and to of the since until before after between letzten kommenden diese last next
    ago zwei Jahren Tagen Wochen weeks Monaten Jahre Jahres Montag Monday Wochenende Nacht heute
    gestern tomorrow Ende mid Anfang Quartal ersten Sommer winter 1990er Menschen zuletzt""".split()
)


@given(st.text(max_size=200) | st.lists(PIECES, max_size=12).map(" ".join), st.dates())
def test_any_text_on_any_day_is_read_without_harm(text, today):
    found = time_asked(text, today)
    for period in (found.period, when(text, today) or ANY_TIME):
        assert (period.first or datetime.date.min) <= (period.last or datetime.date.max)
    assert (found.period != ANY_TIME or found.newest) == bool(found.spans)
    ends = [end for span in found.spans for end in span]
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert all(text[start:end].strip() == text[start:end] for start, end in found.spans)


@pytest.mark.parametrize(
    "piece", [" ", "1.", "1. und ", "May 5 ", "2005-", "am Montag, ", "märz und "]
)
def test_a_long_text_is_read_at_once(piece):
    started = time.process_time()
    time_asked(f"x{piece * LONGEST}"[:LONGEST], SUNDAY)
    assert time.process_time() - started < 0.2


def test_each_time_of_a_sentence_is_read_where_it_stands():
    sentence = "Am 3. Mai 2005 begann, was in den 1980ern und am Freitag undenkbar war."
    found = times(sentence, datetime.date(2005, 5, 7))
    assert [(sentence[start:end], period) for (start, end), period in found] == [
        ("3. Mai 2005", days("2005-05-03")),
        ("1980ern", days("1980-01-01/1989-12-31")),
        ("Freitag", days("2005-05-06")),
    ]
    assert times("Nichts davon.", SUNDAY) == []


def test_fall_is_no_season():
    assert said("In diesem Fall und im Fall 2005") != days("2005-09-01/2005-11-30")
    assert times("im Fall Demjanjuk", SUNDAY) == []


@given(st.text(max_size=200))
def test_the_times_of_any_text_stand_in_it(text):
    for (start, end), _ in times(text, SUNDAY):
        assert 0 <= start < end <= len(text)
