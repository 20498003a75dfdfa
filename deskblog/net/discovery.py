"""Colleagues on this network by mDNS (RFC 6762, 6763): a hint where to dial, never a proof of anything.

Instances are named from the device key, so no name of a person goes on the air and no two devices clash; that is why
`cooperating_responders` may skip the probing that costs more than a second. Addresses of this PC are polled, for mDNS
by itself notices neither a cable nor a new lease.

Anybody on the network can announce thousands of services, and say goodbye for others. zeroconf keeps ten thousand
records of any size, repeats all names in each question, and its browser keeps every name until its record's time is
over; so what is about nobody known here is taken from its cache again, and the browser begun anew now and then.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import ifaddr
from zeroconf import (  # type: ignore[attr-defined]  # records are there for all, but not in its __all__
    DNSPointer,
    DNSRecord,
    Error,
    IPVersion,
    NonUniqueNameException,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from deskblog import limits
from deskblog.net.sighting import SERVICE, Sighting, Sightings, instance_name, read_sighting, well_named
from deskblog.values import DeviceKey

__all__ = ["Announcement", "Discovery", "Sighting"]

POLL_SECONDS = 2.0
RESOLVE_MS = 3000
_PTR, _IN, _POINTER_SECONDS = 12, 1, 4500


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
        self.familiar: Callable[[DeviceKey], bool] = lambda _device: False  # whether it is a colleague's
        self._known = Sightings(self._worth)
        self._resolving: dict[str, asyncio.Task[None]] = {}
        self._heard = 0  # names that the browser was told of
        self._poller: asyncio.Task[None] | None = None
        self.fault: OSError | None = None  # why nothing can be heard or said

    @property
    def addresses(self) -> frozenset[str]:
        """This PC's own, as they were last seen."""
        return self._addresses

    async def start(self, announcement: Announcement | None) -> None:
        """Begins to listen, and to announce unless there is nothing to announce yet.

        Without any network nothing is raised: the addresses are polled, and all begins when there is one.
        """
        self._said = announcement
        self._addresses = await asyncio.to_thread(own_addresses)
        self._poller = asyncio.create_task(self._poll())
        try:
            await self._open()
        except OSError as fault:
            self.fault = fault

    async def _open(self) -> None:
        self._zeroconf = AsyncZeroconf(ip_version=_versions())
        self.fault = None
        if self._said is not None:
            await self._register()
        self._browse()

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
            await self._tidy()
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
        except OSError as fault:  # the network went again meanwhile; the next poll sees it come back
            self.fault = fault
            return
        for sighting in self._known:
            self._seen(sighting)

    def _changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        name = name.lower()
        if self._said is not None and name == f"{instance_name(self._said.device)}.{SERVICE}":
            return
        if state_change is ServiceStateChange.Removed:
            if name in self._known:
                self._resolve(name, self._ask_whether_gone)
            return
        self._heard += state_change is ServiceStateChange.Added
        if not well_named(name):
            self._forget(name)
            return
        info = AsyncServiceInfo(SERVICE, name)
        if info.load_from_cache(zeroconf):  # whoever announces or answers properly says all in one packet
            self._take(info)
        elif name in self._known or len(self._resolving) < limits.RESOLVING:
            self._resolve(name, self._ask)
        else:
            self._forget(name)

    def _take(self, info: AsyncServiceInfo) -> None:
        sighting = read_sighting(info, self._addresses, self._said.port if self._said else 0)
        if sighting is None or not sighting.named_rightly:
            self._forget(info.name)
            return
        taken, instead_of = self._known.take(sighting)
        if instead_of is not None:
            self._forget(instead_of)
            self._gone(instead_of)
        if taken:
            self._seen(sighting)
        else:
            self._forget(info.name)

    def _worth(self, sighting: Sighting) -> int:
        """What a colleague says outweighs what anybody says who read the office's tag off the air."""
        if sighting.device is not None and self.familiar(sighting.device):
            return 2
        tag = self._said.office_tag if self._said else ""
        return int(sighting.office_tag == tag if tag else bool(sighting.code_digits))

    # --- what is asked ------------------------------------------------------------------------------------
    def _resolve(self, name: str, ask: Callable[[AsyncServiceInfo], Coroutine[Any, Any, None]]) -> None:
        if name not in self._resolving:
            self._resolving[name] = asyncio.create_task(ask(AsyncServiceInfo(SERVICE, name)))
            self._resolving[name].add_done_callback(lambda _task: self._resolving.pop(name))

    async def _ask(self, info: AsyncServiceInfo) -> None:
        if await self._answered(info):
            self._take(info)
        elif info.name not in self._known:
            self._forget(info.name)

    async def _ask_whether_gone(self, info: AsyncServiceInfo) -> None:
        """Anybody can say goodbye for a colleague: it is believed if nobody of that name answers."""
        if await self._answered(info):
            zeroconf = self._zeroconf
            if zeroconf is not None:
                zeroconf.zeroconf.cache.async_add_records([_pointer(info.name)])  # its next goodbye is heard
            self._take(info)
        elif self._known.drop(info.name):
            self._gone(info.name)

    async def _answered(self, info: AsyncServiceInfo) -> bool:
        if self._zeroconf is None:
            return False
        try:
            return await info.async_request(self._zeroconf.zeroconf, RESOLVE_MS)
        except Error:  # what others said of it meanwhile cannot be put into a question
            return info.name in self._known

    # --- what is forgotten --------------------------------------------------------------------------------
    def _forget(self, name: str) -> None:
        """A service nobody wants is not asked after: with ten thousand names a question is a flood itself, and one
        that is too long for zeroconf to write ends its asking for ever."""
        zeroconf, pointer = self._zeroconf, _pointer(name)
        if zeroconf is not None and zeroconf.zeroconf.cache.async_get_unique(pointer) is not None:
            zeroconf.zeroconf.cache.async_remove_records([pointer])

    async def _tidy(self) -> None:
        """zeroconf keeps every record it hears, and its browser every name: what is about nobody known here goes."""
        if self._zeroconf is None:
            return
        cache = self._zeroconf.zeroconf.cache
        held = (record for name in cache.names() for record in cache.entries_with_name(name))
        cache.async_remove_records([record for record in held if not self._points_to_known(record)])
        if self._heard > limits.NAMES_HEARD and self._browser is not None:
            await self._browser.async_cancel()
            self._browse()

    def _points_to_known(self, record: DNSRecord) -> bool:
        if not isinstance(record, DNSPointer) or record.key != SERVICE:
            return False
        return record.alias_key in self._known or record.alias_key in self._resolving

    def _browse(self) -> None:
        assert self._zeroconf is not None
        self._heard = 0
        self._browser = AsyncServiceBrowser(self._zeroconf.zeroconf, [SERVICE], handlers=[self._changed])

    async def stop(self) -> None:
        """Says goodbye and closes every socket."""
        tasks = [*self._resolving.values(), *([self._poller] if self._poller else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._browser is not None:
            await self._browser.async_cancel()
        if self._zeroconf is not None:
            await self._zeroconf.async_unregister_all_services()
            await self._zeroconf.async_close()
        self._zeroconf = None


def _pointer(name: str) -> DNSPointer:
    """The record that says there is a service of that name."""
    return DNSPointer(SERVICE, _PTR, _IN, _POINTER_SECONDS, name)


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
