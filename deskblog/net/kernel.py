"""Whether addresses or cables of this PC changed, asked of Linux's kernel, which tells of each change by itself.

To look through all of them takes a thread's turn; to ask here takes one call that mostly says no. Elsewhere, and
where there is no such socket, the answer is always that they may have changed.
"""

from __future__ import annotations

import socket

_LINKS, _ADDRESSES_V4, _ADDRESSES_V6 = 1, 0x10, 0x100  # groups of rtnetlink(7)
_READ = 65_536


class Changes:
    """Open before the first look, so that nothing falls between."""

    def __init__(self) -> None:
        self._ear: socket.socket | None = None

    def open(self) -> None:
        if not hasattr(socket, "AF_NETLINK"):
            return
        try:
            ear = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, getattr(socket, "NETLINK_ROUTE", 0))
        except OSError:
            return
        try:
            ear.bind((0, _LINKS | _ADDRESSES_V4 | _ADDRESSES_V6))
            ear.setblocking(False)
        except OSError:
            ear.close()
            return
        self._ear = ear

    def said(self) -> bool:
        """Whether anything may have changed since this was asked last."""
        if self._ear is None:
            return True
        changed = False
        while True:
            try:
                self._ear.recv(_READ)
            except BlockingIOError:
                return changed
            except OSError:  # more was said than it keeps
                return True
            changed = True

    def close(self) -> None:
        if self._ear is not None:
            self._ear.close()
            self._ear = None
