"""From the start of a process to its window, and what it weighs then; beside a bare PySide6 window and others' apps.

On a virtual screen, and on a virtual PC where that can be, so that nobody outside is told. The first start of all,
which warms the disk, does not count.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.beside import debian_version, desktop_peers
from bench.measure import OURS, ROOT, cpu_seconds, growth, python, resident, say, steady, tell
from bench.peers.loaded import names
from bench.stores import copied
from bench.xscreen import Screen

JOB, SIZES, ROUNDS, SETTLED = "start", (100, 10_000, 100_000), 3, 3.0
SKELETON, LOADED = "bare PySide6 window", "bare window, libraries loaded"
IDLE = "bare window, deskblog loaded"  # and nothing of it begun


@contextmanager
def apart() -> Iterator[None]:
    """On a virtual PC with a cable in, if this machine can; else here."""
    sys.path.insert(0, str(ROOT))
    from tests.office.hosts import Office
    from tests.office.space import why_not

    reason = why_not()
    if reason is not None:
        tell(JOB, f"On this PC's own network, for there is no virtual one: {reason}.")
        yield
        return
    with Office() as office:
        host = office.host("anne", office.lan())
        with host.inside():
            yield


class Place:
    """A home of its own with so many posts in it."""

    def __init__(self, folder: Path, posts: int) -> None:
        self.folder, self.posts = folder, posts
        data, state = copied(posts, folder / "store")
        (folder / "run").mkdir(mode=0o700)
        (folder / "states").mkdir()
        shutil.move(state, folder / "states" / "deskblog")
        self.data = data

    def env(self, display: str) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder / "run"),
            "PYTHONPATH": str(ROOT),
            "XDG_STATE_HOME": str(self.folder / "states"),
            "DESKBLOG_DATA": str(self.data),
            "DESKBLOG_LANGUAGE": "en",
        }


def window(screen: Screen, command: list[str], env: Mapping[str, str]) -> dict[str, float]:
    """Seconds to the window and to posts painted in it (if it says so), and MiB once it is settled."""
    screen.forget()
    began = time.perf_counter()
    program = subprocess.Popen(
        command,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        at = screen.mapped()
        found = {"window": at - began, "cpu": cpu_seconds(program.pid)} if at else {}
        if "bench.shown" in command:
            assert program.stdout is not None
            line = next((line for line in program.stdout if line.startswith("{")), "")
            found["posts"] = float(json.loads(line)["painted"]) - began
        time.sleep(SETTLED)
        found["memory"] = resident(program.pid)
    finally:
        end(program)
    return found


def node(env: Mapping[str, str]) -> dict[str, float]:
    """Seconds until a node without a window serves, and its MiB once it is settled."""
    began = time.perf_counter()
    program = subprocess.Popen(
        python("deskblog", "node", "--json"),
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        assert program.stdout is not None
        next(line for line in program.stdout if '"ready"' in line)
        found = {"ready": time.perf_counter() - began, "cpu": cpu_seconds(program.pid)}
        time.sleep(SETTLED)
        found["memory"] = resident(program.pid)
    finally:
        end(program)
    return found


def end(program: subprocess.Popen[str]) -> None:
    """Ends a program and what it started, and nothing else."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGTERM)
    try:
        program.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    if program.stdout is not None:
        program.stdout.close()


def main() -> None:
    peers, why = desktop_peers()
    if why:
        tell(JOB, why)
    for name in peers:
        tell(JOB, f"{name}: {debian_version(name)} of Debian, with an empty home.")
    with tempfile.TemporaryDirectory() as name, apart(), Screen() as screen:
        places = [Place(Path(name) / str(size), size) for size in SIZES]
        empty = Path(name) / "empty"
        (empty / "run").mkdir(parents=True, mode=0o700)
        bare = {**places[0].env(screen.name), "HOME": str(empty), "XDG_RUNTIME_DIR": str(empty / "run")}
        libraries = names()
        commands = {
            SKELETON: python("bench.peers.skeleton"),
            LOADED: python("bench.peers.loaded", json.dumps(libraries)),
            IDLE: python("bench.peers.loaded", json.dumps(["deskblog.app", *libraries])),
            **peers,
        }
        found: dict[tuple[str, int, str], list[float]] = {}
        for round_ in range(ROUNDS + 1):
            taken = {(who, 0): window(screen, command, bare) for who, command in commands.items()}
            for place in places:
                env = place.env(screen.name)
                taken[OURS, place.posts] = window(screen, python("bench.shown"), env)
                taken["deskblog node", place.posts] = node(env)
            for (who, size), values in taken.items() if round_ else ():
                for what, value in values.items():
                    found.setdefault((who, size, what), []).append(value)
    report(found)


WORDS = {
    "window": ("start, its window", "s"),
    "posts": ("start, a window with posts", "s"),
    "ready": ("start, serving", "s"),
    "cpu": ("start, its processor until then", "s"),
    "memory": ("memory", "MiB"),
}


def report(found: Mapping[tuple[str, int, str], list[float]]) -> None:
    grown: dict[str, dict[int, float]] = {}
    for (who, size, what), values in found.items():
        words, unit = WORDS[what]
        figure = say(JOB, words, who, unit, values, size)
        if size:
            grown.setdefault(f"{who}, {words}", {})[size] = figure.median
    for what, by_size in grown.items():
        tell(JOB, f"{what}: {growth(by_size)}")


if __name__ == "__main__":
    with steady(JOB):
        main()
