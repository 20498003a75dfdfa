"""The engine's side of the network: what the hub says, and what is done and told of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar

from deskblog import events, limits
from deskblog.engine import alarms
from deskblog.engine.company import Company
from deskblog.engine.contacts import Contacts
from deskblog.engine.doctor import Doctor
from deskblog.engine.joining import Joining
from deskblog.engine.newer import Newer
from deskblog.engine.options import Invitation, OpenInvitation, Options
from deskblog.engine.people import Around, people_rows
from deskblog.engine.sites import site_names
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import PeerError, Unusable
from deskblog.log.act import Act
from deskblog.net import messages as m
from deskblog.net.actions import TakeTried
from deskblog.net.dialler import Address
from deskblog.net.door import Guest
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.neighbours import Channels
from deskblog.net.watch import Moved, Watch
from deskblog.store.store import Held
from deskblog.values import DeviceKey, LogName, PersonId, PersonRow, Point

SWEEP_BEATS = 4 * 60 * 24  # heartbeats in a day: so often old bodies are let go of


Said = TypeVar("Said", contravariant=True)


class Talk(Protocol[Said]):
    """Who hears what colleagues say of something that is in no log."""

    def level(self, peer: Peer) -> None: ...
    def gone(self, peer: Peer) -> None: ...
    def heard(self, peer: Peer, message: Said) -> None: ...


async def _nothing() -> None:
    """Until the engine says what is due when a link is level."""


class Network:
    """Everything between the vault and the sockets."""

    def __init__(
        self, vault: Vault, standing: Standing, tell: Callable[[events.Event], None], options: Options
    ) -> None:
        self._vault = vault
        self._standing = standing
        self._tell = tell
        self._options = options
        self._hub = Hub(vault, vault.keys, self, now_ms)
        self._joining = Joining(vault, lambda: self._hub, tell, self._announce, lambda: self._contacts.look())
        self._contacts = Contacts(vault, self._hub, options, lambda: self._joining.digits)
        self._contacts.sighted = self._joining.sighted
        self.company = Company(vault, self._hub, self._contacts, self._company_changed)
        self._newer = Newer(vault, tell)
        self.doctor = Doctor(vault, self._hub, self._contacts, self.company, options)
        self._contacts.told, self._contacts.overlay = self.company.told, lambda: self.company.overlay
        vault.roads_changed = self._contacts.aim
        vault.leaves = self._leaves
        vault.named = lambda names: self._later(self._hub.exchange.blobs.want(names))
        vault.blobs.awaited = lambda name: self._later(self._hub.exchange.blobs.want([name], first=True))
        self._watch = Watch(self._moved)
        self._beat: asyncio.Task[None] | None = None
        self._going_out: asyncio.Task[None] | None = None
        self._may_go_out = asyncio.Event()
        if not options.hushed:
            self._may_go_out.set()
        self._came_back: Counter[str] = Counter()  # own posts that colleagues gave back, by name
        self.levelled: Callable[[], Coroutine[Any, Any, None]] = _nothing
        self.held_elsewhere: Callable[[], None] = lambda: None  # called when one's own posts are on more PCs
        self.feeds: Talk[m.FeedMessage] | None = None
        self.programs: Talk[m.ProgramMessage] | None = None
        self._people: tuple[tuple[PersonRow, ...], frozenset[DeviceKey]] = ((), frozenset())  # as told last
        self._told_full = False
        self._told_copied = False
        self._told_twins: set[DeviceKey] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    # --- starting and stopping ----------------------------------------------------------------------------
    @property
    def port(self) -> int:
        return self._hub.port

    @property
    def refusals(self) -> dict[str, int]:
        """Faults of peers since the start, by kind."""
        return dict(self._hub.refusals)

    async def start(self) -> None:
        """From here on colleagues can link with this PC, and those whose addresses are known are dialled.

        It is announced, and others are looked for, a moment later, or when `go_out` says so.
        """
        await self._hub.listen(self._options.port)
        await self.company.open()
        self.company.office_changed()
        self._beat = asyncio.create_task(self._beats())
        if self._options.watch:
            await self._watch.start()
        await self._contacts.start(self._watch.here)
        self._going_out = asyncio.create_task(self._guarded(self._go_out()))

    def go_out(self) -> None:
        self._may_go_out.set()

    async def _go_out(self) -> None:
        await self._may_go_out.wait()
        await self._contacts.go_out()

    async def _moved(self, moved: Moved) -> None:
        """Addresses came or went, or this PC slept: no link is as sure as it was."""
        self._hub.moved(moved.gone)
        await self._contacts.moved(moved.here)

    @property
    def channels(self) -> Channels | None:
        """What was heard of others, by channel."""
        return self._contacts.channels

    async def stop(self) -> None:
        tasks = [task for task in (self._going_out, self._beat) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._watch.stop()
        await self._contacts.stop_dialling()
        await self._joining.stop()
        self.company.close()
        await self.doctor.tries.stop()
        await self._hub.stop()
        await asyncio.gather(*self._tasks)
        await self._contacts.stop_listening()

    async def office_begins(self) -> None:
        """This PC is in an office now: announce it, link with everyone seen already."""
        self.company.office_changed()
        await self._contacts.office_begins()

    def reach(self, address: Address) -> None:
        """From now on, a link with whoever of the office listens there is wanted."""
        self._contacts.reach(address)

    async def _announce(self) -> None:
        await self._contacts.announce()

    async def _beats(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._later(self._sweep())
            for _beat in range(SWEEP_BEATS):
                await asyncio.sleep(limits.PING_SECONDS)
                self._hub.beat(loop.time())
                self._vault.safety.heard(list(self._hub.peers), now_ms())
                self.company.links_changed()  # an address may have come or gone
                self._later(self._vault.keep_sightings())
                self._later(self.company.keep())

    async def _sweep(self) -> None:
        if await self._vault.sweep():
            self.reshown()
        self.ask_again()

    # --- joining ------------------------------------------------------------------------------------------
    async def invite(self, minutes: int, person: PersonId | None) -> Invitation:
        return await self._joining.invite(minutes, person)

    def invitations(self) -> tuple[OpenInvitation, ...]:
        return self._joining.open_invitations()

    async def cancel_invitation(self) -> None:
        await self._joining.cancel()

    async def join(self, code: str, name: str, at: str | None) -> None:
        try:
            address = await self._joining.join(code, name, at, lambda: self._contacts.sightings)
        finally:
            self.doctor.wrong_code = self._joining.wrong_words
        if at is not None:
            self.reach(address)

    def joiner(self, guest: Guest) -> bool:
        return self._joining.guest(guest)

    # --- what the hub says --------------------------------------------------------------------------------
    def linked(self, peer: Peer) -> None:
        seconds = asyncio.get_running_loop().time() - peer.seen if peer.seen else -1.0
        name = self._name(peer.device)
        self._vault.safety.heard([peer.device], now_ms())
        self.company.linked(peer)
        self._contacts.linked(peer)
        self._tell(events.Linked(peer.device.hex(), name, peer.link.address, round(seconds, 4)))
        self._people_changed()

    def lost(self, peer: Peer, reason: str) -> None:
        self._tell(events.Lost(peer.device.hex(), self._name(peer.device), reason))
        self._people_changed()

    def gone(self, peer: Peer) -> None:
        """A link ended, told of or not: from now counts what it takes to be linked again."""
        self._contacts.link_gone(peer.device)
        for talk in (self.feeds, self.programs):
            if talk is not None:
                talk.gone(peer)
        self.company.links_changed()

    def presence(self, peer: Peer, records: Sequence[tuple[bytes, bytes]]) -> None:
        self.company.heard(peer, records)

    def said_aside(self, peer: Peer, message: m.Aside) -> None:
        if isinstance(message, m.FeedMessage):
            if self.feeds is not None:
                self.feeds.heard(peer, message)
        elif self.programs is not None:
            self.programs.heard(peer, message)

    def level_peers(self) -> list[Peer]:
        return [peer for peer in self._hub.peers.values() if peer.session.level]

    def say_to(self, device: DeviceKey, message: m.Message) -> None:
        """To one colleague, if a link stands."""
        if (peer := self._hub.peers.get(device)) is not None:
            self._hub.exchange.tell(peer, [message])

    def count_fault(self, device: DeviceKey, fault: PeerError) -> None:
        """Bytes of a colleague were refused; the link stands."""
        if (peer := self._hub.peers.get(device)) is not None:
            peer.link.faulted(fault)

    def asked_to_try(self, peer: Peer, device: DeviceKey) -> None:
        self.doctor.tries.asked(peer, device)

    def tried(self, peer: Peer, said: TakeTried) -> None:
        self.doctor.tries.told(peer, said)

    def level(self, peer: Peer) -> None:
        self.company.links_changed()
        for talk in (self.feeds, self.programs):
            if talk is not None:
                talk.level(peer)
        self._tell(events.Synced(peer.device.hex(), self._name(peer.device)))
        if self._came_back:
            count, people = sum(self._came_back.values()), tuple(sorted(self._came_back))
            self._came_back.clear()
            self._tell(events.Restored(count, people))
        self._later(self.levelled())
        self._later(self._vault.claim())

    def rows_taken(self, rows: tuple[Any, ...], peer: Peer, *, live: bool) -> None:
        me = self._vault.keys.device.hex()
        if back := sum(row.device == me for row in rows):
            self._came_back[self._name(peer.device)] += back
        self._tell(events.Posted(rows, live=live))

    def reshown(self) -> None:
        self._tell(events.TimelineChanged())

    def forked(self, log: LogName) -> None:
        """Two entries of one log with one number: of mine, it is written no more, and both ends are claimed."""
        if log.device == self._vault.keys.device:
            self._later(self._own_forked(log))

    def late(self, log: LogName) -> None:
        if log.device != self._vault.keys.device:
            self._tell(events.LateCame())

    def own_ahead(self, log: LogName, peer: Peer) -> None:
        self._later(self._own_forked(log))

    def twinned(self, peer: Peer) -> None:
        self.doctor.twins = True
        if not self._told_copied:
            self._told_copied = True
            self._tell(alarms.twinned())
            self._later(self._turn())

    async def _turn(self) -> None:
        """The next post opens a log of this run's own."""
        if self._vault.pen.log is not None:
            await self._vault.own_ahead(self._vault.pen.log)

    def twins(self, device: DeviceKey) -> None:
        if device not in self._told_twins and len(self._told_twins) < limits.LINKS:
            self._told_twins.add(device)
            self._tell(alarms.twins(self._name(device)))

    def peer_holds(self, peer: Peer, points: Sequence[tuple[LogName, Point]]) -> None:
        if self._vault.safety.holds(peer.device, points):
            self.held_elsewhere()

    async def _own_forked(self, log: LogName) -> None:
        if await self._vault.own_ahead(log) and not self._told_copied:
            self._told_copied = True
            self._tell(alarms.copied())
        await self._vault.claim()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Unusable as fault:
            self.cannot_keep(fault)

    def office_changed(self) -> None:
        self._standing.office_changed()
        self.doctor.removed = self._standing.removal is not None
        self._keep_invitation()
        self._contacts.office_changed()
        self.company.office_changed()
        self._people_changed()

    def _keep_invitation(self) -> None:
        """A code that was made with a key is dead without it."""
        office = self._vault.office
        held = office is not None and office.warrants(self._vault.keys.device, keyholder=True) is not None
        if self._joining.digits and (self._standing.removal is not None or not held):
            self._later(self._joining.cancel())

    def told_removed(self, acts: tuple[Act, ...]) -> None:
        self._standing.told_removed(acts)

    def announce_acts(self, acts: tuple[Act, ...]) -> None:
        """New acts, stored and folded: every link is judged anew, every colleague told."""
        self._hub.exchange.announce_acts(acts)

    def brought(self, logs: Sequence[LogName]) -> None:
        """Logs that grew by something else than a link: every colleague is told."""
        self._hub.exchange.brought(logs)

    def ask_again(self) -> None:
        """Bodies may be wanted that were not before: colleagues are asked soon."""
        self._hub.exchange.ask_again()

    def cannot_keep(self, fault: Unusable) -> None:
        if not self._told_full:
            self._told_full = True
            self._tell(events.Trouble("store", fault.what, fault.kept, fault.next_step))

    def _company_changed(self) -> None:
        """Each heartbeat looks, and mostly nobody came, went or moved."""
        self._look_at_people(told=True)

    def _people_changed(self) -> None:
        self._look_at_people(told=False)

    def _look_at_people(self, *, told: bool) -> None:
        """`told`: those who listen know it already, unless somebody, or one PC, is otherwise than then."""
        office = self._vault.office
        if office is not None:
            self._contacts.aim()
            people = people_rows(office, self._vault.keys.device, self.around())
            here = self.company.here
            if not told or (people, here) != self._people:
                self._people = people, here
                self._tell(events.PeopleChanged(people))
            if self._newer.is_news(programs := self.company.programs):
                self._later(self._newer.look(programs))

    def around(self) -> Around:
        """Who is here, away, and where."""
        office = self._vault.office
        names = site_names(office, self.company) if office is not None else {}
        return Around(self.company.here, self.company.away, names, self._vault.statuses, self._vault.profiles)

    def _name(self, device: DeviceKey) -> str:
        person = self._vault.office.person_of(device) if self._vault.office else None
        return person.name if person else device.hex()[:8]

    def _leaves(self, held: Held) -> None:
        self._hub.exchange.flood(held.entry, held.signature or b"", held.body)
