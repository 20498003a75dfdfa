"""The engine's side of the network: whom to dial, what to announce, what to tell of it.

Hub and discovery do not know each other: sightings go in here, targets to dial come out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Hashable, Sequence
from typing import Any

from deskblog import events, limits
from deskblog.engine.joining import Joining
from deskblog.engine.options import Invitation, OpenInvitation, Options
from deskblog.engine.people import people_rows
from deskblog.engine.standing import Standing
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.log import codec
from deskblog.log.act import Act
from deskblog.net.dialler import Address, Dialler
from deskblog.net.discovery import Announcement, Discovery, Sighting
from deskblog.net.door import Guest
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.mesh import wanted_links
from deskblog.store.store import Held
from deskblog.values import DeviceKey, LogName, OfficeId, PersonId, Point

PATIENCE = 0.05  # seconds the higher key leaves to the lower one to dial first
SWEEP_BEATS = 4 * 60 * 24  # heartbeats in a day: so often old bodies are let go of
EPOCH = 3600.0  # the mesh beyond a dozen changes no faster than this


def office_tag(office: OfficeId | None) -> str:
    """What mDNS says of the office: enough to know one's own, nothing to strangers."""
    return codec.digest(b"deskblog/1 office", office)[:8].hex() if office else ""


async def _nothing() -> None:
    """Until the engine says what is due when a link is level."""


def copied() -> events.Trouble:
    return events.Trouble(
        "copies",
        _("There are posts with the key of this PC that it did not write: it was restored, or it was copied."),
        _("Nothing is lost: both are kept, and what is written from now on stands apart."),
        _("If another PC runs on a copy of this one, have that PC join the office anew."),
    )


def _twinned() -> events.Trouble:
    return events.Trouble(
        "twins",
        _("Another PC uses the same key as this one."),
        _("Both go on, each in a log of its own; nothing is lost."),
        _(
            "If a disk or a deskblog folder was copied, have the copy join the office as a new PC."
            " If nobody copied anything, the key was stolen: have a keyholder remove this PC, and join again."
        ),
    )


def _twins(person: str) -> events.Trouble:
    return events.Trouble(
        "twins",
        _("Two PCs use the key of one PC of {person}.").format(person=person),
        _("Both go on, each in a log of its own; nothing is lost."),
        _("Ask {person}: one of them must join the office anew. If it is not theirs, remove that PC.").format(
            person=person
        ),
    )


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
        self._dialler = Dialler(self._dial, self._has_link)
        self._joining = Joining(vault, lambda: self._hub, tell, self._announce)
        self._discovery: Discovery | None = None
        self._sightings: dict[str, Sighting] = {}
        self._seen: dict[DeviceKey, float] = {}
        self._beat: asyncio.Task[None] | None = None
        self._static: dict[Hashable, DeviceKey] = {}
        self._came_back: Counter[str] = Counter()  # own posts that colleagues gave back, by name
        self.levelled: Callable[[], Coroutine[Any, Any, None]] = _nothing
        self._told_full = False
        self._members: frozenset[DeviceKey] = frozenset()  # the devices in when last looked at
        self._told_copied = False
        self._counting = False
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
        await self._hub.listen(self._options.port)
        self._beat = asyncio.create_task(self._beats())
        if self._options.discovery:
            self._discovery = Discovery(self._sighted, self._gone)
            self._discovery.familiar = self._is_colleague
            await self._discovery.start(self._announcement())
        self._aim_at_peers()

    async def stop(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
        await self._dialler.stop()
        await self._joining.stop()
        await self._hub.stop()
        await asyncio.gather(*self._tasks)
        if self._discovery is not None:
            await self._discovery.stop()

    async def office_begins(self) -> None:
        """This PC is in an office now: announce it, link with everyone seen already."""
        await self._announce()
        self._aim_at_peers()
        for sighting in list(self._sightings.values()):
            self._sighted(sighting)

    def reach(self, address: Address) -> None:
        """From now on, a link with whoever of the office listens there is wanted."""
        self._dialler.aim(("at", *address), (address,))

    def _aim_at_peers(self) -> None:
        if self._vault.office is not None:
            for address in self._options.peers:
                self.reach(address)

    async def _beats(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self._later(self._sweep())
            for _beat in range(SWEEP_BEATS):
                await asyncio.sleep(limits.PING_SECONDS)
                self._hub.beat(loop.time())
                self._vault.safety.heard(list(self._hub.peers), now_ms())
                self._later(self._vault.keep_sightings())

    async def _sweep(self) -> None:
        if await self._vault.sweep():
            self.reshown()

    # --- what is announced --------------------------------------------------------------------------------
    def _announcement(self) -> Announcement | None:
        office = self._vault.office
        if office is None or not office.is_in(self._vault.keys.device):
            return None
        return Announcement(self._vault.keys.device, self.port, office_tag(office.id), self._joining.digits)

    async def _announce(self) -> None:
        announcement = self._announcement()
        if self._discovery is not None and announcement is not None:
            await self._discovery.say(announcement)

    # --- what is seen -------------------------------------------------------------------------------------
    def _sighted(self, sighting: Sighting) -> None:
        self._sightings[sighting.instance] = sighting
        self._joining.sighted()
        office = self._vault.office
        if office is None or sighting.device is None or sighting.office_tag != office_tag(office.id):
            return
        self._seen.setdefault(sighting.device, asyncio.get_running_loop().time())
        self._aim()

    def _gone(self, instance: str) -> None:
        sighting = self._sightings.pop(instance, None)
        if sighting is not None and sighting.device is not None:
            self._seen.pop(sighting.device, None)
            self._aim()

    def _aim(self) -> None:
        """Aims at those the mesh wants, leaves the others."""
        me = self._vault.keys.device
        there = {s.device: s for s in self._sightings.values() if s.device in self._seen and s.device is not None}
        epoch = int(asyncio.get_running_loop().time() // EPOCH)
        # Who says the office's tag may be a colleague not heard of yet, or anybody: they take no colleague's place.
        colleagues = {device for device in there if self._is_colleague(device)}
        unknown = sorted(there.keys() - colleagues)[: limits.UNKNOWN_DIALLED]
        wanted = wanted_links(me, colleagues, epoch) | frozenset(unknown)
        for device in wanted:
            self._dialler.aim(device, there[device].addresses, patience=0.0 if me < device else PATIENCE)
        for key in self._dialler.aims():
            if isinstance(key, bytes) and key not in wanted:
                self._dialler.drop(key)

    def _is_colleague(self, device: DeviceKey) -> bool:
        office = self._vault.office
        return office is not None and office.is_in(device)

    def _has_link(self, key: Hashable) -> bool:
        device = self._static.get(key) if isinstance(key, tuple) else key
        return device in self._hub.peers

    async def _dial(self, key: Hashable, address: Address) -> bool:
        expected = DeviceKey(key) if isinstance(key, bytes) else None
        device = await self._hub.dial(address, expected, self._seen.get(expected, 0.0) if expected else 0.0)
        if device is not None and isinstance(key, tuple):
            self._static[key] = device
        return device is not None

    # --- joining ------------------------------------------------------------------------------------------
    async def invite(self, minutes: int, person: PersonId | None) -> Invitation:
        return await self._joining.invite(minutes, person)

    def invitations(self) -> tuple[OpenInvitation, ...]:
        return self._joining.open_invitations()

    async def cancel_invitation(self) -> None:
        await self._joining.cancel()

    async def join(self, code: str, name: str, at: str | None) -> None:
        address = await self._joining.join(code, name, at, lambda: list(self._sightings.values()))
        if at is not None:
            self.reach(address)

    def joiner(self, guest: Guest) -> bool:
        return self._joining.guest(guest)

    # --- what the hub says --------------------------------------------------------------------------------
    def linked(self, peer: Peer) -> None:
        seconds = asyncio.get_running_loop().time() - peer.seen if peer.seen else -1.0
        name = self._name(peer.device)
        self._vault.safety.heard([peer.device], now_ms())
        self._tell(events.Linked(peer.device.hex(), name, peer.link.address, round(seconds, 4)))
        self._people_changed()

    def lost(self, peer: Peer, reason: str) -> None:
        self._tell(events.Lost(peer.device.hex(), self._name(peer.device), reason))
        self._people_changed()

    def gone(self, peer: Peer) -> None:
        """A link ended, told of or not: from now counts what it takes to be linked again."""
        device = peer.device
        if device in self._seen:
            self._seen[device] = asyncio.get_running_loop().time()
        self._dialler.nudge(device)
        for key, known in self._static.items():
            if known == device:
                self._dialler.nudge(key)

    def level(self, peer: Peer) -> None:
        self._tell(events.Synced(peer.device.hex(), self._name(peer.device)))
        if self._came_back:
            count, people = sum(self._came_back.values()), tuple(sorted(self._came_back))
            self._came_back.clear()
            self._tell(events.Restored(count, people))
        self._later(self.levelled())
        self._later(self._claim())

    async def _claim(self) -> None:
        self.flood(await self._vault.claim())

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
        if not self._told_copied:
            self._told_copied = True
            self._tell(_twinned())
            self._later(self._turn())

    async def _turn(self) -> None:
        """The next post opens a log of this run's own."""
        if self._vault.pen.log is not None:
            await self._vault.own_ahead(self._vault.pen.log)

    def twins(self, device: DeviceKey) -> None:
        if device not in self._told_twins and len(self._told_twins) < limits.LINKS:
            self._told_twins.add(device)
            self._tell(_twins(self._name(device)))

    def peer_holds(self, peer: Peer, points: Sequence[tuple[LogName, Point]]) -> None:
        if self._vault.safety.holds(peer.device, points) and not self._counting:
            self._counting = True
            self._later(self._count_copies())

    async def _count_copies(self) -> None:
        """Tells how safe it is to close, once for all that is said while it is being counted."""
        self._counting = False
        only_here = await self._vault.only_here()
        self._tell(events.Copied(only_here))

    async def _own_forked(self, log: LogName) -> None:
        if await self._vault.own_ahead(log) and not self._told_copied:
            self._told_copied = True
            self._tell(copied())
        self.flood(await self._vault.claim())

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
        self._keep_invitation()
        self._welcome_back()
        self._people_changed()

    def _keep_invitation(self) -> None:
        """A code that was made with a key is dead without it."""
        office = self._vault.office
        held = office is not None and office.warrants(self._vault.keys.device, keyholder=True) is not None
        if self._joining.digits and (self._standing.removal is not None or not held):
            self._later(self._joining.cancel())

    def _welcome_back(self) -> None:
        """Whoever has just been let in is dialled at once, and not when their turn comes."""
        office = self._vault.office
        before, self._members = self._members, frozenset(office.devices) if office is not None else frozenset()
        if self._members != before:
            self._aim()
        for device in self._members - before:
            self._dialler.nudge(device)

    def told_removed(self, acts: tuple[Act, ...]) -> None:
        self._standing.told_removed(acts)

    def announce_acts(self, acts: tuple[Act, ...]) -> None:
        """New acts, stored and folded: every link is judged anew, every colleague told."""
        self._hub.exchange.announce_acts(acts)

    def brought(self, logs: Sequence[LogName]) -> None:
        """Logs that grew by something else than a link: every colleague is told."""
        self._hub.exchange.brought(logs)

    def cannot_keep(self, fault: Unusable) -> None:
        if not self._told_full:
            self._told_full = True
            self._tell(events.Trouble("store", fault.what, fault.kept, fault.next_step))

    def _people_changed(self) -> None:
        office = self._vault.office
        if office is not None:
            self._tell(events.PeopleChanged(people_rows(office, self._vault.keys.device, self.linked_devices())))

    def linked_devices(self) -> frozenset[bytes]:
        return frozenset(device for device, peer in self._hub.peers.items() if peer.counted)

    def _name(self, device: DeviceKey) -> str:
        person = self._vault.office.person_of(device) if self._vault.office else None
        return person.name if person else device.hex()[:8]

    def flood(self, written: tuple[Held, ...]) -> None:
        for held in written:
            self._hub.exchange.flood(held.entry, held.signature or b"", held.body)
