"""Who says to be here: the newest word of each device counts, nobody speaks for another, and nothing floods."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import codec
from deskblog.log.keys import DeviceKeys, verify
from deskblog.net import messages as m
from deskblog.net import presence as p
from deskblog.values import DeviceKey, OfficeId

OFFICE = OfficeId(bytes(range(32)))
ANNE, PAUL, MALLORY = (DeviceKeys(bytes([n]) * 32, bytes([n]) * 32) for n in (1, 2, 3))
FULL = tuple(sorted(bytes([n]) * p.PREFIX for n in range(limits.LINKS)))


def record(of: DeviceKeys = PAUL, started: int = 1, number: int = 1, **fields: object) -> p.Record:
    plain = p.Record(1, of.device, started, number, p.HERE, "", 20140, (), (), ())
    return msgspec.structs.replace(plain, **fields)


def said(what: p.Record, by: DeviceKeys = PAUL, office: OfficeId = OFFICE) -> p.Said:
    """As it comes over Paul's link, signed by whom one likes."""
    return p.Said.read(p.write_record(by, office, what), PAUL.device)


@pytest.fixture
def presences() -> p.Presences:
    return p.Presences(ANNE.device, OFFICE)


def test_the_newest_counts_and_is_news_once(presences: p.Presences) -> None:
    assert presences.take(said(record(number=2)), 0.0)
    assert not presences.take(said(record(number=2)), 5.0)
    assert not presences.take(said(record(number=1)), 5.0)
    assert presences.take(said(record(started=2, number=1, state=p.AWAY)), 5.0)
    assert presences.records[PAUL.device].state == p.AWAY
    assert [p.read_record(raw) for raw, _signature in presences.all_signed] == [presences.records[PAUL.device]]


@pytest.mark.parametrize(
    "forged",
    [said(record(), by=MALLORY), said(record(), office=OfficeId(bytes(32)))],
    ids=["by another", "of another office"],
)
def test_nobody_speaks_for_another(presences: p.Presences, forged: p.Said) -> None:
    with pytest.raises(Forged):
        presences.take(forged, 0.0)
    assert not presences.records


def test_of_what_comes_too_soon_the_newest_waits_and_is_looked_at_then(presences: p.Presences) -> None:
    assert presences.take(said(record(number=1)), 10.0)
    for number in (3, 4, 2):
        assert not presences.take(said(record(number=number)), 10.5)
    assert presences.waiting and presences.due(10.9) is None
    held = presences.due(11.0)
    assert held is not None and held.record.number == 4
    assert presences.due(11.0) is None
    assert presences.take(held, 11.0)
    assert not presences.take(said(record(number=9), by=MALLORY), 11.1), "forged, and not looked at yet"
    forged = presences.due(12.0)
    assert forged is not None and forged.by == PAUL.device
    with pytest.raises(Forged):
        presences.take(forged, 12.0)


def test_ten_thousand_changes_of_one_device_cost_one_signature_a_second(
    presences: p.Presences, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = 0

    def counting(key: bytes, label: bytes, message: bytes, signature: bytes) -> None:
        nonlocal checks
        checks += 1
        verify(key, label, message, signature)

    monkeypatch.setattr("deskblog.net.presence.verify", counting)
    signed = said(record())
    for number in range(1, 10_001):
        one = p.Said(record(number=number), signed.signed, PAUL.device)
        if number == 1:
            presences.take(one, 0.0)
        else:
            presences.take(one, 0.5)
    assert checks == 1 and presences.waiting


def test_whoever_is_out_is_forgotten(presences: p.Presences) -> None:
    presences.take(said(record()), 0.0)
    presences.take(said(record(number=2)), 0.1)
    presences.only([ANNE.device])
    assert not presences.records and not presences.all_signed and not presences.waiting


def test_what_is_said_with_ones_own_key_is_news_but_not_kept(presences: p.Presences) -> None:
    assert presences.take(said(record(of=ANNE), by=ANNE), 0.0)
    assert ANNE.device not in presences.records


@pytest.mark.parametrize(
    "wrong",
    [
        record(near=FULL[::-1]),
        record(near=(FULL[0], FULL[0])),
        record(near=(FULL[1],), far=(FULL[1],)),
        record(place="x" * (limits.NAME + 1)),
        record(addresses=("10.0.0.1",) * (limits.ADDRESSES + 1)),
        record(addresses=("1" * 46,)),
        record(port=65536),
        record(number=0),
        record(device=bytes(31)),
        record(near=(bytes(9),)),
        record(near=FULL, far=(b"\xff" * p.PREFIX,)),
    ],
)
def test_what_is_no_record_is_the_fault_of_who_sends_it(wrong: p.Record) -> None:
    with pytest.raises((Malformed, TooLarge)):
        p.read_record(codec.encode(wrong))


def test_a_record_of_the_greatest_size_fits_and_one_longer_does_not() -> None:
    full = record(near=FULL, place="é" * limits.NAME, addresses=("f" * 45,) * limits.ADDRESSES)
    raw = codec.encode(full)
    assert len(raw) < limits.PRESENCE and p.read_record(raw) == full
    longer = codec.encode((*msgspec.structs.astuple(full), "x" * limits.PRESENCE))
    with pytest.raises(TooLarge):
        p.read_record(longer)


def test_a_later_version_may_append() -> None:
    raw = codec.encode((2, *msgspec.structs.astuple(record())[1:], "more"))
    assert p.read_record(raw).device == PAUL.device


@given(st.binary(max_size=300))
def test_garbage_is_the_peers_fault(raw: bytes) -> None:
    with pytest.raises(PeerError):
        p.read_record(raw)


def test_many_records_are_cut_to_frames_in_their_order() -> None:
    signed = [p.write_record(PAUL, OFFICE, record(number=n, near=FULL)) for n in range(1, 201)]
    messages = p.messages(signed)
    assert len(messages) > 1 and [one for message in messages for one in message.records] == signed
    assert all(len(m.encode(message)) <= limits.FRAME for message in messages)
    assert p.messages([]) == []


def test_a_record_is_of_a_few_hundred_bytes_in_a_clique_of_a_dozen() -> None:
    usual = record(near=FULL[:11], addresses=("192.168.1.20", "2a01:e0a:1:2::20"), place="Lille")
    raw, signature = p.write_record(PAUL, OFFICE, usual)
    assert len(raw) + len(signature) < 320


def test_keys_are_named_by_enough_of_them() -> None:
    assert DeviceKey(bytes(32))[: p.PREFIX] == bytes(8)


def test_what_a_device_says_to_run_may_lack_and_is_no_longer_than_a_version() -> None:
    earlier = msgspec.to_builtins(record(program="0.2.0"), builtin_types=(bytes,))[:10]
    assert p.read_record(msgspec.msgpack.encode(earlier)).program == ""
    assert p.read_record(p.write_record(PAUL, OFFICE, record(program="9" * limits.PROGRAM))[0]).program
    with pytest.raises(Malformed):
        p.read_record(p.write_record(PAUL, OFFICE, record(program="9" * (limits.PROGRAM + 1)))[0])
