"""One seed's life of an office: who does what, when, and what goes wrong meanwhile."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import charter
from deskblog.values import Attached, DeviceKey
from tests.simulation import disk, laws, manners, secrets
from tests.simulation.accidents import Accidents
from tests.simulation.laws import Ledger
from tests.simulation.people import People
from tests.simulation.picture import bare
from tests.simulation.talk import Talk
from tests.simulation.world import Pc, World, allowed

HOUR = 3_600_000  # ms
NEWCOMERS = 3
SKEWS = (-400 * 24 * HOUR, -HOUR, -90_000, 90_000, HOUR, 370 * 24 * HOUR)


class Schedule:
    """`size`: PCs at the end of the joining; `steps`: what happens to them."""

    def __init__(self, world: World, size: int, steps: int) -> None:
        self.world = world
        self.ledger = Ledger()
        self._dice = world.dice
        self._size = size
        self._steps = steps
        self._texts = 0
        self._images: list[tuple[Pc, Path]] = []
        self._stranger: Pc | None = None
        self._people = People(world, self.ledger, self._one, self._patiently)
        self._talk = Talk(world, self._one, self._patiently)
        self._accidents = Accidents(world, self._one, self._patiently, self._what_is_only_there)
        self._withdrawals_left_on: dict[str, set[str]] = {}  # id -> PCs that held it when a disk was thrown away
        self._withdrawals: list[tuple[Pc, str, str]] = []  # by whom, of what text, its id

    # --- the whole of it ----------------------------------------------------------------------------------
    async def live(self) -> None:
        await self._found()
        for _step in range(self._steps):
            await asyncio.sleep(self._dice.choice((0.0, 0.001, 0.05, 1.0, 20.0)))
            await self._happen()
        await self._rest()

    async def _happen(self) -> None:
        kinds: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (30, self._post),
            (6, self._post_many),
            (6, self._answer),
            (6, self._talk.react),
            (4, self._talk.correct),
            (3, self._talk.solve),
            (5, self._talk.seal),
            (1, self._talk.hand_on),
            (4, self._talk.drink),
            (5, self._talk.get),
            (4, self._talk.publish),
            (5, self._withdraw),
            (8, self._restart),
            (8, self._kill),
            (6, self._switch_off),
            (6, self._cut),
            (7, self._part),
            (5, self._heal),
            (4, self._skew),
            (4, self._take_image),
            (4, self._restore),
            (2, self._clone),
            (3, self._people.remove_pc),
            (3, self._people.remove_person),
            (1, self._people.leave),
            (2, self._people.quarrel),
            (3, self._people.readmit),
            (1, self._people.recover),
            (5, self._people.role),
            (1, self._people.rename),
            (1, self._people.merge),
            (6, self._people.say_status),
            (1, self._people.retain),
            (2, self._newcomer),
            (1, self._let_in_unheard),
            (2, self._days_pass),
            (2, self._accidents.fill),
            (2, self._accidents.empty),
            (1, self._accidents.repair),
            (2, self._accidents.rot),
            (3, self._accidents.back_up),
            (3, self._accidents.put_back),
            (2, self._people.keep_late),
            (2, self._leak),
            (5, self._ask_copies),
        ]
        (what,) = self._dice.choices([kind for _weight, kind in kinds], [weight for weight, _kind in kinds])
        self.world.note(what.__name__.strip("_").replace("_", " "))
        await what()

    def _running(self, *, in_office: bool = True) -> list[Pc]:
        return [
            pc for pc in self.world.pcs
            if pc.engine is not None and pc is not self._stranger and (pc.engine.in_office or not in_office)
        ]  # fmt: skip

    def _one(self) -> Pc | None:
        running = self._running()
        return self._dice.choice(running) if running else None

    # --- beginning ----------------------------------------------------------------------------------------
    async def _found(self) -> None:
        world = self.world
        anne = world.add("pc0")
        await anne.start()
        assert anne.engine is not None
        founded = await anne.do(anne.engine.found("Office", "Person 0"))
        self._people.words = " ".join(founded.recovery)
        self._know(anne)
        for n in range(1, self._size):
            pc = world.add(f"pc{n}")
            if n == 1 and self._size <= 4:
                await self._join_by_code(anne, pc, n)
            else:
                await self._join_by_hand(anne, pc, n)
            self._know(pc)
        for pc in world.pcs:
            await self._reach(pc)

    def _know(self, pc: Pc) -> None:
        assert pc.engine is not None and pc.engine._vault.office is not None
        pc.device = pc.engine._vault.keys.device
        person = pc.engine._vault.office.person_of(pc.device)
        pc.person = person.id if person else b""

    async def _reach(self, pc: Pc) -> None:
        assert pc.engine is not None
        for other in self.world.neighbours(pc):
            pc.context.run(pc.engine.reach, other.address)

    async def _newcomer(self) -> None:
        """Some keyholder lets one more PC in."""
        holder = self._one()
        if holder is not None:
            await self._let_in(holder)

    async def _let_in(self, holder: Pc) -> None:
        """Nothing happens where that PC holds no key, as far as it knows, or can keep nothing."""
        office = holder.engine._vault.office if holder.engine is not None else None
        many = len(self.world.pcs) > self._size + NEWCOMERS
        if office is None or many or office.warrants(holder.device, keyholder=True) is None:
            return
        if self._accidents.is_full(holder):
            return
        pc = self.world.add(f"pc{len(self.world.pcs)}")
        pc.place = holder.place
        try:
            await self._join_by_hand(holder, pc, len(self.world.pcs))
        except Refused:
            self.world.note(f"{holder.name} heard meanwhile that it holds no key")
            return
        self._know(pc)
        await self._reach(pc)
        for other in self.world.neighbours(pc):
            if other.engine is not None and other.engine.in_office:
                other.context.run(other.engine.reach, pc.address)
        self.world.note(f"{holder.name} let {pc.name} in")

    async def _let_in_unheard(self) -> None:
        """A keyholder lets somebody in while being removed elsewhere."""
        one, other = self._one(), self._one()
        if one is None or other is None or one is other or one.engine is None:
            return
        await self._people.make_keyholder(one, other)
        await asyncio.sleep(1.0)
        one.place, other.place = 1, 2
        await self._people.remove(one, other)
        await self._let_in(other)

    async def _join_by_code(self, anne: Pc, pc: Pc, n: int) -> None:
        assert anne.engine is not None
        await pc.start()
        assert pc.engine is not None
        for _try in range(3):  # on a slow line a run can take more than its five seconds: people try again, as told
            invitation = await anne.do(anne.engine.invite())
            with suppress(Refused):
                await pc.do(pc.engine.join(invitation.code, f"Person {n}", at=anne.address))
                return
        raise laws.Broken("joining with a code fails three times")

    async def _join_by_hand(self, anne: Pc, pc: Pc, n: int) -> None:
        """As joining does it, without the code: it is tested elsewhere, and costs 10 ms of arithmetic."""
        await pc.start()
        assert anne.engine is not None and pc.engine is not None
        office, keys = anne.engine._vault.office, pc.engine._vault.keys
        assert office is not None
        persons = [one.id for one in office.persons.values()]
        person = self._dice.choice(persons) if self._dice.random() < 0.15 else None
        acts = charter.admitting(
            anne.engine._vault.keys, office, (keys.device, keys.seal_key), f"Person {n}", person, n
        )
        new = await anne.do(anne.engine._vault.take_acts(acts))
        anne.context.run(anne.engine._announce, new)
        office = anne.engine._vault.office
        assert office is not None
        await pc.do(pc.engine._vault.settle(tuple(office.acts.values())))
        await pc.do(pc.engine._office_begins())

    # --- what people do -----------------------------------------------------------------------------------
    async def _post(self, answer_to: str = "") -> None:
        pc = self._one()
        if pc is None:
            return
        assert pc.engine is not None
        self._texts += 1
        text = f"{pc.name} says {self._texts}"
        life, out = pc.life, self._out_for(pc)
        kind = "question" if self._dice.random() < 0.2 else "post"
        attached = await self._beside(pc, text)
        if life.over or pc.engine is None:
            return
        announces = not answer_to and not attached and self._dice.random() < 0.1
        posting = pc.engine.post(text, kind=kind, answer_to=answer_to, attached=attached)
        if announces and (await pc.do(pc.engine.announcing.standing())).left and not life.over:
            posting.close()
            posting = pc.engine.announcing.announce(text, days=self._dice.randint(1, 7))
        row = await self._patiently(pc, posting)
        if row is not None and not life.over:
            self.ledger.acknowledged[text] = pc
            self.ledger.since[text] = self.world.now()
            self.ledger.kept_from[text] = out
            self.world.note(f"kept: “{text}”")

    async def _beside(self, pc: Pc, text: str) -> list[Attached]:
        """A file that says the same as the post, now and then, of one part or several."""
        if self._dice.random() > 0.15:
            return []
        assert pc.engine is not None
        data = text.encode() + bytes(self._dice.choice((0, 10, 3 * limits.BLOB_PART)))
        chosen = await self._patiently(pc, pc.engine.attaching.choose("file.bin", data))
        return [chosen[0]] if isinstance(chosen, tuple) else []

    def _out_for(self, pc: Pc) -> set[bytes]:
        """The devices that this PC knows to be removed."""
        assert pc.engine is not None and pc.engine._vault.office is not None
        office = pc.engine._vault.office
        return {
            other.device for other in self.world.pcs if other.device and office.was_removed(DeviceKey(other.device))
        }

    async def _ask_copies(self) -> None:
        pc = self._one()
        if pc is not None:
            await manners.copies_are_there(self.world, pc)

    async def _patiently(self, pc: Pc, work: Awaitable[object]) -> object:
        """What somebody asked for; None if it was refused, or the PC died over it."""
        task = asyncio.get_running_loop().create_task(allowed(work), context=pc.context)  # type: ignore[arg-type]
        while not task.done():
            await asyncio.wait([task], timeout=1.0)
            if pc.life.over:
                task.cancel()
                return None
        return task.result()

    async def _post_many(self) -> None:
        for _n in range(self._dice.randint(3, 12)):
            await self._post()

    async def _answer(self) -> None:
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        rows = [row for row in (await pc.do(pc.engine.timeline(limit=20))).rows if not row.sealed]
        if rows:
            self._texts += 1
            text = f"{pc.name} answers {self._texts}"
            if await self._patiently(pc, pc.engine.post(text, answer_to=self._dice.choice(rows).id)):
                self.ledger.acknowledged[text] = pc
                self.ledger.since[text] = self.world.now()

    async def _withdraw(self) -> None:
        pc = self._one()
        if pc is None or pc.engine is None:
            return
        mine = [row for row in (await pc.do(pc.engine.timeline(limit=50))).rows if row.mine]
        if mine:
            row = self._dice.choice(mine)
            sure = not pc.image_restored
            if await self._patiently(pc, pc.engine.withdraw(row.id)):
                self.world.note(f"{pc.name} withdrew “{row.text}”")
                self.ledger.losable.add(bare(row.text))  # it is gone, unless the withdrawal itself is lost
                if sure:
                    self._withdrawals.append((pc, bare(row.text), row.id))

    # --- power and disks ----------------------------------------------------------------------------------
    async def _restart(self) -> None:
        pc = self._one()
        if pc is not None:
            await pc.stop()
            await pc.start()

    async def _kill(self) -> None:
        pc = self._one()
        if pc is not None:
            pc.kill()
            if self._dice.random() < 0.7:
                await pc.start()

    async def _switch_off(self) -> None:
        running = self._running()
        if len(running) > 1:
            await self._dice.choice(running).stop()

    async def _on(self) -> None:
        for pc in self.world.pcs:
            if pc.engine is None:
                await pc.start()

    async def _take_image(self) -> None:
        pc = self._one()
        if pc is not None:
            await pc.stop()
            self._images.append((pc, pc.image(whole=self._dice.random() < 0.4)))
            await pc.start()

    async def _restore(self) -> None:
        if not self._images:
            return
        pc, image = self._dice.choice(self._images)
        self.world.note(f"{pc.name} is put back, {'whole' if (image / 'state').exists() else 'data only'}")
        await pc.stop()
        await self._what_is_only_there(pc)
        pc.put_back(image)
        await pc.start()

    async def _what_is_only_there(self, pc: Pc) -> None:
        """Of a disk that is thrown away, only what another disk holds can come back."""
        others = [other for other in self.world.pcs if other is not pc and other is not self._stranger]
        texts_on = {other.name: disk.texts(other) for other in others}
        for text in disk.texts(pc) & self.ledger.acknowledged.keys():
            self.ledger.left_on[text] = {name for name, held in texts_on.items() if text in held}
        withdrawn_on = {other.name: disk.withdrawn(other) for other in others}
        for by, _text, ident in self._withdrawals:
            if by.device == pc.device or ident in self._withdrawals_left_on:
                self._withdrawals_left_on[ident] = {name for name, held in withdrawn_on.items() if ident in held}

    async def _clone(self) -> None:
        """A second PC with the same disk, running at the same time."""
        if not self._images or sum(1 for pc in self.world.pcs if pc.name.startswith("clone")) > 1:
            return
        pc, image = self._dice.choice(self._images)
        clone = self.world.add(f"clone{len(self.world.pcs)}")
        clone.disk = self.world.folder / clone.name
        shutil.copytree(image, clone.disk)
        self.world.rolled_back = True
        clone.image_restored = pc.image_restored = pc.image_restored or (image / "state").exists()
        clone.device, clone.person = pc.device, pc.person
        self.world.note(f"{clone.name} is a copy of {pc.name}")
        await clone.start()
        for other in self.world.pcs:
            if other.engine is not None and other is not self._stranger and other.engine.in_office:
                other.context.run(other.engine.reach, clone.address)

    # --- the network --------------------------------------------------------------------------------------
    async def _cut(self) -> None:
        pc = self._one()
        if pc is not None and pc.wires:
            self._dice.choice(pc.wires).cut()

    async def _part(self) -> None:
        for pc in self.world.pcs:
            pc.place = self._dice.choice((0, 0, 1, 2))

    async def _heal(self) -> None:
        for pc in self.world.pcs:
            pc.place = 0

    async def _days_pass(self) -> None:
        """A long weekend, or the summer: everybody's PC slept."""
        self.world.later += self._dice.choice((3, 12, 45)) * 24 * HOUR

    async def _skew(self) -> None:
        pc = self._one()
        if pc is not None:
            pc.skew = pc.life.skew = self._dice.choice(SKEWS)
            self.world.skewed = True

    # --- the office ---------------------------------------------------------------------------------------
    async def _leak(self) -> None:
        """A stranger who got hold of all acts, and has a key of his own."""
        pc = self._one()
        if self._stranger is not None or pc is None:
            return
        self._stranger = stranger = self.world.add("stranger")
        (stranger.disk / "data").mkdir(parents=True)
        shutil.copy(pc.disk / "data" / "office.acts", stranger.disk / "data" / "office.acts")
        await stranger.start()

    # --- the end ------------------------------------------------------------------------------------------
    async def _rest(self) -> None:
        """Everything is switched on, everybody hears everybody, and there is time."""
        await self._heal()
        await self._accidents.empty()
        await self._on()
        for pc in self.world.pcs:
            pc.skew = pc.life.skew = 0
        await self._sweep()
        await asyncio.sleep(120.0)
        await self._people.take_back_again(laws.insiders(self.world))
        await laws.settle(self.world)
        await self._sweep()  # once more, for what is old hangs on the newest that came
        await laws.settle(self.world)
        self.ledger.withdrawn = self._surely_withdrawn()
        await laws.check(self.world, self.ledger)
        await secrets.check(self.world, laws.members(self.world), self._talk.sealed)
        await manners.check(self.world, laws.members(self.world), self.ledger)
        digests = [pc.engine._vault.replica.heads.digest().hex()[:16] for pc in laws.members(self.world)[:1]]  # type: ignore[union-attr]
        self.world.note(f"at rest: {digests[0] if digests else 'nobody is in'}")
        if self._stranger is not None:
            laws.stranger_holds_nothing(self._stranger)

    async def _sweep(self) -> None:
        """What is to be let go of is let go of at each start, and once a day."""
        if not self.world.keeps and not self.world.coffee:
            return
        for pc in self._running(in_office=False):
            await pc.stop()
            await pc.start()
        if not self.world.keeps:
            return
        oldest = self.world.now() - (self.world.keeps - 1) * 24 * HOUR
        self.ledger.forgotten = {text for text, at in self.ledger.since.items() if at < oldest}

    def _surely_withdrawn(self) -> set[str]:
        """Of whoever is in: their withdrawals count. Others' may lie past a border."""
        group = laws.members(self.world)
        removed = laws.ever_removed(group)
        names = {pc.name for pc in group}
        return {
            text
            for pc, text, ident in self._withdrawals
            if pc in group
            and pc.device not in removed
            and (ident not in self._withdrawals_left_on or self._withdrawals_left_on[ident] & names)
        }
