"""Polls from one desk to another, and what is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog.commands import COMMANDS
from deskblog.errors import Refused
from deskblog.values import Row
from tests.engine.desk import Desk, desks


def chosen(row: Row) -> dict[str, tuple[str, ...]]:
    assert row.poll is not None
    return {option.text: option.people for option in row.poll.options}


async def test_what_is_chosen_here_is_seen_there(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", "Paul") as (anne, paul):
        await anne.found()
        await anne.admit(paul)
        asked = await anne.engine.polls.begin("When?", ["Monday", " Tuesday ", "", "Friday"])
        await paul.until_held("When?")
        await paul.engine.polls.vote(asked.id, [1])
        await anne.engine.polls.vote(asked.id, [1])
        both = {"Monday": (), "Tuesday": ("Paul", "Anne"), "Friday": ()}
        for desk in (anne, paul):
            await desk.until_rows(lambda rows: chosen(rows[0]) == both)
        await paul.engine.polls.vote(asked.id, [])
        await anne.until_rows(lambda rows: chosen(rows[0])["Tuesday"] == ("Anne",))


async def test_what_cannot_be_is_refused_in_words(tmp_path: Path) -> None:
    clock = [1_000_000]
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        polls = anne.engine.polls
        polls._now = lambda: clock[0]
        for options in (["Monday"], ["Monday", "monday".title()], [str(n) for n in range(7)], []):
            with pytest.raises(Refused, match="two to 6 different answers"):
                await polls.begin("When?", options)
        with pytest.raises(Refused, match="61 characters"):
            await polls.begin("When?", ["x" * 61, "y"])
        with pytest.raises(Refused, match="over already"):
            await polls.begin("When?", ["a", "b"], closes=clock[0])
        with pytest.raises(Refused, match="nothing to post"):
            await polls.begin(" ", ["a", "b"])
        asked = await polls.begin("When?", ["a", "b"], closes=clock[0] + 1000)
        with pytest.raises(Refused, match="has 2 answers"):
            await polls.vote(asked.id, [2])
        with pytest.raises(Refused, match="one answer is chosen"):
            await polls.vote(asked.id, [0, 1])
        with pytest.raises(Refused, match="cannot be corrected"):
            await anne.engine.talk.correct(asked.id, "When not?")
        clock[0] += 1000
        with pytest.raises(Refused, match="is closed"):
            await polls.vote(asked.id, [0])
        post = await anne.engine.post("no poll")
        with pytest.raises(Refused, match="not a poll"):
            await polls.vote(post.id, [0])


async def test_each_act_is_a_command(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()

        async def run(name: str, **args: object) -> dict[str, object]:
            (line,) = [line async for line in COMMANDS[name](anne.engine, args, lambda _hear: lambda: None)]
            return line

        asked = await run("poll", text="When?", options=["Monday", "Tuesday"], many=True, closes=0)
        voted = await run("vote", id=asked["id"], numbers=[1, 2])
        assert voted["poll"] == {
            "options": [
                {"text": "Monday", "people": ["Anne"], "mine": True},
                {"text": "Tuesday", "people": ["Anne"], "mine": True},
            ],
            "closes": None,
            "many": True,
            "voters": 1,
        }
        assert isinstance(anne, Desk)
