"""One app a data folder: who comes second rings here and leaves."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from deskblog import paths

PATIENCE = 1000  # ms for a running instance to answer


class Door(QObject):
    """`rung(word)`: somebody started the app once more, and wants it to "show" or "compose"."""

    rung = Signal(str)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
        self._name = f"deskblog-{user}-{paths.runtime_name(folder)}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._came)

    def call(self, word: str) -> bool:
        """True if an app runs already and was told."""
        caller = QLocalSocket()
        caller.connectToServer(self._name)
        if not caller.waitForConnected(PATIENCE):
            return False
        caller.write(word.encode() + b"\n")
        caller.waitForBytesWritten(PATIENCE)
        caller.disconnectFromServer()
        return True

    def open(self) -> None:
        QLocalServer.removeServer(self._name)  # what a killed app left behind
        self._server.listen(self._name)

    def _came(self) -> None:
        caller = self._server.nextPendingConnection()
        caller.readyRead.connect(lambda: self._read(caller))
        caller.disconnected.connect(caller.deleteLater)

    def _read(self, caller: QLocalSocket) -> None:
        if caller.canReadLine():
            self.rung.emit(bytes(caller.readLine().trimmed().data()).decode(errors="replace"))

    def close(self) -> None:
        self._server.close()
