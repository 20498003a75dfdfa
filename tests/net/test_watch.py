"""This PC is watched: a change must be seen twice, sleep is told by either clock."""

from __future__ import annotations

import asyncio
import concurrent.futures
from ipaddress import IPv4Interface

import pytest

from deskblog.net import watch
from deskblog.net.interfaces import Interface, Interfaces
from deskblog.net.kernel import Changes
from deskblog.net.watch import Moved, Watch, slept

_POOL = concurrent.futures.ThreadPoolExecutor  # else it is imported on the loop, at the first look


@pytest.mark.parametrize(
    ("monotonic", "wall", "woke"),
    [
        (2.0, 2.0, False),
        (6.9, 6.9, False),  # a busy PC
        (62.0, 62.0, True),  # Windows, or stopped: both clocks went on
        (2.0, 62.0, True),  # Linux: the one that never jumps stood still
        (2.0, -3600.0, False),  # the clock was put back
    ],
)
def test_sleep_is_told_by_either_clock(monotonic: float, wall: float, woke: bool) -> None:
    assert slept(2.0, monotonic, wall) is woke


class Unsure(Changes):
    """A system that never knows whether it is worth looking."""

    def said(self) -> bool:
        return True


class Still(Changes):
    """A system on which nothing changes."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.often = 0, asyncio.Event()

    def said(self) -> bool:
        self.asked += 1
        if self.asked == 20:
            self.often.set()
        return False


def at(*addresses: str) -> Interfaces:
    return Interfaces((Interface("eth0", 2, tuple(IPv4Interface(a) for a in addresses), ()),))


async def test_a_system_that_does_not_say_has_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter([at("10.0.0.7/24")])

    def look() -> Interfaces:
        for found in looks:
            return found
        loop.call_soon_threadsafe(said.set)
        raise OSError("no such device")

    said, loop = asyncio.Event(), asyncio.get_running_loop()
    told: asyncio.Queue[Moved] = asyncio.Queue()
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(watch, "own_interfaces", look)
    watching = Watch(told.put, Unsure())
    await watching.start()
    async with asyncio.timeout(5):
        await said.wait()
    assert told.empty() and watching.here == at("10.0.0.7/24")
    await watching.stop()


async def test_a_change_is_believed_when_it_is_seen_twice_running(monkeypatch: pytest.MonkeyPatch) -> None:
    old, flicker, new = at("10.0.0.7/24"), at(), at("10.0.0.9/24")
    looks = iter([old, flicker, old, new, flicker, new])
    told: asyncio.Queue[Moved] = asyncio.Queue()
    monkeypatch.setattr(watch, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(watch, "own_interfaces", lambda: next(looks, new))  # the outer edge: the system's answer
    watching = Watch(told.put, Unsure())
    await watching.start()
    async with asyncio.timeout(5):
        assert await told.get() == Moved(new, frozenset({"10.0.0.7"}), woke=False)
    assert watching.here == new
    await watching.stop()
    assert told.empty()


async def test_where_nothing_changes_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[Interfaces] = []

    def look() -> Interfaces:
        looks.append(at("10.0.0.7/24"))
        return looks[-1]

    monkeypatch.setattr(watch, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(watch, "own_interfaces", look)
    still = Still()
    watching = Watch(asyncio.Queue[Moved]().put, still)
    await watching.start()
    async with asyncio.timeout(5):
        await still.often.wait()
    await watching.stop()
    assert len(looks) == 1
