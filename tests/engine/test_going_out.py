"""An own entry leaves at its commit, and when it does its writer knows that it holds it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskblog import events
from deskblog.engine.only_here import SOON
from deskblog.log import kinds
from deskblog.store.store import Held
from tests.engine.desk import Desk, desks


def watched(desk: Desk) -> list[tuple[str, bool, int]]:
    """Each entry that goes out of a desk: (kind, whether the heads have it, how many posts were told by then)."""
    vault, left = desk.engine._vault, list[tuple[str, bool, int]]()

    def leaves(held: Held) -> None:
        assert vault.replica is not None
        entry = held.entry
        left.append((entry.header.kind, vault.replica.heads.holds(entry.log, entry.point), len(desk.texts_told())))

    vault.leaves = leaves
    return left


async def test_a_colleague_never_holds_more_of_a_log_than_its_writer_says_it_does(tmp_path: Path) -> None:
    """Who is told of more believes that this log was written elsewhere, and never writes it again."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        left = watched(anne)
        for n in range(3):
            await anne.engine.post(f"post {n}")
            assert len(left) == n + 2, "the opening of the log, and each post before `post` returns"
        assert left == [("open", True, 0), ("post", True, 0), ("post", True, 1), ("post", True, 2)]


async def test_who_gives_up_waiting_for_a_post_that_is_kept_has_written_it_all_the_same(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.post("It began here")
        vault, left = anne.engine._vault, list[str]()
        writing = asyncio.create_task(vault.write(kinds.Post("The last word")))

        def leaves(held: Held) -> None:
            left.append(held.entry.header.kind)
            writing.cancel()

        vault.leaves = leaves
        with pytest.raises(asyncio.CancelledError):
            await writing
        assert left == ["post"] and (await anne.rows())[0].text == "The last word"
        assert await anne.log_end_is_known()


async def test_of_many_that_are_brought_in_the_last_goes_out_and_all_are_in_the_heads(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.post("It began here")
        left, vault = watched(anne), anne.engine._vault
        for n in range(3):
            await vault.write(kinds.Past(f"old {n}", 1_000 + n, "mastodon"), out=n == 2)
        assert [kind for kind, _held, _told in left] == ["past"]
        assert await anne.log_end_is_known()


async def test_how_many_posts_are_only_here_is_counted_once_for_all_of_a_moment(tmp_path: Path) -> None:
    clock = asyncio.get_running_loop().time
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        said, began = len(anne.said), clock()
        for n in range(20):
            await anne.engine.post(f"post {n}")
        moments = (clock() - began) / SOON
        await anne.until(lambda: events.Copied(20) in anne.said)
        counted = [event for event in anne.said[said:] if isinstance(event, events.Copied)]
        assert len(counted) <= moments + 1


async def test_what_waits_to_be_counted_does_not_outlive_its_engine(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.until(lambda: events.Copied(0) in anne.said)
        await anne.engine.post("Good night")
        assert anne.engine.counting.waits()
        await anne.engine.stop()
        assert not anne.engine.counting.waits()
        assert events.Copied(1) not in anne.said
