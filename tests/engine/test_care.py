"""Looking after the office: the gauge, the letter box, leaving well, the drill; real engines on real links."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deskblog import events
from deskblog.errors import Refused
from deskblog.log.keys import SIGN_ENTRY, verify
from deskblog.values import Role
from tests.engine.desk import Desk, desks


async def level(*pairs: tuple[Desk, Desk]) -> None:
    for one, other in pairs:
        await one.meet(other)


async def test_one_keyholder_is_too_few_and_somebody_is_proposed(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        gauge = await anne.engine.care.keyholders()
        assert gauge.count == 1 and "Two keyholders" in gauge.advice and gauge.proposed == ()
        await anne.admit(paul)
        await level((anne, paul))
        assert (await anne.engine.care.keyholders()).proposed == ("Paul",)
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        gauge = await anne.engine.care.keyholders()
        assert (gauge.count, gauge.advice, gauge.proposed) == (2, "", ())


async def test_a_second_keyholder_not_seen_for_a_fortnight_is_as_good_as_none(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        await level((anne, paul), (anne, karim))
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        await karim.engine.post("I am here")
        await anne.until_held("I am here")
        care = anne.engine.care
        real = care._now
        care._now = lambda: real() + 13 * 86_400_000
        assert (await care.keyholders()).advice == ""
        care._now = lambda: real() + 16 * 86_400_000
        gauge = await care.keyholders()
        assert "16 days" in gauge.advice and gauge.proposed == ()
        care._now = real


async def test_late_posts_of_the_removed_wait_for_a_keyholder(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        await anne.admit(karim)
        await level((karim, paul))
        await paul.engine.post("in time")
        await anne.until_held("in time")
        await anne.engine.stop()
        await paul.engine.post("late, but honest")
        await karim.until_held("late, but honest")
        await karim.engine.stop()
        anne = Desk(tmp_path, "Anne")
        await anne.engine.start()
        await anne.engine.membership.remove("Paul")
        karim = Desk(tmp_path, "Karim")
        await karim.engine.start()
        await karim.meet(anne)
        await anne.until(lambda: any(isinstance(event, events.LateCame) for event in anne.said))
        (late,) = await anne.engine.care.late()
        assert (late.name, [text for _at, text in late.posts]) == ("Paul", ["late, but honest"])
        assert "late, but honest" not in {row.text for row in await anne.rows()}
        with pytest.raises(Refused, match="Only a keyholder"):
            await karim.engine.care.keep_late("Paul")
        assert await anne.engine.care.keep_late("Paul") == 1
        await anne.until_held("late, but honest")
        await karim.until_held("late, but honest")
        assert await anne.engine.care.late() == ()
        with pytest.raises(Refused, match="No late posts"):
            await anne.engine.care.keep_late("Paul")
        await anne.engine.stop()
        await karim.engine.stop()


async def test_who_leaves_hands_on_what_nobody_has_answered(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await level((anne, paul))
        answered = await paul.engine.post("Who has the key?", kind="question")
        await anne.until_held("Who has the key?")
        await anne.engine.post("I have", answer_to=answered.id)
        await paul.until_held("I have")
        await paul.engine.post("Where is the ladder?", kind="question")
        await anne.engine.post("Anne asks", kind="question")
        await paul.until_held("Anne asks")
        assert [row.text for row in await paul.engine.leaving.open_questions()] == ["Where is the ladder?"]
        with pytest.raises(Refused, match=r"1 question of yours is open.*--hand-to"):
            await paul.engine.leaving.leave()
        for nobody in ("Paul", "Zoe"):
            with pytest.raises(Refused):
                await paul.engine.leaving.leave(hand_to=nobody)
        left = await paul.engine.leaving.leave(hand_to="Anne")
        assert left.gone
        told = "Paul is leaving the office; @Anne takes this question on."
        await anne.until_held(told)
        (row,) = [row for row in await anne.rows() if row.text == told]
        assert row.quote.endswith("Where is the ladder?"), "it stands under the question, and counts"


async def test_leaving_waits_until_colleagues_have_everything_and_gives_a_signed_copy(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await level((anne, paul))
        await paul.engine.post("first")
        await anne.until_held("first")
        await anne.engine.stop()
        await paul.until(lambda: "Anne" not in paul.linked_with())
        await paul.engine.post("nobody has this yet")
        with pytest.raises(Refused, match="only on this PC"):
            await paul.engine.membership.leave()
        anne = Desk(tmp_path, "Anne")
        await anne.engine.start()
        await paul.meet(anne)
        await anne.until_held("nobody has this yet")
        while await paul.engine.only_here():
            seen = len(paul.said)
            await paul.until(lambda: len(paul.said) > seen)  # noqa: B023
        count = await paul.engine.exporting.own(tmp_path / "mine.jsonl")
        await paul.engine.membership.leave()
        lines = [json.loads(line) for line in (tmp_path / "mine.jsonl").read_text().splitlines()]
        assert len(lines) == count == 3
        assert [line["text"] for line in lines] == [None, "first", "nobody has this yet"]
        for line in lines:
            signature = bytes.fromhex(line["signature"])
            verify(bytes.fromhex(line["device"]), SIGN_ENTRY, bytes.fromhex(line["id"]), signature)
        await anne.until(
            lambda: any(p.gone for e in anne.said if isinstance(e, events.PeopleChanged) for p in e.people)
        )
        left = await anne.engine.care.left("Paul")
        assert left.name == "Paul" and left.posts == 2 and [key for key, _at in left.devices] == [paul.engine.device]
        assert left.devices[0][1] > 0 and left.removed_at > 0
        with pytest.raises(Refused, match="is in the office"):
            await anne.engine.care.left("Anne")
        await anne.engine.stop()


async def test_the_drill_tells_what_a_fire_would_take(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        founded = await anne.engine.found("Dupont", "Anne")
        words = " ".join(founded.recovery)
        alone = {one.check: one for one in await anne.engine.care.drill(words)}
        assert not any(one.ok for one in alone.values())
        assert "backup" in alone["posts"].say and "nobody else" in alone["words"].say
        await anne.admit(paul)
        await level((anne, paul))
        before = anne.engine._vault.office
        checks = {one.check: one for one in await anne.engine.care.drill(words)}
        assert checks["posts"].ok and checks["words"].ok and "Paul" in checks["words"].say
        assert not checks["keys"].ok
        await anne.engine.membership.role("Paul", Role.KEYHOLDER)
        checks = {one.check: one for one in await anne.engine.care.drill("abandon " * 11 + "about")}
        assert checks["keys"].ok and "Paul" in checks["keys"].say
        assert not checks["words"].ok and "another office" in checks["words"].say
        assert not (await anne.engine.care.drill("not words at all"))[2].ok
        after = anne.engine._vault.office
        assert before is not None and after is not None and len(after.acts) == len(before.acts) + 1, "a dry run"


async def test_how_long_posts_are_kept_is_a_rule_of_the_office(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await level((anne, paul))
        await anne.engine.membership.rule(settings={"retention-days": 30})
        await paul.until(lambda: paul.engine.office_settings.now.days == 30)
        assert anne.engine.office_name == "Dupont & fils"
        for days in (-1, 40_000):
            with pytest.raises(Refused, match="0 to"):
                await anne.engine.membership.rule(settings={"retention-days": days})
        with pytest.raises(Refused, match="keyholder"):
            await paul.engine.membership.rule(settings={"retention-days": 1})
