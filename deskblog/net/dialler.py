"""Keeps trying to be linked with those one should be linked with, gently.

A target is a device seen on the network, or an address somebody typed. Each has a task of its own that tries its
addresses in turn, waits longer after each round that failed, and starts over at once when it is nudged: by a new
address, a network that came back, a link that was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable

from msgspec import Struct, field

Address = tuple[str, int]
FIRST_WAIT = 1.0
BREATH = 0.5  # after a round that failed nothing makes the next one follow sooner: rumours cost no more dials
LONGEST_WAIT = 60.0
STEADY = 10.0  # seconds a link must last to be dialled again at once when it is lost


class _Target(Struct):
    addresses: tuple[Address, ...]
    patience: float  # seconds to give the other side to dial first
    wait: float = FIRST_WAIT  # after the next round that fails
    good: Address | None = None  # where a link stood last: a record that lies does not make it forgotten
    nudged: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class Dialler:
    """`dial` tries one address and says whether a link stands now; `linked` whether a target has one already."""

    def __init__(
        self, dial: Callable[[Hashable, Address], Awaitable[bool]], linked: Callable[[Hashable], bool]
    ) -> None:
        self._dial = dial
        self._linked = linked
        self._targets: dict[Hashable, _Target] = {}
        self._ended = False

    def aim(self, key: Hashable, addresses: tuple[Address, ...], *, patience: float = 0.0) -> None:
        """From now on a link with `key` is wanted; a target known already gets these addresses."""
        if self._ended:  # links that end while the program stops are told of as any other, and are not wanted back
            return
        target = self._targets.get(key)
        if target is None:
            target = self._targets[key] = _Target(addresses, patience)
            target.task = asyncio.get_running_loop().create_task(self._pursue(key, target))
        elif target.addresses != addresses or not self._linked(key):
            target.addresses = addresses
            target.nudged.set()

    def drop(self, key: Hashable) -> None:
        """The target is no longer aimed at."""
        target = self._targets.pop(key, None)
        if target is not None and target.task is not None:
            target.task.cancel()

    def nudge(self, key: Hashable) -> None:
        """Its link was lost, or its network came back: try at once."""
        target = self._targets.get(key)
        if target is not None:
            target.nudged.set()

    def start_over(self) -> None:
        """The network is another one now, or was away: everybody without a link is tried at once, and soon again."""
        for target in self._targets.values():
            target.wait = FIRST_WAIT
            target.nudged.set()

    def aims(self) -> frozenset[Hashable]:
        return frozenset(self._targets)

    async def _pursue(self, key: Hashable, target: _Target) -> None:
        clock = asyncio.get_running_loop().time
        pause, linked_at = 0.0, -STEADY
        if target.patience:
            await self._rest(target, target.patience)
        while True:
            target.nudged.clear()
            linked = self._linked(key)
            if not linked:
                linked = await self._try(key, target)
                target.wait = FIRST_WAIT if linked else min(target.wait * 2, LONGEST_WAIT)
                if linked:
                    pause = min(pause * 2 or FIRST_WAIT, LONGEST_WAIT) if clock() - linked_at < STEADY else 0.0
                    linked_at = clock()
            if not linked:
                await asyncio.sleep(BREATH)
            await self._rest(target, LONGEST_WAIT if self._linked(key) else target.wait)
            if pause:  # links that never last are not dialled again like one that was lost
                await asyncio.sleep(pause)

    async def _try(self, key: Hashable, target: _Target) -> bool:
        for address in dict.fromkeys((*target.addresses, target.good)):
            if address is not None and await self._dial(key, address):
                target.good = address
                return True
        return False

    @staticmethod
    async def _rest(target: _Target, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await target.nudged.wait()
        except TimeoutError:
            return

    async def stop(self) -> None:
        """For good."""
        self._ended = True
        tasks = [target.task for target in self._targets.values() if target.task is not None]
        self._targets.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
