"""Whether there is a tray, and of which kind: told when it comes, goes, or is another. Nothing is asked by a clock.

On Linux a tray is a service on the session's bus (StatusNotifierItem), or the window that owns a selection of X's
(XEmbed), or none. Panels crash, start after us at the beginning of a session, and are changed for others.
"""

from __future__ import annotations

import sys
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from deskblog import xcb

WATCHER = "org.kde.StatusNotifierWatcher"
SELECTION = b"_NET_SYSTEM_TRAY_S0"


class Kind(Enum):
    NONE = "none"
    BUS = "StatusNotifierItem"
    X = "XEmbed"
    OWN = "the system's"


class TrayWatch(QObject):
    """`changed`: `kind` is another. Qt takes the bus before X, and so is it said here. `may_come`: where there is no
    tray, one may come. Before `begin` nothing is known."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        platform = QGuiApplication.platformName()
        self.may_come = sys.platform == "linux" and (platform == "xcb" or platform.startswith("wayland"))
        self._begun = False
        self._bus: Any = None
        self._screen: xcb.Screen | None = None
        self._selection = self._manager = 0
        self._own = self.kind = Kind.NONE

    def begin(self) -> None:
        """Looks, and is told from now on."""
        if self._begun:
            return
        self._begun = True
        if self.may_come:
            self._watch_bus()
            if QGuiApplication.platformName() == "xcb":
                self._watch_screen()
        elif QSystemTrayIcon.isSystemTrayAvailable():
            self._own = Kind.OWN
        self.kind = self._look()

    def stop(self) -> None:
        if self._screen is not None:
            self._notifier.setEnabled(False)
            self._screen.close()
            self._screen = None

    def _look(self) -> Kind:
        if self._bus is not None and self._bus.interface().isServiceRegistered(WATCHER).value():
            return Kind.BUS
        return Kind.X if self._manager else self._own

    def _look_again(self) -> None:
        kind = self._look()
        if kind is not self.kind:
            self.kind = kind
            self.changed.emit()

    # --- the bus ------------------------------------------------------------------------------------------
    def _watch_bus(self) -> None:
        try:
            from PySide6.QtDBus import QDBusConnection, QDBusServiceWatcher
        except ImportError:
            return
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        self._bus = bus
        mode = QDBusServiceWatcher.WatchModeFlag.WatchForOwnerChange
        self._services = QDBusServiceWatcher(WATCHER, bus, mode, self)
        self._services.serviceOwnerChanged.connect(lambda *_who: self._look_again())

    # --- X ------------------------------------------------------------------------------------------------
    def _watch_screen(self) -> None:
        try:
            self._screen = screen = xcb.Screen()
            self._selection, self._coming = screen.atom(SELECTION), screen.atom(b"MANAGER")
            screen.follow(screen.root)
            self._find_manager(screen)
        except OSError:
            self._screen = None
            return
        self._notifier = QSocketNotifier(screen.fd, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(lambda *_at: self._read())
        self._read()  # what came with the answers rings no bell

    def _find_manager(self, screen: xcb.Screen) -> None:
        """Who has the selection now is told of when it goes: it is asked again once it is followed."""
        found = 0
        while (owner := screen.owner(self._selection)) != found:
            found = owner
            if owner:
                screen.follow(owner)
        self._manager = found

    def _read(self) -> None:
        screen = self._screen
        if screen is None:
            return
        try:
            for event in screen.events():
                destroyed = event.kind == xcb.DESTROYED and event.numbers[1] == self._manager
                comes = event.kind == xcb.MESSAGE and event.numbers[1] == self._coming
                if destroyed or comes:
                    self._find_manager(screen)
        except OSError:
            self.stop()  # the session ends
            return
        self._look_again()
