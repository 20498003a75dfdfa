"""A virtual screen on a host with the real app on it, typed and clicked at as a person does, read as it is told."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.office.hosts import Host

PICTURES = os.environ.get("DESKBLOG_PICTURES", "")  # a folder to keep the screenshots in, for eyes
SIZE = "1000x760x24"


class Screen:
    """No window manager, so the focus is given by hand."""

    def __init__(self, host: Host, folder: Path, *, theme: str = "light", language: str = "en") -> None:
        self.host = host
        self._folder = folder
        words = ["Xvfb", "-displayfd", "1", "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"]
        self.server = host.start(words, env=host.env)
        assert self.server.stdout is not None
        self._display = f":{self.server.stdout.readline().strip()}"  # its own choice: other tests have screens, too
        self._eye = str(host.folder / "run" / "eye")
        self.env = {
            **host.env,
            "DISPLAY": self._display,
            "DESKBLOG_THEME": theme,
            "DESKBLOG_LANGUAGE": language,
            "QT_QPA_PLATFORM": "xcb",
        }
        self.until(lambda: self.run("xdpyinfo").returncode == 0)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.host.run(list(words), env=self.env)

    def until(self, true: Callable[[], bool], seconds: float = 30.0) -> None:
        """Asks again until it is so: X tells nobody when it is ready."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"waited in vain on the screen of {self.host.label}"

    def open_app(self) -> None:
        self.host.start([sys.executable, "-m", "tests.office.driven", self._eye], env=self.env)
        self.until(lambda: bool(self.windows()))

    def windows(self) -> list[str]:
        return self.run("xdotool", "search", "--onlyvisible", "--class", "deskblog").stdout.split()

    # --- what a person does -------------------------------------------------------------------------------
    def keys(self, *keys: str) -> None:
        """Presses them in the newest window."""
        self.run("xdotool", "windowfocus", "--sync", self.windows()[-1])
        self.run("xdotool", "key", "--delay", "20", *keys)

    def type(self, text: str, *then: str) -> None:
        """Types it where the caret stands, then these keys."""
        self.run("xdotool", "windowfocus", "--sync", self.windows()[-1])
        self.run("xdotool", "type", "--delay", "5", text)
        if then:
            self.run("xdotool", "key", "--delay", "20", *then)

    def click(self, name: str, words: str = "", button: int = 1) -> None:
        """Clicks the thing of that name, with these words in it too, as soon as it is in sight."""
        asked = {"where": name, "and": words}
        x, y = self.patiently(lambda: self.ask(**asked), f"“{name}” {words}")
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def post(self, text: str) -> None:
        """Writes it in the window and sends it at once."""
        self.click("Your post")
        self.type(text, "ctrl+Return")

    # --- what a person sees -------------------------------------------------------------------------------
    def ask(self, **what: str) -> Any:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line, line.makefile("rw") as asked:
            line.settimeout(20)
            line.connect(self._eye)
            asked.write(json.dumps(what) + "\n")
            asked.flush()
            return json.loads(asked.readline())

    def sees(self, *parts: str) -> bool:
        """Whether something in sight has all these words."""
        return any(all(part in text for part in parts) for text in self.ask(see=""))

    def wait(self, *parts: str) -> None:
        """Until something in sight has all these words."""
        self.patiently(lambda: self.sees(*parts), str(parts))

    def patiently(self, true: Callable[[], Any], what: str) -> Any:
        """Waits for it and gives it; if it does not come, says what is in sight."""
        end = time.monotonic() + 20
        while not (came := true()):
            if time.monotonic() > end:
                seen = "\n".join(self.ask(see=""))
                self.picture(f"in-vain-{self.host.label}")
                raise AssertionError(f"{self.host.label} never saw {what}; in sight:\n{seen}")
        return came

    # --- pictures -----------------------------------------------------------------------------------------
    def picture(self, name: str) -> Path:
        path = self._folder / f"{name}.png"
        self.run("import", "-window", "root", str(path))
        if PICTURES:
            shutil.copy(path, PICTURES)
        return path

    def pixels_changed(self, one: Path, other: Path) -> int:
        said = self.run("compare", "-metric", "AE", "-fuzz", "5%", str(one), str(other), "null:").stderr
        return int(float(said.split()[0]))
