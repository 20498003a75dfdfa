"""How long a sound or a film lasts, and which container it is in."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.media.container import Container, container_of
from deskblog.media.enclosing import enclose
from deskblog.media.length import MOST, seconds_of
from deskblog.values import Sort

ID3 = b"ID3\x04\0\0\0\0\0\x14" + bytes(20)


def wav(seconds: int, rate: int = 8000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 2, rate, 0, "NONE", ""))
        made.writeframes(bytes(2 * rate * seconds))
    return file.getvalue()


def flac(seconds: int, rate: int = 44_100) -> bytes:
    packed = rate << 44 | 1 << 41 | 15 << 36 | rate * seconds
    return b"fLaC\x80\0\0\x22" + struct.pack(">HH3s3s", 4096, 4096, bytes(3), bytes(3)) + struct.pack(">Q", packed)


def ogg_page(samples: int, body: bytes) -> bytes:
    return b"OggS\0\0" + struct.pack("<qIII", samples, 1, 0, 0) + bytes([1, len(body)]) + body


def opus(seconds: int) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 16_000, 0, 0)
    return ogg_page(0, head) + ogg_page(-1, b"x") * 3 + ogg_page(48_000 * seconds + 312, b"end")


def vorbis(seconds: int) -> bytes:
    return ogg_page(0, b"\x01vorbis" + struct.pack("<IBI", 0, 1, 22_050)) + ogg_page(22_050 * seconds, b"end")


def mp3(seconds: int) -> bytes:
    """64 kbit/s, every second as long as the other."""
    return b"\xff\xfb\x50\xc4" + bytes(8000 * seconds - 4)


def mp3_counted(seconds: int) -> bytes:
    """MPEG 2 at 22,050 Hz, with its frames counted at its head."""
    xing = b"Xing" + struct.pack(">II", 1, seconds * 22_050 // 576)
    return b"\xff\xf3\x40\xc4" + bytes(9) + xing + bytes(200)


def box(kind: bytes, inside: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def mp4(seconds: int, *, wide: bool = False) -> bytes:
    form = ">QQIQ" if wide else ">IIII"
    head = bytes([1 if wide else 0, 0, 0, 0]) + struct.pack(form, 0, 0, 600, 600 * seconds)
    large = struct.pack(">I4sQ", 1, b"mdat", 116) + bytes(100)
    return box(b"ftyp", b"isom\0\0\2\0") + large + box(b"moov", box(b"free", b"") + box(b"mvhd", head + bytes(80)))


def element(kind: str, inside: bytes) -> bytes:
    return bytes.fromhex(kind) + (len(inside) | 1 << 56).to_bytes(8, "big") + inside


def webm(seconds: int) -> bytes:
    info = element("2AD7B1", (1_000_000).to_bytes(3, "big")) + element("4489", struct.pack(">d", seconds * 1000.0))
    return element("1A45DFA3", b"webm") + element("18538067", element("EC", bytes(9)) + element("1549A966", info))


MADE = {
    Container.WAV: wav,
    Container.FLAC: flac,
    Container.OGG: opus,
    Container.MP3: mp3,
    Container.MP4: mp4,
    Container.WEBM: webm,
}


@pytest.mark.parametrize("container", MADE)
@pytest.mark.parametrize("seconds", [1, 17, 59])
def test_a_length_is_read_from_each(container: Container, seconds: int) -> None:
    file = io.BytesIO(MADE[container](seconds))
    assert container_of(file) is container
    assert seconds_of(file) == seconds


@pytest.mark.parametrize(
    "data",
    [vorbis(17), mp3_counted(17), ID3 + mp3(17), mp4(17, wide=True)],
    ids=["vorbis", "counted", "tagged", "wide"],
)
def test_other_kinds_of_them_have_their_length_too(data: bytes) -> None:
    assert seconds_of(io.BytesIO(data)) == 17


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b"#EXTM3U\nhttp://x.example/a.ts\n",
        ID3 + b"#EXTM3U\nhttp://x.example/a.ts\n",
        ID3,
        b"ffconcat version 1.0\nfile 'http://x.example/a'\n",
        b"RIFF\0\0\0\0AVI ",
        b"\xff\xfe<\0x\0",
        b"\xff\xfb\xf0\xc4",
    ],
)
def test_what_is_no_sound_or_film_is_in_no_container(data: bytes) -> None:
    file = io.BytesIO(data)
    assert container_of(file) is None and seconds_of(file) == 0


def test_less_than_a_second_is_one_and_more_than_can_be_said_is_none() -> None:
    assert seconds_of(io.BytesIO(wav(1)[: 44 + 2000])) == 1
    assert seconds_of(io.BytesIO(flac(MOST))) == MOST
    assert seconds_of(io.BytesIO(flac(MOST + 1))) == 0


@given(st.sampled_from(list(MADE)), st.data())
def test_a_broken_one_has_some_length_or_none(container: Container, data: st.DataObject) -> None:
    whole = bytearray(MADE[container](2)[:400])
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    assert 0 <= seconds_of(io.BytesIO(bytes(whole[:cut]))) <= MOST


def test_what_goes_along_says_how_long_it_is() -> None:
    voice, film, text = enclose("note.wav", wav(7)), enclose("clip.mp4", mp4(12)), enclose("a.txt", b"words")
    assert (voice.sort, voice.seconds) == (Sort.VOICE, 7)
    assert (film.sort, film.seconds, film.preview) == (Sort.FILM, 12, b"")
    assert (text.sort, text.seconds) == (Sort.FILE, 0)
