"""One strict way to read foreign bytes.

msgspec alone accepts longer encodings of integers, strings and arrays, and lets UnicodeDecodeError and
RecursionError out. Here every value is typed, ranged, encoded again and compared: two different byte strings never
mean the same thing, and whatever is wrong is one `Malformed`.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import pairwise
from typing import Annotated, Any, TypeVar

import msgspec

from deskblog import limits
from deskblog.errors import Malformed, TooLarge

T = TypeVar("T")

Bytes8 = Annotated[bytes, msgspec.Meta(min_length=8, max_length=8)]
Bytes16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Bytes24 = Annotated[bytes, msgspec.Meta(min_length=24, max_length=24)]
Bytes32 = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Bytes64 = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Seq = Annotated[int, msgspec.Meta(ge=1, le=limits.SEQ)]
Time = Annotated[int, msgspec.Meta(ge=0, le=limits.TIME)]
Version = Annotated[int, msgspec.Meta(ge=1, le=65535)]
KindName = Annotated[str, msgspec.Meta(pattern=r"\A[a-z][a-z-]{0,31}\Z")]
HeadLine = tuple[Bytes32, Bytes8, Seq, Bytes32]  # device, log number, seq, entry id

_encoder = msgspec.msgpack.Encoder()
_decoders: dict[Any, msgspec.msgpack.Decoder[Any]] = {}


def encode(value: Any) -> bytes:
    """The canonical MessagePack of a value."""
    return _encoder.encode(value)


def decode(raw: bytes, shape: type[T], ceiling: int) -> T:
    """The value of `shape` that `raw` encodes canonically; Malformed or TooLarge otherwise."""
    value = decode_prefix(raw, shape, ceiling)
    if _encoder.encode(value) != raw:
        raise Malformed("not the canonical encoding")
    return value


def decode_prefix(raw: bytes, shape: type[T], ceiling: int) -> T:
    """As `decode`, but for shapes that later versions may lengthen: trailing array items are passed over."""
    if len(raw) > ceiling:
        raise TooLarge(f"{len(raw)} bytes where {ceiling} are allowed")
    decoder = _decoders.get(shape)
    if decoder is None:
        decoder = _decoders[shape] = msgspec.msgpack.Decoder(shape)
    try:
        value: T = decoder.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError) as fault:
        raise Malformed(f"{shape.__name__ if hasattr(shape, '__name__') else shape}: {fault}") from None
    return value


def digest(*parts: bytes) -> bytes:
    """BLAKE2b-256 of the parts one after the other (RFC 7693)."""
    return blake2b(b"".join(parts), digest_size=32).digest()


def strictly_sorted(items: tuple[Any, ...]) -> bool:
    """True if ascending without equals: the one order a set has on the wire."""
    return all(a < b for a, b in pairwise(items))
