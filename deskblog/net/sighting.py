"""What a service says of itself on the network, read with care, and the bounded many of those that are remembered."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from deskblog import limits
from deskblog.net.interfaces import Interfaces
from deskblog.values import DeviceKey

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncServiceInfo

SERVICE = "_deskblog._tcp.local."
_NAME_BYTES = 16  # of the key, in hex: 32 characters fit mDNS's 63
_NAME = re.compile(rf"[0-9a-f]{{{2 * _NAME_BYTES}}}\.{re.escape(SERVICE)}")


class Announcement(Struct, frozen=True):
    """What this device says of itself."""

    device: DeviceKey
    port: int
    office_tag: str
    code_digits: str


class Sighting(Struct, frozen=True):
    """What a service says of itself: nothing of it is believed before the link proves it."""

    instance: str
    device: DeviceKey | None
    office_tag: str  # 16 hex digits of the office id's hash, "" while in none
    code_digits: str  # of an invitation that is open there, else ""
    addresses: tuple[tuple[str, int], ...]  # host, port

    @property
    def named_rightly(self) -> bool:
        """A device has one name: whoever puts a colleague's key under another is somebody else."""
        return self.device is None or self.instance == f"{instance_name(self.device)}.{SERVICE}"


class Sightings:
    """The services known, by name. When there are too many, one worth more takes the place of one worth less."""

    def __init__(self, worth: Callable[[Sighting], int]) -> None:
        self._worth = worth
        self._held: dict[str, Sighting] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def __getitem__(self, name: str) -> Sighting:
        return self._held[name]

    def __iter__(self) -> Iterator[Sighting]:
        return iter(list(self._held.values()))

    def take(self, sighting: Sighting) -> tuple[bool, str | None]:
        """Whether it is remembered now, and the name of the one that went for it."""
        gone = None
        if sighting.instance not in self._held and len(self._held) >= limits.SERVICES:
            gone = self._below(self._worth(sighting))
            if gone is None:
                return False, None
            del self._held[gone]
        self._held[sighting.instance] = sighting
        return True, gone

    def _below(self, worth: int) -> str | None:
        """One that is worth less: the last that came of those worth least."""
        if not worth:
            return None
        least = min(reversed(self._held.values()), key=self._worth)
        return least.instance if self._worth(least) < worth else None

    def drop(self, name: str) -> bool:
        return self._held.pop(name, None) is not None


def instance_name(device: DeviceKey) -> str:
    return device[:_NAME_BYTES].hex()


def well_named(name: str) -> bool:
    """Whether a service has the name of some device of deskblog's."""
    return _NAME.fullmatch(name) is not None


def read_sighting(info: AsyncServiceInfo, here: Interfaces, own_port: int) -> Sighting | None:
    """What a service record says, bounded and cleaned; None if there is nowhere to dial.

    An own address with another port is a second user of this PC (a terminal server), and is dialled.
    """
    words = {key: value for key, value in info.decoded_properties.items() if value is not None and len(value) <= 64}
    found: list[tuple[str, int]] = []
    for text in info.parsed_scoped_addresses():
        mine = text.partition("%")[0] in here.bare and info.port == own_port
        if len(found) < limits.ADDRESSES and info.port and diallable(text) and not mine:
            found.append((text, info.port))
    if not found:
        return None
    return Sighting(
        instance=info.name,
        device=_device(words.get("d", "")),
        office_tag=words.get("o", ""),
        code_digits=words.get("i", ""),
        addresses=tuple(sorted(found, key=lambda a: not here.near(a[0]))),
    )


def diallable(text: str) -> bool:
    """Never loopback, never everybody: such addresses are not dialled on the word of a record."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    bad = address.is_loopback or address.is_unspecified or address.is_multicast or address.is_reserved
    if address.version == 6 and address.is_link_local and "%" not in text:
        return False
    return not bad


def _device(text: str) -> DeviceKey | None:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        return None
    return DeviceKey(key) if len(key) == 32 else None
