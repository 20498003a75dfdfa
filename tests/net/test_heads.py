"""Heads: digests that agree exactly when stores do; frontiers that run ahead of the disk and are never offered."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.net.heads import HeadIndex, bucket_of, chunks
from deskblog.values import DeviceKey, EntryId, LogName, Point

logs = st.builds(LogName, st.binary(min_size=32, max_size=32).map(DeviceKey), st.binary(min_size=8, max_size=8))
points = st.builds(Point, st.integers(1, 10**6), st.binary(min_size=32, max_size=32).map(EntryId))


@given(st.dictionaries(logs, points, max_size=30), st.randoms())
def test_equal_heads_have_equal_digests_whatever_the_order_of_arrival(
    heads: dict[LogName, Point], random: Random
) -> None:
    items = list(heads.items())
    random.shuffle(items)
    one, other = HeadIndex(heads), HeadIndex({})
    for log, point in items:
        other.stored(log, point)
    assert one.buckets() == other.buckets()
    assert one.digest() == other.digest()
    assert list(one.differing(other.buckets())) == []


@given(st.dictionaries(logs, points, min_size=1, max_size=30), st.data())
def test_a_log_that_differs_is_listed_and_its_bucket_alone(heads: dict[LogName, Point], data: st.DataObject) -> None:
    log = data.draw(st.sampled_from(sorted(heads)))
    one, other = HeadIndex(heads), HeadIndex(heads)
    one.stored(log, Point(heads[log].seq + 1, EntryId(bytes(32))))
    listed = list(one.differing(other.buckets()))
    assert (log.device, log.number, heads[log].seq + 1, bytes(32)) in listed
    assert {bucket_of(LogName(DeviceKey(d), n)) for d, n, _s, _i in listed} == {bucket_of(log)}


def test_what_is_on_its_way_to_the_disk_is_a_frontier_but_no_head() -> None:
    log = LogName(DeviceKey(b"d" * 32), b"n" * 8)
    index = HeadIndex({log: Point(3, EntryId(b"3" * 32))})
    before = index.digest()
    index.coming(log, Point(9, EntryId(b"9" * 32)))
    frontier = index.frontier(log)
    assert frontier is not None and frontier.seq == 9
    head = index.head(log)
    assert head is not None and head.seq == 3
    assert index.digest() == before
    index.failed(log)
    assert index.frontier(log) == head


def test_a_stored_head_ends_its_frontier_and_never_goes_back() -> None:
    log = LogName(DeviceKey(b"d" * 32), b"n" * 8)
    index = HeadIndex({})
    index.coming(log, Point(2, EntryId(b"2" * 32)))
    index.stored(log, Point(2, EntryId(b"2" * 32)))
    index.stored(log, Point(1, EntryId(b"1" * 32)))
    assert index.frontier(log) == index.head(log) == Point(2, EntryId(b"2" * 32))


def test_head_lines_are_cut_to_messages_and_there_is_always_one() -> None:
    assert chunks([]) == [()]
    line = (b"d" * 32, b"n" * 8, 1, b"i" * 32)
    assert [len(part) for part in chunks([line] * (limits.HEADS + 1))] == [limits.HEADS, 1]
