"""A desk: a real engine on a folder of its own, whose events can be waited for. Nothing sleeps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from deskblog import events
from deskblog.control import Bell
from deskblog.engine import Engine, Options
from deskblog.values import Row

PATIENCE = 20.0
MOMENT = 0.1  # s between two looks where nothing is told of


class Desk:
    """One colleague's engine, and all it said."""

    def __init__(self, folder: Path, name: str, *, network: bool = True, port: int = 0) -> None:
        self.name = name
        self.folder = folder / name
        self.said: list[events.Event] = []
        self._news = asyncio.Event()
        state = folder / f"{name}-state"
        options = Options(network=network, discovery=False, port=port, web_port=0, state=state)
        self.bell = Bell()
        self.bell.hear(self._hear)
        self.engine = Engine(self.folder, self.bell.ring, options=options)

    def _hear(self, event: events.Event) -> None:
        self.said.append(event)
        self._news.set()

    @asynccontextmanager
    async def slow_disk(self) -> AsyncIterator[None]:
        """Nothing that the store is asked is answered until the end."""
        gate, vault = threading.Event(), self.engine._vault
        held = asyncio.create_task(vault.call(gate.wait))
        await asyncio.sleep(0)  # its turn is before whatever is asked now
        try:
            yield
        finally:
            gate.set()
            await held

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.engine.port}"

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits until something is true: it is looked at each event, and now and then, as not all is an event."""
        async with asyncio.timeout(PATIENCE):
            while not true():
                self._news.clear()
                await self._next()

    async def until_held(self, *texts: str) -> None:
        """Waits until all these posts are on this desk's timeline."""
        await self.until_rows(lambda rows: set(texts) <= {row.text for row in rows})

    async def until_rows(self, true: Callable[[tuple[Row, ...]], bool], *, limit: int = 500) -> None:
        """Waits until something is true of the newest rows."""
        async with asyncio.timeout(PATIENCE):
            self._news.clear()  # before it is looked: what comes meanwhile is looked at once more
            while not true(await self.rows(limit)):
                await self._next()
                self._news.clear()

    async def _next(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._news.wait(), MOMENT)

    async def rows(self, limit: int = 500) -> tuple[Row, ...]:
        return (await self.engine.timeline(limit=limit)).rows

    def texts_told(self) -> list[str]:
        return [row.text for event in self.said if isinstance(event, events.Posted) for row in event.rows]

    def linked_with(self) -> set[str]:
        """Names of those a link stands with now."""
        names: set[str] = set()
        for event in self.said:
            if isinstance(event, events.Linked):
                names.add(event.person)
            elif isinstance(event, events.Lost):
                names.discard(event.person)
        return names

    def invitations(self) -> list[str]:
        return [event.state for event in self.said if isinstance(event, events.InvitationChanged)]

    async def log_end_is_known(self) -> bool:
        """Whether its heads hold its own log to the end that the store has."""
        vault = self.engine._vault
        assert vault.pen.log is not None and vault.replica is not None
        end = await vault.call(vault.store.head, vault.pen.log)
        return end is not None and vault.replica.heads.holds(vault.pen.log, end)

    async def found(self) -> None:
        await self.engine.found("Dupont & fils", self.name)

    async def admit(self, other: Desk) -> None:
        """Lets another desk join with a code of this one."""
        code = (await self.engine.invite()).code
        await other.engine.join(code, other.name, at=self.address)

    async def meet(self, other: Desk) -> None:
        """A link with another desk, up and judged on both sides."""
        self.engine.reach(other.address)
        await self.until(lambda: other.name in self.linked_with())
        await other.until(lambda: self.name in other.linked_with())


@asynccontextmanager
async def desks(folder: Path, *names: str, network: bool = True) -> AsyncIterator[list[Desk]]:
    """Engines started, and stopped at the end."""
    made = [Desk(folder, name, network=network) for name in names]
    try:
        for desk in made:
            await desk.engine.start()
        yield made
    finally:
        for desk in made:
            await desk.engine.stop()


async def turns() -> None:
    """All goes on as far as it can without the disk."""
    for _n in range(20):
        await asyncio.sleep(0)
