"""Who says to be here: one signed record a device, the newest counts (docs/protocol.md, section 10).

A record is said by its device alone, so nobody can call a colleague away; that somebody is off is not said at all but
seen: no way leads there (overlay.py). Nothing of this is logged.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.errors import Malformed, TooLarge
from deskblog.log import codec
from deskblog.log.keys import DeviceKeys, verify
from deskblog.net import messages as m
from deskblog.values import DeviceKey, OfficeId

LABEL = b"deskblog/1 presence"
HERE, AWAY = 0, 1
PREFIX = 8  # bytes of a key that name it among an office's

Signed = tuple[bytes, codec.Bytes64]  # a record and its signature
_Links = Annotated[tuple[codec.Bytes8, ...], msgspec.Meta(max_length=limits.LINKS)]
_Address = Annotated[str, msgspec.Meta(max_length=45)]


class Record(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What a device says of itself."""

    version: codec.Version
    device: codec.Bytes32
    started: codec.Time
    number: codec.Seq
    state: Annotated[int, msgspec.Meta(ge=0, le=255)]
    place: Annotated[str, msgspec.Meta(max_length=limits.NAME)]
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)]
    addresses: Annotated[tuple[_Address, ...], msgspec.Meta(max_length=limits.ADDRESSES)]
    near: _Links
    far: _Links
    program: Annotated[str, msgspec.Meta(max_length=limits.PROGRAM)] = ""

    @property
    def age(self) -> tuple[int, int]:
        """The higher, the newer."""
        return self.started, self.number

    @property
    def links(self) -> frozenset[bytes]:
        return frozenset((*self.near, *self.far))


def write_record(keys: DeviceKeys, office: OfficeId, record: Record) -> Signed:
    raw = codec.encode(record)
    return raw, keys.sign(LABEL + office, raw)


def read_record(raw: bytes) -> Record:
    """Malformed or TooLarge for anything else; the signature is not looked at."""
    record = codec.decode_prefix(raw, Record, limits.PRESENCE)
    sorted_ = codec.strictly_sorted(record.near) and codec.strictly_sorted(record.far)
    if not sorted_ or len(record.links) != len(record.near) + len(record.far):
        raise Malformed("presence: links")
    if len(record.links) > limits.LINKS:
        raise TooLarge("presence: links")
    return record


class Said(msgspec.Struct, frozen=True):
    """A record that came, and by whom; its signature is not looked at yet."""

    record: Record
    signed: Signed
    by: DeviceKey

    @classmethod
    def read(cls, signed: Signed, by: DeviceKey) -> Said:
        """Malformed or TooLarge is the fault of whoever sent it."""
        return cls(read_record(signed[0]), signed, by)


class Presences:
    """The newest record of each device of the office."""

    def __init__(self, me: DeviceKey, office: OfficeId) -> None:
        self._me = me
        self._office = office
        self._held: dict[DeviceKey, tuple[Record, Signed]] = {}
        self._taken: dict[DeviceKey, float] = {}
        self._waiting: dict[DeviceKey, Said] = {}

    @property
    def records(self) -> dict[DeviceKey, Record]:
        return {device: record for device, (record, _signed) in self._held.items()}

    @property
    def all_signed(self) -> list[Signed]:
        return [signed for _record, signed in self._held.values()]

    @property
    def waiting(self) -> bool:
        """Whether something came too soon after another, and `due` is to be asked."""
        return bool(self._waiting)

    def put(self, record: Record, signed: Signed) -> None:
        """One's own."""
        self._held[self._me] = record, signed

    def take(self, said: Said, now: float) -> bool:
        """True if it is news, and to be passed on; False if it is not, or not yet. `now` in seconds.

        Forged is the fault of whoever sent it, who had to look at it first.
        """
        device = DeviceKey(said.record.device)
        if not self._newer(said.record, self._held.get(device)):
            return False
        if now - self._taken.get(device, -limits.PRESENCE_SECONDS) < limits.PRESENCE_SECONDS:
            waiting = self._waiting.get(device)
            if waiting is None or waiting.record.age < said.record.age:
                self._waiting[device] = said
            return False
        verify(device, LABEL + self._office, said.signed[0], said.signed[1])
        self._taken[device] = now
        if device != self._me:
            self._held[device] = said.record, said.signed
        return True

    @staticmethod
    def _newer(record: Record, held: tuple[Record, Signed] | None) -> bool:
        return held is None or held[0].age < record.age

    def due(self, now: float) -> Said | None:
        """One of those that have waited long enough, to be taken now."""
        ready = (d for d in self._waiting if now - self._taken.get(d, 0.0) >= limits.PRESENCE_SECONDS)
        device = next(ready, None)
        return self._waiting.pop(device) if device is not None else None

    def only(self, devices: Iterable[DeviceKey]) -> None:
        """The others are out of the office."""
        kept = frozenset(devices)
        self._held = {device: held for device, held in self._held.items() if device in kept}
        self._taken = {device: at for device, at in self._taken.items() if device in kept}
        self._waiting = {device: said for device, said in self._waiting.items() if device in kept}


def messages(signed: Iterable[Signed]) -> list[m.Presence]:
    """Records cut to frames."""
    parts: list[list[Signed]] = []
    size = limits.FRAME
    for one in signed:
        weight = len(one[0]) + 80
        if size + weight > limits.FRAME // 2:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += weight
    return [m.Presence(tuple(part)) for part in parts]
