"""Post on a → stored and searchable on b, engine to engine on loopback; and seen on the network → linked.

Prints medians of several rounds with their spread. A benchmark is no test: nothing fails here.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from deskblog import events
from deskblog.engine import Engine, Options
from deskblog.engine.contacts import office_tag
from deskblog.net.sighting import Sighting
from deskblog.values import DeviceKey

POSTS, ROUNDS, MEETINGS = 200, 5, 30


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


async def one_post(a: Engine, b: Engine, ear: Ear, text: str) -> float:
    """Milliseconds from the call on a to the row told on b, where it is in the store and in the index."""
    began = time.perf_counter()
    row = await a.post(text)
    while row.id not in ear.posted:
        ear.news.clear()
        await ear.news.wait()
    return (ear.posted[row.id] - began) * 1000


async def live(folder: Path) -> None:
    a, _ear = await start(folder, "a")
    b, ear = await start(folder, "b")
    await a.found("Bench", "Anne")
    await b.join((await a.invite()).code, "Paul", at=f"127.0.0.1:{a.port}")
    await one_post(a, b, ear, "warm")
    rounds = []
    for round_ in range(ROUNDS):
        times = [await one_post(a, b, ear, f"round {round_} post {n}") for n in range(POSTS)]
        rounds.append((statistics.median(times), statistics.quantiles(times, n=20)[-1]))
    found = await b.search(f"post {POSTS - 1}", limit=ROUNDS)
    say("post on a, searchable on b", rounds, f"{len(found.rows)} of {ROUNDS} last posts found by search")
    await meetings(folder, a)
    await a.stop()
    await b.stop()


async def meetings(folder: Path, a: Engine) -> None:
    """A colleague comes back again and again; `seconds` of Linked runs from the sighting handed to the engine."""
    times = []
    key = DeviceKey(bytes.fromhex(a.device))
    for _n in range(MEETINGS):
        b, ear = await start(folder, "c") if (folder / "c").exists() else await joined(folder, a)
        net = b._network
        assert net is not None and b._vault.office is not None
        ear.linked.clear()
        tag = office_tag(b._vault.office.id)
        net._contacts._sighted(Sighting("a", key, tag, "", (("127.0.0.1", a.port),)))
        while not ear.linked:
            ear.news.clear()
            await ear.news.wait()
        times.append(ear.linked[0] * 1000)
        await b.stop()
    tail = statistics.quantiles(times, n=20)[-1]
    say("seen on the network, linked", [(statistics.median(times), tail)], f"{len(times)} meetings, one side dials")


async def joined(folder: Path, a: Engine) -> tuple[Engine, Ear]:
    b, _ear = await start(folder, "c")
    await b.join((await a.invite()).code, "Chloé", at=f"127.0.0.1:{a.port}")
    await b.stop()
    return await start(folder, "c")


def say(what: str, rounds: list[tuple[float, float]], note: str) -> None:
    middle = statistics.median(p50 for p50, _p95 in rounds)
    tail = statistics.median(p95 for _p50, p95 in rounds)
    spread = f"{min(p for p, _ in rounds):.2f}–{max(p for p, _ in rounds):.2f}"
    sys.stdout.write(f"{what}: p50 {middle:.2f} ms (rounds {spread}), p95 {tail:.2f} ms; {note}\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(live(Path(name)))
