"""What one wrote elsewhere stands at its old place on every desk, and comes once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.errors import Refused
from deskblog.values import View
from tests.engine.desk import desks


def lines(folder: Path, *texts: str) -> Path:
    file = folder / "mine.txt"
    file.write_text("\n".join(texts))
    return file


async def test_it_stands_at_its_old_place_everywhere_and_comes_once(tmp_path: Path) -> None:
    file = lines(tmp_path, "2019-05-03 10:00 Moved in", "2020-01-01 Happy new year #2020")
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        await anne.engine.post("today")
        history = await anne.engine.importing.look(file)
        assert [post.text for post in history.posts] == ["Moved in", "Happy new year #2020"]
        assert await anne.rows() == await anne.rows(1), "looking writes nothing"
        steps: list[int] = []
        assert await anne.engine.importing.take(history, steps.append) == 2 and steps == [1, 2]
        for desk in (anne, paul):
            await desk.until_held("Moved in", "Happy new year #2020")
            rows = await desk.rows()
            assert [row.text for row in rows] == ["today", "Happy new year #2020", "Moved in"]
            assert [(row.kind, row.source) for row in rows] == [
                ("post", "office"),
                ("past", "text"),
                ("past", "text"),
            ]
            assert [row.text for row in (await desk.engine.search("moved before:2020")).rows] == ["Moved in"]
        again = await anne.engine.importing.look(file)
        assert (again.posts, again.known) == ((), 2)
        answer = await paul.engine.post("I remember", answer_to=rows[-1].id)
        assert answer.answer_to == rows[-1].id
        await anne.engine.withdraw(rows[-1].id)
        assert [row.text for row in (await anne.engine.timeline(view=View.MINE)).rows] == [
            "today", "Happy new year #2020",
        ]  # fmt: skip


async def test_what_cannot_come_is_counted_and_said(tmp_path: Path) -> None:
    file = lines(
        tmp_path, "2019-05-03 old", "2020-01-01 " + "x" * (limits.PAST + 1), "2020-01-02 " + "y" * limits.PAST
    )
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        history = await anne.engine.importing.look(file)
        assert (len(history.posts), history.long, history.old) == (2, 1, 0)
        await anne.engine.membership.rule(settings={"retention-days": 30})
        history = await anne.engine.importing.look(file)
        assert (len(history.posts), history.old) == (0, 2), "the office would drop them at once"
        assert await anne.engine.importing.take(history) == 0


async def test_too_many_are_refused_before_one_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PASTS", 2)
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        with pytest.raises(Refused, match="3 posts; 2 is the most"):
            await anne.engine.importing.look(lines(tmp_path, "one", "two", "three"))
        assert await anne.rows() == ()


async def test_nobody_writes_into_the_future(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        history = await anne.engine.importing.look(lines(tmp_path, "2150-01-01 from the future"))
        await anne.engine.importing.take(history)
        last = await anne.engine.post("now")
        assert [row.text for row in await anne.rows()] == [last.text, "from the future"]


async def test_what_is_brought_in_twice_at_once_comes_once(tmp_path: Path) -> None:
    file = lines(tmp_path, "2019-05-03 10:00 Moved in", "2020-01-01 Happy new year")
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        importing = anne.engine.importing
        history = await importing.look(file)
        assert sorted(await asyncio.gather(importing.take(history), importing.take(history))) == [0, 2]
        assert [row.text for row in await anne.rows()] == ["Happy new year", "Moved in"]
