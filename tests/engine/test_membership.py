"""Who is in and who may what, with real engines on real links: what one does, everyone sees."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from deskblog import events
from deskblog.errors import Refused
from deskblog.values import PersonId, PersonRow, Role
from tests.engine.desk import Desk, desks, turns


async def row(desk: Desk, name: str) -> PersonRow:
    return next(person for person in await desk.engine.people() if person.name == name)


def rows_told(desk: Desk) -> dict[str, PersonRow]:
    """The people as last told."""
    told = [event.people for event in desk.said if isinstance(event, events.PeopleChanged)]
    return {person.name: person for person in told[-1]} if told else {}


def gone(desk: Desk, *names: str) -> bool:
    """True once these were told of as people of the office, and out of it."""
    told = rows_told(desk)
    return all(name in told and told[name].gone for name in names)


def removals_told(desk: Desk) -> list[events.Removed]:
    return [event for event in desk.said if isinstance(event, events.Removed)]


def digest(desk: Desk) -> bytes:
    office = desk.engine._vault.office
    return office.digest if office else b""


def _level(one: Desk, other: Desk) -> bool:
    return digest(one) == digest(other)


def _told(desk: Desk) -> bool:
    return bool(removals_told(desk))


def _cancelled(desk: Desk, since: int) -> bool:
    return "cancelled" in desk.invitations()[since:]


async def level(first: Desk, *others: Desk) -> None:
    """Waits until the others hold the acts that the first holds."""
    for desk in others:
        await desk.until(partial(_level, desk, first))


async def test_a_keyholder_is_made_and_may_invite_and_the_advice_to_have_two_goes(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        assert anne.engine.membership.keyholders().count == 1
        assert "Two keyholders" in anne.engine.membership.keyholders().advice
        await anne.admit(paul)
        given = await anne.engine.membership.role("paul", Role.KEYHOLDER)
        assert given.role is Role.KEYHOLDER
        await paul.until(lambda: rows_told(paul)["Paul"].role is Role.KEYHOLDER)
        assert (paul.engine.membership.keyholders().count, paul.engine.membership.keyholders().advice) == (2, "")
        await paul.admit(karim)
        await anne.until(lambda: "Karim" in rows_told(anne))
        with pytest.raises(Refused, match="already"):
            await anne.engine.membership.role("Paul", Role.KEYHOLDER)


async def test_who_is_removed_is_told_by_whom_and_can_write_no_more_and_keeps_everything(tmp_path: Path) -> None:
    """Table row 16: the removed gets nothing more from the remover, nor from a third who knows."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        await karim.meet(paul)
        await karim.engine.post("Counts for ever")
        await anne.until_held("Counts for ever")
        out = await anne.engine.membership.remove("Karim")
        assert out.gone and out.removed_by == "Anne"
        await karim.until(lambda: bool(removals_told(karim)))
        told = removals_told(karim)
        assert [(event.by, event.kept) for event in told] == [("Anne", "Everything on this PC is kept.")]
        assert "Anne removed this PC from the office on" in told[0].what and "keyholder" in told[0].next_step
        assert karim.engine.removed is not None and karim.engine.removed.act == told[0].act
        for refused in (
            karim.engine.post("Still me"),
            karim.engine.invite(),
            karim.engine.membership.rename("Karim", "K"),
        ):
            with pytest.raises(Refused, match="Anne removed this PC"):
                await refused
        await karim.until(lambda: karim.linked_with() == set())
        await paul.until(lambda: gone(paul, "Karim"))
        assert (await row(paul, "Karim")).removed_by == "Anne"
        await anne.engine.post("Among us")
        await paul.until_held("Among us", "Counts for ever")
        assert [one.text for one in await karim.rows()] == ["Counts for ever"]


async def test_a_removed_pc_says_so_at_each_start_also_when_only_told_by_a_link(tmp_path: Path) -> None:
    """Karim was off while he was removed, and much else happened: what he is shown cannot be folded, but is kept."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        async with desks(tmp_path, "Karim") as (karim,):
            await anne.admit(karim)
            await karim.engine.post("Before")
            await anne.until_held("Before")
        await anne.engine.membership.rename("Anne", "Anne B.")
        await anne.engine.membership.remove("Karim")
        for start in range(2):
            async with desks(tmp_path, "Karim") as (karim,):
                if not start:
                    assert karim.engine.removed is None
                    karim.engine.reach(anne.address)
                await karim.until(partial(_told, karim))
                assert [event.by for event in removals_told(karim)] == ["Anne"]
                with pytest.raises(Refused, match="Anne removed this PC"):
                    await karim.engine.post("Still me")
                with pytest.raises(Refused, match="has not heard all"):
                    await karim.engine.membership.recover(" ".join(["abandon"] * 11 + ["about"]))
                assert [one.text for one in await karim.rows()] == ["Before"]


async def test_who_knows_it_already_is_told_by_whoever_knows_too(tmp_path: Path) -> None:
    """Table row 16: a third who knows it lets the removed in no more, though the remover is off."""
    async with desks(tmp_path, "Paul") as (paul,):
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.found()
            await anne.admit(paul)
            async with desks(tmp_path, "Karim") as (karim,):
                await anne.admit(karim)
                await karim.until(lambda: "Anne" in karim.linked_with())
            await anne.engine.membership.remove("Karim")
            await paul.until(lambda: gone(paul, "Karim"))
        await paul.engine.post("Not for Karim")
        async with desks(tmp_path, "Karim") as (karim,):
            karim.engine.reach(paul.address)
            await karim.until(lambda: bool(removals_told(karim)))
            assert await karim.rows() == () and karim.linked_with() == set()


async def test_who_does_not_know_it_yet_learns_it_and_links_no_more(tmp_path: Path) -> None:
    """Table row 16, last part, and 11: Paul was off; he hears of it from Anne, and closes his link with Karim."""
    async with desks(tmp_path, "Anne", "Karim") as (anne, karim):
        await anne.found()
        async with desks(tmp_path, "Paul") as (paul,):
            await anne.admit(paul)
            await paul.until(lambda: "Anne" in paul.linked_with())
        await anne.admit(karim)
        await karim.until(lambda: "Anne" in karim.linked_with())
        await anne.engine.membership.remove("Karim")
        await karim.until(lambda: karim.linked_with() == set())
        async with desks(tmp_path, "Paul") as (paul,):
            paul.engine.reach(anne.address)
            await paul.until(lambda: gone(paul, "Karim"))
            karim.engine.reach(paul.address)
            await anne.engine.post("Ours")
            await paul.until_held("Ours")
            assert [one.text for one in await karim.rows()] == []


async def test_a_removed_pc_taken_back_without_a_code_links_again_and_writes_in_a_new_log(tmp_path: Path) -> None:
    """Table row 11: what it wrote before its removal keeps its border, what it writes after counts everywhere."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        await karim.engine.post("Before")
        await paul.until_held("Before")
        await anne.engine.membership.remove("Karim")
        await karim.until(lambda: bool(removals_told(karim)))
        back = await anne.engine.membership.readmit("Karim")
        assert not back.gone and back.role is Role.MEMBER
        karim.engine.reach(anne.address)
        await karim.until(lambda: "Anne" in karim.linked_with() and karim.engine.removed is None)
        await karim.engine.post("After")
        await anne.until_held("Before", "After")
        await paul.until_held("Before", "After")
        assert {one.person for one in await paul.rows()} == {"Karim"}
        logs = await karim.engine._vault.call(karim.engine._vault.store.own_logs)
        assert [point.seq for _log, _ordinal, ends, _counted in logs for point in ends] == [2, 2]
        assert [person.name for person in await paul.engine.people()] == ["Anne", "Karim", "Paul"]


async def test_a_removed_pc_joins_again_with_a_code_as_whom_it_was(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Karim") as (anne, karim):
        await anne.found()
        await anne.admit(karim)
        await karim.engine.post("Before")
        await anne.until_held("Before")
        await anne.engine.membership.remove("Karim")
        await karim.until(lambda: bool(removals_told(karim)))
        code = (await anne.engine.invite(as_person="karim")).code
        await karim.engine.join(code, "Whoever", at=anne.address)
        assert karim.engine.removed is None
        await karim.engine.post("After")
        await anne.until_held("Before", "After")
        assert [(person.name, len(person.devices)) for person in await anne.engine.people()] == [
            ("Anne", 1),
            ("Karim", 1),
        ]


async def test_a_second_pc_and_a_reinstalled_one_are_the_same_anne_and_one_can_be_taken_out(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Laptop") as (anne, laptop):
        await anne.found()
        async with desks(tmp_path, "Old") as (old,):
            for pc in (laptop, old):
                code = (await anne.engine.invite(as_person="Anne")).code
                await pc.engine.join(code, "Whoever", at=anne.address)
            await laptop.until(lambda: len(rows_told(laptop)["Anne"].devices) == 3)
            lost = old.engine.device
        left = await laptop.engine.membership.remove(lost[:8])  # the further PC holds the key too
        assert not left.gone and lost not in left.devices and len(left.devices) == 2
        await anne.until(lambda: len(rows_told(anne)["Anne"].devices) == 2)
        assert [person.name for person in await anne.engine.people()] == ["Anne"]


async def test_two_of_one_name_are_two_until_they_are_merged_and_then_one_everywhere(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Paul2") as (anne, paul, other):
        await anne.found()
        await anne.admit(paul)
        code = (await anne.engine.invite()).code
        await other.engine.join(code, "Paul", at=anne.address)
        used = next(e for e in reversed(anne.said) if isinstance(e, events.InvitationChanged) and e.state == "used")
        assert used.device == other.engine.device and anne.engine.membership.namesakes(used.person_id) == 1
        await paul.engine.post("From one")
        await other.engine.post("From the other")
        await anne.until_held("From one", "From the other")
        with pytest.raises(Refused, match="Several fit") as refusal:
            await anne.engine.membership.remove("Paul")
        ids = [person.id for person in await anne.engine.people() if person.name == "Paul"]
        assert len(ids) == 2 and all(ident[:8] in refusal.value.what for ident in ids)
        merged = await anne.engine.membership.merge(["Paul", "paul"])
        assert len(merged.devices) == 2
        assert {one.person_id for one in await anne.rows()} == {merged.id}
        for ident in ids:  # what was begun under an id of before goes on
            assert anne.engine.membership._row(PersonId(bytes.fromhex(ident))).id == merged.id
        await paul.until(lambda: len(rows_told(paul)["Paul"].devices) == 2)
        await anne.engine.membership.remove("Paul")
        await paul.until(lambda: bool(removals_told(paul)))
        await other.until(lambda: bool(removals_told(other)))
        assert [(person.name, person.gone) for person in await anne.engine.people()] == [
            ("Anne", False),
            ("Paul", True),
        ]


async def test_renaming_makes_no_second_of_a_name(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        with pytest.raises(Refused, match="There is a Anne in the office already"):
            await paul.engine.membership.rename("Paul", " anne ".title())
        with pytest.raises(Refused, match="Only a keyholder"):
            await paul.engine.membership.rename("Anne", "Somebody")
        assert (await paul.engine.membership.rename("Paul", "Paul Martin")).name == "Paul Martin"
        await anne.until(lambda: "Paul Martin" in rows_told(anne))
        await paul.engine.membership.rename("Paul Martin", "Paul Martin")
        assert len(await anne.engine.people()) == 2


async def test_the_last_keyholder_goes_only_when_sure_and_the_words_bring_the_office_back(tmp_path: Path) -> None:
    """Attack 10, table row 14: he takes himself out; the office goes on, admits nobody, and is recovered."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        words = " ".join((await anne.engine.found("Dupont & fils", "Anne")).recovery)
        await anne.admit(paul)
        for unsure in (
            anne.engine.membership.leave(),
            anne.engine.membership.remove("Anne"),
            anne.engine.membership.remove(anne.engine.device[:6]),
            anne.engine.membership.role("Anne", Role.MEMBER),
        ):
            with pytest.raises(Refused, match="only the recovery words"):
                await unsure
        left = await anne.engine.membership.leave(sure=True)
        assert left.gone and left.removed_by == "Anne"
        await anne.until(lambda: bool(removals_told(anne)))
        assert "You took this PC out" in removals_told(anne)[0].what
        await paul.until(lambda: gone(paul, "Anne"))
        assert "recovery words" in paul.engine.membership.keyholders().advice
        with pytest.raises(Refused, match="Only a keyholder"):
            await paul.engine.membership.readmit("Anne")
        with pytest.raises(Refused, match="not recovery words"):
            await paul.engine.membership.recover("abandon ability able")
        with pytest.raises(Refused, match="another office"):
            await paul.engine.membership.recover(" ".join(["abandon"] * 11 + ["about"]))
        done = await paul.engine.membership.recover(words)
        assert done.person == "Paul" and (await row(paul, "Paul")).role is Role.KEYHOLDER
        await paul.engine.membership.readmit("Anne")
        anne.engine.reach(paul.address)
        await anne.until(lambda: anne.engine.removed is None and "Paul" in anne.linked_with())
        await anne.engine.post("Back")
        await paul.until_held("Back")


async def test_two_keyholders_who_remove_each_other_are_both_out_and_recovery_brings_one_back(tmp_path: Path) -> None:
    """Attack 10, table row 10: nobody wins by being first; a third sees both removals."""
    async with desks(tmp_path, "Anne", "Karim") as (anne, karim):
        words = " ".join((await anne.engine.found("Dupont & fils", "Anne")).recovery)
        async with desks(tmp_path, "Paul") as (paul,):
            await anne.admit(paul)
            await anne.engine.membership.role("Paul", Role.KEYHOLDER)
            await anne.admit(karim)
            await level(anne, paul, karim)
        paul = Desk(tmp_path, "Paul", network=False)
        await paul.engine.start()
        await paul.engine.membership.remove("Anne")
        await paul.engine.stop()
        await anne.engine.membership.remove("Paul")
        await karim.until(lambda: gone(karim, "Paul"))
        async with desks(tmp_path, "Paul") as (paul,):
            paul.engine.reach(anne.address)
            anne.engine.reach(paul.address)
            await paul.until(lambda: any("Anne removed this PC" in event.what for event in removals_told(paul)))
            await anne.until(lambda: any("Paul removed this PC" in event.what for event in removals_told(anne)))
            await karim.until(lambda: gone(karim, "Anne", "Paul"))
            assert karim.engine.membership.keyholders().count == 0
            done = await anne.engine.membership.recover(words, restore=["Paul"])
            assert done.person == "Anne" and anne.engine.removed is None
            karim.engine.reach(anne.address)
            await karim.until(lambda: not gone(karim, "Anne") and not gone(karim, "Paul"))
            assert (await row(karim, "Anne")).role is Role.KEYHOLDER
            assert (await row(karim, "Paul")).role is Role.MEMBER
            await paul.until(lambda: paul.engine.removed is None)
            await paul.engine.post("In peace")
            await karim.until_held("In peace")


async def test_a_stolen_senior_pc_is_left_out_with_the_words(tmp_path: Path) -> None:
    """Attack 6: it removed its remover; a plain member's PC recovers the office without it."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        words = " ".join((await anne.engine.found("Dupont & fils", "Anne")).recovery)
        await anne.admit(paul)
        await anne.admit(karim)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await level(anne, paul, karim)
        await anne.engine.membership.remove("Paul")  # the thief, on Anne's PC
        await karim.until(lambda: gone(karim, "Paul"))
        with pytest.raises(Refused, match="without this PC"):
            await karim.engine.membership.recover(words, without="Karim")
        done = await karim.engine.membership.recover(words, without="Anne")
        assert (done.person, done.thrown_out) == ("Karim", ("Paul",))
        assert (await row(karim, "Anne")).removed_by == "the recovery words"
        await anne.until(lambda: any("recovery words" in event.what for event in removals_told(anne)))
        await karim.engine.membership.readmit("Paul")
        paul.engine.reach(karim.address)
        await paul.until(lambda: paul.engine.removed is None and "Karim" in paul.linked_with())


async def test_who_holds_no_key_changes_nothing_but_themselves(tmp_path: Path) -> None:
    """Table row 14: a member renames the office, edits its rules, gives a role, removes, merges, invites."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await level(anne, paul)
        office = paul.engine._vault.office
        may = paul.engine.membership
        for refused in (
            may.rule(name="Mine"),
            may.rule(settings={"retention": 1}),
            may.role("Paul", Role.KEYHOLDER),
            may.role("Anne", Role.MEMBER),
            may.remove("Anne"),
            may.remove(anne.engine.device[:8]),
            may.merge(["Anne", "Paul"]),
            paul.engine.invite(),
        ):
            with pytest.raises(Refused, match="Only a keyholder"):
                await refused
        assert paul.engine._vault.office is office
        await may.leave()
        await anne.until(lambda: gone(anne, "Paul"))
        assert (await row(anne, "Paul")).removed_by == "Paul"


async def test_the_office_gets_another_name_and_its_settings_stay(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.membership.rule(settings={"retention": 90})
        await anne.engine.membership.rule(name="Chez nous")
        await paul.until(
            lambda: any(isinstance(e, events.OfficeChanged) and e.name == "Chez nous" for e in paul.said)
        )
        await level(anne, paul)
        office = paul.engine._vault.office
        assert office is not None and office.name == paul.engine.office_name == "Chez nous"
        assert dict(office.settings) == {"retention": 90}


async def test_the_open_invitation_is_shown_until_it_is_used_or_cancelled(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Laptop") as (anne, laptop):
        await anne.found()
        assert anne.engine.membership.invitations() == ()
        made = await anne.engine.invite(as_person="Anne")
        (shown,) = anne.engine.membership.invitations()
        assert (shown.code, shown.expires, shown.person, shown.tries_left) == (made.code, made.expires, "Anne", 3)
        await laptop.engine.join(made.code, "x", at=anne.address)
        assert anne.engine.membership.invitations() == ()
        await anne.engine.invite()
        await anne.engine.cancel_invitation()
        assert anne.engine.membership.invitations() == ()


async def test_without_the_network_it_is_written_and_leaves_when_there_is_one(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Karim") as (anne, karim):
        await anne.found()
        await anne.admit(karim)
        async with desks(tmp_path, "Paul") as (paul,):
            await anne.admit(paul)
            await level(anne, paul, karim)
        async with desks(tmp_path, "Paul", network=False) as (away,):
            await away.engine.membership.leave()
            with pytest.raises(Refused, match="You took this PC out"):
                await away.engine.post("Wait")
        async with desks(tmp_path, "Paul") as (paul,):
            assert len(removals_told(paul)) == 1
            paul.engine.reach(anne.address)
            await karim.until(lambda: gone(karim, "Paul"))


async def test_many_removals_at_the_same_moment_all_arrive(tmp_path: Path) -> None:
    """Table row 13's kin: two removals written back to back reach a third in any order, and both hold."""
    async with desks(tmp_path, "Anne", "Paul", "Karim", "Dora") as (anne, paul, karim, dora):
        await anne.found()
        for desk in (paul, karim, dora):
            await anne.admit(desk)
        await level(anne, paul, karim, dora)
        await asyncio.gather(*(anne.engine.membership.remove(name) for name in ("Paul", "Karim")))
        for desk in (paul, karim):
            await desk.until(partial(_told, desk))
        await dora.until(lambda: gone(dora, "Paul", "Karim"))


async def test_a_code_dies_with_the_key_it_was_made_with(tmp_path: Path) -> None:
    """Attack 6: invites with an old role."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        for taking in (anne.engine.membership.role("Paul", Role.MEMBER), anne.engine.membership.remove("Paul")):
            await anne.engine.membership.role("Paul", Role.KEYHOLDER)
            await level(anne, paul)
            code = (await paul.engine.invite()).code
            told = len(paul.invitations())
            await taking
            await paul.until(partial(_cancelled, paul, told))
            with pytest.raises(Refused, match="No such code"):
                await karim.engine.join(code, "Karim", at=paul.address)
        assert {person.name for person in await anne.engine.people()} == {"Anne", "Paul"}


async def test_who_types_a_code_while_its_maker_loses_the_key_is_let_in_nowhere(tmp_path: Path) -> None:
    """Attack 6: the words are right, the key is gone between the proof and the admission."""
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await level(anne, paul)
        code = (await paul.engine.invite()).code
        net = paul.engine._network
        assert net is not None and net._joining._open is not None
        async with net._joining._open.admitting:  # the admission waits …
            joining = asyncio.ensure_future(karim.engine.join(code, "Karim", at=paul.address))
            for _turn in range(100_000):
                if net._joining._tasks:
                    break
                await asyncio.sleep(0)
            await anne.engine.membership.role("Paul", Role.MEMBER)
            await level(anne, paul)  # … until the key is gone
        with pytest.raises(Refused):
            await joining
        assert not karim.engine.in_office
        await paul.until(lambda: any(isinstance(event, events.Trouble) for event in paul.said))
        assert {person.name for person in await paul.engine.people()} == {"Anne", "Paul"}


async def test_two_rules_that_are_set_while_the_disk_is_slow_both_hold(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        rule = anne.engine.membership.rule
        async with anne.slow_disk():
            setting = [
                asyncio.create_task(rule(settings={word: 5})) for word in ("retention-days", "announcements-week")
            ]
            await turns()
        await asyncio.gather(*setting)
        office = anne.engine._vault.office
        assert office is not None
        assert (office.settings["retention-days"], office.settings["announcements-week"]) == (5, 5)
