"""The window with a long timeline: how long a frame takes while one scrolls, and how the rest of it weighs.

Real posts of four people, with threads, in a real store, in the real window on a virtual screen (Xvfb must be there).
With `mixed` every fourth row is an item of a feed.
One run scrolls 400 steps of 37 pixels down from the newest, and the same again with a thousand posts: the ratio says
what size costs. A benchmark is no test: nothing fails here.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskblog.engine import Engine

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

DISPLAY = ":79"
STEPS, STEP = 400, 37
SIZES = (1_000, 10_000)
TALK = "the lift is out of order again and whoever has the key may ask at the desk on the second floor"


def text_of(n: int) -> str:
    """Short and long ones, some with a tag or a link."""
    said = TALK.split()
    words = [said[(n * 7 + k * 3) % len(said)] for k in range(4 + n % 23)]
    more = (" #planning", " https://intranet.example/prices", " @Paul", "")[n % 4] if n % 5 == 0 else ""
    return f"{' '.join(words)} {n}{more}"


async def fill(folder: Path, count: int, items: int) -> None:
    """Every seventh asks, and has two answers; so many items of feeds stand between them."""
    from deskblog.engine import Engine, Options

    count -= items
    began = time.time_ns() // 1_000_000
    engine = Engine(folder / "me", lambda _event: None, options=Options(network=False, state=folder / "state"))
    await engine.start()
    await engine.found("Dupont & fils", "Anne Martin")
    asked = ""
    for n in range(count):
        if n % 7 == 0:
            asked = (await engine.post(text_of(n), kind="question")).id
        else:
            await engine.post(text_of(n), answer_to=asked if n % 7 in (2, 5) else "")
    await bring(engine, items, began, time.time_ns() // 1_000_000)
    await engine.stop()


async def bring(engine: Engine, count: int, first: int, last: int) -> None:
    """Items of ten feeds, spread over that time (UTC ms)."""
    from deskblog.store.items import Came

    store = engine._vault.store.feeds
    for n in range(10 if count else 0):
        url = f"https://site{n}.example/feed"
        add = partial(store.add, url, url, url, "", typed=True, private=False, state=b"")
        await engine._vault.call(add)
    for kept in await engine._vault.call(store.all):
        came = [
            Came(
                str(n), (), "", first + (last - first) * n // count, f"{kept.url}/{n}", text_of(n),
                text_of(n + 9) * 3, "", "Zoé", "", unread=False,
            )
            for n in range(kept.n, count, 10)
        ]  # fmt: skip
        await engine._vault.call(store.take, kept, came, [], 0)


def scroll(folder: Path, count: int) -> None:
    """One window, one run; prints what it took."""
    from PySide6.QtWidgets import QApplication

    from deskblog.app import App
    from deskblog.engine import Options
    from deskblog.ui.theme import Theme

    qt = QApplication(["deskblog"])
    began = time.perf_counter()
    app = App(qt, Theme(qt), folder / "me", Options(network=False, state=folder / "state"))
    app.start(hidden=False, compose=False)
    view = app.window.timeline
    while not (app.window.isVisible() and view.rows.rowCount()):
        qt.processEvents()
    shown = time.perf_counter() - began
    frames = []
    for _step in range(STEPS):
        at = time.perf_counter()
        bar = view.verticalScrollBar()
        bar.setValue(bar.value() + STEP)
        view.viewport().repaint()
        frames.append((time.perf_counter() - at) * 1000)
        qt.processEvents()
    ranked = sorted(frames)
    p50, p95 = statistics.median(ranked), ranked[len(ranked) * 95 // 100]
    memory = (
        int(next(x for x in Path("/proc/self/status").read_text().splitlines() if "VmRSS" in x).split()[1]) // 1024
    )
    sys.stdout.write(
        f"{count} posts: window with posts after {shown * 1000:.0f} ms (imports left out); a frame while scrolling "
        f"p50 {p50:.2f}, p95 {p95:.2f}, most {ranked[-1]:.2f} ms; {memory} MiB\n"
    )
    sys.stdout.flush()
    app.stop()


def main() -> int:
    if len(sys.argv) > 2:
        scroll(Path(sys.argv[1]), int(sys.argv[2]))
        return 0
    screen = subprocess.Popen(["Xvfb", DISPLAY, "-screen", "0", "1200x900x24"], stderr=subprocess.DEVNULL)
    try:
        for count in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                asyncio.run(fill(Path(folder), count, count // 4 if sys.argv[1:] == ["mixed"] else 0))
                env = {**os.environ, "DISPLAY": DISPLAY, "QT_QPA_PLATFORM": "xcb"}
                for _round in range(3):
                    subprocess.run([sys.executable, __file__, folder, str(count)], check=True, env=env)
    finally:
        screen.terminate()
        screen.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
