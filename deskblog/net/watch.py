"""Watches this PC itself: addresses that come and go, and whether it slept.

A change must be seen twice running before it is believed. A poll that comes much later than it was asked for means
that the PC slept, or that this program was stopped; where the clock that never jumps stands still in sleep, the wall
clock has gone on without it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from msgspec import Struct

from deskblog.net.interfaces import Interfaces, own_interfaces
from deskblog.net.kernel import Changes

POLL_SECONDS = 2.0
GAP = 5.0  # seconds


class Moved(Struct, frozen=True):
    """`gone`: addresses this PC had, without scopes. `woke`: it slept, and nothing is as sure as it was."""

    here: Interfaces
    gone: frozenset[str]
    woke: bool


def slept(asked: float, monotonic: float, wall: float) -> bool:
    """Whether a PC slept, by what went by on two clocks while `asked` seconds were to be waited for."""
    return monotonic - asked > GAP or wall - monotonic > GAP


class Watch:
    """`tell` is waited for: there is one change at a time. `changes`: who says whether it is worth looking."""

    def __init__(self, tell: Callable[[Moved], Awaitable[None]], changes: Changes | None = None) -> None:
        self._tell = tell
        self._changes = changes or Changes()
        self.here = Interfaces()
        self._poller: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._changes.open()
        self.here = await self._look()
        self._poller = asyncio.create_task(self._poll())

    async def _look(self) -> Interfaces:
        """As before, if the system does not say."""
        try:
            return await asyncio.to_thread(own_interfaces)
        except OSError:
            return self.here

    async def _poll(self) -> None:
        loop = asyncio.get_running_loop()
        before = self.here
        while True:
            began = loop.time(), time.time()
            await asyncio.sleep(POLL_SECONDS)
            woke = slept(POLL_SECONDS, loop.time() - began[0], time.time() - began[1])
            changed = self._changes.said()
            if not (woke or changed or before != self.here):
                continue
            now = await self._look()
            settled, before = woke or now == before, now
            if woke or (settled and now != self.here):
                gone, self.here = self.here.bare - now.bare, now
                await self._tell(Moved(now, gone, woke))

    async def stop(self) -> None:
        if self._poller is not None:
            self._poller.cancel()
            await asyncio.gather(self._poller, return_exceptions=True)
        self._changes.close()
