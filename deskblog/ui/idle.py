"""For how long nobody has touched keyboard or mouse, in milliseconds; or that it cannot be known here.

Each way is tried once, the first that answers is kept. Under Wayland X is not asked: it sees its own windows alone.
What stands here for Windows and macOS was written from their documentation and has never run.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

Source = Callable[[], int]  # ms; OSError where it cannot be known
PATIENCE = 500  # ms for a service of the desktop to answer


class Idle:
    """Asks the first of some sources that works; `make`: each makes one, or says by OSError that it cannot."""

    def __init__(self, make: Sequence[Callable[[], Source]] | None = None) -> None:
        self._make = ways() if make is None else make
        self._source: Source | None = None
        self._tried = False

    def ms(self) -> int | None:
        """None where it cannot be known."""
        if not self._tried:
            self._tried = True
            self._source = self._first()
        try:
            return self._source() if self._source is not None else None
        except OSError:
            return None

    def _first(self) -> Source | None:
        for make in self._make:
            try:
                source = make()
                source()
            except OSError:
                continue
            return source
        return None


def ways() -> tuple[Callable[[], Source], ...]:
    """The ways there may be on this system, the likeliest first."""
    if sys.platform == "win32":
        return (windows,)
    if sys.platform == "darwin":
        return (mac,)
    services = (gnome, screen_saver)
    return services if os.environ.get("WAYLAND_DISPLAY") else (x11, *services)


def windows() -> Source:
    class Info(ctypes.Structure):
        _fields_ = (("size", ctypes.c_uint), ("ticks", ctypes.c_uint))

    user, kernel = _library("user32"), _library("kernel32")
    kernel.GetTickCount.restype = ctypes.c_uint

    def idle() -> int:
        info = Info(ctypes.sizeof(Info), 0)
        if not user.GetLastInputInfo(ctypes.byref(info)):
            raise OSError("GetLastInputInfo")
        return int(kernel.GetTickCount() - info.ticks) & 0xFFFFFFFF  # the count begins anew every 50 days

    return idle


def mac() -> Source:
    services = _library("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    since = services.CGEventSourceSecondsSinceLastEventType
    since.restype, since.argtypes = ctypes.c_double, (ctypes.c_int32, ctypes.c_uint32)
    session, any_input = 0, 0xFFFFFFFF
    return lambda: int(since(session, any_input) * 1000)


def x11() -> Source:
    class Info(ctypes.Structure):
        _fields_ = (
            ("window", ctypes.c_ulong),
            ("state", ctypes.c_int),
            ("kind", ctypes.c_int),
            ("til_or_since", ctypes.c_ulong),
            ("idle", ctypes.c_ulong),
            ("event_mask", ctypes.c_ulong),
        )

    x, saver = _library("libX11.so.6"), _library("libXss.so.1")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XDefaultRootWindow.argtypes, x.XDefaultRootWindow.restype = (ctypes.c_void_p,), ctypes.c_ulong
    saver.XScreenSaverQueryInfo.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(Info))
    saver.XScreenSaverQueryInfo.restype = ctypes.c_int
    display = x.XOpenDisplay(None)
    if not display:
        raise OSError("no X display")
    root = x.XDefaultRootWindow(display)

    def idle() -> int:
        info = Info()
        if not saver.XScreenSaverQueryInfo(display, root, ctypes.byref(info)):
            raise OSError("no MIT-SCREEN-SAVER")
        return int(info.idle)

    return idle


def gnome() -> Source:
    name = "org.gnome.Mutter.IdleMonitor"
    return _service(name, "/org/gnome/Mutter/IdleMonitor/Core", name, "GetIdletime", 1)


def screen_saver() -> Source:
    """KDE says milliseconds; what was agreed on, and others do, is seconds."""
    unit = 1 if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "") else 1000
    name = "org.freedesktop.ScreenSaver"
    return _service(name, "/org/freedesktop/ScreenSaver", name, "GetSessionIdleTime", unit)


def _service(name: str, path: str, interface: str, method: str, unit: int) -> Source:
    try:
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
    except ImportError as fault:
        raise OSError(str(fault)) from fault
    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        raise OSError("no session bus")
    question = QDBusMessage.createMethodCall(name, path, interface, method)
    question.setAutoStartService(False)

    def idle() -> int:
        answer = bus.call(question, QDBus.CallMode.Block, PATIENCE)
        said = answer.arguments()
        if answer.type() is not QDBusMessage.MessageType.ReplyMessage or not said or not isinstance(said[0], int):
            raise OSError(answer.errorMessage())
        return said[0] * unit

    return idle


def _library(name: str) -> Any:
    """OSError if it is not there."""
    if sys.platform == "win32":
        return ctypes.WinDLL(name)
    return ctypes.CDLL(name)
