"""The process that fetches and reads a feed: one request on its input, one answer on its output.

Whatever a server or a feed does to it – a byte a second, a bomb, a search that never ends – ends with this process:
by its own limits of memory and of time for reading, where the system has them, and by whoever asked in any case.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import msgspec
import urllib3

from deskblog.errors import Malformed
from deskblog.feeds import cache
from deskblog.feeds.discover import offered
from deskblog.feeds.opml import read_opml
from deskblog.feeds.parse import NotAFeed, parse_feed
from deskblog.feeds.wire import Answer, Ask
from deskblog.inside import NoWay
from deskblog.limits import FEED_MEMORY, FEED_PARSE_SECONDS
from deskblog.outward import Road, ask

resource: Any
try:
    resource = importlib.import_module("resource")
except ImportError:  # Windows has none: there whoever asked ends this process when its time is over
    resource = None

HOPS = 5
STEP = 16 * 1024
STEP_SECONDS = 5.0
CODINGS = 2  # of one answer, one within the other
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.5, */*;q=0.1"
)
KEPT = ("content-type", "content-language", "etag", "last-modified", "cache-control", "expires", "date")


def main() -> int:
    _limit_memory()
    try:
        answer = work(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Ask))
    except MemoryError:
        answer = Answer("memory")
    sys.stdout.buffer.write(msgspec.msgpack.encode(answer))
    return 0


def work(said: Ask) -> Answer:
    """The answer to one request; of what fails, the word for it."""
    if said.listed:
        return _read_list(said.body or b"")
    if said.body is not None:
        return _read(said, Answer(status=200, url=said.url, headers=said.headers), said.body)
    try:
        return _fetch(said)
    except NoWay as fault:
        return Answer(fault.word, url=said.url)


def _fetch(said: Ask) -> Answer:
    url, inside, until = said.url, said.inside, time.monotonic() + said.seconds
    forever = True
    for _hop in range(HOPS + 1):
        road = ask(url, _headers(said), inside=inside, until=until, step=STEP_SECONDS, proxies=said.proxies)
        with road.response as response:
            where = response.headers.get("Location", "")
            if response.status not in (301, 302, 303, 307, 308) or not where:
                moved = url if forever and url != said.url and not _weaker(said.url, url) else ""
                return _answered(said, road, url, moved, until)
        forever = forever and response.status in (301, 308)
        inside = inside and road.inside
        url = urljoin(url, where.strip()).partition("#")[0]
    return Answer("redirects", url=url)


def _weaker(before: str, after: str) -> bool:
    """Somebody on the way may have led it there."""
    return before.startswith("https:") and not after.startswith("https:")


def _headers(said: Ask) -> dict[str, str]:
    sent = {"User-Agent": said.agent, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
    if said.etag:
        sent["If-None-Match"] = said.etag
    if said.modified:
        sent["If-Modified-Since"] = said.modified
    return sent


def _answered(said: Ask, road: Road, url: str, moved: str, until: float) -> Answer:
    response, now = road.response, datetime.now(UTC)
    headers = {name.lower(): value for name, value in response.headers.items()}
    etag, modified = cache.validators(headers, now)
    answer = Answer(
        status=response.status,
        url=url,
        moved=moved if response.status in (200, 304) else "",
        etag=etag,
        modified=modified,
        fresh=cache.fresh(headers, now),
        retry=cache.retry(headers, now),
        private=cache.private(headers),
        inside=road.inside,
        headers={name: headers[name] for name in KEPT if name in headers},
    )
    if response.status == 304 and (said.etag or said.modified):
        return answer
    if response.status != 200:
        return _with(answer, fault=f"status {response.status}")
    body, cut = _body(response, said.ceiling, until)
    return _read(said, _with(answer, cut=cut), body)


def _body(response: Any, ceiling: int, until: float) -> tuple[bytes, bool]:
    """All of it, unpacked a piece at a time, and whether its end is missing. NoWay if it is too large or too slow."""
    if response.headers.get("Content-Encoding", "").count(",") >= CODINGS:
        raise NoWay("packed")
    length = response.headers.get("Content-Length", "")
    if length.isdigit() and len(length) < 20 and int(length) > ceiling:
        raise NoWay("size")
    body = bytearray()
    try:
        while piece := response.read1(STEP):
            body += piece
            if len(body) > ceiling:
                raise NoWay("size")
            if time.monotonic() > until:
                raise NoWay("time")
    except urllib3.exceptions.DecodeError:
        raise NoWay("packed") from None
    except urllib3.exceptions.TimeoutError:
        raise NoWay("time") from None
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        if not body:
            raise NoWay("garbled") from None
        return bytes(body), True
    return bytes(body), False


def _read(said: Ask, answer: Answer, body: bytes) -> Answer:
    """The answer with what a body says. The page of a site is none, but may name feeds."""
    if len(body) > said.ceiling:
        return _with(answer, fault="size")
    answer = _with(answer, body=body if said.keep else b"")
    with _time_to_read():
        try:
            feed = parse_feed(body, answer.url, answer.headers)
        except NotAFeed as fault:
            if fault.reason not in ("page", "other"):
                return _with(answer, fault=fault.reason, body=b"")
            title, offers = offered(body, answer.url, answer.headers)
            fault_word = "offers" if offers else fault.reason
            return _with(answer, fault=fault_word, title=title, offers=offers, body=b"")
    return _with(answer, feed=feed, cut=answer.cut or not feed.complete)


def _read_list(body: bytes) -> Answer:
    with _time_to_read():
        try:
            return Answer(listed=read_opml(body))
        except Malformed:
            return Answer("list")


def _with(answer: Answer, **changed: Any) -> Answer:
    return msgspec.structs.replace(answer, **changed)


def _limit_memory() -> None:
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = FEED_MEMORY if hard == resource.RLIM_INFINITY else min(FEED_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


@contextmanager
def _time_to_read() -> Iterator[None]:
    """The system ends a process that works longer: no exception reaches a search that is written in C."""
    if resource is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime) + FEED_PARSE_SECONDS + 1
    resource.setrlimit(resource.RLIMIT_CPU, (end if hard == resource.RLIM_INFINITY else min(end, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


if __name__ == "__main__":
    sys.exit(main())
