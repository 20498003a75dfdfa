"""What the app costs while its window is open and nobody does anything, beside a bare window and others' apps.

All at once on one virtual screen, each with a home of its own; ours with 10,000 posts and nobody else on its network.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from bench.beside import desktop_peers
from bench.measure import OURS, ROOT, cpu_seconds, python, say, tell, wake_ups
from bench.start import SKELETON, Place, apart, end
from bench.xscreen import Screen

POSTS, CALM, ROUNDS, ROUND = 10_000, 45.0, 3, 60.0
WINDOW = f"{OURS}, its window open"


def begun(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[str]:
    """A program of which nothing is heard."""
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet, text=True, cwd=ROOT, start_new_session=True)


def measure(job: str) -> None:
    peers, why = desktop_peers()
    if why:
        tell(job, why)
    with tempfile.TemporaryDirectory() as name, apart(), Screen() as screen, ExitStack() as stack:
        place = Place(Path(name) / "ours", POSTS)
        running = {}
        for n, (who, command) in enumerate({SKELETON: python("bench.peers.skeleton"), **peers}.items()):
            home = Path(name) / f"home{n}"
            (home / "run").mkdir(parents=True, mode=0o700)
            env = {**place.env(screen.name), "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run")}
            running[who] = begun(command, env)
        running[WINDOW] = begun(python("bench.shown"), place.env(screen.name))
        for program in running.values():
            stack.callback(end, program)
        time.sleep(CALM)
        for who, (cpu, woken) in watch({who: program.pid for who, program in running.items()}).items():
            say(job, "idle, processor", who, "%", cpu)
            say(job, "idle, wake-ups", who, "a minute", woken)


def watch(pids: Mapping[str, int]) -> dict[str, tuple[list[float], list[float]]]:
    """Round after round of doing nothing: (% of a processor, wake-ups a minute)."""
    found: dict[str, tuple[list[float], list[float]]] = {who: ([], []) for who in pids}
    for _round in range(ROUNDS):
        before = {who: (cpu_seconds(pid), wake_ups(pid)) for who, pid in pids.items()}
        time.sleep(ROUND)
        for who, pid in pids.items():
            found[who][0].append(100 * (cpu_seconds(pid) - before[who][0]) / ROUND)
            found[who][1].append((wake_ups(pid) - before[who][1]) * 60 / ROUND)
    return found
