"""An office of eighty, a working week in some minutes: does the node of one of them grow, and what is in its folder?

One real node; three colleagues' programs with real links to it, by which the signed entries of 76 others come, and
short visits of these. Posts, answers, reactions, corrections, polls, announcements, photos, ten feeds asked hourly.
Each night it sleeps (its process is stopped, the links go), on Wednesday it is restarted, on Thursday killed. The
clock is turned, nobody waits for it. `--long`: three weeks more, in one run of the node. `./run bench day` is one day
of it, and writes no page.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path

from bench.measure import OURS, percent, python, say, steady, tell
from bench.start import apart, window
from bench.stores import keys_of, office_of
from bench.turned import HOUR, Clocks
from bench.week_plan import CLOSES, DAYS, ME, OPENS, PEOPLE, SEED, STAFF, Deed, Plan
from bench.week_site import Site
from bench.week_staff import Staff, settle
from bench.week_watch import Node
from bench.week_weight import KIB, Sample, explained, slope
from bench.xscreen import Screen
from deskblog.log.office import fold

JOB, FEEDS, VISITS, ASKED, LONG = "week", 10, 6, 40, 15
TICK, MINUTE = 15, 60_000  # minutes; ms
LOOKS = 10  # ticks from one weighing to the next
WINDOWS = 3
NODE = "deskblog node"
MEMORY: Callable[[Sample], float] = attrgetter("memory")
SQLITE: Callable[[Sample], float] = attrgetter("sqlite")
COUNTED: dict[str, Callable[[Sample], int]] = {
    "descriptors": lambda one: one.descriptors.total(),
    "threads of its own": lambda one: len(one.threads),
    "threads of the pool": lambda one: one.pool,
    "tasks": lambda one: one.tasks,
}
RESTARTED, KILLED = (2, 12 * 60), (3, 15 * 60)  # day, minute


def monday() -> int:
    """The last one that has a whole week behind it, UTC ms at midnight."""
    days = int(time.time() // 86_400)
    return (days - (days + 3) % 7 - 7) * 24 * HOUR


class Week:
    """`calm`: the node runs on from the first morning to the end, and is neither restarted nor killed."""

    def __init__(self, folder: Path, *, calm: bool = False) -> None:
        self.folder, self.began, self.clocks, self.calm = folder, monday(), Clocks(), calm
        self.acts = office_of(PEOPLE)
        self.node = Node(folder / "node", folder / "run")
        self.site, self.plan, self.samples = Site(FEEDS), Plan(), list[Sample]()
        self._now = self.began
        self.clocks.turn(self.at(0, OPENS))
        self.staff = Staff(folder, fold(self.acts), self.clocks, self.at(0, OPENS - 30), SEED)

    def at(self, day: int, minute: float) -> int:
        return self.began + day * 24 * HOUR + round(minute * MINUTE)

    async def first(self) -> None:
        """The office is there, everybody has come, the node's person follows feeds."""
        (self.folder / "run").mkdir(mode=0o700)
        for who in STAFF:
            await settle(self.folder / f"data{who}", self.folder / f"state{who}", who, self.acts)
        await settle(self.node.data, self.node.state, ME, self.acts)
        urls = await self.site.start()
        for n in range(FEEDS):
            self.site.add(n, self.at(0, OPENS - 60))
        await self.node.start(self.at(0, OPENS))
        self.staff.me = keys_of(ME).device.hex()
        await self.staff.come()
        await self.staff.open_logs()
        await self.staff.reach(self.node.port)
        for url in urls:
            added = await self.node.do("feed-add", url=url)
            await self.node.do("feed-set", which=added[0]["url"], every=3600)

    # --- days ---------------------------------------------------------------------------------------------
    async def day(self, day: int) -> None:
        deeds = self.plan.day(day)
        for tick, minute in enumerate(range(OPENS, CLOSES, TICK), 1):
            if (day, minute) == RESTARTED and not self.calm:
                await self.again(signal.SIGTERM)
            self.turn(self.at(day, minute + TICK))
            due = [deed for deed in deeds if minute <= deed.minute < minute + TICK]
            await self._pass(day, due, killed=(day, minute) == KILLED and not self.calm)
            if tick % 4 == 1:
                await self.hour(tick)
            if tick % 8 == 3:
                await self.person(day, minute)
            if tick % LOOKS == 0:
                await self.weigh(day + minute / 1440)

    def turn(self, now: int) -> None:
        self.clocks.turn(now)
        self.node.turn(now)
        self._now = now

    async def _pass(self, day: int, due: Sequence[Deed], *, killed: bool = False) -> None:
        """A quarter of an hour, until the node has all of it; if it is `killed`, then in the midst of it."""
        for n, deed in enumerate(due):
            if killed and n == len(due) // 2:
                await self.again(signal.SIGKILL)
            await self.staff.do(deed, self.at(day, deed.minute) + n)
        await self.node.ask(held=self.staff.held)

    async def again(self, number: signal.Signals) -> None:
        """The node ends and is started anew."""
        await self.staff.leave()
        await self.node.end(number)
        self.staff.forget()
        await self.node.start(self._now)
        await self.staff.reach(self.node.port)

    async def hour(self, tick: int) -> None:
        """Others come by, sites have news."""
        await self.staff.leave()
        await self.staff.visit(VISITS)
        for n in range(FEEDS):
            if (tick + n) % 3 == 0:
                self.site.add(n, self._now)

    async def person(self, day: int, minute: int) -> None:
        """What the person at the node does now and then."""
        rows = await self.node.do("timeline", limit=50)
        await self.node.do("search", words="coffee")
        posted = await self.node.do("post", text=f"On day {day} at {minute}: who has the key?", question=True)
        others = [row for row in rows if row["kind"] in ("post", "question") and row["person"] != "Person 1"]
        await self.node.do("react", id=others[0]["id"], sign="👍")
        await self.node.do("show", id=posted[0]["id"])
        await self.node.ask(held=self.staff.held)

    async def night(self, until: int) -> None:
        """Everybody goes home; the node sleeps, and is woken that much later."""
        await self.staff.go()
        self.node.sleep()
        self.clocks.turn(until)
        await self.staff.come()
        self.node.wake(until)
        self._now = until
        await self.staff.reach(self.node.port)
        await self.node.ask(held=self.staff.held)

    async def weigh(self, at: float) -> None:
        await self.staff.leave()
        one = await self.node.sample(at, len(STAFF))
        self.samples.append(one)
        sys.stderr.write(
            f"    day {one.at:5.2f}: {one.memory:6.1f} MiB, of it SQLite {one.sqlite:.1f}; {one.descriptors.total()}"
            f" descriptors, {one.tasks} tasks, {len(one.threads)} + {one.pool} threads; store {one.store:.2f} MiB,"
            f" WAL {one.wal:.2f}, blobs {one.blobs:.1f}\n"
        )

    async def whole(self, days: int) -> None:
        try:
            await self.run(days)
        finally:
            self.node.kill()

    async def run(self, days: int) -> None:
        await self.first()
        for day in range(days):
            if day:
                await self.night(self.at(day, OPENS))
            await self.day(day)
        await self.night(self.at(7 if days == DAYS else days, OPENS))
        await self.weigh(days + OPENS / 1440)
        self.asked = await self.node.ask(ask=ASKED)
        self.held = self.staff.held
        await self.staff.go()
        await self.node.end()
        await self.site.stop()


def main(days: int, *, long: bool = False) -> None:
    with tempfile.TemporaryDirectory(prefix="deskblog-week-") as name:
        week = Week(Path(name))
        asyncio.run(week.whole(days))
        report(week, days)
        if days == DAYS:
            window_of(week)
    if long:
        with tempfile.TemporaryDirectory(prefix="deskblog-week-") as name:
            week = Week(Path(name), calm=True)
            asyncio.run(week.whole(LONG))
            report_long(week)


# --- what came of it --------------------------------------------------------------------------------------
def report(week: Week, days: int) -> None:
    first, last, node = week.samples[0], week.samples[-1], week.node
    tell(
        JOB,
        f"{PEOPLE} people, {days} working days and the nights between, seed {SEED}: {week.held:,} entries,"
        f" {week.staff.photos} photos, {sum(week.site.asked):,} requests to {FEEDS} feeds ({week.site.asked[1]}"
        f" unchanged), {week.staff.visits} visits of colleagues' PCs, {node.run} starts of the node.",
    )
    tell(
        JOB,
        "Threads of the pool are those of the loop for blocking calls, of which there are at most six on two cores.",
    )
    memory(week.samples)
    begun = {one.run: one.at for one in reversed(week.samples)}
    warm = [one for one in week.samples if one.at >= begun[one.run] + min(1, days - 1)]
    say(JOB, "memory, a day more after the first of each run", NODE, "MiB", [daily(warm)])
    say(JOB, "of it SQLite’s, a day more after the first of each run", NODE, "MiB", [daily(warm, SQLITE)])
    for what, of in COUNTED.items():
        say(JOB, f"{what}, the first morning", NODE, "", [of(first)])
        say(JOB, f"{what}, at the end", NODE, "", [of(last)])
    say(JOB, "left open since the first morning", NODE, "", [last.left_open - first.left_open])
    say(JOB, "processor of all of it", NODE, "s", [node.processor])
    for what, words in (("page", "a page of the timeline"), ("search", "a search")):
        say(JOB, f"{words} at the end, its processor", NODE, "ms", [percent(week.asked[what], 50)])
    sizes(week)


def memory(samples: Sequence[Sample]) -> None:
    """Each noon and evening, by runs of the program; first, last and most."""
    first, last = samples[0], samples[-1]
    said = [
        f"{'' if one is first or one.run == before.run else '(started anew) '}{one.memory:.1f}"
        for before, one in zip((first, *samples), samples, strict=False)
    ]
    tell(JOB, f"Memory, weighed four times a day, MiB: {', '.join(said)}.")
    say(JOB, "memory, the first morning", NODE, "MiB", [first.memory])
    say(JOB, "of it SQLite’s, the first morning", NODE, "MiB", [first.sqlite])
    say(JOB, "memory, at the end", NODE, "MiB", [last.memory])
    say(JOB, "of it SQLite’s, at the end", NODE, "MiB", [last.sqlite])
    say(JOB, "memory, at most", NODE, "MiB", [max(one.memory for one in samples)])


def daily(samples: Sequence[Sample], of: Callable[[Sample], float] = MEMORY) -> float:
    """MiB a day, by least squares within each run of the program."""
    return slope([(one.run, one.at, of(one)) for one in samples])


def report_long(week: Week) -> None:
    """Of weeks in one run of the program: how it goes on."""
    for since in range(0, LONG, DAYS):
        part = [one for one in week.samples if since + 0.4 <= one.at <= since + DAYS + 0.4]
        say(JOB, "memory, a day more, in one run until day", NODE, "MiB", [daily(part)], since + DAYS)
        say(JOB, "of it SQLite’s, a day more, in one run until day", NODE, "MiB", [daily(part, SQLITE)], since + DAYS)
        say(JOB, "memory, in one run until day", NODE, "MiB", [part[-1].memory], since + DAYS)
        say(JOB, "of it SQLite’s, in one run until day", NODE, "MiB", [part[-1].sqlite], since + DAYS)
    say(
        JOB,
        "left open, in one run until day",
        NODE,
        "",
        [week.samples[-1].left_open - week.samples[0].left_open],
        LONG,
    )


def sizes(week: Week) -> None:
    """What the folder holds, and of what."""
    parts = explained(week.node.data / "posts.db")
    say(JOB, "posts.db", NODE, "KiB", [sum(parts.values()) / KIB])
    for part, bytes_ in sorted(parts.items(), key=lambda one: -one[1]):
        say(JOB, f"… {part}", NODE, "KiB", [bytes_ / KIB])
    say(JOB, "its log of writes (WAL), at most", NODE, "KiB", [KIB * max(one.wal for one in week.samples)])
    say(JOB, "photos and previews", NODE, "KiB", [KIB * week.samples[-1].blobs])


def window_of(week: Week) -> None:
    """The same folder opened by the real app on a virtual screen: the least of three."""
    with apart(), Screen() as screen:
        env = week.node.env | {"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb", "HOME": str(week.folder)}
        found = [window(screen, python("bench.shown"), env) for _round in range(WINDOWS)]
        photos = week.node.data / "blobs"
        photos.rename(photos.with_name("elsewhere"))
        bare = [window(screen, python("bench.shown"), env) for _round in range(WINDOWS)]
    say(JOB, "memory with the window, on its folder", OURS, "MiB", [one["memory"] for one in found])
    say(JOB, "memory with the window, its photos elsewhere", OURS, "MiB", [one["memory"] for one in bare])
    say(JOB, "start, a window with posts, on its folder", OURS, "s", [one["posts"] for one in found])


if __name__ == "__main__":
    with steady(JOB):
        main(DAYS, long="--long" in sys.argv)
