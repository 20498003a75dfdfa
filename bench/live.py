"""A post on one PC until it is stored, searchable and told on the other; both ends in one process, on loopback."""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.beside import node_peers
from bench.measure import OURS, Contestant, answer, percent, python, say, steady, tell
from deskblog import events
from deskblog.engine import Engine, Options
from deskblog.engine.contacts import office_tag
from deskblog.net.pace import Pace
from deskblog.net.sighting import Sighting
from deskblog.values import DeviceKey

JOB, POSTS, ROUNDS, MEETINGS = "live", 200, 5, 20
DISK, PAGES = "the disk", 8192
FLOOR = "our threads and tables alone"


class Ear:
    """Keeps what an engine said and when."""

    def __init__(self) -> None:
        self.posted: dict[str, float] = {}
        self.linked: list[float] = []
        self.news = asyncio.Event()

    def __call__(self, event: events.Event) -> None:
        now = time.perf_counter()
        if isinstance(event, events.Posted):
            self.posted.update((row.id, now) for row in event.rows)
        elif isinstance(event, events.Linked):
            self.linked.append(event.seconds)
        self.news.set()


async def start(folder: Path, name: str) -> tuple[Engine, Ear]:
    ear = Ear()
    engine = Engine(folder / name, ear, options=Options(discovery=False, port=0, state=folder / f"{name}-state"))
    await engine.start()
    return engine, ear


async def one_post(a: Engine, ear: Ear, text: str) -> float:
    """Milliseconds from the call on a to the row told on b, where it is in the store and in the index."""
    began = time.perf_counter()
    row = await a.post(text)
    while row.id not in ear.posted:
        ear.news.clear()
        await ear.news.wait()
    return (ear.posted[row.id] - began) * 1000


async def side() -> None:
    """Our own side, as a contestant."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a, _ear = await start(folder, "a")
        b, ear = await start(folder, "b")
        await a.found("Bench", "Anne")
        await b.join((await a.invite()).code, "Paul", at=f"127.0.0.1:{a.port}")
        answer({"ready": True})
        count = 0
        while asked := await asyncio.to_thread(sys.stdin.readline):
            if asked.strip() == "meet":
                answer({"ms": await meetings(folder, a)})
                continue
            ms, used = [], time.process_time()
            for _n in range(int(asked)):
                count += 1
                at_ease(b)
                ms.append(
                    await one_post(a, ear, f"post {count} the lift is out of order, whoever has the key may ask")
                )
            answer({"ms": ms, "cpu": (time.process_time() - used) / len(ms) * 1000})
        await a.stop()
        await b.stop()


def at_ease(reader: Engine) -> None:
    """As if the writer had not posted for a while: of more than sixty a minute the rest is fetched in runs."""
    replica = reader._vault.replica
    assert replica is not None
    replica.pace = Pace()


async def meetings(folder: Path, a: Engine) -> list[float]:
    """A colleague comes back again and again: ms from the sighting handed to the engine to the link."""
    times = []
    b, _ear = await start(folder, "c")
    await b.join((await a.invite()).code, "Chloé", at=f"127.0.0.1:{a.port}")
    await b.stop()
    for _n in range(MEETINGS):
        b, ear = await start(folder, "c")
        net, office = b._network, b._vault.office
        assert net is not None and office is not None
        key = DeviceKey(bytes.fromhex(a.device))
        net._contacts._sighted(Sighting("a", key, office_tag(office.id), "", (("127.0.0.1", a.port),)))
        while not ear.linked:
            ear.news.clear()
            await ear.news.wait()
        times.append(ear.linked[0] * 1000)
        await b.stop()
    return times


def written_for_good() -> list[float]:
    """Milliseconds the disk takes for two pages that are to stay, as the commit of an own post has it write."""
    times = []
    with tempfile.TemporaryFile() as file:
        for n in range(POSTS):
            os.pwrite(file.fileno(), bytes(PAGES), n * PAGES)
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return times


def main() -> None:
    peers, why = node_peers()
    if why:
        tell(JOB, why)
    with ExitStack() as stack:
        sides = [stack.enter_context(Contestant(OURS, python("bench.live", "side")))]
        sides.append(stack.enter_context(Contestant("bare Python core", python("bench.peers.core", "live"))))
        sides.append(stack.enter_context(Contestant(FLOOR, python("bench.peers.floor"))))
        sides += [stack.enter_context(Contestant(who, [*line, "live"])) for who, line in peers.items()]
        for one in sides:
            one.hear()
            one.ask(20)  # warm
        rounds: dict[str, list[list[float]]] = {one.who: [] for one in sides}
        used: dict[str, list[float]] = {OURS: [], FLOOR: []}
        disk: list[float] = []
        for _round in range(ROUNDS):
            for one in sides:
                said = one.ask(POSTS)
                rounds[one.who].append(said["ms"])
                if one.who in used:
                    used[one.who].append(said["cpu"])
            disk.append(statistics.median(written_for_good()))
        for who, taken in rounds.items():
            say(JOB, "a post, half of them", who, "ms", [statistics.median(ms) for ms in taken])
            say(JOB, "a post, 99 of 100", who, "ms", [percent(ms, 99) for ms in taken])
        for who, spent in used.items():
            say(JOB, "a post, processor of both ends", who, "ms", spent)
        say(JOB, "two pages for good", DISK, "ms", disk)
        met = sides[0].ask("meet")["ms"]
        say(JOB, "seen, then linked", OURS, "ms", met)


if __name__ == "__main__":
    if sys.argv[1:] == ["side"]:
        asyncio.run(side())
    else:
        with steady(JOB):
            main()
