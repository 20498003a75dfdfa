"""A whole desktop on a host's virtual screen: a bus, a window manager, panels that come and go, other programs."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.attention.daemons import BUS
from tests.office.hosts import Host
from tests.office.screen import Screen

TINT2 = "panel_items = TSC\npanel_size = 100% 34\npanel_position = bottom center horizontal\n"
OTHER = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication(["other"])
app.setDesktopFileName("other")
line = QLineEdit()
line.setWindowTitle(sys.argv[1])
line.textChanged.connect(lambda text: line.setWindowTitle(f"{sys.argv[1]}: {text}"))
line.resize(300, 60)
line.move(40, 40)
line.show()
app.exec()
"""


class Desktop(Screen):
    """`manager`: the window manager. Programs are started one by one and ended by whoever started them."""

    def __init__(self, host: Host, folder: Path, *, manager: str = "openbox", bus: bool = True) -> None:
        super().__init__(host, folder)
        self.env |= {"NO_AT_BRIDGE": "1", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        self._started = 0
        self._rc = host.folder / "tint2rc"
        self._rc.write_text(TINT2)
        if bus:
            config = host.folder / "bus.conf"
            config.write_text(BUS.format(services=""))
            daemon = self.start("dbus-daemon", f"--config-file={config}", "--nofork", "--print-address")
            assert daemon.stdout is not None
            self.env["DBUS_SESSION_BUS_ADDRESS"] = daemon.stdout.readline().strip()
            self.start(str(next(Path("/usr/lib").glob("*/xfce4/xfconf/xfconfd"))))  # Xfce's programs ask it
            self.until(lambda: self.owned("org.xfce.Xfconf"))
        self.start(*([manager] if manager == "openbox" else [manager, "--compositor=off"]))
        self.until(lambda: self.run("xdotool", "get_desktop").returncode == 0)

    def start(self, *words: str) -> subprocess.Popen[str]:
        self._started += 1
        with (self.host.folder / f"said-{self._started}").open("w") as said:
            return self.host.start(words, env=self.env, stderr=said)

    def end(self, program: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> int:
        """Ends it by a signal; its exit code."""
        program.send_signal(number)
        return program.wait(20)

    # --- trays --------------------------------------------------------------------------------------------
    def tint2(self) -> subprocess.Popen[str]:
        """A tray by XEmbed."""
        panel = self.start("tint2", "-c", str(self._rc))
        self.until(lambda: bool(self.run("xdotool", "search", "--onlyvisible", "--class", "tint2").stdout))
        return panel

    def xfce(self) -> subprocess.Popen[str]:
        """A tray by StatusNotifierItem."""
        panel = self.start("xfce4-panel", "--disable-wm-check")
        self.until(lambda: self.owned("org.kde.StatusNotifierWatcher"))
        return panel

    def owned(self, name: str) -> bool:
        driver = "org.freedesktop.DBus"
        asked = ["gdbus", "call", "--session", "-d", driver, "-o", "/", "-m", f"{driver}.NameHasOwner", name]
        return self.run(*asked).stdout.strip() == "(true,)"

    def items(self) -> str:
        """What stands in the tray by StatusNotifierItem, as its watcher says."""
        name, path = "org.kde.StatusNotifierWatcher", "/StatusNotifierWatcher"
        words = [name, "RegisteredStatusNotifierItems"]
        call = ["gdbus", "call", "--session", "-d", name, "-o", path, "-m", "org.freedesktop.DBus.Properties.Get"]
        return self.run(*call, *words).stdout.strip()

    def icon(self) -> tuple[int, int] | None:
        """The middle of the little window by which the app shows its icon in a tray by XEmbed."""
        for window in self.windows():
            said = self.run("xdotool", "getwindowgeometry", "--shell", window).stdout
            place = {name: int(value) for name, _is, value in (line.partition("=") for line in said.splitlines())}
            if 0 < place.get("WIDTH", 0) <= 48:
                return place["X"] + place["WIDTH"] // 2, place["Y"] + place["HEIGHT"] // 2
        return None

    def click_icon(self) -> None:
        self.until(lambda: self.icon() is not None)
        x, y = self.icon() or (0, 0)
        self.run("xdotool", "mousemove", str(x), str(y), "click", "1")

    # --- programs -----------------------------------------------------------------------------------------
    def app(self, *words: str) -> subprocess.Popen[str]:
        """The app itself, with an eye beside it."""
        return self.start(sys.executable, "-m", "tests.office.driven", self._eye, *words)

    def other(self, title: str) -> subprocess.Popen[str]:
        """Another program, with a line to write in; what is in the line is in its title."""
        program = self.start(sys.executable, "-c", OTHER, title)
        self.until(lambda: self.active().startswith(title))
        return program

    def active(self) -> str:
        """The title of the window that has the focus."""
        return self.run("xdotool", "getactivewindow", "getwindowname").stdout.strip()

    def press(self, *keys: str) -> None:
        """To whoever has the focus."""
        self.run("xdotool", "key", "--delay", "20", *keys)

    def write(self, text: str) -> None:
        """To whoever has the focus."""
        self.run("xdotool", "type", "--delay", "5", text)

    def shown(self, title: str) -> bool:
        return bool(self.run("xdotool", "search", "--onlyvisible", "--name", title).stdout.split())

    def iconic(self, title: str) -> bool:
        """A window of that title is minimised."""
        found = self.run("xdotool", "search", "--name", title).stdout.split()
        return any("Iconic" in self.run("xprop", "-id", window, "WM_STATE").stdout for window in found)

    def kept(self, key: str) -> str:
        """What the window has written under this key."""
        with closing(sqlite3.connect(f"file:{self.host.data / 'posts.db'}?mode=ro", uri=True)) as database:
            found = database.execute("SELECT value FROM meta WHERE key = ?", (f"ui-{key}",)).fetchone()
        return str(found[0]) if found else ""

    def remember(self, key: str, value: str) -> None:
        """As if the window had been told so."""
        code = (
            "import asyncio, sys\n"
            "from deskblog import paths\n"
            "from deskblog.engine import Engine, Options\n"
            "async def tell():\n"
            "    engine = Engine(paths.data_folder(), lambda event: None, options=Options(network=False))\n"
            "    await engine.start()\n"
            "    await engine.remember(*sys.argv[1:])\n"
            "    await engine.stop()\n"
            "asyncio.run(tell())\n"
        )
        assert self.run(sys.executable, "-c", code, key, value).returncode == 0

    def pressed_up(self, keys: str, title: str) -> bool:
        """Presses the keys, and says whether a window of that title has the focus; where nobody heard them, again."""
        if self.active() != title:
            self.press(keys)
        return self.active() == title
