"""What the records of presence come to: who can be reached, which devices are of one site, and by whom others are.

A graph whose edges are links. One that only one end names is not there: that a PC was killed its neighbours say.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping

from msgspec import Struct

from deskblog.net.presence import PREFIX, Record
from deskblog.values import DeviceKey


class Site(Struct, frozen=True):
    """PCs that hear each other. `carrier`: of one's own site who is linked with it; None: it is one's own."""

    devices: frozenset[DeviceKey]
    place: str
    carrier: DeviceKey | None


class Overlay:
    """The graph as one device sees it."""

    def __init__(
        self,
        me: DeviceKey,
        links: Mapping[DeviceKey, bool],
        records: Mapping[DeviceKey, Record],
        place: str = "",
    ) -> None:
        """`links`: those that stand here, and whether near; `place`: what this PC calls its site."""
        self._me = me
        self._links = links
        self._records = {device: record for device, record in records.items() if device != me}
        self._place = place
        self._named = {device[:PREFIX]: device for device in (*self._records, *links, me)}
        self._parent: dict[DeviceKey, DeviceKey] = {}
        self.here = self._reach()
        self.sites = self._split()

    def site_of(self, device: DeviceKey) -> Site | None:
        """None of whoever is not here."""
        return next((site for site in self.sites if device in site.devices), None)

    def _reach(self) -> frozenset[DeviceKey]:
        """Breadth first, so that `_parent` leads back the shortest way."""
        seen = {self._me}
        queue = deque([self._me])
        while queue:
            device = queue.popleft()
            for other in self._neighbours(device):
                if other not in seen:
                    seen.add(other)
                    self._parent[other] = device
                    queue.append(other)
        return frozenset(seen)

    def _neighbours(self, device: DeviceKey) -> list[DeviceKey]:
        if device == self._me:
            return sorted(self._links)
        record = self._records.get(device)
        if record is None:
            return []
        named = (self._named.get(prefix) for prefix in sorted(record.links))
        return [other for other in named if other is not None and self._names(other, device)]

    def _names(self, one: DeviceKey, other: DeviceKey) -> bool:
        if one == self._me:
            return other in self._links
        record = self._records.get(one)
        return record is not None and other[:PREFIX] in record.links

    def _is_near(self, one: DeviceKey, other: DeviceKey) -> bool:
        return self._calls_near(one, other) or self._calls_near(other, one)

    def _calls_near(self, one: DeviceKey, other: DeviceKey) -> bool:
        if one == self._me:
            return self._links.get(other, False)
        record = self._records.get(one)
        return record is not None and other[:PREFIX] in record.near

    def _split(self) -> tuple[Site, ...]:
        """The own site first, then the others by their lowest key."""
        left = set(self.here)
        mine = self._near_of(self._me, left)
        sites = [Site(mine, self._name(mine), None)]
        while left:
            devices = self._near_of(min(left), left)
            sites.append(Site(devices, self._name(devices), self._carrier(devices, mine)))
        return tuple(sites)

    def _near_of(self, first: DeviceKey, left: set[DeviceKey]) -> frozenset[DeviceKey]:
        """All that hang together with `first` by near links; they are taken from `left`."""
        left.discard(first)
        devices, queue = {first}, deque([first])
        while queue:
            device = queue.popleft()
            for other in self._neighbours(device):
                if other in left and self._is_near(device, other):
                    left.discard(other)
                    devices.add(other)
                    queue.append(other)
        return frozenset(devices)

    def _name(self, devices: Iterable[DeviceKey]) -> str:
        places = (self._place if device == self._me else self._said_place(device) for device in devices)
        votes = Counter(place for place in places if place)
        return min(votes, key=lambda place: (-votes[place], place), default="")

    def _said_place(self, device: DeviceKey) -> str:
        record = self._records.get(device)
        return record.place if record is not None else ""

    def _carrier(self, devices: Iterable[DeviceKey], mine: frozenset[DeviceKey]) -> DeviceKey:
        """The last of one's own site on the way to the nearest of these."""
        way = min((self._way(device) for device in sorted(devices)), key=len)
        return next(device for device in way if device in mine)

    def _way(self, device: DeviceKey) -> list[DeviceKey]:
        """From a device back to this one."""
        way = [device]
        while way[-1] != self._me:
            way.append(self._parent[way[-1]])
        return way
