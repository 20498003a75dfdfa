"""Frames: however the bytes are cut on their way, the same payloads come out; a lying length is refused at once."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import PeerError, TooLarge
from deskblog.net.frames import FrameReader, frame

payloads = st.lists(st.binary(min_size=1, max_size=limits.HELLO), max_size=8)


def read_all(reader: FrameReader) -> list[bytes]:
    return list(iter(reader.next, None))


@given(payloads, st.lists(st.integers(0, 4200), max_size=20))
def test_any_chunking_gives_the_same_payloads(sent: list[bytes], cuts: list[int]) -> None:
    wire = b"".join(map(frame, sent))
    places = sorted({0, len(wire), *(cut for cut in cuts if cut < len(wire))})
    reader = FrameReader()
    got = []
    for start, end in pairwise(places):
        reader.feed(wire[start:end])
        got += read_all(reader)
    assert got == sent
    assert reader.waiting == 0


def test_byte_by_byte_a_payload_comes_with_its_last_byte_and_not_before() -> None:
    reader = FrameReader()
    wire = frame(b"payload")
    for n, byte in enumerate(wire[:-1], 1):
        reader.feed(bytes([byte]))
        assert reader.next() is None and reader.waiting == n
    reader.feed(wire[-1:])
    assert reader.next() == b"payload"


@pytest.mark.parametrize("size", [0, limits.HELLO + 1, limits.FRAME, 2**31, 2**32 - 1])
def test_a_length_that_is_not_allowed_is_refused_before_a_byte_of_it_came(size: int) -> None:
    reader = FrameReader()
    reader.feed(size.to_bytes(4, "big"))
    with pytest.raises(TooLarge):
        reader.next()


def test_the_ceiling_rises_once_the_other_side_is_proven() -> None:
    reader = FrameReader()
    largest = frame(bytes(limits.FRAME))
    reader.feed(largest)
    with pytest.raises(TooLarge):
        reader.next()
    reader.ceiling = limits.FRAME
    assert reader.next() == bytes(limits.FRAME)
    reader.feed((limits.FRAME + 1).to_bytes(4, "big"))
    with pytest.raises(TooLarge):
        reader.next()


def test_what_is_said_shorter_than_it_is_makes_the_rest_a_frame_of_its_own() -> None:
    reader = FrameReader()
    reader.feed((2).to_bytes(4, "big") + b"abcdef")
    assert reader.next() == b"ab"
    with pytest.raises(TooLarge):  # "cdef" read as a length
        reader.next()


@pytest.mark.parametrize("size", [0, limits.FRAME + 1])
def test_we_never_write_a_frame_that_nobody_would_read(size: int) -> None:
    with pytest.raises(ValueError, match="frame"):
        frame(bytes(size))


@given(st.lists(st.binary(max_size=64), max_size=20), st.integers(1, limits.FRAME))
def test_garbage_is_payloads_or_the_peers_fault_and_is_not_piled_up(chunks: list[bytes], ceiling: int) -> None:
    reader = FrameReader(ceiling)
    try:
        for chunk in chunks:
            reader.feed(chunk)
            assert all(0 < len(payload) <= ceiling for payload in read_all(reader))
            assert reader.waiting < ceiling + 4
    except PeerError:
        return
