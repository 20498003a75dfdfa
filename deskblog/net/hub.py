"""All links of this device: the door for those who dial in, the dialling out, and the exchange behind both.

A link goes through one door (door.py) until it is proven and judged; only then does it become a peer. Of two links
between the same two devices the one dialled by the lower key is kept, unless the other side started anew.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
import sys
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Protocol

from deskblog import limits
from deskblog.errors import PeerError
from deskblog.log.act import Act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import exchange as x
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.code import Code
from deskblog.net.door import Arrival, Guest, InnerDoor, JoinDoor, OuterDoor
from deskblog.net.exchange import Exchange, Keeper, Peer
from deskblog.net.link import CONNECT_SECONDS, Gate, Link, listening_socket, make_contexts
from deskblog.net.reach import Outcome, Outcomes, outcome_of
from deskblog.net.strangers import Strangers
from deskblog.net.sync import Session
from deskblog.net.twins import Twins
from deskblog.values import DeviceKey


class Listener(x.Listener, Protocol):
    """What the hub says, beside what the exchange says."""

    def lost(self, peer: Peer, reason: str) -> None: ...
    def gone(self, peer: Peer) -> None: ...
    def joiner(self, guest: Guest) -> bool: ...
    def told_removed(self, acts: tuple[Act, ...]) -> None: ...
    def twins(self, device: DeviceKey) -> None: ...


class Hub:
    """Listens, dials, proves, judges; hands proven links to the exchange."""

    def __init__(self, keeper: Keeper, keys: DeviceKeys, listener: Listener, now: Callable[[], int]) -> None:
        """`now`: UTC milliseconds."""
        self.port = 0
        self._now = now
        self.run_number = secrets.token_bytes(8)
        self._keeper = keeper
        self._keys = keys
        self._tell = listener
        self._exchange = Exchange(keeper, listener)
        self._certificate = make_certificate(keys.seed)
        self._listening, self._dialling = make_contexts(self._certificate.key_pem, self._certificate.pem)
        self._server: asyncio.Server | None = None
        self._socket: socket.socket | None = None
        self._strangers = Strangers()
        self._links: set[Link] = set()  # TLS stands
        self.refusals: Counter[str] = Counter()  # faults of peers since the start, by kind
        self.outcomes = Outcomes()
        self._stopped = False
        self._twins = Twins()
        self._knocking: dict[asyncio.Task[None], Gate] = {}
        self._doubted: dict[DeviceKey, asyncio.Task[None]] = {}  # links whose device has dialled again

    @property
    def peers(self) -> dict[DeviceKey, Peer]:
        return self._exchange.peers

    # --- listening ----------------------------------------------------------------------------------------
    async def listen(self, port: int) -> None:
        """Listens on `port` or the next free one."""
        self._socket = listening = listening_socket(port)
        self.port = listening.getsockname()[1]
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Gate(self._knocked), sock=listening, backlog=128
        )

    def _knocked(self, gate: Gate) -> None:
        """A stranger, until proven; counted before a byte of TLS is spent on it."""
        if self._stopped or not self._strangers.may_come(gate.address):
            gate.transport.abort()
            return
        link = Link(self._came, self._link_lost, dialled=False)
        link.address = gate.address
        link.faulted = self._count
        task = asyncio.get_running_loop().create_task(self._let_in(gate, link))
        self._knocking[task] = gate
        task.add_done_callback(self._knocking.pop)
        self._strangers.add(link, lambda: self._put_out(link, gate, task))

    async def _let_in(self, gate: Gate, link: Link) -> None:
        secured = False
        try:
            secured = await gate.secure(link, self._listening, server_side=True)
        finally:
            if not secured:
                self._forget_stranger(link)

    def _put_out(self, link: Link, gate: Gate, task: asyncio.Task[None]) -> None:
        self._forget_stranger(link)  # a task not begun yet is cancelled without a word
        task.cancel()
        gate.transport.abort()

    def _came(self, link: Link) -> None:
        door = OuterDoor(
            link, self._keys.device, self._certificate.der, self._office, self._arrived, self._tell.joiner
        )
        self._links.add(link)
        door.ready = self._ready
        door.told_removed = self._tell.told_removed
        door.open()

    def _office(self) -> Office | None:
        return self._keeper.replica.office if self._keeper.replica else None

    def _ready(self) -> m.ServerReady:
        office = self._office()
        assert office is not None
        return m.ServerReady(self.run_number, self._now(), office.tips[: limits.ACT_AFTER])

    def _count(self, fault: PeerError) -> None:
        self.refusals[type(fault).__name__] += 1

    def _link_lost(self, link: Link, reason: str) -> None:
        self._forget_stranger(link)
        self._links.discard(link)

    def _forget_stranger(self, link: Link) -> None:
        if not link.known:
            link.known = True
            self._strangers.forget(link)

    # --- dialling -----------------------------------------------------------------------------------------
    async def join(self, address: tuple[str, int], code: Code, name: str) -> Office:
        """The office that welcomes this device there; PeerError says why none does."""
        link = await self.open(address)
        if link is None:
            raise PeerError("nobody answers")
        try:
            door = JoinDoor(link, self._keys, code, name)
        except PeerError as fault:
            link.end(str(fault), at_once=True)
            raise
        try:
            return await door.office
        except asyncio.CancelledError:
            link.end("given up", at_once=True)
            raise

    async def open(self, address: tuple[str, int]) -> Link | None:
        """A TLS link to that address, not proven yet; None if nothing there answers as deskblog does."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                _transport, gate = await loop.create_connection(Gate, address[0], address[1])
        except (OSError, TimeoutError) as fault:
            self.outcomes.note(address, outcome_of(fault))
            return None
        self.outcomes.note(address, Outcome.OPEN)
        link = Link(lambda _link: None, self._link_lost, dialled=True)
        link.faulted = self._count
        if not await gate.secure(link, self._dialling, server_side=False):
            return None
        self._links.add(link)
        return link

    async def dial(self, address: tuple[str, int], expected: DeviceKey | None, seen: float) -> DeviceKey | None:
        """Links as a member with whoever listens there; the device if a link with it stands now."""
        link = await self.open(address)
        office = self._office()
        if link is None or office is None:
            return None
        try:
            door = InnerDoor(link, self._keys, self.run_number, office, expected)
        except PeerError as fault:
            link.end(str(fault), at_once=True)
            return None
        door.told_removed = self._tell.told_removed
        arrival = await door.arrival
        if arrival is None:
            return None
        self._arrived(arrival, seen)
        return arrival.device

    # --- arriving -----------------------------------------------------------------------------------------
    def _arrived(self, arrival: Arrival, seen: float = 0.0, *, alive: bool = False) -> None:
        """A link is proven and judged: it becomes the peer, or gives way to the one there is.

        `alive`: it has answered since.
        """
        link = arrival.link
        self._forget_stranger(link)
        replica = self._keeper.replica
        if replica is None or not link.open:
            return
        now = asyncio.get_running_loop().time()
        standing = self.peers.get(arrival.device)
        if self._twins.come_back(arrival.device, arrival.run_number):
            if not alive:
                self._begin_settling(arrival, self._prove_alive(arrival, seen))
                return
            self._twin(arrival, standing)
            if standing is not None and now - standing.since < limits.TWIN_SECONDS:
                link.end("another PC with this key is linked")
                return
        if standing is not None:
            if not self._replaces(arrival, standing):
                self._doubt(arrival, standing, seen)
                return
            if arrival.run_number != standing.run_number:
                self._twins.replaced(standing.device, standing.run_number)
            self._leave(standing, "replaced")
        elif len(self.peers) >= limits.LINKS:
            link.end("links enough")
            return
        session = Session(replica, arrival.device, asyncio.get_running_loop().time)
        peer = Peer(link, arrival.device, arrival.run_number, session, seen)
        peer.since = now
        link.lost = lambda gone, reason: self._peer_lost(peer, reason)
        self._exchange.add(peer, arrival.first)

    def _doubt(self, arrival: Arrival, standing: Peer, seen: float) -> None:
        """Whoever dials again may have lost its end of the link that stands here: if nothing answers, it goes."""
        now = asyncio.get_running_loop().time()
        if now - standing.link.heard < limits.FRESH_SECONDS:
            arrival.link.end("linked already")
            return
        self._begin_settling(arrival, self._settle(arrival, standing, seen))

    def _begin_settling(self, arrival: Arrival, work: Coroutine[Any, Any, None]) -> None:
        """One link of a device at a time is in doubt."""
        if arrival.device in self._doubted:
            work.close()
            arrival.link.end("linked already")
            return
        task = asyncio.get_running_loop().create_task(work)
        self._doubted[arrival.device] = task
        task.add_done_callback(lambda _task: self._doubted.pop(arrival.device))

    async def _settle(self, arrival: Arrival, standing: Peer, seen: float) -> None:
        """Nothing more is read from the new link until the old one has answered or not."""
        link, waiting = arrival.link, list[bytes]()
        link.receive = waiting.append
        link.hold(on=True)
        if await self._exchange.answers(standing):
            link.end("linked already")
            return
        standing.link.end("silent", at_once=True)
        await standing.link.gone
        link.hold(on=False)
        self._take_up(arrival, seen, waiting)

    async def _prove_alive(self, arrival: Arrival, seen: float) -> None:
        """What a run said before it ended may come after what the next one said: only who answers now is a copy."""
        link, waiting = arrival.link, list[bytes]()
        link.receive = waiting.append
        link.send(m.encode(m.There()))
        if await _pinged(link, waiting):
            self._take_up(arrival, seen, waiting, alive=True)
        else:
            link.end("over")

    def _take_up(self, arrival: Arrival, seen: float, waiting: Sequence[bytes], *, alive: bool = False) -> None:
        """A link that was in doubt goes on with what came meanwhile."""
        link = arrival.link
        try:
            self._arrived(arrival, seen, alive=alive)
            for payload in tuple(waiting):  # a link that is in doubt still goes on putting them there
                link.receive(payload)
        except PeerError as fault:
            link.blame(fault)

    def _twin(self, arrival: Arrival, standing: Peer | None) -> None:
        """Two PCs with one key are alive: both are told."""
        twin = m.encode(m.Twin())
        arrival.link.send(twin)
        if standing is not None and standing.run_number != arrival.run_number:
            standing.link.send(twin)
        self._tell.twins(arrival.device)

    def _replaces(self, arrival: Arrival, standing: Peer) -> bool:
        if arrival.run_number != standing.run_number or not standing.link.open:
            return True
        lower_dials = self._keys.device < arrival.device
        return arrival.link.dialled == lower_dials

    def _leave(self, peer: Peer, reason: str) -> None:
        self._exchange.remove(peer)
        peer.left = True
        peer.link.send(m.encode(m.Bye(reason)))
        peer.link.end(reason)

    def leave(self, device: DeviceKey, reason: str) -> None:
        """Ends the link with a device; it may dial again."""
        peer = self.peers.get(device)
        if peer is not None:
            self._leave(peer, reason)
            if peer.counted:
                self._tell.lost(peer, reason)
            self._tell.gone(peer)

    def _peer_lost(self, peer: Peer, reason: str) -> None:
        self._links.discard(peer.link)
        if peer.left:
            return
        self._exchange.remove(peer)
        if peer.counted:
            self._tell.lost(peer, reason)
        self._tell.gone(peer)

    # --- for the engine -----------------------------------------------------------------------------------
    def beat(self, now: float) -> None:
        self._exchange.beat(now)

    def moved(self, gone: frozenset[str]) -> None:
        """This PC slept, or has other addresses: links from those that are `gone` end, the others must answer."""
        for peer in list(self.peers.values()):
            if peer.link.own in gone:
                peer.link.end("this address is gone", at_once=True)
            else:
                self._exchange.probe(peer)

    @property
    def exchange(self) -> Exchange:
        return self._exchange

    async def stop(self) -> None:
        """Closes the door, says goodbye on every link, waits until what came is stored."""
        self._stopped = True
        if self._server is not None and self._socket is not None:
            await _accept_no_more(self._socket)
            self._server.close()
        for task, gate in list(self._knocking.items()):
            task.cancel()
            gate.transport.abort()  # a task not begun yet is cancelled without a word
        await asyncio.gather(*self._knocking, return_exceptions=True)
        for task in self._doubted.values():
            task.cancel()
        await asyncio.gather(*self._doubted.values(), return_exceptions=True)
        await self._exchange.stop()
        for link in list(self._links):
            link.end("leaving")
        await asyncio.gather(*(link.gone for link in self._links))


async def _accept_no_more(listening: socket.socket) -> None:
    """Lets a connection that was just accepted get its transport: one accepted as the server closes would be left
    open for ever (CPython issue 109564)."""
    if sys.platform != "win32":
        asyncio.get_running_loop().remove_reader(listening)
    for _turn in range(3):
        await asyncio.sleep(0)


async def _pinged(link: Link, waiting: Sequence[bytes]) -> bool:
    """Whether a ping is among what comes soon."""
    looked = 0
    with suppress(TimeoutError, PeerError):
        async with asyncio.timeout(limits.PROBE_SECONDS):
            while link.open and looked < limits.PENDING:
                if any(isinstance(m.decode_linked(payload), m.Ping) for payload in waiting[looked:]):
                    return True
                looked = len(waiting)
                await link.hears(limits.PROBE_SECONDS)
    return False
