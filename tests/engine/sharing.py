"""Colleagues who follow feeds over real links, a real site that counts, and a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from deskblog.engine.vault import now_ms
from deskblog.values import Row, View
from tests.engine.desk import PATIENCE, Desk, desks
from tests.feeds.hostile import Page, Site, serve, site

HOUR = 3_600_000
URL = "http://brew.example/feed.xml"


class World:
    """What is common to all: the time, and the web, which is a proxy on loopback, so that no address leads inside."""

    def __init__(self, web: Site) -> None:
        self.web = web
        self.offset = 0

    def now(self) -> int:
        return now_ms() + self.offset

    @property
    def asked(self) -> Counter[str]:
        return Counter(path.replace(":80/", "/") for path in self.web.asked)

    def serves(self, page: Page, url: str = URL) -> None:
        host = url.split("/")[2]
        self.web.pages[url.replace(host, f"{host}:80", 1)] = page

    def is_gone(self, url: str = URL) -> None:
        self.serves(serve(b"", 404), url)


@contextmanager
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with site() as web:
        for name in ("no_proxy", "NO_PROXY", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("http_proxy", web.address)
        yield World(web)


def versions(*bodies: bytes) -> Page:
    """Answers with the last of the bodies, or that it is unchanged. More may be appended while it serves."""

    def page(one: BaseHTTPRequestHandler) -> None:
        tag = f'"{len(kept)}"'
        if one.headers.get("If-None-Match") == tag:
            one.send_response(304)
            one.send_header("ETag", tag)
            one.end_headers()
        else:
            serve(kept[-1], ETag=tag)(one)

    kept = list(bodies)
    page.kept = kept  # type: ignore[attr-defined]
    return page


@asynccontextmanager
async def office(folder: Path, made: World, *names: str, on: bool = True) -> AsyncIterator[list[Desk]]:
    """All linked with all, sharing if `on`, by the world's clock; feeds are asked when the test says so."""
    async with desks(folder, *names) as people:
        await people[0].found()
        for other in people[1:]:
            await people[0].admit(other)
        for n, one in enumerate(people):
            await tamed(one, made, on=on)
            for other in people[:n]:
                await one.meet(other)
        for one in people:
            await linked(one, len(people) - 1)
        yield people


async def tamed(desk: Desk, made: World, *, on: bool = True) -> None:
    feeds = desk.engine.feeds
    feeds._now_ms = made.now
    feeds.sharing.dice = lambda: 1.0
    feeds.sharing.tick = lambda: made.now() / 1000
    if feeds._life is not None:
        feeds._life.cancel()
    await feeds.sharing.choose(on=on)


async def linked(desk: Desk, count: int) -> None:
    """So many links are level, and colleagues said what they have."""
    sharing = desk.engine.feeds.sharing
    await desk.until(lambda: sharing._shared is not None and len(sharing._shared._peers) == count)


async def due(made: World, *people: Desk, hours: float = 0.0) -> None:
    """So much time passes, at once; then whoever's moment has come asks, until nobody's has."""
    made.offset += round(hours * HOUR)
    async with asyncio.timeout(PATIENCE):
        while tasks := [task for one in people for task in _begun(one)]:
            await asyncio.wait(tasks)
            await settled(*people)


def _begun(desk: Desk) -> list[asyncio.Task[None]]:
    feeds = desk.engine.feeds
    feeds._asked.clear()
    feeds._ask_due(feeds._now())
    return list(feeds._asking.values())


async def settled(*people: Desk) -> None:
    """All who are linked and share a feed hold the same copy of it, and nothing is under way."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for one in people:
                one._news.clear()
            if tasks := [task for one in people for task in one.engine.feeds.sharing._tasks]:
                await asyncio.wait(tasks)
            elif _level(people):
                return
            else:
                news = [asyncio.ensure_future(one._news.wait()) for one in people]
                await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)
                for wait in news:
                    wait.cancel()


def _level(people: Sequence[Desk]) -> bool:
    shared = [one.engine.feeds.sharing._shared for one in people]
    times: dict[bytes, set[int]] = {}
    for each in shared:
        for tag, feed in each._feeds.items() if each is not None and each._peers else ():
            times.setdefault(tag, set()).add(feed.time)
            if feed.coming is not None or feed.question is not None:
                return False
    return all(len(found) == 1 for found in times.values())


async def day(made: World, *people: Desk, hours: int = 24, step: Callable[[int], None] = lambda _hour: None) -> None:
    """Hours that pass in steps of five minutes: nobody waits for anything."""
    for number in range(hours * 12):
        step(number)
        await due(made, *people, hours=1 / 12)


async def items(desk: Desk) -> tuple[Row, ...]:
    return (await desk.engine.timeline(view=View.FEEDS, limit=200)).rows


async def titles(desk: Desk) -> list[str]:
    return [row.title for row in await items(desk)]
