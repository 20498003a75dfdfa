"""Times in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from deskblog import i18n
from deskblog.limits import TIME
from deskblog.ui import moments

NOON = int(datetime(2026, 6, 15, 12, 0).timestamp() * 1000)
MINUTE = 60_000
DAY = 24 * 60 * MINUTE


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    i18n.use("en")


@pytest.mark.parametrize(
    ("passed", "text"),
    [(0, "now"), (59_000, "now"), (-30_000, "now"), (2 * MINUTE, "2 min"), (59 * MINUTE, "59 min")],
)
def test_the_last_hour_is_told_in_minutes(passed: int, text: str) -> None:
    i18n.use("en")
    assert moments.ago(NOON - passed, NOON) == text


def test_older_and_future_posts_show_the_time_of_day() -> None:
    assert moments.ago(NOON - 70 * MINUTE, NOON) == moments.clock(NOON - 70 * MINUTE)
    assert moments.ago(NOON + 70 * MINUTE, NOON) == moments.clock(NOON + 70 * MINUTE)


def test_days_have_headings() -> None:
    i18n.use("en")
    assert moments.day(NOON, NOON) == "Today"
    assert moments.day(NOON - DAY, NOON) == "Yesterday"
    assert "June" in moments.day(NOON - 3 * DAY, NOON) and "2026" not in moments.day(NOON - 3 * DAY, NOON)
    assert "2024" in moments.day(NOON - 700 * DAY, NOON)
    for language, before, start in (("en", 0, "today"), ("en", 3, "Friday"), ("fr", 3, "vendredi")):
        i18n.use(language)
        assert moments.day_within(NOON - before * DAY, NOON).startswith(start)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Friday, June 12"),
        ("fr", "Vendredi 12 juin"),
        ("es", "Viernes, 12 de junio"),
        ("it", "Venerdì 12 giugno"),
    ],
)
def test_a_day_of_this_year_ends_with_its_month(language: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "locale", lambda: QLocale(language))
    assert moments.day(NOON - 3 * DAY, NOON) == said


def test_a_time_no_calendar_has_is_shown_all_the_same() -> None:
    assert moments.ago(TIME, NOON) and moments.day(TIME, NOON) and "9999" in moments.full(TIME)
