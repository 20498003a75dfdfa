"""Times as people say them, in the language of the window and the customs of the system.

Qt has the same tables as Babel, which is slow to read them (50 ms, 4.5 MiB) and so asked for what is rarely seen.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from PySide6.QtCore import QDate, QLocale, QTime

from deskblog.i18n import _, language

LONG, SHORT = QLocale.FormatType.LongFormat, QLocale.FormatType.ShortFormat
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
        return _("{n} min").format(n=round(passed / 60))
    return clock(at)


def span(ms: int) -> str:
    """How long something took: “2 minutes”, “3 hours”."""
    from babel import dates

    seconds = max(60, ms // 1000)
    return str(dates.format_timedelta(timedelta(seconds=seconds), threshold=1, locale=locale().name()))


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
