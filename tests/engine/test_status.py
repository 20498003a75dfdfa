"""What people say they are doing, from one desk to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import events
from deskblog.commands import COMMANDS
from deskblog.errors import Refused
from deskblog.log import kinds
from tests.engine.desk import Desk, desks
from tests.engine.test_company import told


def says(desk: Desk, name: str, status: str) -> bool:
    """Whether a colleague says that, as this desk was last told."""
    row = told(desk, name)
    return row is not None and row.status == status


async def test_a_status_goes_to_colleagues_and_raises_no_row(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        assert await paul.engine.say_status(" At the bank\n until noon ") == "At the bank until noon"
        for desk in (anne, paul):
            await desk.until(lambda desk=desk: says(desk, "Paul", "At the bank until noon"))  # type: ignore[misc]
        row = told(anne, "Paul")
        assert row is not None and row.status_at > 0
        await paul.engine.say_status("")
        await anne.until(lambda: says(anne, "Paul", ""))
        assert await anne.rows() == await paul.rows() == ()
        assert not any(isinstance(event, events.Posted) for event in anne.said + paul.said)


async def test_who_joins_later_hears_what_everybody_is_doing(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.engine.say_status("Accounts")
        await anne.admit(paul)
        await paul.until(lambda: says(paul, "Anne", "Accounts"))


async def test_a_status_is_there_again_after_a_start_also_without_a_network(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.say_status("Accounts")
        assert says(anne, "Anne", "Accounts")
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert [row.status for row in await anne.engine.people()] == ["Accounts"]


async def test_the_same_status_again_is_not_written_again(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.say_status("")
        await anne.engine.say_status("Accounts")
        before = len(anne.said)
        await anne.engine.say_status("Accounts")
        assert anne.said[before:] == []


async def test_a_clock_that_was_ahead_holds_nobody_to_an_old_status(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        vault = anne.engine._vault
        right = vault.pen._now
        vault.pen._now = lambda: right() + 365 * 86_400_000
        await vault.write(kinds.Status("next year"))
        vault.pen._now = right
        await anne.engine.say_status("today")
        assert says(anne, "Anne", "today")
        row = await anne.engine.post("hello")
        assert row.at < right() + 1000, "posts are stamped by the clock"


async def test_a_status_that_is_too_long_is_refused(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        with pytest.raises(Refused, match="no office"):
            await anne.engine.say_status("Accounts")
        await anne.found()
        with pytest.raises(Refused, match="141"):
            await anne.engine.say_status("x" * 141)
        assert says(anne, "Anne", "")


async def test_how_a_status_changed_is_kept_by_whoever_heard_of_it(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        for text in ("Accounts", "", "Lunch"):
            await paul.engine.say_status(text)
        await anne.until(lambda: says(anne, "Paul", "Lunch"))
        name, said = await anne.engine.talk.was_doing("Paul")
        assert (name, [one.text for one in said]) == ("Paul", ["Lunch", "", "Accounts"])
        assert await anne.engine.talk.was_doing("") == ("Anne", ())
        with pytest.raises(Refused, match="Nobody here is called"):
            await anne.engine.talk.was_doing("Zoé")
        args = {"history": "Paul"}
        lines = [line async for line in COMMANDS["status"](anne.engine, args, lambda _hear: lambda: None)]
        assert [(line["person"], line["status"]) for line in lines] == [
            ("Paul", "Lunch"), ("Paul", ""), ("Paul", "Accounts"),
        ]  # fmt: skip
