"""When a feed is asked next: a table of cases, and what holds for all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.feeds import schedule
from deskblog.feeds.schedule import (
    Came,
    End,
    Following,
    HostWait,
    What,
    after,
    host_of,
    host_wait,
    interval,
    pick,
    rhythm,
    slot,
    spread,
    validators,
    wake,
)
from deskblog.records import replace

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = b"k" * 32
S, M, H, D = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
URL, NEXT = "https://brew.example/feed", "https://new.example/feed"
NOTHING = timedelta()


def following(**more: Any) -> Following:
    return replace(Following(URL, NOW, NOW - 30 * D), **more)


@pytest.mark.parametrize(
    ("feed", "fresh", "wanted"),
    [
        ({}, NOTHING, H),  # nothing is known: the usual
        ({"every": 2 * H}, NOTHING, 2 * H),  # as the person wishes …
        ({"every": M}, NOTHING, 30 * M),  # … within limits
        ({"every": 9 * D}, NOTHING, D),
        ({"every": H, "hint": 6 * H}, NOTHING, 6 * H),  # the feed asks for more
        ({"every": 3 * H, "hint": H}, NOTHING, 3 * H),
        ({}, 4 * H, 4 * H),  # its site does
        ({"hint": 366 * D}, NOTHING, D),  # a year is never meant
        ({}, 366 * D, D),
        ({"rhythm": 28 * D}, NOTHING, D),  # a silent one
        ({"rhythm": D}, NOTHING, 6 * H),  # one a day
        ({"rhythm": 10 * M}, NOTHING, 30 * M),  # a news site
        ({"rhythm": 28 * D, "every": H}, NOTHING, H),  # the person wishes otherwise
        ({"rhythm": 10 * M, "hint": H}, 2 * H, 2 * H),  # the longest of all
    ],
)
def test_the_interval(feed: dict[str, Any], fresh: timedelta, wanted: timedelta) -> None:
    assert interval(following(**feed), fresh) == wanted


@pytest.mark.parametrize(
    ("failures", "came", "wait"),
    [
        (0, Came(What.FAILED), H),
        (1, Came(What.FAILED), 2 * H),
        (2, Came(What.FAILED), 4 * H),
        (4, Came(What.FAILED), 16 * H),
        (5, Came(What.FAILED), D),
        (500, Came(What.FAILED), D),
        (0, Came(What.WAIT, retry=2 * M), H),
        (0, Came(What.WAIT, retry=3 * D), 3 * D),
        (0, Came(What.WAIT, retry=9999 * D), 31 * D),
    ],
)
def test_backing_off(failures: int, came: Came, wait: timedelta) -> None:
    found = after(following(failures=failures, failing=NOW - D), came, NOW, KEY)
    assert wait <= found.due - NOW <= wait * 1.25
    assert (found.failures, found.ended) == (failures + 1, None)


def test_what_fails_for_ten_days_is_asked_about_and_what_asks_to_wait_is_not() -> None:
    long = following(failing=NOW - 10 * D, failures=15)
    assert after(long, Came(What.FAILED, fault="name"), NOW, KEY).ended is End.FAILING
    assert after(long, Came(What.WAIT), NOW, KEY).ended is None
    assert after(replace(long, failing=NOW - 9 * D), Came(What.FAILED), NOW, KEY).ended is None
    mended = after(long, Came(What.READ), NOW, KEY)
    assert (mended.failures, mended.failing, mended.fault, mended.ended) == (0, None, "", None)


def test_gone_is_gone() -> None:
    found = after(following(), Came(What.GONE, fault="status 410"), NOW, KEY)
    assert (found.ended, found.fault) == (End.GONE, "status 410")
    assert pick([found], NOW + 99 * D, asking={}, asked={}, waits={}) == []
    assert wake([found], NOW, asked={}, waits={}) is None


def test_offline_is_nobodys_fault() -> None:
    found = after(following(), Came(What.OFFLINE), NOW, KEY)
    assert found.failures == 0 and NOW + 5 * M <= found.due <= NOW + 10 * M


def test_the_hour_is_ones_own() -> None:
    """A thousand PCs that read one feed at nine ask for it again all over the hour, each at its own minute."""
    minutes = {after(following(), Came(What.READ), NOW, bytes([n % 256, n // 256])).due.minute for n in range(1000)}
    assert len(minutes) == 60
    first = after(following(), Came(What.READ), NOW, KEY)
    second = after(first, Came(What.READ), first.due + 20 * S, KEY)
    assert second.due == first.due + H
    early = after(first, Came(What.READ), first.due - 5 * M, KEY)  # somebody pressed "now"
    assert early.due - first.due in (NOTHING, H) and early.due >= first.due - 5 * M + 30 * M


def test_those_who_share_a_feed_ask_one_after_the_other_an_interval_after_its_site_was_asked() -> None:
    """Whoever asked, and whatever the time is here; so the first one does, and the others need not."""
    keys = [bytes([n]) * 32 for n in range(12)]
    feed, late = following(every=H), NOW + 20 * M
    dues = [after(feed, Came(What.READ), late, key, fetched=NOW).due for key in keys]
    assert len(set(dues)) == 12
    assert all(NOW + H <= due < NOW + H + H / schedule.TURNS for due in dues)
    assert dues == [after(feed, Came(What.UNCHANGED), late + M, key, fetched=NOW).due for key in keys]
    longer = after(feed, Came(What.READ, fresh=3 * H), late, keys[0], fetched=NOW).due
    assert NOW + 3 * H <= longer < NOW + 3.25 * H


def test_validators_are_kept_as_they_came_and_a_new_one_from_a_304() -> None:
    read = after(following(), Came(What.READ, new=3, etag="a", modified="m"), NOW, KEY)
    assert (read.etag, read.modified, read.new) == ("a", "m", NOW)
    same = after(read, Came(What.UNCHANGED, etag="b"), NOW + H, KEY)
    assert (same.etag, same.modified, same.new, same.read) == ("b", "m", NOW, NOW + H)
    assert after(same, Came(What.READ), NOW + 2 * H, KEY).etag == "", "one that is said no more is sent no more"
    assert after(same, Came(What.FAILED), NOW + 2 * H, KEY).etag == "b"


def test_of_a_feed_that_is_silent_for_long_all_is_asked_once() -> None:
    feed = following(etag="a", new=NOW - 7 * D)
    assert validators(feed, NOW) == ("a", "")
    feed = following(etag="a", new=NOW - 9 * D)
    assert validators(feed, NOW) == ("", "")
    read = after(feed, Came(What.READ, etag="a"), NOW, KEY)
    assert validators(read, NOW + D) == ("a", "") and validators(read, NOW + 9 * D) == ("", "")
    fresh = following(etag="a", since=NOW - D)
    assert validators(fresh, NOW) == ("a", ""), "it is followed since yesterday"


def moves(*hours_and_places: tuple[int, str]) -> Following:
    feed = following()
    for hours, place in hours_and_places:
        feed = after(feed, Came(What.READ, moved=place), NOW + hours * H, KEY)
    return feed


def test_a_move_is_believed_when_it_is_said_three_times_over_a_day() -> None:
    assert moves((0, NEXT), (12, NEXT), (24, NEXT)).url == NEXT
    assert moves((0, NEXT), (12, NEXT), (23, NEXT)).url == URL, "not for long enough"
    assert moves((0, NEXT), (30, NEXT)).url == URL, "not often enough"
    assert moves((0, NEXT), (12, ""), (24, NEXT), (36, NEXT)).url == URL, "with a break"
    assert moves((0, NEXT), (12, "https://login.example/"), (24, NEXT)).url == URL, "to and fro"
    assert moves((0, URL), (12, URL), (24, URL)).moves == 0
    broken = after(moves((0, NEXT), (12, NEXT)), Came(What.FAILED), NOW + 24 * H, KEY)
    assert (broken.url, broken.moves) == (URL, 0)
    assert after(moves((0, NEXT), (12, NEXT)), Came(What.UNCHANGED, moved=NEXT), NOW + 24 * H, KEY).url == NEXT


def test_a_host_that_asks_for_it_is_left_alone() -> None:
    first = host_wait(None, NOTHING, NOW)
    second = host_wait(first, NOTHING, NOW)
    assert (first.until - NOW, second.until - NOW) == (10 * M, 20 * M)
    for _time in range(20):
        second = host_wait(second, NOTHING, NOW)
    assert second.until - NOW == D
    assert host_wait(None, 2 * H, NOW).until == NOW + 2 * H
    assert host_wait(None, 9999 * D, NOW).until == NOW + 31 * D
    assert host_wait(None, S, NOW).until == NOW + M


def urls(feeds: Iterable[Following]) -> list[str]:
    return [feed.url for feed in feeds]


def test_one_at_a_time_of_a_host_and_four_hosts_at_once() -> None:
    feeds = [following(url=f"https://{h}.example/{n}", due=NOW - n * M) for h in "abcdef" for n in range(3)]
    chosen = pick(feeds, NOW, asking={}, asked={}, waits={})
    assert len(chosen) == 4 and len({host_of(url) for url in urls(chosen)}) == 4
    assert {one.due for one in chosen} == {NOW - 2 * M}, "the longest due first"
    assert urls(pick(feeds, NOW, asking={"x": 1, "y": 1, "z": 1, "b.example": 0}, asked={}, waits={})) == [
        urls(chosen)[0]
    ]
    assert pick(feeds[:3], NOW, asking={"a.example": 1}, asked={}, waits={}) == []
    assert pick(feeds[:3], NOW, asking={}, asked={"a.example": NOW - 0.5 * S}, waits={}) == []
    assert len(pick(feeds[:3], NOW, asking={}, asked={"a.example": NOW - S}, waits={})) == 1
    waiting = {"a.example": HostWait(NOW + M, M)}
    assert pick(feeds[:3], NOW, asking={}, asked={}, waits=waiting) == []
    assert len(pick(feeds[:3], NOW + M, asking={}, asked={}, waits=waiting)) == 1
    assert wake(feeds[:3], NOW, asked={}, waits=waiting) == NOW + M
    assert wake(feeds, NOW, asked={}, waits=waiting) == NOW
    assert host_of("https://WWW.a.example:8443/x") == host_of("http://a.example/") == "a.example"


def test_after_sleep_nothing_bursts() -> None:
    feeds = [following(url=f"https://{n}.example/", due=NOW - 8 * H) for n in range(300)]
    woken = [spread(feed, NOW, KEY) for feed in feeds]
    assert all(NOW <= feed.due <= NOW + 15 * M for feed in woken)
    at_once = [sum(1 for feed in woken if NOW + n * M <= feed.due < NOW + (n + 1) * M) for n in range(15)]
    assert max(at_once) < 45
    due = following(due=NOW - M)
    assert spread(due, NOW, KEY) == due, "what is hardly late is not put off"


def test_the_rhythm_is_that_of_late() -> None:
    daily = [NOW - n * D for n in range(60)]
    assert rhythm(daily, NOW) == 28 * D / 29
    assert rhythm([NOW - 300 * D], NOW) == 28 * D and rhythm([NOW + D], NOW) == 28 * D
    found = after(following(), Came(What.READ, times=tuple(daily)), NOW, KEY)
    assert interval(found) == found.rhythm / 4
    assert after(found, Came(What.UNCHANGED), NOW, KEY).rhythm == found.rhythm


SPANS = st.timedeltas(min_value=NOTHING, max_value=400 * D)
CAMES = st.builds(
    Came,
    st.sampled_from([What.READ, What.UNCHANGED]),
    every=SPANS,
    fresh=SPANS,
    retry=SPANS,
    moved=st.sampled_from(["", NEXT]),
)


@given(st.lists(CAMES, min_size=1, max_size=8), st.binary(min_size=1, max_size=64), SPANS, SPANS)
def test_it_is_asked_within_a_day_or_two_and_never_sooner_than_half_an_hour(
    cames: list[Came], key: bytes, wish: timedelta, pause: timedelta
) -> None:
    feed, now = following(every=wish), NOW
    for came in cames:
        feed = after(feed, came, now, key)
        asked_for = min(max(feed.hint, came.fresh), D)
        assert max(schedule.LEAST, asked_for) <= feed.due - now <= 2 * D
        assert slot(feed, came.fresh, now, key) == feed.due
        now = feed.due + pause
