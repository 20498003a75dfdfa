"""Times as people say them, in the language of the window and the customs of the system."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from babel import Locale, UnknownLocaleError, dates
from PySide6.QtCore import QLocale

from deskblog.i18n import _, language

LATEST = 253_402_200_000_000  # ms; the last day any calendar knows


def local(at: int) -> datetime:
    """UTC milliseconds as this PC's wall clock, without zone."""
    moment = datetime.fromtimestamp(min(at, LATEST) / 1000, UTC)
    try:
        return moment.astimezone().replace(tzinfo=None)
    except (OverflowError, OSError, ValueError):  # the system's own clock ends earlier
        return moment.replace(tzinfo=None)


def locale() -> Locale:
    """The system's region where it speaks the window's language, that language alone elsewhere."""
    return _locale(QLocale.system().name(), language())


@lru_cache(maxsize=8)  # each painted card asks
def _locale(region: str, spoken: str) -> Locale:
    try:
        system = Locale.parse(region)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(spoken)
    return system if system.language == spoken else Locale.parse(spoken)


def ago(at: int, now: int) -> str:
    """Short, beside a name: “now”, “2 min”, then the time of day; the day stands above."""
    passed = (now - at) // 1000
    if -60 < passed < 60:
        return _("now")
    if 0 < passed < 3600:
        return str(dates.format_timedelta(timedelta(seconds=passed), "minute", 1, format="short", locale=locale()))
    return clock(at)


def span(ms: int) -> str:
    """How long something took: “2 minutes”, “3 hours”."""
    seconds = max(60, ms // 1000)
    return str(dates.format_timedelta(timedelta(seconds=seconds), threshold=1, locale=locale()))


def clock(at: int) -> str:
    return str(dates.format_time(local(at), "short", locale=locale()))


def weekdays() -> list[str]:
    """Short names of the days of the week, Monday first."""
    names = dates.get_day_names("abbreviated", "stand-alone", locale=locale())
    return [str(names[n]).rstrip(".") for n in range(7)]


def date(at: int) -> str:
    """A day in figures, where there is little room."""
    return str(dates.format_date(local(at), "short", locale=locale()))


def full(at: int) -> str:
    """Day and time in words, for a tool tip."""
    moment = local(at)
    return _("{day}, {time}").format(
        day=dates.format_date(moment, "full", locale=locale()),
        time=dates.format_time(moment, "short", locale=locale()),
    )


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
    pattern = locale().date_formats["full"].pattern
    if moment.year == today.year:
        pattern = re.sub(r"(?:[,\s]|'[^']*')*y+", "", pattern)  # in Spanish with the “de” before the year
    return str(dates.format_date(moment, pattern, locale=locale()))
