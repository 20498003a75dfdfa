"""What letters say of the road: a person's rule by which carriers send, and the carriers' words.

Who sends when is decided elsewhere (attention/travel.py); here is only what travels. Times are UTC ms.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from deskblog import limits
from deskblog.log import codec

Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Url = Annotated[str, msgspec.Meta(min_length=1, max_length=limits.FORWARD_URL)]


class Forward(msgspec.Struct, array_like=True, frozen=True):
    """A person's rule; the newest counts. `urls` bear a credential. `ends`: 0: never."""

    urls: Annotated[tuple[Url, ...], msgspec.Meta(min_length=1, max_length=limits.FORWARD_URLS)]
    kinds: Annotated[tuple[codec.KindName, ...], msgspec.Meta(max_length=limits.FORWARD_KINDS)]
    cap: Annotated[int, msgspec.Meta(ge=1, le=limits.FORWARD_CAP)]
    carriers: Annotated[tuple[codec.Bytes32, ...], msgspec.Meta(min_length=1, max_length=limits.CARRIERS)]
    begins: Hour = 0
    until: Hour = 24
    ends: codec.Time = 0

    def __repr__(self) -> str:
        return f"Forward(…, {self.kinds}, {self.cap})"


class Sending(msgspec.Struct, array_like=True, frozen=True):
    """A carrier is about to send; `at` by its own clock."""

    forward: codec.Bytes32
    entry: codec.Bytes32
    at: codec.Time


class Sent(msgspec.Struct, array_like=True, frozen=True):
    """What came of it. `again`: ms before it is tried again; `status`: the gateway's number."""

    forward: codec.Bytes32
    entry: codec.Bytes32
    at: codec.Time
    why: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    again: Annotated[int, msgspec.Meta(ge=0, le=limits.FORWARD_WAIT)] = 0
    status: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Declined(msgspec.Struct, array_like=True, frozen=True):
    """The person of a carrier does not want it to be one; until it is withdrawn."""

    forward: codec.Bytes32


Word = Forward | Sending | Sent | Declined
