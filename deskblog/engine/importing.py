"""Bringing in what one wrote elsewhere: each a post of its own, at its old time, marked with where it comes from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from deskblog import events, limits
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Refused
from deskblog.i18n import _, plural
from deskblog.log import kinds
from deskblog.store.erasure import DAY
from deskblog.values import View

if TYPE_CHECKING:
    from deskblog.history.found import Found

PART = 500  # own posts looked at in one go


class History(Struct, frozen=True):
    """What a file has. `posts` are those not here yet; `known` were brought in before; `left_out` are not one's own,
    or not public; `old` are older than the office keeps posts; `long` have more characters than are taken. `first`,
    `last`: UTC ms.
    """

    posts: tuple[kinds.Past, ...]
    known: int
    left_out: int
    long: int
    old: int

    @property
    def first(self) -> int:
        return min((post.at for post in self.posts), default=0)

    @property
    def last(self) -> int:
        return max((post.at for post in self.posts), default=0)


class Importing:
    """First `look`, then `take`."""

    def __init__(self, vault: Vault, standing: Standing, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._standing = standing
        self._tell = tell
        self._taking = asyncio.Lock()

    async def look(self, file: Path) -> History:
        """Reads it, and writes nothing. Refused or Unusable if there is nothing to be read."""
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        found = await asyncio.to_thread(_read, file)
        there = await self._there()
        now = now_ms()
        written = await asyncio.to_thread(lambda: file.stat().st_mtime_ns // 1_000_000)
        posts: dict[tuple[int, str], kinds.Past] = {}
        known = long = old = 0
        oldest = now - self._keeps_days() * DAY if self._keeps_days() else 0
        for n, one in enumerate(found.posts):
            text = kinds.shown_text(one.text)
            at = min(one.at or written + n, now)
            if len(text) > limits.PAST:
                long += 1
            elif at < oldest:
                old += 1
            elif (at, text) in there:
                known += 1
            elif text:
                posts.setdefault((at, text), kinds.Past(text, at, one.source))
        if len(posts) > limits.PASTS:
            raise Refused(
                _("These are {n} posts; {limit} is the most.").format(n=len(posts), limit=limits.PASTS),
                next_step=_("Bring in a part of them."),
            )
        return History(tuple(posts.values()), known, found.left_out, long, old)

    def _keeps_days(self) -> int:
        """0: for ever."""
        days = self._vault.office.settings.get("retention-days") if self._vault.office is not None else None
        return days if isinstance(days, int) else 0

    async def take(self, history: History, progress: Callable[[int], None] = lambda _n: None) -> int:
        """Writes them, oldest first; how many. What a break leaves is brought in by doing it again, and what is asked
        for twice at once comes once."""
        await self._standing.check()
        async with self._taking:
            there = await self._there()
            left = [one for one in sorted(history.posts, key=lambda one: one.at) if (one.at, one.text) not in there]
            for n, post in enumerate(left, 1):
                await self._vault.write(post, out=n == len(left))  # whoever gets the last asks for those before
                progress(n)
            if left:
                self._tell(events.TimelineChanged())
            return len(left)

    async def _there(self) -> set[tuple[int, str]]:
        """(when, what) of one's own posts that were brought in before."""
        found: set[tuple[int, str]] = set()
        before: int | None = None
        while True:
            page = await self._vault.call(self._vault.store.timeline, before=before, limit=PART, view=View.MINE)
            found |= {(row.at, row.text) for row in page.rows if row.kind == "past"}
            before = page.next_before
            if before is None:
                return found


def left_texts(known: int, old: int, left_out: int, long: int) -> list[str]:
    """Why some are not brought in."""
    said = []
    if known:
        said.append(plural("{n} was brought in before.", "{n} were brought in before.", known))
    if old:
        said.append(plural("{n} is older than the office keeps.", "{n} are older than the office keeps.", old))
    if left_out:
        said.append(
            plural("{n} was not public or answered others.", "{n} were not public or answered others.", left_out)
        )
    if long:
        said.append(plural("{n} is too long.", "{n} are too long.", long))
    return said


def _read(file: Path) -> Found:
    from deskblog.history.archive import read_history

    return read_history(file)
