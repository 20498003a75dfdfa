"""What is unread, from desk to desk: counted, read, and read on one's other PC too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskblog import events
from deskblog.attention.rules import Show
from deskblog.commands.attention import COMMANDS
from deskblog.engine import unread
from deskblog.values import Row, View
from tests.engine.desk import Desk, desks


async def left(desk: Desk) -> list[str]:
    return sorted(row.text for row in await desk.rows() if row.unread)


async def read(desk: Desk, *texts: str) -> int:
    return await desk.engine.unread.read([row.id for row in await desk.rows() if row.text in texts])


@asynccontextmanager
async def two_pcs(folder: Path) -> AsyncIterator[tuple[Desk, Desk, Desk]]:
    """Anne; Paul at his desk and on his laptop, which hear each other over Anne alone at first."""
    async with desks(folder, "Anne", "Paul", "Laptop") as (anne, paul, laptop):
        await anne.found()
        await anne.admit(paul)
        code = (await anne.engine.invite(as_person="Paul")).code
        await laptop.engine.join(code, "Paul", at=anne.address)
        yield anne, paul, laptop


async def test_what_is_read_on_one_pc_is_read_on_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "TELL_SECONDS", 0.01)
    monkeypatch.setattr(unread, "TELL_LATER", 0.01)
    async with two_pcs(tmp_path) as (anne, paul, laptop):
        for text in ("one", "two", "three"):
            await anne.engine.post(text)
        await paul.until_held("one", "two", "three")
        await laptop.until_held("one", "two", "three")
        assert await left(paul) == await left(laptop) == ["one", "three", "two"] and await left(anne) == []
        assert await read(paul, "one", "two") == 2
        await laptop.until_rows(lambda rows: [row.text for row in rows if row.unread] == ["three"])
        assert any(isinstance(event, events.Read) for event in laptop.said)
        assert await read(laptop, "three", "one") == 1
        await paul.until_rows(lambda rows: not any(row.unread for row in rows))
        assert await paul.engine.unread.counts() == await laptop.engine.unread.counts() == {}


async def test_what_was_read_is_told_before_the_pc_goes_off_and_reaches_the_other_over_a_colleague(
    tmp_path: Path,
) -> None:
    async with two_pcs(tmp_path) as (anne, paul, laptop):
        await anne.engine.post("one")
        await anne.engine.post("two")
        await paul.until_held("one", "two")
        await laptop.until_held("one", "two")
        await laptop.engine.stop()
        await read(paul, "one")
        await paul.engine.stop()
        async with desks(tmp_path, "Laptop") as (again,):
            assert await left(again) == ["one", "two"]
            again.engine.reach(anne.address)
            await again.until_rows(lambda rows: [row.text for row in rows if row.unread] == ["two"])


async def test_a_restart_loses_nothing_and_who_has_one_pc_writes_nothing(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post("one")
        await anne.engine.post("two")
        await paul.until_held("one", "two")
        await read(paul, "two")
        assert await paul.engine.unread.tell_others() == 0
        await paul.engine.stop()
        async with desks(tmp_path, "Paul") as (again,):
            assert await left(again) == ["one"]
            assert await again.engine.unread.counts() == {View.ALL: 1, View.OFFICE: 1}


async def test_the_commands_say_and_mark_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        row = await anne.engine.post("@paul one")
        await anne.engine.post("two")
        await paul.until_held("two", "@paul one")
        (said,) = [line async for line in COMMANDS["unread"](paul.engine, {}, paul.bell.hear)]
        assert said == {
            "unread": {
                "all": 2,
                "office": 2,
                "feeds": 0,
                "open": 0,
                "announcements": 0,
                "mentions": 1,
                "sealed": 0,
                "coffee": 0,
            }
        }
        (said,) = [line async for line in COMMANDS["read"](paul.engine, {"ids": [row.id[:8]]}, paul.bell.hear)]
        assert said["read"] == 1 and said["unread"]["all"] == 1
        (said,) = [line async for line in COMMANDS["read"](paul.engine, {"ids": [], "view": "all"}, paul.bell.hear)]
        assert said["read"] == 1 and said["unread"]["all"] == 0


async def test_a_pc_that_was_out_and_is_back_says_and_hears_again_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it told beyond the border of its removal counts no more, and nothing was sealed to it meanwhile."""
    monkeypatch.setattr(unread, "TELL_SECONDS", 0.01)
    async with two_pcs(tmp_path) as (anne, paul, laptop):
        for text in ("one", "two", "three"):
            await anne.engine.post(text)
        await paul.until_held("one", "two", "three")
        await laptop.until_held("one", "two", "three")
        await laptop.engine.stop()
        async with desks(tmp_path, "Laptop", network=False) as (away,):
            await read(away, "one")
            assert await away.engine.unread.tell_others() == 1
        await anne.engine.membership.remove(laptop.engine.device)
        await paul.until(lambda: not paul.engine.unread._others())
        await read(paul, "two")
        assert await paul.engine.unread.tell_others() == 0, "there is nobody to tell"
        await anne.engine.membership.readmit(laptop.engine.device)
        async with desks(tmp_path, "Laptop") as (again,):
            assert await left(again) == ["three", "two"]
            again.engine.reach(anne.address)
            for pc in (paul, again):
                await pc.until_rows(lambda rows: [row.text for row in rows if row.unread] == ["three"])
            assert await paul.engine.unread.tell_others() == await again.engine.unread.tell_others() == 0


async def test_a_long_count_is_not_told_after_the_short_one_that_followed_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await paul.engine.post("Cake")
        await anne.until_held("Cake")
        counter, weighs, weighed = anne.engine.unread, asyncio.Event(), asyncio.Event()
        usual = counter._weigh

        async def slowly(row: Row) -> Show:
            weighs.set()
            await weighed.wait()
            return await usual(row)

        counter._weigh = slowly
        counter.weigh_anew()
        long = asyncio.create_task(counter.watch())
        await weighs.wait()
        await counter.read_all()
        short = asyncio.create_task(counter.watch())
        await asyncio.wait([short], timeout=0.3)  # it could be told by then
        weighed.set()
        await asyncio.gather(long, short)
        told = [event for event in anne.said if isinstance(event, events.UnreadChanged)]
        assert told[-1].counts == {} == await counter.counts()
