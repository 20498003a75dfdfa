"""The store, from the loop's side: one thread owns the connection, the loop owns what is kept in memory of it.

Whatever comes is written before it is shown, before it is acknowledged and before it is passed on.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import ParamSpec, TypeVar

from deskblog import limits
from deskblog.engine.blobs import Blobs
from deskblog.engine.ingesting import Coming, Ingesting
from deskblog.engine.pen import Leave, Pen, Written
from deskblog.engine.safety import Safety
from deskblog.errors import Gap, Unusable
from deskblog.log.act import Act
from deskblog.log.attachment import BlobName
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.log.pending import Author, Pending
from deskblog.log.run import Run
from deskblog.net.heads import HeadIndex
from deskblog.net.sync import Replica
from deskblog.paths import state_folder
from deskblog.store.database import Damaged
from deskblog.store.keyfile import load_or_make_keys
from deskblog.store.store import Held, Ingested, Store, Stretch
from deskblog.values import Address, DeviceKey, Ends, EntryId, LogName, PersonId, Point, Profile, Row, Status

P = ParamSpec("P")
T = TypeVar("T")


def now_ms() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Vault:
    """Keys, store and replica of one data folder."""

    def __init__(
        self,
        folder: Path,
        state: Path | None,
        *,
        now: Callable[[], int] = now_ms,
        dice: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """`now`: UTC milliseconds; `dice`: that many random bytes."""
        self._folder = folder
        self._state = state
        self._now = now
        self.dice = dice
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="deskblog-store")
        self._pending: Pending | None = None
        self._folded: Office | None = None  # as the store has it; the store's thread alone touches it
        self._ingesting = Ingesting(self._ingest, self._ingest_all)
        self._folding = asyncio.Lock()  # one fold after another, each from the one before
        self.replica: Replica | None = None
        self.keys: DeviceKeys
        self.store: Store
        self.pen: Pen
        self.safety: Safety
        self.reshown: Callable[[], None] = lambda: None  # called when rows went from the timeline or came back
        self.changed: Callable[[tuple[Row, ...]], None] = lambda _rows: None  # called when rows say something else
        self.statuses: Mapping[PersonId, Status] = {}
        self.profiles: Mapping[PersonId, Profile] = {}
        self.roads: tuple[Address, ...] = ()
        self.roads_changed: Callable[[], None] = lambda: None
        self.people_changed: Callable[[], None] = lambda: None  # called when a person's status is another
        self.blobs = Blobs(self)
        self.named: Callable[[tuple[BlobName, ...]], None] = lambda _names: None  # called with blobs wanted now
        self.read: Callable[[tuple[EntryId, ...]], None] = lambda _ids: None  # called with what another PC has read
        self.let_go: Callable[[], None] = lambda: None  # called when bodies went, and perhaps what they named
        self.leaves: Callable[[Held], None] = lambda _held: None  # called with an own entry that is to go out

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a piece of work on the store's thread; pieces run in the order they are asked for."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))

    # --- opening ------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Opens or makes keys and store, folds the office; Unusable says why it cannot.

        Damage met on the way is noted, and the file set aside when it is opened once more.
        """
        try:
            await self._begin()
        except Damaged:
            if hasattr(self, "store"):
                await self.call(self.store.close)
            await self._begin()

    async def _begin(self) -> None:
        acts = await self.call(self._open)
        if acts:
            office = fold(acts)
            self._make_replica(office, await self.call(self._know, office))
            self.statuses = await self.call(self.store.archive.newest.statuses)
            self.profiles = await self.call(self.store.archive.newest.profiles)
            self.roads = await self.call(self.store.archive.newest.roads)

    def _open(self) -> tuple[Act, ...]:
        self.keys = load_or_make_keys(self._folder)
        mark_folder = self._state or state_folder()
        self.store = Store.open(self._folder, self.keys.device, self._now, mark_folder=mark_folder, keys=self.keys)
        self.pen = Pen(self.keys, self.store, self._now, self.dice)
        self.safety = Safety(self.keys.device, self.store.elsewhere.copies(), self.store.elsewhere.seen())
        return self.store.load_acts()

    def _know(self, office: Office) -> dict[LogName, Ends]:
        self._folded = office
        self.store.know(office)
        return self.store.heads(office)

    def _kept_office(self) -> Office:
        """The office whose acts are on the disk: the loop may be one fold behind."""
        assert self._folded is not None
        return self._folded

    def _add_acts(self, acts: tuple[Act, ...], office: Office) -> Ingested:
        done = self.store.add_acts(acts, office)
        self._folded = office
        return done

    def _make_replica(self, office: Office, heads: dict[LogName, Ends]) -> Replica:
        self.replica = Replica(self.keys.device, office, HeadIndex(heads))
        self._pending = Pending(office.acts.values(), self._ceiling)
        return self.replica

    def _ceiling(self, author: DeviceKey) -> tuple[Author, int]:
        """As whom the acts of a device are counted, and how many are taken before somebody else's follow them."""
        assert self.replica is not None
        office = self.replica.office
        if author in (self.keys.device, office.recovery):
            return author, limits.ACTS
        person = office.person_of(author)
        if person is None:
            return None, limits.ACTS_MEMBER
        return author, limits.ACTS_KEYHOLDER if office.made_keyholder(person.id) else limits.ACTS_MEMBER

    async def close(self) -> None:
        if self.replica is not None:
            with suppress(Unusable):  # who holds what is said again at the next link
                await self.keep_sightings(whole=True)
        if hasattr(self, "store"):
            await self.call(self.store.close)
        self._thread.shutdown(wait=True)

    @property
    def office(self) -> Office | None:
        return self.replica.office if self.replica else None

    # --- the office ---------------------------------------------------------------------------------------
    async def settle(self, acts: Sequence[Act]) -> Office | None:
        """Keeps a whole office that was founded or joined here; None, with nothing kept, if there is one by now."""
        async with self._folding:
            if self.office is not None:
                return None
            office = fold(acts)
            self._ingesting.turn()
            await self.call(self._add_acts, tuple(acts), office)
            self._make_replica(office, await self.call(self.store.heads, office))
            return office

    async def take_acts(self, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Stores acts that are new, whose parents are here and whose authors did not write too many; returns them,
        parents first."""
        assert self._pending is not None
        taken: list[Act] = []
        async with self._folding:
            ready = [act for new in acts for act in self._pending.add(new)]
            while ready:
                await self._fold_in(ready)
                taken += ready
                ready = self._pending.ready()  # whose authors are known only now
        return tuple(taken)

    async def _fold_in(self, acts: Sequence[Act]) -> None:
        assert self.replica is not None and self._pending is not None
        office = fold([*self.replica.office.acts.values(), *acts])
        self._ingesting.turn()
        try:
            done = await self.call(self._add_acts, tuple(acts), office)
        except BaseException:
            self._pending.forget(acts)
            raise
        self.replica.office = office
        self._follow(done)
        if done.reshown or done.rows:
            self.reshown()

    def _follow(self, done: Ingested) -> None:
        """The replica's heads are those of the store again, and whoever is to know hears of the rest."""
        self._grew(done.ends)
        self._pass_on(done)

    def _grew(self, logs: Mapping[LogName, Ends]) -> None:
        assert self.replica is not None
        for log, ends in logs.items():
            self.replica.heads.stored(log, ends)

    def _pass_on(self, done: Ingested) -> None:
        if done.changed:
            self.changed(done.changed)
        if done.named:
            self.named(done.named)
        if done.let_go:
            self.let_go()
        if done.read:
            self.read(done.read)
        said = done.statuses, done.profiles
        if None not in said and said != (self.statuses, self.profiles):
            self.statuses, self.profiles = done.statuses or {}, done.profiles or {}
            self.people_changed()
        if done.roads is not None and done.roads != self.roads:
            self.roads = done.roads
            self.roads_changed()

    # --- entries of others --------------------------------------------------------------------------------
    async def take_run(self, run: Run, bodies: Sequence[bytes | None]) -> Ingested:
        """Stores a checked run; its log's head follows."""
        assert self.replica is not None
        last = len(run.entries) - 1
        held = [
            Held(entry, run.signature or None if i == last else None, body)
            for i, (entry, body) in enumerate(zip(run.entries, bodies, strict=True))
        ]
        try:
            taken = await self.call(self._ingesting.keep, self._ingesting.come(run, held))
        except BaseException:
            self.replica.heads.failed(run.log)
            raise
        if not taken.kept:
            self.replica.heads.failed(run.log)
        self._follow(taken)
        return taken

    def _ingest(self, run: Run, held: Sequence[Held]) -> Ingested:
        """On the store's thread; Gap for a run behind one that could not be kept."""
        before = Point(run.first - 1, EntryId(run.entries[0].header.previous))
        if run.first > 1 and self.store.head(run.log) != before and self.store.missing([before.id]):
            raise Gap("a run without what comes before it")
        return self.store.ingest(run.log, held, self._kept_office())

    def _ingest_all(self, coming: Sequence[Coming]) -> list[Ingested]:
        return self.store.ingest_all([(run.log, held) for run, held in coming], self._kept_office())

    async def take_bodies(self, bodies: Sequence[tuple[EntryId, bytes]]) -> Ingested:
        assert self.replica is not None
        taken = await self.call(lambda: self.store.fill(bodies, self._kept_office()))
        self._follow(taken)
        return taken

    async def read_run(self, log: LogName, points: Sequence[Point], to: Point) -> Stretch | int | None:
        return await self.call(lambda: self.store.read_run(log, points, to, self._kept_office()))

    async def missing(self, ids: Sequence[EntryId]) -> frozenset[EntryId]:
        return await self.call(self.store.missing, ids)

    async def locator(self, log: LogName) -> tuple[Point, ...]:
        return await self.call(self.store.locator, log)

    async def read_bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]:
        return await self.call(self.store.bodies, ids)

    async def wanted(self, limit: int) -> tuple[EntryId, ...]:
        return await self.call(self.store.wanted, limit)

    # --- own entries --------------------------------------------------------------------------------------
    async def write(self, content: Written, *, out: bool = True) -> tuple[Row, ...]:
        """Writes an own entry, on the disk for good when this returns, and gone `out` by then; the rows now shown."""
        leave = self._leaving(out=out)
        return self._written(await self.call(lambda: self.pen.write(content, self._kept_office(), leave)))

    async def claim(self) -> None:
        """Claims what is due of own forked logs; the claims go out."""
        leave = self._leaving(out=True)
        if self._written(await self.call(lambda: self.pen.claim(self._kept_office(), leave))):
            self.reshown()  # what was set aside counts again

    def _leaving(self, *, out: bool) -> Leave:
        """An entry leaves at its commit: what is shown of it here is read while colleagues take it in."""
        loop = asyncio.get_running_loop()

        def kept(held: Held, ends: Mapping[LogName, Ends]) -> None:
            self._grew(ends)  # before it leaves: a colleague who holds more than these heads say is ahead of this PC
            if out:
                self.leaves(held)

        def leave(held: Held, ends: Mapping[LogName, Ends]) -> None:
            # Two steps of the loop, as an answer of this thread takes to whoever awaits it: what was judged before
            # this entry was written is told before it, and never takes the heads back.
            loop.call_soon_threadsafe(loop.call_soon, kept, held, ends)

        return leave

    def _written(self, written: Sequence[tuple[Held, Ingested]]) -> tuple[Row, ...]:
        for _held, done in written:
            self._pass_on(done)  # the heads went on at each commit, and may be further by now
        if any(done.reshown for _held, done in written):
            self.reshown()
        return tuple(row for _held, done in written for row in done.rows)

    async def own_ahead(self, log: LogName) -> bool:
        """Somebody holds more or other of a log of mine: it is written no more. False if it was not anyway."""
        if self.pen.log != log:
            return False
        await self.call(self.pen.turn)
        return True

    async def only_here(self) -> int:
        """How many own posts no other device is known to hold."""
        if self.office is None:
            return 0
        elsewhere = self.safety.elsewhere(self.office)
        return await self.call(self.store.elsewhere.only_here, elsewhere)

    async def copies(self, ids: Sequence[EntryId]) -> dict[EntryId, int]:
        """On how many other devices own posts are, of those asked about."""
        places = await self.call(self.store.places, ids)
        office = self.office
        if office is None:
            return {}
        own = {ident: place for ident, place in places.items() if place[0].device == self.keys.device}
        return {ident: self.safety.copies(office, log.number, seq) for ident, (log, seq) in own.items()}

    async def keep_sightings(self, *, whole: bool = False) -> None:
        """Writes down who holds what and who was seen, if anything is new that is due; or all of it."""
        copies, seen = self.safety.unwritten(whole=whole)
        if copies or seen:
            await self.call(self.store.elsewhere.keep, copies, seen)

    async def refresh(self) -> None:
        """The store was changed past the replica: its heads are read again, for logs may be shorter or gone."""
        if self.replica is not None:
            self.replica.heads = HeadIndex(await self.call(lambda: self.store.heads(self._kept_office())))
            self.statuses = await self.call(self.store.archive.newest.statuses)
            self.profiles = await self.call(self.store.archive.newest.profiles)
            self.roads = await self.call(self.store.archive.newest.roads)

    async def sweep(self) -> bool:
        """Lets go of what is due; True if the timeline changed."""
        if self.replica is None:
            return False
        done = await self.call(lambda: self.store.sweep(self._kept_office()))
        self._follow(done)
        return done.reshown
