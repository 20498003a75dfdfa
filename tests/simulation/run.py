"""One seed, from nothing to its verdict. Importing this puts seeded dice and a virtual clock into the process."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import secrets
import shutil
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from deskblog.net import hub as _hub
from deskblog.net.hub import Hub
from deskblog.net.link import Link
from tests.simulation.loop import VirtualLoop
from tests.simulation.schedule import Schedule
from tests.simulation.world import World

MEMORY = Path("/dev/shm")
_world: list[World] = []


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fault`: the law that was broken, or what else went wrong; `fingerprint`: the same for the same life."""

    fault: BaseException | None
    trace: tuple[str, ...]
    fingerprint: str


def _token_bytes(count: int | None = None) -> bytes:
    return _world[-1].token_bytes(32 if count is None else count)


async def _open(self: Hub, address: tuple[str, int]) -> Link | None:
    return await _world[-1].open(self, address)


async def _listen(self: Hub, port: int) -> None:
    self.port = port


def _put_in() -> None:
    """The outer edge: sockets, TLS, clock and dice."""
    secrets.token_bytes = _token_bytes  # type: ignore[assignment]
    time.time_ns = lambda: _world[-1].time_ns()
    Hub.open = _open  # type: ignore[method-assign]
    Hub.listen = _listen  # type: ignore[method-assign]
    _hub.make_contexts = lambda key, certificate: (None, None)  # type: ignore[attr-defined, return-value, assignment]


_put_in()
gc.freeze()  # what is imported stays; a collection after each seed need not look at it


def shape(seed: int) -> tuple[int, int]:
    """(PCs, steps) of a seed: mostly few, now and then a crowd."""
    dice = Random(seed * 7919)
    if seed % 100 == 99:
        return dice.randint(30, 50), 30
    if seed % 20 == 19:
        return dice.randint(8, 14), 30
    return dice.randint(2, 5), dice.randint(5, 30)


def simulate(seed: int) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="deskblog-sim-", dir=MEMORY if MEMORY.is_dir() else None))
    world = World(seed, folder)
    _world.append(world)
    size, steps = shape(seed)
    schedule = Schedule(world, size, steps)
    loop = VirtualLoop(world.dice)
    world.loop = loop
    loop.set_task_factory(world.task)
    faults: list[BaseException] = []
    loop.set_exception_handler(lambda _loop, what: _heard(faults, what))
    fault: BaseException | None = None
    try:
        loop.run_until_complete(schedule.live())
    except BaseException as broken:
        if isinstance(broken, KeyboardInterrupt):
            raise
        fault = broken
    fingerprint = hashlib.sha256("\n".join(world.trace).encode() + str(loop.now).encode()).hexdigest()[:16]
    _end(world, loop)
    shutil.rmtree(folder, ignore_errors=True)
    _world.pop()
    return Outcome(fault or (faults[0] if faults else None), tuple(world.trace), fingerprint)


def _heard(faults: list[BaseException], what: dict[str, Any]) -> None:
    fault = what.get("exception")
    if fault is not None and not isinstance(fault, asyncio.CancelledError):
        faults.append(fault)


def _end(world: World, loop: VirtualLoop) -> None:
    """Takes everything down without a word."""
    for pc in world.pcs:
        if pc.engine is not None:
            pc.life.over = True
            pc.engine._vault.store.database.close()
            pc.engine._lock.release()
    loop.set_exception_handler(lambda _loop, _what: None)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    for _turn in range(20):
        loop.call_soon(loop.stop)
        loop.run_forever()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        loop.close()
        gc.collect()
