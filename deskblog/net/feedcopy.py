"""What a site answered a colleague's PC, as it travels: signed by whoever asked (docs/protocol.md, section 13).

A copy is the statement of whoever was given the bytes, and perhaps a later one that they are still the same. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log import codec
from deskblog.log.keys import DeviceKeys, verify
from deskblog.values import DeviceKey, OfficeId

LABEL = b"deskblog/1 feed"
WHOLE, STILL = 200, 304
FIRST_MS = 1_577_836_800_000  # 2020: no copy is older
TAG = 16

Signed = tuple[bytes, codec.Bytes64]  # a statement and its signature
_Name = Annotated[str, msgspec.Meta(pattern=r"\A[a-z-]{1,32}\Z")]
_Value = Annotated[str, msgspec.Meta(pattern=r"\A[ -~]*\Z", max_length=limits.FEED_HEADER)]


class Statement(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """At `time` a site answered `device` so."""

    version: codec.Version
    tag: codec.Bytes16
    device: codec.Bytes32
    time: codec.Time
    status: Annotated[int, msgspec.Meta(ge=WHOLE, le=STILL)]
    headers: Annotated[tuple[tuple[_Name, _Value], ...], msgspec.Meta(max_length=limits.FEED_HEADERS)]
    size: Annotated[int, msgspec.Meta(ge=1, le=limits.FEED_BODY)]
    hash: codec.Bytes32


def tag_of(office: OfficeId, url: str) -> bytes:
    """By which fellow followers alone know a feed; `url` in its normal form."""
    return blake2b(url.encode("utf-8", "replace"), key=office, digest_size=TAG).digest()


def rank(tag: bytes, device: DeviceKey) -> bytes:
    """Of two who are about to ask the same site, the higher does."""
    return codec.digest(tag, device)


class Copy(msgspec.Struct, frozen=True):
    """`signed`: as it is kept and passed on."""

    signed: tuple[Signed, ...]
    first: Statement
    last: Statement  # the same, if it was asked for once

    @property
    def tag(self) -> bytes:
        return self.first.tag

    @property
    def time(self) -> int:
        """UTC ms, by the clock of whoever asked last."""
        return self.last.time

    @property
    def headers(self) -> dict[str, str]:
        """Of the bytes, with what the site said of them last."""
        return dict(self.first.headers) | dict(self.last.headers)

    @property
    def asker(self) -> DeviceKey:
        """Who asked last."""
        return DeviceKey(self.last.device)

    @property
    def devices(self) -> frozenset[DeviceKey]:
        """All whose word it rests on."""
        return frozenset((DeviceKey(self.first.device), self.asker))


def write_statement(
    keys: DeviceKeys, office: OfficeId, tag: bytes, time: int, status: int, headers: Mapping[str, str],
    body: tuple[int, bytes],
) -> Signed:  # fmt: skip
    """`body`: its size and hash. Headers that fit in no statement are left out."""
    fit = [(name, value) for name, value in sorted(headers.items()) if _fits(value)][: limits.FEED_HEADERS]
    raw = codec.encode(Statement(1, tag, keys.device, time, status, tuple(fit), *body))
    return raw, keys.sign(LABEL + office, raw)


def _fits(value: str) -> bool:
    return len(value) <= limits.FEED_HEADER and value.isascii() and (value.isprintable() or not value)


def read_copy(signed: Sequence[Signed]) -> Copy:
    """Malformed or TooLarge for what is none; signatures are not looked at."""
    said = [codec.decode_prefix(raw, Statement, limits.FEED_STATEMENT) for raw, _signature in signed]
    if not said or len(said) > 2 or [one.status for one in said] != [WHOLE, STILL][: len(said)]:
        raise Malformed("a copy of a feed: statuses")
    first, last = said[0], said[-1]
    same = (first.tag, first.hash, first.size) == (last.tag, last.hash, last.size)
    if not same or (len(said) == 2 and last.time <= first.time):
        raise Malformed("a copy of a feed: two that do not belong together")
    if not all(codec.strictly_sorted(tuple(name for name, _value in one.headers)) for one in said):
        raise Malformed("a copy of a feed: headers")
    return Copy(tuple((raw, signature) for raw, signature in signed), first, last)


def check_copy(office: OfficeId, copy: Copy) -> None:
    """Forged unless each statement is signed by the device it names."""
    for (raw, signature), said in zip(copy.signed, dict.fromkeys((copy.first, copy.last)), strict=True):
        verify(said.device, LABEL + office, raw, signature)


def believable(copy: Copy, now: int, is_in: Callable[[DeviceKey], bool]) -> bool:
    """Whether it is to be looked at here and now (UTC ms)."""
    return FIRST_MS <= copy.first.time <= copy.time <= now + limits.FEED_AHEAD_MS and all(map(is_in, copy.devices))
