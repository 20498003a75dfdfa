"""Those who were removed and do not take it: each way back is closed, and nobody is removed by a lie."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import events
from deskblog.errors import Refused
from deskblog.limits import ACT_AFTER
from deskblog.log import act as a
from deskblog.log import charter, kinds, removing
from deskblog.log.act import Act, write_act
from deskblog.log.entry import write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.net import handshake as h
from deskblog.net import messages as m
from deskblog.net.certificate import device_of
from deskblog.store.keyfile import load_or_make_keys
from deskblog.values import ActId, DeviceKey, EntryId, Point, Role
from tests.engine.desk import Desk, desks
from tests.engine.raw import RawLink


def office_of(desk: Desk) -> Office:
    office = desk.engine._vault.office
    assert office is not None
    return office


async def keys_of(folder: Path, name: str) -> DeviceKeys:
    return await asyncio.to_thread(load_or_make_keys, folder / name)


def is_in(desk: Desk, device: bytes) -> bool:
    return office_of(desk).is_in(device)


async def knocking(port: int, keys: DeviceKeys, office: Office) -> tuple[RawLink, m.Message]:
    """A link as a member, proven, and the first word it is answered."""
    link = await RawLink.dial(port, keys)
    der = link._writer.get_extra_info("ssl_object").getpeercert(True)
    hello = m.decode(await link.payload(), m.ServerHello)
    handshake = h.ClientHandshake(keys, device_of(der), der, office.id)
    link.send(handshake.receive(hello, secrets.token_bytes(32), secrets.token_bytes(8)))
    return link, m.decode(await link.payload(), m.Judging)


async def left(folder: Path, anne: Desk, name: str, role: Role = Role.MEMBER) -> DeviceKeys:
    """Somebody who joins, is given a role and goes off: what they do next is done by hand."""
    async with desks(folder, name) as (desk,):
        await anne.admit(desk)
        if role is not Role.MEMBER:
            await anne.engine.membership.role(name, role)
        await desk.until(lambda: "Anne" in desk.linked_with())
    await anne.until(lambda: name not in anne.linked_with())
    return await keys_of(folder, name)


LIES = ["signed by the liar", "without a key", "somebody else's", "of the last act only"]


def lie(what: str, office: Office, keys: DeviceKeys, target: DeviceKey) -> m.Warrants:
    own = office.warrants(keys.device, keyholder=False)
    anne = office.warrants(DeviceKey(next(iter(office.acts.values())).author), keyholder=True)
    assert own is not None and anne is not None
    warrants = own if what == "without a key" else anne
    removal = write_act(keys, office.id, office.tips, warrants, 9, a.Remove(b"", target))
    chain: list[Act] = [] if what == "of the last act only" else list(office.chain(keys.device))
    if what == "somebody else's":
        removal = write_act(keys, office.id, office.tips, own, 9, a.Remove(b"", keys.device))
    return h.warrants_message([*chain, removal])


@pytest.mark.parametrize("what", LIES)
async def test_a_forged_removal_shown_by_a_member_makes_nothing_happen(tmp_path: Path, what: str) -> None:
    """Attack 6 turned round: the link ends, it is counted as what it is, and Anne goes on."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        mallory = await left(tmp_path, anne, "Mallory")
        office = office_of(anne)
        async with await RawLink.member(anne.engine.port, mallory, office.id) as link:
            link.send(lie(what, office, mallory, DeviceKey(bytes.fromhex(anne.engine.device))))
            assert await link.ended()
        assert anne.engine.removed is None and office_of(anne) is office
        assert not [event for event in anne.said if isinstance(event, events.Removed)]
        assert anne.engine.refusals.get("Forged") == 1
        await anne.engine.post("Still here")


async def test_a_true_removal_shown_by_a_stranger_is_the_truth_and_a_replayed_one_is_nothing(tmp_path: Path) -> None:
    """What a stranger recorded cannot be forged; once Karim is taken back it means nothing any more."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        await left(tmp_path, anne, "Karim")
        mallory = await left(tmp_path, anne, "Mallory")
        karims = (await keys_of(tmp_path, "Karim")).device
        await anne.engine.membership.remove("Karim")
        recorded = h.removal_shown(office_of(anne), karims)
        assert recorded is not None
        await anne.engine.membership.readmit("Karim")
        async with desks(tmp_path, "Karim") as (karim,):
            karim.engine.reach(anne.address)
            await karim.until(lambda: "Anne" in karim.linked_with())
            async with await RawLink.member(karim.engine.port, mallory, office_of(anne).id) as link:
                link.send(recorded)
                assert await link.ended()
            assert karim.engine.removed is None
            await karim.engine.post("Still here")
            await anne.until_held("Still here")


@asynccontextmanager
async def admitted_too_late(folder: Path) -> AsyncIterator[tuple[Desk, Desk, Desk]]:
    """Anne, who is off, Bruno and Paul: Karim let Paul in when Anne had removed him; none of them heard of it."""
    async with desks(folder, "Anne", "Karim", "Bruno") as (anne, karim, bruno):
        await anne.found()
        await anne.admit(karim)
        await anne.engine.membership.role("Karim", Role.KEYHOLDER)
        await anne.admit(bruno)
        await karim.until(lambda: office_of(karim).digest == office_of(anne).digest)
    alone = Desk(folder, "Anne", network=False)
    await alone.engine.start()
    await alone.engine.membership.remove("Karim")
    await alone.engine.stop()
    async with desks(folder, "Bruno", "Paul") as (bruno, paul):
        async with desks(folder, "Karim") as (karim,):
            await karim.admit(paul)
            bruno.engine.reach(karim.address)
            paul.engine.reach(bruno.address)
            await bruno.until(lambda: "Paul" in bruno.linked_with())
        anne = Desk(folder, "Anne")
        try:
            yield anne, bruno, paul
        finally:
            await anne.engine.stop()


async def is_told(paul: Desk) -> None:
    """In words, and as an answer to whatever writes."""
    await paul.until(lambda: paul.engine.removed is not None)
    await paul.until(lambda: any(isinstance(event, events.Removed) for event in paul.said))
    with pytest.raises(Refused, match=r"Karim let this PC .* Anne had taken it away.*Ask a keyholder .* new code"):
        await paul.engine.post("Still me")


async def test_who_was_let_in_by_somebody_removed_is_out_told_why_and_comes_back_with_a_code(tmp_path: Path) -> None:
    """A link that stands ends at once: what is written from then on is not for Paul."""
    async with admitted_too_late(tmp_path) as (anne, bruno, paul):
        await anne.engine.start()
        bruno.engine.reach(anne.address)
        await is_told(paul)
        await bruno.until(lambda: "Anne" in bruno.linked_with())
        assert not is_in(bruno, bytes.fromhex(paul.engine.device))
        await bruno.engine.post("Not for Paul")
        await anne.until_held("Not for Paul")
        assert not await paul.rows()
        await anne.admit(paul)
        await paul.until(lambda: paul.engine.removed is None)
        await paul.engine.post("In again")
        await anne.until_held("In again")


async def test_who_was_off_meanwhile_is_told_at_the_next_door(tmp_path: Path) -> None:
    async with admitted_too_late(tmp_path) as (anne, bruno, paul):
        await paul.engine.stop()
        await anne.engine.start()
        bruno.engine.reach(anne.address)
        await bruno.until(lambda: "Anne" in bruno.linked_with())
        async with desks(tmp_path, "Paul") as (paul_again,):
            paul_again.engine.reach(bruno.address)
            await is_told(paul_again)
            assert not bruno.engine.refusals and not paul_again.engine.refusals, "nobody did wrong"


async def test_who_was_removed_yesterday_gets_nothing_at_any_door(tmp_path: Path) -> None:
    """Attack 6, table row 16: reconnects, shows the old role, shows nothing, says hello as if nothing had been."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        karim = await left(tmp_path, anne, "Karim", Role.KEYHOLDER)
        before = office_of(anne)
        await anne.engine.membership.remove("Karim")
        await anne.engine.post("Not for Karim")
        told = h.removal_shown(office_of(anne), karim.device)
        for word in (
            m.encode(h.answer_who(before, karim.device)),
            m.encode(m.Warrants(())),
            m.encode(m.ActsAsked(())),
        ):
            link, first = await knocking(anne.engine.port, karim, before)
            async with link:
                assert first == told
                link.send_payload(word)
                with pytest.raises((EOFError, ConnectionError, ssl.SSLError)):
                    await link.payload()
        assert not is_in(anne, karim.device) and is_in(anne, bytes.fromhex(anne.engine.device))


async def test_the_removed_one_acts_through_an_accomplice_and_it_is_void(tmp_path: Path) -> None:
    """Attack 6: a puppet admitted back-dated, the remover removed back-dated, an old role, arriving last."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        karim = await left(tmp_path, anne, "Karim", Role.KEYHOLDER)
        mallory = await left(tmp_path, anne, "Mallory")
        before = office_of(anne)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await anne.engine.membership.remove("Karim")
        removal = office_of(anne).was_removed(karim.device)
        assert removal is not None
        puppet = DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))
        joiner = (puppet.device, puppet.seal_key)
        back_dated = [
            *charter.admitting(karim, before, joiner, "Puppet", None, 1),
            *charter.ruling(karim, before, "Karim's", {}, 1),
            *charter.granting(karim, before, before.devices[mallory.device], Role.KEYHOLDER, (), 1),
            *removing.removing_person(
                karim, before, before.devices[DeviceKey(bytes.fromhex(paul.engine.device))], (), 1
            ),
        ]
        async with await RawLink.member(anne.engine.port, mallory, before.id) as link:
            await link.level(office_of(anne).tips)
            link.send(m.Acts(tuple((act.raw, act.signature) for act in back_dated), more=False))
            await anne.until(lambda: all(act.id in office_of(anne).acts for act in back_dated))
        office = office_of(anne)
        assert not office.standing & {act.id for act in back_dated}
        assert not office.is_in(puppet.device) and office.name == "Dupont & fils"
        assert office.is_in(bytes.fromhex(paul.engine.device))
        assert office.persons[office.devices[mallory.device]].role is Role.MEMBER
        await paul.until(lambda: office_of(paul) == office)
        link, first = await knocking(paul.engine.port, puppet, before)
        async with link:
            assert isinstance(first, m.Warrants), "told why, as whoever was let in in good faith"
            assert removal.raw == first.acts[-1][0]
            link.send(h.answer_who(fold([*before.acts.values(), *back_dated]), puppet.device))
            assert await link.ended()


def diary(
    keys: DeviceKeys, office: Office, number: bytes, *texts: str, after: Point | None = None, admission: bytes = b""
) -> list[m.LiveEntry]:
    """Entries of one log; an opening first where it does not go on after a point."""
    contents: list[kinds.Content] = [kinds.Post(text) for text in texts]
    if after is None:
        contents.insert(0, kinds.Open(ActId(admission)))
    out = []
    for content in contents:
        body = kinds.encode_body(content, secrets.token_bytes(16))
        entry, signature = write_entry(
            keys, office.id, number, after, 1_700_000_000_000, kinds.kind_of(content), body
        )
        after = entry.point
        out.append(m.LiveEntry(entry.raw, signature, body))
    return out


async def test_late_posts_of_the_removed_one_do_not_count_whoever_brings_them(tmp_path: Path) -> None:
    """Attack 6: back-dated posts in the old log and in a new one, brought by an accomplice."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        async with desks(tmp_path, "Karim") as (desk,):
            await anne.admit(desk)
            await desk.engine.post("In time")
            await anne.until_held("In time")
        karim, mallory = await keys_of(tmp_path, "Karim"), await left(tmp_path, anne, "Mallory")
        vault = anne.engine._vault
        ((_device, number, seq, ident),) = await vault.call(vault.store.counted, {karim.device}, office_of(anne))
        point = Point(seq, EntryId(ident))
        admissions = [office_of(anne).admission_of(keys.device) or b"" for keys in (karim, mallory)]
        await anne.engine.membership.remove("Karim")
        office = office_of(anne)
        async with await RawLink.member(anne.engine.port, mallory, office.id) as link:
            await link.level(office.tips)
            for entry in (
                *diary(karim, office, number, "Too late", after=point),
                *diary(karim, office, bytes(8), "In another log", admission=admissions[0]),
                *diary(mallory, office, bytes(8), "What the accomplice may", admission=admissions[1]),
            ):
                link.send(entry)
            await anne.until_held("What the accomplice may")  # whatever came before it is stored too
        assert {row.text for row in await anne.rows()} == {"In time", "What the accomplice may"}


async def test_an_old_backup_of_the_office_brings_nobody_back(tmp_path: Path) -> None:
    """Attack 6, table row 12: Karim's folder from before his removal, and Paul's, who was off all that time."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        await left(tmp_path, anne, "Paul")
        await left(tmp_path, anne, "Karim")
        (tmp_path / "backup").mkdir()
        await asyncio.to_thread(shutil.copytree, tmp_path / "Karim", tmp_path / "backup" / "Karim")
        await anne.engine.membership.remove("Karim")
        async with desks(tmp_path, "Paul") as (paul,), desks(tmp_path / "backup", "Karim") as (karim,):
            karim.engine.reach(anne.address)
            await karim.until(lambda: karim.engine.removed is not None)
            with pytest.raises(Refused, match="Anne removed this PC"):
                await karim.engine.post("From the backup")
            paul.engine.reach(anne.address)
            await paul.until(lambda: paul.linked_with() == {"Anne"} and office_of(paul) == office_of(anne))
            paul.engine.reach(karim.address)
            await anne.engine.post("Ours")
            await paul.until_held("Ours")
            assert not is_in(paul, bytes.fromhex(karim.engine.device)) and await karim.rows() == ()


async def test_a_second_pc_that_the_remover_had_not_heard_of_is_out_too(tmp_path: Path) -> None:
    """Table row 15: Paul, apart, lets Karim's laptop in; Anne removes Karim; the laptop appears."""
    async with desks(tmp_path, "Paul", "Laptop") as (paul, laptop):
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.found()
            await anne.admit(paul)
            await anne.engine.membership.role("Paul", Role.KEYHOLDER)
            await left(tmp_path, anne, "Karim")
            await paul.until(lambda: office_of(paul) == office_of(anne))
        code = (await paul.engine.invite(as_person="Karim")).code
        await laptop.engine.join(code, "x", at=paul.address)
        assert is_in(laptop, bytes.fromhex(laptop.engine.device))
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.engine.membership.remove("Karim")
            laptop.engine.reach(anne.address)
            anne.engine.reach(paul.address)
            await laptop.until(lambda: laptop.engine.removed is not None)
            await paul.until(lambda: not is_in(paul, bytes.fromhex(laptop.engine.device)))
            with pytest.raises(Refused, match="Anne removed this PC"):
                await laptop.engine.post("Hello?")


async def test_a_removal_from_a_pc_that_has_just_joined_holds(tmp_path: Path) -> None:
    """Table row 15: the ban issued from a brand-new device."""
    async with desks(tmp_path, "Anne", "Laptop", "Karim") as (anne, laptop, karim):
        await anne.found()
        await anne.admit(karim)
        code = (await anne.engine.invite(as_person="Anne")).code
        await laptop.engine.join(code, "x", at=anne.address)
        await laptop.engine.membership.remove("Karim")
        await karim.until(lambda: karim.engine.removed is not None and karim.engine.removed.by == "Anne")
        assert not is_in(anne, bytes.fromhex(karim.engine.device))


async def test_a_member_who_writes_keyholders_acts_by_hand_changes_nothing(tmp_path: Path) -> None:
    """Table row 14: renames the office, edits its rules, makes himself keyholder, merges himself with one, "votes"
    twice, throws the keyholder out; with his own warrants, and with Anne's.
    """
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        mallory = await left(tmp_path, anne, "Mallory")
        office = office_of(anne)
        me, annes = DeviceKey(bytes.fromhex(anne.engine.device)), office.devices
        person = annes[mallory.device]
        own = office.warrants(mallory.device, keyholder=False)
        borrowed = office.warrants(me, keyholder=True)
        assert own is not None and borrowed is not None
        wishes: list[a.Fields] = [
            a.Rule("Mallory's", (("retention", 1),)),
            a.Grant(person, Role.KEYHOLDER),
            a.Grant(person, Role.KEYHOLDER),
            a.Grant(annes[me], Role.MEMBER),
            a.Merge(tuple(sorted((person, annes[me])))),
            a.Remove(annes[me], b""),
            a.Remove(b"", me),
            a.Call(annes[me], "Nobody"),
        ]
        acts = [
            write_act(mallory, office.id, office.tips, warrants, n, wish)
            for n, wish in enumerate(wishes)
            for warrants in (own, borrowed, {*own, *borrowed})
        ]
        async with await RawLink.member(anne.engine.port, mallory, office.id) as link:
            await link.level(office.tips)
            link.send(m.Acts(tuple((act.raw, act.signature) for act in acts), more=False))
            await anne.until(lambda: acts[-1].id in office_of(anne).acts)
        after = office_of(anne)
        assert not after.standing & {act.id for act in acts}
        assert (after.name, after.persons, after.settings) == (office.name, office.persons, office.settings)
        assert anne.engine.removed is None


async def test_heads_that_nobody_has_in_a_removal_take_nothing_away(tmp_path: Path) -> None:
    """Attack 10: the removal says that Karim's log goes on to entries that nobody ever saw."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        async with desks(tmp_path, "Karim") as (karim,):
            await anne.admit(karim)
            await karim.engine.post("In time")
            await anne.until_held("In time")
            device = DeviceKey(bytes.fromhex(karim.engine.device))
        mallory = await left(tmp_path, anne, "Mallory", Role.KEYHOLDER)
        office, vault = office_of(anne), anne.engine._vault
        ((_device, number, _seq, _id),) = await vault.call(vault.store.counted, {device}, office)
        heads = ((device, number, 999, secrets.token_bytes(32)), (device, bytes(8), 7, secrets.token_bytes(32)))
        removal = removing.removing_person(mallory, office, office.devices[device], tuple(sorted(heads)), 1)
        async with await RawLink.member(anne.engine.port, mallory, office.id) as link:
            await link.level(office.tips)
            link.send(m.Acts(tuple((act.raw, act.signature) for act in removal), more=False))
            await paul.until(lambda: not is_in(paul, device))
        await anne.engine.post("We go on")
        await paul.until_held("In time", "We go on")
        assert {row.text for row in await anne.rows()} == {"In time", "We go on"}


async def test_a_thousand_admissions_side_by_side_are_taken_and_go_with_their_author(tmp_path: Path) -> None:
    """Attack 10: a keyholder gone bad admits a thousand, all at once; his removal knows few of them, so few stay."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        mallory = await left(tmp_path, anne, "Mallory", Role.KEYHOLDER)
        office = office_of(anne)
        warrants = office.warrants(mallory.device, keyholder=True)
        assert warrants is not None
        puppets = [DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32)) for _n in range(1000)]
        acts = [
            write_act(mallory, office.id, office.tips, warrants, 1, a.Admit(a.NEW, ((one.device, one.seal_key),)))
            for one in puppets
        ]
        async with await RawLink.member(anne.engine.port, mallory, office.id) as link:
            await link.level(office.tips)
            for part in m.act_parts(acts):
                link.send(m.Acts(part, more=False))
            await paul.until(lambda: all(is_in(paul, one.device) for one in puppets))
        await anne.engine.membership.remove("Mallory")
        await paul.until(lambda: not is_in(paul, mallory.device))
        assert sum(is_in(paul, one.device) for one in puppets) <= ACT_AFTER
        await anne.engine.post("We go on")
        await paul.until_held("We go on")
