"""The store, from the loop's side: one thread owns the connection, the loop owns what is kept in memory of it.

Whatever comes is written before it is shown, before it is acknowledged and before it is passed on.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from deskblog.errors import PeerError
from deskblog.log import kinds
from deskblog.log.act import Act
from deskblog.log.clock import AHEAD, stamp
from deskblog.log.entry import write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, Pending, fold
from deskblog.log.run import Run
from deskblog.net.heads import HeadIndex
from deskblog.net.sync import Replica
from deskblog.paths import state_folder
from deskblog.store.keyfile import load_or_make_keys
from deskblog.store.store import Held, Ingested, Store, Stretch
from deskblog.values import EntryId, LogName, OfficeId, Point, Row

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
        self._dice = dice
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="deskblog-store")
        self._pending: Pending | None = None
        self._own: LogName | None = None  # the log this run writes; opened by its first entry
        self._folding = asyncio.Lock()  # one fold after another, each from the one before
        self.replica: Replica | None = None
        self.keys: DeviceKeys
        self.store: Store

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs a piece of work on the store's thread; pieces run in the order they are asked for."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(*args, **kwargs))

    # --- opening ------------------------------------------------------------------------------------------
    async def open(self) -> None:
        """Opens or makes keys and store, folds the office; Unusable says why it cannot."""
        acts, heads, own = await self.call(self._open)
        if acts:
            office = fold(acts)
            self._make_replica(office, heads)
            await self.call(self.store.know, office)
        self._own = own

    def _open(self) -> tuple[tuple[Act, ...], dict[LogName, Point], LogName | None]:
        self.keys = load_or_make_keys(self._folder)
        self.store = Store.open(self._folder, self.keys.device, self._now, mark_folder=self._state or state_folder())
        heads = self.store.heads()
        number = self.store.get("own-log")
        own = LogName(self.keys.device, bytes.fromhex(number)) if number else None
        usable = own is not None and own in heads and not self.store.fresh_logs
        return self.store.load_acts(), heads, own if usable else None

    def _make_replica(self, office: Office, heads: dict[LogName, Point]) -> Replica:
        self._pending = Pending(office.acts)
        self.replica = Replica(self.keys.device, office, HeadIndex(heads))
        return self.replica

    async def close(self) -> None:
        if hasattr(self, "store"):
            await self.call(self.store.close)
        self._thread.shutdown(wait=True)

    @property
    def office(self) -> Office | None:
        return self.replica.office if self.replica else None

    # --- the office ---------------------------------------------------------------------------------------
    async def settle(self, acts: Sequence[Act]) -> Office:
        """Keeps a whole office that was founded or joined here."""
        office = fold(acts)
        await self.call(self.store.add_acts, tuple(acts), office)
        self._make_replica(office, await self.call(self.store.heads))
        return office

    async def take_acts(self, acts: Sequence[Act]) -> tuple[Act, ...]:
        """Stores acts that are new and whose parents are here; returns them, parents first."""
        assert self.replica is not None and self._pending is not None
        async with self._folding:
            ready = [act for new in acts for act in self._pending.add(new)]
            if not ready:
                return ()
            office = fold([*self.replica.office.acts.values(), *ready])
            try:
                await self.call(self.store.add_acts, tuple(ready), office)
            except BaseException:
                self._pending.forget(ready)
                raise
            self.replica.office = office
        return tuple(ready)

    # --- entries of others --------------------------------------------------------------------------------
    async def take_run(self, run: Run, bodies: Sequence[bytes | None]) -> Ingested:
        """Stores a checked run; its log's head follows."""
        assert self.replica is not None
        last = len(run.entries) - 1
        held = [
            Held(entry, run.signature if i == last else None, body)
            for i, (entry, body) in enumerate(zip(run.entries, bodies, strict=True))
        ]
        try:
            taken = await self.call(self._ingest, run, held, self.replica.office)
        except BaseException:
            self.replica.heads.failed(run.log)
            raise
        self.replica.heads.stored(run.log, taken.head)
        return taken

    def _ingest(self, run: Run, held: Sequence[Held], office: Office) -> Ingested:
        """On the store's thread; a run behind one that could not be kept is dropped, and asked for again later."""
        head = self.store.head(run.log)
        if run.first > (head.seq if head else 0) + 1:
            raise PeerError("a run without what comes before it")
        return self.store.ingest(run.log, held, office)

    async def take_bodies(self, bodies: Sequence[tuple[EntryId, bytes]]) -> tuple[Row, ...]:
        assert self.replica is not None
        return await self.call(self.store.fill, bodies, self.replica.office)

    async def read_run(self, log: LogName, after: int, to: int) -> Stretch | None:
        return await self.call(self.store.read_run, log, after, to)

    async def read_point(self, log: LogName, seq: int) -> Point | None:
        return await self.call(self.store.point, log, seq)

    async def read_bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]:
        return await self.call(self.store.bodies, ids)

    async def wanted(self, limit: int) -> tuple[EntryId, ...]:
        return await self.call(self.store.wanted, limit)

    # --- own entries --------------------------------------------------------------------------------------
    async def write(self, content: kinds.Content) -> tuple[Row, tuple[Held, ...]]:
        """Writes an own entry, on the disk for good when this returns, and the opening entry if one was due."""
        assert self.replica is not None
        row, written = await self.call(self._write, content, self.replica.office)
        for held in written:
            self.replica.heads.stored(held.entry.log, held.entry.point)
        return row, written

    def _write(self, content: kinds.Content, office: Office) -> tuple[Row, tuple[Held, ...]]:
        if self._own is not None and not self.store.goes_on(self._own):
            self._own = None  # this PC was removed and taken back: what it wrote before keeps its border
        opening = () if self._own is not None else (self._open_log(office),)
        assert self._own is not None
        held = self._append(office, self._own, content)
        rows = self.store.append(held, office)
        return rows[-1], (*opening, held)

    def _open_log(self, office: Office) -> Held:
        admission = office.admission_of(self.keys.device)
        if admission is None:
            raise AssertionError("a device that is not in writes nothing")
        before = sorted(
            (log.number, point.seq, point.id)
            for log, point in self.store.heads().items()
            if log.device == self.keys.device
        )
        log = LogName(self.keys.device, self._dice(8))
        held = self._append(office, log, kinds.Open(admission, tuple(before)))
        self.store.append(held, office)
        self.store.put("own-log", log.number.hex())
        self._own = log
        return held

    def _append(self, office: Office, log: LogName, content: kinds.Content) -> Held:
        now = self._now()
        when = stamp(now, self.store.latest_time(now + AHEAD))
        after = self.store.head(log)
        body = kinds.encode_body(content, self._dice(kinds.SALT))
        entry, signature = write_entry(
            self.keys, OfficeId(office.id), log.number, after, when, kinds.kind_of(content), body
        )
        return Held(entry, signature, body)
