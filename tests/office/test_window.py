"""Two real windows on two hosts, each under a virtual screen of its own: what is typed in one is seen in both."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.office.hosts import Host, Office

PICTURES = os.environ.get("DESKBLOG_PICTURES", "")  # a folder to keep the screenshots in, for eyes
_displays = itertools.count(90 + os.getpid() % 400)
SIZE = "1000x760x24"


class Screen:
    """A virtual screen on a host, with the app; no window manager, so the focus is given by hand."""

    def __init__(self, host: Host, folder: Path) -> None:
        self._host = host
        self._folder = folder
        self._display = f":{next(_displays)}"
        self.env = {**host.env, "DISPLAY": self._display, "DESKBLOG_THEME": "light", "QT_QPA_PLATFORM": "xcb"}
        host.start(["Xvfb", self._display, "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"], env=host.env)
        self.until(lambda: self.run("xdpyinfo").returncode == 0)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._host.run(list(words), env=self.env)

    def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        """Asks again until it is so: X tells nobody when it is ready."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "waited in vain"

    def open_app(self) -> None:
        self._host.start([sys.executable, "-m", "deskblog"], env=self.env)
        self.until(lambda: bool(self.windows()))

    def windows(self) -> list[str]:
        return self.run("xdotool", "search", "--onlyvisible", "--class", "deskblog").stdout.split()

    def type(self, text: str) -> None:
        self.run("xdotool", "windowfocus", "--sync", self.windows()[-1])
        self.run("xdotool", "type", "--delay", "5", text)
        self.run("xdotool", "key", "ctrl+Return")

    def picture(self, name: str) -> Path:
        path = self._folder / f"{name}.png"
        self.run("import", "-window", "root", str(path))
        if PICTURES:
            shutil.copy(path, PICTURES)
        return path

    def pixels_changed(self, one: Path, other: Path) -> int:
        said = self.run("compare", "-metric", "AE", "-fuzz", "5%", str(one), str(other), "null:").stderr
        return int(float(said.split()[0]))


@contextmanager
def screens(folder: Path, *hosts: Host) -> Iterator[list[Screen]]:
    yield [Screen(host, folder) for host in hosts]


@pytest.mark.office
def test_a_post_typed_in_one_window_is_seen_in_the_other(office: Office, tmp_path: Path) -> None:
    lan = office.lan()
    a, b = office.host("a", lan), office.host("b", lan)
    a.cli("office", "found", "Dupont & fils", "--me", "Anne")
    with screens(tmp_path, a, b) as (anne, paul):
        anne.open_app()
        node = b.node()
        node.wait("ready")
        a.admit(b, "Paul")
        node.wait("linked", person="Anne")
        node.stop()
        paul.open_app()
        paul.until(lambda: any(p["here"] and not p["me"] for p in b.cli("office", "people")))
        before = paul.picture("window-b-before")
        anne.type("Coffee is ready, second floor")
        paul.until(lambda: [row["text"] for row in b.cli("timeline")] == ["Coffee is ready, second floor"])
        paul.until(lambda: paul.pixels_changed(before, paul.picture("window-b")) > 3000)
        quiet = anne.picture("window-a-before")
        paul.type("Coming!")
        anne.until(lambda: len(a.cli("timeline")) == 2)
        anne.until(lambda: anne.pixels_changed(quiet, anne.picture("window-a")) > 3000)
