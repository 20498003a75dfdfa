"""Entries taken in, each with what its body says: that is read once, however many tables note something of it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from deskblog.log import kinds
from deskblog.log.entry import Entry, decode_entry


class Read(msgspec.Struct, frozen=True, gc=False):
    """An entry whose body is here. `content`: what it says, None where this version cannot tell."""

    entry: Entry
    body: bytes
    content: kinds.Content | None


def read(entry: Entry, body: bytes) -> Read:
    header = entry.header
    return Read(entry, body, kinds.decode_body(header.kind, body) if header.version == 1 else None)


def read_held(entries: Iterable[tuple[Entry, bytes | None]]) -> list[Read]:
    """Those of the entries whose bodies are here."""
    return [read(entry, body) for entry, body in entries if body is not None]


def read_kept(entries: Iterable[tuple[bytes, bytes | None]]) -> list[Read]:
    """Those of the entries whose bodies are here, from headers as they are kept."""
    return [read(decode_entry(header), body) for header, body in entries if body is not None]
