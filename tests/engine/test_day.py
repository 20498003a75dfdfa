"""A small day in fast motion: whatever comes and goes, nothing stays open behind it. `./run bench week` is larger.

A leak is a count here, not a size: of descriptors, threads and tasks there are no more than after the first rounds.
"""

from __future__ import annotations

import asyncio
import gc
import threading
from asyncio.sslproto import SSLProtocol
from collections import Counter
from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskblog.control import ControlClient, ControlServer
from deskblog.log.keys import DeviceKeys
from deskblog.net.link import Link
from deskblog.values import BlobState
from tests.engine.desk import PATIENCE, Desk, desks
from tests.engine.raw import RawLink
from tests.engine.test_greedy import fresh, let_in
from tests.feeds.hostile import hostile, serve
from tests.feeds.samples import item, rss
from tests.media.test_photo import picture
from tests.web.site import Site

WARM, ROUNDS = 2, 4
POOL = ("asyncio_", "process_request")  # the loop's threads for blocking calls, which have a ceiling; the site's own


def feed(items: int) -> bytes:
    when = f"{datetime(2026, 11, 2, 9, tzinfo=UTC):%a, %d %b %Y %H:%M:%S +0000}"
    return rss("".join(item(f"item {n}", more=f"<guid>{n}</guid><pubDate>{when}</pubDate>") for n in range(items)))


def still_open() -> dict[str, Counter[str]]:
    """By kind, so that a failure says of what there is more."""
    threads = [thread.name for thread in threading.enumerate()]
    return {
        "descriptors": Counter(_goal(one) for one in Path("/dev/fd").iterdir()),
        "threads": Counter(name for name in threads if not any(part in name for part in POOL)),
        "tasks": Counter(getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()),
    }


def _goal(one: Path) -> str:
    """What a descriptor leads to; a socket is known by a number that is another each time."""
    try:
        return str(one.readlink()).partition("[")[0]
    except OSError:  # that of the listing itself
        return "gone"


async def what_is_more(before: dict[str, Counter[str]]) -> dict[str, Counter[str]]:
    """What is open and was not then, once what is ending has ended."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while True:
        more = {what: now - before[what] for what, now in still_open().items()}
        if not any(more.values()) or asyncio.get_running_loop().time() > end:
            return {what: kinds for what, kinds in more.items() if kinds}
        await asyncio.sleep(0)


class Day:
    """Anne's program runs on; Paul's starts and ends, guests come by, she uses the local door."""

    def __init__(self, anne: Desk, folder: Path, site: Site, guests: list[DeviceKeys]) -> None:
        self.anne, self.folder, self.site, self.guests = anne, folder, site, guests
        self.feed = f"{site.address}/news"

    async def begin(self) -> None:
        self.site.pages["/news"] = serve(feed(1))
        await self.do("feed-add", url=self.feed)

    async def hours(self, n: int) -> None:
        paul = Desk(self.folder, "Paul")
        await paul.engine.start()
        await paul.meet(self.anne)
        await self.talk(n, paul)
        self.site.pages["/news"] = serve(feed(n + 2))
        await self.do("feed-refresh", which=self.feed)
        await self.visits()
        await paul.engine.stop()
        await self.anne.until(lambda: "Paul" not in self.anne.linked_with())

    async def talk(self, n: int, paul: Desk) -> None:
        """Questions, answers, a photo, and what is said of them, until both have all of it."""
        question = await paul.engine.post(f"question {n}", kind="question")
        await self.anne.until_held(f"question {n}")
        await self.do("post", text=f"answer {n}", answer=question.id)
        await self.do("react", id=question.id, sign="☕")
        await paul.until_held(f"answer {n}")
        await paul.engine.talk.correct(question.id, f"question {n}, put better")
        photo, _notice = await paul.engine.attaching.choose("leaf.png", picture("PNG", (300, 200)))
        await paul.engine.post(f"photo {n}", attached=[photo])
        await self.anne.until_rows(
            lambda rows: any(
                row.text == f"photo {n}" and row.attached[0].blob.state is BlobState.HERE for row in rows
            )
        )
        wrong = await paul.engine.post(f"wrong {n}")
        await self.anne.until_held(f"wrong {n}")
        await paul.engine.withdraw(wrong.id)
        await self.anne.until_rows(lambda rows: not any(row.text == f"wrong {n}" for row in rows))
        assert await self.do("search", words="better")
        assert await self.do("timeline", limit=50)

    async def visits(self) -> None:
        """One says goodbye, one's cable is out, one is a stranger."""
        office = self.anne.engine._vault.office
        assert office is not None
        for which, keys in enumerate(self.guests):
            link = await RawLink.member(self.anne.engine.port, keys, office.id)
            await link.level(office.tips)
            if which % 2:
                link._writer.transport.abort()
            await link.close()
        stranger = await RawLink.dial(self.anne.engine.port, fresh())
        stranger._writer.transport.abort()
        await stranger.close()
        await self.anne.until(lambda: not any("Guest" in name for name in self.anne.linked_with()))

    async def do(self, what: str, **args: object) -> list[dict[str, object]]:
        """By the local door, on a connection of its own, as the command line does."""
        client = await ControlClient.connect(self.anne.folder)
        assert client is not None
        try:
            async with aclosing(client.run(what, args)) as lines:
                return [line async for line in lines]
        finally:
            await client.close()


def links_kept() -> int:
    """How many there are of what a link over TLS is made of, whoever holds it."""
    return sum(isinstance(one, Link | SSLProtocol) for one in gc.get_objects())


async def test_a_link_that_ended_goes_without_waiting_for_the_sweeper(tmp_path: Path) -> None:
    """Each holds a quarter of a megabyte: in circles, a morning of visits would stay in memory until evening."""
    async with desks(tmp_path, "Anne") as (anne,):
        await anne.found()
        day = Day(anne, tmp_path, Site(0), await let_in(anne, 2))
        await day.visits()
        was_on = gc.isenabled()  # off where windows are: see ui/sweeper.py
        gc.collect()
        gc.disable()
        try:
            before, open_before = links_kept(), still_open()
            for _n in range(5):
                await day.visits()
            await what_is_more(open_before)
            assert links_kept() <= before
        finally:
            if was_on:
                gc.enable()


async def test_a_day_leaves_no_descriptor_thread_or_task_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    with hostile() as site:
        async with desks(tmp_path, "Anne") as (anne,):
            await anne.found()
            paul = Desk(tmp_path, "Paul")
            await paul.engine.start()
            await anne.admit(paul)
            await paul.engine.stop()
            server = ControlServer(anne.engine, anne.bell, anne.folder)
            await server.start()
            day = Day(anne, tmp_path, site, await let_in(anne, 2))
            await day.begin()
            for n in range(WARM):
                await day.hours(n)
            before = still_open()
            for n in range(WARM, WARM + ROUNDS):
                await day.hours(n)
            assert await what_is_more(before) == {}
            await server.stop()
