"""A bundle made by a colleague without honour: any frames in any order, all that anne may sign truly signed."""

from __future__ import annotations

from contextlib import suppress

import msgspec

from deskblog.errors import PeerError
from deskblog.log import codec, kinds
from deskblog.log.entry import decode_entry
from deskblog.log.keys import SIGN_BUNDLE, SIGN_ENTRY
from deskblog.net import bundle as b
from deskblog.net import messages as m
from deskblog.values import EntryId, OfficeId
from tests.fuzz import world
from tests.log.chronicle import device, keys

FRAMES = 40


def read(data: bytes) -> int:
    """Bytes that are an array of payloads; how many entries are given out of the stream they make."""
    payloads = codec.decode(data, tuple[bytes, ...], 1 << 18)[:FRAMES]
    begun: list[bytes] = []
    stream = []
    for payload in payloads:
        signed = _signed(payload, begun)
        begun.append(signed)
        stream.append(len(signed).to_bytes(4, "big") + signed)
    entries = 0
    for piece in b.read_bundle(stream, world.office):
        if isinstance(piece, b.RunRead):
            entries += len(piece.run.entries)
            for entry, body in zip(piece.run.entries, piece.bodies, strict=True):
                if body is not None:
                    kinds.decode_body(entry.header.kind, body)
    return entries


def _signed(payload: bytes, before: list[bytes]) -> bytes:
    """Signed by anne, if it is something that she signs."""
    with suppress(PeerError):
        ending = codec.decode(payload, b.Signed, 1 << 16)
        said = keys("anne").sign(SIGN_BUNDLE, codec.digest(*before))
        return codec.encode(msgspec.structs.replace(ending, signature=said))
    with suppress(PeerError):
        run = codec.decode(payload, m.RunSent, 1 << 16)
        if run.device == device("anne") and run.headers and run.signature:
            end = decode_entry(run.headers[-1]).id
            return m.encode(msgspec.structs.replace(run, signature=keys("anne").sign(SIGN_ENTRY, end)))
    return payload


def seeds() -> list[bytes]:
    """Whole; measured, with bodies that are missing."""
    office = OfficeId(world.office().id)
    line = (world.LOG.device, world.LOG.number, 3, bytes(32))
    mine, entries = keys("anne"), world.entries()
    ids = [decode_entry(header).id for header, _s, _b, _k in entries]
    whole: list[tuple[EntryId, bytes | int]] = [(i, e[2]) for i, e in zip(ids, entries, strict=True)]
    headers = [header for header, _s, _b, _k in entries]
    out = []
    for begun, start, bodies in (
        (b.Begun(1, office, mine.device, 7), 0, whole),
        (b.Begun(1, office, mine.device, 7, 5, ((device("bruno"), 3),)), 2, [(i, 2) for i in ids[2:]]),
    ):
        frames = [*b.opening_frames(mine, begun, [line]), *b.act_frames(world.acts())]
        frames += b.run_frames(world.LOG, start + 1, headers[start:], entries[-1][1], bodies)
        out.append(codec.encode([frame[4:] for frame in frames]))
    return out
