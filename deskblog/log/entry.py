"""The entry: a signed header that chains, and a body that can be erased without breaking the chain."""

from __future__ import annotations

import msgspec

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log import codec
from deskblog.log.keys import SIGN_ENTRY, DeviceKeys
from deskblog.values import NO_ID, DeviceKey, EntryId, LogName, OfficeId, Point

_ID = b"deskblog/1 entry"
VERSION = 1


class Header(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The ten fields of a header, in wire order; later versions append to them."""

    version: codec.Version
    office: codec.Bytes32
    device: codec.Bytes32
    number: codec.Bytes8
    seq: codec.Seq
    previous: codec.Bytes32
    time: codec.Time
    kind: codec.KindName
    body_hash: codec.Bytes32
    body_size: codec.Time


class Entry(msgspec.Struct, frozen=True):
    """A decoded header with the exact bytes it came in, which are what is kept and passed on."""

    raw: bytes
    header: Header
    id: EntryId

    @property
    def log(self) -> LogName:
        return LogName(DeviceKey(self.header.device), self.header.number)

    @property
    def point(self) -> Point:
        return Point(self.header.seq, self.id)


def entry_id(raw_header: bytes) -> EntryId:
    """The name of an entry: BLAKE2b-256 of its label and header bytes."""
    return EntryId(codec.digest(_ID, raw_header))


def decode_entry(raw: bytes) -> Entry:
    """Reads a header. Version 1 must be canonical and whole; of later versions the first ten fields are read."""
    header = codec.decode_prefix(raw, Header, limits.HEADER)
    if header.version == VERSION and codec.encode(header) != raw:
        raise Malformed("header: not the canonical encoding")
    if header.body_size > limits.BODY:
        raise Malformed("header: says a body past the ceiling; its log ends before it")
    if (header.seq == 1) != (header.previous == NO_ID):
        raise Malformed("header: only the first entry has no previous one")
    return Entry(raw, header, entry_id(raw))


def write_entry(
    keys: DeviceKeys, office: OfficeId, number: bytes, after: Point | None, time: int, kind: str, body: bytes
) -> tuple[Entry, bytes]:
    """A new entry of this device after `after` (None: the first of its log), and its signature."""
    header = Header(
        version=VERSION,
        office=office,
        device=keys.device,
        number=number,
        seq=after.seq + 1 if after else 1,
        previous=after.id if after else NO_ID,
        time=time,
        kind=kind,
        body_hash=codec.digest(body),
        body_size=len(body),
    )
    entry = decode_entry(codec.encode(header))
    return entry, keys.sign(SIGN_ENTRY, entry.id)


def body_fits(entry: Entry, body: bytes) -> bool:
    """True if these are the bytes the header promised."""
    return len(body) == entry.header.body_size and codec.digest(body) == entry.header.body_hash
