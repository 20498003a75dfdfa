"""What people say of each other's posts in a simulated office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deskblog.log.kinds import SIGNS
from deskblog.values import Row
from tests.simulation.picture import MARK, bare
from tests.simulation.world import Pc, World


class Talk:
    """`one`: a PC that runs and is in an office; `ask`: what somebody asks for, None if refused."""

    def __init__(
        self, world: World, one: Callable[[], Pc | None], ask: Callable[[Pc, Any], Awaitable[object]]
    ) -> None:
        self._world = world
        self._dice = world.dice
        self._one = one
        self._ask = ask
        self._corrections = 0

    async def _rows(self, pc: Pc) -> list[Row]:
        assert pc.engine is not None
        return list((await pc.do(pc.engine.timeline(limit=30))).rows)

    async def react(self) -> None:
        pc = self._one()
        if pc is not None and pc.engine is not None and (rows := await self._rows(pc)):
            await self._ask(pc, pc.engine.talk.react(self._dice.choice(rows).id, self._dice.choice(("", *SIGNS))))

    async def correct(self) -> None:
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        mine = [row for row in await self._rows(pc) if row.mine]
        if mine:
            row = self._dice.choice(mine)
            self._corrections += 1
            text = f"{bare(row.text)}{MARK}{self._corrections}"
            if await self._ask(pc, pc.engine.talk.correct(row.id, text)):
                self._world.note(f"{pc.name} corrected “{row.text}” to “{text}”")

    async def solve(self) -> None:
        """Somebody who asked takes an answer, or none any more."""
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        rows = await self._rows(pc)
        asked = [row for row in rows if row.mine and row.kind == "question"]
        if asked:
            question = self._dice.choice(asked)
            answers = [row.id for row in rows if row.answer_to == question.id]
            await self._ask(pc, pc.engine.talk.solve(question.id, self._dice.choice(["", *answers])))
