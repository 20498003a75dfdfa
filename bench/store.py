"""Taking in, searching, paging, a thread of 500, and the disk, in stores of three sizes; bare FTS5 beside ours.

Ours answers a search with fifty whole rows (names, answers, reactions, who was quoted); bare FTS5 with fifty texts.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.measure import COMMON, OURS, PAIR, RARE, cache, growth, percent, say, steady, tell
from bench.peers.core import Core
from bench.peers.core import filled as filled_core
from bench.peers.tables import written
from bench.stores import fill, filled, opened
from deskblog.store.store import Store

JOB, SIZES, LONG, ROUNDS, TIMES = "store", (1_000, 10_000, 100_000), (1_000_000,), 5, 100
BARE, CORE, TABLES = "bare FTS5", "bare Python core", "our tables alone"
TAKEN_IN, INGESTS = 100_000, 3
TYPED = [COMMON[:n] for n in range(1, len(COMMON) + 1)]
# What is asked, as ours understands it and as FTS5 does.
QUESTIONS: dict[str, tuple[list[str], list[str]]] = {
    "a rare word": ([f"{RARE} "], [RARE]),
    "a common word": ([f"{COMMON} "], [COMMON]),
    "two words": ([f"{PAIR[0]} {PAIR[1]} "], [f"{PAIR[0]} {PAIR[1]}"]),
    "a prefix of three letters": ([COMMON[:3]], [f"{COMMON[:3]}*"]),
    "as it is typed": (TYPED, [f"{part}*" for part in TYPED]),
}


def timed(work: Callable[[Any], object], asked: Iterable[Any]) -> list[float]:
    """Milliseconds of each question, asked again and again."""
    taken = []
    for _n in range(TIMES):
        for one in asked:
            began = time.perf_counter()
            work(one)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def taking_in(size: int) -> float:
    """Seconds of taking a history in, checked and indexed, each in turn into an empty store."""
    ours, theirs, alone = [], [], []
    for _round in range(INGESTS if size < TAKEN_IN else 1):
        with tempfile.TemporaryDirectory() as name:
            ours.append(size / asyncio.run(fill(Path(name) / "data", Path(name) / "state", size)))
            core, seconds = filled_core(Path(name) / "core.db", size)
            core.database.close()
            theirs.append(size / seconds)
            alone.append(size / written(Path(name) / "tables.db", size))
    say(JOB, "taken in", TABLES, "posts/s", alone, size)
    say(JOB, "taken in", CORE, "posts/s", theirs, size)
    return size / say(JOB, "taken in", OURS, "posts/s", ours, size).median


def bare(count: int) -> tuple[Core, int]:
    """(bare core of that size, its bytes)."""
    path = cache("stores") / f"core-{count}.db"
    path.unlink(missing_ok=True)
    core, _seconds = filled_core(path, count)
    core.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return core, path.stat().st_size


def main(sizes: tuple[int, ...]) -> None:
    grown: dict[str, dict[int, float]] = {}
    for size in sizes:
        if size <= TAKEN_IN:
            grown.setdefault("taking in", {})[size] = taking_in(size)
        ours, (core, weight) = filled(size), bare(size)
        say(JOB, "disk a post", OURS, "B", [_weight(ours.folder) / size], size)
        say(JOB, "disk a post", CORE, "B", [weight / size], size)
        store = opened(ours.folder)
        try:
            found = compare(store, core, size)
        finally:
            store.close()
            core.database.close()
        for what, value in found.items():
            grown.setdefault(what, {})[size] = value
    for what, by_size in grown.items():
        tell(JOB, f"{what}: {growth(by_size)}")


def compare(store: Store, core: Core, size: int) -> dict[str, float]:
    """Each question, ours and bare in turn; the medians of ours."""
    thread = _long_thread(store)
    works: dict[str, tuple[Callable[[Any], object], list[Any], Callable[[Any], object], list[Any]]] = {
        what: (store.search, ours, core.search, theirs) for what, (ours, theirs) in QUESTIONS.items()
    }
    works["a page of the timeline"] = (lambda _n: store.timeline(), [0], lambda _n: core.page(), [0])
    works["the thread of 500"] = (store.answers, [thread], lambda _n: core.page(500), [0])
    medians = {}
    for what, (work, asked, bare_work, bare_asked) in works.items():
        ours, theirs = [], []
        for _round in range(ROUNDS):
            ours.append(timed(work, asked))
            theirs.append(timed(bare_work, bare_asked))
        medians[what] = say(JOB, what, OURS, "ms", [percent(ms, 50) for ms in ours], size).median
        say(JOB, f"{what}, 99 of 100", OURS, "ms", [percent(ms, 99) for ms in ours], size)
        say(JOB, what, BARE, "ms", [percent(ms, 50) for ms in theirs], size)
        say(JOB, f"{what}, 99 of 100", BARE, "ms", [percent(ms, 99) for ms in theirs], size)
    return medians


def _long_thread(store: Store) -> str:
    """The id of the question with the most answers: the oldest post."""
    page = store.timeline(limit=1, before=store.database.row("SELECT min(key) + 1 FROM timeline")[0])
    return page.rows[0].id


def _weight(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("posts.db*"))


if __name__ == "__main__":
    with steady(JOB):
        main(SIZES + (LONG if "--long" in sys.argv else ()))
