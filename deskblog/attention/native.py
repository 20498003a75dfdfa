"""What Windows, macOS and X11 say of themselves, by their own libraries: a full screen, a lock, a wish for quiet.

Each is made once and then asked; OSError where it cannot be. What stands here for Windows and macOS was written from
their documentation and has never run.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from deskblog.attention.quiet import Quiet
from deskblog.xcb import Screen


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
    screen = Screen()
    active, state, full = (
        screen.atom(name) for name in (b"_NET_ACTIVE_WINDOW", b"_NET_WM_STATE", b"_NET_WM_STATE_FULLSCREEN")
    )

    def ask() -> Quiet:
        window = next(iter(screen.numbers(screen.root, active)), 0)
        return Quiet(full_screen=bool(window) and full in screen.numbers(window, state))

    return ask


def _library(name: str) -> Any:
    """OSError if it is not there."""
    if sys.platform == "win32":
        return ctypes.WinDLL(name)
    return ctypes.CDLL(name)
