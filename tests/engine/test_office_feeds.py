"""Feeds that the office's rule names: each PC follows those it lacks, politely, and lets go of them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskblog import events, limits
from deskblog.cli_text import line_text
from deskblog.commands import COMMANDS
from deskblog.engine.feeds import FeedRow
from deskblog.errors import Refused
from deskblog.feeds import schedule as s
from deskblog.feeds.listed import Listed
from deskblog.feeds.opml_written import write_opml
from deskblog.log.settings import FEEDS, OfficeFeed
from deskblog.records import replace
from tests.engine.desk import Desk, desks
from tests.engine.sharing import URL, World, due, tamed, titles, world
from tests.engine.test_membership import level
from tests.feeds.hostile import Site, hostile, serve
from tests.feeds.samples import item, rss

OTHER = "http://other.example/feed.xml"
NEWS = serve(rss(item("New beer", "what it says", more="<guid>1</guid>")))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    with world(monkeypatch) as made:
        made.serves(NEWS)
        made.serves(NEWS, OTHER)
        yield made


async def rule(desk: Desk, *feeds: OfficeFeed | str, locked: bool = False) -> None:
    """The office follows these."""
    settings = desk.engine.office_settings
    named = tuple(OfficeFeed(one) if isinstance(one, str) else one for one in feeds)
    await settings.set(replace(settings.now, feeds=named, locked=frozenset({FEEDS} if locked and feeds else ())))
    await followed(desk)


async def followed(*people: Desk) -> None:
    """What the rule names is followed now."""
    for one in people:
        office = one.engine.feeds.office
        if office._work is not None:
            await office._work


async def rows(desk: Desk) -> dict[str, FeedRow]:
    return {row.url: row for row in await desk.engine.feeds.rows()}


async def run(desk: Desk, do: str, **args: Any) -> list[dict[str, Any]]:
    return [line async for line in COMMANDS[do](desk.engine, args, desk.bell.hear)]


async def text(desk: Desk) -> str:
    return "\n".join(line_text("feed-list", line) for line in await run(desk, "feed-list"))


async def test_whoever_comes_to_know_the_rule_follows_and_leaves_with_it(tmp_path: Path, web: World) -> None:
    async with desks(tmp_path, "Anne", "Paul", "Karim") as (anne, paul, karim):
        await anne.found()
        await anne.admit(paul)
        for desk in (anne, paul, karim):
            await tamed(desk, web, on=False)
        await rule(anne, OfficeFeed(URL, "Trade", "Brewers"), OTHER)
        await level(anne, paul)
        await anne.admit(karim)
        for desk in (anne, paul, karim):
            await followed(desk)
            found = await rows(desk)
            assert set(found) == {URL, OTHER} and found[URL].whose.office and found[URL].whose.given
            assert (found[URL].title, found[URL].folder) == ("Brewers", "Trade") and not found[URL].whose.locked
        assert "Trade · from the office" in await text(karim)
        await due(web, anne, paul, karim, hours=0.5)
        assert await titles(paul) == ["New beer", "New beer"]
        await rule(anne, OfficeFeed(URL, "News"))
        await level(anne, paul, karim)
        for desk in (anne, paul, karim):
            await followed(desk)
            found = await rows(desk)
            assert {url: (row.title, row.folder) for url, row in found.items()} == {URL: ("Brewers", "News")}
        await rule(anne)
        await level(anne, paul, karim)
        await followed(paul)
        assert await rows(paul) == {} and await titles(paul) == []


async def test_five_hundred_pcs_do_not_ask_at_once(tmp_path: Path, web: World) -> None:
    """Each has its own moment within a quarter of an hour, by its key; nothing is asked when the rule comes."""
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        web.offset = 0
        await rule(anne, URL)
        (row,) = (await rows(anne)).values()
        key, now = bytes.fromhex(anne.engine.device), datetime.fromtimestamp(anne.engine.feeds.now_ms() / 1000, UTC)
        assert web.asked.total() == 0
        moments = sorted(
            s.spread(s.Following(URL, now - timedelta(hours=1), now), now, n.to_bytes(32, "big")).due - now
            for n in range(500)
        )
        assert moments[0] >= timedelta() and moments[-1] < s.SPREAD
        busiest = max(sum(one <= other < one + s.MINUTE for other in moments) for one in moments)
        assert busiest < 65, "of 500 in fifteen minutes"
        mine = s.spread(s.Following(URL, now - timedelta(hours=1), now), now, key).due
        assert abs(row.due / 1000 - mine.timestamp()) < 5


async def test_what_the_person_had_or_has_kept_stays(tmp_path: Path, web: World) -> None:
    urls = [
        f"http://{name}.example/feed.xml" for name in ("had", "added", "named", "worded", "kept", "muted", "left")
    ]
    had, added, named, worded, kept, muted, _left = urls
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        feeds = anne.engine.feeds
        for url in urls:
            web.serves(NEWS, url)
        await feeds.add(had, folder="Mine")
        await rule(anne, *urls)
        found = await rows(anne)
        assert found[had].whose.office and not found[had].whose.given and found[had].folder == "Mine"
        assert all(found[url].whose.given for url in urls[1:])
        again = await feeds.add(added)
        assert again.feed is not None and web.asked[added] == 0, "it is followed already"
        await feeds.change(named, title="My own name")
        await feeds.change(worded, words="beer")
        await run(anne, "feed-set", which=kept, keep=True)
        await feeds.change(muted, muted=True)
        await rule(anne)
        assert set(await rows(anne)) == {had, added, named, worded, kept}
        assert not any(row.whose.office for row in (await rows(anne)).values())
        await rule(anne, *urls)
        assert set(await rows(anne)) == set(urls) and not (await rows(anne))[added].whose.given


async def test_one_that_was_removed_is_not_given_again_unless_locked(tmp_path: Path, web: World) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        feeds = anne.engine.feeds
        await rule(anne, URL, OTHER)
        await feeds.remove(URL)
        assert set(await rows(anne)) == {OTHER}
        await rule(anne, OfficeFeed(URL, "Elsewhere"), OTHER)
        assert set(await rows(anne)) == {OTHER}
        await rule(anne)
        await rule(anne, URL, OTHER)
        assert set(await rows(anne)) == {OTHER}
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await followed(anne)
        assert set(await rows(anne)) == {OTHER}, "after a start too"
        await rule(anne, URL, OTHER, locked=True)
        found = await rows(anne)
        assert set(found) == {URL, OTHER} and found[URL].whose.locked
        feeds = anne.engine.feeds
        for which in (URL, OTHER):
            with pytest.raises(Refused, match="The office follows this feed on every PC") as fault:
                await feeds.remove(which)
            assert "Mute it" in fault.value.next_step
        assert (await feeds.change(URL, muted=True)).muted
        assert set(await rows(anne)) == {URL, OTHER} and (await rows(anne))[URL].whose.given
        await rule(anne, URL, OTHER)
        assert set(await rows(anne)) == {URL, OTHER}
        await feeds.remove(URL)
        assert set(await rows(anne)) == {OTHER}


async def test_a_feed_that_one_had_is_not_removed_while_the_office_locks_it(tmp_path: Path, web: World) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await anne.engine.feeds.add(URL)
        await rule(anne, "http://Brew.example:80/feed.xml#x", locked=True)
        assert set(await rows(anne)) == {URL}, "one address however it is written"
        with pytest.raises(Refused, match="every PC"):
            await anne.engine.feeds.remove(URL)
        await rule(anne)
        assert set(await rows(anne)) == {URL}
        await anne.engine.feeds.remove(URL)


async def test_what_the_rule_brought_is_known_after_a_start_and_a_rule_is_followed_then(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        await rule(anne, URL)
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await followed(anne)
        assert (await rows(anne))[URL].whose.given
        anne.engine.feeds.office._begun = False  # as if it ended before it could
        await rule(anne, OTHER)
        assert set(await rows(anne)) == {URL}
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await followed(anne)
        assert set(await rows(anne)) == {OTHER}


async def test_a_feed_given_that_moved_is_still_the_offices(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        feeds = anne.engine.feeds
        await rule(anne, URL)
        (n,) = feeds.kept
        feeds._following[n] = replace(feeds._following[n], url=OTHER)
        await feeds.note(n, url=OTHER)
        assert (await rows(anne))[OTHER].whose.office
        await rule(anne, URL, "http://third.example/")
        assert set(await rows(anne)) == {OTHER, "http://third.example/"}
        await rule(anne)
        assert await rows(anne) == {}


async def test_none_of_them_leads_into_the_own_network(tmp_path: Path) -> None:
    """Nobody here typed the address: what stands for this PC or the router is not asked."""
    with hostile() as inside:
        inside.pages["/feed"] = NEWS
        async with desks(tmp_path, "Anne", network=False) as (anne,):
            await anne.found()
            feeds = anne.engine.feeds
            await rule(anne, URL)
            (n,) = feeds.kept
            for address in (inside.address, f"http://localhost:{_port(inside)}"):
                feeds._following[n] = replace(feeds._following[n], url=f"{address}/feed")
                await feeds.note(n, url=f"{address}/feed")
                (row,) = await feeds.refresh()
                assert row.said and not row.unread and inside.asked == []


def _port(site: Site) -> str:
    return site.address.rpartition(":")[2]


async def test_there_is_room_for_as_many_as_a_pc_follows_and_the_rest_is_said_once(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        listed = [Listed(f"https://f.example/{n}", "", ()) for n in range(limits.FEEDS_FOLLOWED - 1)]
        await anne.engine.feeds.take_list(write_opml("x", listed, datetime.now(UTC)))
        await rule(anne, URL, OTHER)
        await anne.engine.membership.rule(name="Another")
        await followed(anne)
        assert len(anne.engine.feeds.kept) == limits.FEEDS_FOLLOWED and URL in await rows(anne)
        told = [event.what for event in anne.said if isinstance(event, events.Trouble)]
        assert told == [f"{limits.FEEDS_FOLLOWED} feeds are the most."]
        await rule(anne)
        assert len(anne.engine.feeds.kept) == limits.FEEDS_FOLLOWED - 1


async def test_of_those_removed_the_newest_few_are_remembered(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        office = anne.engine.feeds.office
        await rule(anne, URL)
        await office._write(
            "ui-office-feeds-left", [f"http://{n}.example/" for n in range(limits.OFFICE_FEEDS_LEFT + 9)]
        )
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await followed(anne)
        office = anne.engine.feeds.office
        assert len(office._left) == limits.OFFICE_FEEDS_LEFT and office._left[0] == "http://9.example/"
        await anne.engine.feeds.remove(URL)
        assert len(office._left) == limits.OFFICE_FEEDS_LEFT and office._left[-1] == URL
        await office._write("feed-office", "nonsense")
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        assert await rows(anne) == {}
