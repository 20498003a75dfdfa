"""Times as people say them, in the language of the window and the customs of the system.

By the tables of Qt, which are the same as Babel's: that takes 50 ms and 4.5 MiB to read its own.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

from PySide6.QtCore import QDate, QLocale, QTime

from deskblog.i18n import _, language, plural

LONG, SHORT = QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat
DAY = 24 * 60  # minutes
MINUTES = {"de": "{n} Min.", "fr": "{n}\u00a0min"}  # cut short, as Unicode's tables have it; “min” elsewhere
LATEST = 253_402_200_000_000  # ms; the last day any calendar knows


def local(at: int) -> datetime:
    """UTC milliseconds as this PC's wall clock, without zone."""
    moment = datetime.fromtimestamp(min(at, LATEST) / 1000, UTC)
    try:
        return moment.astimezone().replace(tzinfo=None)
    except (OverflowError, OSError, ValueError):  # the system's own clock ends earlier
        return moment.replace(tzinfo=None)


def locale() -> QLocale:
    """The system's region where it speaks the window's language, that language alone elsewhere."""
    system, spoken = QLocale.system().name(), language()
    return _locale(system if system.partition("_")[0] == spoken else spoken)


@lru_cache(maxsize=8)  # each painted card asks
def _locale(name: str) -> QLocale:
    return QLocale(name)


def ago(at: int, now: int) -> str:
    """Short, beside a name: “now”, “2 min”, then the time of day; the day stands above."""
    passed = (now - at) // 1000
    if -60 < passed < 60:
        return _("now")
    if 0 < passed < 3600:
        return MINUTES.get(language(), "{n} min").format(n=round(passed / 60))
    return clock(at)


def span(ms: int) -> str:
    """How long something took: “2 minutes”, “3 hours”."""
    minutes = max(60, ms // 1000) / 60
    if (years := minutes / (365 * DAY)) >= 1:
        return plural("{n} year", "{n} years", round(years))
    if (months := minutes / (30 * DAY)) >= 1:
        return plural("{n} month", "{n} months", round(months))
    if (weeks := minutes / (7 * DAY)) >= 1:
        return plural("{n} week", "{n} weeks", round(weeks))
    if (days := minutes / DAY) >= 1:
        return plural("{n} day", "{n} days", round(days))
    if (hours := minutes / 60) >= 1:
        return plural("{n} hour", "{n} hours", round(hours))
    return plural("{n} minute", "{n} minutes", round(minutes))


def clock(at: int) -> str:
    moment = local(at)
    return locale().toString(QTime(moment.hour, moment.minute), SHORT)


def weekdays() -> list[str]:
    """Short names of the days of the week, Monday first."""
    return [locale().standaloneDayName(n, SHORT).rstrip(".") for n in range(1, 8)]


def date(at: int) -> str:
    """A day in figures, where there is little room."""
    return locale().toString(_day(local(at)), SHORT)


def full(at: int) -> str:
    """Day and time in words, for a tool tip."""
    return _("{day}, {time}").format(day=locale().toString(_day(local(at)), LONG), time=clock(at))


def _day(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)


def day(at: int, now: int) -> str:
    """The heading of a day: “Today”, “Yesterday”, then its date."""
    text = day_within(at, now)
    return text[:1].upper() + text[1:]


def day_within(at: int, now: int) -> str:
    """The same in the middle of a sentence, where many languages write a day small."""
    moment, today = local(at), local(now)
    passed = (today.date() - moment.date()).days
    if passed == 0:
        return _("Today").lower()
    if passed == 1:
        return _("Yesterday").lower()
    pattern = locale().dateFormat(LONG)
    if moment.year == today.year:
        pattern = re.sub(r"(?:[,\s]|'[^']*')*y+", "", pattern)  # in Spanish with the “de” before the year
    return locale().toString(_day(moment), pattern)
