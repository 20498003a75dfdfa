"""Heads: digests that agree exactly when stores do; frontiers that run ahead of the disk and are never offered."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.net.heads import HeadIndex, bucket_of, chunks
from deskblog.values import DeviceKey, Ends, EntryId, LogName, Point

logs = st.builds(LogName, st.binary(min_size=32, max_size=32).map(DeviceKey), st.binary(min_size=8, max_size=8))
points = st.builds(Point, st.integers(1, 10**6), st.binary(min_size=32, max_size=32).map(EntryId))


ends = points.map(Ends.single)


@given(st.dictionaries(logs, ends, max_size=30), st.randoms())
def test_equal_heads_have_equal_digests_whatever_the_order_of_arrival(
    heads: dict[LogName, Ends], random: Random
) -> None:
    items = list(heads.items())
    random.shuffle(items)
    one, other = HeadIndex(heads), HeadIndex({})
    for log, point in items:
        other.stored(log, point)
    assert one.buckets() == other.buckets()
    assert one.digest() == other.digest()
    assert list(one.differing(other.buckets())) == []


@given(st.dictionaries(logs, ends, min_size=1, max_size=30), st.data())
def test_a_log_that_differs_is_listed_and_its_bucket_alone(heads: dict[LogName, Ends], data: st.DataObject) -> None:
    log = data.draw(st.sampled_from(sorted(heads)))
    one, other = HeadIndex(heads), HeadIndex(heads)
    seq = heads[log].leaves[0].seq + 1
    one.stored(log, Ends.single(Point(seq, EntryId(bytes(32)))))
    listed = list(one.differing(other.buckets()))
    assert (log.device, log.number, seq, bytes(32)) in listed
    assert {bucket_of(LogName(DeviceKey(d), n)) for d, n, _s, _i in listed} == {bucket_of(log)}


LOG = LogName(DeviceKey(b"d" * 32), b"n" * 8)


def point(seq: int, letter: bytes = b"") -> Point:
    return Point(seq, EntryId((letter or str(seq).encode()) * 32)[:32])  # type: ignore[arg-type]


def test_what_is_on_its_way_to_the_disk_is_a_frontier_but_no_head() -> None:
    index = HeadIndex({LOG: Ends.single(point(3))})
    before = index.digest()
    index.coming(LOG, point(9))
    assert index.frontier(LOG) == point(9)
    assert index.ends(LOG) == Ends.single(point(3))
    assert index.digest() == before
    index.failed(LOG)
    assert index.frontier(LOG) == point(3)


def test_a_stored_head_ends_its_frontier() -> None:
    index = HeadIndex({})
    index.coming(LOG, point(2))
    index.stored(LOG, Ends.single(point(1)))
    assert index.frontier(LOG) == point(2)
    index.stored(LOG, Ends.single(point(2)))
    assert index.frontier(LOG) == point(2)
    index.failed(LOG)
    assert index.frontier(LOG) == point(2)


def test_a_fork_changes_the_digest_and_lists_its_proof_but_not_what_is_set_aside() -> None:
    whole = HeadIndex({LOG: Ends.single(point(4))})
    forked = HeadIndex(
        {LOG: Ends((point(4),), (point(8, b"a"), point(9, b"b")), 5, (point(5, b"a"), point(6, b"b")))}
    )
    assert whole.digest() != forked.digest()
    listed = [(seq, ident[:1]) for _device, _number, seq, ident in forked.differing(whole.buckets())]
    assert listed == [(4, b"4"), (5, b"a"), (6, b"b")]
    assert [(seq, ident[:1]) for _d, _n, seq, ident in forked.aside()] == [(8, b"a"), (9, b"b")]


def test_two_forks_that_differ_only_in_where_they_begin_differ() -> None:
    one = HeadIndex({LOG: Ends((), (point(8, b"a"),), 1, (point(8, b"a"), point(9, b"b")))})
    other = HeadIndex({LOG: Ends((), (point(8, b"a"),), 2, (point(8, b"a"), point(9, b"b")))})
    assert one.digest() != other.digest()
    assert one.digest() == HeadIndex({LOG: Ends((), (point(7),), 1)}).digest()


def test_what_is_not_part_of_the_office_is_neither_compared_nor_listed() -> None:
    index = HeadIndex({LOG: Ends((), (point(5),), limit=0)})
    assert index.digest() == HeadIndex({}).digest()
    assert list(index.lines(LOG)) == []
    assert len(list(index.aside())) == 1


def test_an_entry_hangs_only_where_its_previous_one_is_an_end() -> None:
    index = HeadIndex({LOG: Ends((point(5, b"a"),), (point(5, b"a"), point(7, b"b")), 3)})
    assert index.follows(LOG, 6, b"a" * 32) == point(5, b"a")
    assert index.follows(LOG, 8, b"b" * 32) == point(7, b"b")
    assert index.follows(LOG, 8, b"a" * 32) is None
    assert index.follows(LOG, 6, b"b" * 32) is None


def test_head_lines_are_cut_to_messages_and_there_is_always_one() -> None:
    assert chunks([]) == [()]
    line = (b"d" * 32, b"n" * 8, 1, b"i" * 32)
    assert [len(part) for part in chunks([line] * (limits.HEADS + 1))] == [limits.HEADS, 1]
