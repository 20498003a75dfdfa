"""One connection with what shows notifications here, through desktop-notifier.

Its methods raise whatever the library and the other program come up with: each is called by `within`. The library's
backends are used rather than its front, which offers no way to close the connection, nor to ask a server whether it
renders markup.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskblog.attention.popup import Popup, Press
from deskblog.escaped import escaped
from deskblog.i18n import _

if sys.platform == "linux":
    from deskblog.attention.bus import DAEMON, DAEMON_PATH, call, leave
if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus
    from desktop_notifier.backends.base import DesktopNotifierBackend

UNTOLD = ("dunst",)  # they render markup and do not say so

# The library logs what it shows, and a traceback for each daemon that is not there.
for _library in ("desktop_notifier", "dbus_fast"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)


class Can(StrEnum):
    """What popups of this system can do; each includes those before it."""

    NOTHING = ""
    TEXT = "text"
    BUTTONS = "buttons"
    REPLY = "reply"


class Channel:
    """`open` it before anything else, `close` it in any case. `can` is known once it is open."""

    def __init__(self, app_name: str, icon: Path | None) -> None:
        self._app_name, self._icon = app_name, icon
        self._library: Any = None
        self._backend: DesktopNotifierBackend | None = None
        self._asking: asyncio.Task[bool] | None = None
        self._owner = ""
        self._clickable = self._markup = False
        self.can = Can.NOTHING

    async def open(self) -> None:
        self._library, backend_class = await asyncio.to_thread(_load)
        icon = self._library.Icon(path=self._icon) if self._icon is not None else None
        self._backend = backend_class(self._app_name, icon)
        said = {capability.name for capability in await self._backend.get_capabilities()}
        if self._bus is not None:
            if "URGENCY" not in said:
                return  # a server that takes other arguments than the ones agreed on
            self._owner = await self._owns()
            self._markup = await self._renders_markup()
        elif said:
            await self._backend.clear_all()  # what an earlier run left: its buttons lead nowhere
            await self._ask_leave()
        self._clickable = "ON_CLICKED" in said
        if "TITLE" in said:
            self.can = Can.REPLY if "REPLY_FIELD" in said else Can.BUTTONS if "BUTTONS" in said else Can.TEXT

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
        if self._bus is not None:
            await leave(self._bus)

    async def stands(self) -> bool:
        """Whether what it was opened with is still the same program."""
        return self._bus is None or (self._bus.connected and await self._owns() == self._owner)

    async def allowed(self) -> bool | None:
        """False: the person has told the system that deskblog shows nothing. None: they are being asked."""
        assert self._backend is not None
        if await self._backend.has_authorisation():
            return True
        return None if self._asking is not None and not self._asking.done() else False

    async def send(
        self, name: str, popup: Popup, pressed: Callable[[Press, str], None], dismissed: Callable[[], None]
    ) -> bool:
        """Whether it was shown. `name`: by which it is cleared. Both others are called from any thread."""
        assert self._backend is not None
        library = self._library
        shown: list[bool] = []
        reply = popup.answer and self.can is Can.REPLY
        notification = library.Notification(
            title=popup.title,
            message=escaped(popup.text) if self._markup else popup.text,
            urgency=library.Urgency.Critical if popup.urgent else library.Urgency.Normal,
            buttons=self._buttons(popup, pressed, reply=reply),
            reply_field=library.ReplyField(_("Answer"), _("Send"), partial(pressed, Press.ANSWER)) if reply else None,
            on_dispatched=lambda: shown.append(True),
            on_clicked=partial(pressed, Press.OPEN, ""),
            on_dismissed=dismissed,
            identifier=name,
        )
        await self._backend.send(notification)
        return bool(shown)

    async def clear(self, name: str) -> None:
        """KeyError if it has gone by itself."""
        assert self._backend is not None
        await self._backend.clear(name)

    def _buttons(self, popup: Popup, pressed: Callable[[Press, str], None], *, reply: bool) -> tuple[Any, ...]:
        """Where a click on the popup itself is none, there is a button for it."""
        wanted = (
            (_("Answer"), Press.ANSWER, popup.answer and not reply),
            (_("Got it"), Press.GOT_IT, popup.got_it),
            (_("See it"), Press.OPEN, not self._clickable),
        )
        return tuple(
            self._library.Button(label, partial(pressed, press, ""))
            for label, press, there in wanted
            if there and self.can in (Can.BUTTONS, Can.REPLY)
        )

    # --- a D-Bus desktop ----------------------------------------------------------------------------------
    @property
    def _bus(self) -> MessageBus | None:
        """Connected by the library, which leaves the closing to others; None on Windows and macOS."""
        return getattr(self._backend, "bus", None)

    async def _owns(self) -> str:
        """Which connection of the bus is the server: another one after it was started anew."""
        assert self._bus is not None
        driver = "org.freedesktop.DBus"
        [owner] = await call(self._bus, driver, "/org/freedesktop/DBus", driver, "GetNameOwner", "s", DAEMON)
        return str(owner)

    async def _renders_markup(self) -> bool:
        assert self._bus is not None
        [said] = await call(self._bus, DAEMON, DAEMON_PATH, DAEMON, "GetCapabilities")
        name, *_more = await call(self._bus, DAEMON, DAEMON_PATH, DAEMON, "GetServerInformation")
        return "body-markup" in said or name in UNTOLD

    # --- Windows and macOS --------------------------------------------------------------------------------
    async def _ask_leave(self) -> None:
        """The first time macOS asks the person, who takes their time."""
        assert self._backend is not None
        if not await self._backend.has_authorisation():
            self._asking = asyncio.get_running_loop().create_task(self._backend.request_authorisation())
            self._asking.add_done_callback(lambda done: done.cancelled() or done.exception())


def _load() -> tuple[Any, type[DesktopNotifierBackend]]:
    """The library and its way here. On a thread, for importing reads files; on some systems it fails."""
    import desktop_notifier
    from desktop_notifier.main import get_backend_class

    backend: type[DesktopNotifierBackend] = get_backend_class()
    if sys.platform == "linux" and backend.__name__ == "DBusDesktopNotifier":
        from deskblog.attention.pressed import ClosingNotifier

        backend = ClosingNotifier
    return desktop_notifier, backend


def why_not() -> str:
    """Why this system shows no notifications, for the person."""
    if sys.platform == "darwin":
        return _("macOS shows notifications of signed apps only. deskblog shows its own.")
    return _("No notification service answers on this desktop. deskblog shows its own.")
