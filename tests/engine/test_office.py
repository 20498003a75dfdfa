"""The whole way, on loopback with real engines: founding, joining, posting, catching up."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskblog import events
from deskblog.errors import Refused
from deskblog.net.code import read_code, word_list
from deskblog.values import Role, View
from tests.engine.desk import Desk, desks, turns


async def test_two_found_and_join_and_read_each_other_at_once(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post("Coffee is ready")
        await paul.until_held("Coffee is ready")
        await paul.engine.post("Coming!")
        await anne.until_held("Coffee is ready", "Coming!")
        assert [row.text for row in await paul.rows()] == [row.text for row in await anne.rows()]
        people = {person.name: person for person in await paul.engine.people()}
        assert people["Anne"].here and people["Anne"].role is Role.KEYHOLDER
        assert people["Paul"].me and people["Paul"].role is Role.MEMBER


async def test_who_was_off_gets_all_from_whoever_is_on_though_the_author_is_off(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        async with desks(tmp_path, "Karim") as (karim,):
            await anne.admit(karim)
            await karim.engine.post("See you tomorrow")
            await anne.until_held("See you tomorrow")
        for n in range(30):
            await anne.engine.post(f"While you were away {n}")
        await paul.until_held("While you were away 29", "See you tomorrow")
        await anne.engine.stop()
        await paul.engine.post("Anne has gone home")
        async with desks(tmp_path, "Karim") as (karim,):
            karim.engine.reach(paul.address)
            await karim.until_held("While you were away 0", "While you were away 29", "Anne has gone home")
            assert len(await karim.rows()) == 32


async def test_a_newcomer_gets_the_history_and_says_when_it_is_level(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        for n in range(600):
            await anne.engine.post(f"History {n}")
        await anne.admit(paul)
        await paul.until(lambda: any(isinstance(e, events.Synced) for e in paul.said))
        assert len((await paul.engine.timeline(limit=1000)).rows) == 600
        assert [r.text for r in (await paul.engine.search("history 599")).rows] == ["History 599"]


async def test_questions_and_answers_arrive_with_what_they_answer(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        asked = await paul.engine.post("Which form?", kind="question")
        await anne.until_held("Which form?")
        await anne.engine.post("The blue one", answer_to=asked.id[:12])
        await paul.until_held("The blue one")
        shown = await paul.engine.show(asked.id)
        assert [row.text for row in shown.answers] == ["The blue one"]
        assert shown.answers[0].quote == "Paul: Which form?"
        questions = await anne.engine.timeline(view=View.QUESTIONS)
        assert [row.text for row in questions.rows] == ["Which form?"]


async def test_a_wrong_code_is_refused_and_the_third_wrong_one_kills_it_and_both_are_told(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        right = read_code((await anne.engine.invite()).code)
        wrong = next(word for word in word_list("en") if word not in right.words)
        guess = f"{right.digits} {wrong} {wrong} {wrong}"
        for _try in range(2):
            with pytest.raises(Refused, match="The code is wrong"):
                await paul.engine.join(guess, "Paul", at=anne.address)
        with pytest.raises(Refused, match="dead"):
            await paul.engine.join(guess, "Paul", at=anne.address)
        await anne.until(lambda: "dead" in anne.invitations())
        with pytest.raises(Refused, match="No such code"):
            await paul.engine.join(right.text, "Paul", at=anne.address)
        assert not paul.engine.in_office
        assert [person.name for person in await anne.engine.people()] == ["Anne"]


async def test_a_code_is_used_once_and_a_cancelled_one_never(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        code = (await anne.engine.invite()).code
        await paul.engine.join(code.upper(), "Paul", at=anne.address)
        assert anne.invitations()[-1] == "used"
        with pytest.raises(Refused):
            await karim.engine.join(code, "Karim", at=anne.address)
        code = (await anne.engine.invite()).code
        await anne.engine.cancel_invitation()
        assert anne.invitations()[-1] == "cancelled"
        with pytest.raises(Refused, match="No such code"):
            await karim.engine.join(code, "Karim", at=anne.address)


async def test_two_joiners_with_one_code_at_the_same_moment_one_is_in(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        code = (await anne.engine.invite()).code
        results = await asyncio.gather(
            *(desk.engine.join(code, desk.name, at=anne.address) for desk in (paul, karim)), return_exceptions=True
        )
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert len(await anne.engine.people()) == 2


async def test_one_key_joining_over_two_links_at_once_is_one_person(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        code = read_code((await anne.engine.invite()).code)
        net = paul.engine._network
        assert net is not None
        address = ("127.0.0.1", anne.engine.port)
        inviting = anne.engine._network
        assert inviting is not None
        async with (
            anne.engine._vault._folding
        ):  # the first admission cannot be written before the second is asked for
            joins = asyncio.gather(*(net._hub.join(address, code, "Paul") for _n in range(2)))
            for _turn in range(100_000):  # turns of the loop, until both runs ask
                if len(inviting._joining._tasks) == 2:
                    break
                await asyncio.sleep(0)
        offices = await joins
        assert offices[0] == offices[1]
        people = [(person.name, len(person.devices)) for person in await anne.engine.people()]
        assert people == [("Anne", 1), ("Paul", 1)]


async def test_only_a_keyholder_invites(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        with pytest.raises(Refused, match="Only a keyholder"):
            await paul.engine.invite()


async def test_a_second_pc_of_a_person_is_no_second_person(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Laptop") as (anne, laptop):
        await anne.found()
        code = (await anne.engine.invite(as_person="anne")).code
        await laptop.engine.join(code, "Whoever", at=anne.address)
        people = await laptop.engine.people()
        assert [(p.name, len(p.devices)) for p in people] == [("Anne", 2)]
        await laptop.engine.post("From the laptop")
        await anne.until_held("From the laptop")
        assert [(row.person, row.mine) for row in await anne.rows()] == [("Anne", True)]


async def test_a_post_survives_a_restart_and_its_log_goes_on(tmp_path: Path) -> None:
    for round_ in range(3):
        async with desks(tmp_path, "Anne") as (anne,):
            if not round_:
                await anne.found()
            await anne.engine.post(f"Day {round_}")
    async with desks(tmp_path, "Anne") as (anne,):
        assert [row.text for row in await anne.rows()] == ["Day 2", "Day 1", "Day 0"]
        replica = anne.engine._vault.replica
        assert replica is not None
        own = [ends for log, ends in replica.heads.logs() if log.device.hex() == anne.engine.device]
        assert [ends.leaves[-1].seq for ends in own] == [4]


async def test_a_copied_folder_opens_a_log_of_its_own(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        await anne.engine.post("Before")
    (tmp_path / "elsewhere").mkdir()
    await asyncio.to_thread(_copy, anne.folder, tmp_path / "elsewhere" / "Anne")
    async with desks(tmp_path / "elsewhere", "Anne") as (copy,):
        await copy.engine.post("After")
        replica = copy.engine._vault.replica
        assert replica is not None
        own = [ends for log, ends in replica.heads.logs() if log.device.hex() == copy.engine.device]
        assert [ends.leaves[-1].seq for ends in own] == [2, 2]
        assert [row.text for row in await copy.rows()] == ["After", "Before"]


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target)


async def test_without_an_office_what_needs_one_says_so(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne") as (anne,):
        with pytest.raises(Refused, match="in no office yet"):
            await anne.engine.post("Hello?")
        with pytest.raises(Refused, match="in no office yet"):
            await anne.engine.invite()
        assert await anne.engine.people() == ()


@pytest.mark.parametrize("text", ["", "   \n ", "\u200b\u202e", "x" * 281])
async def test_what_cannot_be_posted_is_refused_in_words_and_nothing_is_written(tmp_path: Path, text: str) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused) as refusal:
            await anne.engine.post(text)
        assert refusal.value.next_step
        assert await anne.rows() == ()


async def test_a_lost_link_is_dialled_again_by_itself(tmp_path: Path) -> None:
    async with desks(tmp_path, "Paul") as (paul,):
        anne = Desk(tmp_path, "Anne")
        await anne.engine.start()
        await anne.found()
        await anne.admit(paul)
        await paul.until(lambda: "Anne" in paul.linked_with())
        port = anne.engine.port
        await anne.engine.stop()
        await paul.until(lambda: "Anne" not in paul.linked_with())
        await paul.engine.post("Are you there?")
        again = Desk(tmp_path, "Anne", port=port)
        await again.engine.start()
        try:
            assert again.engine.port == port
            await again.until_held("Are you there?")
        finally:
            await again.engine.stop()


async def test_an_office_that_is_founded_twice_while_the_disk_is_slow_is_one(tmp_path: Path) -> None:
    """Two foundings in one folder would be one that never opens again."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        async with anne.slow_disk():
            founding = [asyncio.create_task(anne.found()) for _n in range(2)]
            await turns()
        first, second = await asyncio.gather(*founding, return_exceptions=True)
        assert first is None and isinstance(second, Refused) and "already" in second.what
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.engine.post("It opens")


async def test_who_joins_and_founds_at_once_is_in_one_office(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        code = (await anne.engine.invite()).code
        joining = asyncio.create_task(paul.engine.join(code, "Paul", at=anne.address))
        founding = asyncio.create_task(paul.found())
        done = await asyncio.gather(joining, founding, return_exceptions=True)
        assert sum(isinstance(one, Refused) for one in done) == 1, done
    async with desks(tmp_path, "Paul", network=False) as (paul,):
        await paul.engine.post("It opens")
