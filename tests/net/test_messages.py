"""Messages: one encoding each; anything else that arrives, in any state, is the peer's fault and nothing worse."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Malformed, PeerError, TooLarge
from deskblog.log import charter
from deskblog.log.keys import DeviceKeys
from deskblog.net import messages as m

LINE = (b"d" * 32, b"n" * 8, 1, b"i" * 32)
SAMPLES: list[m.Message] = [
    m.ServerHello((1,), bytes(32)),
    m.ClientHello(1, "member", bytes(32), bytes(32), bytes(32), bytes(8), bytes(64)),
    m.ServerReady(bytes(8), limits.TIME, (bytes(32),) * limits.ACT_AFTER),
    m.No("removed"),
    m.Who(),
    m.Warrants(((b"act", bytes(64)),)),
    m.Pake(bytes(33)),
    m.Confirm(bytes(32)),
    m.Me("Zoé", bytes(32)),
    m.Welcome(bytes(32), bytes(32), ((b"act", bytes(64)),), more=True),
    m.ActsAsked((bytes(32),)),
    m.Acts(((b"act", bytes(64)),), more=False),
    m.HeadsAsked((bytes(16),) * limits.BUCKETS),
    m.Heads((LINE,) * limits.HEADS, more=False),
    m.Have((LINE,)),
    m.Want(bytes(32), bytes(8), ((1, bytes(32)),), (limits.SEQ, bytes(32))),
    m.RunSent(bytes(32), bytes(8), 1, (b"header",), b""),
    m.BodiesAsked((bytes(32),) * limits.BODIES),
    m.BlobAsked(bytes(32), limits.BLOB, limits.BLOB - 1),
    m.BlobSent(bytes(32), 9, 0, bytes(limits.BLOB_PART)),
    m.Bodies(((bytes(32), b"body"), (bytes(32), m.Why.ERASED)), more=False),
    m.LiveEntry(b"header", bytes(64), None),
    m.Presence(((b"record", bytes(64)),)),
    m.FeedAsked(bytes(16), 0),
    m.FeedSaid(bytes(16), ((b"statement", bytes(64)),) * 2),
    m.FeedHave(((bytes(16), 1),)),
    m.FeedPartAsked(bytes(16), bytes(32), limits.FEED_BODY - 1),
    m.FeedPart(bytes(16), bytes(32), 0, None),
    m.ProgramTold(bytes(limits.PROGRAM_WORD)),
    m.ProgramPartAsked(bytes(32), limits.PROGRAM_PACKAGE - 1),
    m.ProgramPart(bytes(32), 0, None),
    m.TryAsked(bytes(32)),
    m.Tried(bytes(32), 5, 1),
    m.Ping(bytes(32), bytes(32)),
    m.There(),
    m.Twin(),
    m.Bye("leaving"),
]
STATES: dict[str, Any] = {
    "client": m.ClientHello,
    "server": m.ServerHello,
    "ready": m.AwaitReady,
    "judging": m.Judging,
    "joining": m.Joining,
    "linked": m.Linked,
}
samples = pytest.mark.parametrize("message", SAMPLES, ids=lambda message: type(message).__name__)
states = pytest.mark.parametrize("state", STATES)

leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.binary(max_size=70)
    | st.text(max_size=20)
)
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=8) | st.dictionaries(leaves, inner, max_size=3))


def takes(payload: bytes, state: str) -> bool:
    """True if this is a message of that state; whatever is not must be the peer's fault."""
    try:
        return isinstance(m.decode(payload, STATES[state]), m.Message)
    except PeerError:
        return False


def test_no_message_is_missing_here() -> None:
    assert {type(message) for message in SAMPLES} == set(m.Message.__subclasses__())


@samples
def test_a_message_is_read_as_it_was_written_and_fits_a_frame(message: m.Message) -> None:
    payload = m.encode(message)
    assert m.decode(payload, type(message)) == message
    assert len(payload) <= limits.FRAME


@samples
@states
def test_a_message_is_taken_where_it_belongs_and_nowhere_else(message: m.Message, state: str) -> None:
    shapes = getattr(STATES[state], "__args__", (STATES[state],))
    assert takes(m.encode(message), state) == (type(message) in shapes)


def test_what_is_said_before_the_proof_fits_its_ceiling() -> None:
    versions = m.ServerHello((65535,) * 16, bytes(32))
    longest = m.ClientHello(65535, "member", bytes(32), bytes(32), bytes(32), bytes(8), bytes(64))
    assert max(len(m.encode(versions)), len(m.encode(longest))) <= limits.HELLO
    with pytest.raises(TooLarge):
        m.decode(bytes(limits.HELLO + 1), m.ClientHello, limits.HELLO)


@samples
def test_a_longer_or_shorter_array_is_malformed(message: m.Message) -> None:
    items = msgspec.msgpack.decode(m.encode(message))
    for wrong in ([*items, None], items[:-1], [*items, *items], [items], items[0], {items[0]: items[1:]}):
        with pytest.raises(PeerError):
            m.decode(msgspec.msgpack.encode(wrong), type(message))


@samples
def test_a_longer_encoding_of_the_same_is_malformed(message: m.Message) -> None:
    payload = m.encode(message)
    name = 1 + payload[1:].index(payload[2:3])
    longer_array = b"\xdc\x00" + bytes([payload[0] & 0x0F]) + payload[1:]
    longer_name = payload[: name - 1] + b"\xd9" + bytes([payload[1] & 0x1F]) + payload[name:]
    for longer in (longer_array, longer_name):
        assert msgspec.msgpack.decode(longer) == msgspec.msgpack.decode(payload)
        with pytest.raises(Malformed):
            m.decode(longer, type(message))


@pytest.mark.parametrize(
    ("message", "change"),
    [
        ("ClientHello", {"version": 0}),
        ("ClientHello", {"version": 65536}),
        ("ClientHello", {"state": "keyholder"}),
        ("ClientHello", {"state": "member\n"}),
        ("ClientHello", {"device": bytes(31)}),
        ("ClientHello", {"signature": bytes(65)}),
        ("ServerHello", {"versions": ()}),
        ("ServerHello", {"versions": (1,) * 17}),
        ("ServerReady", {"time": -1}),
        ("ServerReady", {"time": limits.TIME + 1}),
        ("ServerReady", {"tips": (bytes(32),) * (limits.ACT_AFTER + 1)}),
        ("No", {"reason": "x" * 65}),
        ("Warrants", {"acts": ((b"", bytes(64)),) * 17}),
        ("Warrants", {"acts": ((b"", bytes(63)),)}),
        ("Pake", {"share": bytes(32)}),
        ("Pake", {"share": bytes(34)}),
        ("Me", {"name": ""}),
        ("Me", {"name": "x" * (limits.NAME + 1)}),
        ("HeadsAsked", {"buckets": (bytes(16),) * 63}),
        ("Have", {"heads": ()}),
        ("Heads", {"heads": (LINE,) * (limits.HEADS + 1)}),
        ("Heads", {"heads": ((b"d" * 32, b"n" * 8, 0, b"i" * 32),)}),
        ("Want", {"points": ((0, bytes(32)),)}),
        ("Want", {"points": ((2**63, bytes(32)),)}),
        ("Want", {"to": (0, bytes(32))}),
        ("Want", {"to": (2**64 - 1, bytes(32))}),
        ("Want", {"points": ((1, bytes(32)),) * 65}),
        ("RunSent", {"headers": (b"",) * (limits.RUN + 1)}),
        ("BodiesAsked", {"ids": ()}),
        ("BodiesAsked", {"ids": (bytes(32),) * (limits.BODIES + 1)}),
        ("BlobAsked", {"size": 0}),
        ("BlobAsked", {"size": limits.BLOB + 1}),
        ("BlobAsked", {"offset": limits.BLOB}),
        ("BlobAsked", {"offset": -1}),
        ("BlobSent", {"hash": bytes(31)}),
        ("BlobSent", {"data": bytes(limits.BLOB_PART + 1)}),
        ("BlobSent", {"size": limits.BLOB + 1}),
        ("FeedAsked", {"time": limits.TIME + 1}),
        ("FeedSaid", {"signed": ((b"", bytes(64)),) * 3}),
        ("FeedSaid", {"signed": ((bytes(limits.FEED_STATEMENT + 1), bytes(64)),)}),
        ("FeedHave", {"copies": ()}),
        ("FeedHave", {"copies": ((bytes(16), 1),) * (limits.FEED_HAVES + 1)}),
        ("FeedHave", {"copies": ((bytes(15), 1),)}),
        ("FeedPartAsked", {"offset": limits.FEED_BODY}),
        ("FeedPart", {"data": bytes(limits.BLOB_PART + 1)}),
        ("ProgramTold", {"word": b""}),
        ("ProgramTold", {"word": bytes(limits.PROGRAM_WORD + 1)}),
        ("ProgramPartAsked", {"offset": limits.PROGRAM_PACKAGE}),
        ("ProgramPart", {"offset": -1}),
        ("ProgramPart", {"data": b""}),
        ("ProgramPart", {"data": bytes(limits.BLOB_PART + 1)}),
        ("Bodies", {"bodies": ((bytes(32), 256),)}),
        ("Bodies", {"bodies": ((bytes(32), True),)}),
        ("Bodies", {"bodies": ((bytes(32), 1.0),)}),
        ("Bodies", {"more": 1}),
    ],
)
def test_what_is_out_of_range_is_malformed(message: str, change: dict[str, Any]) -> None:
    sample = next(one for one in SAMPLES if type(one).__name__ == message)
    assert takes(m.encode(sample), _a_state_of(sample))
    with pytest.raises(Malformed):
        m.decode(m.encode(msgspec.structs.replace(sample, **change)), type(sample))


def _a_state_of(message: m.Message) -> str:
    return next(state for state in STATES if takes(m.encode(message), state))


@states
@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x91" * 5000 + b"\x90",
        b"\xdd\xff\xff\xff\xff",  # an array said to hold 2^32 - 1
        b"\x91\xdb\xff\xff\xff\xff",
        b"\x92\xa2no\xa2\xc3\x28",  # not UTF-8
        b"\x92\xa2no\xa3\xed\xa0\x80",  # half a surrogate pair
        b"\x92\xa2no\xc7\x05\x01hello",  # an extension type
        b"\x92\xa2no\xd6\xff\x00\x00\x00\x00",  # a timestamp
        b"\x92\xa2no\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00",  # not a number
        b"\x82\xa2no\xa1a\xa2no\xa1b",  # a map with one key twice
        b"\x92\xa2no\xc1",
        b"\x92\xa2no\xa1a\x00",  # something behind it
    ],
    ids=range(12),
)
def test_ill_made_bytes_are_the_peers_fault_in_every_state(payload: bytes, state: str) -> None:
    assert not takes(payload, state)
    with pytest.raises(PeerError):
        m.decode(payload, STATES[state])


@given(st.binary(max_size=300) | values.map(msgspec.msgpack.encode), st.sampled_from(sorted(STATES)))
def test_garbage_is_no_message_of_any_state(payload: bytes, state: str) -> None:
    if takes(payload, state):
        assert m.encode(m.decode(payload, STATES[state])) == payload


@given(st.sampled_from(SAMPLES), st.data())
def test_a_message_with_bytes_changed_is_another_message_or_none(message: m.Message, data: st.DataObject) -> None:
    payload = bytearray(m.encode(message))
    for _n in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, min(len(payload), 40) - 1))] = data.draw(st.integers(0, 255))
    for state in STATES:
        if takes(bytes(payload), state):
            assert m.encode(m.decode(bytes(payload), STATES[state])) == payload


@given(st.sampled_from(SAMPLES[:-1]), st.data())
def test_a_field_of_another_shape_is_refused_or_read_as_what_it_is(message: m.Message, data: st.DataObject) -> None:
    items = msgspec.msgpack.decode(m.encode(message))
    items[data.draw(st.integers(0, len(items) - 1))] = data.draw(values)
    payload = msgspec.msgpack.encode(items)
    for state in STATES:
        if takes(payload, state):
            assert msgspec.msgpack.decode(m.encode(m.decode(payload, STATES[state]))) == items


# --- among colleagues -------------------------------------------------------------------------------------
def test_a_name_from_a_later_version_is_passed_over() -> None:
    assert m.decode_linked(msgspec.msgpack.encode(["weather", {"here": True}, 1.5])) is None
    assert m.decode_linked(m.encode(m.Ping(bytes(32), bytes(32)))) == m.Ping(bytes(32), bytes(32))


@pytest.mark.parametrize("payload", [b"\x91\xa4ping", b"\x90", b"\xc0", b"\x91\x01", b"\x91\xd9\x21" + b"x" * 33])
def test_a_known_name_said_wrongly_and_what_has_no_name_are_malformed(payload: bytes) -> None:
    with pytest.raises(Malformed):
        m.decode_linked(payload)


def test_messages_of_another_state_mean_nothing_among_colleagues() -> None:
    """They are names not known there: passed over, as any other."""
    assert m.decode_linked(m.encode(m.Pake(bytes(33)))) is None


@given(st.binary(max_size=200) | values.map(msgspec.msgpack.encode))
def test_garbage_among_colleagues_is_the_peers_fault_or_passed_over(payload: bytes) -> None:
    try:
        assert m.decode_linked(payload) is None
    except PeerError:
        return


def test_acts_are_cut_to_frames_in_their_order_and_there_is_always_a_part() -> None:
    anne = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
    recovery = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32)).device
    acts = charter.founding(anne, recovery, "Office", "Anne", 1) * 150
    parts = m.act_parts(acts)
    assert [one for part in parts for one in part] == [(act.raw, act.signature) for act in acts]
    assert len(parts) > 1
    assert all(len(m.encode(m.Acts(part, more=True))) <= limits.FRAME for part in parts)
    assert m.act_parts([]) == [()]
