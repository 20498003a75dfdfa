"""Colleagues on this network by mDNS (RFC 6762, 6763): a hint where to dial, never a proof of anything.

Instances are named from the device key, so no name of a person goes on the air and no two devices clash; that is why
`cooperating_responders` may skip the probing that costs more than a second. Addresses of this PC are polled, for mDNS
by itself notices neither a cable nor a new lease.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import ifaddr
from zeroconf import IPVersion, NonUniqueNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from deskblog import limits
from deskblog.values import DeviceKey

SERVICE = "_deskblog._tcp.local."
POLL_SECONDS = 2.0
RESOLVE_MS = 3000
_NAME_BYTES = 16  # of the key, in hex: 32 characters fit mDNS's 63


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a service says of itself: nothing of it is believed before the link proves it."""

    instance: str
    device: DeviceKey | None
    office_tag: str  # 16 hex digits of the office id's hash, "" while in none
    code_digits: str  # of an invitation that is open there, else ""
    addresses: tuple[tuple[str, int], ...]  # host, port


@dataclass(frozen=True, slots=True)
class Announcement:
    """What this device says of itself."""

    device: DeviceKey
    port: int
    office_tag: str
    code_digits: str


def own_addresses() -> frozenset[str]:
    """This PC's usable addresses as text; link-local IPv6 and loopback left out."""
    found = set()
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            address = ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0])
            if not address.is_loopback and not (address.version == 6 and address.is_link_local):
                found.add(str(address))
    return frozenset(found)


class Discovery:
    """Announces this device and tells of others, on every interface, as they come, change and leave."""

    def __init__(self, seen: Callable[[Sighting], None], gone: Callable[[str], None]) -> None:
        self._seen = seen
        self._gone = gone
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._info: AsyncServiceInfo | None = None
        self._said: Announcement | None = None
        self._addresses: frozenset[str] = frozenset()
        self._known: dict[str, Sighting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._poller: asyncio.Task[None] | None = None

    async def start(self, announcement: Announcement | None) -> None:
        """Begins to listen, and to announce unless there is nothing to announce yet.

        Without any network nothing is raised: the addresses are polled, and all begins when there is one.
        """
        self._said = announcement
        self._addresses = await asyncio.to_thread(own_addresses)
        self._poller = asyncio.create_task(self._poll())
        with suppress(OSError):
            await self._open()

    async def _open(self) -> None:
        self._zeroconf = AsyncZeroconf(ip_version=_versions())
        if self._said is not None:
            await self._register()
        self._browser = AsyncServiceBrowser(self._zeroconf.zeroconf, [SERVICE], handlers=[self._changed])

    async def _register(self) -> None:
        assert self._zeroconf is not None
        info = self._make_info()
        try:
            await (await self._zeroconf.async_register_service(info, cooperating_responders=True))
        except NonUniqueNameException:  # a clone of this device is on the air; the hub notices it on the link
            return
        self._info = info

    def _make_info(self) -> AsyncServiceInfo:
        said = self._said
        assert said is not None
        instance = instance_name(said.device)
        properties = {"v": "1", "o": said.office_tag, "d": said.device.hex(), "i": said.code_digits}
        return AsyncServiceInfo(
            SERVICE,
            f"{instance}.{SERVICE}",
            port=said.port,
            properties=properties,
            server=f"deskblog-{instance[:12]}.local.",
            parsed_addresses=sorted(self._addresses),
        )

    async def say(self, announcement: Announcement) -> None:
        """Announces something new: another office, an invitation that opened or closed."""
        self._said = announcement
        if self._zeroconf is None:
            return
        if self._info is None:
            await self._register()
        else:
            self._info = self._make_info()
            await (await self._zeroconf.async_update_service(self._info))

    async def _poll(self) -> None:
        """Follows cables, leases, docks and VPNs: a change must be seen twice running before it is believed."""
        before = self._addresses
        while True:
            await asyncio.sleep(POLL_SECONDS)
            now = await asyncio.to_thread(own_addresses)
            settled, before = now == before, now
            if settled and now != self._addresses:
                self._addresses = now
                await self._interfaces_changed()

    async def _interfaces_changed(self) -> None:
        try:
            if self._zeroconf is None:
                await self._open()
                return
            await self._zeroconf.async_update_interfaces()
            if self._said is not None:
                await self.say(self._said)
        except OSError:  # the network went again meanwhile; the next poll sees it come back
            return
        for sighting in list(self._known.values()):
            self._seen(sighting)

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if self._said is not None and name == f"{instance_name(self._said.device)}.{SERVICE}":
            return
        if state_change is ServiceStateChange.Removed:
            if self._known.pop(name, None) is not None:
                self._gone(name)
            return
        if name not in self._known and len(self._known) + len(self._tasks) >= limits.SERVICES:
            return
        task = asyncio.create_task(self._resolve(zeroconf, name))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _resolve(self, zeroconf: Zeroconf, name: str) -> None:
        info = AsyncServiceInfo(SERVICE, name)
        if await info.async_request(zeroconf, RESOLVE_MS):
            sighting = read_sighting(info, self._addresses, self._said.port if self._said else 0)
            if sighting is not None:
                self._known[name] = sighting
                self._seen(sighting)

    async def stop(self) -> None:
        """Says goodbye and closes every socket."""
        for task in [*self._tasks, *([self._poller] if self._poller else [])]:
            task.cancel()
        await asyncio.gather(*self._tasks, *([self._poller] if self._poller else []), return_exceptions=True)
        if self._browser is not None:
            await self._browser.async_cancel()
        if self._zeroconf is not None:
            await self._zeroconf.async_unregister_all_services()
            await self._zeroconf.async_close()
        self._zeroconf = None


def _versions() -> IPVersion:
    """Both, or the one this PC has: zeroconf fails whole where one of the two is switched off."""
    versions = {
        ipaddress.ip_address(ip.ip if isinstance(ip.ip, str) else ip.ip[0]).version
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    }
    if 4 in versions and 6 in versions:
        return IPVersion.All
    return IPVersion.V6Only if 6 in versions else IPVersion.V4Only


def instance_name(device: DeviceKey) -> str:
    return device[:_NAME_BYTES].hex()


def read_sighting(info: AsyncServiceInfo, own: frozenset[str], own_port: int) -> Sighting | None:
    """What a service record says, bounded and cleaned; None if there is nowhere to dial.

    An own address with another port is a second user of this PC (a terminal server), and is dialled.
    """
    words = {key: value for key, value in info.decoded_properties.items() if value is not None and len(value) <= 64}
    found: list[tuple[str, int]] = []
    for text in info.parsed_scoped_addresses():
        mine = text.partition("%")[0] in own and info.port == own_port
        if len(found) < limits.ADDRESSES and info.port and diallable(text) and not mine:
            found.append((text, info.port))
    if not found:
        return None
    return Sighting(
        instance=info.name,
        device=_device(words.get("d", "")),
        office_tag=words.get("o", ""),
        code_digits=words.get("i", ""),
        addresses=tuple(sorted(found, key=lambda a: not _near(a[0], own))),
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


def _near(text: str, own: frozenset[str]) -> bool:
    """True if the address shares this PC's likely subnet: those are tried first."""
    address = ipaddress.ip_address(text.partition("%")[0])
    size = 24 if address.version == 4 else 64
    net = ipaddress.ip_network(f"{address}/{size}", strict=False)
    return any(ipaddress.ip_address(mine) in net for mine in own if (":" in mine) == (address.version == 6))


def _device(text: str) -> DeviceKey | None:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        return None
    return DeviceKey(key) if len(key) == 32 else None
