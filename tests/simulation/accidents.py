"""What happens to the disks of a simulated office: full for a while, put back from a backup, repaired."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from deskblog.store.keeping import read_backup
from tests.simulation.world import Pc, World

PARTS = ("header", "signature", "body")
ROOM = 2**32 - 2  # pages: as many as SQLite can count


class Accidents:
    """`one`: a PC that runs and is in an office; `ask`: what somebody asks for, None if refused."""

    def __init__(self, world: World, one: Any, ask: Any, only_there: Any) -> None:
        self._world = world
        self._dice = world.dice
        self._one = one
        self._ask = ask
        self._only_there = only_there  # notes what is on that disk alone
        self._backups: list[tuple[Pc, Path]] = []

    async def fill(self) -> None:
        """The disk is full: the database cannot grow any more."""
        pc = self._one()
        if pc is not None:
            pages = self._pages(pc, "PRAGMA page_count")
            self._pages(pc, f"PRAGMA max_page_count = {pages + self._dice.randint(0, 3)}")
            self._world.filled = True
            self._world.note(f"the disk of {pc.name} is full")

    async def empty(self) -> None:
        """Everybody finds some space."""
        for pc in self._world.pcs:
            if pc.engine is not None:
                self._pages(pc, f"PRAGMA max_page_count = {ROOM}")

    def is_full(self, pc: Pc) -> bool:
        return self._pages(pc, "PRAGMA max_page_count") < ROOM // 8

    @staticmethod
    def _pages(pc: Pc, statement: str) -> int:
        assert pc.engine is not None
        return int(pc.engine._vault.store.database._connection.execute(statement).fetchone()[0])

    async def repair(self) -> None:
        pc = self._one()
        if pc is not None and pc.engine is not None:
            await self._ask(pc, pc.engine.keeping.repair())

    async def rot(self) -> None:
        """A byte of an entry changes on a disk that is off; whoever sits there notices, and repairs."""
        pc = self._one()
        if pc is None:
            return
        await pc.stop()
        await self._only_there(pc)
        self._world.damaged = True
        database = sqlite3.connect(pc.disk / "data" / "posts.db")
        entries = database.execute("SELECT log, seq, header, signature, body FROM entry ORDER BY log, seq").fetchall()
        if entries:
            log, seq, *parts = self._dice.choice(entries)
            name = self._dice.choice([name for name, part in zip(PARTS, parts, strict=True) if part])
            value = parts[PARTS.index(name)]
            place = self._dice.randrange(len(value))
            rotten = value[:place] + bytes([value[place] ^ 1]) + value[place + 1 :]
            database.execute(f"UPDATE entry SET {name} = ? WHERE log = ? AND seq = ?", (rotten, log, seq))
            self._world.note(f"{name} {seq} of {pc.name} rots")
            database.commit()
        database.close()
        await pc.start()
        if pc.engine is not None:
            await self._ask(pc, pc.engine.keeping.repair())

    async def back_up(self) -> None:
        pc = self._one()
        if pc is not None and pc.engine is not None:
            file = self._world.folder / f"backup-{len(self._backups)}"
            if await self._ask(pc, pc.engine.keeping.backup(file)):
                self._backups.append((pc, file))
                self._world.note(f"{pc.name} is backed up")

    async def put_back(self) -> None:
        """The backup takes the place of the folder; the system's own folder stays."""
        if not self._backups:
            return
        pc, file = self._dice.choice(self._backups)
        await pc.stop()
        await self._only_there(pc)
        read_backup(file, "", pc.disk / "data", self._world.now)
        self._world.rolled_back = True
        self._world.note(f"{pc.name} is put back from a backup")
        await pc.start()
