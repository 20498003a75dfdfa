"""What the office's rule says, read so that nothing in it can do harm: what makes no sense says nothing, and then the
usual holds. Pure; docs/protocol.md, “What holds for the office”."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

from deskblog import limits
from deskblog.log.kinds import status_text
from deskblog.log.publicity import public_tags
from deskblog.records import replace
from deskblog.values import USUAL_HOURS, Hours

DAYS_KEPT, ANNOUNCEMENTS, QUIET, FEEDS, LOCKED = (
    "retention-days", "announcements-week", "quiet-hours", "feeds", "locked",
)  # fmt: skip
LOCKS = (QUIET, FEEDS)  # what may be locked
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
ANY_HOUR = Hours(0, 0, EVERY_DAY, on=False)
_NUMBER = "(0|[1-9][0-9]{0,3})"
_HOURS = re.compile(f"{_NUMBER} {_NUMBER} {_NUMBER}")
_URL = re.compile(r"https?://[^\s\x00-\x20\x7f-\xa0]+")


class OfficeFeed(Struct, frozen=True):
    """A feed that the office follows. No `folder`, no `title`: none is said."""

    url: str
    folder: str = ""
    title: str = ""


class Settings(Struct, frozen=True):
    """`days`: for how long posts are kept, 0: for ever. `hours`: None where the usual ones hold. `locked`: what of it
    a person may not choose otherwise."""

    name: str = ""
    days: int = 0
    announcements: int = limits.ANNOUNCED_WEEK
    tags: tuple[str, ...] = ()
    hours: Hours | None = None
    feeds: tuple[OfficeFeed, ...] = ()
    locked: frozenset[str] = frozenset()


NOTHING = Settings()


def read_settings(name: str, said: Mapping[str, str | int]) -> Settings:
    """Of a rule: the office's name as it is shown, and the settings."""
    hours, feeds = read_hours(_text(said, QUIET)), read_feeds(_text(said, FEEDS))
    words = _text(said, LOCKED).split(" ")
    days, often = said.get(DAYS_KEPT), said.get(ANNOUNCEMENTS)
    locks = {QUIET: hours is not None, FEEDS: bool(feeds)}
    return Settings(
        name,
        days if isinstance(days, int) and days <= limits.RETENTION_DAYS else 0,
        min(often, limits.ANNOUNCED_MOST) if isinstance(often, int) else limits.ANNOUNCED_WEEK,
        tuple(sorted(tag for tag in public_tags(said) if status_text(tag) == tag)),
        hours,
        feeds,
        frozenset(word for word in LOCKS if word in words and locks[word]),
    )


def _text(said: Mapping[str, str | int], word: str) -> str:
    value = said.get(word)
    return value if isinstance(value, str) else ""


# --- hours ------------------------------------------------------------------------------------------------
def read_hours(text: str) -> Hours | None:
    found = _HOURS.fullmatch(text)
    begins, ends, days = map(int, found.groups()) if found else (0, 0, 0)
    if begins >= 1440 or ends > 1440 or not 1 <= days <= 127:
        return None
    return same_hours(Hours(begins, ends, tuple(n for n in EVERY_DAY if days >> n & 1)))


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def same_hours(hours: Hours) -> Hours:
    """One way to say it: midnight is 0:00 also where it ends them, and there is one “at any time”."""
    ends = hours.ends % 1440
    any_time = not hours.on or (hours.begins == ends and hours.days == EVERY_DAY)
    return ANY_HOUR if any_time else replace(hours, ends=ends)


def written_hours(hours: Hours | None) -> str:
    """As the setting says them; empty: it says nothing."""
    if hours is None:
        return ""
    hours = same_hours(hours)
    return f"{hours.begins} {hours.ends} {sum(1 << n for n in hours.days)}"


def hours_of(said: Hours | None, office: Settings) -> Hours:
    """When popups may come to somebody who says these hours, None: none."""
    if said is None or QUIET in office.locked:
        return office.hours or USUAL_HOURS
    return said


# --- feeds ------------------------------------------------------------------------------------------------
def read_feeds(text: str) -> tuple[OfficeFeed, ...]:
    found: dict[str, OfficeFeed] = {}
    for line in text.split("\n"):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] in found or not url_fits(parts[0]):
            continue
        one = OfficeFeed(parts[0], status_text(parts[1]), status_text(parts[2]))
        if max(len(one.folder), len(one.title)) <= limits.OFFICE_FEED_NAME:
            found[one.url] = one
        if len(found) == limits.OFFICE_FEEDS:
            break
    return tuple(found.values())


def url_fits(url: str) -> bool:
    """Whether the setting can say it."""
    return len(url.encode()) <= limits.OFFICE_FEED and bool(_URL.fullmatch(url))


def written_feeds(feeds: Iterable[OfficeFeed]) -> str:
    return "\n".join(f"{one.url}\t{one.folder}\t{one.title}" for one in feeds)


def written_locks(locked: Iterable[str]) -> str:
    return " ".join(sorted(locked))
