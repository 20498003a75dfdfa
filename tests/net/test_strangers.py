"""Unproven links: when there are too many the oldest of the greatest crowd goes, and nobody's one link does."""

from __future__ import annotations

from deskblog import limits
from deskblog.net.link import Link
from deskblog.net.strangers import Strangers


def link(address: str) -> Link:
    made = Link(lambda _link: None, lambda _link, _reason: None, dialled=False)
    made.address = address
    return made


class Door:
    """Strangers, and who was put out."""

    def __init__(self) -> None:
        self.strangers = Strangers()
        self.out: list[Link] = []

    def come(self, address: str) -> Link:
        assert self.strangers.may_come(address)
        made = link(address)
        self.strangers.add(made, lambda: self._put_out(made))
        return made

    def _put_out(self, made: Link) -> None:
        self.strangers.forget(made)
        self.out.append(made)


async def test_of_one_address_there_are_only_so_many_at_a_time() -> None:
    door = Door()
    held = [door.come("a") for _link in range(limits.STRANGERS_ADDRESS)]
    assert not door.strangers.may_come("a") and door.strangers.may_come("b")
    door.strangers.forget(held[0])
    assert door.strangers.may_come("a")
    door.strangers.forget(held[0])
    door.come("a")
    assert not door.strangers.may_come("a") and door.out == []


async def test_the_oldest_of_the_address_that_has_most_makes_room() -> None:
    door = Door()
    honest = door.come("honest")
    crowd = [door.come(f"crowd {n // 7}") for n in range(limits.STRANGERS - 1)]
    another = door.come("another")
    assert door.out == crowd[:1]
    for n in range(50):
        door.come(f"more {n}")
    assert honest not in door.out and another not in door.out
    assert len(door.out) == 51


async def test_where_all_have_one_the_oldest_makes_room() -> None:
    door = Door()
    crowd = [door.come(f"{n}") for n in range(limits.STRANGERS)]
    honest = door.come("honest")
    for n in range(limits.STRANGERS - 1):
        door.come(f"later {n}")
    assert door.out == crowd and honest not in door.out
