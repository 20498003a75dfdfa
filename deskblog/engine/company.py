"""Who is here, away or off, and at which site: what this PC says of itself, and what all say together.

Said on change only; what comes in a burst is looked at once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from deskblog import __version__, limits
from deskblog.engine.contacts import Contacts
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import PeerError
from deskblog.log.office import Office
from deskblog.net import presence as p
from deskblog.net.exchange import Peer
from deskblog.net.hub import Hub
from deskblog.net.overlay import Overlay, Site
from deskblog.values import DeviceKey

SOON = 0.1  # seconds after a change until it is said, and looked at
AGAIN = 2.0  # … and from one time of saying to the next


class Left(Struct, frozen=True):
    """Of a device that was here: when it was seen last (UTC ms), where, and by which PC that site was reached.

    `mate`: some device of the same site, by which a site without a name is known again.
    """

    at: int
    place: str
    carrier: DeviceKey | None
    mate: DeviceKey


class Company:
    """This device's own record, the records of the others, and the graph they make."""

    def __init__(self, vault: Vault, hub: Hub, contacts: Contacts, changed: Callable[[], None]) -> None:
        """`changed`: called when somebody came, went, is away or back, or a site changed."""
        self._vault = vault
        self._hub = hub
        self._contacts = contacts
        self._changed = changed
        self._presences: p.Presences | None = None
        self._started = now_ms()
        self._number = 0
        self._contradicted = 0
        self._state = p.HERE
        self.place = ""
        self._spoken = -AGAIN
        self._said: p.Record | None = None
        self._left: dict[DeviceKey, Left] = {}
        self._unwritten = False
        self._timers: dict[Callable[[], None], asyncio.TimerHandle] = {}
        self._overlay = self._look()
        self._stale = False

    async def open(self) -> None:
        """Reads what was known of sites when the program ended."""
        self.place = await self._vault.call(self._vault.store.get, "place")
        kept = await self._vault.call(self._vault.store.get, "left")
        self._left = _read_left(kept)

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _soon(self, work: Callable[[], None], seconds: float = SOON) -> None:
        """Once, however often it is asked for until then."""
        if work not in self._timers:
            self._timers[work] = asyncio.get_running_loop().call_later(seconds, self._now, work)

    def _now(self, work: Callable[[], None]) -> None:
        del self._timers[work]
        work()

    # --- what changes -------------------------------------------------------------------------------------
    def office_changed(self) -> None:
        office = self._vault.office
        if office is None:
            return
        if self._presences is None:
            self._presences = p.Presences(self._vault.keys.device, office.id)
        self._presences.only(office.devices)
        self.links_changed()

    def links_changed(self) -> None:
        """A link came, went or is level."""
        self._soon(self._speak, max(SOON, self._spoken + AGAIN - asyncio.get_running_loop().time()))
        self._news()

    def say(self, *, away: bool) -> None:
        """The person went away from this PC, or is back."""
        self._state = p.AWAY if away else p.HERE
        self.links_changed()

    async def name_place(self, place: str) -> None:
        """What the site is called where this PC stands."""
        await self._vault.call(self._vault.store.put, "place", place)
        self.place = place
        self.links_changed()

    def linked(self, peer: Peer) -> None:
        if self._said is None:
            self._speak()  # whoever goes again at once has said where it listens
        if self._presences is not None:
            self._hub.exchange.tell(peer, p.messages(self._presences.all_signed))
        self.links_changed()

    # --- what is said -------------------------------------------------------------------------------------
    def _speak(self) -> None:
        """Says what is so now, unless it was said already."""
        office = self._vault.office
        if self._presences is None or office is None or not office.is_in(self._vault.keys.device):
            return
        record = self._record(self._number + 1)
        if self._said is not None and _content(record) == _content(self._said):
            return
        self._number += 1
        self._said = record
        self._spoken = asyncio.get_running_loop().time()
        signed = p.write_record(self._vault.keys, office.id, record)
        self._presences.put(record, signed)
        self._hub.exchange.say_presence(p.messages([signed]))

    def _record(self, number: int) -> p.Record:
        links = self._links(level=True)
        return p.Record(
            version=1,
            device=self._vault.keys.device,
            started=self._started,
            number=number,
            state=self._state,
            place=self.place,
            port=self._hub.port,
            addresses=tuple(self._contacts.own_addresses()[: limits.ADDRESSES]),
            near=tuple(sorted(device[: p.PREFIX] for device, near in links.items() if near)),
            far=tuple(sorted(device[: p.PREFIX] for device, near in links.items() if not near)),
            program=__version__[: limits.PROGRAM],
        )

    def _links(self, *, level: bool = False) -> dict[DeviceKey, bool]:
        """The links that stand, and whether near; `level`: far ones only once all has come over them."""
        links = {
            device: self._contacts.is_near(device, peer.link.address)
            for device, peer in self._hub.peers.items()
            if peer.counted
        }
        return {d: near for d, near in links.items() if near or not level or self._hub.peers[d].session.level}

    # --- what others say ----------------------------------------------------------------------------------
    def heard(self, peer: Peer, records: Sequence[p.Signed]) -> None:
        """A colleague passes on what devices say."""
        try:
            for signed in records:
                self._take(p.Said.read(signed, peer.device))
        except PeerError as fault:
            peer.link.blame(fault)

    def _take(self, said: p.Said) -> None:
        office, presences = self._vault.office, self._presences
        if presences is None or office is None or not office.is_in(said.record.device):
            return
        own = self._said if said.record.device == self._vault.keys.device else None
        if own is not None and said.record.age <= own.age:
            return
        if presences.take(said, asyncio.get_running_loop().time()):
            self._hub.exchange.say_presence(p.messages([said.signed]), but=said.by)
            self._contradict(said.record)
            self._news()
        if presences.waiting:
            self._soon(self._take_due, limits.PRESENCE_SECONDS / 2)

    def _take_due(self) -> None:
        presences = self._presences
        now = asyncio.get_running_loop().time()
        while presences is not None and (said := presences.due(now)) is not None:
            try:
                self._take(said)
            except PeerError as fault:
                if peer := self._hub.peers.get(said.by):
                    peer.link.blame(fault)
        if presences is not None and presences.waiting:
            self._soon(self._take_due, limits.PRESENCE_SECONDS / 2)

    def _contradict(self, record: p.Record) -> None:
        """Somebody with this key said something newer: an earlier run of this PC, before its clock was set back."""
        if record.device == self._vault.keys.device and self._contradicted < limits.CONTRADICTED:
            self._contradicted += 1
            self._started, self._number, self._said = record.started, record.number, None
            self.links_changed()

    # --- what it comes to ---------------------------------------------------------------------------------
    def _look(self) -> Overlay:
        records = self._presences.records if self._presences is not None else {}
        return Overlay(self._vault.keys.device, self._links(), records, self.place)

    def _news(self) -> None:
        self._stale = True
        self._soon(self._changed)

    @property
    def overlay(self) -> Overlay:
        """As it is at this moment."""
        if self._stale:
            self._stale = False
            before, self._overlay = self._overlay, self._look()
            self._note_who_left(before)
        return self._overlay

    def _note_who_left(self, before: Overlay) -> None:
        now = now_ms()
        for site in before.sites:
            for device in site.devices - self._overlay.here:
                self._left[device] = Left(now, site.place, site.carrier, min(site.devices - {device}, default=device))
                self._unwritten = True

    @property
    def here(self) -> frozenset[DeviceKey]:
        return self.overlay.here

    @property
    def away(self) -> frozenset[DeviceKey]:
        """Of those here whoever said to be away."""
        me = self._vault.keys.device
        records = self._presences.records if self._presences is not None else {}
        states = {device: record.state for device, record in records.items()} | {me: self._state}
        return frozenset(device for device, state in states.items() if state == p.AWAY) & self.here

    @property
    def programs(self) -> dict[DeviceKey, str]:
        """What the others who are here say to run; "": an earlier one, which does not say."""
        records = self._presences.records if self._presences is not None else {}
        here = self.here - {self._vault.keys.device}
        return {device: record.program for device, record in records.items() if device in here}

    def told(self) -> dict[DeviceKey, tuple[tuple[str, int], ...]]:
        """Where each device says it listens."""
        records = self._presences.records if self._presences is not None else {}
        return {
            device: tuple((host, record.port) for host in record.addresses)
            for device, record in records.items()
            if record.port and device != self._vault.keys.device
        }

    def port_of(self, device: DeviceKey) -> int:
        """On which port a device says to listen; 0 if it does not say."""
        record = self._presences.records.get(device) if self._presences is not None else None
        return record.port if record is not None else 0

    def left(self, device: DeviceKey) -> Left | None:
        """Where a device that is not here was last."""
        return self._left.get(device)

    def site_of(self, device: DeviceKey) -> Site | None:
        """The site a device is at, or was when it was here last, if anybody of it is here."""
        if (found := self.overlay.site_of(device)) is not None:
            return found
        left = self._left.get(device)
        if left is None:
            return None
        named = (site for site in self.overlay.sites if left.place and site.place == left.place)
        return next(named, None) or self.overlay.site_of(left.mate)

    async def keep(self) -> None:
        """Writes down who was where last, if that changed."""
        if self._unwritten and self._vault.office is not None:
            self._unwritten = False
            await self._vault.call(self._vault.store.put, "left", _write_left(self._left, self._vault.office))


def _content(record: p.Record) -> tuple[object, ...]:
    return record.state, record.place, record.port, record.addresses, record.near, record.far


def _write_left(left: dict[DeviceKey, Left], office: Office) -> str:
    rows = [
        (device.hex(), one.at, one.place, one.carrier.hex() if one.carrier else "", one.mate.hex())
        for device, one in left.items()
        if office.is_in(device)
    ]
    return json.dumps(rows, ensure_ascii=False)


def _read_left(text: str) -> dict[DeviceKey, Left]:
    rows: Iterable[tuple[str, int, str, str, str]] = json.loads(text) if text else ()
    return {
        _key(device): Left(at, place, _key(carrier) if carrier else None, _key(mate))
        for device, at, place, carrier, mate in rows
    }


def _key(text: str) -> DeviceKey:
    return DeviceKey(bytes.fromhex(text))
