"""Sealed messages from one desk to another: who reads them, who carries them unread, and what never goes out open."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskblog.engine import Engine
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.log.letter import Group, Keys, Letter, write_letter
from deskblog.records import replace
from deskblog.values import Audience, EntryId, PersonId, Row, View, Waiting
from tests.engine.desk import Desk, desks, turns

SECRET = "The raise is 4 percent"


def to(desk: Desk, *names: str) -> Audience:
    return desk.engine.sealing.people(names)


async def sealed(desk: Desk) -> tuple[Row, ...]:
    return (await desk.engine.timeline(view=View.SEALED)).rows


async def office_of_three(anne: Desk, paul: Desk, zoe: Desk) -> None:
    await anne.found()
    await anne.admit(paul)
    await anne.admit(zoe)


def words_on_disk(desk: Desk, text: str) -> bool:
    """Whether a text lies anywhere in a desk's folder, as it is."""
    return any(text.encode() in file.read_bytes() for file in desk.folder.rglob("*") if file.is_file())


async def test_the_reader_reads_and_another_carries_it_unread(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        row = await anne.engine.post(SECRET, to=to(anne, "Paul"))
        assert (row.sealed, [one.name for one in row.readers]) == (True, ["Paul"])
        await anne.engine.post("for all")
        for desk in (paul, zoe):
            await desk.until_held("for all")
        (held,) = await sealed(paul)
        assert (held.text, held.sealed, [one.name for one in held.readers]) == (SECRET, True, ["Paul"])
        assert (held.id, held.person) == (row.id, "Anne")
        assert await sealed(zoe) == () and all(one.text != SECRET for one in await zoe.rows())
        assert (await zoe.engine.search("raise")).rows == ()
        assert [one.text for one in (await paul.engine.search("raise is:sealed")).rows] == [SECRET]
        ids = [EntryId(bytes.fromhex(row.id))]
        bodies = await zoe.engine._vault.read_bodies(ids)
        assert isinstance(bodies[0][1], bytes), "she carries it for others"
    assert not await asyncio.to_thread(words_on_disk, zoe, SECRET)


async def test_who_was_off_gets_it_from_somebody_who_cannot_read_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        await paul.engine.stop()
        await anne.engine.post(SECRET, to=to(anne, "Paul"))
        last = await anne.engine.post("and for all")
        await zoe.until_held(last.text)
        await anne.engine.stop()
        async with desks(tmp_path, "Paul") as (again,):
            await again.meet(zoe)
            await again.until_held(SECRET, "and for all")


async def test_what_answers_a_sealed_message_is_sealed_though_nobody_said_so(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        row = await anne.engine.post(SECRET, to=to(anne, "Paul"))
        await paul.until_held(SECRET)
        answer = await paul.engine.post("Only four?", answer_to=row.id)
        assert (answer.sealed, [one.name for one in answer.readers]) == (True, ["Anne"])
        await anne.until_held("Only four?")
        again = await anne.engine.post("Yes, four", answer_to=answer.id)
        assert [one.name for one in again.readers] == ["Paul"]
        with pytest.raises(Refused, match="for its readers alone"):
            await anne.engine.post("Zoe too", answer_to=row.id, to=to(anne, "Paul", "Zoe"))
        with pytest.raises(Refused, match="readers alone"):
            await anne.engine.post("Zoe too", answer_to=row.id, to=to(anne, "Zoe"))
        assert [one.text for one in (await paul.engine.show(row.id)).answers] == ["Only four?"]
        assert [one.text for one in (await anne.engine.show(row.id)).answers] == ["Only four?"]
        await anne.engine.post("end")
        await zoe.until_held("end")
        assert [one.text for one in await zoe.rows()] == ["end"]


async def test_a_sealed_answer_to_an_open_post_stands_under_it_for_its_reader(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        asked = await paul.engine.post("Who has the key?", kind="question")
        await anne.until_held(asked.text)
        await anne.engine.post("Zoe lost it", answer_to=asked.id, to=to(anne, "Paul"))
        await paul.until_held("Zoe lost it")
        (answer,) = (await paul.engine.show(asked.id)).answers
        assert answer.sealed
        await anne.engine.post("end")
        await zoe.until_held("end")
        assert (await zoe.engine.show(asked.id)).answers == ()


async def test_what_would_go_out_open_is_refused_in_words(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await anne.engine.post(SECRET, to=to(anne, "Paul"))
        talk = anne.engine.talk
        for refused in (talk.react(row.id, "👍"), talk.correct(row.id, "5 percent"), talk.solve(row.id, "")):
            with pytest.raises(Refused, match="they would be open"):
                await refused
        chosen, _notice = await anne.engine.attaching.choose("list.txt", b"names")
        with pytest.raises(Refused, match="carries no photos and no files"):
            await anne.engine.post("see there", attached=[chosen], to=to(anne, "Paul"))
        with pytest.raises(Refused, match="coffee corner is for everybody"):
            await anne.engine.post("x", to=replace(to(anne, "Paul"), coffee=True))
        with pytest.raises(Refused, match="Nobody here is called"):
            to(anne, "Zoe")
        assert [one.text for one in (await anne.engine.talk.versions(row.id))] == [SECRET]
        await anne.engine.withdraw(row.id)
        assert await sealed(anne) == ()
        await paul.until_rows(lambda rows: not rows)


async def test_a_sealed_question_is_on_nobody_s_list(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post("Do you come?", kind="question", to=to(anne, "Paul"))
        await paul.until_held("Do you come?")
        page, count = await paul.engine.talk.open_questions(10)
        assert (page.rows, count) == ((), 0)


async def test_what_waits_to_leave_stays_sealed_over_a_restart(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.outbox.wait(30)
        first = await anne.engine.post("open a talk", to=to(anne, "Paul"))
        waits = await anne.engine.say(SECRET, to=to(anne, "Paul"))
        answers = await anne.engine.say("as an answer", answer_to=first.id)
        assert isinstance(waits, Waiting) and waits.to.sealed
        assert isinstance(answers, Waiting) and answers.to.sealed, "what it answers may be withdrawn meanwhile"
    async with desks(tmp_path, "Anne") as (anne,):
        assert {row.text for row in await sealed(anne)} == {"open a talk", SECRET, "as an answer"}


async def test_a_later_pc_of_the_same_person_is_given_the_keys(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Laptop") as (anne, paul, laptop):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post(SECRET, to=to(anne, "Paul"))
        group = await anne.engine.groups.begin("Works council", ["Paul"])
        await anne.engine.post("agenda", to=Audience(group=group.id))
        await paul.until_held(SECRET, "agenda")
        code = (await anne.engine.invite(as_person="Paul")).code
        await laptop.engine.join(code, "Paul", at=anne.address)
        laptop.engine.reach(paul.address)
        await paul.until(lambda: paul.engine._vault.office is not None and len(paul.engine.handing._others()) == 1)
        (waits,) = await paul.engine.handing.waiting()
        assert (waits.device, waits.let_in_by, waits.answer) == (laptop.engine.device, "Anne", "")
        first = await anne.engine.post("before anybody was asked")
        await laptop.until_held(first.text)
        assert await sealed(laptop) == (), "a keyholder can let anybody in as Paul: he is asked first"
        await paul.engine.handing.decide(waits.device[:8], give=True)
        await laptop.until_held(SECRET, "agenda")
        (row,) = [row for row in await sealed(laptop) if row.text == "agenda"]
        assert row.group_name == "Works council"
        assert await paul.engine.handing.hand_on() == 0, "once is enough"
        assert await paul.engine.handing.pcs() == ()
        answer = await laptop.engine.post("noted", answer_to=row.id)
        assert answer.sealed
        await anne.until_held("noted")


async def test_a_pc_that_is_not_his_is_given_nothing(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Spy") as (anne, paul, spy):
        await anne.found()
        await anne.admit(paul)
        await paul.engine.post(SECRET, to=to(paul, "Anne"))
        code = (await anne.engine.invite(as_person="Paul")).code
        await spy.engine.join(code, "Paul", at=anne.address)
        spy.engine.reach(paul.address)
        await paul.until(lambda: paul.engine._vault.office is not None and len(paul.engine.handing._others()) == 1)
        (waits,) = await paul.engine.handing.waiting()
        await paul.engine.handing.decide(waits.device, give=False)
        assert await paul.engine.handing.waiting() == ()
        assert [one.answer for one in await paul.engine.handing.pcs()] == ["no"]
        with pytest.raises(Refused, match="None of your other PCs"):
            await paul.engine.handing.decide("abcd", give=True)
        last = await paul.engine.post("end")
        await spy.until_held(last.text)
        assert await sealed(spy) == ()


async def test_keys_of_another_person_are_not_believed(tmp_path: Path) -> None:
    """Zoe cannot make Paul's PC read what was not for it: keys come from PCs of the same person alone."""
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        row = await anne.engine.post(SECRET, to=to(anne, "Zoe"))
        await zoe.until_held(SECRET)
        vault, me = zoe.engine._vault, paul.engine._vault.keys.device
        assert vault.office is not None
        ids = [EntryId(bytes.fromhex(row.id))]
        archive = vault.store.archive
        held = archive.letters.lacking(vault.office.seal_keys[me], await vault.call(archive.whole, ids))
        person = vault.office.person_of(me)
        assert person is not None and len(held) == 1
        body = write_letter(
            vault.office,
            vault.keys.device,
            [PersonId(person.id)],
            Keys(tuple(held.items())),
            vault.dice,
        )
        await zoe.engine.talk.write(body)
        last = await zoe.engine.post("end")
        await paul.until_held(last.text)
        assert await sealed(paul) == ()


async def test_who_is_named_and_has_no_box_is_shown(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await anne.engine.post(SECRET, to=to(anne, "Paul"))
        assert [(one.name, can) for one, can in await anne.engine.sealing.readers(row.id)] == [
            ("Anne", True),
            ("Paul", True),
        ]
        open_row = await anne.engine.post("open")
        with pytest.raises(Refused, match="Everybody can read"):
            await anne.engine.sealing.readers(open_row.id)


async def test_it_is_read_again_after_all_views_were_made_anew(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post(SECRET, to=to(anne, "Paul"))
        await anne.engine.groups.begin("Works council", ["Paul"])
        await paul.until_held(SECRET)
        before = await paul.rows()
        vault = paul.engine._vault
        await vault.call(vault.store.rebuild, vault._kept_office())
        assert await paul.rows() == before
        assert [row.name for row in await paul.engine.groups.all()] == ["Works council"]


# --- closed groups ----------------------------------------------------------------------------------------
async def groups(engine: Engine) -> dict[str, list[str]]:
    return {row.name: [one.name for one in row.members] for row in await engine.groups.all()}


async def test_a_closed_group_is_for_its_members_and_its_maker_changes_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        group = await anne.engine.groups.begin("Works  council", ["Paul"])
        assert (group.name, [one.name for one in group.members], group.closed) == (
            "Works council",
            ["Anne", "Paul"],
            True,
        )
        await anne.engine.post("first", to=Audience(group=group.id))
        await paul.until_held("first")
        assert await groups(paul.engine) == {"Works council": ["Anne", "Paul"]}
        (row,) = await sealed(paul)
        assert (row.group, row.group_name) == (group.id, "Works council")
        with pytest.raises(Refused, match="Only Anne can change"):
            await paul.engine.groups.change("Works council", add=["Zoe"])
        with pytest.raises(Refused, match="already"):
            await anne.engine.groups.begin("works council", ["Zoe"])
        await anne.engine.groups.change("Works council", name="The council", add=["Zoe"], remove=["Paul"])
        await anne.engine.post("second", to=Audience(group=group.id))
        await zoe.until_held("second")
        assert await groups(zoe.engine) == {"The council": ["Anne", "Zoe"]}
        last = await anne.engine.post("end")
        await paul.until_held(last.text)
        assert {one.text for one in await sealed(paul)} == {"first"}, "he was taken out"


async def test_a_member_who_left_the_office_holds_nobody_up(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Zoe") as (anne, paul, zoe):
        await office_of_three(anne, paul, zoe)
        group = await anne.engine.groups.begin("Three", ["Paul", "Zoe"])
        await anne.engine.post("all three", to=Audience(group=group.id))
        await zoe.until_held("all three")
        await anne.engine.membership.remove("Zoe")
        row = await anne.engine.post("we two", to=Audience(group=group.id))
        assert [one.name for one in row.readers] == ["Paul"]
        await anne.engine.membership.remove("Paul")
        with pytest.raises(Refused, match="Nobody who could read"):
            await anne.engine.post("alone", to=to(anne, "Paul"))


async def test_an_ended_group_takes_nothing_more_and_keeps_what_was_written(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        group = await anne.engine.groups.begin("Short-lived", ["Paul"])
        row = await anne.engine.post("first", to=Audience(group=group.id))
        await paul.until_held("first")
        await anne.engine.groups.end("Short-lived")
        assert await groups(anne.engine) == {}
        with pytest.raises(Refused, match="no more"):
            await anne.engine.post("second", to=Audience(group=group.id))
        answer = await anne.engine.post("after all", answer_to=row.id)
        assert answer.sealed and [one.name for one in answer.readers] == ["Paul"]
        assert {one.text for one in await sealed(anne)} == {"first", "after all"}


async def test_a_letter_of_somebody_else_changes_no_group(tmp_path: Path) -> None:
    """Paul, a member, writes a change past the engine's refusal: nobody follows it."""
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        group = await anne.engine.groups.begin("Two", ["Paul"])
        await anne.engine.post("here", to=Audience(group=group.id))
        await paul.until_held("here")
        office = paul.engine._vault.office
        assert office is not None
        everybody = tuple(PersonId(person) for person in office.persons)
        await paul.engine.talk.write(Letter(everybody, Group("Mine now"), EntryId(bytes.fromhex(group.id))))
        last = await paul.engine.post("end")
        await anne.until_held(last.text)
        for desk in (anne, paul):
            assert await groups(desk.engine) == {"Two": ["Anne", "Paul"]}


# --- open groups ------------------------------------------------------------------------------------------
async def test_an_open_group_is_a_tag_that_people_follow(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await anne.engine.groups.follow("#Sales")
        assert (row.name, row.joined, row.closed) == ("#sales", True, False)
        await anne.engine.post("end of the #sales meeting")
        await paul.until_rows(lambda rows: len(rows) == 1)
        assert await groups(paul.engine) == {"#sales": ["Anne"]}
        await paul.engine.groups.follow("sales")
        assert await groups(paul.engine) == {"#sales": ["Anne", "Paul"]}
        await paul.engine.groups.follow("SALES", on=False)
        assert await groups(paul.engine) == {"#sales": ["Anne"]}
        with pytest.raises(Refused, match="cannot be a tag"):
            await anne.engine.groups.follow("two words")


async def test_a_follow_of_what_is_no_tag_is_passed_over(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.talk.write(kinds.Follow("no tag, this", True))
        assert await groups(anne.engine) == {}


async def test_a_group_that_is_begun_twice_while_the_disk_is_slow_is_one(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        groups = anne.engine.groups
        async with anne.slow_disk():
            begun = [asyncio.create_task(groups.begin("Board", ())) for _n in range(2)]
            await turns()
        first, second = await asyncio.gather(*begun, return_exceptions=True)
        assert isinstance(second, Refused) and not isinstance(first, BaseException) and first.name == "Board"
        assert [row.name for row in await groups.all()] == ["Board"]
