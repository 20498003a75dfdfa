"""Whom to dial, and where: what was heard on the network, what was typed, and what is wanted of it.

Hub and discovery do not know each other: sightings go in here, targets to dial come out.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Collection, Hashable, Mapping
from contextlib import suppress
from importlib import import_module

from deskblog import limits
from deskblog.engine.options import Options
from deskblog.engine.remembered import Remembered
from deskblog.engine.vault import Vault, now_ms
from deskblog.log import codec
from deskblog.net.dialler import Address, Dialler
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.interfaces import Interfaces
from deskblog.net.mesh import CLIQUE, carried, carries, goes_first, unheard, wanted_links
from deskblog.net.neighbours import Channels, Neighbours
from deskblog.net.overlay import Overlay
from deskblog.net.sighting import Announcement, Sighting
from deskblog.values import DeviceKey, OfficeId

PATIENCE = 0.05  # seconds the higher key leaves to the lower one to dial first
REMEMBERED_PATIENCE = 2.0  # … and whoever was not heard yet has to be heard: what is fresh is better
HOUR_MS = 3_600_000
TURN = 300.0  # of those nobody hears, for so long the same are dialled


def office_tag(office: OfficeId | None) -> str:
    """What mDNS says of the office: enough to know one's own, nothing to strangers."""
    return codec.digest(b"deskblog/1 office", office)[:8].hex() if office else ""


def _name(road: Address) -> DeviceKey:
    """By which a road takes part in the choice of who dials it."""
    return DeviceKey(codec.digest(f"{road[0]} {road[1]}".encode()))


class Contacts:
    """The devices heard of and the addresses known, and the dialling of those wanted."""

    def __init__(self, vault: Vault, hub: Hub, options: Options, digits: Callable[[], str]) -> None:
        """`digits`: of the invitation that is open here, or nothing."""
        self._vault = vault
        self._hub = hub
        self._options = options
        self._digits = digits
        self._dialler = Dialler(self._dial, self._has_link)
        self._neighbours: Neighbours | None = None
        self._remembered = Remembered(vault)
        self._here = Interfaces()
        self._sightings: dict[str, Sighting] = {}
        self._seen: dict[DeviceKey, float] = {}
        self._typed: set[tuple[str, str, int]] = set()  # addresses given to this PC alone, and those it gave
        self._along: set[tuple[str, str, int]] = set()  # addresses the office gave, that this PC dials
        self._static: dict[Hashable, DeviceKey] = {}
        self._members: frozenset[DeviceKey] = frozenset()  # the devices in when last looked at
        self.sighted: Callable[[], None] = lambda: None  # whoever searches for a code looks again
        self.told: Callable[[], Mapping[DeviceKey, tuple[Address, ...]]] = dict  # where devices say they listen
        self.overlay: Callable[[], Overlay] = lambda: Overlay(vault.keys.device, {}, {})

    async def start(self, here: Interfaces) -> None:
        """Dials those whose addresses are known."""
        self._aim_at_peers()
        if self._options.discovery:
            self._here = here
            await self._remembered.open()
            self.aim()

    async def go_out(self) -> None:
        """Announces this PC, and looks for the others."""
        if self._options.discovery:
            await asyncio.to_thread(import_module, "deskblog.net.discovery")  # meanwhile others are served
            self._neighbours = Neighbours(self._sighted, self._gone)
            self._neighbours.know(self._is_colleague, self._heard_again)
            await self._neighbours.start(self._here, self._announcement())

    async def stop_dialling(self) -> None:
        await self._dialler.stop()

    async def stop_listening(self) -> None:
        if self._neighbours is not None:
            await self._neighbours.stop()
        await self._remembered.stop()

    async def moved(self, here: Interfaces) -> None:
        """This PC slept, or has other addresses: everybody is asked after, and dialled without waiting further."""
        self._dialler.start_over()
        if self._options.discovery:
            self._here = here
        if self._neighbours is not None:
            await self._neighbours.moved(here)

    @property
    def channels(self) -> Channels | None:
        """What was heard on each channel and what went wrong there; None without discovery."""
        return self._neighbours.channels if self._neighbours is not None else None

    def look(self) -> None:
        """Somebody not heard of yet is looked for."""
        if self._neighbours is not None:
            self._neighbours.ask()

    # --- what is announced --------------------------------------------------------------------------------
    def _announcement(self) -> Announcement | None:
        office = self._vault.office
        if office is None or not office.is_in(self._vault.keys.device):
            return None
        return Announcement(self._vault.keys.device, self._hub.port, office_tag(office.id), self._digits())

    async def announce(self) -> None:
        """Says what is new: another office, an invitation that opened or closed."""
        announcement = self._announcement()
        if self._neighbours is not None and announcement is not None:
            await self._neighbours.say(announcement)

    # --- what is heard ------------------------------------------------------------------------------------
    @property
    def sightings(self) -> list[Sighting]:
        return list(self._sightings.values())

    def seen(self, device: DeviceKey) -> float:
        """Loop time at which a device was first heard, or since which its link is missing; 0: never heard."""
        return self._seen.get(device, 0.0)

    def _sighted(self, sighting: Sighting) -> None:
        self._sightings[sighting.instance] = sighting
        self.sighted()
        office = self._vault.office
        if office is None or sighting.device is None or sighting.office_tag != office_tag(office.id):
            return
        self._seen.setdefault(sighting.device, asyncio.get_running_loop().time())
        self.aim()

    def _gone(self, instance: str) -> None:
        sighting = self._sightings.pop(instance, None)
        if sighting is not None and sighting.device is not None:
            self._seen.pop(sighting.device, None)
            self.aim()

    def own_addresses(self) -> list[str]:
        """Where this PC can be dialled, IPv4 first."""
        return sorted(self._here.addresses, key=lambda ip: (":" in ip, ip))

    def is_near(self, device: DeviceKey, address: str) -> bool:
        """Whether a device linked at that address is on a network of this PC's own, or on this PC."""
        return device in self._seen or self._is_own(address)

    def _is_own(self, address: str) -> bool:
        with suppress(ValueError):  # a name
            bare = ipaddress.ip_address(address.partition("%")[0])
            return bare.is_loopback or self._here.near(address)
        return False

    def addresses(self, device: DeviceKey) -> tuple[Address, ...]:
        """Where a colleague's device can be dialled, as far as is known."""
        return self._known().get(device, ()) if self._is_colleague(device) else ()

    def heard(self, device: DeviceKey) -> frozenset[str]:
        """By what a device is heard on the network now: "mdns", "beacon"."""
        return self._neighbours.heard_by(device) if self._neighbours is not None else frozenset()

    def _heard_again(self, device: DeviceKey) -> None:
        """Whoever is heard and not linked with may be reached again: a cable is in that was out."""
        if device not in self._hub.peers:
            self._dialler.nudge(device)

    # --- whom to dial -------------------------------------------------------------------------------------
    async def office_begins(self) -> None:
        """This PC is in an office now: announce it, link with everyone seen already."""
        await self.announce()
        self._aim_at_peers()
        for sighting in list(self._sightings.values()):
            self._sighted(sighting)

    def office_changed(self) -> None:
        """Whoever has just been let in is dialled at once, and not when their turn comes."""
        office = self._vault.office
        before, self._members = self._members, frozenset(office.devices) if office is not None else frozenset()
        if self._members != before:
            self._remembered.keep_only(self._members)
            self.aim()
        for device in self._members - before:
            self._dialler.nudge(device)

    def reach(self, address: Address) -> None:
        """From now on, a link with whoever of the office listens there is wanted."""
        self._typed.add(("at", *address))
        self._dialler.aim(("at", *address), (address,))

    def linked(self, peer: Peer) -> None:
        """A link stands: where, is remembered for a day without discovery."""
        sighting = next((s for s in self._sightings.values() if s.device == peer.device), None)
        port = peer.link.port if peer.link.dialled else sighting.addresses[0][1] if sighting is not None else 0
        if self._options.discovery and port:
            self._remembered.good(peer.device, (peer.link.address, port))

    def link_gone(self, device: DeviceKey) -> None:
        """From now counts what it takes to be linked again."""
        if device in self._seen:
            self._seen[device] = asyncio.get_running_loop().time()
        self._dialler.nudge(device)
        for key, known in self._static.items():
            if known == device:
                self._dialler.nudge(key)

    def _aim_at_peers(self) -> None:
        if self._vault.office is not None:
            for address in self._options.peers:
                self.reach(address)
            self._aim_along_roads()

    def aim(self) -> None:
        """Aims at those the mesh wants, leaves the others."""
        me = self._vault.keys.device
        known = self._known()
        # An address on a network like one's own proves nothing: two sites may both be 192.168.1.0/24.
        near = frozenset(known) & {*self._seen, *self.overlay().sites[0].devices}
        wanted = self._wanted(me, known, near)
        for device in wanted:
            self._dialler.aim(device, known[device], patience=self._patience(device, near))
        for key in self._dialler.aims():
            if isinstance(key, bytes) and key not in wanted:
                self._dialler.drop(key)
        self._aim_along_roads()
        self._let_go(wanted)

    def _patience(self, device: DeviceKey, near: Collection[DeviceKey]) -> float:
        """Seconds to leave to the other side, or to the network, for what is fresh is better."""
        if device not in near and device not in self.overlay().here:
            return REMEMBERED_PATIENCE
        return 0.0 if device not in near or goes_first(self._vault.keys.device, device, near) else PATIENCE

    def _aim_along_roads(self) -> None:
        """Addresses that somebody of the office gave are dialled by two of each site; by all, if none is reached."""
        overlay = self.overlay()
        own = {(host, self._hub.port) for host in self.own_addresses()}
        mine, alone, hour = overlay.sites[0].devices, len(overlay.sites) == 1, now_ms() // HOUR_MS
        roads = set(self._vault.roads) - own if self._vault.office is not None else set()
        keys = {("at", *road) for road in roads if alone or carries(self._vault.keys.device, mine, _name(road), hour)}
        for key in keys - self._typed:
            self._dialler.aim(key, ((key[1], key[2]),))
        for gone in self._along - keys - self._typed:
            self._dialler.drop(gone)
        self._along = keys

    def _let_go(self, wanted: frozenset[DeviceKey]) -> None:
        """Whoever dialled a link ends it when it is wanted no more; in a small office none is too many."""
        typed = set(self._static.values())
        mine = self.overlay().sites[0].devices
        if len(self._hub.peers) <= CLIQUE:
            return
        for device, peer in list(self._hub.peers.items()):
            kept = device in wanted or device in typed or device not in mine
            if peer.link.dialled and not kept and self._is_colleague(device):
                self._hub.leave(device, "links enough")

    def _known(self) -> dict[DeviceKey, tuple[Address, ...]]:
        """Where each device can be dialled: as heard, else as it says itself, else as it was before."""
        heard = {s.device: s.addresses for s in self._sightings.values() if s.device in self._seen and s.device}
        told = {device: addresses for device, addresses in self.told().items() if self._is_colleague(device)}
        before = {device: self._remembered.of(device) for device in self._remembered.devices()}
        devices = {*heard, *told, *(device for device in before if self._is_colleague(device))}
        return {d: tuple(dict.fromkeys(a for by in (heard, told, before) for a in by.get(d, ()))) for d in devices}

    def _wanted(
        self, me: DeviceKey, known: Collection[DeviceKey], near: Collection[DeviceKey]
    ) -> frozenset[DeviceKey]:
        now = asyncio.get_running_loop().time()
        hour = now_ms() // HOUR_MS
        # Who says the office's tag may be a colleague not heard of yet, or anybody: they take no colleague's place.
        colleagues = {device for device in near if self._is_colleague(device)}
        unknown = sorted(set(near) - colleagues)[: limits.UNKNOWN_DIALLED]
        overlay = self.overlay()
        mine = overlay.sites[0].devices
        far = {device for site in overlay.sites[1:] for device in carried(me, mine, site.devices & {*known}, hour)}
        there = {*near, *overlay.here}
        off = {*unheard(me, {*known} - there, int(now // TURN)), *self._remembered.unheard(there, self._is_colleague)}
        return wanted_links(me, colleagues, hour) | frozenset(unknown) | frozenset(far - {*near}) | off

    def _is_colleague(self, device: DeviceKey) -> bool:
        office = self._vault.office
        return office is not None and office.is_in(device)

    def _has_link(self, key: Hashable) -> bool:
        device = self._static.get(key) if isinstance(key, tuple) else key
        return device in self._hub.peers

    async def _dial(self, key: Hashable, address: Address) -> bool:
        expected = DeviceKey(key) if isinstance(key, bytes) else None
        device = await self._hub.dial(address, expected, self.seen(expected) if expected else 0.0)
        if device is not None and isinstance(key, tuple):
            self._static[key] = device
        return device is not None
