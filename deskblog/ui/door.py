"""One app a data folder: who comes second rings here and leaves."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from deskblog import doorbell

log = logging.getLogger(__name__)


class Ear(Protocol):
    """Listens at an address from its making on, and hands over each line that comes."""

    def close(self) -> None: ...


class Door(QObject):
    """`rung(word)`: somebody started the app once more, and wants it to "show", "compose" or stay "hidden"."""

    rung = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._ear: Ear | None = None

    def call(self, word: str) -> bool:
        """True if an app runs already and was told."""
        return doorbell.ring(self._folder, word)

    @property
    def is_open(self) -> bool:
        return self._ear is not None

    def open(self) -> None:
        """A door that cannot open is no reason not to start: the lock of the folder keeps a second app out."""
        self.close()
        try:
            self._ear = _listen(doorbell.address(self._folder), self._heard)
        except OSError:
            log.exception("no second start can be heard")

    def _heard(self, line: bytes) -> None:
        word, token = doorbell.heard(line.decode(errors="replace"))
        if token and QGuiApplication.platformName().startswith("wayland"):
            os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there when a window is activated next
        self.rung.emit(word)

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None


def _listen(address: str, heard: Callable[[bytes], None]) -> Ear:
    """Qt's own would do for both, but brings 3 MiB of network with it: it is for pipes only."""
    if sys.platform == "win32":
        from deskblog.ui.ear_pipe import PipeEar

        return PipeEar(address, heard)
    from deskblog.ui.ear_socket import SocketEar

    return SocketEar(address, heard)
