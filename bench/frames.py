"""How long a frame takes while one scrolls, in stores of three sizes: the real window on a virtual screen.

Each run scrolls 400 steps of 37 pixels down from the newest, and paints at once what came into sight.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import OURS, Contestant, answer, growth, percent, python, say, steady, tell
from bench.stores import copied
from bench.xscreen import Screen

JOB, SIZES, ROUNDS, STEPS, STEP = "frames", (1_000, 10_000, 100_000), 3, 400, 37
PATIENCE = 5.0


def scroll(folder: Path) -> None:
    """One window, one run."""
    from deskblog.app import App
    from deskblog.engine import Options
    from deskblog.ui.session import Application
    from deskblog.ui.theme import Theme

    qt = Application(["deskblog"])
    app = App(qt, Theme(qt), folder / "data", Options(network=False, state=folder / "state"))
    app.start(hidden=False, compose=False)
    view = app.window.timeline
    while not (app.window.isVisible() and view.rows.rowCount()):
        qt.processEvents()
    frames = []
    bar = view.verticalScrollBar()
    for _step in range(STEPS):
        end = time.monotonic() + PATIENCE  # a page that comes late: what does not move is no frame
        while bar.value() + STEP > bar.maximum() and time.monotonic() < end:
            qt.processEvents()
        at = time.perf_counter()
        bar.setValue(bar.value() + STEP)
        view.viewport().repaint()
        frames.append((time.perf_counter() - at) * 1000)
        qt.processEvents()
    answer({"ms": frames})
    app.stop()


def main() -> None:
    p95: dict[int, float] = {}
    with Screen() as screen, tempfile.TemporaryDirectory() as name:
        for size in SIZES:
            copied(size, Path(name) / str(size))
        rounds: dict[int, list[list[float]]] = {size: [] for size in SIZES}
        env = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
        for _round in range(ROUNDS):
            for size in SIZES:
                command = python("bench.frames", "scroll", str(Path(name) / str(size)))
                with Contestant(OURS, command, env=env) as one:
                    rounds[size].append(one.hear()["ms"])
    for size, taken in rounds.items():
        say(JOB, "a frame, half of them", OURS, "ms", [statistics.median(ms) for ms in taken], size)
        p95[size] = say(JOB, "a frame, 95 of 100", OURS, "ms", [percent(ms, 95) for ms in taken], size).median
        say(JOB, "a frame, the worst", OURS, "ms", [max(ms) for ms in taken], size)
    tell(JOB, f"a frame, 95 of 100: {growth(p95)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["scroll"]:
        scroll(Path(sys.argv[2]))
    else:
        with steady(JOB):
            main()
