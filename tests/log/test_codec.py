"""Foreign bytes: one encoding of each value, and one kind of error for all that is wrong."""

from __future__ import annotations

import struct
from itertools import combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Malformed, PeerError, TooLarge
from deskblog.log import act, codec, entry, keys, kinds

SHAPES: list[Any] = [entry.Header, act._Outer, *act.KINDS.values(), *kinds.KINDS.values()]

numbers = st.integers(0, 2**64 - 1)
leaves = numbers | st.binary(max_size=40) | st.text(max_size=10) | st.none() | st.booleans() | st.floats()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=12), max_leaves=20)


def longer_integers(value: int) -> list[bytes]:
    """All the ways MessagePack has to say an integer that is not negative."""
    forms = [struct.pack(">BQ", 0xCF, value)]
    for tag, form, top in ((0xCC, ">BB", 2**8), (0xCD, ">BH", 2**16), (0xCE, ">BI", 2**32)):
        if value < top:
            forms.append(struct.pack(form, tag, value))
    for tag, form, top in ((0xD0, ">Bb", 2**7), (0xD1, ">Bh", 2**15), (0xD2, ">Bi", 2**31), (0xD3, ">Bq", 2**63)):
        if value < top:
            forms.append(struct.pack(form, tag, value))
    return forms


def longer_strings(tags: tuple[int, ...], payload: bytes) -> list[bytes]:
    forms = []
    for tag, form in zip(tags, (">BB", ">BH", ">BI"), strict=True):
        if form != ">BB" or len(payload) < 256:
            forms.append(struct.pack(form, tag, len(payload)) + payload)
    return forms


@given(st.integers(0, limits.SEQ))
def test_an_integer_has_one_encoding(value: int) -> None:
    canonical = codec.encode(value)
    assert codec.decode(canonical, int, 16) == value
    for other in longer_integers(value):
        if other != canonical:
            with pytest.raises(Malformed):
                codec.decode(other, int, 16)


@given(st.binary(max_size=300))
def test_a_byte_string_has_one_encoding(value: bytes) -> None:
    canonical = codec.encode(value)
    assert codec.decode(canonical, bytes, 400) == value
    for other in longer_strings((0xC4, 0xC5, 0xC6), value):
        if other != canonical:
            with pytest.raises(Malformed):
                codec.decode(other, bytes, 400)


@given(st.text(max_size=80))
def test_a_text_has_one_encoding(value: str) -> None:
    payload = value.encode()
    canonical = codec.encode(value)
    assert codec.decode(canonical, str, 400) == value
    for other in longer_strings((0xD9, 0xDA, 0xDB), payload):
        if other != canonical:
            with pytest.raises(Malformed):
                codec.decode(other, str, 400)


@given(st.lists(st.integers(0, 100), max_size=20).map(tuple))
def test_an_array_has_one_encoding(value: tuple[int, ...]) -> None:
    items = b"".join(codec.encode(item) for item in value)
    canonical = codec.encode(value)
    assert codec.decode(canonical, tuple[int, ...], 400) == value
    for other in (struct.pack(">BH", 0xDC, len(value)) + items, struct.pack(">BI", 0xDD, len(value)) + items):
        if other != canonical:
            with pytest.raises(Malformed):
                codec.decode(other, tuple[int, ...], 400)


@given(st.sampled_from(SHAPES), st.binary(max_size=200) | values.map(msgspec.msgpack.encode))
def test_garbage_is_a_peers_error_or_exactly_what_it_encodes(shape: Any, raw: bytes) -> None:
    try:
        value = codec.decode(raw, shape, 10_000)
    except PeerError:
        return
    assert codec.encode(value) == raw


HOSTILE = {
    "nothing": b"",
    "a reserved byte": b"\xc1",
    "bytes that are no text": b"\xa2\xff\xfe",
    "a lone surrogate": b"\xa3\xed\xa0\x80",
    "5,000 arrays in one another": b"\x91" * 5000,
    "5,000 maps in one another": b"\x81" * 5000,
    "an array of four thousand million": b"\xdd\xff\xff\xff\xff",
    "a byte string of four gigabytes": b"\xc6\xff\xff\xff\xff",
    "a map with equal keys": b"\x82\xa1a\x01\xa1a\x02",
    "not a number": b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",
    "an extension": b"\xd4\x05\x01",
    "two values": b"\x01\x01",
    "-1": b"\xff",
    "2^63": b"\xcf\x80" + bytes(7),
    "2^64-1": b"\xcf" + b"\xff" * 8,
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("shape", [codec.Seq, str, codec.Bytes32, tuple[codec.Bytes32, ...], entry.Header])
def test_hostile_bytes_are_malformed(raw: bytes, shape: Any) -> None:
    with pytest.raises(Malformed):
        codec.decode(raw, shape, 10_000)
    with pytest.raises(Malformed):
        codec.decode_prefix(raw, shape, 10_000)


@pytest.mark.parametrize("raw", [b"\x91" * 5000 + b"\x01", b"\xdd\xff\xff\xff\xff", b"\xa3\xed\xa0"])
def test_hostile_bytes_in_a_part_left_for_later_are_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        codec.decode(raw, msgspec.Raw, 10_000)


def test_past_the_ceiling_nothing_is_read() -> None:
    raw = codec.encode(bytes(100))
    assert codec.decode(raw, bytes, len(raw)) == bytes(100)
    with pytest.raises(TooLarge, match="102 bytes where 101"):
        codec.decode(raw, bytes, len(raw) - 1)
    with pytest.raises(TooLarge):
        codec.decode_prefix(b"\xc1" * 102, bytes, 101)


@pytest.mark.parametrize("number", [0, limits.SEQ + 1])
def test_a_seq_outside_its_range_is_malformed(number: int) -> None:
    with pytest.raises(Malformed):
        codec.decode(codec.encode(number), codec.Seq, 16)


@pytest.mark.parametrize("kind", ["", "Post", "1post", "po st", "post\n", "é", "-post", "p" * 33])
def test_a_kind_is_a_short_lower_case_word(kind: str) -> None:
    with pytest.raises(Malformed):
        codec.decode(codec.encode(kind), codec.KindName, 100)


def test_a_prefix_may_be_followed_by_what_a_later_version_adds() -> None:
    raw = codec.encode(["bonjour", [], [1, {"new": None}]])
    assert codec.decode_prefix(raw, kinds.Post, 100) == kinds.Post("bonjour")
    with pytest.raises(Malformed, match="canonical"):
        codec.decode(raw, kinds.Post, 100)


def test_a_digest_is_of_its_parts_joined() -> None:
    assert codec.digest(b"a", b"bc") == codec.digest(b"abc") != codec.digest(b"ab")
    assert len(codec.digest()) == 32


def test_a_set_has_one_order() -> None:
    assert codec.strictly_sorted(())
    assert codec.strictly_sorted((b"a", b"b"))
    assert not codec.strictly_sorted((b"b", b"a"))
    assert not codec.strictly_sorted((b"a", b"a"))


def test_no_signed_label_begins_another_or_begins_with_a_space() -> None:
    labels = [keys.SIGN_ENTRY, keys.SIGN_ACT, keys.SIGN_CLIENT, keys.SIGN_BUNDLE, entry._ID, act._ID]
    assert all(not label.startswith(b" ") for label in labels)
    for one, other in combinations(labels, 2):
        assert not one.startswith(other) and not other.startswith(one)
