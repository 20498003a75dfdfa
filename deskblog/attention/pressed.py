"""A popup that was pressed goes: the library leaves that to the daemon, and dunst lets it stand when a line of its
menu was chosen. For Linux alone."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from dbus_fast.errors import DBusError
from desktop_notifier.backends.dbus import DBusDesktopNotifier

from deskblog.attention.bus import DAEMON, DAEMON_PATH, call


class ClosingNotifier(DBusDesktopNotifier):
    """The library's own, which closes what was pressed."""

    _closing: frozenset[asyncio.Task[None]] = frozenset()

    def _on_action(self, nid: int, action_key: str) -> None:
        ours = nid in self._platform_to_interface_notification_identifier  # daemons tell everybody of every press
        super()._on_action(nid, action_key)
        if ours:
            closing = asyncio.ensure_future(self._close(nid))
            self._closing |= {closing}
            closing.add_done_callback(lambda done: setattr(self, "_closing", self._closing - {done}))

    async def _close(self, nid: int) -> None:
        with suppress(OSError, EOFError, DBusError):  # most daemons have closed it already; or it has gone itself
            await call(self.bus, DAEMON, DAEMON_PATH, DAEMON, "CloseNotification", "u", nid)
