"""Asks the system whether nothing should pop up now. Lives on the engine's loop and never holds it up.

A source that is not there, fails or does not answer in time says no.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from deskblog.attention import native
from deskblog.attention.quiet import Ask, Quiet
from deskblog.attention.within import Fault, within

if sys.platform == "linux":
    from deskblog.attention import linux

EVERY = 3.0  # s: asked sooner, it says what it said
PATIENCE = 1.0  # s for one source
Close = Callable[[], Coroutine[Any, Any, None]]


class Hush:
    """`look` when something is to pop up, or `follow` while something waits for the quiet to end."""

    def __init__(self, sources: Sequence[Ask] | None = None, *, every: float = EVERY) -> None:
        """`sources`: those of this system, unless given."""
        self._sources, self._close = _here() if sources is None else (sources, _nothing_to_close)
        self._every = every
        self._one = asyncio.Lock()
        self._said, self._said_at = Quiet(), -every
        self._times_forgotten = 0

    async def look(self) -> Quiet:
        async with self._one:
            clock = asyncio.get_running_loop().time
            if clock() - self._said_at >= self._every:
                before = self._times_forgotten
                answers = await asyncio.gather(*(_ask(source) for source in self._sources))
                self._said = Quiet()
                for answer in answers:
                    self._said |= answer
                if before == self._times_forgotten:  # else the answer may be older than what made it void
                    self._said_at = clock()
            return self._said

    def forget(self) -> None:
        """What was said last holds no more, nor what is being said just now."""
        self._times_forgotten += 1
        self._said_at = -self._every

    async def follow(self, changed: Callable[[Quiet], None]) -> None:
        """Tells each change from what `look` said last, until it is cancelled."""
        told = self._said
        while True:
            if (said := await self.look()) != told:
                told = said
                changed(said)
            await asyncio.sleep(self._every)

    async def stop(self) -> None:
        await within(PATIENCE, self._close())


class _Native:
    """A library that may block, asked on a thread; not again while it has not answered."""

    def __init__(self, make: Callable[[], Callable[[], Quiet]]) -> None:
        self._make = make
        self._ask: Callable[[], Quiet] | None = None
        self._asked: asyncio.Future[Quiet] | None = None

    async def __call__(self) -> Quiet:
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(asyncio.to_thread(self._answer))
        return await asyncio.shield(self._asked)

    def _answer(self) -> Quiet:
        with suppress(OSError):
            self._ask = self._ask or self._make()
            return self._ask()
        return Quiet()


def _here() -> tuple[Sequence[Ask], Close]:
    """The sources of this system; under Wayland X is not asked, for it sees its own windows alone."""
    if sys.platform == "win32":
        return [_Native(native.windows)], _nothing_to_close
    if sys.platform == "darwin":
        return [_Native(native.mac)], _nothing_to_close
    screen = [] if os.environ.get("WAYLAND_DISPLAY") else [_Native(native.x11)]
    asks, close = linux.sources()
    return [*screen, *asks], close


async def _nothing_to_close() -> None:
    pass


async def _ask(source: Ask) -> Quiet:
    """What a source says in time; it is asked only once this runs, for it may be cancelled before."""
    answer = await within(PATIENCE, _said_by(source))
    return Quiet() if isinstance(answer, Fault) else answer


async def _said_by(source: Ask) -> Quiet:
    return await source()
