"""The digest: what waits for a person, told at once when they come back, at lunch or at an hour they chose; then
silence. Pure: what it says, and when it is due.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from deskblog.attention.popup import Popup
from deskblog.i18n import _, plural
from deskblog.values import Hours, Row

KEY = "digest"  # of its popup
LINES = 3  # of each part
LUNCH = 12 * 60 + 30  # minutes since midnight
MORNING = 4 * 60  # a day begins then
LATE = timedelta(hours=1)  # older than that an hour that has passed is no news
GONE_MS = 2 * 3_600_000  # who was away for less has missed little
SILENCE_MS = 2 * 3_600_000  # from one digest to the next


class Why(StrEnum):
    """What it comes with."""

    MORNING = "morning"  # the first time of a day
    BACK = "back"
    LUNCH = "lunch"
    CHOSEN = "chosen"
    ASKED = "asked"


class Wish(Struct, frozen=True):
    """When it is wanted. `at`: at a chosen minute of the day too."""

    morning: bool = True
    back: bool = True
    lunch: bool = True
    at: int | None = None

    @property
    def minutes(self) -> dict[int, Why]:
        """The minutes of a day at which one is due."""
        found = {self.at: Why.CHOSEN} if self.at is not None else {}
        return found | ({LUNCH: Why.LUNCH} if self.lunch else {})


class Digest(Struct, frozen=True):
    """What waits: announcements without “Got it”, questions one could answer, what is for oneself and unread, what
    was answered most since the digest before, the newest feed items. `unread`: how many posts are, in all."""

    announced: tuple[Row, ...] = ()
    questions: tuple[Row, ...] = ()
    for_me: tuple[Row, ...] = ()
    answered: tuple[Row, ...] = ()
    feeds: tuple[Row, ...] = ()
    unread: int = 0

    @property
    def parts(self) -> dict[str, tuple[Row, ...]]:
        """What there is of it, under its heading, the weightiest first."""
        parts = {
            _("Announcements that wait for you"): self.announced,
            _("For you"): self.for_me,
            _("Questions you could answer"): self.questions,
            _("Most answered"): self.answered,
            _("From your feeds"): self.feeds,
        }
        return {heading: rows for heading, rows in parts.items() if rows}

    @property
    def empty(self) -> bool:
        return not self.parts and not self.unread


def title(why: Why) -> str:
    return {
        Why.MORNING: _("Good morning"),
        Why.BACK: _("While you were away"),
        Why.LUNCH: _("So far today"),
        Why.CHOSEN: _("Your digest"),
    }.get(why, _("What waits for you"))


def popup_of(digest: Digest, why: Why) -> Popup:
    """One line a part; a press opens it."""
    said = _("{name}: {words}")
    lines = [said.format(name=heading, words=_begins(rows)) for heading, rows in digest.parts.items()]
    if digest.unread:
        lines.append(plural("{n} unread post", "{n} unread posts", digest.unread))
    return Popup(KEY, title(why), "\n".join(lines), answer=False)


def _begins(rows: tuple[Row, ...]) -> str:
    """Who has written them; of what is sealed no word stands in a popup."""
    names = list(dict.fromkeys(row.person for row in rows))
    return ", ".join(names)


# --- when -------------------------------------------------------------------------------------------------
def passed(wish: Wish, before: datetime, now: datetime, hours: Hours) -> Why | None:
    """What became due between two looks (local times); nothing on a day, or at an hour, that is quiet."""
    found = None
    for minute, why in sorted(wish.minutes.items()):
        due = now.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        if before < due <= now and now - due < LATE and not hours.quiet(due.weekday(), minute):
            found = why
    return found


def next_due(wish: Wish, now: datetime) -> datetime | None:
    """When the next hour comes at which one may be due."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    times = (midnight + timedelta(days=day, minutes=minute) for day in (0, 1) for minute in wish.minutes)
    return min((time for time in times if time > now), default=None)


def on_return(wish: Wish, gone: int, last_morning: str, now: datetime, hours: Hours) -> Why | None:
    """What comes with a person who is here again after `gone` ms. `last_morning`: the day of the last one."""
    minute = now.hour * 60 + now.minute
    if hours.quiet(now.weekday(), minute):
        return None
    if wish.morning and minute >= MORNING and last_morning != day(now):
        return Why.MORNING
    return Why.BACK if wish.back and gone >= GONE_MS else None


def day(now: datetime) -> str:
    return now.date().isoformat()


def could_answer(questions: Iterable[tuple[Row, bool]], limit: int = LINES) -> tuple[Row, ...]:
    """Of open questions of others, (row, whether one's answers to such were taken): those one knows, then those that
    nobody has answered, each the newest first."""
    found = [(knows, row) for row, knows in questions if not row.mine and (knows or not row.answers)]
    return tuple(row for _knows, row in sorted(found, key=lambda one: (not one[0], -one[1].key)))[:limit]
