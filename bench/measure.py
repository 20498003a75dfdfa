"""What every job has in common: figures of several rounds as JSON lines, contestants asked in turn, and growth.

A job runs our side and the peers' in turn in one run, so that what else the machine does falls on all of them: ratios
of one run count, seconds are this machine's. A benchmark is no test: nothing fails here.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

ROOT = Path(__file__).parents[1]
OURS = "deskblog"
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured of one contestant at one size; of `rounds` the median counts, and the spread is shown."""

    job: str
    what: str
    who: str
    unit: str
    rounds: tuple[float, ...]
    size: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.rounds)


def cache(*names: str) -> Path:
    """A folder of the cache, made if need be: what was installed, filled or found is there for the next run."""
    folder = Path(os.environ.get("DESKBLOG_BENCH_CACHE", "") or user_cache_path("deskblog-bench")).joinpath(*names)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def say(job: str, what: str, who: str, unit: str, rounds: Sequence[float], size: int = 0) -> Figure:
    """A figure, as a JSON line for whoever assembles the page and in words for whoever waits."""
    figure = Figure(job, what, who, unit, tuple(round(value, 5) for value in rounds), size)
    sys.stdout.write(json.dumps(asdict(figure)) + "\n")
    sys.stdout.flush()
    spread = f" ({short(min(rounds))} to {short(max(rounds))})" if len(rounds) > 1 else ""
    whose = f"{who}, {size:,}" if size else who
    sys.stderr.write(f"  {what} [{whose}]: {short(figure.median)} {unit}{spread}\n")
    return figure


def tell(job: str, words: str) -> None:
    """Something to be known with the figures: what was left out, how it was taken."""
    sys.stdout.write(json.dumps({"job": job, "words": words}) + "\n")
    sys.stdout.flush()
    sys.stderr.write(f"  {words}\n")


def short(value: float) -> str:
    """Three digits that say something."""
    if not value:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def percent(values: Sequence[float], share: int) -> float:
    """The least value that so many percent do not pass (nearest rank)."""
    ranked = sorted(values)
    return ranked[math.ceil(len(ranked) * share / 100) - 1]


def growth(sizes: Mapping[int, float]) -> str:
    """What it is linear in: the exponent between the smallest and the largest size, in words."""
    least, most = min(sizes), max(sizes)
    if least == most or not sizes[least] or not sizes[most]:
        return "one size"
    exponent = math.log(sizes[most] / sizes[least]) / math.log(most / least)
    if exponent < 0.15:
        return f"does not grow with size (n^{exponent:.2f})"
    if exponent < 0.85:
        return f"grows slower than size (n^{exponent:.2f})"
    return f"linear in size (n^{exponent:.2f})" if exponent < 1.2 else f"grows faster than size (n^{exponent:.2f})"


# --- contestants ------------------------------------------------------------------------------------------
class Failed(Exception):
    """A contestant ended without an answer."""


class Contestant:
    """A program that answers each line with one of JSON."""

    def __init__(self, who: str, command: Sequence[str], *, env: Mapping[str, str] | None = None) -> None:
        self.who = who
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT,
            env={**os.environ, **(env or {})},
        )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._program.pid

    def hear(self) -> Json:
        """The next line of JSON."""
        assert self._program.stdout is not None
        for line in self._program.stdout:
            if line.startswith("{"):
                found: Json = json.loads(line)
                return found
        raise Failed(f"{self.who} ended")

    def ask(self, line: object) -> Json:
        assert self._program.stdin is not None
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()
        return self.hear()

    def close(self) -> None:
        assert self._program.stdin is not None
        self._program.stdin.close()
        try:
            self._program.wait(10)
        except subprocess.TimeoutExpired:
            self._program.kill()
            self._program.wait()

    def __enter__(self) -> Contestant:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()


def python(module: str, *words: str) -> list[str]:
    """Our own side or a peer in Python, as a contestant."""
    return [sys.executable, "-m", module, *words]


def answer(found: Json) -> None:
    """How a contestant in Python answers."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


# --- what a process weighs --------------------------------------------------------------------------------
def resident(pid: int) -> float:
    """MiB of memory, of one process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Seconds of processor of all its threads, to the nanosecond where the kernel counts so."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


def wake_ups(pid: int) -> int:
    """How often its threads went to sleep of themselves, and so were woken."""
    count = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        lines = (task / "status").read_text().splitlines()
        count += int(next(line for line in lines if line.startswith("voluntary_ctxt")).split()[1])
    return count


@contextmanager
def steady(job: str) -> Iterator[None]:
    """Says how loaded the machine was meanwhile."""
    before, began = os.getloadavg()[0], time.monotonic()
    yield
    after, took = os.getloadavg()[0], time.monotonic() - began
    line = {"job": job, "load": [round(before, 2), round(after, 2)], "took": round(took), "at": round(time.time())}
    sys.stdout.write(json.dumps(line) + "\n")


async def until(true: Callable[[], bool], seconds: float = 120.0) -> None:
    """Looks every two milliseconds whether it is so: what is measured says nothing when it is done."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def look() -> None:
        if true():
            done.set()
        else:
            loop.call_later(0.002, look)

    look()
    async with asyncio.timeout(seconds):
        await done.wait()


# --- texts ------------------------------------------------------------------------------------------------
COMMON, RARE, PAIR = "coffee", "salamander", ("ascenseur", "planning")


def babble(count: int, seed: int = 3) -> Iterator[str]:
    """Texts of 80 characters on average, of words as unequally frequent as in a language: the commonest is in every
    seventh, one word in ten posts of all, two that meet in one of a thousand."""
    from mnemonic import Mnemonic

    dice = random.Random(seed)
    words = [word for name in ("english", "french") for word in Mnemonic(name).wordlist]
    dice.shuffle(words)
    summed = list(itertools.accumulate(1 / (rank + 3) for rank in range(len(words))))
    for n in range(count):
        marks = [COMMON] if n % 7 == 3 else []
        marks += [RARE] if n % max(1, count // 10) == 5 else []
        marks += PAIR if n % 1000 == 11 else ()
        yield " ".join([*marks, *dice.choices(words, cum_weights=summed, k=dice.randint(5, 18) - len(marks))])
