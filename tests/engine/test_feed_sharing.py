"""Feeds fetched once for the office: real engines, real links, real children, a real site that counts who asks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskblog import events, limits
from deskblog.cli_text import line_text
from deskblog.commands import COMMANDS
from deskblog.engine.feed_copies import for_everybody
from deskblog.feeds.addresses import normal_address
from deskblog.log import codec
from deskblog.net import messages as m
from deskblog.net.feedcopy import WHOLE, read_copy, tag_of, write_statement
from tests.engine.desk import Desk
from tests.engine.raw import RawLink
from tests.engine.sharing import (
    HOUR,
    URL,
    World,
    day,
    due,
    items,
    linked,
    office,
    settled,
    tamed,
    titles,
    versions,
    world,
)
from tests.engine.test_feeds import news
from tests.engine.test_greedy import let_in
from tests.feeds.hostile import serve

MINUTE = 60_000


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as found:
        yield found


async def follow(made: World, *people: Desk, url: str = URL) -> None:
    """One after the other begins to follow it; it is asked every hour."""
    for one in people:
        await one.engine.feeds.add(url)
        await one.engine.feeds.change(url, every=3600)
        await settled(*people)
        made.offset += 2 * MINUTE
    await due(made, *people)
    made.offset += 2 * MINUTE


def tag(desk: Desk, url: str = URL) -> bytes:
    held = desk.engine._vault.office
    assert held is not None
    return tag_of(held.id, normal_address(url))


async def row(desk: Desk) -> Any:
    return (await desk.engine.feeds.rows())[0]


async def run(desk: Desk, do: str, **args: Any) -> list[str]:
    return [line_text(do, line) async for line in COMMANDS[do](desk.engine, args, desk.bell.hear)]


# --- once -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("names", [("Anne", "Paul"), ("Anne", "Paul", "Zoe")], ids=["two", "three"])
async def test_of_a_feed_followed_by_several_there_is_one_request_an_interval(
    tmp_path: Path, made: World, names: tuple[str, ...]
) -> None:
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, *names) as people:
        await follow(made, *people)
        before = made.asked[URL]

        def step(number: int) -> None:
            if number % 36 == 0:
                page.kept.append(news(*(f"item {n}" for n in range(len(page.kept) + 1, 0, -1))))  # type: ignore[attr-defined]

        await day(made, *people, hours=12, step=step)
        intervals = 12 / (1 + 1 / 12), 12
        assert intervals[0] - 1 <= made.asked[URL] - before <= intervals[1]
        for one in people:
            assert await titles(one) == [f"item {n}" for n in range(len(page.kept), 0, -1)]  # type: ignore[attr-defined]


async def test_without_sharing_each_asks_for_itself(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul", on=False) as people:
        await follow(made, *people)
        before = made.asked[URL]
        await day(made, *people, hours=6)
        assert 10 <= made.asked[URL] - before <= 13
        assert {one.engine.feeds.sharing._shared is not None for one in people} == {True}, "which is ready to answer"
        assert [one.engine.feeds.sharing.count for one in people] == [0, 0]


async def test_what_came_from_a_colleague_says_so_and_when(tmp_path: Path, made: World) -> None:
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne, paul)
        page.kept.append(news("item 2", "item 1"))  # type: ignore[attr-defined]
        made.offset += HOUR
        await due(made, anne, hours=0.1)
        await settled(anne, paul)
        assert await titles(paul) == ["item 2", "item 1"]
        (newest, oldest) = await items(paul)
        assert newest.fetched[0] == "Anne" and abs(newest.fetched[1] - made.now()) < 60_000
        assert oldest.fetched[0] == "" and oldest.fetched[1] < newest.fetched[1] - HOUR // 2
        assert [one.fetched[0] for one in await items(anne)] == ["", ""]
        shown = await row(paul)
        assert (shown.fetched_by, shown.fetched_at) == ("Anne", newest.fetched[1])
        (listed,) = await run(paul, "feed-list")
        assert "fetched by Anne’s PC, " in listed
        assert "fetched by Anne’s PC, " in (await run(paul, "feed-read", id=newest.id))[0]
        assert "fetched by this PC, " in (await run(anne, "feed-list"))[0]
        assert (await row(anne)).fetched_by == "" and (await row(anne)).fetched_at == newest.fetched[1]


async def test_what_has_not_changed_is_said_without_a_body(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne, paul)
        await due(made, anne, paul, hours=1.1)
        sharing = [one.engine.feeds.sharing for one in (anne, paul)]
        copies = [one.copy(1) for one in sharing]
        assert copies[0] is not None and copies[0] == copies[1]
        assert [copies[0].first.status, copies[0].last.status] == [200, 304]
        assert made.now() - copies[0].time < 60_000
        assert made.web.headers[-1].get("if-none-match") == '"1"'
        assert abs((await row(anne)).due - (await row(paul)).due) <= HOUR // 12


async def test_validators_of_a_colleagues_copy_are_asked_by(tmp_path: Path, made: World) -> None:
    """And the word that nothing changed is worth something to both, whoever was given the bytes."""
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne, paul)
        page.kept.append(news("item 2"))  # type: ignore[attr-defined]
        made.offset += HOUR
        await due(made, anne, hours=0.1)
        await settled(anne, paul)
        await anne.engine.stop()
        await due(made, paul, hours=1.2)
        assert made.web.headers[-1].get("if-none-match") == '"2"'
        copy = paul.engine.feeds.sharing.copy(1)
        assert (
            copy is not None
            and copy.first.device.hex() == anne.engine.device
            and copy.asker.hex() == paul.engine.device
        )


async def test_the_fetcher_dies_half_way_and_another_asks(tmp_path: Path, made: World) -> None:
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne, paul)
        made.offset += round(1.2 * HOUR)
        feeds = anne.engine.feeds
        first = asyncio.create_task(feeds.sharing.first(1))
        assert not await first, "she is to ask the site …"
        assert await paul.engine.feeds.sharing.first(1), "… he leaves it to her …"
        assert not paul.engine.feeds.is_due(1)
        before = made.asked[URL]
        assert anne.engine._network is not None
        for peer in list(anne.engine._network._hub.peers.values()):
            peer.link.end("a kill", at_once=True)
        await paul.until(lambda: not paul.engine.feeds.sharing._shared._peers)  # type: ignore[union-attr]
        await due(made, paul, hours=0.02)
        assert made.asked[URL] == before + 1, "… and asks himself once she is gone"


async def test_a_newcomer_reads_a_feed_whose_site_is_gone(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 2", "item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne)
        then = (await row(anne)).fetched_at
        made.is_gone()
        made.offset += 30 * 24 * HOUR
        added = await paul.engine.feeds.add(URL)
        assert added.feed is not None and added.feed.title == "T" and added.feed.fetched_by == "Anne"
        assert await titles(paul) == ["item 2", "item 1"]
        assert all(one.fetched[0] == "Anne" and one.fetched[1] == then for one in await items(paul))
        await due(made, paul)
        shown = await row(paul)
        assert shown.said and shown.kept and await titles(paul) == ["item 2", "item 1"]


async def test_a_list_of_feeds_whose_sites_are_gone_is_read_from_colleagues(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne)
        made.is_gone()
        await paul.engine.feeds.take_list(await anne.engine.feeds.give_list())
        await due(made, paul, hours=1)
        assert await titles(paul) == ["item 1"] and (await row(paul)).fetched_by == "Anne"


async def test_over_a_restart_what_was_held_is_handed_on(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne)
        await anne.engine.stop()
        again = Desk(tmp_path, "Anne")
        await again.engine.start()
        try:
            assert again.engine.feeds.sharing.on
            await again.meet(paul)
            await linked(again, 1)
            await linked(paul, 1)
            made.is_gone()
            added = await paul.engine.feeds.add(URL)
            assert added.feed is not None and await titles(paul) == ["item 1"]
        finally:
            await again.engine.stop()


async def test_a_colleague_who_says_nothing_is_not_waited_for_and_no_question_outlives_the_sharing(
    tmp_path: Path, made: World
) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        held, sharing = anne.engine._vault.office, anne.engine.feeds.sharing
        assert held is not None
        async with await RawLink.member(anne.engine.port, keys, held.id) as link:
            await link.level(held.tips)
            await linked(anne, 1)
            assert not await sharing.first(1), "when its time is over"
            waiting = asyncio.create_task(sharing.first(1))
            for _question in range(2):
                while not isinstance(await link.message(), m.FeedAsked):
                    pass
            assert not waiting.done()
            await sharing.choose(on=False)
            assert not await waiting


async def test_a_full_disk_is_said_once_and_the_items_are_kept(
    tmp_path: Path, made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, "Anne") as (anne,):
        (tmp_path / "Anne" / "feeds").write_bytes(b"no folder can be made here")
        assert (await anne.engine.feeds.add(URL)).feed is not None
        await anne.engine.feeds.change(URL, every=3600)
        page.kept.append(news("item 2", "item 1"))  # type: ignore[attr-defined]
        await due(made, anne, hours=2)
        assert await titles(anne) == ["item 2", "item 1"] and anne.engine.feeds.sharing.copy(1) is None
        troubles = [event for event in anne.said if isinstance(event, events.Trouble)]
        assert len(troubles) == 1 and troubles[0].next_step.startswith("Make room on the disk")


# --- private ----------------------------------------------------------------------------------------------
PRIVATE = {
    "password": "http://anne:pass@brew.example/feed.xml",
    "token": "http://brew.example/feed.xml?token=abc",
    "random": "http://brew.example/a8Kd03jfLs92mvQpz7Wx/feed.xml",
    "inside": "",
    "cookie": "http://brew.example/cookie.xml",
    "private": "http://brew.example/private.xml",
    "no-store": "http://brew.example/no-store.xml",
    "leads to a secret": "http://brew.example/led.xml",
}


@pytest.mark.parametrize("why", PRIVATE)
async def test_a_private_feed_is_never_shared_nor_named(tmp_path: Path, made: World, why: str) -> None:
    body = news("item 1")
    secret = "http://brew.example/x?token=1"
    made.serves(serve(body))
    made.serves(serve(body), secret)
    made.serves(serve(body), PRIVATE["token"])
    made.serves(serve(body), PRIVATE["random"])
    made.serves(serve(body, Set_Cookie="a=b"), PRIVATE["cookie"])
    made.serves(serve(body, Cache_Control="private"), PRIVATE["private"])
    made.serves(serve(body, Cache_Control="no-store"), PRIVATE["no-store"])
    made.serves(serve(b"", 302, Location=secret), PRIVATE["leads to a secret"])
    made.web.pages["/inside"] = serve(body)
    url = PRIVATE[why] or f"{made.web.address}/inside"
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        said: list[m.Message] = []
        network = anne.engine._network
        assert network is not None
        network.say_to = lambda device, message: said.append(message)  # type: ignore[method-assign]
        for desk in (anne, paul):
            added = await desk.engine.feeds.add(url)
            assert added.feed is not None and added.feed.private
            await desk.engine.feeds.change(url, every=3600)
        await due(made, anne, paul, hours=3)
        assert [desk.engine.feeds.sharing.count for desk in (anne, paul)] == [0, 0]
        asked_by_paul = [message for message in said if isinstance(message, m.FeedSaid) and message.signed]
        assert not asked_by_paul and not [message for message in said if not isinstance(message, m.FeedSaid)]
        assert not list((tmp_path / "Anne" / "feeds").glob("*")), "nor is what its site said kept"
        never = why in ("password", "token", "random", "inside")  # by the address alone
        assert not never or await anne.engine.feeds.sharing.rescue(url, "status 404") is None


async def test_a_feed_that_turns_out_private_is_handed_on_no_more(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne)
        assert anne.engine.feeds.sharing.count == 1
        made.serves(serve(news("item 2", "item 1"), Set_Cookie="me=1"))
        await due(made, anne, hours=1.2)
        assert (await row(anne)).private and anne.engine.feeds.sharing.count == 0
        await settled(anne, paul)
        assert not list((tmp_path / "Anne" / "feeds").glob("*"))
        await follow(made, paul)
        assert [one.fetched[0] for one in await items(paul)] == ["", ""]


@pytest.mark.parametrize(
    "url",
    ["http://intranet/feed", "https://redmine.local/f", "http://10.0.0.3/f", "http://[fe80::1]/f", "http://127.0.0.1/f",
     "https://a:b@brew.example/f", "https://brew.example/f?key=1", "http://nas.lan/f", "http://localhost:8080/f"],
)  # fmt: skip
def test_addresses_that_may_be_somebodys_own_are_named_to_nobody(url: str) -> None:
    assert not for_everybody(url)


def test_addresses_have_one_spelling() -> None:
    same = ["HTTP://Brew.Example:80/f?A=b#top", "http://brew.example/f?A=b"]
    assert {normal_address(url) for url in same} == {same[1]}
    assert normal_address("https://[2001:DB8::1]:444") == "https://[2001:db8::1]:444/"


# --- liars ------------------------------------------------------------------------------------------------
async def lie(desk: Desk, keys: Any, body: bytes, *, time: int, etag: str = "") -> RawLink:
    """A member says to have asked the site, and hands on what it likes."""
    held = desk.engine._vault.office
    assert held is not None
    link = await RawLink.member(desk.engine.port, keys, held.id)
    await link.level(held.tips)
    link.send(m.Ping(held.digest, bytes(32)))
    link.send(m.FeedHave(((tag(desk), time),)))
    headers = {"content-type": "application/rss+xml", **({"etag": etag} if etag else {})}
    said = write_statement(keys, held.id, tag(desk), time, WHOLE, headers, (len(body), codec.digest(body)))
    await until(link, m.FeedAsked)
    link.send(m.FeedSaid(tag(desk), (said,)))
    return link


async def until(link: RawLink, kind: type[m.Message]) -> Any:
    while not isinstance(found := await link.message(), kind):
        if isinstance(found, m.FeedAsked):
            link.send(m.FeedSaid(found.tag, ()))
    return found


async def hand(link: RawLink, body: bytes) -> None:
    sent = 0
    while sent < len(body):
        asked = await until(link, m.FeedPartAsked)
        part = body[asked.offset : asked.offset + limits.BLOB_PART]
        sent = asked.offset + len(part)
        link.send(m.FeedPart(asked.tag, asked.hash, asked.offset, part))


@pytest.mark.parametrize("etag", ['"1"', ""], ids=["the site's own validator", "none"])
async def test_a_lie_is_found_when_it_is_checked_and_that_device_is_believed_no_more(
    tmp_path: Path, made: World, etag: str
) -> None:
    """At once where it claims to be the very answer; else when it has happened three times in a row."""
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        anne.engine.feeds.sharing.dice = lambda: 0.0
        lies = 1 if etag else 3
        for number in range(1, lies + 1):
            assert not (await row(anne)).said
            made.offset += HOUR // 2
            body = news(f"lie {number + 5}", "item 1")
            link = await lie(anne, keys, body, time=made.now(), etag=etag)
            async with link:
                await hand(link, body)
                await anne.until_rows(lambda _rows, n=number: made.asked[URL] == n + 1)  # type: ignore[misc]
                await checked(anne)
            anne.engine.feeds.sharing._shared._feeds[tag(anne)].looked = -1e9  # type: ignore[union-attr]
        shown = await row(anne)
        assert "Guest 0" in shown.said and shown.kept
        assert shown.fetched_by == "", "what the site said is kept"
        made.offset += HOUR // 2
        async with await lie(anne, keys, news("lie 99"), time=made.now()) as link:
            link.send(m.There())
            while not isinstance(found := await link.message(), m.Ping):
                assert not isinstance(found, m.FeedPartAsked), "nothing of it is asked for"
        assert "lie 99" not in await titles(anne)
        again = await restarted(anne, made, tmp_path)
        assert (await row(again)).said == shown.said, "over a restart either"
        await again.engine.stop()


async def checked(desk: Desk) -> None:
    while tasks := list(desk.engine.feeds.sharing._tasks):
        await asyncio.gather(*tasks)


async def restarted(desk: Desk, made: World, folder: Path) -> Desk:
    await desk.engine.stop()
    again = Desk(folder, desk.name)
    await again.engine.start()
    again.engine.feeds._now_ms = made.now
    return again


async def test_a_body_of_another_hash_is_counted_and_thrown_away(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        made.offset += HOUR
        body = news("lie 9")
        async with await lie(anne, keys, body, time=made.now()) as link:
            await hand(link, bytes(len(body)))
            link.send(m.There())
            await until(link, m.Ping)
            assert anne.engine.refusals == {"Forged": 1} and await titles(anne) == ["item 1"]


async def test_a_forged_statement_ends_the_link(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        held = anne.engine._vault.office
        assert held is not None
        async with await RawLink.member(anne.engine.port, keys, held.id) as link:
            await link.level(held.tips)
            time = made.now() + 1000
            link.send(m.FeedHave(((tag(anne), time),)))
            await until(link, m.FeedAsked)
            raw, _signature = write_statement(keys, held.id, tag(anne), time, WHOLE, {}, (9, bytes(32)))
            link.send(m.FeedSaid(tag(anne), ((raw, bytes(64)),)))
            assert await link.ended()
        assert anne.engine.refusals == {"Forged": 1}


@pytest.mark.parametrize(
    "body",
    [b"<html>no feed", b"\x00" * 1000, b"<!DOCTYPE r [<!ENTITY a 'ha'>]><rss><channel>"],
    ids=["page", "zeros", "entities"],
)
async def test_a_body_that_is_no_feed_is_read_by_a_child_alone_and_comes_to_nothing(
    tmp_path: Path, made: World, body: bytes
) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        made.offset += HOUR
        async with await lie(anne, keys, body, time=made.now()) as link:
            await hand(link, body)
            link.send(m.There())
            await until(link, m.Ping)
            await checked(anne)
            assert await titles(anne) == ["item 1"] and (await row(anne)).fetched_by == ""
            await anne.engine.post("goes on")


async def test_a_flood_of_questions_about_feeds_keeps_nobody_waiting(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne)
        (keys,) = await let_in(anne, 1)
        held = anne.engine._vault.office
        assert held is not None
        copy = anne.engine.feeds.sharing.copy(1)
        assert copy is not None
        async with await RawLink.member(anne.engine.port, keys, held.id) as link:
            await link.level(held.tips)
            for n in range(3000):
                link.send(m.FeedAsked(tag(anne), 0))
                link.send(m.FeedPartAsked(tag(anne), copy.first.hash, 0))
                link.send(m.FeedHave(((tag(anne), made.now() + n),)))
            answers = parts = 0
            while answers < 3000:
                said = await link.message()
                answers += isinstance(said, m.FeedSaid)
                parts += isinstance(said, m.FeedPart)
            await paul.engine.post("in the midst of it")
            await anne.until_held("in the midst of it")


# --- the person's choice ----------------------------------------------------------------------------------
async def test_nothing_is_shared_until_the_person_has_said_so(tmp_path: Path, made: World) -> None:
    made.serves(versions(news("item 1")))
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, paul)
        for desk in (anne, paul):
            await desk.engine._vault.call(desk.engine._vault.store.put, "feed-share", "")
        anne.engine.feeds.sharing.choice = ""
        assert await run(anne, "feed-share") == ["This PC shares no feed."], "nothing to ask about yet"
        await anne.engine.feeds.add(URL)
        assert anne.engine.feeds.sharing.count == 0 and (await row(anne)).fetched_by == ""
        (question,) = await run(anne, "feed-share")
        assert question.startswith("Shall feeds be fetched once")
        (said,) = await run(anne, "feed-share", on=True)
        assert said == "Feeds are fetched once for the office. 1 feed is shared now."
        assert await run(anne, "feed-share", on=False) == ["This PC shares no feed."]
        assert anne.engine.feeds.sharing.count == 0 and not list((tmp_path / "Anne" / "feeds").glob("*"))
        assert not anne.engine.feeds.kept[1].shared
        before = made.asked[URL]
        await due(made, anne, hours=40)  # whoever shares nothing asks within an interval and a half
        assert made.asked[URL] == before + 1, "and it asks for itself"


async def test_anybody_may_compare_what_was_handed_on_with_the_site(tmp_path: Path, made: World) -> None:
    page = versions(news("item 1"))
    made.serves(page)
    async with office(tmp_path, made, "Anne", "Paul") as (anne, paul):
        await follow(made, anne, paul)
        page.kept.append(news("item 2", "item 1"))  # type: ignore[attr-defined]
        made.offset += HOUR
        await due(made, anne, hours=0.1)
        await settled(anne, paul)
        before = made.asked[URL]
        (said,) = await run(paul, "feed-check", which=URL)
        assert "It is what the site says." in said and made.asked[URL] == before + 1
        assert "if-none-match" not in made.web.headers[-1]
        made.is_gone()
        (said,) = await run(paul, "feed-check", which=URL)
        assert "cannot be told" in said


async def test_past_the_ceiling_the_oldest_bodies_go_and_are_handed_on_no_more(
    tmp_path: Path, made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [f"http://brew{n}.example/feed.xml" for n in range(4)]
    for url in urls:
        made.serves(versions(news("item 1")), url)
    async with office(tmp_path, made, "Anne") as (anne,):
        await follow(made, anne, url=urls[0])
        size = sum(path.stat().st_size for path in (tmp_path / "Anne" / "feeds").glob("*"))
        monkeypatch.setattr(limits, "FEED_COPIES", 2 * size + size // 2)
        for url in urls[1:]:
            await follow(made, anne, url=url)
        assert len(list((tmp_path / "Anne" / "feeds").glob("*"))) == 2
        sharing = anne.engine.feeds.sharing
        assert [sharing.copy(n) is not None for n in range(1, 5)] == [False, False, True, True]
        assert read_copy(sharing.copy(4).signed) == sharing.copy(4)  # type: ignore[union-attr]


async def test_a_moved_feed_is_known_by_its_new_address(tmp_path: Path, made: World) -> None:
    new = "http://brew.example/new.xml"
    made.serves(serve(b"", 301, Location=new))
    made.serves(versions(news("item 1")), new)
    async with office(tmp_path, made, "Anne") as (anne,):
        await tamed(anne, made)
        await anne.engine.feeds.add(URL)
        assert anne.engine.feeds.sharing._tags == {1: tag(anne, new)}
