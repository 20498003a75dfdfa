"""Envelopes: opened by the devices they were sealed for, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, Refused, TooLarge
from deskblog.log import boxes, codec, envelope
from deskblog.log.envelope import MAGIC, open_stream, seal_stream
from deskblog.values import OfficeId
from tests.log.chronicle import keys
from tests.log.test_sealed import dice
from tests.log.vectors import BRUNO, FILE

OFFICE, OTHER = OfficeId(b"\x01" * 32), OfficeId(b"\x02" * 32)
SEALS = [keys(name).seal_key for name in ("anne", "bruno")]
LONG = bytes(range(256)) * 1024  # four chunks


def made(data: bytes = LONG, office: OfficeId = OFFICE) -> bytes:
    return b"".join(seal_stream(office, SEALS, [data], dice()))


def read(pieces: Iterable[bytes], name: str = "bruno", office: OfficeId = OFFICE) -> bytes:
    return b"".join(open_stream(office, keys(name), pieces))


def cut(whole: bytes) -> tuple[bytes, list[bytes]]:
    """(head, chunks), each with its length."""
    at = len(MAGIC)
    found: list[bytes] = []
    while at < len(whole):
        end = at + 4 + int.from_bytes(whole[at : at + 4], "big")
        found.append(whole[at:end])
        at = end
    return MAGIC + found[0], found[1:]


@given(st.lists(st.binary(max_size=200)), st.integers(1, 97))
def test_what_goes_in_comes_out_however_it_is_cut(pieces: list[bytes], size: int) -> None:
    whole = b"".join(seal_stream(OFFICE, SEALS, pieces, dice()))
    assert read(whole[n : n + size] for n in range(0, len(whole), size)) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, limits.CHUNK - 1, limits.CHUNK, limits.CHUNK + 1, 3 * limits.CHUNK])
def test_a_chunk_more_or_less(size: int) -> None:
    data = bytes(size)
    whole = made(data)
    assert read([whole]) == data and len(cut(whole)[1]) == max(1, -(-size // limits.CHUNK))


def test_others_are_told_it_is_not_for_them() -> None:
    with pytest.raises(Refused, match="not sealed for this PC"):
        read([made()], "chloe")


def test_another_office_cannot_open_it_even_with_the_key() -> None:
    with pytest.raises(Forged):
        read([made()], office=OTHER)


def test_chunks_cut_off_moved_doubled_or_from_elsewhere_are_noticed() -> None:
    head, chunks = cut(made())
    other_head, other = cut(made(LONG[::-1]))
    assert read([head, *chunks]) == LONG and len(chunks) == 4
    for n in range(len(chunks)):
        with pytest.raises(Malformed, match="cut short"):
            read([head, *chunks[:n]])
    for broken in (
        [head, chunks[1], chunks[0], *chunks[2:]],
        [head, chunks[0], *chunks],
        [head, *chunks[1:]],
        [head, chunks[0], other[1], *chunks[2:]],
        [other_head, *chunks],
    ):
        with pytest.raises(Forged):
            read(broken)
    with pytest.raises(Malformed, match="behind its end"):
        read([head, *chunks, b"x"])


@given(st.data())
def test_no_changed_byte_is_passed_over(data: st.DataObject) -> None:
    whole = made(b"a few words")
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    with pytest.raises((PeerError, Refused)):
        read([changed])


def test_boxes_cannot_be_taken_out_of_the_head_by_a_carrier() -> None:
    head, chunks = cut(made())
    items = codec.decode(head[len(MAGIC) + 4 :], list, limits.ENVELOPE_HEAD)
    items[3] = [boxes.make_box(_secret(items), keys("bruno").seal_key)]
    raw = codec.encode(items)
    with pytest.raises(Forged):
        read([MAGIC + len(raw).to_bytes(4, "big") + raw, *chunks])


def _secret(items: list[object]) -> bytes:
    held, committed = items[3], items[1]
    assert isinstance(held, list) and isinstance(committed, bytes)
    secret, _mine = boxes.open_boxes(held, committed, keys("bruno"))
    assert secret is not None
    return secret


def with_head(*items: object) -> bytes:
    raw = codec.encode(items)
    return MAGIC + len(raw).to_bytes(4, "big") + raw


def test_heads_that_are_none() -> None:
    secret = bytes(32)
    committed, begin = boxes.commitment(secret), bytes(24)
    mine = boxes.make_box(secret, keys("bruno").seal_key)
    theirs = boxes.make_box(secret, keys("anne").seal_key)
    other = boxes.make_box(b"\x01" * 32, keys("bruno").seal_key)
    for head in (
        with_head(2, committed, begin, [mine]),
        with_head(1, committed, begin, []),
        with_head(1, committed, begin, sorted([mine, theirs])[::-1]),
        with_head(1, committed, begin, [mine], 5),
        with_head(1, committed, begin, [mine] * (limits.ENVELOPE_BOXES + 1)),
        with_head(1, committed, begin, [mine]) + b"\0\0\0\x10" + bytes(16),
        b"deskblog envelope 2\n" + bytes(400),
        b"",
    ):
        with pytest.raises(Malformed):
            read([head])
    with pytest.raises(Forged, match="another key"):
        read([with_head(1, committed, begin, [other])])


def test_a_length_past_the_ceiling_is_refused_before_it_is_waited_for() -> None:
    head, _chunks = cut(made())
    for huge in (MAGIC + b"\xff\xff\xff\xff", head + b"\xff\xff\xff\xff"):
        with pytest.raises(TooLarge):
            read([huge])


@pytest.mark.parametrize("tag", [0, 1, 2])
def test_a_stream_of_another_make_is_refused(tag: int) -> None:
    """Chunks before the last are whole, and libsodium's own marks are not used but for the end."""
    secret = bytes(32)
    state = bindings.crypto_secretstream_xchacha20poly1305_state()
    begin = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, secret)
    head = with_head(1, boxes.commitment(secret), begin, [boxes.make_box(secret, keys("bruno").seal_key)])
    bound = b"deskblog/1 envelope" + OFFICE + codec.digest(head[len(MAGIC) + 4 :])
    text = bindings.crypto_secretstream_xchacha20poly1305_push(state, b"short", bound, tag)
    with pytest.raises(Malformed, match="chunk"):
        read([head, len(text).to_bytes(4, "big") + text])


def test_to_nobody_or_to_too_many_is_refused_before_anything_is_drawn() -> None:
    drawn: list[int] = []

    def counting(n: int) -> bytes:
        drawn.append(n)
        return bytes(n)

    many = [codec.digest(n.to_bytes(2, "big")) for n in range(limits.ENVELOPE_BOXES + 1)]
    for seals in ([], [bytes(32)], many):
        with pytest.raises(Refused):
            seal_stream(OFFICE, seals, [], counting)
    assert drawn == []


def test_the_most_boxes_there_can_be_fit_the_head() -> None:
    head = envelope._Head(65535, bytes(32), bytes(24), (bytes(boxes.SIZE),) * limits.ENVELOPE_BOXES)
    assert len(codec.encode(head)) <= limits.ENVELOPE_HEAD


def test_the_kept_envelope_is_opened() -> None:
    kept = json.loads(FILE.read_text(encoding="utf-8"))["envelope"]
    office = OfficeId(bytes.fromhex(kept["office"]))
    found = b"".join(open_stream(office, BRUNO, [bytes.fromhex(kept["bytes"])]))
    assert found.decode() == kept["text"]
