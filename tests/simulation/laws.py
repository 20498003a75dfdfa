"""What must hold when all is quiet and everybody can hear everybody."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from deskblog.errors import UserError
from deskblog.log.act import Remove
from deskblog.log.clerk import devices_ever
from deskblog.log.office import Office, fold
from deskblog.store.entries import BodyState
from deskblog.values import BlobState, PersonId, Row
from tests.simulation.picture import bare, picture
from tests.simulation.world import Pc, World


class Broken(AssertionError):
    """A law does not hold."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What `by` had of some devices when it took them out."""

    by: Pc
    devices: frozenset[bytes]
    texts: frozenset[str]


class Ledger:
    """What was promised to people, kept outside the machine."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, Pc] = {}  # text -> on whose PC it was said to be kept
        self.withdrawn: set[str] = set()
        self.losable: set[str] = set()  # withdrawn, by whoever might lose the withdrawal
        self.left_on: dict[str, set[str]] = {}  # text -> the PCs that held it when a disk with it was thrown away
        self.since: dict[str, int] = {}  # text -> when it was written, by a right clock
        self.forgotten: set[str] = set()  # older than posts are to be kept
        self.kept_from: dict[str, set[bytes]] = {}  # text -> devices its writer knew to be removed
        self.promises: dict[bytes, Seen] = {}  # by the removal that made it
        self.seen_at_removal: dict[bytes, set[str]] = {}  # person -> texts that a remover had


async def texts(pc: Pc) -> set[str]:
    assert pc.engine is not None
    return {bare(row.text) for row in (await pc.do(pc.engine.timeline(limit=5000))).rows if not row.sealed}


def counted(pc: Pc) -> dict[bytes, int]:
    """Each entry that is part of the office, and whether its body is here."""
    assert pc.engine is not None
    store = pc.engine._vault.store
    out = {}
    for chain in store.archive.logs.all():
        for ident, seq, state in store.database.rows("SELECT id, seq, state FROM entry WHERE log = ?", (chain.n,)):
            if chain.counts(seq):
                out[ident] = state
    return out


def insiders(world: World) -> list[Pc]:
    """The PCs that run and are in, as the fold of all acts has it, whoever has heard of which."""
    office = whole(world)
    running = [pc for pc in world.pcs if pc.engine is not None and pc.engine._vault.office is not None]
    return [pc for pc in running if office is not None and office.is_in(pc.device)]


def whole(world: World) -> Office | None:
    """The office as the acts of all say it is, whoever has heard of which."""
    offices = [pc.engine._vault.office for pc in world.pcs if pc.engine is not None]
    acts = {act.id: act for office in offices if office is not None for act in office.acts.values()}
    return fold(acts.values()) if acts else None


def members(world: World) -> list[Pc]:
    """The most of them that can hear each other, if only by way of others.

    Two of whom one holds the other for removed do not link; and if nobody else is left to carry the acts that say
    otherwise, it takes the recovery words. Two copies of one PC do not link, but by a colleague.
    """
    left = insiders(world)
    circles: list[list[Pc]] = []
    while left:
        circle, left = [left[0]], left[1:]
        for pc in circle:  # grows as we go
            near = [other for other in left if _link(pc, other)]
            circle += near
            left = [other for other in left if other not in near]
        circles.append(circle)
    inside = max(circles, key=len, default=[])
    return inside if len({pc.device for pc in inside}) > 1 else inside[:1]


def _link(pc: Pc, other: Pc) -> bool:
    """True if neither holds the other for removed, and they are two."""
    offices = [one.engine._vault.office for one in (pc, other) if one.engine is not None]
    held_out = any(
        office is None or office.was_removed(one.device) is not None for office in offices for one in (pc, other)
    )
    return pc.device != other.device and not held_out


def level(world: World, group: list[Pc]) -> bool:
    """True if all hold the same acts, heads and bodies.

    What a wrong clock wrote may be older than posts are to be kept: let go of here, kept there for a while.
    """
    seen = set()
    for pc in group:
        assert pc.engine is not None
        replica = pc.engine._vault.replica
        assert replica is not None
        seen.add((replica.office.digest, replica.heads.digest()))
    return len(seen) <= 1 and (_let_go_differs(world) or _bodies_came(group))


def _let_go_differs(world: World) -> bool:
    return bool((world.keeps or world.coffee) and world.skewed)


def _bodies_came(group: list[Pc]) -> bool:
    """True if nobody lacks a body that somebody holds. What was on a lost disk alone is wanted for ever."""
    states = [counted(pc) for pc in group]
    held = {ident for one in states for ident, state in one.items() if state == BodyState.HELD}
    return not any(one.get(ident) == BodyState.WANTED for one in states for ident in held) and _blobs_came(group)


def _blobs_came(group: list[Pc]) -> bool:
    """The same of the files beside posts."""
    here, wanted = set[tuple[bytes, int]](), set[tuple[bytes, int]]()
    for pc in group:
        assert pc.engine is not None
        for digest, size, state in pc.engine._vault.store.database.rows("SELECT hash, size, state FROM blob"):
            (here if state == BlobState.HERE else wanted).add((digest, size))
    return not here & wanted


async def settle(world: World) -> None:
    """Lets time pass until nothing is missing anywhere; Broken if that takes ten minutes. What was read is told, and
    told again if that is how a PC learned that one of its person's is back."""
    told = True
    while told:
        told = False
        for pc in members(world):
            assert pc.engine is not None
            with suppress(UserError):
                told |= await pc.do(pc.engine.unread.tell_others()) > 0
        await _until_level(world)


async def _until_level(world: World) -> None:
    for _round in range(60):
        await asyncio.sleep(10.0)
        if level(world, members(world)):
            return
    raise Broken("stores that never become equal")


async def check(world: World, ledger: Ledger) -> None:
    """All laws."""
    group = members(world)
    if not group:
        return
    shown = {pc.name: await texts(pc) for pc in group}
    first = shown[group[0].name]
    if not _let_go_differs(world):
        equal(group)
        for pc in group:
            if shown[pc.name] != first:
                raise Broken(f"{pc.name} shows otherwise: {sorted(shown[pc.name] ^ first)}")
        _same_statuses(group)
        await _same_talk(group)
        _nothing_lost(group, first, ledger)
        _what_was_seen_stays(group, first, ledger)
    if back := ledger.withdrawn & first:
        raise Broken(f"withdrawn, and back: {sorted(back)}")
    _nothing_beyond_the_border(group[0], first, ledger)
    _no_own_forks(world, group)
    _order_is_nothing(world, group[0])
    await _read_alike(group)
    _views_follow(group)


def equal(group: list[Pc]) -> None:
    held = {pc.name: counted(pc) for pc in group}
    first = held[group[0].name]
    for name, entries in held.items():
        if entries.keys() != first.keys():
            raise Broken(f"{name} counts other entries: {len(entries.keys() ^ first.keys())}")
        for ident, state in entries.items():
            if state != first[ident]:
                raise Broken(
                    f"{name} has body {ident.hex()[:8]} {BodyState(state).name}, not {BodyState(first[ident]).name}"
                )


def _same_statuses(group: list[Pc]) -> None:
    """All show the same of what everybody is doing."""
    shown = {pc.name: pc.engine._vault.statuses for pc in group if pc.engine is not None}
    for name, statuses in shown.items():
        if statuses != shown[group[0].name]:
            raise Broken(f"{name} shows other statuses: {statuses} and not {shown[group[0].name]}")


def _talk_of(row: Row) -> object:
    """All that is said of a post, and who has it if it is an announcement."""
    said = row.announced
    have = None
    if said is not None:
        have = said.ends, said.over, [one.id for one in said.got], [one.id for one in said.waiting]
    return row.kind, row.public, row.text, [one.people for one in row.reactions], row.solved, row.answers, have


async def _same_talk(group: list[Pc]) -> None:
    """All show the same of what is said of each post; whose own a sign is differs."""
    first: dict[str, object] = {}
    for pc in group:
        assert pc.engine is not None
        rows = [row for row in (await pc.do(pc.engine.timeline(limit=5000))).rows if not row.sealed]
        said = {row.id: _talk_of(row) for row in rows}
        first = first or dict(said)
        if said != first:
            other = next(ident for ident in said if said[ident] != first.get(ident))
            raise Broken(f"{pc.name} shows of a post {said[other]} and not {first.get(other)}")


async def _read_alike(group: list[Pc]) -> None:
    """What a person has read on one PC is read on their others, unless a disk of theirs was put back."""
    for pc in group:
        for other in group:
            if pc is other or pc.person != other.person or pc.device == other.device:
                continue
            if any(one.image_restored or one.name.startswith("clone") for one in (pc, other)):
                continue
            assert pc.engine is not None and other.engine is not None
            unread = {row.id for row in (await pc.do(pc.engine.timeline(limit=5000))).rows if row.unread}
            marks = other.engine._vault.store.database.rows("SELECT mark FROM read_mark WHERE told = 1")
            read = {row[0].hex() for row in marks}
            if both := [ident for ident in unread if ident[:16] in read]:
                raise Broken(f"{other.name} has read what {pc.name} has not: {both}")


def _nothing_lost(group: list[Pc], shown: set[str], ledger: Ledger) -> None:
    """Every post that was said to be kept by a member's PC is everywhere, unless it was taken back."""
    assert group[0].engine is not None
    office = group[0].engine._vault.office
    assert office is not None
    removed = ever_removed(group)
    for text, pc in ledger.acknowledged.items():
        if text in shown or text in ledger.withdrawn or text in ledger.losable or text in ledger.forgotten:
            continue
        if text in ledger.left_on and not ledger.left_on[text] & {one.name for one in group}:
            continue  # it was on that one disk, or on disks of people who are out
        if pc not in group or pc.device in removed:
            continue  # how far a removed one's log counts hangs on which removals stand
        raise Broken(f"lost: {text}")


def _what_was_seen_stays(group: list[Pc], shown: set[str], ledger: Ledger) -> None:
    """What a remover had of the one removed counts, whatever became of the two."""
    assert group[0].engine is not None
    office = group[0].engine._vault.office
    assert office is not None
    for act, seen in ledger.promises.items():
        if act not in office.standing or seen.by not in group:
            continue
        for text in seen.texts:
            writer = ledger.acknowledged.get(text)
            lawful = ledger.withdrawn | ledger.losable | ledger.left_on.keys() | ledger.forgotten
            if writer is not None and writer.device in seen.devices and text not in shown | lawful:
                raise Broken(f"seen by {seen.by.name} at the removal, and lost: {text}")


def ever_removed(group: list[Pc]) -> set[bytes]:
    """The devices that any removal ever named, though they may be back."""
    if not group:
        return set()
    assert group[0].engine is not None
    office = group[0].engine._vault.office
    assert office is not None
    gone: set[bytes] = set()
    for act in office.acts.values():
        if isinstance(act.fields, Remove):
            gone |= {act.fields.device, *devices_ever(office, PersonId(act.fields.person))}
    return gone


def _short_of_the_border(pc: Pc) -> set[bytes]:
    """Devices of which a log ends here before its border: nobody here can say yet whether a copy wrote that end."""
    assert pc.engine is not None
    replica = pc.engine._vault.replica
    assert replica is not None
    return {
        log.device
        for log, ends in replica.heads.logs()
        if ends.limit is not None and ends.counted and ends.counted[-1].seq < ends.limit
    }


def _nothing_beyond_the_border(pc: Pc, shown: set[str], ledger: Ledger) -> None:
    assert pc.engine is not None
    office = pc.engine._vault.office
    assert office is not None
    for person, seen in ledger.seen_at_removal.items():
        held = office.persons.get(person)  # type: ignore[call-overload]
        if held is None or not held.gone:
            continue
        unsure = _short_of_the_border(pc)
        theirs = {
            text
            for text, by in ledger.acknowledged.items()
            if by.person == person and text in shown and by.device not in unsure
        }
        beyond = theirs - seen - ledger.losable  # withdrawn, and the withdrawal lost: it was seen once
        if beyond:
            raise Broken(f"counts though its author was removed: {sorted(beyond)}")


def _no_own_forks(world: World, group: list[Pc]) -> None:
    """A device whose disk was never copied behind its back never shows a fork."""
    honest = {pc.device for pc in world.pcs if not pc.image_restored}
    copied = {pc.device for pc in world.pcs if pc.image_restored}
    for pc in group:
        assert pc.engine is not None
        replica = pc.engine._vault.replica
        assert replica is not None
        for log, ends in replica.heads.logs():
            if ends.fork and log.device in honest - copied:
                raise Broken(f"{pc.name} sees a fork of a device that never signed twice")


def _order_is_nothing(world: World, pc: Pc) -> None:
    assert pc.engine is not None
    office = pc.engine._vault.office
    assert office is not None
    acts = list(office.acts.values())
    world.dice.shuffle(acts)
    again = fold(acts)
    if (again.devices, again.persons, again.standing) != (office.devices, office.persons, office.standing):
        raise Broken("the fold hangs on the order of acts")


def _views_follow(group: list[Pc]) -> None:
    """What is shown is what is made anew from the entries."""
    pc = group[0]
    assert pc.engine is not None
    store = pc.engine._vault.store
    before = {row.id: picture(row) for row in store.timeline(limit=5000).rows}
    unread = {row.id for row in store.timeline(limit=5000).rows if row.unread}
    store.rebuild(pc.engine._vault.office)  # type: ignore[arg-type]
    if {row.id: picture(row) for row in store.timeline(limit=5000).rows} != before:
        raise Broken("the timeline made anew is another")
    if {row.id for row in store.timeline(limit=5000).rows if row.unread} != unread:
        raise Broken("what is unread, made anew, is other")
    if store.archive.newest.statuses() != pc.engine._vault.statuses:
        raise Broken("the statuses made anew are others")


def stranger_holds_nothing(pc: Pc) -> None:
    """Whoever is not of the office has none of its entries."""
    assert pc.engine is not None
    if pc.engine._vault.store.database.row("SELECT count(*) FROM entry")[0]:
        raise Broken("a stranger holds entries")
