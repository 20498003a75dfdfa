"""How long until something stands on the screen: the window of a start; with the app running the quick post, by
`deskblog --compose` and by a click on the tray. From the start of the process, or the click, to the first paint, and
until it has the focus. Real programs on a virtual screen with openbox and tint2.

    python bench/bench_compose.py [ROUNDS]
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
DISPLAY = f":{60 + os.getpid() % 30}"
TINT2 = "panel_items = TSC\npanel_size = 100% 34\npanel_position = bottom center horizontal\n"


async def found(folder: Path) -> None:
    from deskblog.engine import Engine, Options

    engine = Engine(folder / "me", lambda _event: None, options=Options(network=False, state=folder / "state"))
    await engine.start()
    await engine.found("Dupont", "Anne")
    for n in range(500):
        await engine.post(f"Post {n}")
    await engine.stop()


def app(folder: Path) -> None:
    """The app, which says when something was painted or has the focus."""
    from PySide6.QtCore import QEvent, QObject

    from deskblog.app import App
    from deskblog.engine import Options
    from deskblog.ui.door import Door
    from deskblog.ui.flyout import Flyout
    from deskblog.ui.session import Application
    from deskblog.ui.theme import Theme
    from deskblog.ui.window import Window

    qt = Application(["deskblog"])
    qt.setQuitOnLastWindowClosed(False)
    door = Door(folder / "me")
    door.open()
    made = App(qt, Theme(qt), folder / "me", Options(network=False, state=folder / "state"), door=door)

    class Watch(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.painted: set[object] = set()

        def eventFilter(self, thing: QObject, event: QEvent) -> bool:
            if isinstance(thing, Flyout | Window):
                what = "flyout" if isinstance(thing, Flyout) else "window"
                if event.type() == QEvent.Type.Paint and thing not in self.painted:
                    self.painted.add(thing)
                    say(what)
                elif event.type() == QEvent.Type.WindowActivate:
                    say(f"focus-{what}")
                elif event.type() == QEvent.Type.Hide:
                    self.painted.discard(thing)
                    say(f"hidden-{what}")
            return False

    def say(what: str) -> None:
        at, place = time.monotonic(), made.tray.place()
        sys.stdout.write(f"{what} {at} {place.x()} {place.y()}\n")
        sys.stdout.flush()

    watch = Watch()
    qt.installEventFilter(watch)
    made.run(hidden=False, compose=False)


class Running:
    def __init__(self, folder: Path) -> None:
        self.began = time.monotonic()
        words = [sys.executable, __file__, "--app", str(folder)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def until(self, what: str) -> tuple[float, list[str]]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            word, at, *place = line.split()
            if word == what:
                return float(at), place
        raise SystemExit("the app ended")


def told(name: str, painted: list[float], focused: list[float]) -> None:
    def figures(seconds: list[float]) -> str:
        ranked = sorted(1000 * one for one in seconds)
        return f"median {statistics.median(ranked):.0f}, most {ranked[-1]:.0f} ms"

    sys.stdout.write(f"{name}: painted after {figures(painted)}; with the focus after {figures(focused)}\n")
    sys.stdout.flush()


def measure(folder: Path, rounds: int) -> None:
    running = Running(folder)
    shown, _place = running.until("window")
    told("window of a start", [shown - running.began], [running.until("focus-window")[0] - running.began])
    compose = [sys.executable, "-m", "deskblog", "--data", str(folder / "me"), "--compose"]
    place: list[str] = []
    for name in ("deskblog --compose", "click on the tray"):
        painted, focused = [], []
        for _round in range(rounds):
            time.sleep(0.5)
            if name == "click on the tray":
                subprocess.run(["xdotool", "mousemove", *place], check=True)
            began = time.monotonic()
            subprocess.Popen(compose if name != "click on the tray" else ["xdotool", "click", "1"])
            at, place = running.until("flyout")
            painted.append(at - began)
            focused.append(running.until("focus-flyout")[0] - began)
            subprocess.run(["xdotool", "key", "Escape"], check=True)
            running.until("hidden-flyout")
        told(f"{name}, the first time", painted[:1], focused[:1])
        told(f"{name}, then", painted[1:], focused[1:])
    running.process.terminate()
    running.process.wait()


def main() -> int:
    if sys.argv[1:2] == ["--app"]:
        app(Path(sys.argv[2]))
        return 0
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        asyncio.run(found(Path(folder)))
        (Path(folder) / "rc").write_text(TINT2)
        os.environ |= {"DISPLAY": DISPLAY, "QT_QPA_PLATFORM": "xcb", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        for words in (
            ["Xvfb", DISPLAY, "-screen", "0", "1200x900x24"],
            ["openbox"],
            ["tint2", "-c", f"{folder}/rc"],
        ):
            program = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(program.wait)
            stack.callback(program.terminate)
            time.sleep(1)
        measure(Path(folder), rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
