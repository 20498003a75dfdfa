"""Which container a sound or a film is in. Only those told apart here are played in place.

A player finds out for itself what it is given, and some of what it knows are lists of addresses that it would fetch.
It passes over a tag (ID3) before it looks, so what stands behind the tag is looked at here as well.
"""

from __future__ import annotations

from enum import StrEnum
from typing import BinaryIO

TAG = 10  # bytes of an ID3 tag's head


class Container(StrEnum):
    """What sounds and films lie in."""

    OGG = "ogg"
    MP4 = "mp4"
    WEBM = "webm"
    MP3 = "mp3"
    WAV = "wav"
    FLAC = "flac"


def container_of(file: BinaryIO) -> Container | None:
    """By its bytes; None for whatever is none of these. OSError if it cannot be read."""
    file.seek(0)
    head = file.read(12)
    if head.startswith(b"OggS"):
        return Container.OGG
    if head.startswith(b"fLaC"):
        return Container.FLAC
    if head.startswith(b"\x1aE\xdf\xa3"):
        return Container.WEBM
    if head[:4] == b"RIFF" and head[8:] == b"WAVE":
        return Container.WAV
    if head[4:8] == b"ftyp":
        return Container.MP4
    return Container.MP3 if mp3_begin(file) is not None else None


def mp3_begin(file: BinaryIO) -> int | None:
    """Where the first frame of an MP3 stands (bytes), behind its tag if it has one; None if there is none."""
    file.seek(0)
    head = file.read(TAG)
    begin = 0
    if len(head) == TAG and head.startswith(b"ID3"):
        begin = TAG + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]) + (TAG if head[5] & 0x10 else 0)
    file.seek(begin)
    frame = file.read(4)
    return begin if is_frame(frame) else None


def is_frame(head: bytes) -> bool:
    """Whether four bytes begin a frame of MPEG audio, layer III, of a rate that there is."""
    return (
        len(head) == 4
        and head[0] == 0xFF
        and head[1] & 0xE6 == 0xE2
        and head[1] & 0x18 != 0x08
        and head[2] >> 4 not in (0, 15)
        and head[2] & 0x0C != 0x0C
    )
