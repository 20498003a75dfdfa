"""Carries out what sessions decide: sends, has things stored, serves what is asked, floods what is new.

One exchange serves all links of a device. The keeper (the store, behind its own thread) is only known by what is
asked of it here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, Protocol

from deskblog import limits
from deskblog.errors import Gap, PeerError, Unusable
from deskblog.log.act import Act
from deskblog.log.run import Run
from deskblog.net import actions as do
from deskblog.net import messages as m
from deskblog.net.blobs import BlobExchange, BlobKeeper
from deskblog.net.link import Link
from deskblog.net.sync import Replica, Session, State
from deskblog.net.wanting import Wanting
from deskblog.values import DeviceKey, Ends, EntryId, LogName, Point


class Taken(Protocol):
    """What became of a run or of bodies."""

    @property
    def rows(self) -> tuple[Any, ...]: ...
    @property
    def ends(self) -> Mapping[LogName, Ends]: ...
    @property
    def kept(self) -> bool: ...
    @property
    def spread(self) -> bool: ...
    @property
    def forked(self) -> bool: ...
    @property
    def reshown(self) -> bool: ...


class Stretch(Protocol):
    """Consecutive headers from seq `start`, with the signature that vouches for them."""

    @property
    def start(self) -> int: ...
    @property
    def headers(self) -> Sequence[bytes]: ...
    @property
    def signature(self) -> bytes: ...
    @property
    def ids(self) -> Sequence[EntryId]: ...


class Keeper(Protocol):
    """Whoever keeps acts and entries; everything it takes is on the disk when it returns."""

    @property
    def blobs(self) -> BlobKeeper: ...
    @property
    def replica(self) -> Replica | None: ...
    async def take_acts(self, acts: Sequence[Act]) -> tuple[Act, ...]: ...
    async def take_run(self, run: Run, bodies: Sequence[bytes | None]) -> Taken: ...
    async def take_bodies(self, bodies: Sequence[tuple[EntryId, bytes]]) -> Taken: ...
    async def read_run(self, log: LogName, points: Sequence[Point], to: Point) -> Stretch | int | None: ...
    async def missing(self, ids: Sequence[EntryId]) -> frozenset[EntryId]: ...
    async def locator(self, log: LogName) -> tuple[Point, ...]: ...
    async def read_bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]: ...
    async def wanted(self, limit: int) -> tuple[EntryId, ...]: ...


class Listener(Protocol):
    """What the exchange says as it goes."""

    def rows_taken(self, rows: tuple[Any, ...], peer: Peer, *, live: bool) -> None: ...
    def reshown(self) -> None: ...
    def forked(self, log: LogName) -> None: ...
    def late(self, log: LogName) -> None: ...
    def twinned(self, peer: Peer) -> None: ...
    def own_ahead(self, log: LogName, peer: Peer) -> None: ...
    def peer_holds(self, peer: Peer, points: Sequence[tuple[LogName, Point]]) -> None: ...
    def office_changed(self) -> None: ...
    def linked(self, peer: Peer) -> None: ...
    def said_aside(self, peer: Peer, message: m.Aside) -> None: ...
    def asked_to_try(self, peer: Peer, device: DeviceKey) -> None: ...
    def tried(self, peer: Peer, said: do.TakeTried) -> None: ...
    def presence(self, peer: Peer, records: Sequence[tuple[bytes, bytes]]) -> None: ...
    def level(self, peer: Peer) -> None: ...
    def cannot_keep(self, fault: Unusable) -> None: ...


class Peer:
    """A proven link with a colleague's device, and its session."""

    def __init__(self, link: Link, device: DeviceKey, run_number: bytes, session: Session, seen: float) -> None:
        self.link = link
        self.device = device
        self.run_number = run_number
        self.session = session
        self.since = 0.0  # loop time at which the link was judged
        self.seen = seen  # loop time at which the device was first heard of; 0: never by discovery
        self.counted = False  # said to be linked
        self.pending = 0  # pieces of work for the store that it caused
        self.probed = False  # is being asked whether it is there
        self.left = False  # by us, for another link with the same device
        self.serving = asyncio.Lock()  # one answer after another: what is read ahead of a link is memory


class Exchange:
    """All sessions of this device."""

    def __init__(self, keeper: Keeper, listener: Listener) -> None:
        self.peers: dict[DeviceKey, Peer] = {}
        self._keeper = keeper
        self._tell = listener
        self._tasks: set[asyncio.Task[None]] = set()
        self._wanting = Wanting()
        now = asyncio.get_running_loop().time
        self.blobs = BlobExchange(keeper.blobs, self.peers, now, lambda fault: self._tell.cannot_keep(fault))

    # --- links --------------------------------------------------------------------------------------------
    def add(self, peer: Peer, first: bytes | None) -> None:
        """Begins a session; `first` is what the peer said already as a colleague."""
        self.peers[peer.device] = peer
        peer.link.receive = lambda payload: self._receive(peer, payload)
        self._do(peer, peer.session.open())
        if first is not None:
            self._receive(peer, first)

    def remove(self, peer: Peer) -> None:
        """Its link is gone; what it was fetching is asked of others."""
        if self.peers.get(peer.device) is peer:
            del self.peers[peer.device]
        peer.session.closed()
        self.blobs.left(peer)
        self.go_on()

    def go_on(self) -> None:
        for peer in list(self.peers.values()):
            self._do(peer, peer.session.go_on())

    def _receive(self, peer: Peer, payload: bytes) -> None:
        message = m.decode_linked(payload)
        if message is not None:
            self._do(peer, peer.session.receive(message))

    # --- actions ------------------------------------------------------------------------------------------
    def _do(self, peer: Peer, actions: Sequence[do.Action]) -> None:
        for action in actions:
            match action:
                case do.Send():
                    peer.link.send(m.encode(action.message))
                case do.TakeActs():
                    self._later(peer, self._take_acts(peer, action))
                case do.TakeRun():
                    self._later(peer, self._take_run(peer, action))
                case do.TakeBodies():
                    self._later(peer, self._take_bodies(peer, action))
                case do.Look():
                    self._later(peer, self._look(peer, action))
                case do.Locate():
                    self._later(peer, self._locate(peer, action.log))
                case do.OwnAhead():
                    self._tell.own_ahead(action.log, peer)
                case do.ServeRun():
                    self._later(peer, self._serve_run(peer, action))
                case do.ServeBodies():
                    self._later(peer, self._serve_bodies(peer, action.ids))
                case do.Twinned():
                    self._tell.twinned(peer)
                case do.PeerHolds():
                    self._tell.peer_holds(peer, action.points)
                case do.ServeBlob():
                    self._later(peer, self.blobs.serve(peer, action))
                case do.TakeBlob():
                    self._later(peer, self.blobs.take(peer, action))
                case do.TakePresence():
                    self._tell.presence(peer, action.records)
                case do.TakeAside():
                    self._tell.said_aside(peer, action.message)
                case do.Try():
                    self._tell.asked_to_try(peer, action.device)
                case do.TakeTried():
                    self._tell.tried(peer, action)
                case do.Level():
                    self._tell.level(peer)
                    self._later(peer, self._ask_wanted(peer))
                    self._later(peer, self.blobs.joined(peer))
                    self.ask_again()
                case do.Close():
                    peer.link.end(action.reason)

    def _later(self, peer: Peer, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guard(peer, work))
        self._tasks.add(task)
        peer.pending += 1
        if peer.pending == limits.PENDING:
            peer.link.hold(on=True)
        task.add_done_callback(lambda done: self._done(peer, done))

    def _done(self, peer: Peer, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        peer.pending -= 1
        if peer.pending == limits.PENDING // 2:
            peer.link.hold(on=False)

    async def _guard(self, peer: Peer, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except PeerError as fault:
            peer.link.blame(fault)
        except Gap:
            peer.link.end("what comes before is not here")  # the next link compares heads, and asks from there
        except Unusable as fault:
            self._tell.cannot_keep(fault)
            peer.link.end("cannot keep what comes")

    async def _take_acts(self, peer: Peer, action: do.TakeActs) -> None:
        new = await self._keeper.take_acts(action.acts)
        if new:
            self.announce_acts(new, but=peer)
        self._do(peer, peer.session.acts_taken(answered=action.asked and action.last))
        if peer.session.state is not State.OFFICE and not peer.counted:
            peer.counted = True
            self._tell.linked(peer)

    def announce_acts(self, acts: Sequence[Act], but: Peer | None = None) -> None:
        """New acts re-judge every link, and go to every colleague."""
        for other in list(self.peers.values()):
            self._do(other, other.session.office_changed())
            if other is not but:
                self._do(other, other.session.flood_acts(acts))
        self.ask_again()  # who is out decides which withdrawals count
        self._tell.office_changed()

    async def _take_run(self, peer: Peer, action: do.TakeRun) -> None:
        run = action.run
        taken = await self._keeper.take_run(run, action.bodies)
        self._say(taken, peer, live=action.live)
        if action.live and taken.kept and taken.spread:
            self.flood(run.entries[-1], run.signature, action.bodies[-1])
        if taken.forked:
            self._tell.forked(run.log)
        if taken.kept and not taken.spread:
            self._tell.late(run.log)
        self._do(peer, peer.session.run_stored(run, action.to, kept=taken.kept))
        self.go_on()
        self._pass_on(taken, peer, but=run.log if action.live else None)

    def _pass_on(self, taken: Taken, peer: Peer, but: LogName | None) -> None:
        """Tells all others of logs that end otherwise now; not of `but`, which they heard of as it came."""
        replica = self._keeper.replica
        fetching = replica.fetching if replica is not None else {}
        logs = [log for log in taken.ends if log not in fetching and (log != but or taken.forked)]
        if logs:
            for other in list(self.peers.values()):
                if other is not peer or taken.forked:
                    self._do(other, other.session.have(logs))

    def brought(self, logs: Sequence[LogName]) -> None:
        """Logs that end otherwise now, and that no link brought: all are told."""
        self.go_on()
        for other in list(self.peers.values()):
            self._do(other, other.session.have(logs))

    def _say(self, taken: Taken, peer: Peer, *, live: bool) -> None:
        if taken.reshown:
            self._tell.reshown()
        if taken.rows:
            self._tell.rows_taken(taken.rows, peer, live=live)

    async def _take_bodies(self, peer: Peer, action: do.TakeBodies) -> None:
        self._say(await self._keeper.take_bodies(action.bodies), peer, live=True)
        self.ask_again()  # there may be more than one question may name

    async def _look(self, peer: Peer, asked: do.Look) -> None:
        missing = await self._keeper.missing([point.id for _log, point in asked.points])
        self._do(peer, peer.session.looked(asked.points, missing))

    async def _locate(self, peer: Peer, log: LogName) -> None:
        self._do(peer, peer.session.located(log, await self._keeper.locator(log)))

    def flood(self, entry: Any, signature: bytes, body: bytes | None) -> None:
        """A stored entry goes to every link that has not shown it."""
        for other in list(self.peers.values()):
            self._do(other, other.session.flood(entry, signature, body))

    def say_presence(self, messages: Sequence[m.Presence], *, but: DeviceKey | None = None) -> None:
        """Goes to every colleague who is judged, but the one it came from."""
        for peer in self.peers.values():
            if peer.counted and peer.device != but:
                self.tell(peer, messages)

    def tell(self, peer: Peer, messages: Sequence[m.Message]) -> None:
        for message in messages:
            peer.link.send(m.encode(message))

    # --- serving ------------------------------------------------------------------------------------------
    async def _serve_run(self, peer: Peer, asked: do.ServeRun) -> None:
        async with peer.serving:
            if peer.link.open:
                await self._send_run(peer, asked)

    async def _send_run(self, peer: Peer, asked: do.ServeRun) -> None:
        found = await self._keeper.read_run(asked.log, asked.points, asked.to)
        log = asked.log
        if found is None or isinstance(found, int):
            start = 0 if found == 0 else 1
            peer.link.send(m.encode(m.RunSent(log.device, log.number, start, (), b"")))
            return
        run = m.RunSent(log.device, log.number, found.start, tuple(found.headers), found.signature)
        peer.link.send(m.encode(run))
        await self._send_bodies(peer, found.ids)

    async def _serve_bodies(self, peer: Peer, ids: Sequence[EntryId]) -> None:
        async with peer.serving:
            if peer.link.open:
                await self._send_bodies(peer, ids)

    async def _send_bodies(self, peer: Peer, ids: Sequence[EntryId]) -> None:
        for message in m.body_messages(await self._keeper.read_bodies(ids)):
            peer.link.send(m.encode(message))

    async def _ask_wanted(self, peer: Peer) -> None:
        ids = await self._keeper.wanted(limits.BODIES)
        self._do(peer, peer.session.ask_bodies(ids))

    def ask_again(self) -> None:
        """Bodies may be wanted, or be had, that were not before: soon asks everybody."""
        self._wanting.again()

    async def _ask_all(self) -> None:
        ids = await self._keeper.wanted(limits.BODIES)
        self._wanting.asked(len(ids))
        for peer in list(self.peers.values()):
            self._do(peer, peer.session.ask_bodies(ids))

    # --- time ---------------------------------------------------------------------------------------------
    def beat(self, now: float) -> None:
        """Every PING_SECONDS: says one is alive, drops who is not, asks for what is wanted still."""
        some = next(iter(self.peers.values()), None)
        if some is not None:
            self._later(some, self.blobs.beat())
            if self._wanting.due():
                self._later(some, self._ask_all())
        for peer in list(self.peers.values()):
            if now - peer.link.heard > limits.PING_SECONDS * limits.PINGS_MISSED:
                peer.link.end("silent", at_once=True)
                continue
            try:
                self._do(peer, [*peer.session.tick(), peer.session.ping()])
            except PeerError as fault:
                peer.link.blame(fault)

    def probe(self, peer: Peer) -> None:
        """Ends a link on which nothing answers now, without waiting for three heartbeats."""
        if not peer.probed:
            peer.probed = True
            self._later(peer, self._probe(peer))

    async def _probe(self, peer: Peer) -> None:
        if not await self.answers(peer):
            peer.link.end("silent", at_once=True)

    async def answers(self, peer: Peer) -> bool:
        """Asks whether somebody is there at the other end; False if nothing came in PROBE_SECONDS."""
        peer.probed = True
        peer.link.send(m.encode(m.There()))
        answered = await peer.link.hears(limits.PROBE_SECONDS)
        peer.probed = False
        return answered or (peer.link.open and peer.link.held)

    async def stop(self) -> None:
        """Lets what is being stored be stored, then leaves every link."""
        for peer in list(self.peers.values()):
            peer.link.send(m.encode(m.Bye("leaving")))
            peer.link.end("leaving")
        while self._tasks:
            await asyncio.gather(*list(self._tasks), return_exceptions=True)
