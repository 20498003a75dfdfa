"""What the timeline is to show of an entry."""

from __future__ import annotations

from msgspec import Struct


class Showing(Struct, frozen=True, gc=False):
    """An entry that has something to show."""

    log: int  # its number here
    seq: int
    id: bytes
    kind: str
    at: int
    text: str
    target: bytes | None
    readers: bytes | None = None  # marks of a sealed one
    closed: bytes | None = None  # the closed group it was written in
    unread: bool = False
