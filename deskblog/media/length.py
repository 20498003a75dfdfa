"""How long a sound or a film lasts, by what stands in its head: nothing is decoded, and no library is asked.

What is broken, or says nothing of its length, has none. A length is what its author's PC read, no more than a word.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

from deskblog.media.container import Container, container_of, mp3_begin

MOST = 3600  # seconds that can be said with a post
LAST = 128 * 1024  # bytes from the end in which an Ogg's last page begins: a page has 65,307 at most
BOXES = 1000  # looked at in one file
OPUS_HZ = 48_000  # of all Opus, by its definition
_LAYER3 = {
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}  # kbit/s, of MPEG 1; of 2 and 2.5
_HZ = (44_100, 48_000, 32_000)


def seconds_of(file: BinaryIO) -> int:
    """Whole seconds, at least one; 0 if that is not known, or more than MOST."""
    container = container_of(file)
    if container is None:
        return 0
    try:
        length = _READERS[container](file)
    except (struct.error, IndexError, ZeroDivisionError, OverflowError):
        return 0
    return max(1, round(length)) if 0 < length <= MOST else 0


def _size(file: BinaryIO) -> int:
    return file.seek(0, os.SEEK_END)


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


# --- sounds -----------------------------------------------------------------------------------------------
def _wav(file: BinaryIO) -> float:
    place, end, rate = 12, _size(file), 0
    for _n in range(BOXES):
        kind, size = struct.unpack("<4sI", _at(file, place, 8))
        if kind == b"fmt ":
            (rate,) = struct.unpack("<I", _at(file, place + 16, 4))
        elif kind == b"data":
            return float(min(size, end - place - 8) / rate)
        place += 8 + size + size % 2
    return 0.0


def _flac(file: BinaryIO) -> float:
    (packed,) = struct.unpack(">Q", _at(file, 18, 8))  # its first block always says rate and samples
    return float((packed & (1 << 36) - 1) / (packed >> 44))


def _ogg(file: BinaryIO) -> float:
    first = _at(file, 0, 128)
    body = first[27 + first[26] :]
    if body.startswith(b"OpusHead"):
        rate, skipped = OPUS_HZ, struct.unpack("<H", body[10:12])[0]
    elif body.startswith(b"\x01vorbis"):
        rate, skipped = struct.unpack("<I", body[12:16])[0], 0
    else:
        return 0.0
    end = _at(file, max(0, _size(file) - LAST), LAST)
    place = end.rfind(b"OggS")
    (samples,) = struct.unpack("<q", end[place + 6 : place + 14])
    return float((samples - skipped) / rate)


def _mp3(file: BinaryIO) -> float:
    begin = mp3_begin(file)
    if begin is None:
        return 0.0
    frame = _at(file, begin, 48)
    version = frame[1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    first = version == 3
    rate = _HZ[frame[2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[version]
    mono = frame[3] >> 6 == 3
    extra = 4 + ((17 if mono else 32) if first else (9 if mono else 17))
    if frame[extra : extra + 4] in (b"Xing", b"Info") and frame[extra + 7] & 1:
        (frames,) = struct.unpack(">I", frame[extra + 8 : extra + 12])
        return float(frames * (1152 if first else 576) / rate)
    kbit = _LAYER3[3 if first else 2][(frame[2] >> 4) - 1]
    return (_size(file) - begin) * 8 / (kbit * 1000)


# --- films ------------------------------------------------------------------------------------------------
def _boxes(file: BinaryIO, place: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of an MP4 from one place to another: what they are called, where their inside begins and ends."""
    for _n in range(BOXES):
        if place + 8 > end:
            return
        size, kind = struct.unpack(">I4s", _at(file, place, 8))
        head = 8
        if size == 1:
            (size,) = struct.unpack(">Q", _at(file, place + 8, 8))
            head = 16
        stop = place + size if size else end
        if stop < place + head or stop > end:
            return
        yield kind, place + head, stop
        place = stop


def _mp4(file: BinaryIO) -> float:
    for kind, begin, end in _boxes(file, 0, _size(file)):
        for inner, place, _stop in _boxes(file, begin, end) if kind == b"moov" else ():
            if inner == b"mvhd":
                form, skip = (">IQ", 20) if _at(file, place, 1) == b"\x01" else (">II", 12)
                scale, length = struct.unpack(form, _at(file, place + skip, struct.calcsize(form)))
                return float(length / scale)
    return 0.0


SEGMENT, INFO, SCALE, DURATION = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489


def _elements(file: BinaryIO, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The elements of an EBML file: their numbers, where their insides begin and end."""
    for _n in range(BOXES):
        if place >= end:
            return
        kind, place = _number(file, place, marked=True)
        size, begin = _number(file, place, marked=False)
        stop = min(end, begin + size)
        yield kind, begin, stop
        place = stop


def _number(file: BinaryIO, place: int, *, marked: bool) -> tuple[int, int]:
    """A number of one to eight bytes, and where it ends; `marked`: with the bit that says how many they are."""
    raw = _at(file, place, 8)
    count = 9 - raw[0].bit_length()
    number = int.from_bytes(raw[:count], "big")
    return number if marked else number & (1 << 7 * count) - 1, place + count


def _webm(file: BinaryIO) -> float:
    scale, length = 1_000_000, 0.0  # nanoseconds a tick, if nothing is said
    for kind, begin, end in _elements(file, 0, _size(file)):
        for inner, inside, stop in _elements(file, begin, end) if kind == SEGMENT else ():
            if inner != INFO:
                continue
            for said, place, over in _elements(file, inside, stop):
                raw = _at(file, place, min(8, over - place))
                if said == SCALE:
                    scale = int.from_bytes(raw, "big")
                elif said == DURATION:
                    length = float(struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0])
            return length * scale / 1e9
    return 0.0


_READERS = {
    Container.WAV: _wav,
    Container.FLAC: _flac,
    Container.OGG: _ogg,
    Container.MP3: _mp3,
    Container.MP4: _mp4,
    Container.WEBM: _webm,
}
