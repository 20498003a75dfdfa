"""Dates as feeds and pages say them. A clock that is far off makes a date that cannot be: none is said then. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

EARLIEST: Final = 631_152_000_000  # 1990, ms: feed checkers hold nothing older for true
AHEAD: Final = 10 * 60_000  # … nor anything that is further ahead
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def plausible(at: int, now: int) -> bool:
    """Whether a post can have been written then (UTC ms)."""
    return EARLIEST <= at <= now + AHEAD


def moment(at: int) -> datetime:
    """Of a plausible date."""
    return _EPOCH + timedelta(milliseconds=at)


def rfc3339(at: int) -> str:
    return moment(at).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rfc3339_of(at: int, ident: str) -> str:
    """The same, with digits below the millisecond that are the thing's own: no two entries of a feed may say one."""
    return f"{rfc3339(at)[:-1]}{int(ident[:12] or '0', 16) % 1_000_000:06}Z"


def rfc822(at: int) -> str:
    from email.utils import format_datetime

    return format_datetime(moment(at), usegmt=True)


def month_of(at: int, zone: tzinfo | None) -> str:
    """2026-11, as the calendar there says; `zone` None: this PC's."""
    return _local(at, zone).strftime("%Y-%m")


def said(at: int, zone: tzinfo | None, language: str) -> str:
    """Day and time in words."""
    return f"{day(at, zone, language)}, {_local(at, zone):%H:%M}"


def day(at: int, zone: tzinfo | None, language: str) -> str:
    from babel.dates import format_date

    return str(format_date(_local(at, zone).date(), "long", locale=language))


def month_said(month: str, language: str) -> str:
    """November 2026"""
    from babel.dates import format_skeleton

    year, number = month.split("-")
    words = str(format_skeleton("yMMMM", datetime(int(year), int(number), 1, tzinfo=UTC), locale=language))
    return words[:1].upper() + words[1:]


def _local(at: int, zone: tzinfo | None) -> datetime:
    return moment(at).astimezone(zone)
