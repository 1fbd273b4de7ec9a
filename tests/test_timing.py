import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import ANY_TIME, Period
from rag.timing import ANY, fits, timing

SUNDAY = datetime.date(2026, 11, 22)
AUGUST = Period(datetime.date(2005, 8, 1), datetime.date(2005, 8, 31))


def day(written):
    return datetime.date.fromisoformat(written) if written else None


def days(written):
    """Read "2005-05-03/2005-05-07", "/2005-05-03" and "2005-05-03/"; "/" is any time."""
    return Period(*map(day, written.split("/")))


def asked(text, given=ANY_TIME, as_of=SUNDAY):
    return timing(text, as_of, given)


@pytest.mark.parametrize(
    ("text", "about", "within"),
    [
        ("Was geschah heute?", "2026-11-22/2026-11-22", "2026-11-22/2026-11-22"),
        ("Was geschah gestern?", "2026-11-21/2026-11-21", "2026-11-21/2026-11-22"),
        ("Was geschah letzte Woche?", "2026-11-09/2026-11-15", "2026-11-09/2026-11-22"),
        ("Was geschah diese Woche?", "2026-11-16/2026-11-22", "2026-11-16/2026-11-22"),
        ("Was geschah vor drei Tagen?", "2026-11-19/2026-11-19", "2026-11-19/2026-11-22"),
        ("Was geschah seit Montag?", "2026-11-16/2026-11-22", "2026-11-16/2026-11-22"),
        ("Was geschah vergangenen August?", "2026-08-01/2026-08-31", "2026-08-01/2026-09-07"),
        ("Was geschah im letzten Jahr?", "2025-01-01/2025-12-31", "2025-01-01/2026-01-07"),
        ("What happened last week?", "2026-11-09/2026-11-15", "2026-11-09/2026-11-22"),
        ("What happened yesterday?", "2026-11-21/2026-11-21", "2026-11-21/2026-11-22"),
    ],
)
def test_what_counts_from_today_leaves_out_all_but_the_days_on_which_it_is_told(
    text, about, within
):
    for one in (text, text.upper()):
        assert asked(one).about == days(about)
        assert asked(one).within == days(within)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Was geschah im August 2005?", "2005-08-01/2005-08-31"),
        ("Was geschah am 3. Mai 2005?", "2005-05-03/2005-05-03"),
        ("Was geschah im Mai?", "2026-05-01/2026-05-31"),
        ("Was geschah am Montag?", "2026-11-16/2026-11-16"),
        ("Was geschah seit 2024?", "2024-01-01/2026-11-22"),
        ("Was geschah vor 2005?", "/2004-12-31"),
        ("Was geschieht nächste Woche?", "2026-11-23/2026-11-29"),
        ("What happened in August 2005?", "2005-08-01/2005-08-31"),
        ("Wer steht heute vor dem Rathaus von 1905?", None),
        ("Wer steht vor dem Rathaus?", "/"),
        ("Was ist das Neueste?", "/"),
    ],
)
def test_other_times_leave_nothing_out(text, about):
    assert asked(text).within == ANY_TIME
    assert about is None or asked(text).about == days(about)


@pytest.mark.parametrize(
    ("given", "within"),
    [
        ("2026-11-12/", "2026-11-12/2026-11-22"),
        ("/2026-11-12", "2026-11-09/2026-11-12"),
        ("2026-11-01/2026-11-30", "2026-11-09/2026-11-22"),
        ("2020-01-01/2020-12-31", "2020-01-01/2020-12-31"),
        ("2026-11-23/", "2026-11-23/"),
    ],
)
def test_a_given_period_is_narrowed_and_wins_where_nothing_would_be_left(given, within):
    assert asked("Was geschah letzte Woche?", days(given)).within == days(within)
    assert asked("Was geschah im August 2005?", days(given)).within == days(given)
    assert asked("Was geschah?", days(given)).within == days(given)


def test_it_says_where_the_text_says_so_and_whether_the_newest_is_wanted():
    text = "Was war das Neueste von letzter Woche?"
    found = asked(text)
    assert [text[start:end] for start, end in found.spans] == ["Neueste", "letzter Woche"]
    assert found.newest
    assert not asked("Was war letzte Woche?").newest
    assert asked("Was war?") == ANY


def test_it_knows_whether_the_text_narrows_the_search():
    assert asked("Was geschah letzte Woche?").is_narrowed
    assert asked("Was geschah letzte Woche?", days("2026-11-12/")).is_narrowed
    assert not asked("Was geschah letzte Woche?", days("2020-01-01/2020-12-31")).is_narrowed
    assert not asked("Was geschah bis gestern?").is_narrowed  # there is no first day to tell
    assert not asked("Was geschah im August 2005?").is_narrowed
    assert not asked("Was geschah?", days("2020-01-01/2020-12-31")).is_narrowed


@pytest.mark.parametrize(
    ("published", "text", "expected"),
    [
        ("2005-08-01", "", True),
        ("2005-08-31", "", True),
        ("2005-09-07", "", True),  # told within a week
        ("2005-09-08", "", False),
        ("2005-07-31", "", False),
        ("2011-01-01", "Die Brücke fiel im Jahr 2005.", True),
        ("2011-01-01", "Die Brücke fiel im Jahr 2006.", False),
        ("2011-01-01", "Sie kostete 20050 Euro.", False),
        (None, "Die Brücke fiel 2005.", True),
        (None, "Die Brücke fiel im August.", False),
        (None, "", False),
    ],
)
def test_what_fits_is_of_that_time_or_names_its_year(published, text, expected):
    assert fits(AUGUST, day(published), text) == expected


@pytest.mark.parametrize(
    ("about", "published", "text", "expected"),
    [
        ("/", None, "", True),
        ("/2004-12-31", "1999-01-01", "", True),
        ("/2004-12-31", "2005-01-08", "", False),
        ("2024-01-01/", "2026-01-01", "", True),
        ("2024-01-01/", "2023-01-01", "", False),
        ("2024-01-01/9999-12-31", "2024-01-02", "", True),
        ("2003-01-01/2006-12-31", None, "Das war 2006.", True),
        ("2003-01-01/2006-12-31", None, "Das war 2004.", True),
    ],
)
def test_open_and_long_periods_fit_alike(about, published, text, expected):
    assert fits(days(about), day(published), text) == expected


DAYS = st.dates()
PERIODS = st.tuples(st.none() | DAYS, st.none() | DAYS).map(
    lambda bounds: Period(*sorted(bounds)) if None not in bounds else Period(*bounds)
)
TEXTS = st.text(max_size=40) | st.lists(
    st.sampled_from("seit vor letzte Woche gestern im August 2005 3. Mai bis heute Jahr".split()),
    max_size=6,
).map(" ".join)


@given(TEXTS, DAYS, PERIODS)
def test_any_question_has_a_time_within_the_period_given(text, as_of, given):
    found = timing(text, as_of, given)
    first, last = found.within
    assert first is None or last is None or first <= last
    assert given.first is None or first >= given.first
    assert given.last is None or last <= given.last
    assert found.within == given or found.about != ANY_TIME


@given(PERIODS, st.none() | DAYS, TEXTS)
def test_any_article_fits_or_not(about, published, text):
    assert fits(about, published, text) in (True, False)
    if published is not None and published in about:
        assert fits(about, published, text)
