"""The envelope: a stream of bytes for the devices that are in now, in chunks; what a bundle travels in.

What stands before the stream commits to its key and is bound, as is the office, to every chunk: none can be changed,
left out, moved, or read as another office's. A chunk is given out once it is sure; that the stream is whole is sure
only at its end, which has a mark of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec
from nacl import bindings
from nacl.exceptions import CryptoError

from deskblog import limits
from deskblog.errors import Forged, Malformed, Refused, TooLarge
from deskblog.i18n import _
from deskblog.log import boxes, codec
from deskblog.log.keys import DeviceKeys
from deskblog.log.sealed import Box, Dice
from deskblog.values import OfficeId

MAGIC = b"deskblog envelope 1\n"
FAMILY = b"deskblog envelope "
_BOUND = b"deskblog/1 envelope"
_EXTRA = bindings.crypto_secretstream_xchacha20poly1305_ABYTES
_MORE = bindings.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_END = bindings.crypto_secretstream_xchacha20poly1305_TAG_FINAL


class _Head(msgspec.Struct, array_like=True, frozen=True):
    version: codec.Version
    commitment: codec.Bytes32
    stream: codec.Bytes24  # what libsodium's stream begins with
    boxes: Annotated[tuple[Box, ...], msgspec.Meta(min_length=1, max_length=limits.ENVELOPE_BOXES)]


def seal_stream(office: OfficeId, seal_keys: Iterable[bytes], stream: Iterable[bytes], dice: Dice) -> Iterator[bytes]:
    """The envelope's bytes, piece by piece; Refused, before the first, for nobody or too many devices.

    The key comes from the dice; the stream's first nonce is libsodium's own.
    """
    keys = {key for key in seal_keys if boxes.usable(key)}
    if not 1 <= len(keys) <= limits.ENVELOPE_BOXES:
        raise Refused(
            _("This would be sealed for {n} PCs; {limit} is the most.").format(
                n=len(keys), limit=limits.ENVELOPE_BOXES
            )
        )
    return _seal(office, keys, stream, dice(32))


def _seal(office: OfficeId, keys: set[bytes], stream: Iterable[bytes], secret: bytes) -> Iterator[bytes]:
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    begin = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, secret)
    head = codec.encode(_Head(1, boxes.commitment(secret), begin, boxes.make_boxes(secret, keys)))
    bound = _bound(office, head)
    yield MAGIC + len(head).to_bytes(4, "big") + head
    waiting = bytearray()
    for piece in stream:
        waiting += piece
        while len(waiting) > limits.CHUNK:
            yield _chunk(state, bytes(waiting[: limits.CHUNK]), bound, _MORE)
            del waiting[: limits.CHUNK]
    yield _chunk(state, bytes(waiting), bound, _END)


def _chunk(
    state: bindings.crypto_secretstream_xchacha20poly1305_state, plain: bytes, bound: bytes, tag: int
) -> bytes:
    text = bindings.crypto_secretstream_xchacha20poly1305_push(state, plain, bound, tag)
    return len(text).to_bytes(4, "big") + text


def open_stream(office: OfficeId, keys: DeviceKeys, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The stream's bytes as they become sure, whatever the pieces they come in.

    Malformed or TooLarge: no envelope, cut short or followed by something; Forged: altered, moved or of another
    office; Refused: not for this PC.
    """
    reader = _Reader(pieces)
    if reader.take(len(MAGIC)) != MAGIC:
        raise Malformed("envelope: none")
    raw = reader.take_sized(limits.ENVELOPE_HEAD)
    head = codec.decode(raw, _Head, limits.ENVELOPE_HEAD)
    if head.version != 1 or not codec.strictly_sorted(head.boxes):
        raise Malformed("envelope: head")
    secret, mine = boxes.open_boxes(head.boxes, head.commitment, keys)
    if secret is None and mine:
        raise Forged("envelope: a box with another key")
    if secret is None:
        raise Refused(
            _("This file was not sealed for this PC."), next_step=_("Ask for one made since this PC is in.")
        )
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, head.stream, secret)
    bound, tag = _bound(office, raw), _MORE
    while tag != _END:
        plain, tag = _pull(state, reader.take_sized(limits.CHUNK + _EXTRA), bound)
        if tag not in (_MORE, _END) or (tag == _MORE and len(plain) != limits.CHUNK):
            raise Malformed("envelope: chunk")
        yield plain
    if not reader.at_end():
        raise Malformed("envelope: something behind its end")


def _pull(
    state: bindings.crypto_secretstream_xchacha20poly1305_state, text: bytes, bound: bytes
) -> tuple[bytes, int]:
    if len(text) < _EXTRA:
        raise Malformed("envelope: chunk")
    try:
        return bindings.crypto_secretstream_xchacha20poly1305_pull(state, text, bound)
    except CryptoError:
        raise Forged("envelope: a chunk that does not hold") from None


def _bound(office: OfficeId, head: bytes) -> bytes:
    return _BOUND + office + codec.digest(head)


class _Reader:
    """Exact numbers of bytes from pieces of any size."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._waiting = bytearray()

    def take(self, size: int) -> bytes:
        while len(self._waiting) < size:
            piece = next(self._pieces, None)
            if piece is None:
                raise Malformed("envelope: cut short")
            self._waiting += piece
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def take_sized(self, ceiling: int) -> bytes:
        size = int.from_bytes(self.take(4), "big")
        if size > ceiling:
            raise TooLarge(f"envelope: {size} bytes where {ceiling} are allowed")
        return self.take(size)

    def at_end(self) -> bool:
        return not self._waiting and not any(self._pieces)
