"""Reading acts: one form, sorted sets, usable keys, a signature each."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import act as a
from deskblog.log import codec
from deskblog.log.act import Act, decode_act, write_act
from deskblog.log.keys import SIGN_ACT, SIGN_ENTRY
from deskblog.values import NO_ID
from tests.log.chronicle import RECOVERY, Chronicle, device, heads, keys, log_of

BOOK = Chronicle()
FOUND = BOOK.found
SMALL_ORDER = bytes(31) + b"\x80"
ONE, TWO, THREE = (bytes([n]) * 32 for n in (1, 2, 3))


def signed(outer: list[Any], by: str = "anne") -> tuple[bytes, bytes]:
    """The bytes of an act and a signature that holds, whatever is in it."""
    raw = msgspec.msgpack.encode(outer)
    return raw, keys(by).sign(SIGN_ACT, codec.digest(b"deskblog/1 act", raw))


def outer(kind: str, fields: Any, **changed: Any) -> list[Any]:
    values: dict[str, Any] = {
        "version": 1, "office": FOUND.office, "author": device("anne"), "after": [FOUND.id],
        "warrants": [FOUND.id], "time": 5, "kind": kind, "fields": fields,
    }  # fmt: skip
    return list((values | changed).values())


def test_what_was_written_is_read_again() -> None:
    joiner = (device("bruno"), keys("bruno").seal_key)
    for fields in (
        a.Admit(a.NEW, (joiner,)),
        a.Admit(ONE, tuple(sorted((joiner, (device("chloe"), bytes(32)))))),
        a.Remove(ONE, b"", heads((log_of("bruno"), 4), (log_of("bruno", 2), 1))),
        a.Remove(b"", device("bruno")),
        a.Grant(ONE, 1),
        a.Border(heads((log_of("bruno"), 4))),
        a.Call(ONE, "Zoé"),
        a.Merge((ONE, TWO)),
        a.Rule("Le Bureau", (("retention-days", 90), ("site", "Nord"))),
    ):
        act = write_act(keys("anne"), FOUND.office, [THREE, ONE, ONE], [FOUND.id], 7, fields)  # type: ignore[list-item]
        assert act.fields == fields and act.author == device("anne") and act.office == FOUND.office
        assert act.after == (ONE, THREE) and act.warrants == (FOUND.id,) and act.time == 7
        assert decode_act(act.raw, act.signature) == act
        assert act.id == codec.digest(b"deskblog/1 act", act.raw)


def test_the_founding_names_its_office_by_its_own_id() -> None:
    assert bytes(FOUND.office) == FOUND.id and FOUND.after == () and FOUND.kind == "found"


def test_a_signature_over_anything_else_is_forged() -> None:
    raw, _signature = signed(outer("rule", ["x", []]))
    digest = codec.digest(b"deskblog/1 act", raw)
    for signature in (
        bytes(64),
        b"",
        keys("bruno").sign(SIGN_ACT, digest),
        keys("anne").sign(SIGN_ENTRY, digest),
        keys("anne").sign(SIGN_ACT, raw),
    ):
        with pytest.raises(Forged):
            decode_act(raw, signature)


def test_an_author_of_small_order_is_refused() -> None:
    raw, signature = signed(outer("rule", ["x", []], author=SMALL_ORDER))
    with pytest.raises(Forged, match="usable"):
        decode_act(raw, signature)


MALFORMED: dict[str, list[Any]] = {
    "parents not sorted": outer("rule", ["x", []], after=[TWO, ONE]),
    "a parent twice": outer("rule", ["x", []], after=[ONE, ONE]),
    "warrants not sorted": outer("rule", ["x", []], warrants=[TWO, ONE]),
    "17 parents": outer("rule", ["x", []], after=[bytes([n]) * 32 for n in range(1, 18)]),
    "5 warrants": outer("rule", ["x", []], warrants=[bytes([n]) * 32 for n in range(1, 6)]),
    "no parent": outer("rule", ["x", []], after=[]),
    "no office": outer("rule", ["x", []], office=NO_ID),
    "a founding in an office": outer("found", [ONE, device("anne"), TWO]),
    "a founding with a parent": outer("found", [ONE, device("anne"), TWO], office=NO_ID),
    "a short id": outer("rule", ["x", []], after=[bytes(31)]),
    "version 0": outer("rule", ["x", []], version=0),
    "a time of 2^48+1": outer("rule", ["x", []], time=2**48 + 1),
    "a field more": [*outer("rule", ["x", []]), 1],
    "a kind in capitals": outer("Rule", ["x", []]),
    "a name of nothing": outer("name", [ONE, ""]),
    "a name of 65": outer("name", [ONE, "n" * 65]),
    "a role of 3": outer("role", [ONE, 3, []]),
    "a role of -1": outer("role", [ONE, -1, []]),
    "no device admitted": outer("admit", [b"", []]),
    "devices not sorted": outer("admit", [b"", sorted([[device(n), ONE] for n in ("a", "b")], reverse=True)]),
    "a device twice": outer("admit", [b"", [[device("a"), ONE], [device("a"), TWO]]]),
    "65 devices": outer("admit", [b"", sorted([device(f"pc{n}"), ONE] for n in range(65))]),
    "a person of 5 bytes": outer("admit", [b"12345", [[device("a"), ONE]]]),
    "a removal of nobody": outer("remove", [b"", b"", []]),
    "a removal of two": outer("remove", [ONE, TWO, []]),
    "a removal of half a person": outer("remove", [b"12345", b"", []]),
    "a merger of one": outer("merge", [[ONE]]),
    "a merger of 17": outer("merge", [[bytes([n]) * 32 for n in range(17)]]),
    "a merger out of order": outer("merge", [[TWO, ONE]]),
    "settings out of order": outer("rule", ["x", [["b", 1], ["a", 1]]]),
    "a setting twice": outer("rule", ["x", [["a", 1], ["a", 2]]]),
    "65 settings": outer("rule", ["x", sorted([f"s{n:02}", 1] for n in range(65))]),
    "a setting of 2^64-1": outer("rule", ["x", [["a", 2**64 - 1]]]),
    "a setting of 1.5": outer("rule", ["x", [["a", 1.5]]]),
    "heads out of order": outer("border", [[[TWO, bytes(8), 1, ONE], [ONE, bytes(8), 1, ONE]]]),
    "a log twice in heads": outer("border", [[[ONE, bytes(8), 1, ONE], [ONE, bytes(8), 2, ONE]]]),
    "401 heads": outer("border", [[[ONE, n.to_bytes(8, "big"), 1, ONE] for n in range(401)]]),
    "a head at 0": outer("border", [[[ONE, bytes(8), 0, ONE]]]),
    "a head past 2^53": outer("remove", [ONE, b"", [[ONE, bytes(8), 2**53, ONE]]]),
}


@pytest.mark.parametrize("wrong", MALFORMED.values(), ids=MALFORMED)
def test_an_act_that_is_not_what_it_should_be_is_malformed(wrong: list[Any]) -> None:
    with pytest.raises(Malformed):
        decode_act(*signed(wrong))


def test_the_ceilings_themselves_are_allowed() -> None:
    sixteen = [bytes([n]) * 32 for n in range(1, 17)]
    for fine in (
        outer("rule", ["n" * 64, [[f"s{n:02}", n] for n in range(64)]], after=sixteen, warrants=sixteen[:4]),
        outer("admit", [b"", sorted([device(f"pc{n}"), ONE] for n in range(64))]),
        outer("border", [[[ONE, n.to_bytes(8, "big"), 2**53 - 1, ONE] for n in range(400)]]),
        outer("merge", [[bytes([n]) * 32 for n in range(16)]]),
        outer("name", [ONE, "é" * 64], time=2**48),
    ):
        assert decode_act(*signed(fine)).fields is not None


def test_an_act_past_its_size_is_too_large() -> None:
    with pytest.raises(TooLarge):
        decode_act(*signed(outer("later", [bytes(limits.ACT)])))


def test_fields_have_one_encoding_too() -> None:
    raw, _ = signed(outer("name", [ONE, "Zoe"]))
    longer = raw.replace(b"\xa3Zoe", b"\xd9\x03Zoe")
    assert longer != raw
    with pytest.raises(Malformed, match="canonical"):
        decode_act(longer, keys("anne").sign(SIGN_ACT, codec.digest(b"deskblog/1 act", longer)))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ([device(RECOVERY), device("bruno"), ONE], Malformed),
        ([device("anne"), device("anne"), ONE], Malformed),
        ([SMALL_ORDER, device("anne"), ONE], Forged),
    ],
    ids=["by another device", "its own recovery key", "a recovery key of small order"],
)
def test_a_founding_is_by_its_own_device_with_another_key_to_recover(
    fields: list[bytes], error: type[PeerError]
) -> None:
    with pytest.raises(error):
        decode_act(*signed(outer("found", fields, office=NO_ID, after=[], warrants=[])))


def test_a_device_of_small_order_is_not_admitted() -> None:
    with pytest.raises(Forged):
        decode_act(*signed(outer("admit", [b"", [[SMALL_ORDER, ONE]]])))


@pytest.mark.parametrize(("kind", "version"), [("poll", 1), ("rule", 2)])
def test_an_act_of_a_later_version_is_read_without_its_fields(kind: str, version: int) -> None:
    later = outer(kind, {"any": ["thing", None]}, version=version)
    act = decode_act(*signed(later))
    assert act.fields is None and act.kind == kind and act.raw == msgspec.msgpack.encode(later)


@given(st.binary(max_size=300), st.binary(max_size=70))
def test_garbage_is_a_peers_error(raw: bytes, signature: bytes) -> None:
    with pytest.raises(PeerError):
        decode_act(raw, signature)


@given(st.data())
def test_any_byte_changed_is_a_peers_error(data: st.DataObject) -> None:
    act: Act = BOOK.found
    place = data.draw(st.integers(0, len(act.raw) - 1))
    changed = bytearray(act.raw)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(PeerError):
        decode_act(bytes(changed), act.signature)
