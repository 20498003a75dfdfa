"""Feeds fetched once for the office: requests in a day with and without sharing; and what that costs.

    python bench/bench_feeds.py                      requests only, of offices of 2 to 50, decided by the pure part
    python bench/bench_feeds.py --real [--feeds 1000] [--warm 24] [--hours 24]
                                                     two engines, real links, children and site

The clock is turned, nobody waits. Feeds write as seldom or often as small sites do: of ten one writes daily, of a
hundred one ten times a day. The site is a process of its own, so the processor time is the two engines' and their
children's.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from deskblog.engine.vault import now_ms
from deskblog.feeds import schedule as s
from tests.engine.desk import Desk, desks
from tests.net import feeds_office as pure

SEED = 2008
HOUR_MS = 3_600_000
ITEMS = 20


def rhythm(n: int) -> timedelta:
    """From one post of a feed to the next."""
    dice = random.Random(SEED + n).random()
    return timedelta(hours=2.4) if dice < 0.01 else timedelta(days=1) if dice < 0.1 else timedelta(days=10)


# --- the site ---------------------------------------------------------------------------------------------
class Sites:
    """All feeds; what they say at the time they were told."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self.asked: Counter[int] = Counter()  # by status

    def body(self, n: int) -> tuple[str, bytes]:
        every = rhythm(n)
        last = int((self.now - datetime(2026, 1, 1, tzinfo=UTC)) / every)
        items = []
        for number in range(last, last - ITEMS, -1):
            at = datetime(2026, 1, 1, tzinfo=UTC) + every * number
            words = f"What there was to say, the {number}th time. " * 20
            items.append(
                f"<item><guid>{n}-{number}</guid><title>Post {number}</title><link>http://f{n}.example/{number}</link>"
                f"<pubDate>{at:%a, %d %b %Y %H:%M:%S +0000}</pubDate><description>{words}</description></item>"
            )
        whole = f'<rss version="2.0"><channel><title>Feed {n}</title>{"".join(items)}</channel></rss>'
        return f'"{last}"', whole.encode()


def serve() -> None:
    """Prints its port; a GET of /clock?MS turns its clock, one of /asked says what was asked."""
    sites = Sites()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/clock?"):
                sites.now = datetime.fromtimestamp(int(self.path.partition("?")[2]) / 1000, UTC)
                self._say(200, b"")
            elif self.path == "/asked":
                self._say(200, f"{sites.asked[200]} {sites.asked[304]}".encode())
            else:
                tag, body = sites.body(int(self.path.split("//f")[1].split(".")[0]))
                status = 304 if self.headers.get("If-None-Match") == tag else 200
                sites.asked[status] += 1
                self._say(status, body if status == 200 else b"", ETag=tag)

        def _say(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()


# --- two engines ------------------------------------------------------------------------------------------
class Day:
    def __init__(self, port: int, people: list[Desk]) -> None:
        self.site = f"http://127.0.0.1:{port}"
        self.people = people
        self.offset = 0
        for one in people:
            feeds = one.engine.feeds
            feeds._now_ms = self.now
            feeds.sharing.tick = lambda: self.now() / 1000
            assert feeds._life is not None
            feeds._life.cancel()

    def now(self) -> int:
        return now_ms() + self.offset

    def ask(self, what: str) -> str:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{self.site}{what}") as said:
            return str(said.read().decode())

    async def follow(self, count: int) -> None:
        """As if all had been followed for long: each is due at its moment of an interval."""
        for one in self.people:
            feeds, dice, now = one.engine.feeds, random.Random(one.name), feeds_now(one)
            for n in range(count):
                plain = s.Following("", now, now - timedelta(days=60), rhythm=rhythm(n), read=now)
                due = now + s.interval(plain) * dice.random()
                url = f"http://f{n}.example/feed"
                state = s.Following(url, due, plain.since, rhythm=plain.rhythm, read=now, new=now)
                await feeds._new(url, f"Feed {n}", "", "", state, typed=False)
                feeds.sharing.changed(len(feeds.kept))

    async def run(self, hours: float) -> None:
        end = self.now() + hours * HOUR_MS
        while self.now() < end:
            if not await self._ask_due():
                soon = min(one.due for desk in self.people for one in desk.engine.feeds._following.values())
                self.offset += max(round(soon.timestamp() * 1000) - self.now(), 1000)
                self.ask(f"/clock?{self.now()}")

    async def _ask_due(self) -> bool:
        tasks = []
        for desk in self.people:
            feeds = desk.engine.feeds
            feeds._ask_due(feeds._now())
            tasks += [*feeds._asking.values(), *feeds.sharing._tasks]
            coming = feeds.sharing._shared._all_coming() if feeds.sharing._shared is not None else []
            tasks += [asyncio.ensure_future(asyncio.sleep(0.002))] if coming else []
        if tasks:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return bool(tasks)


def feeds_now(desk: Desk) -> datetime:
    return desk.engine.feeds._now()


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("*/feeds/*"))


def processor() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


async def measure(port: int, count: int, warm: float, hours: float, *, on: bool) -> tuple[int, float]:
    """(requests, seconds of the processor)."""
    with tempfile.TemporaryDirectory() as folder:
        async with desks(Path(folder), "Anne", "Paul") as (anne, paul):
            await anne.found()
            await anne.admit(paul)
            await anne.meet(paul)
            day = Day(port, [anne, paul])
            for one in (anne, paul):
                await one.engine.feeds.sharing.choose(on=on)
            day.ask(f"/clock?{day.now()}")
            await day.follow(count)
            await day.run(warm)
            before = [int(part) for part in day.ask("/asked").split()]
            used, began = processor(), time.monotonic()
            await day.run(hours)
            used = processor() - used
            whole, still = (int(n) - was for n, was in zip(day.ask("/asked").split(), before, strict=True))
            disk = size_of(Path(folder))
            mode = "shared" if on else "alone"
            sys.stdout.write(
                f"{mode}: {whole + still} requests ({whole} whole, {still} unchanged), {used:.0f} s of processor, "
                f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most, both PCs, "
                f"{disk / 2**20:.1f} MiB of copies, {time.monotonic() - began:.0f} s passed\n"
            )
            sys.stdout.flush()
            return whole + still, used


def real(count: int, warm: float, hours: float) -> None:
    site = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    assert site.stdout is not None
    port = int(site.stdout.readline())
    os.environ["http_proxy"] = f"http://127.0.0.1:{port}"
    try:
        sys.stdout.write(f"{count} feeds, two PCs, {hours:g} hours after {warm:g} that are not counted\n")
        alone = asyncio.run(measure(port, count, warm, hours, on=False))
        shared = asyncio.run(measure(port, count, warm, hours, on=True))
    finally:
        site.kill()
        site.wait()
    sys.stdout.write(
        f"requests {alone[0] / shared[0]:.2f} times fewer, processor {alone[1] / shared[1]:.2f} times less\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--warm", type=float, default=24)
    args = parser.parse_args()
    if args.serve:
        serve()
    elif args.real:
        real(args.feeds, args.warm, args.hours)
    else:
        for line in pure.lines():
            sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
