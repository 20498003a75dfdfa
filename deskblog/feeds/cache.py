"""What the headers of an answer say of the next time: for how long it is good, when to come, by what to ask. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

VALIDATOR = 1024  # characters; a longer one is not sent back
LONGEST = 366 * 86_400

_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NEVER = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.IGNORECASE)
_PRIVATE = re.compile(r"(?:^|[,\s])(?:private|no-store)\b", re.IGNORECASE)


def fresh(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds for which it need not be asked again: max-age, else Expires."""
    said = headers.get("cache-control", "")
    if _NEVER.search(said):
        return 0
    if found := _MAX_AGE.search(said):
        return min(int(found[1]), LONGEST)
    expires, sent = _date(headers.get("expires", "")), _date(headers.get("date", ""))
    return 0 if expires is None else _between(expires, sent or now)


def retry(headers: Mapping[str, str], now: datetime) -> int:
    """Seconds of Retry-After, in either form."""
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,10}", said):
        return min(int(said), LONGEST)
    at = _date(said)
    return 0 if at is None else _between(at, now)


def validators(headers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """ETag and Last-Modified, opaque. A server that says `Expires: 0` does not mean them; none is of the future."""
    if headers.get("expires", "").strip() == "0":
        return "", ""
    modified = _date(headers.get("last-modified", ""))
    usable = modified is not None and modified <= now + timedelta(days=1)
    return _sendable(headers.get("etag", "")), _sendable(headers.get("last-modified", "")) if usable else ""


def private(headers: Mapping[str, str]) -> bool:
    """It was made for whoever asked."""
    return "set-cookie" in headers or _PRIVATE.search(headers.get("cache-control", "")) is not None


def _sendable(said: str) -> str:
    return said if len(said) <= VALIDATOR and said.isascii() and said.isprintable() else ""


def _between(end: datetime, start: datetime) -> int:
    return max(0, min(int((end - start).total_seconds()), LONGEST))


def _date(said: str) -> datetime | None:
    """A date of HTTP, which is of GMT."""
    from email.utils import parsedate_to_datetime

    try:
        at = parsedate_to_datetime(said[:64])
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
