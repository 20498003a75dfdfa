"""Whom the two channels hear, mDNS and beacon, as one: a device is one target with all its addresses.

Each fills in where the other is filtered, and neither can push the other's addresses out. A device is gone when no
channel has it any more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from msgspec import Struct

from deskblog import limits
from deskblog.net.beacon import Beacon
from deskblog.net.interfaces import Interfaces
from deskblog.net.sighting import Announcement, Sighting
from deskblog.net.tally import Facts
from deskblog.records import replace
from deskblog.values import DeviceKey


class Channels(Struct, frozen=True):
    """What is known of either, for whoever asks why nobody is found."""

    mdns: Facts
    beacon: Facts


class Neighbours:
    """Announces this device on both channels and tells of others as they come, change and leave."""

    def __init__(self, seen: Callable[[Sighting], None], gone: Callable[[str], None]) -> None:
        self._seen = seen
        self._gone = gone
        self._here = Interfaces()
        self._by_mdns: dict[str, Sighting] = {}
        self._by_beacon: dict[str, Sighting] = {}
        from deskblog.net.discovery import Discovery  # zeroconf: not before it is wanted

        self._mdns = Discovery(
            lambda sighting: self._heard(self._by_mdns, sighting), lambda name: self._lost(self._by_mdns, name)
        )
        self._beacon = Beacon(
            lambda sighting: self._heard(self._by_beacon, sighting), lambda name: self._lost(self._by_beacon, name)
        )

    def know(self, familiar: Callable[[DeviceKey], bool], again: Callable[[DeviceKey], None]) -> None:
        """`familiar`: whether a device is a colleague's, who makes room for nobody else. `again`: told of each
        colleague who was heard once more, with nothing new to say."""
        self._mdns.familiar = self._beacon.earshot.familiar = familiar
        self._beacon.again = again

    @property
    def channels(self) -> Channels:
        return Channels(self._mdns.facts, self._beacon.facts)

    def heard_by(self, device: DeviceKey) -> frozenset[str]:
        """On which channels a device is heard now."""
        channels = {"mdns": self._by_mdns, "beacon": self._by_beacon}
        return frozenset(
            name for name, heard in channels.items() if any(one.device == device for one in heard.values())
        )

    async def start(self, here: Interfaces, announcement: Announcement | None) -> None:
        self._here = here
        await self._beacon.start(here, announcement)
        await self._mdns.start(here, announcement)

    async def say(self, announcement: Announcement) -> None:
        self._beacon.say(announcement)
        await self._mdns.say(announcement)

    def ask(self) -> None:
        """Somebody is looked for."""
        self._beacon.ask()

    async def moved(self, here: Interfaces) -> None:
        self._here = here
        self._beacon.moved(here)
        await self._mdns.moved(here)

    async def stop(self) -> None:
        await asyncio.gather(self._beacon.stop(), self._mdns.stop())

    # --- as one -------------------------------------------------------------------------------------------
    def _heard(self, channel: dict[str, Sighting], sighting: Sighting) -> None:
        channel[sighting.instance] = sighting
        self._seen(self._merged(sighting))

    def _merged(self, newest: Sighting) -> Sighting:
        """What was said last holds; addresses of both channels in turn, so that some of each are kept."""
        held = [by.get(newest.instance) for by in (self._by_mdns, self._by_beacon)]
        places = [one.addresses for one in held if one is not None]
        in_turn = [given[at] for at in range(max(map(len, places))) for given in places if at < len(given)]
        kept = list(dict.fromkeys(in_turn))[: limits.ADDRESSES]
        kept.sort(key=lambda address: not self._here.near(address[0]))
        return replace(newest, addresses=tuple(kept))

    def _lost(self, channel: dict[str, Sighting], name: str) -> None:
        if channel.pop(name, None) is None:
            return
        left = self._by_mdns.get(name) or self._by_beacon.get(name)
        if left is not None:
            self._seen(left)
        else:
            self._gone(name)
