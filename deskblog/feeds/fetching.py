"""Asks the child for a feed, and gives what came of it: items, a choice of feeds, or a sentence. Never an exception.

    fetched = await fetch(Request("https://brew.example/feed.xml", typed=True))
    match fetched.outcome:
        case Outcome.READ: fetched.feed.items …

What a colleague's PC has fetched is read the same way, in a child of one's own: `fetch(Request(url, handed=…))`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

import msgspec

from deskblog import __version__
from deskblog.child import ask
from deskblog.feeds import words
from deskblog.feeds.feed import Feed
from deskblog.feeds.listed import FeedList
from deskblog.feeds.offer import Offer
from deskblog.feeds.schedule import Came, What
from deskblog.feeds.wire import Answer, Ask
from deskblog.limits import FEED_BODY, FEED_PARSE_SECONDS, FEED_SECONDS

HOME = ""  # the project's page, once it has one: whoever runs a site looks there before blocking a reader
AGENT = f"deskblog/{__version__} (feed reader of one person{f'; +{HOME}' if HOME else ''})"
START_SECONDS = 5.0  # for the process to begin, on a busy PC
WORKER = "deskblog.feeds.worker"


class Handed(msgspec.Struct, frozen=True):
    """What somebody else has fetched. `headers`: of the answer."""

    body: bytes
    headers: Mapping[str, str]


class Request(msgspec.Struct, frozen=True):
    """`typed`: a person gave this address, or it was found on a page of the own network, so it may lead inside.
    `proxies`: by scheme, as the system has them for this address; None: the child asks the system.
    `keep`: the bytes are wanted too, to share them. `handed`: they are here already."""

    url: str
    etag: str = ""
    modified: str = ""
    typed: bool = False
    proxies: Mapping[str, str] | None = None
    keep: bool = False
    handed: Handed | None = None


class Outcome(Enum):
    """What became of a fetch."""

    READ = "read"
    UNCHANGED = "unchanged"
    OFFERS = "offers"  # a page: one of the feeds it names is to be chosen
    GONE = "gone"  # for ever
    WAIT = "wait"  # the whole site asks to be left alone
    FAILED = "failed"


class Fetched(msgspec.Struct, frozen=True):
    """`said`, `kept`, `next_step`: for the feed's row, empty where all is well. `fault`: the same as a word.

    `url`: where it came from in the end. `moved`: where it says it is from now on (see schedule.py before believing
    it). `etag` and `modified` are to be kept, with READ and UNCHANGED; empty: keep none. `fresh`, `retry`: seconds.
    `private`: never to be shared. `inside`: from the own network. `body` and `headers`: if it was asked to keep them.
    """

    outcome: Outcome
    fault: str = ""
    said: str = ""
    kept: str = ""
    next_step: str = ""
    status: int = 0
    url: str = ""
    moved: str = ""
    etag: str = ""
    modified: str = ""
    fresh: int = 0
    retry: int = 0
    private: bool = False
    inside: bool = False
    feed: Feed | None = None
    title: str = ""
    offers: tuple[Offer, ...] = ()
    body: bytes = b""
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)


async def fetch(request: Request, *, seconds: float = FEED_SECONDS, ceiling: int = FEED_BODY) -> Fetched:
    """One GET, or none where the bytes are here; what it came to. It takes little longer than `seconds`."""
    handed = request.handed
    answer = await _asked(
        Ask(
            request.url,
            AGENT,
            request.etag,
            request.modified,
            request.typed,
            None if request.proxies is None else dict(request.proxies),
            seconds,
            ceiling,
            request.keep,
            None if handed is None else handed.body,
            {} if handed is None else {name.lower(): value for name, value in handed.headers.items()},
        ),
        seconds,
    )
    return _fetched(answer)


def came(fetched: Fetched, new: int) -> Came:
    """The same for schedule.after. `new`: items not known before. Whoever knows that this PC is offline says
    What.OFFLINE in place of it."""
    feed = fetched.feed
    what = What.FAILED if fetched.outcome is Outcome.OFFERS else What(fetched.outcome.value)
    times = (one.published or one.updated for one in feed.items) if feed else ()
    return Came(
        what,
        new,
        tuple(at for at in times if at is not None),
        timedelta(seconds=feed.every if feed else 0),
        timedelta(seconds=fetched.fresh),
        timedelta(seconds=fetched.retry),
        fetched.moved,
        fetched.etag,
        fetched.modified,
        fetched.fault,
    )


async def read_list(body: bytes) -> tuple[FeedList | None, Fetched]:
    """A list of feeds from a file (OPML), or why it is none."""
    answer = await _asked(Ask("", body=body, listed=True), 0)
    return answer.listed, _fetched(answer)


async def _asked(what: Ask, seconds: float) -> Answer:
    """An empty answer is that of a process whose limit was reached while it read."""
    try:
        said = await ask(WORKER, msgspec.msgpack.encode(what), seconds + FEED_PARSE_SECONDS + START_SECONDS)
    except OSError:
        return Answer("child", url=what.url)
    if said is None:
        return Answer("work" if what.body is not None else "time", url=what.url)
    try:
        return msgspec.msgpack.decode(said, type=Answer)
    except msgspec.MsgspecError:
        return Answer("work", url=what.url)


def _fetched(answer: Answer) -> Fetched:
    outcome = _outcome(answer)
    well = outcome in (Outcome.READ, Outcome.UNCHANGED)
    said = "" if well else words.happened(answer.fault)
    if outcome is Outcome.READ and answer.cut:
        said = words.cut()
    return Fetched(
        outcome,
        answer.fault,
        said,
        kept="" if not said or outcome is Outcome.OFFERS else words.kept(),
        next_step="" if well else words.next_step(answer.fault),
        status=answer.status,
        url=answer.url,
        moved=answer.moved if well else "",
        etag="" if answer.cut else answer.etag,  # a whole one is to be had at the next time
        modified="" if answer.cut else answer.modified,
        fresh=answer.fresh,
        retry=answer.retry,
        private=answer.private,
        inside=answer.inside,
        feed=answer.feed,
        title=answer.title,
        offers=answer.offers,
        body=answer.body,
        headers=answer.headers,
    )


def _outcome(answer: Answer) -> Outcome:
    if answer.fault == "offers":
        return Outcome.OFFERS
    if answer.fault == "status 410":
        return Outcome.GONE
    if answer.fault in ("status 429", "status 503"):
        return Outcome.WAIT
    if answer.fault:
        return Outcome.FAILED
    return Outcome.UNCHANGED if answer.status == 304 else Outcome.READ
