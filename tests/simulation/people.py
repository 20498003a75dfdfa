"""What happens to people in a simulated office: taken out, taken back, merged, made keyholders; also all at once."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from deskblog.log.act import Remove
from deskblog.log.clerk import devices_ever
from deskblog.log.office import Office
from deskblog.values import PersonId, Role
from tests.simulation import disk
from tests.simulation.laws import Ledger, Seen, texts
from tests.simulation.world import Pc, World


class People:
    """`one`: a PC that runs and is in an office; `ask`: what somebody asks, None if refused; `words`: recovery."""

    def __init__(self, world: World, ledger: Ledger, one: Any, ask: Any) -> None:
        self._world = world
        self._ledger = ledger
        self._dice = world.dice
        self._one = one
        self._ask = ask
        self._names = 0
        self._statuses = 0
        self.words = ""

    def _two(self) -> tuple[Pc, Pc] | None:
        pc, other = self._one(), self._one()
        if pc is None or other is None or pc is other or not pc.running or not other.running:
            return None
        return pc, other

    def _id(self, pc: Pc, other: Pc) -> str:
        """The person of another PC, as this one knows them."""
        assert pc.engine is not None and pc.engine._vault.office is not None
        person = pc.engine._vault.office.person_of(other.device)
        return person.id.hex() if person is not None else other.device.hex()

    # --- taken out ----------------------------------------------------------------------------------------
    async def _takes_out(self, pc: Pc, other: Pc, work: Coroutine[Any, Any, Any]) -> None:
        """Something that takes `other` out; what `pc` had of it then counts for ever."""
        assert pc.engine is not None and pc.engine._vault.office is not None
        before = pc.engine._vault.office
        least = await texts(pc)
        if not await self._ask(pc, work):
            return
        self._world.note(f"{pc.name} took out {other.name}")
        most = least | await texts(pc)  # what came between the looking and the doing
        lacking = disk.lacking(pc)  # its entry is there and counts, though its text has rotted away
        for one in self._world.pcs:
            most |= disk.texts_of(one, lacking)
        office = pc.engine._vault.office
        for act in office.acts.values():
            if act.id not in before.acts and isinstance(act.fields, Remove):
                self._ledger.promises[act.id] = Seen(pc, _taken(office, act.fields), frozenset(least))
        person = office.person_of(other.device)
        if person is not None:
            self._ledger.seen_at_removal.setdefault(person.id, set()).update(most)

    async def remove_pc(self) -> None:
        if (two := self._two()) is not None and two[0].engine is not None:
            pc, other = two
            await self._takes_out(pc, other, two[0].engine.membership.remove(other.device.hex(), sure=True))

    async def remove_person(self) -> None:
        if (two := self._two()) is not None:
            await self.remove(*two)

    async def remove(self, pc: Pc, other: Pc) -> None:
        """With all PCs of theirs."""
        if pc.engine is not None:
            await self._takes_out(pc, other, pc.engine.membership.remove(self._id(pc, other), sure=True))

    async def make_keyholder(self, pc: Pc, other: Pc) -> None:
        if pc.engine is not None:
            await self._ask(pc, pc.engine.membership.role(self._id(pc, other), Role.KEYHOLDER))

    async def leave(self) -> None:
        pc = self._one()
        if pc is not None and pc.engine is not None:
            await self._takes_out(pc, pc, pc.engine.membership.leave(sure=self._dice.random() < 0.5))

    async def quarrel(self) -> None:
        """Two keyholders who do not hear each other remove each other."""
        if (two := self._two()) is None:
            return
        one, other = two
        one.place, other.place = 1, 2
        for pc, target in ((one, other), (other, one)):
            if pc.engine is not None:
                await self._takes_out(pc, target, pc.engine.membership.remove(self._id(pc, target), sure=True))

    async def keep_late(self) -> None:
        """A keyholder counts what came too late after all."""
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        for late in await pc.do(pc.engine.care.late()):
            if not await self._ask(pc, pc.engine.care.keep_late(late.person)):
                continue
            posts = {text for _at, text in late.posts}
            self._ledger.seen_at_removal.setdefault(bytes.fromhex(late.person), set()).update(posts, await texts(pc))

    # --- taken back ---------------------------------------------------------------------------------------
    async def readmit(self) -> None:
        pc, other = self._one(), self._one()
        if pc is None or other is None or pc.engine is None:
            return
        who = self._dice.choice((other.device.hex(), self._id(pc, other)))
        if await self._ask(pc, pc.engine.membership.readmit(who)):
            self._world.note(f"{pc.name} took back {other.name}")

    async def take_back_again(self, group: list[Pc]) -> None:
        """Whose disk was put back to before a readmission of their own locks somebody out: a click mends it."""
        for pc in group:
            for other in group:
                office = pc.engine._vault.office if pc.engine else None
                if pc.engine is None or office is None or office.was_removed(other.device) is None:
                    continue
                if await self._ask(pc, pc.engine.membership.readmit(other.device.hex())):
                    self._world.note(f"{pc.name} took back {other.name} once more")

    async def recover(self) -> None:
        """With the words on paper, by whoever has them at hand; now and then somebody is left out, or comes back."""
        pc, other = self._one(), self._one()
        if pc is None or other is None or pc.engine is None:
            return
        who = self._id(pc, other)
        what = self._dice.choice(("", "without", "restore")) if pc is not other else ""
        recovering = pc.engine.membership.recover(
            self.words, without=who if what == "without" else "", restore=(who,) if what == "restore" else ()
        )
        self._world.note(f"{pc.name} has the words{f', {what} {other.name}' if what else ''}")
        if what == "without":
            await self._takes_out(pc, other, recovering)
        else:
            await self._ask(pc, recovering)

    # --- roles, names -------------------------------------------------------------------------------------
    async def role(self) -> None:
        pc, other = self._one(), self._one()
        if pc is not None and other is not None and pc.engine is not None:
            role = self._dice.choice((Role.KEYHOLDER, Role.KEYHOLDER, Role.ANNOUNCER, Role.MEMBER))
            await self._ask(pc, pc.engine.membership.role(self._id(pc, other), role, sure=True))

    async def rename(self) -> None:
        pc, other = self._one(), self._one()
        if pc is not None and other is not None and pc.engine is not None:
            self._names += 1
            await self._ask(pc, pc.engine.membership.rename(self._id(pc, other), f"Renamed {self._names}"))

    async def say_status(self) -> None:
        """Somebody says what they are doing, or nothing any more."""
        await self._says(self._one())

    async def _says(self, pc: Pc | None) -> None:
        if pc is not None and pc.engine is not None:
            self._statuses += 1
            text = self._dice.choice(("", f"doing {self._statuses}", f"doing {self._statuses}"))
            await self._ask(pc, pc.engine.say_status(text))

    async def retain(self) -> None:
        """Posts are kept for so many days from now on, or for ever."""
        pc = self._one()
        if pc is not None and pc.engine is not None:
            days = self._dice.choice((0, 10, 40))
            if await self._ask(pc, self._retaining(pc, days)) and days:
                self._world.keeps = min(self._world.keeps or days, days)

    @staticmethod
    async def _retaining(pc: Pc, days: int) -> bool:
        assert pc.engine is not None
        await pc.engine.membership.rule(settings={"retention-days": days})
        return True

    async def merge(self) -> None:
        if (two := self._two()) is not None and two[0].engine is not None:
            pc, other = two
            third = self._one() or other
            pair = (self._id(pc, other), self._id(pc, third))
            if await self._ask(pc, two[0].engine.membership.merge(pair)):
                self._world.note(f"{pc.name} merged {other.name} and {third.name}")
                for one in (third, other):  # one person at two PCs
                    await self._says(one)


def _taken(office: Office, removal: Remove) -> frozenset[bytes]:
    """The devices that a removal takes out."""
    return frozenset((removal.device,) if removal.device else devices_ever(office, PersonId(removal.person)))
