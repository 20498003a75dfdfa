"""What must hold beyond equal stores: nobody honest is blamed, what is said is true, and then it is quiet."""

from __future__ import annotations

import asyncio
from collections import Counter

from deskblog.log.fold import admitted
from deskblog.net.heads import HeadIndex
from deskblog.net.sync import State
from deskblog.values import EntryId
from tests.simulation import disk
from tests.simulation.laws import Broken, Ledger, whole
from tests.simulation.picture import Picture, picture
from tests.simulation.world import Pc, World

CROWD = 7  # up to so many PCs everyone links with everyone


async def check(world: World, group: list[Pc], ledger: Ledger) -> None:
    """All of them; `group`: who is in, all equal by now."""
    if not group:
        return
    for pc in group:
        _memory_is_the_store(pc)
        await _answers_follow(pc)
    await _nothing_is_said_any_more(world, group)
    for pc in group:
        _window_shows_what_is_kept(pc, await _timeline(pc))
    _who_is_out_is_told(world)
    _nobody_else_is_served(group)
    _nobody_honest_is_blamed(world)
    _nobody_is_alarmed(world)
    await _order_is_one(world, group)
    await _safe_to_close(world, group)
    _erased_is_gone(group, ledger)
    _kept_from_the_removed(world, ledger)


async def _timeline(pc: Pc) -> dict[str, Picture]:
    assert pc.engine is not None
    return {row.id: picture(row) for row in (await pc.do(pc.engine.timeline(limit=5000))).rows}


async def _open(pc: Pc) -> list[str]:
    """The ids of what everybody can read, in order."""
    assert pc.engine is not None
    return [row.id for row in (await pc.do(pc.engine.timeline(limit=5000))).rows if not row.sealed]


def _memory_is_the_store(pc: Pc) -> None:
    assert pc.engine is not None
    vault = pc.engine._vault
    assert vault.replica is not None and vault.office is not None
    if HeadIndex(vault.store.heads(vault.office)).digest() != vault.replica.heads.digest():
        raise Broken(f"{pc.name} remembers other heads than are on its disk")
    if {act.id for act in vault.store.load_acts()} != set(vault.office.acts):
        raise Broken(f"{pc.name} remembers other acts than are on its disk")


def _window_shows_what_is_kept(pc: Pc, kept: dict[str, Picture]) -> None:
    shown = pc.watcher.rows
    if shown != kept:
        more = sorted({shown[ident] for ident in shown.keys() - kept.keys()})
        less = sorted({kept[ident] for ident in kept.keys() - shown.keys()})
        other = [(shown[ident], kept[ident]) for ident in shown.keys() & kept.keys() if shown[ident] != kept[ident]]
        raise Broken(f"the window of {pc.name} shows {more} too many, lacks {less}, and otherwise {other}")


async def _answers_follow(pc: Pc) -> None:
    """An answer stands above what it answers (newest first)."""
    assert pc.engine is not None
    rows = (await pc.do(pc.engine.timeline(limit=5000))).rows
    place = {row.id: n for n, row in enumerate(rows)}
    for n, row in enumerate(rows):
        if row.answer_to and place.get(row.answer_to, n + 1) < n:
            raise Broken(f"{pc.name} shows “{row.text}” before what it answers")


async def _nothing_is_said_any_more(world: World, group: list[Pc]) -> None:
    """When all are level there are soon only heartbeats, and no link comes or goes."""
    if len({pc.device for pc in group}) < len(world.pcs):
        return  # who is out goes on knocking, and two copies of one PC take turns
    said: Counter[str] = Counter()
    for _window in range(10):
        before = world.talk.copy()
        await asyncio.sleep(35.0)
        said = world.talk - before
        del said["ping"]
        if not said:
            return
    raise Broken(f"all is level, and yet it talks: {dict(said)}")


def _who_is_out_is_told(world: World) -> None:
    """A PC that was let in once, and is out as far as it has heard, says so and says why."""
    for pc in world.pcs:
        office = pc.engine._vault.office if pc.engine is not None else None
        if pc.engine is None or office is None or office.is_in(pc.device) or not office.let_in_by(pc.device):
            continue
        if pc.engine.removed is None or not pc.engine.removed.words().what:
            raise Broken(f"{pc.name} is out, and is not told")


def _nobody_else_is_served(group: list[Pc]) -> None:
    for pc in group:
        assert pc.engine is not None and pc.engine._network is not None and pc.engine._vault.office is not None
        for device, peer in pc.engine._network._hub.peers.items():
            if peer.session.state is not State.OFFICE and not pc.engine._vault.office.is_in(device):
                raise Broken(f"{pc.name} goes on serving a device that is not in")


def _nobody_honest_is_blamed(world: World) -> None:
    """Who has not heard that its admission is void shows it in good faith; that looks like a lie, and may."""
    if world.damaged or any(pc.name == "stranger" for pc in world.pcs):
        return
    blames = [one for one in world.blames if not one.endswith("warrants: of somebody removed")]
    if blames:
        raise Broken(f"nobody here is dishonest, and yet: {blames[0]}")


def _nobody_is_alarmed(world: World) -> None:
    if world.rolled_back or world.filled or world.damaged:
        return
    for pc in world.pcs:
        if pc.watcher.troubles:
            raise Broken(f"{pc.name} is told of trouble: {pc.watcher.troubles[0].what}")


async def _order_is_one(world: World, group: list[Pc]) -> None:
    if world.skewed:
        return  # whoever is ahead sorts at its arrival, here and there
    orders = {tuple(await _open(pc)) for pc in group}
    if len(orders) > 1:
        raise Broken("the same posts in another order")


async def _safe_to_close(world: World, group: list[Pc]) -> None:
    """At rest everything is on other PCs, and one is told so."""
    if len({pc.device for pc in group}) < 2 or len(world.pcs) > CROWD or world.rolled_back:
        return
    for pc in group:
        assert pc.engine is not None
        if left := await pc.do(pc.engine.only_here()):
            raise Broken(f"{pc.name} says that {left} posts are on it alone")


async def copies_are_there(world: World, pc: Pc) -> None:
    """Where a colleague's PC is said to hold a post, a colleague's PC holds it."""
    if world.rolled_back or world.damaged or world.keeps or pc.engine is None or not pc.engine.in_office:
        return
    own = [row.id for row in (await pc.do(pc.engine.timeline(limit=50))).rows if row.mine]
    said = await pc.do(pc.engine.copies(own))
    there = [disk.bodies(other) for other in world.pcs if other is not pc]
    withdrawn = {ident for other in world.pcs for ident in disk.withdrawn(other)}  # which pc may not have heard of
    for ident, count in said.items():
        if ident in withdrawn:
            continue
        held = sum(EntryId(bytes.fromhex(ident)) in bodies for bodies in there)
        if held < count:
            raise Broken(f"{pc.name} says that {count} hold a post that {held} hold")


def _erased_is_gone(group: list[Pc], ledger: Ledger) -> None:
    for pc in group:
        if back := (disk.texts(pc) | disk.files(pc)) & ledger.withdrawn:
            raise Broken(f"withdrawn, and still on the disk of {pc.name}: {sorted(back)}")


def _kept_from_the_removed(world: World, ledger: Ledger) -> None:
    """Who knew that a device is out wrote what it never gets; unless it was taken back."""
    office = whole(world)  # some may have taken it back who cannot be heard
    assert office is not None
    times: dict[bytes, int] = {}
    for act in office.acts.values():
        for device in admitted(act):
            times[device] = times.get(device, 0) + 1
    for pc in world.pcs:
        if office.is_in(pc.device) or times.get(pc.device, 0) != 1:
            continue
        got = {text for text in disk.texts(pc) if pc.device in ledger.kept_from.get(text, ())}
        if got:
            raise Broken(f"{pc.name} was removed, and got {sorted(got)}")
