"""A named pipe of Windows on which the app hears that it was started once more.

Written from Qt's documentation; on Windows it has never run. Everywhere else Qt makes a socket of it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtNetwork import QLocalServer, QLocalSocket


class PipeEar:
    """Listens from its making on; OSError if it cannot. `heard`: each caller's one line."""

    def __init__(self, address: str, heard: Callable[[bytes], None]) -> None:
        self._heard = heard
        self._server = QLocalServer()
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._came)
        QLocalServer.removeServer(address)  # what a killed app left behind
        if not self._server.listen(address):
            raise OSError(self._server.errorString())

    def _came(self) -> None:
        caller = self._server.nextPendingConnection()
        caller.readyRead.connect(lambda: self._read(caller))
        caller.disconnected.connect(caller.deleteLater)

    def _read(self, caller: QLocalSocket) -> None:
        if caller.canReadLine():
            self._heard(bytes(caller.readLine().data()).rstrip())

    def close(self) -> None:
        self._server.close()
