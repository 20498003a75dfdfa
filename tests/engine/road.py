"""An office with somebody on the road: real engines, a real gateway, and a clock that all look at and a test sets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence, Set
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from deskblog.attention.sender import send_by_first
from deskblog.attention.travel import Kind
from deskblog.engine.vault import now_ms
from deskblog.values import EntryId
from tests.attention.gateways import Gateway
from tests.engine.desk import PATIENCE, Desk

SECOND, MINUTE = 1000, 60_000
STEP = 15 * SECOND


class Clock:
    """The real one, set ahead."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return now_ms() + self.ahead


class Road:
    """Paul founds the office; Anne has a rule; Bruno and Chloe carry. The gateway, on this machine, may be asked."""

    def __init__(self, folder: Path, gateway: Gateway) -> None:
        self.folder, self.gateway, self.clock = folder, gateway, Clock()
        self.desks: dict[str, Desk] = {}

    async def start(self, name: str) -> Desk:
        desk = Desk(self.folder, name)
        desk.engine.forwarding.carrying.now = self.clock
        desk.engine.forwarding.carrying.send = partial(send_by_first, local=True)
        self.desks[name] = desk
        await desk.engine.start()
        return desk

    async def open(self) -> None:
        paul = await self.start("Paul")
        await paul.found()
        for name in ("Anne", "Bruno", "Chloe"):
            await paul.admit(await self.start(name))
        await self._seen()

    async def _seen(self) -> None:
        """All know of all, and the carriers of each other and of Anne that they are here: it takes real seconds."""
        watched = self.desks.keys() - {"Paul"}
        for name in self.desks:
            await self.until(name, partial(self._sees, name, watched if name != "Anne" else set()))

    async def _sees(self, name: str, watched: Set[str]) -> bool:
        people = await self.desks[name].engine.people()
        return len(people) == 4 and watched <= {one.name for one in people if one.here}

    async def close(self) -> None:
        for desk in self.desks.values():
            await desk.engine.stop()

    def url(self, mood: str = "200") -> str:
        return f"json://anne:s3cr3t@{self.gateway.address}/{mood}"

    async def set(self, mood: str = "200", *, kinds: Sequence[Kind] = tuple(Kind), cap: int = 30) -> None:
        """Anne's rule, known to both carriers."""
        anne = self.desks["Anne"].engine.forwarding
        await anne.set([self.url(mood)], kinds=kinds, cap=cap, carriers=["Bruno", "Chloe"])
        for name in ("Bruno", "Chloe"):
            await self.until(name, partial(self.knows, name))

    async def knows(self, name: str) -> bool:
        return bool(await self.desks[name].engine.forwarding.carried())

    async def until(self, name: str, true: Callable[[], Awaitable[object]]) -> None:
        """Waits until something is true of a desk: it is asked anew with each of its events."""
        desk = self.desks[name]
        async with asyncio.timeout(PATIENCE):
            while True:
                desk._news.clear()
                if await true():
                    return
                await desk._next()

    async def leave(self, name: str) -> None:
        """A PC is switched off, and all others see it."""
        await self.desks.pop(name).engine.stop()
        for other in self.desks:
            await self.until(other, partial(self._sees_gone, other, name))

    async def _sees_gone(self, name: str, gone: str) -> bool:
        return not any(one.here for one in await self.desks[name].engine.people() if one.name == gone)

    async def kill(self, name: str) -> None:
        """It ends as by a power cut: what it would still say is not said."""
        engine = self.desks.pop(name).engine
        life = engine.forwarding.carrying._life
        assert life is not None
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
        engine.forwarding.carrying._life = None
        engine.forwarding.carrying._claimed.clear()
        await engine.stop()
        for other in self.desks:
            await self.until(other, partial(self._sees_gone, other, name))

    async def back(self, name: str) -> Desk:
        """It is switched on again, and level with Paul."""
        desk = await self.start(name)
        await desk.meet(self.desks["Paul"])
        await self._seen()
        return desk

    async def announce(self, text: str) -> str:
        row = await self.desks["Paul"].engine.announcing.announce(text)
        for name in self.desks:
            if name != "Paul":
                await self.desks[name].until_held(text)
        return row.id

    # --- time ---------------------------------------------------------------------------------------------
    async def words(self, name: str) -> frozenset[EntryId]:
        """What this desk holds of what carriers said."""
        vault = self.desks[name].engine._vault
        forwards = vault.store.archive.letters.forwards
        rules = await vault.call(forwards.rules)
        found = [await vault.call(forwards.words, rule, self.clock()) for rule in rules]
        return frozenset(word.id for words in found for word in words)

    async def level(self) -> None:
        """All carriers have heard the same."""
        names = [name for name in ("Bruno", "Chloe") if name in self.desks]
        for name in names:
            for other in names:
                said = await self.words(other)
                await self.until(name, partial(self._has, name, said))

    async def _has(self, name: str, said: frozenset[EntryId]) -> bool:
        return said <= await self.words(name)

    async def look(self) -> None:
        """Each carrier looks once, what they send is through, and all have heard of it."""
        for name in ("Bruno", "Chloe"):
            if name in self.desks:
                await self.desks[name].engine.forwarding.carrying.turn()
        for name in ("Bruno", "Chloe"):
            if name in self.desks:
                await asyncio.gather(*self.desks[name].engine.forwarding.carrying._sending.values())
        await self.level()

    async def passes(self, ms: int) -> None:
        """So much time, a few seconds at a time."""
        await self.look()
        for _step in range(ms // STEP):
            self.clock.ahead += STEP
            await self.look()

    @property
    def taken(self) -> list[str]:
        """The texts the gateway was asked to send."""
        return [body["message"] for _path, _headers, body in self.gateway.taken]


@asynccontextmanager
async def road(folder: Path, gateway: Gateway) -> AsyncIterator[Road]:
    made = Road(folder, gateway)
    try:
        await made.open()
        yield made
    finally:
        await made.close()
