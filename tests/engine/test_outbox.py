"""Posts that wait before they leave: taken back, sent at once, kept over a stop and a crash."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from msgspec import to_builtins

from deskblog import events, limits
from deskblog.cli_text import line_text
from deskblog.engine.outbox import KEY
from deskblog.errors import Refused
from deskblog.values import Row, Waiting
from tests.engine.desk import Desk, desks, turns
from tests.engine.test_bad_input import run


def waits(desk: Desk) -> list[str]:
    """What waits, as the desk was last told."""
    told = [event for event in desk.said if isinstance(event, events.Waits)]
    return [one.text for one in told[-1].waiting] if told else []


async def said(desk: Desk, text: str, answer_to: str = "", kind: str = "post") -> Waiting:
    one = await desk.engine.say(text, kind=kind, answer_to=answer_to)
    assert isinstance(one, Waiting)
    return one


async def test_nobody_has_it_until_its_time_is_over(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.outbox.wait(30)
        one = await said(anne, "  Too early ")
        assert waits(anne) == ["Too early"] and await anne.rows() == ()
        await anne.engine.post("At once")
        await paul.until_held("At once")
        assert [row.text for row in await paul.rows()] == ["At once"]
        await anne.engine.outbox.send(one.id)
        await paul.until_held("Too early")
        assert waits(anne) == []


async def test_it_leaves_by_itself(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(1)
        await said(anne, "One")
        await anne.until_held("One")
        await anne.until(lambda: waits(anne) == [])


async def test_what_is_taken_back_was_never_there(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        one = await said(anne, "A slip of the tongue", kind="question")
        assert await anne.engine.outbox.undo(one.id) == one
        assert await anne.engine.outbox.undo(one.id) is None
        assert waits(anne) == []
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert await anne.rows() == ()
        store = anne.engine._vault.store
        kept = await anne.engine._vault.call(store.database.rows, "SELECT value FROM meta")
        assert not any("slip" in value for (value,) in kept)


async def test_two_that_are_said_while_the_disk_is_slow_both_wait(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        async with anne.slow_disk():
            saying = [asyncio.create_task(said(anne, text)) for text in ("One", "Two")]
            await turns()
        await asyncio.gather(*saying)
        assert waits(anne) == ["One", "Two"]
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert {row.text for row in await anne.rows()} == {"One", "Two"}


async def test_one_that_is_said_while_another_leaves_is_kept_and_the_other_leaves_once(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        outbox, one = anne.engine.outbox, await said(anne, "One")
        leaving = asyncio.create_task(outbox.send(one.id))
        await anne.until(lambda: "One" in anne.texts_told())
        async with anne.slow_disk():  # the log has it, the outbox is about to forget it
            saying = asyncio.create_task(said(anne, "Two"))
            await turns()
        await asyncio.gather(leaving, saying)
        assert waits(anne) == ["Two"]
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert [row.text for row in await anne.rows()] == ["Two", "One"]


async def test_what_is_leaving_already_cannot_be_taken_back(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        one = await said(anne, "One")
        async with anne.slow_disk():
            leaving = asyncio.create_task(anne.engine.outbox.send(one.id))
            await turns()
            undoing = asyncio.create_task(anne.engine.outbox.undo(one.id))
            await turns()
        await leaving
        assert await undoing is None and [row.text for row in await anne.rows()] == ["One"]


async def test_what_is_taken_back_twice_at_once_comes_back_once(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        one = await said(anne, "One")
        async with anne.slow_disk():
            undoing = [asyncio.create_task(anne.engine.outbox.undo(one.id)) for _n in range(2)]
            await turns()
        assert [await task for task in undoing] == [one, None]


async def test_what_waits_when_deskblog_stops_leaves_then(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        for text in ("One", "Two", "Three"):
            await said(anne, text)
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert [row.text for row in await anne.rows()] == ["Three", "Two", "One"]
        assert anne.engine.outbox.seconds == 30, "the choice is kept"


async def test_after_a_crash_it_leaves_at_the_next_start(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        left = [to_builtins(Waiting("ab", "Said before the crash", "post", "", 1))]
        await anne.engine._vault.call(anne.engine._vault.store.put, KEY, json.dumps(left))
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert [row.text for row in await anne.rows()] == ["Said before the crash"]


async def test_what_cannot_leave_waits_with_its_text_and_says_why(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(30)
        gone = await anne.engine.post("soon withdrawn")
        one = await said(anne, "An answer to nothing", answer_to=gone.id)
        await anne.engine.withdraw(gone.id)
        await anne.engine.outbox.send(one.id)
        assert waits(anne) == ["An answer to nothing"]
        assert [event.kept for event in anne.said if isinstance(event, events.Trouble)] == [
            "Your post waits, with its text."
        ]
        assert anne.engine.outbox.waiting[0].leaves == 0
        assert await anne.engine.outbox.undo(one.id) is not None


async def test_what_may_not_be_posted_does_not_wait_either_and_only_so_much_waits(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.outbox.wait(10_000)
        assert anne.engine.outbox.seconds == limits.UNDO_SECONDS
        with pytest.raises(Refused, match="characters"):
            await anne.engine.say("x" * 281)
        for n in range(limits.OUTBOX):
            await said(anne, f"post {n}")
        with pytest.raises(Refused, match="Too many"):
            await anne.engine.say("one more")
        await anne.engine.outbox.wait(0)
        assert isinstance(await anne.engine.say("at once"), Row)


async def test_it_is_a_command_too_and_reads_as_text(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        assert await run(anne, "waiting", seconds=30) == []
        (held,) = await run(anne, "post", text="Too early", undoable=True)
        (listed,) = await run(anne, "waiting")
        assert listed == held and held["leaves"]
        assert line_text("post", held).startswith(f"{held['id']}  Too early  (leaves at ")
        (back,) = await run(anne, "waiting", undo=held["id"])
        assert line_text("waiting", back) == "Taken back: Too early" and await run(anne, "waiting") == []
        with pytest.raises(Refused, match="has left already"):
            await run(anne, "waiting", undo=held["id"])
        (sent,) = await run(anne, "post", text="Now", undoable=True)
        assert await run(anne, "waiting", send=sent["id"]) == []
        assert [row.text for row in await anne.rows()] == ["Now"]
