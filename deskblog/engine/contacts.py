"""Whom to dial, and where: what was heard on the network, what was typed, and what is wanted of it.

Hub and discovery do not know each other: sightings go in here, targets to dial come out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping

from deskblog import limits
from deskblog.engine.options import Options
from deskblog.engine.vault import Vault, now_ms
from deskblog.log import codec
from deskblog.net.dialler import Address, Dialler
from deskblog.net.discovery import Announcement, Discovery, Sighting
from deskblog.net.hub import Hub
from deskblog.net.mesh import CLIQUE, carried, carries, goes_first, unheard, wanted_links
from deskblog.net.overlay import Overlay
from deskblog.net.sighting import is_near
from deskblog.values import DeviceKey, OfficeId

PATIENCE = 0.05  # seconds the higher key leaves to the lower one to dial first
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
        self._discovery: Discovery | None = None
        self._sightings: dict[str, Sighting] = {}
        self._seen: dict[DeviceKey, float] = {}
        self._typed: set[tuple[str, str, int]] = set()  # addresses given to this PC alone, and those it gave
        self._along: set[tuple[str, str, int]] = set()  # addresses the office gave, that this PC dials
        self._static: dict[Hashable, DeviceKey] = {}
        self._members: frozenset[DeviceKey] = frozenset()  # the devices in when last looked at
        self.sighted: Callable[[], None] = lambda: None  # whoever searches for a code looks again
        self.told: Callable[[], Mapping[DeviceKey, tuple[Address, ...]]] = dict  # where devices say they listen
        self.overlay: Callable[[], Overlay] = lambda: Overlay(vault.keys.device, {}, {})

    async def start(self) -> None:
        if self._options.discovery:
            self._discovery = Discovery(self._sighted, self._gone)
            self._discovery.familiar = self._is_colleague
            await self._discovery.start(self._announcement())
        self._aim_at_peers()

    async def stop_dialling(self) -> None:
        await self._dialler.stop()

    async def stop_listening(self) -> None:
        if self._discovery is not None:
            await self._discovery.stop()

    # --- what is announced --------------------------------------------------------------------------------
    def _announcement(self) -> Announcement | None:
        office = self._vault.office
        if office is None or not office.is_in(self._vault.keys.device):
            return None
        return Announcement(self._vault.keys.device, self._hub.port, office_tag(office.id), self._digits())

    async def announce(self) -> None:
        """Says what is new: another office, an invitation that opened or closed."""
        announcement = self._announcement()
        if self._discovery is not None and announcement is not None:
            await self._discovery.say(announcement)

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
        found = self._discovery.addresses if self._discovery is not None else frozenset()
        return sorted(found, key=lambda ip: (":" in ip, ip))

    def is_near(self, device: DeviceKey, address: str) -> bool:
        """Whether a device linked at that address is on a network of this PC's own."""
        if device in self._seen:
            return True
        own = self._discovery.addresses if self._discovery is not None else frozenset()
        return is_near(address, own)

    def addresses(self, device: DeviceKey) -> tuple[Address, ...]:
        """Where a colleague's device can be dialled, as far as is known."""
        return self._known().get(device, ()) if self._is_colleague(device) else ()

    def heard(self, device: DeviceKey) -> frozenset[str]:
        """By what a device is heard on the network now."""
        return frozenset({"mdns"}) if device in self._seen else frozenset()

    @property
    def faults(self) -> dict[str, OSError]:
        """What the system said of the channels that could not be opened."""
        fault = self._discovery.fault if self._discovery is not None else None
        return {"mdns": fault} if fault is not None else {}

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
            self.aim()
        for device in self._members - before:
            self._dialler.nudge(device)

    def reach(self, address: Address) -> None:
        """From now on, a link with whoever of the office listens there is wanted."""
        self._typed.add(("at", *address))
        self._dialler.aim(("at", *address), (address,))

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
        near = frozenset(device for device in known if self._is_near_by(device, known[device]))
        wanted = self._wanted(me, known, near)
        for device in wanted:
            first = goes_first(me, device, near) or device not in near
            self._dialler.aim(device, known[device], patience=0.0 if first else PATIENCE)
        for key in self._dialler.aims():
            if isinstance(key, bytes) and key not in wanted:
                self._dialler.drop(key)
        self._aim_along_roads()
        self._let_go(wanted)

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
        """Where each device can be dialled: as heard, else as it says itself."""
        heard = {s.device: s.addresses for s in self._sightings.values() if s.device in self._seen and s.device}
        told = {device: addresses for device, addresses in self.told().items() if self._is_colleague(device)}
        return {d: tuple(dict.fromkeys((*heard.get(d, ()), *told.get(d, ())))) for d in {*heard, *told}}

    def _is_near_by(self, device: DeviceKey, addresses: Iterable[Address]) -> bool:
        """Heard here, or here and on a network of this PC's own."""
        own = self._discovery.addresses if self._discovery is not None else frozenset()
        here = device in self.overlay().here
        return device in self._seen or (here and any(is_near(host, own) for host, _port in addresses))

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
        off = unheard(me, {*known} - overlay.here - {*near}, int(now // TURN))
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
