"""Frames: 4 bytes of length (big-endian), then that many bytes. Bytes in, whole payloads out."""

from __future__ import annotations

from deskblog import limits
from deskblog.errors import TooLarge

_LENGTH = 4


def frame(payload: bytes) -> bytes:
    """The payload as it goes on the wire."""
    if not 0 < len(payload) <= limits.FRAME:
        raise ValueError(f"a frame holds 1 to {limits.FRAME} bytes, not {len(payload)}")
    return len(payload).to_bytes(_LENGTH, "big") + payload


class FrameReader:
    """Collects bytes in any chunking and gives back whole payloads.

    The ceiling holds for the announced length, so a lying length is refused before a byte of it is kept.
    """

    def __init__(self, ceiling: int = limits.HELLO) -> None:
        self.ceiling = ceiling
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next(self) -> bytes | None:
        """The next whole payload, None while it is not all there, TooLarge if it says it is past the ceiling."""
        if len(self._buffer) < _LENGTH:
            return None
        size = int.from_bytes(self._buffer[:_LENGTH], "big")
        if not 0 < size <= self.ceiling:
            raise TooLarge(f"a frame of {size} bytes where {self.ceiling} are allowed")
        if len(self._buffer) < _LENGTH + size:
            return None
        payload = bytes(self._buffer[_LENGTH : _LENGTH + size])
        del self._buffer[: _LENGTH + size]
        return payload

    @property
    def waiting(self) -> int:
        """Bytes held that are not yet a whole payload."""
        return len(self._buffer)
