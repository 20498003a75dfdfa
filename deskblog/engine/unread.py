"""What the person has not read: counted by part of the timeline, marked as read, and told to their other PCs.

The dot and the number on the icon follow from it by the rules of attention, so they too survive a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

from deskblog import events, limits
from deskblog.attention.rules import Show
from deskblog.engine.network import Network
from deskblog.engine.own_pcs import KEY, kept, read_own_pcs, seen_now
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.errors import UserError
from deskblog.log import boxes
from deskblog.log.letter import Letter, Seen
from deskblog.store.reading import OF_FEED
from deskblog.values import DeviceKey, EntryId, PersonId, Row, View

COUNT_SECONDS = 0.3  # what comes in a burst is counted once
TELL_SECONDS = 30.0  # from what was read to the letter that says so, while another PC of one's own is here
TELL_LATER = 900.0  # … and while none is
WEIGHED = 500  # of the newest unread it is known whether they are for the person
DAY_MS = 86_400_000
WEEK_MS = 7 * DAY_MS  # a PC that is let in is heard of sooner
ALL_AT_ONCE = 10_000  # marked as read by one press


class Unread:
    """Lives on the engine's loop. `weigh`: what a post deserves; `now`: UTC ms."""

    def __init__(
        self,
        vault: Vault,
        talk: Talk,
        network: Callable[[], Network | None],
        weigh: Callable[[Row], Awaitable[Show]],
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._network = network
        self._weigh = weigh
        self._tell = tell
        self._now = now
        self._watched = self._ended = False
        self._weighed: dict[EntryId, Show] = {}
        self._weighing = 0  # how often all was to be weighed anew
        self._counting = asyncio.Lock()
        self._timers: dict[Callable[[], Awaitable[None]], asyncio.TimerHandle] = {}
        self._deeds: set[asyncio.Task[None]] = set()
        self._telling = asyncio.Lock()
        self.said = events.UnreadChanged({}, 0, 0)

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self) -> None:
        self._vault.read = self._read_elsewhere
        if not self._others():
            await self._vault.call(self._vault.store.archive.unread.forget, self._now() - WEEK_MS)
        elif await self._vault.call(self._to_tell):
            self._soon(self._tell_what_is_left, self._patience())

    async def stop(self) -> None:
        """Before the store and the network end: what was read is told."""
        self._ended = True
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        for deed in self._deeds:
            deed.cancel()
        await asyncio.gather(*self._deeds, return_exceptions=True)
        with suppress(UserError):  # this PC is out, or its disk is full: it is told at the next start
            await self.tell_others()

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        match event:
            case events.Posted() | events.TimelineChanged() | events.RowsChanged() | events.OfficeChanged():
                self.count_soon()
            case events.PeopleChanged() if self._others():
                self._soon(self._tell_what_is_left, self._patience())
            case _:
                pass

    def _soon(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Once, however often it is asked for until then; at the soonest moment that was asked for."""
        loop, timer = asyncio.get_running_loop(), self._timers.get(work)
        if self._ended or (timer is not None and timer.when() <= loop.time() + seconds):
            return
        if timer is not None:
            timer.cancel()
        self._timers[work] = loop.call_later(seconds, self._do, work)

    def _do(self, work: Callable[[], Awaitable[None]]) -> None:
        self._timers.pop(work, None)
        task = asyncio.ensure_future(self._explained(work))
        self._deeds.add(task)
        task.add_done_callback(self._deeds.discard)

    async def _explained(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except UserError as fault:
            self._tell(events.Trouble("unread", fault.what, fault.kept, fault.next_step))

    # --- counting -----------------------------------------------------------------------------------------
    def count_soon(self) -> None:
        if self._watched:
            self._soon(self._count, COUNT_SECONDS)

    async def watch(self) -> events.UnreadChanged:
        """From now on it is counted at each change, and told; how it is."""
        self._watched = True
        await self._count()
        return self.said

    def weigh_anew(self) -> None:
        """What the person mutes, follows or watches is another."""
        self._weighed.clear()
        self._weighing += 1
        self.count_soon()

    async def counts(self) -> dict[View, int]:
        """How many are unread, by part of the timeline; a part without any is left out."""
        return await self._vault.call(self._vault.store.archive.unread.counts, self.my_name)

    async def _count(self) -> None:
        async with self._counting:  # a long one, of many posts, is told before the short one after it
            if self._vault.office is not None:
                await self._count_now()

    async def _count_now(self) -> None:
        weighing = self._weighing
        counts = await self.counts()
        ids = await self._ids(View.OFFICE, WEIGHED)
        new = [ident for ident in ids if ident not in self._weighed]
        weighed = {ident: self._weighed[ident] for ident in ids if ident in self._weighed}
        for row in await self._vault.call(self._rows, new):
            weighed[EntryId(bytes.fromhex(row.id))] = await self._weigh(row)
        if weighing == self._weighing:  # else these weights are of before, and it is counted once more
            self._weighed = weighed
        shows = weighed.values()
        said = events.UnreadChanged(
            counts, sum(show >= Show.DOT for show in shows), sum(show >= Show.NUMBER for show in shows)
        )
        if said != self.said:
            self.said = said
            self._tell(said)

    async def of_at_least(self, show: Show, limit: int) -> tuple[Row, ...]:
        """The newest unread posts that deserve so much, newest first; without announcements, which wait anyway."""
        found: list[Row] = []
        for row in reversed(await self._vault.call(self._rows, await self._ids(View.OFFICE, WEIGHED))):
            if row.announced is None and await self._weigh(row) >= show:
                found.append(row)
                if len(found) == limit:
                    break
        return tuple(found)

    def _rows(self, ids: Sequence[EntryId]) -> tuple[Row, ...]:
        timeline = self._vault.store.archive.timeline
        return timeline.rows(timeline.keys(ids))

    async def _ids(self, view: View, limit: int) -> list[EntryId]:
        return await self._vault.call(self._vault.store.archive.unread.ids, view, self.my_name, limit)

    @property
    def my_name(self) -> str:
        office = self._vault.office
        me = office.person_of(self._vault.keys.device) if office is not None else None
        return me.name if me is not None else ""

    # --- reading ------------------------------------------------------------------------------------------
    async def read(self, ids: Iterable[str]) -> int:
        """The person has seen these posts (ids, hex); how many of them were unread."""
        return await self._read([EntryId(bytes.fromhex(ident)) for ident in ids])

    async def read_all(self, view: View = View.ALL) -> int:
        """… everything of a part of the timeline; how many."""
        return await self._read(await self._ids(view, ALL_AT_ONCE))

    async def read_feed(self, feed: str) -> int:
        """… everything that a feed (“feed-3”) brought; how many."""
        items, number = self._vault.store.archive.items, int(feed.removeprefix(OF_FEED))
        return await self._read(await self._vault.call(items.unread_of, number, ALL_AT_ONCE))

    async def _read(self, ids: Sequence[EntryId]) -> int:
        gone = await self._vault.call(self._vault.store.archive.unread.read, ids, self._now())
        if gone:
            self._read_now(gone)
            if self._others():
                self._soon(self._tell_what_is_left, self._patience())
        return len(gone)

    def _read_elsewhere(self, ids: Sequence[EntryId]) -> None:
        """Another PC of one's own said so."""
        self._read_now(ids)

    def _read_now(self, ids: Sequence[EntryId]) -> None:
        self._tell(events.Read(tuple(ident.hex() for ident in ids)))
        self.count_soon()

    # --- one's other PCs ----------------------------------------------------------------------------------
    def _others(self) -> frozenset[DeviceKey]:
        """The other devices of one's own that are in and can open a letter; none while this one is out."""
        office, me = self._vault.office, self._vault.keys.device
        person = office.person_of(me) if office is not None else None
        if office is None or person is None or not office.is_in(me):
            return frozenset()
        usable = (one for one in person.devices if one != me and boxes.usable(office.seal_keys[one]))
        return frozenset(DeviceKey(one) for one in usable)

    def _to_tell(self) -> bool:
        """On the store's thread: whether there is anything to write. All that ever was, once a PC that was out is
        back; nothing from before the first one came, as that is read there. A clock may be a day off."""
        store, office, others = self._vault.store, self._vault.office, self._others()
        if office is None or not others:
            return False
        before = read_own_pcs(store.get(KEY))
        pcs, back = seen_now(before, office, [self._vault.keys.device, *others])
        store.archive.unread.forget(pcs.first_let_in(others) - DAY_MS)
        if back:
            store.archive.unread.tell_anew()
        if pcs != before:
            store.put(KEY, kept(pcs))
        return bool(store.archive.unread.untold(1))

    async def _tell_what_is_left(self) -> None:
        if await self._vault.call(self._to_tell):
            await self.tell_others()

    def _patience(self) -> float:
        network = self._network()
        here = network.company.here if network is not None else frozenset()
        return TELL_SECONDS if self._others() & here else TELL_LATER

    async def tell_others(self) -> int:
        """Writes the letters that say what was read; of how many posts."""
        office, told = self._vault.office, 0
        me = office.person_of(self._vault.keys.device) if office is not None else None
        store = self._vault.store.archive.unread
        async with self._telling:
            await self._vault.call(self._to_tell)
            while me is not None and self._others():
                marks = await self._vault.call(store.untold, limits.SEEN)
                if not marks:
                    break
                await self._talk.write(Letter((PersonId(me.id),), Seen(marks)))
                await self._vault.call(store.told, marks)
                told += len(marks)
        return told
