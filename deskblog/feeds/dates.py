"""Dates as feeds write them, to aware UTC or None. Pure: what is of the future stays so, as no clock is here."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta

from feedparser.datetimes.greek import _parse_date_greek as _greek
from feedparser.datetimes.hungarian import _parse_date_hungarian as _hungarian
from feedparser.datetimes.korean import _parse_date_nate as _nate
from feedparser.datetimes.korean import _parse_date_onblog as _onblog

LENGTH = 100  # characters
FIRST, LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # outside: absurd

_ISO = re.compile(
    r"(?P<y>\d{4})(?P<s>[-/.]?)(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?:[T\s]+(?P<time>\d.*))?|(?P<y2>\d{4})-(?P<m2>\d\d)|(?P<y3>\d{4})",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>\d{4})(?:[,\s]+(?P<time>\d.*))?")
_ORDINAL = re.compile(r"(\d{4})-?(\d{3})")
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?")
_TIME = re.compile(
    r"\b(?P<h>\d{1,2})[:h](?P<m>\d\d)(?:[:m](?P<s>\d\d)(?:[.,]\d{1,12})?)?\s*(?P<half>[ap]\.?m\b\.?)?", re.IGNORECASE
)
_COMPACT = re.compile(r"(?P<h>\d\d)(?P<m>\d\d)(?P<s>\d\d)?(?:[.,]\d{1,12})?(?P<half>$^)?(?=$|[Z+\-\s])")
_OFFSET = re.compile(r"(?P<sign>[+\-−])(?P<h>\d{1,2}):?(?P<m>\d\d)?\b")
_ZONE = re.compile(r"[A-Z]{1,5}")
_WORD = re.compile(r"[^\W\d_]{3,12}\.?")
_YEAR, _DAY = re.compile(r"(?<!\d)(\d{4})(?!\d)"), re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?(?!\d)")
_MONTHS = (
    ("jan", "ene", "gen"), ("feb", "fev", "fév"), ("mar", "mär"), ("apr", "avr", "abr"), ("may", "mai", "mag"),
    ("jun", "juin", "giu"), ("jul", "juil", "lug"), ("aug", "aou", "aoû", "ago"), ("sep", "set"),
    ("oct", "okt", "ott"), ("nov",), ("dec", "déc", "dez", "dic"),
)  # fmt: skip
_HOURS = {
    "EST": -5, "EDT": -4, "ET": -5, "CST": -6, "CDT": -5, "CT": -6, "MST": -7, "MDT": -6, "MT": -7, "PST": -8,
    "PDT": -7, "PT": -8, "AST": -4, "ADT": -3, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3, "ART": -3, "CET": 1,
    "CEST": 2, "MET": 1, "MEST": 2, "MEZ": 1, "MESZ": 2, "BST": 1, "WEST": 1, "EET": 2, "EEST": 3, "MSK": 3,
    "IST": 5.5,    "SGT": 8, "HKT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


def read_date(said: object) -> datetime | None:
    """None for what is none, could be two, or lies outside of 1970 to 2100."""
    if not isinstance(said, str) or not said.strip() or len(said) > LENGTH:
        return None
    text = " ".join(said.split())
    try:
        at = _read(text)
    except (ValueError, OverflowError):
        return None
    return at if at is not None and FIRST <= at < LAST else None


def _read(text: str) -> datetime | None:
    if found := _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if found := _ISO.fullmatch(text):
        year = int(found["y"] or found["y2"] or found["y3"])
        return _at(year, int(found["m"] or found["m2"] or 1), int(found["d"] or 1), found["time"] or "")
    if found := _DOTTED.fullmatch(text):
        return _at(int(found["y"]), int(found["m"]), int(found["d"]), found["time"] or "")
    if found := _ORDINAL.fullmatch(text):
        return datetime(int(found[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(found[2]) - 1)
    return _in_words(text) or _rarely(text)


def _in_words(text: str) -> datetime | None:
    """A month's name, a day, a year and perhaps a time, in any order that people write."""
    month = next((one for word in _WORD.finditer(text) if (one := _month(word[0]))), 0)
    time = _TIME.search(text)
    before, after = (text[: time.start()], text[time.end() :]) if time else (text, "")
    year = _YEAR.search(before) or _YEAR.search(_OFFSET.sub(" ", after))
    day = _DAY.search(before)
    if not month or not day:
        return None
    number: int | None = int(year[1]) if year else _short_year(before[day.end() :])
    if number is None:
        return None
    return _at(number, month, int(day[1]), text[time.start() :] if time else "")


def _month(word: str) -> int:
    low = word.lower()
    for number, names in enumerate(_MONTHS, 1):
        if low.startswith(names) and not low.startswith(("mardi", "mart", "mars ")):
            return number
    return 0


def _short_year(text: str) -> int | None:
    """Two digits, as RFC 822 had it."""
    found = _DAY.search(text)
    return None if found is None else int(found[1]) + (1900 if int(found[1]) >= 70 else 2000)


def _at(year: int, month: int, day: int, rest: str) -> datetime:
    at = datetime(year, month, day, tzinfo=UTC)
    time = _TIME.match(rest) or _COMPACT.match(rest)
    if time is None:
        return at
    hour, minute, second = int(time["h"]), int(time["m"]), min(int(time["s"] or 0), 59)
    if time["half"]:
        hour = hour % 12 + (12 if time["half"][0] in "pP" else 0)
    if hour > 24 or minute > 59:
        raise ValueError("no time of a day")
    return at + timedelta(hours=hour, minutes=minute, seconds=second) - _offset(rest[time.end() :])


def _offset(text: str) -> timedelta:
    """What a zone is ahead of UTC; one that is not known is UTC."""
    if found := _OFFSET.search(text):
        hours, minutes = int(found["h"]), int(found["m"] or 0)
        if hours > 15 or minutes > 59:
            return timedelta()
        ahead = timedelta(hours=hours, minutes=minutes)
        return ahead if found["sign"] == "+" else -ahead
    name = _ZONE.search(text)
    return timedelta(hours=_HOURS.get(name[0], 0) if name else 0)


def _rarely(text: str) -> datetime | None:
    """Languages that feedparser knows. Its other readers guess, some by the month it is now: they are not asked."""
    for reader in (_greek, _hungarian, _onblog, _nate):
        try:
            parsed = reader(text)
        except (KeyError, AttributeError):
            continue
        if parsed:
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    return None
