"""A socket of this user's alone, on which the app hears that it was started once more."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSocketNotifier

WAITING = 8  # callers the system keeps until they are heard
LINE = 4096  # bytes of a line at most


class SocketEar:
    """Listens from its making on; OSError if it cannot. `heard`: each caller's one line."""

    def __init__(self, address: str, heard: Callable[[bytes], None]) -> None:
        self._path, self._heard = Path(address), heard
        self._callers: dict[socket.socket, tuple[QSocketNotifier, bytearray]] = {}
        self._path.unlink(missing_ok=True)  # what a killed app left behind
        self._server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._server.setblocking(False)
            self._server.bind(address)
            self._path.chmod(0o600)  # before anybody can call
            self._server.listen(WAITING)
        except OSError:
            self._server.close()
            raise
        self._coming = QSocketNotifier(self._server.fileno(), QSocketNotifier.Type.Read)
        self._coming.activated.connect(lambda *_at: self._came())

    def _came(self) -> None:
        with suppress(OSError):  # the caller has gone already
            caller, _name = self._server.accept()
            caller.setblocking(False)
            notifier = QSocketNotifier(caller.fileno(), QSocketNotifier.Type.Read)
            notifier.activated.connect(lambda *_at: self._read(caller))
            self._callers[caller] = notifier, bytearray()

    def _read(self, caller: socket.socket) -> None:
        _notifier, said = self._callers[caller]
        try:
            said += (came := caller.recv(LINE))
        except BlockingIOError:
            return
        except OSError:
            came = b""
        line, end, _rest = bytes(said).partition(b"\n")
        if end or not came or len(said) > LINE:
            self._forget(caller)
        if end:
            self._heard(line)

    def _forget(self, caller: socket.socket) -> None:
        notifier, _said = self._callers.pop(caller)
        notifier.setEnabled(False)
        caller.close()

    def close(self) -> None:
        self._coming.setEnabled(False)
        for caller in list(self._callers):
            self._forget(caller)
        self._server.close()
        self._path.unlink(missing_ok=True)
