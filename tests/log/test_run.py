"""Runs: one signature for up to 256 headers, and nothing accepted that it does not cover."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, TooLarge
from deskblog.log.entry import Entry, write_entry
from deskblog.log.keys import SIGN_ACT
from deskblog.log.run import check_run
from deskblog.values import NO_ID, DeviceKey, LogName, OfficeId, Point
from tests.log.chronicle import device, keys

OFFICE = OfficeId(b"o" * 32)
NUMBER = b"12345678"
LOG = LogName(device("anne"), NUMBER)


def signed_chain(
    length: int, *, office: OfficeId = OFFICE, by: str = "anne", number: bytes = NUMBER
) -> list[tuple[Entry, bytes]]:
    out: list[tuple[Entry, bytes]] = []
    after: Point | None = None
    for n in range(length):
        out.append(write_entry(keys(by), office, number, after, n, "post", b"s" * 16 + bytes([n % 256])))
        after = out[-1][0].point
    return out


WHOLE = signed_chain(limits.RUN + 1)
RAWS = [entry.raw for entry, _signature in WHOLE]


def test_one_signature_vouches_for_256_headers() -> None:
    run = check_run(OFFICE, LOG, None, RAWS[:256], WHOLE[255][1])
    assert [entry.raw for entry in run.entries] == RAWS[:256]
    assert run.first == 1 and run.end == WHOLE[255][0].point and run.log == LOG


def test_257_headers_are_too_many() -> None:
    with pytest.raises(TooLarge, match="257"):
        check_run(OFFICE, LOG, None, RAWS, WHOLE[256][1])


def test_no_headers_are_no_run() -> None:
    with pytest.raises(Malformed, match="empty"):
        check_run(OFFICE, LOG, None, [], bytes(64))


@settings(max_examples=30)
@given(st.sets(st.integers(1, 39)))
def test_a_log_cut_into_runs_anywhere_is_the_same_log(cuts: set[int]) -> None:
    places = [0, *sorted(cuts), 40]
    after: Point | None = None
    entries: list[Entry] = []
    for start, end in pairwise(places):
        run = check_run(OFFICE, LOG, after, RAWS[start:end], WHOLE[end - 1][1])
        assert run.first == start + 1
        entries += run.entries
        after = run.end
    assert [entry.raw for entry in entries] == RAWS[:40]


def test_a_run_continues_only_what_it_follows() -> None:
    good = WHOLE[4][0].point
    assert check_run(OFFICE, LOG, good, RAWS[5:8], WHOLE[7][1]).first == 6
    for after in (None, WHOLE[3][0].point, WHOLE[5][0].point, Point(5, WHOLE[3][0].id), Point(4, good.id)):
        with pytest.raises(Forged, match="follow"):
            check_run(OFFICE, LOG, after, RAWS[5:8], WHOLE[7][1])


def changed(raw: bytes, place: int, value: object) -> bytes:
    fields = msgspec.msgpack.decode(raw)
    fields[place] = value
    return msgspec.msgpack.encode(fields)


@pytest.mark.parametrize("place", [0, 3, 8])
def test_a_forged_entry_anywhere_but_at_the_end_breaks_the_chain(place: int) -> None:
    headers = list(RAWS[:10])
    headers[place] = changed(headers[place], 8, b"h" * 32)
    with pytest.raises(Forged, match="follow"):
        check_run(OFFICE, LOG, None, headers, WHOLE[9][1])


def test_a_forged_entry_at_the_end_breaks_the_signature() -> None:
    headers = [*RAWS[:9], changed(RAWS[9], 6, 999)]
    with pytest.raises(Forged, match="signature"):
        check_run(OFFICE, LOG, None, headers, WHOLE[9][1])


def test_entries_left_out_doubled_or_swapped_are_forged() -> None:
    for headers in (
        [*RAWS[:3], *RAWS[4:10]],
        [*RAWS[:4], *RAWS[3:10]],
        [*RAWS[:3], RAWS[4], RAWS[3], *RAWS[5:10]],
    ):
        with pytest.raises(Forged, match="follow"):
            check_run(OFFICE, LOG, None, headers, WHOLE[9][1])


@pytest.mark.parametrize("seq", [2, 4, 2**53 - 1])
def test_a_seq_that_does_not_follow_is_forged(seq: int) -> None:
    headers = [*RAWS[:2], changed(RAWS[2], 4, seq)]
    with pytest.raises(Forged, match="follow"):
        check_run(OFFICE, LOG, None, headers, WHOLE[2][1])


def test_the_signature_must_be_the_devices_over_the_last_entry() -> None:
    last = WHOLE[4][0]
    for signature in (
        WHOLE[3][1],
        WHOLE[5][1],
        bytes(64),
        b"",
        keys("anne").sign(SIGN_ACT, last.id),
        keys("bruno").sign(b"deskblog/1 sign", last.id),
    ):
        with pytest.raises(Forged, match="signature"):
            check_run(OFFICE, LOG, None, RAWS[:5], signature)


def test_an_entry_of_another_log_of_the_same_device_is_forged() -> None:
    other = signed_chain(3, number=b"87654321")
    with pytest.raises(Forged, match="another log"):
        check_run(OFFICE, LOG, None, [RAWS[0], other[1][0].raw], other[1][1])
    grafted = changed(RAWS[1], 5, other[0][0].id)
    with pytest.raises(Forged, match="follow"):
        check_run(OFFICE, LOG, None, [RAWS[0], grafted], WHOLE[1][1])


def test_an_entry_of_another_device_is_forged() -> None:
    others = signed_chain(2, by="bruno")
    with pytest.raises(Forged, match="another log"):
        check_run(OFFICE, LOG, None, [entry.raw for entry, _ in others], others[-1][1])


def test_an_entry_of_another_office_by_the_same_keys_is_forged() -> None:
    others = signed_chain(2, office=OfficeId(b"x" * 32))
    with pytest.raises(Forged, match="another office"):
        check_run(OFFICE, LOG, None, [entry.raw for entry, _ in others], others[-1][1])


def test_a_header_past_a_ceiling_ends_the_log_before_it() -> None:
    with pytest.raises(Malformed, match="ceiling"):
        check_run(OFFICE, LOG, None, [*RAWS[:2], changed(RAWS[2], 9, limits.BODY + 1)], WHOLE[2][1])
    assert check_run(OFFICE, LOG, None, RAWS[:2], WHOLE[1][1]).end.seq == 2


def test_a_device_key_of_small_order_vouches_for_nothing() -> None:
    small = DeviceKey(b"\x01" + bytes(31))
    fields = [1, OFFICE, small, NUMBER, 1, NO_ID, 0, "post", bytes(32), 0]
    with pytest.raises(Forged, match="usable"):
        # R of small order and S = 0 satisfy the equation that a careless verifier checks.
        check_run(OFFICE, LogName(small, NUMBER), None, [msgspec.msgpack.encode(fields)], small + bytes(32))
