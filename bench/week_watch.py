"""The node that is looked at, from outside: its process, what it says, what its person asks of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections import Counter
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from bench.measure import ROOT, cpu_seconds, resident
from bench.week_weight import KIB, Sample, descriptors, size
from deskblog.control import ControlClient

LINE, PATIENCE = 1 << 24, 120.0
CALM = 2.5  # s until what is said a little later was said


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


class Node:
    def __init__(self, folder: Path, runtime: Path) -> None:
        self.data, self._states = folder / "data", folder / "states"
        self.env = {
            **os.environ,
            "DESKBLOG_DATA": str(self.data),
            "DESKBLOG_LANGUAGE": "en",
            "XDG_STATE_HOME": str(self._states),
            "XDG_RUNTIME_DIR": str(runtime),
            "PYTHONPATH": str(ROOT),
            "no_proxy": "*",
        }
        self.port, self.run, self.processor = free_port(), 0, 0.0
        self.said: Counter[str] = Counter()

    @property
    def state(self) -> Path:
        return self._states / "deskblog"

    # --- its process --------------------------------------------------------------------------------------
    async def start(self, now: int) -> None:
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._ready = asyncio.Event()
        words = ("bench.week_node", "node", "--json", "--no-discovery", "--port", str(self.port))
        self._program = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE,
            cwd=ROOT, env=self.env,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        self.turn(now)
        self.run += 1
        async with asyncio.timeout(PATIENCE):
            await self._ready.wait()

    async def _read(self) -> None:
        assert self._program.stdout is not None
        async for text in self._program.stdout:
            line = json.loads(text)
            if "event" not in line:
                self._answers.put_nowait(line)
                continue
            self.said[line["event"]] += 1
            if line["event"] == "ready":
                self._ready.set()

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.processor += cpu_seconds(self.pid)
        self._program.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            code = await self._program.wait()
        await self._reading
        assert code in (0, -number), f"the node ended with {code}"

    def kill(self) -> None:
        """Whatever has happened, no process of it stays."""
        with suppress(ProcessLookupError, AttributeError):
            self._program.kill()

    def sleep(self) -> None:
        self._program.send_signal(signal.SIGSTOP)

    def wake(self, now: int) -> None:
        self.turn(now, slept=True)
        self._program.send_signal(signal.SIGCONT)

    @property
    def pid(self) -> int:
        return self._program.pid

    # --- what it is asked ---------------------------------------------------------------------------------
    def turn(self, now: int, *, slept: bool = False) -> None:
        self._tell({"clock": now, "slept": slept})

    def _tell(self, line: dict[str, Any]) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(json.dumps(line).encode() + b"\n")

    async def ask(self, **line: object) -> dict[str, Any]:
        self._tell(line)
        async with asyncio.timeout(PATIENCE):
            return await self._answers.get()

    async def do(self, what: str, **args: object) -> list[dict[str, Any]]:
        """A command, as the command line gives it: by the local door."""
        client = await ControlClient.connect(self.data)
        assert client is not None, "the node cannot be asked"
        try:
            async with aclosing(client.run(what, args)) as lines:
                return [line async for line in lines]
        finally:
            await client.close()

    # --- what it weighs -----------------------------------------------------------------------------------
    async def sample(self, at: float, links: int) -> Sample:
        """Once nothing is coming any more and so many links stand."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self.ask(weigh=True)
                if not found["feeds"] and not found["blobs"] and found["links"] == links:
                    break
                await asyncio.sleep(0.1)
        await asyncio.sleep(CALM)
        found = await self.ask(weigh=True)
        return Sample(
            self.run, at, resident(self.pid), descriptors(self.pid), tuple(found["threads"]), found["pool"],
            found["tasks"], found["sqlite"] / KIB**2, size(self.data, "posts.db"), size(self.data, "posts.db-wal"),
            size(self.data, "blobs/**/*"),
        )  # fmt: skip
