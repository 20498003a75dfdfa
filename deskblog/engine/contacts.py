"""Whom to dial, and where: what was heard on the network, what was typed, and what is wanted of it.

Hub and discovery do not know each other: sightings go in here, targets to dial come out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Hashable

from deskblog import limits
from deskblog.engine.options import Options
from deskblog.engine.remembered import Remembered
from deskblog.engine.vault import Vault
from deskblog.log import codec
from deskblog.net.dialler import Address, Dialler
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.interfaces import Interfaces
from deskblog.net.mesh import wanted_links
from deskblog.net.neighbours import Channels, Neighbours
from deskblog.net.sighting import Announcement, Sighting
from deskblog.values import DeviceKey, OfficeId

PATIENCE = 0.05  # seconds the higher key leaves to the lower one to dial first
REMEMBERED_PATIENCE = 2.0  # … and whoever was not heard yet has to be heard: what is fresh is better
EPOCH = 3600.0  # the mesh beyond a dozen changes no faster than this


def office_tag(office: OfficeId | None) -> str:
    """What mDNS says of the office: enough to know one's own, nothing to strangers."""
    return codec.digest(b"deskblog/1 office", office)[:8].hex() if office else ""


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
        self._sightings: dict[str, Sighting] = {}
        self._seen: dict[DeviceKey, float] = {}
        self._static: dict[Hashable, DeviceKey] = {}
        self._members: frozenset[DeviceKey] = frozenset()  # the devices in when last looked at
        self.sighted: Callable[[], None] = lambda: None  # whoever searches for a code looks again

    async def start(self, here: Interfaces) -> None:
        if self._options.discovery:
            await self._remembered.open()
            self._neighbours = Neighbours(self._sighted, self._gone)
            self._neighbours.know(self._is_colleague, self._heard_again)
            await self._neighbours.start(here, self._announcement())
            self._aim()
        self._aim_at_peers()

    async def stop_dialling(self) -> None:
        await self._dialler.stop()

    async def stop_listening(self) -> None:
        if self._neighbours is not None:
            await self._neighbours.stop()
        await self._remembered.stop()

    async def moved(self, here: Interfaces) -> None:
        """This PC slept, or has other addresses: everybody is asked after, and dialled without waiting further."""
        self._dialler.start_over()
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
        self._aim()

    def _gone(self, instance: str) -> None:
        sighting = self._sightings.pop(instance, None)
        if sighting is not None and sighting.device is not None:
            self._seen.pop(sighting.device, None)
            self._aim()

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
            self._aim()
        for device in self._members - before:
            self._dialler.nudge(device)

    def reach(self, address: Address) -> None:
        """From now on, a link with whoever of the office listens there is wanted."""
        self._dialler.aim(("at", *address), (address,))

    def linked(self, peer: Peer) -> None:
        """A link stands: where, is remembered for a day without discovery."""
        sighting = next((s for s in self._sightings.values() if s.device == peer.device), None)
        port = peer.link.port if peer.link.dialled else sighting.addresses[0][1] if sighting is not None else 0
        if self._neighbours is not None and port:
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

    def _there(self) -> dict[DeviceKey, tuple[Address, ...]]:
        """Where those heard can be dialled; what is fresh goes before what is remembered."""
        heard = {s.device: s.addresses for s in self._sightings.values() if s.device in self._seen and s.device}
        return {device: (*places, *self._remembered.of(device)) for device, places in heard.items()}

    def _aim(self) -> None:
        """Aims at those the mesh wants, leaves the others."""
        me = self._vault.keys.device
        there = self._there()
        epoch = int(asyncio.get_running_loop().time() // EPOCH)
        # Who says the office's tag may be a colleague not heard of yet, or anybody: they take no colleague's place.
        colleagues = {device for device in there if self._is_colleague(device)}
        unknown = sorted(there.keys() - colleagues)[: limits.UNKNOWN_DIALLED]
        wanted = wanted_links(me, colleagues, epoch) | frozenset(unknown)
        for device in wanted:
            self._dialler.aim(device, there[device], patience=0.0 if me < device else PATIENCE)
        unheard = self._aim_at_remembered(colleagues)
        for key in self._dialler.aims():
            if isinstance(key, bytes) and key not in wanted and key not in unheard:
                self._dialler.drop(key)

    def _aim_at_remembered(self, heard: Collection[DeviceKey]) -> Collection[DeviceKey]:
        """Colleagues not heard by any channel, where a link stood last."""
        if self._neighbours is None:
            return ()
        unheard = self._remembered.unheard(heard, self._is_colleague)
        for device in unheard:
            self._dialler.aim(device, self._remembered.of(device), patience=REMEMBERED_PATIENCE)
        return unheard

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
