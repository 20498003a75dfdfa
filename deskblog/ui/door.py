"""One app a data folder: who comes second rings here and leaves."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from deskblog import doorbell


class Door(QObject):
    """`rung(word)`: somebody started the app once more, and wants it to "show", "compose" or stay "hidden"."""

    rung = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._name = doorbell.address(folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._came)

    def call(self, word: str) -> bool:
        """True if an app runs already and was told."""
        return doorbell.ring(self._folder, word)

    def open(self) -> None:
        QLocalServer.removeServer(self._name)  # what a killed app left behind
        self._server.listen(self._name)

    def _came(self) -> None:
        caller = self._server.nextPendingConnection()
        caller.readyRead.connect(lambda: self._read(caller))
        caller.disconnected.connect(caller.deleteLater)

    def _read(self, caller: QLocalSocket) -> None:
        if caller.canReadLine():
            word, token = doorbell.heard(bytes(caller.readLine().data()).decode(errors="replace"))
            if token and QGuiApplication.platformName().startswith("wayland"):
                os.environ["XDG_ACTIVATION_TOKEN"] = token  # Qt takes it from there when a window is activated next
            self.rung.emit(word)

    def close(self) -> None:
        self._server.close()
