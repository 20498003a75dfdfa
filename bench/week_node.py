"""`deskblog node` as its entry point starts it, which besides answers to lines of JSON on its input:

{"clock": MS, "slept": bool}   it is that time now            {"held": N}   says when so many entries are here
{"weigh": true}                tasks, threads by name, what feeds and blobs are still coming
{"ask": N}                     ms of processor of so many pages and searches
"""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
import json
import os
import signal
import sys
import threading
import time
from typing import Any

from bench.history import held
from bench.measure import COMMON, answer, until
from bench.turned import Clocks
from deskblog import cli
from deskblog.engine import Engine

POOL = "asyncio_"  # how the loop's own threads for blocking calls are called; their number has a ceiling


def sqlite_bytes() -> int:
    """What SQLite holds of this process's memory, its pages above all; 0 where that cannot be asked."""
    name = ctypes.util.find_library("sqlite3")
    if name is None:
        return 0
    ask = ctypes.CDLL(name).sqlite3_memory_used
    ask.restype = ctypes.c_int64
    return int(ask())


class Watched(Engine):
    """Nothing of it is another; its clock can be turned, and it says what it weighs."""

    async def start(self) -> None:
        self._bench_clocks = Clocks()
        self._bench_said = b""
        self._bench_tasks: set[asyncio.Task[None]] = set()
        first = json.loads(await asyncio.to_thread(sys.stdin.readline))
        self._bench_clocks.turn(first["clock"])
        await super().start()
        os.set_blocking(0, False)
        asyncio.get_running_loop().add_reader(0, self._bench_heard)

    def _bench_heard(self) -> None:
        data = os.read(0, 65536)
        if not data:  # whoever looks at it is gone
            signal.raise_signal(signal.SIGTERM)
            asyncio.get_running_loop().remove_reader(0)
        *lines, self._bench_said = (self._bench_said + data).split(b"\n")
        for line in lines:
            task = asyncio.create_task(self._bench_do(json.loads(line)))
            self._bench_tasks.add(task)
            task.add_done_callback(self._bench_tasks.discard)

    async def _bench_do(self, said: dict[str, Any]) -> None:
        if "clock" in said:
            self._bench_clocks.turn(said["clock"], slept=said.get("slept", False))
            self.feeds._wake.set()
        elif "held" in said:
            await until(lambda: held(self) >= said["held"])
            answer({"held": held(self)})
        elif "ask" in said:
            answer(
                {"page": await self._bench_timed(said["ask"]), "search": await self._bench_timed(said["ask"], COMMON)}
            )
        elif "weigh" in said:
            answer(await self._bench_weigh())

    async def _bench_timed(self, times: int, words: str = "") -> list[float]:
        """ms of processor of each, all threads: how long one waits hangs on what else this machine does."""
        taken = []
        for _n in range(times):
            began = time.process_time()
            await (self.search(words) if words else self.timeline())
            taken.append((time.process_time() - began) * 1000)
        return taken

    async def _bench_weigh(self) -> dict[str, Any]:
        names = [thread.name for thread in threading.enumerate()]
        assert self._network is not None
        return {
            "tasks": len(asyncio.all_tasks()) - 1,  # this one
            "threads": sorted(name for name in names if not name.startswith(POOL)),
            "pool": sum(name.startswith(POOL) for name in names),
            "links": len(self._network._hub.peers),
            "feeds": len(self.feeds._asking),
            "blobs": len(await self._vault.call(self._vault.store.blobs.wanted, 100)),
            "held": held(self),
            "blocks": sys.getallocatedblocks(),
            "sqlite": sqlite_bytes(),
        }


cli.Engine = Watched  # type: ignore[attr-defined]

if __name__ == "__main__":
    sys.exit(cli.main())
