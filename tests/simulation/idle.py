"""An office of so many PCs, and an hour of virtual time without a deed: python -m tests.simulation.idle N

Counts how often a PC has to wake for it (moments at which something was due; all PCs share one loop, so those of a
large office fall together) and what its store is asked meanwhile. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.simulation import run
from tests.simulation.loop import VirtualLoop
from tests.simulation.schedule import Schedule
from tests.simulation.world import World

SETTLING, HOUR = 600.0, 3600.0


class Counted(VirtualLoop):
    """Counts moments and work for threads."""

    moments = threads = 0

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:  # type: ignore[override]
        self.threads += 1
        return super().run_in_executor(executor, func, *args)

    def _run_once(self) -> None:
        before = self.now
        super()._run_once()  # type: ignore[misc]
        self.moments += self.now > before


async def hour(schedule: Schedule, loop: Counted) -> dict[str, float]:
    await schedule._found()
    await asyncio.sleep(SETTLING)
    before = loop.moments, loop.threads
    await asyncio.sleep(HOUR)
    size = len(schedule.world.pcs)
    return {"woken": (loop.moments - before[0]) / size, "asked": (loop.threads - before[1]) / size}


def main(size: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="deskblog-idle-"))
    world = World(1, folder)
    run._world.append(world)
    loop = Counted(world.dice)
    world.loop = loop
    loop.set_task_factory(world.task)
    try:
        return loop.run_until_complete(hour(Schedule(world, size, 0), loop))
    finally:
        run._end(world, loop)
        run._world.pop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))) + "\n")
