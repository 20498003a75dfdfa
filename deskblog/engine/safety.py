"""Is it safe to close this PC? On how many others each of its posts is, as far as they have said so.

A colleague says it twice: at once, when a post is on its disk (`have`, to its author), and with every heartbeat whose
digests agree. What is not said is not counted: the number is never too high while nobody throws a disk away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from deskblog.log.office import Office
from deskblog.values import DeviceKey, LogName, Point

SEEN_MS = 600_000  # who is linked all day is written down so often, not at each heartbeat: a disk may sleep


class Safety:
    """How far other devices hold this device's logs, and when each was last heard; written down now and then."""

    def __init__(
        self, me: DeviceKey, copies: Mapping[DeviceKey, dict[bytes, int]], seen: Mapping[DeviceKey, int]
    ) -> None:
        self._me = me
        self._copies = {device: dict(logs) for device, logs in copies.items()}
        self._seen = dict(seen)
        self._unwritten: set[tuple[DeviceKey, bytes]] = set()
        self._unwritten_seen: set[DeviceKey] = set()
        self._written_seen = dict(seen)

    # --- what is heard ------------------------------------------------------------------------------------
    def holds(self, device: DeviceKey, points: Iterable[tuple[LogName, Point]]) -> bool:
        """A device says it holds own logs so far; True if that was not known."""
        logs = self._copies.setdefault(device, {})
        news = False
        for log, point in points:
            if log.device == self._me and logs.get(log.number, 0) < point.seq:
                logs[log.number] = point.seq
                self._unwritten.add((device, log.number))
                news = True
        return news

    def heard(self, devices: Iterable[DeviceKey], now: int) -> None:
        """These devices are linked; `now`: UTC ms."""
        for device in devices:
            self._seen[device] = now
            self._unwritten_seen.add(device)

    def unwritten(self, *, whole: bool) -> tuple[Sequence[tuple[DeviceKey, bytes, int]], dict[DeviceKey, int]]:
        """What was not written yet and is due, or all of it; it is from now on taken to be."""
        copies = [(device, number, self._copies[device][number]) for device, number in sorted(self._unwritten)]
        seen = {device: self._seen[device] for device in self._unwritten_seen if whole or self._is_due(device)}
        self._unwritten.clear()
        self._unwritten_seen -= seen.keys()
        self._written_seen |= seen
        return copies, seen

    def _is_due(self, device: DeviceKey) -> bool:
        return abs(self._seen[device] - self._written_seen.get(device, 0)) >= SEEN_MS

    # --- what is asked ------------------------------------------------------------------------------------
    def held(self, devices: Iterable[DeviceKey], number: bytes, seq: int) -> bool:
        """Whether one of these devices said that it holds an own entry."""
        return any(self._copies.get(device, {}).get(number, 0) >= seq for device in devices)

    def copies(self, office: Office, number: bytes, seq: int) -> int:
        """On how many other devices of the office an own entry is."""
        return sum(
            logs.get(number, 0) >= seq
            for device, logs in self._copies.items()
            if device != self._me and office.is_in(device)
        )

    def elsewhere(self, office: Office) -> dict[bytes, int]:
        """How far each own log is held by some other device of the office: {log number: seq}."""
        furthest: dict[bytes, int] = {}
        for device, logs in self._copies.items():
            if device != self._me and office.is_in(device):
                for number, seq in logs.items():
                    furthest[number] = max(furthest.get(number, 0), seq)
        return furthest

    def last_seen(self, device: DeviceKey) -> int:
        """When a device was last linked with this one, UTC ms; 0: never."""
        return self._seen.get(device, 0)
