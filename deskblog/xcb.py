"""A connection of our own to the X server, by xcb: the older Xlib ends the program when a window it asks about has
just closed. OSError where there is no server, or none any more.
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

KEY_PRESS, DESTROYED, MESSAGE, MAPPING = 2, 17, 33, 34  # kinds of events
_EVENT_MASK, _STRUCTURE = 1 << 11, 1 << 17
_EVENT_SIZE = 32


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Reply(ctypes.Structure):
    """Of a question whose answer is one number: an atom, a window."""

    _fields_ = (
        ("kind", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("number", ctypes.c_uint32),
    )


class _Roots(ctypes.Structure):
    _fields_ = (("root", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class Happened(Struct, frozen=True):
    """`detail`: of a key its code; `numbers`: what follows the first four bytes."""

    kind: int
    detail: int
    numbers: tuple[int, ...]


_P, _U8, _U16, _U32 = ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_uint32
_FUNCTIONS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("xcb_connect", _P, (ctypes.c_char_p, _P)),
    ("xcb_disconnect", None, (_P,)),
    ("xcb_connection_has_error", ctypes.c_int, (_P,)),
    ("xcb_get_file_descriptor", ctypes.c_int, (_P,)),
    ("xcb_flush", ctypes.c_int, (_P,)),
    ("xcb_get_setup", _P, (_P,)),
    ("xcb_setup_roots_iterator", _Roots, (_P,)),
    ("xcb_poll_for_event", ctypes.POINTER(ctypes.c_uint8), (_P,)),
    ("xcb_intern_atom", _Cookie, (_P, _U8, _U16, ctypes.c_char_p)),
    ("xcb_intern_atom_reply", ctypes.POINTER(_Reply), (_P, _Cookie, _P)),
    ("xcb_get_selection_owner", _Cookie, (_P, _U32)),
    ("xcb_get_selection_owner_reply", ctypes.POINTER(_Reply), (_P, _Cookie, _P)),
    ("xcb_get_property", _Cookie, (_P, _U8, *[_U32] * 5)),
    ("xcb_get_property_reply", _P, (_P, _Cookie, _P)),
    ("xcb_get_property_value", ctypes.POINTER(_U32), (_P,)),
    ("xcb_get_property_value_length", ctypes.c_int, (_P,)),
    ("xcb_change_window_attributes", _Cookie, (_P, _U32, _U32, ctypes.POINTER(_U32))),
    ("xcb_grab_key_checked", _Cookie, (_P, _U8, _U32, _U16, _U8, _U8, _U8)),
    ("xcb_ungrab_key", _Cookie, (_P, _U8, _U32, _U16)),
    ("xcb_request_check", _P, (_P, _Cookie)),
)


class Screen:
    """`root`: the window behind all others of the first screen."""

    def __init__(self) -> None:
        self._xcb = xcb = ctypes.CDLL("libxcb.so.1")
        self._free = ctypes.CDLL("libc.so.6").free
        self._free.argtypes, self._free.restype = (_P,), None
        for name, result, arguments in _FUNCTIONS:
            function = getattr(xcb, name)
            function.restype, function.argtypes = result, arguments
        self._connection = xcb.xcb_connect(None, None)
        self.close = weakref.finalize(self, xcb.xcb_disconnect, self._connection)
        if xcb.xcb_connection_has_error(self._connection):
            raise OSError("no X display")
        self.root = int(xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(self._connection)).root[0])
        self.fd = int(xcb.xcb_get_file_descriptor(self._connection))

    @property
    def gone(self) -> bool:
        """The server is there no more."""
        return bool(self._xcb.xcb_connection_has_error(self._connection))

    # --- questions ----------------------------------------------------------------------------------------
    def atom(self, name: bytes) -> int:
        cookie = self._xcb.xcb_intern_atom(self._connection, 0, len(name), name)
        return self._number(self._xcb.xcb_intern_atom_reply(self._connection, cookie, None))

    def owner(self, selection: int) -> int:
        """The window that owns a selection; 0 if none does."""
        cookie = self._xcb.xcb_get_selection_owner(self._connection, selection)
        return self._number(self._xcb.xcb_get_selection_owner_reply(self._connection, cookie, None))

    def _number(self, reply: Any) -> int:
        if not reply:
            raise OSError("X is gone")
        number = int(reply.contents.number)
        self._free(reply)
        return number

    def numbers(self, window: int, atom: int) -> list[int]:
        """What a property holds; nothing if window or property is not there."""
        any_kind, most = 0, 64
        cookie = self._xcb.xcb_get_property(self._connection, 0, window, atom, any_kind, 0, most)
        reply = self._xcb.xcb_get_property_reply(self._connection, cookie, None)
        if not reply:
            if self.gone:
                raise OSError("X is gone")
            return []
        count = self._xcb.xcb_get_property_value_length(reply) // ctypes.sizeof(ctypes.c_uint32)
        held = self._xcb.xcb_get_property_value(reply)
        numbers = [int(held[place]) for place in range(count)]
        self._free(reply)
        return numbers

    # --- events -------------------------------------------------------------------------------------------
    def follow(self, window: int) -> None:
        """From now on it is told when this window goes, and what is sent to all who follow it."""
        mask = ctypes.c_uint32(_STRUCTURE)
        self._xcb.xcb_change_window_attributes(self._connection, window, _EVENT_MASK, ctypes.byref(mask))
        self._xcb.xcb_flush(self._connection)

    def events(self) -> Iterator[Happened]:
        """All that came; also what came along with the answer to a question. OSError, then, if nothing more can."""
        while event := self._xcb.xcb_poll_for_event(self._connection):
            raw = ctypes.string_at(event, _EVENT_SIZE)
            self._free(event)
            numbers = tuple(int.from_bytes(raw[at : at + 4], sys.byteorder) for at in range(4, _EVENT_SIZE, 4))
            yield Happened(raw[0] & 0x7F, raw[1], numbers)
        if self.gone:
            raise OSError("X is gone")

    # --- keys ---------------------------------------------------------------------------------------------
    def codes(self, symbol: int) -> list[int]:
        """The keys that give this symbol, as the keyboard is laid out now."""
        keys = ctypes.CDLL("libxcb-keysyms.so.1")
        keys.xcb_key_symbols_alloc.restype, keys.xcb_key_symbols_alloc.argtypes = _P, (_P,)
        keys.xcb_key_symbols_free.restype, keys.xcb_key_symbols_free.argtypes = None, (_P,)
        keys.xcb_key_symbols_get_keycode.restype = ctypes.POINTER(ctypes.c_uint8)
        keys.xcb_key_symbols_get_keycode.argtypes = (_P, _U32)
        table = keys.xcb_key_symbols_alloc(self._connection)
        found = keys.xcb_key_symbols_get_keycode(table, symbol)
        codes: list[int] = []
        while found and found[len(codes)]:
            codes.append(int(found[len(codes)]))
        self._free(found)
        keys.xcb_key_symbols_free(table)
        return codes

    def grab(self, code: int, modifiers: int) -> bool:
        """From now on this key with these is ours alone; False if it is another program's already."""
        ask = (self._connection, 1, self.root, modifiers, code, 1, 1)
        fault = self._xcb.xcb_request_check(self._connection, self._xcb.xcb_grab_key_checked(*ask))
        if fault:
            self._free(fault)
        return not fault

    def let_go(self, code: int, modifiers: int) -> None:
        self._xcb.xcb_ungrab_key(self._connection, code, self.root, modifiers)
        self._xcb.xcb_flush(self._connection)
