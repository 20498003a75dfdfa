"""Whether the screen is locked, told by the system at the moment it is locked or unlocked; no clock asks.

On Linux the engine's loop listens on the buses (`attention/locking.py`). What stands here for Windows and macOS was
written from their documentation and has never run.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from deskblog.ui.bridge import Bridge


class Lock(QObject):
    """`changed(bool)`: the screen was locked (True) or unlocked."""

    changed = Signal(bool)
    _said = Signal(str, bool)  # from the engine's thread

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.locked = False
        self._said.connect(self.say)
        self._by: set[str] = set()  # who says so
        self._kept: list[Any] = []  # what must live as long as it watches

    def start(self) -> None:
        if sys.platform == "win32":
            self._kept.append(_Windows(self._said.emit))
        elif sys.platform == "darwin":
            self._kept.append(_mac(self._said.emit))
        elif sys.platform == "linux":
            from deskblog.attention import locking

            self._bridge.ask(locking.follow(self._said.emit))

    def stop(self) -> None:
        """Watches no more."""
        for watched in self._kept:
            if isinstance(watched, _Windows):
                watched.stop()

    def say(self, who: str, locked: bool) -> None:
        """One of those who know says whether it is."""
        (self._by.add if locked else self._by.discard)(who)
        if self.locked != bool(self._by):
            self.locked = bool(self._by)
            self.changed.emit(self.locked)


class _Windows(QAbstractNativeEventFilter):
    """Session notifications go to a window, here one that is never shown."""

    CHANGE, LOCKED, UNLOCKED = 0x02B1, 7, 8

    def __init__(self, say: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._say = say
        self._window = QWidget()
        _windll("wtsapi32").WTSRegisterSessionNotification(ctypes.c_void_p(int(self._window.winId())), 0)
        app = QCoreApplication.instance()
        if app is not None:
            app.installNativeEventFilter(self)

    def nativeEventFilter(self, _kind: QByteArray | bytes | bytearray | memoryview, message: int) -> object:
        from ctypes import wintypes

        sent = wintypes.MSG.from_address(int(message))
        if sent.message == self.CHANGE and sent.wParam in (self.LOCKED, self.UNLOCKED):
            self._say("Windows", sent.wParam == self.LOCKED)
        return False, 0

    def stop(self) -> None:
        app = QCoreApplication.instance()
        if app is not None:
            app.removeNativeEventFilter(self)
        _windll("wtsapi32").WTSUnRegisterSessionNotification(ctypes.c_void_p(int(self._window.winId())))
        self._window.deleteLater()


def _mac(say: Callable[[str, bool], None]) -> Any:
    """The system's word to all programs; it comes by the loop that Qt runs there anyway."""
    core = ctypes.CDLL("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
    pointer = ctypes.c_void_p
    core.CFNotificationCenterGetDistributedCenter.restype = pointer
    core.CFStringCreateWithCString.restype = pointer
    core.CFStringCreateWithCString.argtypes = (pointer, ctypes.c_char_p, ctypes.c_uint32)
    heard = ctypes.CFUNCTYPE(None, pointer, pointer, pointer, pointer, pointer)
    core.CFNotificationCenterAddObserver.argtypes = (pointer, pointer, heard, pointer, pointer, ctypes.c_long)
    core.CFNotificationCenterAddObserver.restype = None
    utf8, at_once = 0x08000100, 4
    center, kept = core.CFNotificationCenterGetDistributedCenter(), []
    for name, locked in ((b"com.apple.screenIsLocked", True), (b"com.apple.screenIsUnlocked", False)):
        ear = heard(lambda *_what, locked=locked: say("macOS", locked))
        kept.append(ear)
        text = core.CFStringCreateWithCString(None, name, utf8)
        core.CFNotificationCenterAddObserver(center, None, ear, text, None, at_once)
    return kept


def _windll(name: str) -> Any:
    """OSError if it is not there."""
    if sys.platform == "win32":
        return ctypes.WinDLL(name)
    raise OSError(name)
