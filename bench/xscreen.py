"""A virtual screen that tells when a window comes up on it, to the millisecond, whatever program it is of."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import select
import subprocess
import time
from types import TracebackType

SIZE = "1200x900x24"
_SUBSTRUCTURE, _MAP_NOTIFY, _MAX_CLIENT = 1 << 19, 19, 64
LEAST = 120  # pixels a side; what is smaller is an icon or a helper
_QUIET = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(lambda _display, _error: 0)


class _Map(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("event", ctypes.c_ulong),
        ("window", ctypes.c_ulong),
        ("override", ctypes.c_int),
        ("pad", ctypes.c_long * 24),
    )


class Screen:
    """No window manager: a window is on the screen the moment its program says so."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
            pass_fds=(write,),
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as said:
            self.name = f":{said.readline().strip()}"
        self._x = ctypes.CDLL(ctypes.util.find_library("X11"))
        self._x.XSetErrorHandler(_QUIET)  # a window may be gone when it is asked for: Xlib would end the program
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x.XOpenDisplay(self.name.encode()))
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._x.XSelectInput(self._display, root, ctypes.c_long(_SUBSTRUCTURE))
        self._x.XSync(self._display, 0)

    def forget(self) -> None:
        """What happened so far is of no interest."""
        self._x.XSync(self._display, 1)

    def mapped(self, seconds: float = 60.0) -> float:
        """The moment (perf_counter) at which a real window came up; 0 if none did."""
        end, event = time.perf_counter() + seconds, _Map()
        plug = self._x.XConnectionNumber(self._display)
        while time.perf_counter() < end:
            while self._x.XPending(self._display):
                self._x.XNextEvent(self._display, ctypes.byref(event))
                if event.type == _MAP_NOTIFY and self._is_large(event.window):
                    return time.perf_counter()
            select.select([plug], [], [], 0.2)
        return 0.0

    def _is_large(self, window: int) -> bool:
        root, place, size = ctypes.c_ulong(), (ctypes.c_int * 2)(), (ctypes.c_uint * 4)()
        found = self._x.XGetGeometry(
            self._display,
            ctypes.c_ulong(window),
            ctypes.byref(root),
            ctypes.byref(place, 0),
            ctypes.byref(place, 4),
            ctypes.byref(size, 0),
            ctypes.byref(size, 4),
            ctypes.byref(size, 8),
            ctypes.byref(size, 12),
        )
        return bool(found) and size[0] >= LEAST and size[1] >= LEAST

    def __enter__(self) -> Screen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None
    ) -> None:
        self._x.XCloseDisplay(self._display)
        self._server.terminate()
        self._server.wait()
