"""Composes the digest from what the store has, and tells it when it is due. What is chosen stays on this PC."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import msgspec

from deskblog import events
from deskblog.attention import digest as d
from deskblog.attention.rules import Show
from deskblog.engine.announcing import Announcing
from deskblog.engine.attention import Attention
from deskblog.engine.talk import Talk
from deskblog.engine.unread import Unread
from deskblog.engine.vault import Vault
from deskblog.errors import UserError
from deskblog.store.marks import names
from deskblog.store.timeline import LAST
from deskblog.values import Row, View

KEY = "ui-digest"  # such settings are part of a backup
FOR_ME = 20  # of the newest that are for the person
ITEMS = 30  # of the newest of feeds it is looked which are unread
ASKED = 20  # of the newest open questions it is looked whether the person knows
WEEK_MS = 7 * 86_400_000
SETTLE_MS = 20_000  # from the return of a person to the digest: what they missed comes first
AGAIN_MS = 60_000  # it waits while it is to be quiet …
PATIENCE_MS = 3_600_000  # … for so long
LOOK_SECONDS = 900.0  # a PC that slept through the hour notices then


class Chosen(msgspec.Struct, frozen=True):
    """What is wanted, and what was: when the last digest was told, when the person was here last (UTC ms), and the
    day of the last good morning."""

    morning: bool = True
    back: bool = True
    lunch: bool = True
    at: int | None = None
    told: int = 0
    here: int = 0
    last_morning: str = ""

    @property
    def wish(self) -> d.Wish:
        return d.Wish(self.morning, self.back, self.lunch, self.at)


class Digests:
    """Lives on the engine's loop. `now`: UTC ms; `on`: somebody is at a screen."""

    def __init__(
        self,
        vault: Vault,
        talk: Talk,
        announcing: Announcing,
        unread: Unread,
        attention: Attention,
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
        *,
        on: bool,
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._announcing = announcing
        self._unread = unread
        self._attention = attention
        self._tell = tell
        self._now = now
        self._on = on
        self.chosen = Chosen()
        self._pending: tuple[d.Why, int, int] | None = None  # why, when, until when it is tried
        self._looked = 0
        self._wake = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self) -> None:
        with suppress(msgspec.MsgspecError):  # a backup that somebody wrote by hand
            self.chosen = msgspec.json.decode(await self._vault.call(self._vault.store.get, KEY) or "{}", type=Chosen)
        self._looked = self._now()
        if self._on:
            await self.back(self._now() - self.chosen.here if self.chosen.here else 0)
            self._life = asyncio.create_task(self._live())

    async def stop(self) -> None:
        if self._life is not None:
            self._life.cancel()
            await asyncio.gather(self._life, return_exceptions=True)
            with suppress(UserError):  # a full disk: the next start takes the person for longer gone
                await self._keep(here=self._now())

    async def choose(self, **changes: object) -> Chosen:
        """Keeps what is wanted from now on."""
        await self._keep(**changes)
        self._wake.set()
        return self.chosen

    async def _keep(self, **changes: object) -> None:
        self.chosen = msgspec.structs.replace(self.chosen, **changes)
        await self._vault.call(self._vault.store.put, KEY, msgspec.json.encode(self.chosen).decode())

    # --- when ---------------------------------------------------------------------------------------------
    async def back(self, gone: int) -> None:
        """The person is here again, after so many ms."""
        local, hours = self._local(self._now()), self._attention.hours
        why = d.on_return(self.chosen.wish, gone, self.chosen.last_morning, local, hours)
        if why is not None and self._vault.office is not None:
            self._due(why, self._now() + SETTLE_MS)

    def _due(self, why: d.Why, at: int) -> None:
        if why is d.Why.MORNING or at >= self.chosen.told + d.SILENCE_MS:
            self._pending = why, at, at + PATIENCE_MS
            self._wake.set()

    @staticmethod
    def _local(ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000)

    async def _live(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience()):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self.turn()
            except UserError as fault:
                self._tell(events.Trouble("digest", fault.what, fault.kept, fault.next_step))

    def _patience(self) -> float:
        now = self._now()
        due = d.next_due(self.chosen.wish, self._local(now))
        waits = [(due.timestamp() * 1000 - now) / 1000] if due is not None else []
        waits += [(self._pending[1] - now) / 1000] if self._pending is not None else []
        return max(0.0, min((*waits, LOOK_SECONDS)))

    async def turn(self) -> None:
        """Looks whether an hour has passed, and tells what is due."""
        now, before = self._now(), self._looked
        self._looked = now
        passed = d.passed(self.chosen.wish, self._local(before), self._local(now), self._attention.hours)
        if passed is not None and self._vault.office is not None:
            self._due(passed, now)
        if self._pending is None or self._pending[1] > now:
            return
        why, _at, until = self._pending
        self._pending = None
        digest = await self.compose()
        if digest.empty or await self._attention.put_up(d.popup_of(digest, why)):
            morning = d.day(self._local(now)) if why is d.Why.MORNING else self.chosen.last_morning
            told = self.chosen.told if digest.empty else now
            await self._keep(told=told, here=now, last_morning=morning)
        elif now + AGAIN_MS < until:
            self._pending = why, now + AGAIN_MS, until

    # --- what ---------------------------------------------------------------------------------------------
    async def compose(self) -> d.Digest:
        """What waits for the person now."""
        since = max(self.chosen.told, self._now() - WEEK_MS)
        mine = await self._unread.of_at_least(Show.NUMBER, FOR_ME)
        for_me = [row for row in mine if row.kind != "question" or names(row.mentions, self._unread.my_name)]
        asked, _count = await self._talk.open_questions(ASKED)
        return d.Digest(
            announced=(await self._announcing.waiting())[: d.LINES],
            questions=d.could_answer([(row, await self._i_know(row)) for row in asked.rows]),
            for_me=tuple(for_me[: d.LINES]),
            answered=await self._most_answered(since),
            feeds=await self._newest_items(),
            unread=(await self._unread.counts()).get(View.OFFICE, 0),
        )

    async def _i_know(self, question: Row) -> bool:
        """Whether answers of one's own to questions like this were taken."""
        return not question.mine and await self._vault.call(
            self._vault.store.archive.finder.i_know, question.text, question.id
        )

    async def _newest_items(self) -> tuple[Row, ...]:
        """Of feeds that are not muted, unread."""
        page = await self._vault.call(self._vault.store.archive.items.page, LAST, ITEMS, muted=False)
        return tuple(row for row in page.rows if row.unread)[: d.LINES]

    async def _most_answered(self, since: int) -> tuple[Row, ...]:
        return await self._vault.call(self._vault.store.archive.finder.most_answered, since, d.LINES)
