"""A text of lines: each is a post, behind its day and time if it has one."""

from __future__ import annotations

import re
from datetime import datetime

from deskblog.history.found import Found, Past

_DATED = re.compile(
    r"(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})[/.](\d{1,2})[/.](\d{4}))(?:[T ,]+(\d{1,2})[:h](\d{2}))?[\s:,;–-]*"
)


def read_lines(data: bytes) -> Found:
    """In the order of the file where two have one time, or none."""
    text = data.decode("utf-8-sig", "replace")
    posts = [_post(line.strip()) for line in text.splitlines() if line.strip()]
    return Found(tuple(sorted((post for post in posts if post.text), key=lambda one: one.at)))


def _post(line: str) -> Past:
    found = _DATED.match(line)
    if not found:
        return Past(0, line, "text")
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        when = datetime(int(year), int(month), int(day), int(found[7] or 12), int(found[8] or 0))
        at = int(when.timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return Past(0, line, "text")
    return Past(max(at, 0), line[found.end() :].strip(), "text")
