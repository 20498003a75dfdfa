"""Headers: ten fields, one form, a chain; bodies that fit the promise or do not."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Malformed, PeerError, TooLarge
from deskblog.log import codec
from deskblog.log.entry import body_fits, decode_entry, entry_id, write_entry
from deskblog.log.keys import SIGN_ENTRY, verify
from deskblog.values import NO_ID, LogName, OfficeId, Point
from tests.log.chronicle import device, keys

OFFICE = OfficeId(b"o" * 32)
NUMBER = b"12345678"
BODY = b"s" * 16 + b"body"


def fields(**changed: Any) -> list[Any]:
    values: dict[str, Any] = {
        "version": 1, "office": OFFICE, "device": device("anne"), "number": NUMBER, "seq": 2, "previous": b"p" * 32,
        "time": 5, "kind": "post", "body_hash": codec.digest(BODY), "body_size": len(BODY),
    }  # fmt: skip
    return list((values | changed).values())


def test_an_entry_follows_the_one_before_it_and_is_signed() -> None:
    first, signature = write_entry(keys("anne"), OFFICE, NUMBER, None, 10, "open", BODY)
    verify(device("anne"), SIGN_ENTRY, first.id, signature)
    assert first.point == Point(1, first.id) and first.header.previous == NO_ID
    assert first.log == LogName(device("anne"), NUMBER)
    second, _ = write_entry(keys("anne"), OFFICE, NUMBER, first.point, 11, "post", BODY)
    assert second.header.previous == first.id and second.header.seq == 2
    assert decode_entry(second.raw) == second


def test_a_name_is_of_the_bytes_and_not_of_the_signature() -> None:
    first, _ = write_entry(keys("anne"), OFFICE, NUMBER, None, 10, "open", BODY)
    assert first.id == entry_id(first.raw) == codec.digest(b"deskblog/1 entry", first.raw)


def test_a_body_is_the_one_promised_by_hash_and_by_size() -> None:
    entry, _ = write_entry(keys("anne"), OFFICE, NUMBER, None, 10, "open", BODY)
    assert body_fits(entry, BODY)
    assert not body_fits(entry, BODY[:-1] + b"x")
    assert not body_fits(entry, BODY + b"x")
    assert not body_fits(entry, b"")
    lying = decode_entry(msgspec.msgpack.encode(fields(body_size=len(BODY) + 1)))
    assert not body_fits(lying, BODY)


MALFORMED: dict[str, Any] = {
    "a field less": fields()[:9],
    "a field more": [*fields(), 1],
    "version 0": fields(version=0),
    "seq 0": fields(seq=0, previous=NO_ID),
    "seq -1": fields(seq=-1),
    "seq 2^53": fields(seq=2**53),
    "seq 2^63": fields(seq=2**63),
    "seq 2^64-1": fields(seq=2**64 - 1),
    "a time before 1970": fields(time=-1),
    "a time past the year 10889": fields(time=2**48 + 1),
    "a time that is not whole": fields(time=1.5),
    "a first with one before it": fields(seq=1),
    "a second with none before it": fields(previous=NO_ID),
    "a body past the ceiling": fields(body_size=limits.BODY + 1),
    "a device of 31 bytes": fields(device=bytes(31)),
    "a number of 9 bytes": fields(number=bytes(9)),
    "an office as text": fields(office="o" * 32),
    "a kind in capitals": fields(kind="Post"),
    "a map": dict(enumerate(fields())),
}


@pytest.mark.parametrize("wrong", MALFORMED.values(), ids=MALFORMED)
def test_a_header_that_is_not_what_it_should_be_is_malformed(wrong: Any) -> None:
    with pytest.raises(Malformed):
        decode_entry(msgspec.msgpack.encode(wrong))


def test_a_header_has_one_encoding() -> None:
    raw = msgspec.msgpack.encode(fields())
    assert decode_entry(raw).raw == raw
    for longer in (raw.replace(b"\xa4post", b"\xd9\x04post"), b"\xdc\x00\x0a" + raw[1:], raw + b"\xc0"):
        assert longer != raw
        with pytest.raises(Malformed):
            decode_entry(longer)


def test_a_body_may_be_as_large_as_the_ceiling() -> None:
    entry, _ = write_entry(keys("anne"), OFFICE, NUMBER, None, 10, "post", bytes(limits.BODY))
    assert entry.header.body_size == limits.BODY
    with pytest.raises(Malformed):
        write_entry(keys("anne"), OFFICE, NUMBER, None, 10, "post", bytes(limits.BODY + 1))


def test_of_a_later_version_the_first_ten_fields_are_read_and_all_bytes_kept() -> None:
    raw = msgspec.msgpack.encode([*fields(version=2, kind="hologram"), {"depth": 3}])
    entry = decode_entry(raw)
    assert entry.raw == raw and entry.header.kind == "hologram" and entry.id == entry_id(raw)


def test_an_unknown_kind_is_an_entry_like_any_other() -> None:
    assert decode_entry(msgspec.msgpack.encode(fields(kind="hologram"))).header.kind == "hologram"


def test_a_header_past_its_size_is_too_large() -> None:
    with pytest.raises(TooLarge):
        decode_entry(msgspec.msgpack.encode([*fields(version=2), bytes(limits.HEADER)]))


@given(st.binary(max_size=600))
def test_garbage_is_a_peers_error(raw: bytes) -> None:
    with pytest.raises(PeerError):
        decode_entry(raw)
