"""Which blob is fetched from whom: sans-IO, with the parts in hand."""

from __future__ import annotations

from deskblog import limits
from deskblog.log.attachment import BlobName
from deskblog.net.gathering import Ask, Gathering
from deskblog.values import DeviceKey

ANNE, PAUL, MARC = (DeviceKey(bytes([n]) * 32) for n in (1, 2, 3))
PART = limits.BLOB_PART


def blob(n: int, parts: int = 1) -> BlobName:
    return BlobName(bytes([n]) * 32, parts * PART)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def gathering(*devices: DeviceKey) -> Gathering:
    made = Gathering(Clock())
    for device in devices:
        made.joined(device)
    return made


def offsets(asks: list[Ask]) -> list[int]:
    return [ask.offset // PART for ask in asks]


def test_four_parts_of_a_link_are_in_flight_and_each_that_lands_lets_one_go() -> None:
    one = gathering(ANNE)
    one.want(blob(1, 9), 0)
    assert offsets(one.next()) == [0, 1, 2, 3]
    assert one.next() == []
    assert one.part(ANNE, blob(1, 9), 0, PART)
    assert offsets(one.next()) == [4]


def test_several_blobs_are_asked_of_several_peers() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1, 9), 0)
    one.want(blob(2, 9), 0)
    asks = one.next()
    assert {(ask.device, ask.name) for ask in asks} == {(ANNE, blob(1, 9)), (PAUL, blob(2, 9))}
    assert len(asks) == 8


def test_who_does_not_hold_it_is_not_asked_again_until_it_says_so_or_time_passes() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1), 0)
    (first,) = one.next()
    one.lacks(first.device, blob(1))
    (second,) = one.next()
    assert {first.device, second.device} == {ANNE, PAUL}
    one.lacks(second.device, blob(1))
    assert one.next() == []
    one.holds(first.device, blob(1))
    assert [ask.device for ask in one.next()] == [first.device]
    one.lacks(first.device, blob(1))
    one.again()
    assert len(one.next()) == 1


def test_from_another_peer_it_goes_on_where_it_was_cut() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1, 9), 2 * PART)
    asks = one.next()
    assert offsets(asks) == [2, 3, 4, 5]
    assert one.part(asks[0].device, blob(1, 9), 2 * PART, PART)
    one.left(asks[0].device)
    again = one.next()
    assert offsets(again) == [3, 4, 5, 6] and again[0].device != asks[0].device


def test_only_the_next_part_of_whom_was_asked_is_kept() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1, 9), 0)
    source = one.next()[0].device
    other = PAUL if source == ANNE else ANNE
    assert not one.part(other, blob(1, 9), 0, PART)
    assert not one.part(source, blob(1, 9), PART, PART)
    assert not one.part(source, blob(2), 0, PART)
    assert one.part(source, blob(1, 9), 0, PART)
    assert not one.part(source, blob(1, 9), 0, PART)


def test_a_part_of_another_length_ends_it_with_that_peer() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1, 2), 0)
    source = one.next()[0].device
    assert not one.part(source, blob(1, 2), 0, 17)
    assert {ask.device for ask in one.next()} == {ANNE, PAUL} - {source}


def test_a_liar_is_asked_for_it_no_more_and_others_are() -> None:
    one = gathering(ANNE, PAUL)
    one.want(blob(1), 0)
    (ask,) = one.next()
    assert one.part(ask.device, blob(1), 0, PART)
    one.wrong(blob(1))
    (second,) = one.next()
    assert second.device != ask.device and second.offset == 0
    one.lacks(second.device, blob(1))
    one.again()
    one.joined(ask.device)
    assert [one.device for one in one.next()] == [second.device]


def test_where_several_gave_of_a_wrong_one_it_is_had_of_one_alone() -> None:
    one = gathering(ANNE, PAUL, MARC)
    one.want(blob(1, 2), 0)
    first = one.next()[0].device
    assert one.part(first, blob(1, 2), 0, PART)
    one.left(first)
    second = one.next()[0].device
    assert one.part(second, blob(1, 2), PART, PART)
    one.wrong(blob(1, 2))
    one.joined(first)
    asks = one.next()
    assert offsets(asks) == [0, 1]
    assert one.part(asks[0].device, blob(1, 2), 0, PART)
    one.left(asks[0].device)
    assert offsets(one.next()) == [0, 1]  # from its beginning, though half was here


def test_what_was_here_at_the_start_and_is_wrong_blames_nobody() -> None:
    one = gathering(ANNE)
    one.want(blob(1, 2), PART)
    assert offsets(one.next()) == [1]
    assert one.part(ANNE, blob(1, 2), PART, PART)
    one.wrong(blob(1, 2))
    assert offsets(one.next()) == [0, 1]


def test_who_is_silent_is_left_for_another() -> None:
    clock = Clock()
    one = Gathering(clock)
    one.joined(ANNE)
    one.joined(PAUL)
    one.want(blob(1, 9), 0)
    first = one.next()[0].device
    clock.now += limits.ANSWER_SECONDS
    one.give_up_late()
    assert one.next() == []
    clock.now += 1
    one.give_up_late()
    assert one.next()[0].device != first


def test_only_so_many_are_fetched_at_a_time_and_those_nobody_holds_make_room() -> None:
    one = gathering(ANNE)
    for n in range(limits.BLOBS_WANTED + 5):
        one.want(blob(n), 0)
    assert one.room == 0 and blob(limits.BLOBS_WANTED) not in one
    for ask in one.next():
        one.lacks(ANNE, ask.name)
    one.rest()
    assert one.room == limits.BLOBS_FLYING


def test_what_somebody_waits_for_goes_first_even_past_the_room() -> None:
    one = gathering()
    for n in range(limits.BLOBS_WANTED):
        one.want(blob(n), 0)
    one.want(blob(200), 0, first=True)
    one.joined(ANNE)
    assert one.next()[0].name == blob(200)
