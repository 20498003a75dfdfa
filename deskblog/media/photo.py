"""A photo as it is sent, and who makes it so: the darkroom, which is loaded when there is one. Not on the loop."""

from __future__ import annotations

from msgspec import Struct

MEGAPIXELS_JPEG = 250  # decoded at a fraction of their size


class Photo(Struct, frozen=True):
    """Bytes to send, their ending (jpg, png), the size in pixels, and a JPEG of at most limits.PREVIEW bytes."""

    data: bytes
    ending: str
    width: int
    height: int
    preview: bytes


def make_photo(data: bytes) -> Photo | None:
    """None if these bytes are no picture that can be read, or one that moves; Refused if it is larger than can be."""
    from deskblog.media import darkroom

    return darkroom.make_photo(data)


def portrait(data: bytes) -> bytes:
    """A small square JPEG of the middle of a photo; Refused if these bytes are none."""
    from deskblog.media import darkroom

    return darkroom.portrait(data)
