"""The beacon's one datagram: bytes <-> what it says (docs/protocol.md, section 8b). No I/O.

It is read some hundred times a second when somebody floods, so what is not ours is told from its first bytes.
"""

from __future__ import annotations

import re

from msgspec import Struct

from deskblog.values import DeviceKey

PORT = 20140
GROUP = "ff12::8000:4eac"  # transient, of this link; 0x4eac is 20140
SIZE = 55
_HEAD = b"deskblog\x01"
_ASKS, _LEAVES = 1, 2
_NOBODY = bytes(32)
_NO_TAG, _NO_DIGITS = bytes(8), bytes(3)
_DIGITS = re.compile(rb"[0-9]{3}")


class Beat(Struct, frozen=True):
    """`device` None: somebody in no office, who only asks. `office_tag`, `code_digits`: as in mDNS, "" for none."""

    device: DeviceKey | None
    port: int
    office_tag: str
    code_digits: str
    asks: bool
    leaves: bool = False


ASKING = Beat(None, 0, "", "", asks=True)  # what somebody says who is in no office


def encode_beat(beat: Beat) -> bytes:
    tag = bytes.fromhex(beat.office_tag) or _NO_TAG
    digits = beat.code_digits.encode() or _NO_DIGITS
    port = beat.port.to_bytes(2, "big")
    why = _LEAVES if beat.leaves else int(beat.asks)
    return b"".join((_HEAD, bytes([why]), beat.device or _NOBODY, port, tag, digits))


def decode_beat(data: bytes) -> Beat | None:
    """What a datagram says; None for any that is not wholly as it should be."""
    if len(data) != SIZE or not data.startswith(_HEAD) or data[9] > _LEAVES:
        return None
    key, port, tag, digits = data[10:42], int.from_bytes(data[42:44], "big"), data[44:52], data[52:]
    if key == _NOBODY:
        return ASKING if data == encode_beat(ASKING) else None
    if not port or (digits != _NO_DIGITS and not _DIGITS.fullmatch(digits)):
        return None
    shown, named = digits.decode() if digits != _NO_DIGITS else "", tag.hex() if tag != _NO_TAG else ""
    return Beat(DeviceKey(key), port, named, shown, asks=data[9] == _ASKS, leaves=data[9] == _LEAVES)
