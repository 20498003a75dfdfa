"""Whom to link with: everyone in a small office; in a large one few, in one piece, and mostly agreed by both ends."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog.log import codec
from deskblog.net.mesh import (
    CARRIERS,
    CLIQUE,
    ENDS,
    OTHERS,
    RING,
    UNHEARD,
    carried,
    goes_first,
    unheard,
    wanted_links,
)
from deskblog.values import DeviceKey


def devices(count: int) -> list[DeviceKey]:
    return [DeviceKey(codec.digest(bytes([n // 256, n % 256]))) for n in range(count)]


def test_a_dozen_are_linked_everyone_with_everyone() -> None:
    office = devices(CLIQUE)
    for me in office:
        assert wanted_links(me, office, 0) == frozenset(office) - {me}


@given(st.integers(CLIQUE + 1, 120), st.integers(0, 1000))
def test_a_large_office_is_in_one_piece_with_few_links_each(count: int, epoch: int) -> None:
    office = devices(count)
    links = {me: wanted_links(me, office, epoch) for me in office}
    assert all(len(chosen) <= RING + OTHERS for chosen in links.values())
    reached, front = {office[0]}, [office[0]]
    while front:
        at = front.pop()
        near = {other for other in office if other in links[at] or at in links[other]}
        front += near - reached
        reached |= near
    assert reached == set(office)


def test_the_choice_is_a_function_of_the_epoch() -> None:
    office = devices(60)
    assert wanted_links(office[0], office, 1) == wanted_links(office[0], reversed(office), 1)
    assert any(wanted_links(me, office, 1) != wanted_links(me, office, 2) for me in office)


@settings(max_examples=20, deadline=None)
@given(st.integers(3, 120))
def test_everyone_has_a_link_it_dialled_and_one_that_dialled_it(count: int) -> None:
    office = devices(count)
    dials = {me: {other for other in office if other != me and goes_first(me, other, office)} for me in office}
    for me in office:
        wanted = wanted_links(me, office, 0)
        assert dials[me] & wanted, "one it dials"
        assert any(me in dials[other] and me in wanted_links(other, office, 0) for other in office), (
            "one that dials it"
        )


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 60))
def test_of_two_exactly_one_goes_first(count: int) -> None:
    office = devices(count)
    for one in office:
        for other in office:
            assert one == other or goes_first(one, other, office) != goes_first(other, one, office)


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 9))
def test_two_of_each_site_carry_and_all_try_where_nobody_does(here: int, there: int, epoch: int) -> None:
    office = devices(here + there)
    mine, site = office[:here], office[here:]
    links = {me: carried(me, mine, site, epoch) for me in mine}
    assert sum(bool(chosen) for chosen in links.values()) == min(here, CARRIERS)
    assert all(chosen <= set(site) and len(chosen) <= ENDS for chosen in links.values())
    assert all(carried(me, mine, site, epoch, reached=False) for me in mine)
    assert carried(mine[0], mine, [], epoch) == frozenset()


def test_of_those_nobody_hears_all_have_their_turn() -> None:
    office = devices(100)
    turns = [unheard(office[0], office[1:], turn) for turn in range(200)]
    assert all(len(some) == UNHEARD for some in turns)
    assert frozenset().union(*turns) == frozenset(office[1:])
