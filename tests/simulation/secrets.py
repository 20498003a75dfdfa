"""What must hold of sealed messages: nobody else reads them, and all PCs of one person read the same."""

from __future__ import annotations

from collections.abc import Mapping

from deskblog.values import PersonId, View
from tests.simulation.laws import Broken
from tests.simulation.picture import bare
from tests.simulation.world import Pc, World


async def _held(pc: Pc) -> set[str]:
    assert pc.engine is not None
    return {bare(row.text) for row in (await pc.do(pc.engine.timeline(limit=5000, view=View.SEALED))).rows}


async def check(world: World, group: list[Pc], sealed: Mapping[str, frozenset[bytes]]) -> None:
    """`sealed`: by text the persons that may read it."""
    for pc in world.pcs:
        if pc.engine is None or pc.engine._vault.office is None:
            continue
        for text in await _held(pc):
            if not _may(pc, sealed[text]):
                raise Broken(f"{pc.name} reads what was not sealed for it: {text}")
    await _same_for_one_key(group)


def _may(pc: Pc, readers: frozenset[bytes]) -> bool:
    """Whether the PC is one of a reader's; people that were said to be one are one."""
    assert pc.engine is not None and pc.engine._vault.office is not None
    office = pc.engine._vault.office
    readable = {now.id for one in readers if (now := office.person_now(PersonId(one))) is not None}
    mine = office.person_now(PersonId(pc.person))
    return mine is None or mine.id in readable


async def _same_for_one_key(group: list[Pc]) -> None:
    """Copies of one PC read the same: they hold the same entries and the same key."""
    seen: dict[bytes, tuple[str, set[str]]] = {}
    for pc in group:
        held = await _held(pc)
        name, before = seen.setdefault(pc.device, (pc.name, held))
        if held != before:
            raise Broken(f"{pc.name} reads other sealed messages than {name}: {sorted(held ^ before)}")
