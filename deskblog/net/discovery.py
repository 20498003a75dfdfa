"""Colleagues on this network by mDNS (RFC 6762, 6763): a hint where to dial, never a proof of anything.

Instances are named from the device key, so no name of a person goes on the air and no two devices clash; that is why
`cooperating_responders` may skip the probing that costs more than a second. It is told when addresses of this PC come
and go (watch.py), for mDNS by itself notices neither a cable nor a new lease.

Anybody on the network can announce thousands of services, and say goodbye for others. zeroconf keeps ten thousand
records of any size, repeats all names in each question, and its browser keeps every name until its record's time is
over; so what is about nobody known here is taken from its cache again, and the browser begun anew now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from zeroconf import (  # type: ignore[attr-defined]  # records are there for all, but not in its __all__
    DNSPointer,
    DNSRecord,
    Error,
    IPVersion,
    NonUniqueNameException,
    RecordUpdate,
    RecordUpdateListener,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from deskblog import limits
from deskblog.net.interfaces import Interfaces
from deskblog.net.sighting import (
    SERVICE,
    Announcement,
    Sighting,
    Sightings,
    instance_name,
    read_sighting,
    well_named,
)
from deskblog.net.tally import Facts, Tally
from deskblog.values import DeviceKey

TIDY_SECONDS = 2.0
RESOLVE_MS = 3000
_PTR, _IN, _POINTER_SECONDS = 12, 1, 4500


class _News(RecordUpdateListener):
    """Notices that zeroconf has heard and kept something."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:
        if records:
            self.heard.set()


class Discovery:
    """Announces this device and tells of others, on every interface, as they come, change and leave."""

    def __init__(self, seen: Callable[[Sighting], None], gone: Callable[[str], None]) -> None:
        self._seen = seen
        self._gone = gone
        self._zeroconf: AsyncZeroconf | None = None
        self._browser: AsyncServiceBrowser | None = None
        self._info: AsyncServiceInfo | None = None
        self._said: Announcement | None = None
        self._here = Interfaces()
        self._tally = Tally()
        self.familiar: Callable[[DeviceKey], bool] = lambda _device: False  # whether it is a colleague's
        self._known = Sightings(self._worth)
        self._resolving: dict[str, asyncio.Task[None]] = {}
        self._heard = 0  # names that the browser was told of
        self._tidier: asyncio.Task[None] | None = None
        self._news = _News()
        self._saying: asyncio.Future[None] | None = None

    @property
    def facts(self) -> Facts:
        return self._tally.facts()

    async def start(self, here: Interfaces, announcement: Announcement | None) -> None:
        """Begins to listen, and to announce unless there is nothing to announce yet.

        Without any network nothing is raised: that is a fact, and all begins when `moved` tells of one.
        """
        self._said, self._here = announcement, here
        self._tidier = asyncio.create_task(self._keep_tidy())
        await self._try(self._open)

    async def _try(self, begin: Callable[[], Coroutine[Any, Any, None]]) -> bool:
        """What the network does not let happen now is a fact and no error; the next change brings another try."""
        try:
            await begin()
        except (OSError, Error) as fault:
            self._tally.failed("mDNS", fault)
            return False
        self._tally.well("mDNS")
        return True

    async def _open(self) -> None:
        self._zeroconf = AsyncZeroconf(ip_version=_versions(self._here))
        self._zeroconf.zeroconf.async_add_listener(self._news, None)
        self._browse()
        if self._said is not None:
            await self._register()

    async def _register(self) -> None:
        assert self._zeroconf is not None
        info = self._make_info()
        try:
            saying = await self._zeroconf.async_register_service(info, cooperating_responders=True)
        except NonUniqueNameException:  # a clone of this device is on the air; the hub notices it on the link
            return
        self._info = info
        self._send(saying)

    def _send(self, saying: Awaitable[None]) -> None:
        """It is said three times, in half a second for which nobody waits; what is said next takes its place."""
        if self._saying is not None:
            self._saying.cancel()
        self._saying = asyncio.ensure_future(saying)
        self._saying.add_done_callback(self._sent)

    def _sent(self, saying: asyncio.Future[None]) -> None:
        fault = None if saying.cancelled() else saying.exception()
        if isinstance(fault, OSError | Error):
            self._tally.failed("mDNS", fault)
        elif fault is not None:
            raise fault

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
            parsed_addresses=sorted(self._here.announced),
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
            self._send(await self._zeroconf.async_update_service(self._info))

    async def _keep_tidy(self) -> None:
        """Sleeps for as long as the network is still."""
        while True:
            await self._news.heard.wait()
            await asyncio.sleep(TIDY_SECONDS)
            self._news.heard.clear()
            await self._tidy()

    async def moved(self, here: Interfaces) -> None:
        """Addresses came or went, or this PC slept: what is said is said anew, what was heard is looked at anew."""
        self._here = here
        if await self._try(self._open if self._zeroconf is None else self._follow):
            for sighting in self._known:
                self._seen(sighting)

    async def _follow(self) -> None:
        assert self._zeroconf is not None
        await self._zeroconf.async_update_interfaces()
        if self._said is not None:
            await self.say(self._said)

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
        sighting = read_sighting(info, self._here, self._said.port if self._said else 0)
        if sighting is None or not sighting.named_rightly:
            self._forget(info.name)
            return
        office = self._said is not None and sighting.office_tag == self._said.office_tag
        self._tally.heard(asyncio.get_running_loop().time(), office=office)
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
        tasks = [*self._resolving.values(), *(one for one in (self._tidier, self._saying) if one is not None)]
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


def _versions(here: Interfaces) -> IPVersion:
    """Both, or the one this PC has: zeroconf fails whole where one of the two is switched off."""
    v4, v6 = any(each.v4 for each in here.all), any(each.v6 for each in here.all)
    if v4 and v6:
        return IPVersion.All
    return IPVersion.V6Only if v6 else IPVersion.V4Only
