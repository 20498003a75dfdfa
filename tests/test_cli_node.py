"""`deskblog node` and who else has its folder, as real programs. Without a network."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deskblog.cli import STARTING_SECONDS
from tests.engine.desk import Desk, desks

BUT_A_MOMENT = 2.0  # s in which a node that does not wait has given up


@asynccontextmanager
async def node(folder: Path) -> AsyncIterator[Process]:
    words = "-m", "deskblog", "--data", str(folder), "node", "--no-discovery", "--port", "0", "--json"
    env = {**os.environ, "HOME": str(folder.parent), "XDG_STATE_HOME": str(folder.parent / "state")}
    program = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, stderr=PIPE, env=env)
    try:
        yield program
    finally:
        if program.returncode is None:
            program.terminate()
        await program.communicate()


async def until_ready(program: Process) -> None:
    assert program.stdout is not None
    async with asyncio.timeout(20):
        while json.loads(await program.stdout.readline())["event"] != "ready":
            pass


async def test_a_node_waits_for_a_command_that_has_the_folder(tmp_path: Path) -> None:
    async with desks(tmp_path, "Anne", network=False) as (anne,):
        await anne.found()
        async with node(anne.folder) as program:
            ended = asyncio.create_task(program.wait())
            assert await asyncio.wait([ended], timeout=BUT_A_MOMENT) == (set(), {ended}), "it gave up"
            await anne.engine.stop()
            await until_ready(program)


async def test_a_second_node_is_told_of_the_first_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "Anne")
    async with node(desk.folder) as first:
        await until_ready(first)
        async with (
            asyncio.timeout(STARTING_SECONDS),
            node(desk.folder) as second,
        ):  # one that waits is told after that
            _said, errors = await second.communicate()
        assert second.returncode == 1 and b"already running" in errors
