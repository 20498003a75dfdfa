"""What people say of each other's posts in a simulated office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from deskblog.log.kinds import SIGNS
from deskblog.values import Audience, Row, View
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
        self._said = 0
        self.sealed: dict[str, frozenset[bytes]] = {}  # text -> the persons that may read it

    async def _rows(self, pc: Pc) -> list[Row]:
        assert pc.engine is not None
        return [row for row in (await pc.do(pc.engine.timeline(limit=30))).rows if not row.sealed]

    async def react(self) -> None:
        pc = self._one()
        if pc is not None and pc.engine is not None and (rows := await self._rows(pc)):
            await self._ask(pc, pc.engine.talk.react(self._dice.choice(rows).id, self._dice.choice(("", *SIGNS))))

    async def seal(self) -> None:
        """A message for one or two, or an answer to one such."""
        pc = self._one()
        if pc is None or pc.engine is None or pc.engine._vault.office is None:
            return
        office = pc.engine._vault.office
        others = [person.id for person in office.persons.values() if not person.gone and person.id != pc.person]
        held = (await pc.do(pc.engine.timeline(limit=10, view=View.SEALED))).rows
        self._said += 1
        text = f"{pc.name} seals {self._said}"
        if held and self._dice.random() < 0.4:
            row = self._dice.choice(held)
            work = pc.engine.post(text, answer_to=row.id)
            readers = self.sealed.get(bare(row.text), frozenset())
        elif others:
            chosen = self._dice.sample(others, min(len(others), self._dice.choice((1, 1, 2))))
            work = pc.engine.post(text, to=Audience(people=tuple(one.hex() for one in chosen)))
            readers = frozenset({pc.person, *chosen})
        else:
            return
        self.sealed[text] = readers  # before it is written: a kill may hit between its writing and its answer
        await self._ask(pc, work)
        self._world.note(f"“{text}”")

    async def drink(self) -> None:
        """Something at the coffee machine."""
        pc = self._one()
        if pc is None or pc.engine is None or not self._world.thirsty:
            return
        self._said += 1
        self._world.coffee = True
        held = (await pc.do(pc.engine.timeline(limit=5, view=View.COFFEE))).rows
        target = self._dice.choice(held).id if held and self._dice.random() < 0.4 else ""
        await self._ask(
            pc, pc.engine.post(f"{pc.name} drinks {self._said}", answer_to=target, to=Audience(coffee=True))
        )

    async def get(self) -> None:
        """“Got it”, of what waits; now and then it is taken back. And some of what is in sight is read."""
        pc = self._one()
        if pc is None or pc.engine is None or pc.engine._vault.office is None:
            return
        rows = [row for row in await self._rows(pc) if row.unread]
        if rows:
            some = self._dice.sample(rows, self._dice.randint(1, len(rows)))
            await self._ask(pc, pc.engine.unread.read([row.id for row in some]))
        if not pc.running:
            return
        waiting = await pc.do(pc.engine.announcing.waiting())
        if waiting:
            await self._ask(pc, pc.engine.announcing.got([row.id for row in waiting]))
            if pc.engine is not None and self._dice.random() < 0.2:
                await self._ask(pc, pc.engine.announcing.not_got(waiting[0].id))

    async def hand_on(self) -> None:
        """Somebody with a second PC lets it read what came before."""
        pc = self._one()
        if pc is not None and pc.engine is not None:
            for waits in await pc.do(pc.engine.handing.waiting()):
                await self._ask(pc, pc.engine.handing.decide(waits.device, give=True))

    async def correct(self) -> None:
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        mine = [row for row in await self._rows(pc) if row.mine]
        if mine:
            row = self._dice.choice(mine)
            self._corrections += 1
            text = f"{bare(row.text)}{MARK}{self._corrections}{self._dice.choice(('', ' #shop'))}"
            if await self._ask(pc, pc.engine.talk.correct(row.id, text)):
                self._world.note(f"{pc.name} corrected “{row.text}” to “{text}”")

    async def publish(self) -> None:
        """A post of one's own is made public, or no more; now and then a keyholder says what a tag makes public."""
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        mine = [row for row in await self._rows(pc) if row.mine]
        if mine:
            row, on = self._dice.choice(mine), self._dice.random() < 0.6
            if await self._ask(pc, pc.engine.publishing.mark(row.id, on=on)):
                self._world.note(f"{pc.name} said that “{row.text}” is {'public' if on else 'not public'}")
        if pc.engine is not None and self._dice.random() < 0.2:
            await self._ask(pc, pc.engine.publishing.set_tags(self._dice.choice(("", "shop", "shop menu"))))

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
