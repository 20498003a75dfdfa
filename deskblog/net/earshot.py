"""Who was heard by beacon: what is dropped at once, what is remembered and for how long. Time is an argument, no I/O.

Anybody on the network can send ten thousand beacons a second, with the office's tag and with the keys of colleagues.
So what is not for this PC goes first and cheapest, what is known costs a look in a table, and news is rationed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from msgspec import Struct

from deskblog import limits
from deskblog.net.beat import Beat, decode_beat
from deskblog.net.interfaces import Interfaces
from deskblog.net.sighting import SERVICE, Announcement, Sighting, Sightings, diallable, instance_name
from deskblog.net.tally import Tally
from deskblog.values import DeviceKey

Address = tuple[str, int]


class Heard(Struct, frozen=True):
    """What one datagram comes to."""

    news: Sighting | None = None
    again: DeviceKey | None = None  # a colleague, with nothing new to say
    gone: str | None = None  # left, or had to make room
    answer: bool = False


NOTHING = Heard()


class _Ration:
    """So many a second."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._second = 0.0
        self._taken = 0

    def take(self, now: float) -> bool:
        if now - self._second >= 1.0:
            self._second, self._taken = now, 0
        self._taken += 1
        return self._taken <= self._many


class Earshot:
    """The devices heard, each with the few places it was heard from last."""

    def __init__(self, tally: Tally) -> None:
        self.here = Interfaces()
        self.said: Announcement | None = None
        self.familiar: Callable[[DeviceKey], bool] = lambda _device: False
        self.looked_at = 0  # datagrams that were weighed further than their first bytes and their tag
        self._tally = tally
        self._table = Sightings(self._worth)
        self._places: dict[str, OrderedDict[Address, float]] = {}
        self._strangers = _Ration(limits.BEACON_NEWS)
        self._colleagues = _Ration(limits.BEACON_NEWS_COLLEAGUES)

    def hear(self, data: bytes, host: str, now: float) -> Heard:
        """`host`: where it came from, with a scope where it is link-local."""
        beat = decode_beat(data)
        if beat is None or self._is_mine(beat):
            return NOTHING
        if beat.device is None:
            return Heard(answer=self._inviting)
        tag = self.said.office_tag if self.said is not None else ""
        ours = bool(tag) and beat.office_tag == tag
        self._tally.heard(now, office=ours)
        if not ours and (tag or not beat.code_digits):
            return Heard(answer=beat.asks and self._inviting)
        self.looked_at += 1
        return self._weigh(beat, beat.device, (host, beat.port), now)

    def _weigh(self, beat: Beat, device: DeviceKey, address: Address, now: float) -> Heard:
        name = f"{instance_name(device)}.{SERVICE}"
        places = self._places.get(name)
        if beat.leaves:
            return Heard(gone=name if places is not None and address in places and self._forget(name) else None)
        if places is not None and address in places:
            places[address] = now
            places.move_to_end(address)
            held, known = self._table[name], self.familiar(device)
            if (held.device, held.office_tag, held.code_digits) == (device, beat.office_tag, beat.code_digits):
                return Heard(again=device if known else None, answer=beat.asks)
        known = self.familiar(device)
        if not (self._colleagues if known else self._strangers).take(now) or not self._may_be_dialled(address):
            return NOTHING
        return self._take(beat, device, name, address, now)

    def _take(self, beat: Beat, device: DeviceKey, name: str, address: Address, now: float) -> Heard:
        places = self._places.get(name, OrderedDict())
        first = not places
        places[address] = now
        places.move_to_end(address)
        while len(places) > limits.BEACON_PLACES:
            places.popitem(last=False)
        sighting = Sighting(name, device, beat.office_tag, beat.code_digits, tuple(reversed(places)))
        taken, gone = self._table.take(sighting)
        if gone is not None:
            del self._places[gone]
        if not taken:
            return Heard(answer=beat.asks)
        self._places[name] = places
        return Heard(sighting, gone=gone, answer=beat.asks or (first and self.familiar(device)))

    def expired(self, now: float) -> list[str]:
        """The names of those not heard for long, forgotten from now on."""
        silent = now - limits.BEACON_SECONDS
        old = [name for name, places in self._places.items() if max(places.values()) < silent]
        for name in old:
            self._forget(name)
        return old

    def _forget(self, name: str) -> bool:
        del self._places[name]
        return self._table.drop(name)

    # --- what is judged -----------------------------------------------------------------------------------
    @property
    def _inviting(self) -> bool:
        return self.said is not None and bool(self.said.code_digits)

    def _is_mine(self, beat: Beat) -> bool:
        return beat.device is not None and self.said is not None and beat.device == self.said.device

    def _may_be_dialled(self, address: Address) -> bool:
        """From a network of this PC, for a beacon goes no further; an own address with another port is a second user
        of this PC."""
        host, port = address
        own_port = self.said.port if self.said is not None else 0
        bare = host.partition("%")[0]
        return diallable(host) and self.here.near(host) and not (bare in self.here.bare and port == own_port)

    def _worth(self, sighting: Sighting) -> int:
        if sighting.device is not None and self.familiar(sighting.device):
            return 2
        tag = self.said.office_tag if self.said is not None else ""
        return int(sighting.office_tag == tag if tag else bool(sighting.code_digits))
