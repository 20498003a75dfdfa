"""What Windows, macOS and X11 say of themselves, by their own libraries: a full screen, a lock, a wish for quiet.

Each is made once and then asked; OSError where it cannot be. What stands here for Windows and macOS was written from
their documentation and has never run.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from collections.abc import Callable
from typing import Any

from deskblog.attention.quiet import Quiet


def windows() -> Callable[[], Quiet]:
    """By the numbers of QUERY_USER_NOTIFICATION_STATE; a desktop that takes no input is locked.

    Focus assist is not among them: there Windows holds back what goes through its own notifications.
    """
    not_present, busy, full_screen, presentation, quiet_time = 1, 2, 3, 4, 6
    switch_desktop = 0x0100
    shell, user = _library("shell32"), _library("user32")
    user.OpenInputDesktop.restype = ctypes.c_void_p
    user.CloseDesktop.argtypes = (ctypes.c_void_p,)

    def ask() -> Quiet:
        state = ctypes.c_int()
        if shell.SHQueryUserNotificationState(ctypes.byref(state)) != 0:
            raise OSError("SHQueryUserNotificationState")
        desktop = user.OpenInputDesktop(0, False, switch_desktop)
        if desktop:
            user.CloseDesktop(desktop)
        return Quiet(
            dnd=state.value in (presentation, quiet_time),
            locked=state.value == not_present or not desktop,
            full_screen=state.value in (busy, full_screen),
        )

    return ask


def mac() -> Callable[[], Quiet]:
    """The lock alone: whether a focus is on cannot be asked there; it holds popups of the system by itself."""
    session = _library("/System/Library/Frameworks/ApplicationServices.framework/ApplicationServices")
    core = _library("/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation")
    session.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    core.CFStringCreateWithCString.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32)
    core.CFStringCreateWithCString.restype = ctypes.c_void_p
    core.CFDictionaryGetValue.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    core.CFDictionaryGetValue.restype = ctypes.c_void_p
    core.CFBooleanGetValue.argtypes = (ctypes.c_void_p,)
    core.CFRelease.argtypes = (ctypes.c_void_p,)
    utf8 = 0x08000100
    key = core.CFStringCreateWithCString(None, b"CGSSessionScreenIsLocked", utf8)

    def ask() -> Quiet:
        said = session.CGSessionCopyCurrentDictionary()
        if not said:
            raise OSError("no session with a screen")
        locked = core.CFDictionaryGetValue(said, key)
        answer = Quiet(locked=bool(locked and core.CFBooleanGetValue(locked)))
        core.CFRelease(said)
        return answer

    return ask


def x11() -> Callable[[], Quiet]:
    """Whether the active window fills the screen."""
    screen = _Screen()
    active, state, full = (
        screen.atom(name) for name in (b"_NET_ACTIVE_WINDOW", b"_NET_WM_STATE", b"_NET_WM_STATE_FULLSCREEN")
    )

    def ask() -> Quiet:
        window = next(iter(screen.numbers(screen.root, active)), 0)
        return Quiet(full_screen=bool(window) and full in screen.numbers(window, state))

    return ask


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _AtomReply(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


class _Roots(ctypes.Structure):
    _fields_ = (("root", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _Screen:
    """A connection of our own by xcb: the older Xlib ends the program when a window it asks about has just closed."""

    def __init__(self) -> None:
        self._xcb = xcb = _library("libxcb.so.1")
        self._free = _library("libc.so.6").free
        self._free.argtypes, self._free.restype = (ctypes.c_void_p,), None
        connection, pointer = ctypes.c_void_p, ctypes.c_void_p
        for name, result, *arguments in (
            ("xcb_connect", connection, ctypes.c_char_p, pointer),
            ("xcb_disconnect", None, connection),
            ("xcb_connection_has_error", ctypes.c_int, connection),
            ("xcb_get_setup", pointer, connection),
            ("xcb_setup_roots_iterator", _Roots, pointer),
            ("xcb_intern_atom", _Cookie, connection, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p),
            ("xcb_intern_atom_reply", ctypes.POINTER(_AtomReply), connection, _Cookie, pointer),
            ("xcb_get_property", _Cookie, connection, ctypes.c_uint8, *[ctypes.c_uint32] * 5),
            ("xcb_get_property_reply", pointer, connection, _Cookie, pointer),
            ("xcb_get_property_value", ctypes.POINTER(ctypes.c_uint32), pointer),
            ("xcb_get_property_value_length", ctypes.c_int, pointer),
        ):
            function = getattr(xcb, str(name))
            function.restype, function.argtypes = result, arguments
        self._connection = xcb.xcb_connect(None, None)
        weakref.finalize(self, xcb.xcb_disconnect, self._connection)
        if xcb.xcb_connection_has_error(self._connection):
            raise OSError("no X display")
        self.root = int(xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(self._connection)).root[0])

    def atom(self, name: bytes) -> int:
        cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name)
        reply = self._xcb.xcb_intern_atom_reply(self._connection, cookie, None)
        if not reply:
            raise OSError("X is gone")
        number = int(reply.contents.atom)
        self._free(reply)
        return number

    def numbers(self, window: int, atom: int) -> list[int]:
        """What a property holds; nothing if window or property is not there."""
        any_kind, most = 0, 64
        cookie = self._xcb.xcb_get_property(self._connection, 0, window, atom, any_kind, 0, most)
        reply = self._xcb.xcb_get_property_reply(self._connection, cookie, None)
        if not reply:
            if self._xcb.xcb_connection_has_error(self._connection):
                raise OSError("X is gone")
            return []
        count = self._xcb.xcb_get_property_value_length(reply) // ctypes.sizeof(ctypes.c_uint32)
        held = self._xcb.xcb_get_property_value(reply)
        numbers = [int(held[place]) for place in range(count)]
        self._free(reply)
        return numbers


def _library(name: str) -> Any:
    """OSError if it is not there."""
    if sys.platform == "win32":
        return ctypes.WinDLL(name)
    return ctypes.CDLL(name)
