"""Where links stood is remembered: few places, the newest first, of those who are in, over restarts."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import limits
from deskblog.engine import remembered
from deskblog.engine.remembered import Remembered
from deskblog.values import DeviceKey
from tests.engine.desk import Desk, desks
from tests.engine.test_greedy import let_in

PAUL, CHLOE = DeviceKey(b"p" * 32), DeviceKey(b"c" * 32)


async def again(desk: Desk) -> Remembered:
    """As after a restart."""
    made = Remembered(desk.engine._vault)
    await made.open()
    return made


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What time it is, in ms; each look is a second later."""
    now = [1_000_000]

    def tick() -> int:
        now[0] += 1000
        return now[0]

    monkeypatch.setattr(remembered, "now_ms", tick)
    return now


async def test_the_newest_places_come_first_and_few_are_kept_also_over_a_restart(
    tmp_path: Path, clock: list[int]
) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        held = await again(anne)
        for last in range(10, 20):
            held.good(PAUL, (f"10.0.0.{last}", 20140))
        held.good(CHLOE, ("2001:db8::7", 20141))
        await held.stop()
        newest = tuple((f"10.0.0.{last}", 20140) for last in (19, 18, 17, 16))
        assert held.of(PAUL) == newest and len(newest) == limits.REMEMBERED
        later = await again(anne)
        assert later.of(PAUL) == newest
        assert later.devices() == [CHLOE, PAUL]
        later.good(PAUL, ("10.0.0.17", 20140))
        assert later.of(PAUL)[0] == ("10.0.0.17", 20140)
        assert later.devices() == [PAUL, CHLOE]
        await later.stop()


async def test_a_place_that_was_good_a_moment_ago_is_not_written_again(tmp_path: Path, clock: list[int]) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        held = await again(anne)
        held.good(PAUL, ("10.0.0.8", 20140))
        await held.stop()
        for _link in range(100):
            held.good(PAUL, ("10.0.0.8", 20140))
        assert not held._tasks
        clock[0] += remembered.STALE
        held.good(PAUL, ("10.0.0.8", 20140))
        assert held._tasks
        await held.stop()


@pytest.mark.parametrize("host", ["127.0.0.1", "fe80::7", "::1", "0.0.0.0"])
async def test_what_means_nothing_tomorrow_is_not_remembered(tmp_path: Path, host: str) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        held = await again(anne)
        held.good(PAUL, (host, 20140))
        assert held.devices() == []


async def test_who_is_no_longer_in_is_forgotten_for_good(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        held = await again(anne)
        held.good(PAUL, ("10.0.0.8", 20140))
        held.good(CHLOE, ("10.0.0.9", 20140))
        held.keep_only({CHLOE})
        await held.stop()
        assert (await again(anne)).devices() == [CHLOE]


async def test_of_those_not_heard_a_few_are_tried(tmp_path: Path, clock: list[int]) -> None:
    """The ones linked last; none of them takes a place in the mesh."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        guests = [keys.device for keys in await let_in(anne, limits.REMEMBERED_DIALLED + 4)]
        held = await again(anne)
        for number, device in enumerate(guests):
            held.good(device, (f"10.0.0.{number + 10}", 20140))
        assert held.unheard(heard=frozenset(guests[-2:]), colleague=lambda _device: True) == list(
            reversed(guests[2:-2])
        )
        assert held.unheard(heard=frozenset(), colleague=guests[3].__eq__) == [guests[3]]
        await held.stop()
