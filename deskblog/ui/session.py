"""How a run is ended from outside: by a signal, by the end of the session, by the system's own Quit.

Qt would close every window first, and a window that asks what closing means would hold the end up; so Qt is not let.
On X the session's end is a signal, or the screen that goes; Windows and macOS say before that it may end.
"""

from __future__ import annotations

import signal
import socket

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Signal
from PySide6.QtWidgets import QApplication

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Application(QApplication):
    """`ending`: the system's own Quit.

    Heard here, for a filter on the application would have each event of each widget go through Python.
    """

    ending = Signal()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            event.accept()
            self.ending.emit()
            return True
        return super().event(event)


class Session(QObject):
    """`ending`: the app is to quit. `saving`: it may be ended at any moment, so all is to be kept now."""

    ending = Signal()
    saving = Signal()

    def __init__(self, app: Application) -> None:
        super().__init__()
        self._app = app
        self._here, self._there = socket.socketpair()
        for end in (self._here, self._there):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(lambda *_at: self._signalled())

    def _signalled(self) -> None:
        self._here.recv(64)
        self.ending.emit()

    def __enter__(self) -> Session:
        """Signals are taken without a timer that wakes the PC."""
        self._wakeup = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        for name in SIGNALS:
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_at: None)
        self._app.ending.connect(self.ending)
        self._app.commitDataRequest.connect(self._commit)
        return self

    def _commit(self, _manager: object) -> None:
        self.saving.emit()

    def __exit__(self, *_fault: object) -> None:
        self._app.commitDataRequest.disconnect(self._commit)
        self._app.ending.disconnect(self.ending)
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup)
        self._here.close()
        self._there.close()
