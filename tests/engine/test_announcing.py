"""Announcements between real engines: who may, who has them, the same count on every desk."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.commands import COMMANDS
from deskblog.engine.announcing import NAMED, resting_text
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.store.announcements import DAY
from deskblog.values import Announced, Hours, Role, Row, Urgency
from tests.engine.desk import Desk, desks
from tests.engine.test_bad_input import forged, run, still_well

HOUR = 3_600_000


def said(row: Row) -> Announced:
    assert row.announced is not None
    return row.announced


def counts(row: Row) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(one.name for one in said(row).got), tuple(one.name for one in said(row).waiting)


async def office(anne: Desk, *others: Desk) -> None:
    await anne.found()
    for other in others:
        await anne.admit(other)


def test_of_many_who_rest_the_first_are_named() -> None:
    names = [f"P{n}" for n in range(NAMED + 3)]
    assert resting_text(names[:2]) == "These are quiet hours of P0, P1."
    assert resting_text(names) == "These are quiet hours of P0, P1, P2, P3, P4, P5 and 3 more."


async def test_got_it_is_counted_alike_on_every_desk(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await office(anne, paul, karim)
        row = await anne.engine.announcing.announce("Fire drill at four", days=2, urgency=Urgency.URGENT)
        assert counts(row) == ((), ("Karim", "Paul")) and not said(row).due
        for desk in (paul, karim):
            await desk.until_held("Fire drill at four")
            (waits,) = await desk.engine.announcing.waiting()
            assert waits.kind == "announcement" and said(waits).due and said(waits).ends == row.at + 2 * DAY
        await paul.engine.announcing.got([row.id])
        await paul.engine.announcing.got([row.id])  # once is enough
        for desk in (anne, paul, karim):
            await desk.until_rows(lambda rows: counts(rows[0]) == (("Paul",), ("Karim",)))
        assert await paul.engine.announcing.waiting() == ()
        await paul.engine.announcing.not_got(row.id)
        for desk in (anne, paul, karim):
            await desk.until_rows(lambda rows: counts(rows[0]) == ((), ("Karim", "Paul")))
        await still_well(anne, paul, karim)


async def test_got_it_is_taken_back_for_five_minutes_and_leaves_what_was_said_with_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        two = [await anne.engine.announcing.announce(text) for text in ("One", "Two")]
        await paul.until_held("One", "Two")
        await paul.engine.announcing.got([row.id for row in two])
        await paul.engine.announcing.not_got(two[0].id)
        assert [row.text for row in await paul.engine.announcing.waiting()] == ["One"]
        at = said((await paul.engine.show(two[1].id)).row).mine
        paul.engine.announcing._now = lambda: at + 300_001
        with pytest.raises(Refused, match="five minutes"):
            await paul.engine.announcing.not_got(two[1].id)


async def test_only_who_may_announces_and_what_others_forge_is_a_post(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        with pytest.raises(Refused, match="Only announcers") as refused:
            await paul.engine.announcing.announce("Cake for everybody")
        assert refused.value.kept == "Your text is kept."
        assert anne.engine._vault.office is not None
        await forged(paul, kinds.Announcement("I am the boss", bytes(anne.engine._vault.office.id), 7, 2))
        for desk in (anne, paul):
            await desk.until_held("I am the boss")
            assert [(row.kind, row.announced) for row in await desk.rows()] == [("post", None)]
        await anne.engine.membership.role("Paul", Role.ANNOUNCER)
        await paul.until(lambda: paul.engine._vault.office.persons[paul_id(paul)].role is Role.ANNOUNCER)  # type: ignore[union-attr,index]
        true = await paul.engine.announcing.announce("Now I may")
        await anne.until_held("Now I may")
        await anne.engine.membership.role("Paul", Role.MEMBER)
        await paul.until(lambda: paul.engine._vault.office.persons[paul_id(paul)].role is Role.MEMBER)  # type: ignore[union-attr,index]
        for desk in (anne, paul):  # what was announced while he might stays one
            assert said((await desk.engine.show(true.id)).row).urgency is Urgency.USUAL
        with pytest.raises(Refused, match="Only announcers"):
            await paul.engine.announcing.announce("Once more")
        named = decoded_role(paul, true)
        await forged(paul, kinds.Announcement("After the end", named, 1, 1))
        await anne.until_held("After the end")
        assert next(row for row in await anne.rows() if row.text == "After the end").kind == "post"


def paul_id(desk: Desk) -> object:
    office = desk.engine._vault.office
    assert office is not None
    person = office.person_of(desk.engine._vault.keys.device)
    assert person is not None
    return person.id


def decoded_role(desk: Desk, row: Row) -> bytes:
    office = desk.engine._vault.office
    assert office is not None
    grants = [act.id for act in office.acts.values() if getattr(act.fields, "role", None) == Role.ANNOUNCER]
    return grants[0]


async def test_the_office_allows_three_a_week_or_as_many_as_it_says(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        for n in range(limits.ANNOUNCED_WEEK):
            await anne.engine.announcing.announce(f"Number {n}")
        with pytest.raises(Refused, match="3 times in the last seven days"):
            await anne.engine.announcing.announce("One too many")
        assert (await anne.engine.announcing.standing()).left == 0
        await run(anne, "rule", announcements=4)
        await anne.engine.announcing.announce("One too many")
        with pytest.raises(Refused, match="1 to 7 days"):
            await anne.engine.announcing.announce("Long", days=8)
        with pytest.raises(Refused, match="0 to 50 times"):
            await run(anne, "rule", announcements=51)
        await paul.until_held("One too many")


async def test_what_is_beyond_the_allowance_is_marked_alike_everywhere(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        role = bytes(anne.engine._vault.office.id)  # type: ignore[union-attr]
        for n in range(20):
            await forged(anne, kinds.Announcement(f"Buy now {n}", role, 7, 2))
        for desk in (anne, paul):
            await desk.until_rows(lambda rows: len(rows) == 20)
            over = [said(row).over for row in await desk.rows()]
            assert over.count(False) == limits.ANNOUNCED_WEEK and not over[-1]


async def test_who_comes_later_meets_what_is_in_term_and_its_author_can_close_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await office(anne, paul)
        row = await anne.engine.announcing.announce("New badges from Monday", days=7)
        await paul.until_held("New badges from Monday")
        await anne.admit(karim)
        await karim.until_held("New badges from Monday")
        assert [one.text for one in await karim.engine.announcing.waiting()] == ["New badges from Monday"]
        with pytest.raises(Refused, match="Only Anne can close"):
            await karim.engine.announcing.close(row.id)
        await anne.engine.announcing.close(row.id)
        await karim.until_rows(lambda rows: said(rows[0]).ends < row.at + 7 * DAY)
        assert await karim.engine.announcing.waiting() == () and await karim.engine.announcing.in_term() == ()
        assert counts((await karim.rows())[0]) == ((), ("Karim", "Paul"))


async def test_each_act_is_a_command_and_reads_as_text(tmp_path: Path) -> None:
    from deskblog.cli_text import line_text

    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        (made,) = await run(anne, "announce", text="Fire drill", days=1, urgency="mild")
        assert made["kind"] == "announcement" and made["receipts"]["waiting"] == ["Paul"]  # type: ignore[index]
        await paul.until_held("Fire drill")
        (got,) = await run(paul, "got", id=made["id"])
        assert got["receipts"]["got"] == ["Paul"]  # type: ignore[index]
        await anne.until_rows(lambda rows: counts(rows[0])[0] == ("Paul",))
        file = tmp_path / "report.csv"
        (report,) = await run(anne, "report", id=made["id"], csv=str(file))
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        assert lines[0] == "Name,Got it" and lines[1].startswith("Paul,20")
        assert "1 of 1 have it" in line_text("report", report) and "✓ Paul" in line_text("report", report)
        (closed,) = await run(anne, "close", id=made["id"])
        assert line_text("close", closed).startswith(str(made["id"])[:12])
        (shown,) = await run(anne, "show", id=made["id"])
        assert "! [1 of 1 have it] Fire drill" in line_text("show", shown)
        (undone,) = await run(paul, "got", id=made["id"], undo=True)
        assert undone["receipts"]["mine"] is None  # type: ignore[index]
        with pytest.raises(Refused, match="cannot be corrected"):
            await anne.engine.talk.correct(str(made["id"]), "Another text")
        with pytest.raises(Refused, match="not an announcement"):
            await anne.engine.announcing.got([(await anne.engine.post("plain")).id])
    assert {"announce", "got", "close", "report"} <= set(COMMANDS)


async def test_whose_quiet_hours_it_is_is_known_before_an_urgent_one(tmp_path: Path) -> None:
    saturday = round(datetime(2026, 11, 28, 10, 0).timestamp() * 1000)
    async with desks(tmp_path, "Anne", "Paul", "Karim", "Zoé") as (anne, paul, karim, zoe):
        await office(anne, paul)
        for desk in (karim, zoe):
            await anne.admit(desk)
        await paul.engine.attention.choose(days=(5,), begins=9 * 60)
        await karim.engine.attention.choose(days=(5,), begins=11 * 60)
        await zoe.engine.attention.choose(hours=False)
        announcing = anne.engine.announcing
        announcing._now = lambda: saturday
        await anne.until(lambda: len(anne.engine._vault.profiles) == 3)
        assert (await announcing.standing()).resting == ("Karim",)
        await paul.engine.attention.choose(told=False)
        await anne.until(lambda: [one.hours for one in anne.engine._vault.profiles.values()].count(None) == 1)
        assert (await announcing.standing()).resting == ("Karim", "Paul"), "who says nothing has the usual hours"
        announcing._now = lambda: saturday + 2 * HOUR
        assert (await announcing.standing()).resting == ("Paul",)
        with pytest.raises(Refused, match="These are quiet hours of Paul") as refused:
            await run(anne, "announce", text="Fire", urgency="urgent")
        assert "--yes" in str(refused.value)
        await run(anne, "announce", text="Fire", urgency="urgent", sure=True)
        announcing._now = lambda: saturday + 3 * DAY
        assert (await announcing.standing()).resting == ("Karim",), "who works on Saturdays alone rests on Tuesdays"


async def test_a_profile_keeps_its_hours_and_hours_keep_the_profile(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await office(anne, paul)
        written = len(anne.engine._vault.profiles)
        await anne.engine.attention.choose(popups=False)
        await anne.engine.attention.choose(begins=8 * 60)
        assert len(anne.engine._vault.profiles) == written, "the usual hours are not told"
        await anne.engine.profiles.say(job="Director")
        await anne.engine.attention.choose(begins=7 * 60, days=(0, 2))
        await anne.engine.profiles.say(place="Lyon")
        mine = anne.engine.profiles.mine
        assert (mine.job, mine.place, mine.hours) == ("Director", "Lyon", Hours(420, 19 * 60, (0, 2)))
        await paul.until(lambda: mine in paul.engine._vault.profiles.values())
