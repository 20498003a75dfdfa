"""Whom to link with: everyone in a small office; in a large one few, in one piece, and mostly agreed by both ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deskblog.log import codec
from deskblog.net.mesh import CLIQUE, OTHERS, RING, wanted_links
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
