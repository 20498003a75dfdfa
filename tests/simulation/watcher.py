"""What somebody would see who sits at a PC: a window that hears what the engine says, and nothing else."""

from __future__ import annotations

import asyncio
import contextvars

from deskblog import events
from deskblog.engine import Engine
from tests.simulation.picture import Picture, picture


class Watcher:
    """One run of a PC. `rows`: by id, as the window shows them; `troubles`: what it said; `lost`: links."""

    def __init__(self) -> None:
        self.rows: dict[str, Picture] = {}
        self.troubles: list[events.Trouble] = []
        self.lost: list[events.Lost] = []
        self._turn = 0
        self._engine: Engine | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, engine: Engine) -> None:
        """The window opens."""
        self._engine = engine
        await self._read()

    def hear(self, event: events.Event) -> None:
        match event:
            case events.Posted():
                self.rows |= {row.id: picture(row) for row in event.rows}
            case events.RowsChanged():
                self.rows |= {row.id: picture(row) for row in event.rows if row.id in self.rows}
            case events.TimelineChanged() if self._engine is not None:
                task = asyncio.get_running_loop().create_task(self._read(), context=contextvars.copy_context())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            case events.Trouble():
                self.troubles.append(event)
            case events.Lost():
                self.lost.append(event)

    async def _read(self) -> None:
        """As ui/rows.py does it: the answer takes the place of all, unless it was asked for again meanwhile."""
        self._turn += 1
        turn = self._turn
        assert self._engine is not None
        rows = (await self._engine.timeline(limit=5000)).rows
        if turn == self._turn:
            self.rows = {row.id: picture(row) for row in rows}
