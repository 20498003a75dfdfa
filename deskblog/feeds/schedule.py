"""When a feed is asked next, and what is asked: decided from values alone. Pure; the engine does it.

Nobody is to notice that many PCs follow one feed. So each PC has a phase of its own for each feed, a hash of its key
and the address, and asks at that moment of every interval: never all at nine, never twice in a row after a sleep. The
interval is the longest of what the person, the feed, its site and its rhythm ask for, within half an hour and a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from urllib.parse import urlsplit

from msgspec import Struct

from deskblog.records import replace

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
USUAL, LEAST, MOST = HOUR, 30 * MINUTE, DAY  # between two fetches of one feed
BACK_OFF = HOUR  # after a first failure; then twice that, up to MOST
PATIENCE = 10 * DAY  # of failures; then the person is asked
HOST_WAIT, HOST_MOST = 10 * MINUTE, 31 * DAY  # a whole site that said 429 or 503
HOSTS = 4  # asked at once
APART = timedelta(seconds=1)  # between two fetches of one host
MOVES, MOVED_FOR = 3, DAY  # so often and for so long it must say that it has moved
STALE = 8 * DAY  # without anything new: it is asked once as if nothing were known of it
RHYTHM = 28 * DAY  # looked back, to tell how often something comes
TURNS = 12  # the part of an interval within which those who share a feed have their moments
A_POST = 4  # fetches for each thing that is to come
MISSED = 10 * MINUTE  # so late is what sleep has held up …
SPREAD = 15 * MINUTE  # … and over so long it is made up for


class End(Enum):
    """Why a feed is asked for no more."""

    GONE = "gone"  # its site says so
    FAILING = "failing"  # for PATIENCE: the person is asked


class Following(Struct, frozen=True):
    """What is kept of a feed between two fetches. `every`: what the person asked for; zero: what suits the feed."""

    url: str
    due: datetime
    since: datetime
    every: timedelta = timedelta()
    etag: str = ""
    modified: str = ""
    read: datetime | None = None  # last, whether anything was new or not
    new: datetime | None = None  # something came last
    whole: datetime | None = None  # asked for last as if nothing were known
    rhythm: timedelta = timedelta()  # from one item to the next; zero: not known
    hint: timedelta = timedelta()  # what the feed itself asks for (Feed.every)
    failures: int = 0
    failing: datetime | None = None
    fault: str = ""
    moving: str = ""
    moves: int = 0
    moving_since: datetime | None = None
    ended: End | None = None


class What(Enum):
    """What a fetch came to."""

    READ = "read"
    UNCHANGED = "unchanged"
    GONE = "gone"
    WAIT = "wait"  # 429 or 503
    FAILED = "failed"
    OFFLINE = "offline"  # this PC is: nobody was asked


class Came(Struct, frozen=True):
    """`new`: items not known before. `times`: of all items. `every`: Feed.every. `fresh`, `retry`: of the answer."""

    what: What
    new: int = 0
    times: tuple[datetime, ...] = ()
    every: timedelta = timedelta()
    fresh: timedelta = timedelta()
    retry: timedelta = timedelta()
    moved: str = ""
    etag: str = ""
    modified: str = ""
    fault: str = ""


class HostWait(Struct, frozen=True):
    """A host that asked to be left alone; the next time without a word from it is twice as long."""

    until: datetime
    step: timedelta


def host_of(url: str) -> str:
    """Who is asked, as far as manners go: `www.` is the same house."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def validators(feed: Following, now: datetime) -> tuple[str, str]:
    """ETag and Last-Modified to ask by. Now and then none, where long nothing was new: some servers never see it."""
    quiet, last = now - (feed.new or feed.since), feed.whole or feed.since
    return ("", "") if quiet >= STALE and now - last >= STALE else (feed.etag, feed.modified)


def after(feed: Following, came: Came, now: datetime, key: bytes, *, fetched: datetime | None = None) -> Following:
    """The feed as it is kept after a fetch. `key`: this device's. Another address in it: the feed has moved.
    `fetched`: when its site was asked, if it is one that is shared."""
    if came.what is What.OFFLINE:
        return replace(feed, due=now + LEAST / 6 + _share(key, feed.url, LEAST / 6))
    if came.what is What.GONE:
        return replace(feed, ended=End.GONE, fault=came.fault)
    if came.what in (What.READ, What.UNCHANGED):
        return _read(feed, came, now, key, fetched)
    return _failed(feed, came, now, key)


def _read(feed: Following, came: Came, now: datetime, key: bytes, fetched: datetime | None) -> Following:
    is_read = came.what is What.READ
    asked = validators(feed, now)
    kept = replace(
        _moved(feed, came, now),
        etag=came.etag if is_read else came.etag or feed.etag,
        modified=came.modified if is_read else came.modified or feed.modified,
        read=now,
        new=now if came.new else feed.new,
        whole=now if is_read and asked == ("", "") else feed.whole,
        rhythm=rhythm(came.times, now) if came.times else feed.rhythm,
        hint=came.every if is_read else feed.hint,
        failures=0,
        failing=None,
        fault="",
    )
    due = slot(kept, came.fresh, now, key) if fetched is None else turn(kept, came.fresh, fetched, key)
    return replace(kept, due=due)


def _failed(feed: Following, came: Came, now: datetime, key: bytes) -> Following:
    failing = feed.failing or now
    wait = min(BACK_OFF * 2 ** min(feed.failures, 10), MOST)
    wait = max(wait, min(came.retry, HOST_MOST)) + _share(key, feed.url, wait / 4)
    asked_for = came.what is not What.WAIT  # who says "later" is not broken
    return replace(
        feed,
        due=now + wait,
        failures=feed.failures + 1,
        failing=failing,
        fault=came.fault,
        moving="",
        moves=0,
        moving_since=None,
        ended=End.FAILING if asked_for and now - failing >= PATIENCE else feed.ended,
    )


def _moved(feed: Following, came: Came, now: datetime) -> Following:
    """Who follows each redirect for ever ends at a hotel's login page: it must say so again, and for a while."""
    if not came.moved or came.moved == feed.url:
        return replace(feed, moving="", moves=0, moving_since=None)
    again = came.moved == feed.moving
    moves, since = (feed.moves + 1, feed.moving_since or now) if again else (1, now)
    if moves >= MOVES and now - since >= MOVED_FOR:
        return replace(feed, url=came.moved, moving="", moves=0, moving_since=None)
    return replace(feed, moving=came.moved, moves=moves, moving_since=since)


def rhythm(times: Sequence[datetime], now: datetime) -> timedelta:
    """From one item to the next, of late."""
    lately = sum(1 for at in times if now - RHYTHM <= at <= now)
    return RHYTHM / max(lately, 1)


def interval(feed: Following, fresh: timedelta = timedelta()) -> timedelta:
    """Between two fetches when all is well."""
    suits = feed.rhythm / A_POST if feed.rhythm else USUAL
    wished = feed.every or min(suits, MOST)
    return _within(max(wished, feed.hint, fresh))


def slot(feed: Following, fresh: timedelta, now: datetime, key: bytes) -> datetime:
    """This device's next moment for that feed; not before what feed and site ask for, nor too soon after now."""
    whole = interval(feed, fresh)
    least = max(LEAST, whole / 2, min(max(feed.hint, fresh), MOST))
    phase = _share(key, feed.url, whole)
    start = datetime(2020, 1, 1, tzinfo=now.tzinfo) + phase
    passed = -((start - (now + least)) // whole)  # rounded up
    return start + whole * passed


def turn(feed: Following, fresh: timedelta, fetched: datetime, key: bytes) -> datetime:
    """This device's next moment for a feed that is shared: an interval after its site was asked, whoever did, and
    then one device after the other, so that the first asks and the others need not."""
    whole = interval(feed, fresh)
    return fetched + whole + _share(key, feed.url, whole / TURNS)


def host_wait(before: HostWait | None, retry: timedelta, now: datetime) -> HostWait:
    """For how long a whole host is left alone, by its own word or by ours."""
    step = min(before.step * 2, MOST) if before is not None else HOST_WAIT
    return HostWait(now + (min(max(retry, MINUTE), HOST_MOST) if retry else step), step)


def spread(feed: Following, now: datetime, key: bytes) -> Following:
    """After sleep, or a start: what was missed is made up for bit by bit."""
    if now - feed.due < MISSED:
        return feed
    return replace(feed, due=now + _share(key, feed.url, SPREAD))


def pick(
    feeds: Iterable[Following], now: datetime, *, asking: Mapping[str, int], asked: Mapping[str, datetime],
    waits: Mapping[str, HostWait],
) -> list[Following]:  # fmt: skip
    """Those to be asked now, longest due first. `asking`: how many fetches of a host run; `asked`: when one began."""
    chosen: list[Following] = []
    busy = {host for host, times in asking.items() if times}
    for feed in sorted((one for one in feeds if one.ended is None and one.due <= now), key=lambda one: one.due):
        host = host_of(feed.url)
        if len(busy) >= HOSTS:
            break
        wait, last = waits.get(host), asked.get(host)
        if host in busy or (wait and now < wait.until) or (last and now - last < APART):
            continue
        busy.add(host)
        chosen.append(feed)
    return chosen


def wake(
    feeds: Iterable[Following], now: datetime, *, asked: Mapping[str, datetime], waits: Mapping[str, HostWait]
) -> datetime | None:
    """When there may be something to pick, for whoever sleeps until then; None if nothing is followed."""
    moments = []
    for feed in feeds:
        if feed.ended is None:
            host = host_of(feed.url)
            wait, last = waits.get(host), asked.get(host)
            moments.append(max(feed.due, now, wait.until if wait else now, last + APART if last else now))
    return min(moments, default=None)


def _within(wished: timedelta) -> timedelta:
    return max(LEAST, min(wished, MOST))


def _share(key: bytes, url: str, whole: timedelta) -> timedelta:
    """A part of a span, always the same for one device and feed, and another for each."""
    digest = hashlib.blake2b(url.encode("utf-8", "replace"), key=key[:64], digest_size=8).digest()
    return whole * (int.from_bytes(digest, "big") / 2**64)
