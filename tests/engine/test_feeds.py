"""Feeds followed by a real engine: real servers on loopback, real children, the store and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskblog import events, limits
from deskblog.cli_text import line_text
from deskblog.commands import COMMANDS
from deskblog.engine.feed_items import SHOWN_FIRST, wanted
from deskblog.engine.feeds import FeedRow
from deskblog.errors import Refused
from deskblog.feeds import schedule
from deskblog.feeds.privacy import is_secret
from deskblog.values import Row, View
from tests.engine.desk import Desk, desks
from tests.feeds.hostile import Site, hostile, serve
from tests.feeds.samples import item, rss

HOUR = 3_600_000


@pytest.fixture
def server() -> Iterator[Site]:
    with hostile() as made:
        yield made


@asynccontextmanager
async def anne(folder: Path) -> AsyncIterator[Desk]:
    """In her office, without the network: feeds are asked when the test says so."""
    async with desks(folder, "Anne", network=False) as (desk,):
        await desk.found()
        yield desk


def news(*titles: str, more: str = "") -> bytes:
    """The newest first, as feeds are written."""
    day = datetime(2026, 11, 1, 9, tzinfo=UTC)
    items = []
    for title in titles:
        number = int("".join(c for c in title if c.isdigit()) or 0)
        when = f"<pubDate>{day + timedelta(hours=number):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        items.append(item(title, "what it says", more=f"{when}<guid>{title}</guid>{more}"))
    return rss("".join(items))


async def titles(desk: Desk, view: View = View.FEEDS) -> list[str]:
    return [row.title for row in (await desk.engine.timeline(view=view, limit=100)).rows]


async def rows(desk: Desk) -> tuple[Row, ...]:
    return (await desk.engine.timeline(view=View.FEEDS, limit=100)).rows


async def run(desk: Desk, do: str, **args: Any) -> list[dict[str, Any]]:
    return [line async for line in COMMANDS[do](desk.engine, args, desk.bell.hear)]


async def test_a_feed_is_asked_once_and_of_what_it_has_the_newest_are_unread(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news(*(f"item {n}" for n in range(8, 0, -1))))
    async with anne(tmp_path) as desk:
        added = await desk.engine.feeds.add(f"{server.address}/news")
        assert added.feed is not None and not added.offers
        assert server.asked == ["/news"], "one request"
        found = await rows(desk)
        assert [row.title for row in found] == [f"item {n}" for n in range(8, 0, -1)]
        assert [row.unread for row in found] == [True] * SHOWN_FIRST + [False] * 3
        assert added.feed.unread == SHOWN_FIRST and added.feed.due > 0 and not added.feed.said
        assert found[0].text == "item 8\nwhat it says" and found[0].source == f"{server.address}/news"
        again = await desk.engine.feeds.add(f"{server.address}/news")
        assert again.feed == added.feed and server.asked == ["/news"]


async def test_posts_and_items_are_one_timeline_and_one_search(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news(*(f"coffee {n}" for n in range(60, 0, -1))))
    async with anne(tmp_path) as desk:
        await desk.engine.feeds.add(f"{server.address}/news")
        for n in range(30):
            await desk.engine.post(f"coffee post {n}")
        seen: list[Row] = []
        before = None
        while True:
            page = await desk.engine.timeline(before=before, limit=7)
            seen += page.rows
            if (before := page.next_before) is None:
                break
        keys = [row.key for row in seen]
        assert keys == sorted(keys, reverse=True) and len(set(keys)) == len(keys) == 90
        assert len((await desk.engine.timeline(view=View.OFFICE, limit=200)).rows) == 30
        found: list[Row] = []
        before = None
        while True:
            page = await desk.engine.search("coff", before=before, limit=11)
            found += page.rows
            if (before := page.next_before) is None:
                break
        assert [row.key for row in found] == keys
        assert {row.kind for row in (await desk.engine.search("coffee is:feed", limit=200)).rows} == {"feed"}
        assert len((await desk.engine.search("from:Anne coffee", limit=200)).rows) == 30
        (feed,) = await desk.engine.feeds.rows()
        assert len((await desk.engine.search("", person=feed.id, limit=200)).rows) == 60


async def test_what_is_new_or_edited_comes_and_what_was_read_stays_read(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 2", "item 1"))
    async with anne(tmp_path) as desk:
        await desk.engine.feeds.add(f"{server.address}/news")
        await desk.engine.unread.read_all(View.FEEDS)
        server.pages["/news"] = serve(
            news("item 3", "item 2", "item 1").replace(b"what it says", b"what it meant", 2)
        )
        (feed,) = await desk.engine.feeds.refresh()
        found = await rows(desk)
        assert [(row.title, row.unread) for row in found] == [("item 3", True), ("item 2", False), ("item 1", False)]
        assert [row.text.split("\n")[1] for row in found] == ["what it meant", "what it meant", "what it says"]
        assert feed.unread == 1 and (await desk.engine.search("meant")).rows == found[:2]
        assert {row.title for event in desk.said if isinstance(event, events.RowsChanged) for row in event.rows} == {
            "item 2"
        }
        assert await desk.engine.unread.counts() == {View.ALL: 1, View.FEEDS: 1}


async def test_a_page_is_followed_by_its_feed_or_asks_which(tmp_path: Path, server: Site) -> None:
    one = b'<html><link rel="alternate" type="application/rss+xml" href="/news" title="All">'
    two = one + b'<link rel="alternate" type="application/atom+xml" href="/others" title="Other">'
    server.pages |= {"/one": serve(one, Content_Type="text/html"), "/two": serve(two, Content_Type="text/html")}
    server.pages["/news"] = serve(news("item 1"))
    async with anne(tmp_path) as desk:
        asked = await desk.engine.feeds.add(f"{server.address}/two")
        assert asked.feed is None and [offer.title for offer in asked.offers] == ["All", "Other"]
        assert await desk.engine.feeds.rows() == ()
        followed = await desk.engine.feeds.add(f"{server.address}/one")
        assert followed.feed is not None and followed.feed.url == f"{server.address}/news"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing", "There is no feed"),
        ("/bare", "names no feed"),
        ("/other", "That is no feed"),
        ("/entities", "grow without end"),
        ("/bomb", "too large"),
        ("/to-file", "no address of a feed"),
    ],
)
async def test_what_is_no_feed_is_refused_in_words_and_nothing_is_followed(
    tmp_path: Path, server: Site, path: str, said: str
) -> None:
    async with anne(tmp_path) as desk:
        with pytest.raises(Refused) as refused:
            await desk.engine.feeds.add(f"{server.address}{path}")
        assert said in refused.value.what and refused.value.next_step
        assert await desk.engine.feeds.rows() == ()


async def test_a_feed_that_fails_says_so_on_its_row_and_keeps_what_came(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 1"))
    async with anne(tmp_path) as desk:
        feeds = desk.engine.feeds
        await feeds.add(f"{server.address}/news")
        server.pages["/news"] = serve(b"", 500)
        (row,) = await feeds.refresh()
        assert "something is wrong with it (500)" in row.said and row.kept and row.next_step
        assert await titles(desk) == ["item 1"]
        server.pages["/news"] = serve(b"", 429, Retry_After="7200")
        feeds._now_ms = later(feeds._now_ms, 2 * HOUR)
        (row,) = await feeds.refresh()
        assert row.said == "That site is asked too often, it says." and row.due > feeds._now_ms() + 2 * HOUR - 60_000
        asked = len(server.asked)
        await feeds.refresh()
        assert len(server.asked) == asked, "a site that asks to be left alone is"
        feeds._now_ms = later(feeds._now_ms, 3 * HOUR)
        server.pages["/news"] = serve(b"", 410)
        (row,) = await feeds.refresh()
        assert row.due == 0 and any(
            isinstance(event, events.Trouble) and event.where == "feeds" for event in desk.said
        )
        assert await titles(desk) == ["item 1"]


def later(now: Callable[[], int], ms: int) -> Callable[[], int]:
    return lambda: now() + ms


async def test_unchanged_is_asked_by_its_validators_and_survives_a_restart(tmp_path: Path, server: Site) -> None:
    async with anne(tmp_path) as desk:
        await desk.engine.feeds.add(f"{server.address}/feed")
        before = await rows(desk)
        (row,) = await desk.engine.feeds.rows()
    async with desks(tmp_path, "Anne", network=False) as (again,):
        (kept,) = await again.engine.feeds.rows()
        assert kept == row and await rows(again) == before
        server.headers.clear()
        (after,) = await again.engine.feeds.refresh()
        assert server.headers[-1]["if-none-match"] and not after.said and await rows(again) == before


async def test_words_mute_folder_and_interval_are_the_persons(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("coffee 3", "tea 2", "coffee and tea 1"))
    async with anne(tmp_path) as desk:
        await desk.engine.feeds.add(f"{server.address}/news")
        await desk.engine.feeds.change(f"{server.address}/news", words="coffee -tea", folder="Drinks", title="Café")
        assert await titles(desk) == ["coffee 3"] and await titles(desk, View.ALL) == ["coffee 3"]
        assert (await desk.engine.search("tea")).rows == ()
        (row,) = await desk.engine.feeds.rows()
        assert (row.title, row.folder, row.words, row.unread) == ("Café", "Drinks", "coffee -tea", 1)
        await desk.engine.feeds.change("Café", words="")
        assert len(await titles(desk)) == 3
        await desk.engine.feeds.change("Café", muted=True)
        assert len(await titles(desk)) == 3 and await titles(desk, View.ALL) == []
        assert await desk.engine.unread.counts() == {View.FEEDS: 1}
        before = (await desk.engine.feeds.change("Café", every=7200)).due
        assert before <= desk.engine.feeds._now_ms(), "asked with the new interval as soon as it may"
        assert schedule.interval(desk.engine.feeds._following[1]) == timedelta(hours=2)
        with pytest.raises(Refused, match="No feed is called"):
            await desk.engine.feeds.change("nowhere", words="x")


async def test_a_removed_feed_goes_with_its_items_but_for_those_kept(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 2", "item 1"))
    async with anne(tmp_path) as desk:
        added = await desk.engine.feeds.add(f"{server.address}/news")
        assert added.feed is not None
        first = next(row for row in await rows(desk) if row.title == "item 1")
        kept = await desk.engine.keepsakes.keep(first.id)
        assert kept.kept and kept.kind == "feed"
        await desk.engine.feeds.remove(added.feed.url)
        assert await desk.engine.feeds.rows() == () and await titles(desk) == ["item 1"]
        assert [row.title for row in (await desk.engine.timeline(view=View.KEPT)).rows] == ["item 1"]
        again = await desk.engine.feeds.add(added.feed.url)
        assert again.feed is not None and await titles(desk) == ["item 2", "item 1"]


async def test_nobody_answers_or_signs_an_item(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 1"))
    async with anne(tmp_path) as desk:
        await desk.engine.feeds.add(f"{server.address}/news")
        (row,) = await rows(desk)
        for deed in (
            desk.engine.post("well said", answer_to=row.id),
            desk.engine.talk.react(row.id, "👍"),
            desk.engine.talk.correct(row.id, "else"),
            desk.engine.talk.withdraw(row.id),
            desk.engine.talk.solve(row.id, ""),
        ):
            with pytest.raises(Refused):
                await deed
        article = await desk.engine.feeds.article(row.id)
        assert article is not None and article.row.id == row.id and "what it says" in article.html


async def test_lists_go_out_and_come_in(tmp_path: Path, server: Site) -> None:
    server.pages |= {f"/f{n}": serve(news(f"item {n}")) for n in range(3)}
    async with anne(tmp_path) as desk:
        for n in range(3):
            await desk.engine.feeds.add(f"{server.address}/f{n}", folder="Work / Sales" if n else "")
        body = await desk.engine.feeds.give_list()
    async with desks(tmp_path, "Paul", network=False) as (paul,):
        await paul.found()
        assert await paul.engine.feeds.take_list(body) == (3, 0, 0)
        assert await paul.engine.feeds.take_list(body) == (0, 3, 0)
        listed = await paul.engine.feeds.rows()
        assert sorted(row.folder for row in listed) == ["", "Work / Sales", "Work / Sales"]
        done = await paul.engine.feeds.refresh()
        assert len(await titles(paul)) == 3 and not any(row.said for row in done)
        with pytest.raises(Refused, match="no list of feeds"):
            await paul.engine.feeds.take_list(b"nothing of the kind")


async def test_a_feed_comes_by_itself_when_it_is_due(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 1"))
    async with desks(tmp_path, "Anne") as (desk,):
        await desk.found()
        feeds = desk.engine.feeds
        await feeds.add(f"{server.address}/news")
        server.pages["/news"] = serve(news("item 2", "item 1"))
        assert feeds._patience() is not None and feeds._patience() > 1  # type: ignore[operator]
        feeds._now_ms = later(feeds._now_ms, 26 * HOUR)  # a day later …
        feeds._wake.set()
        async with asyncio.timeout(20):
            while await titles(desk) != ["item 2", "item 1"]:
                feeds._now_ms = later(feeds._now_ms, HOUR)  # … and what sleep has held up is made up for
                feeds._wake.set()
                desk._news.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(desk._news.wait(), 0.1)
        assert server.asked.count("/news") == 2


async def test_each_is_a_command_and_reads_as_text(tmp_path: Path, server: Site) -> None:
    server.pages["/news"] = serve(news("item 1"))
    async with anne(tmp_path) as desk:
        (added,) = await run(desk, "feed-add", url=f"{server.address}/news", folder="News")
        assert "· next at" in line_text("feed-add", added) and "News" in line_text("feed-add", added)
        (listed,) = await run(desk, "feed-list")
        assert listed == added and listed["unread"] == 1
        (changed,) = await run(desk, "feed-set", which=listed["url"], muted=True)
        assert "muted" in line_text("feed-set", changed)
        (shown,) = await rows(desk)
        (read,) = await run(desk, "feed-read", id=shown.id[:10])
        assert line_text("feed-read", read).startswith("item 1") and "what it says" in line_text("feed-read", read)
        file = tmp_path / "feeds.opml"
        (out,) = await run(desk, "feed-export", file=str(file))
        assert line_text("feed-export", out) == f"Written: {file}"
        (come,) = await run(desk, "feed-import", file=str(file))
        assert line_text("feed-import", come) == "0 feeds are followed now. 1 was before."
        server.pages["/news"] = serve(b"", 500)
        (failed,) = await run(desk, "feed-refresh")
        assert "something is wrong" in line_text("feed-refresh", failed)
        server.pages["/two"] = serve(
            b'<link rel="alternate" type="application/rss+xml" href="/a"><link rel="alternate"'
            b' type="application/rss+xml" href="/b">', Content_Type="text/html",
        )  # fmt: skip
        offers = await run(desk, "feed-add", url=f"{server.address}/two")
        assert len(offers) == 2 and "/a" in line_text("feed-add", offers[0])
        (gone,) = await run(desk, "feed-remove", which=listed["url"])
        assert gone["url"] == listed["url"] and await run(desk, "feed-list") == []


@pytest.mark.parametrize(
    ("words", "text", "is_wanted"),
    [
        ("", "anything", True),
        ("coffee", "Coffee for all", True),
        ("coffee tea", "tea", True),
        ("coffee", "tea", False),
        ("-tea", "coffee", True),
        ("-tea", "tea", False),
        ("coffee -tea", "coffee and tea", False),
        ("-", "x", True),
        ("été", "un ete", True),
    ],
)
def test_words_that_filter(words: str, text: str, is_wanted: bool) -> None:
    assert wanted(words, text) is is_wanted


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://blog.example/feed.xml", False),
        ("https://blog.example/?feed=rss2", False),
        ("https://blog.example/2026/11/a-long-title-of-a-post-that-goes-on", False),
        ("https://anne:pw@blog.example/feed", True),
        ("https://blog.example/feed?token=x", True),
        ("https://blog.example/feed?private_key=1", True),
        ("https://forge.example/anne.atom?x=9f8e7d6c5b4a39281706f5e4", True),
        ("https://mail.example/r/9f8e7d6c5b4a39281706f5e4/feed", True),
    ],
)
def test_an_address_that_is_a_secret(url: str, secret: bool) -> None:
    assert is_secret(url) is secret


def test_a_feed_row_is_what_is_shown() -> None:
    row = FeedRow("feed-1", "u", "t", "", "", 0, 0, 0, "", muted=False, private=False)
    assert (row.said, row.kept, row.next_step) == ("", "", "")


async def test_there_are_never_more_feeds_hosts_or_items_than_there_may_be(
    tmp_path: Path, server: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "FEEDS_FOLLOWED", 2)
    monkeypatch.setattr(limits, "FEED_HOSTS", 1)
    monkeypatch.setattr(limits, "FEED_KEPT", 4)
    server.pages["/news"] = serve(news(*(f"item {n}" for n in range(9, 0, -1))))
    async with anne(tmp_path) as desk:
        for host in ("127.0.0.1", "localhost"):
            await desk.engine.feeds.add(server.address.replace("127.0.0.1", host) + "/news")
        with pytest.raises(Refused, match="2 feeds are the most"):
            await desk.engine.feeds.add(f"{server.address}/feed")
        await desk.engine.feeds.refresh()
        assert len(desk.engine.feeds._asked) == 1
        items = desk.engine._vault.store.archive.items
        assert len(await desk.engine._vault.call(items.held, 1)) == 4
        first = await desk.engine.search("", person="feed-1")
        assert [row.title for row in first.rows] == ["item 9", "item 8", "item 7", "item 6"]
