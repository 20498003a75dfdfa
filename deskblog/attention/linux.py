"""What the desktops of Linux say by D-Bus, each in its own words: a wish for quiet, a lock.

Nothing is started for it, and OSError or the library's own error means that there is no such desktop. dunst and Xfce
were asked for real; what stands here for GNOME, KDE, Cinnamon, MATE, Budgie and logind has never met one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from deskblog.attention.bus import DAEMON, DAEMON_PATH, Bus
from deskblog.attention.quiet import Ask, Quiet

# Desktop -> schema, key and the value that means quiet.
SETTINGS = {
    "GNOME": ("org.gnome.desktop.notifications", "show-banners", "false"),
    "BUDGIE": ("org.gnome.desktop.notifications", "show-banners", "false"),
    "X-CINNAMON": ("org.cinnamon.desktop.notifications", "display-notifications", "false"),
    "MATE": ("org.mate.NotificationDaemon", "do-not-disturb", "true"),
}
SAVERS = (
    ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"),
    ("org.freedesktop.ScreenSaver", "/ScreenSaver"),
    ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver"),
    ("org.cinnamon.ScreenSaver", "/org/cinnamon/ScreenSaver"),
    ("org.mate.ScreenSaver", "/org/mate/ScreenSaver"),
    ("org.xfce.ScreenSaver", "/org/xfce/ScreenSaver"),
)


def sources() -> tuple[list[Ask], Callable[[], Coroutine[Any, Any, None]]]:
    """Each to be asked alone, for any may fail; and what leaves the buses."""
    session, system = Bus("session"), Bus("system")

    async def close() -> None:
        await asyncio.gather(session.close(), system.close())

    asks: list[Ask] = [
        partial(_property, session, DAEMON, "Inhibited"),  # KDE's daemon
        partial(_property, session, "org.dunstproject.cmd0", "paused"),
        partial(_logind, system),
        *(partial(_saver, session, name, path) for name, path in SAVERS),
    ]
    desktops = os.environ.get("XDG_CURRENT_DESKTOP", "").upper().split(":")
    if "XFCE" in desktops:
        asks.append(partial(_xfce, session))
    for schema, key, quiet in {SETTINGS[name] for name in desktops if name in SETTINGS}:
        asks.append(partial(_setting, schema, key, quiet))
    return asks, close


async def _property(session: Bus, interface: str, name: str) -> Quiet:
    return Quiet(dnd=await session.get(DAEMON, DAEMON_PATH, interface, name) is True)


async def _xfce(session: Bus) -> Quiet:
    name, path = "org.xfce.Xfconf", "/org/xfce/Xfconf"
    [said] = await session.ask(name, path, name, "GetProperty", "ss", "xfce4-notifyd", "/do-not-disturb")
    return Quiet(dnd=said.value is True)


async def _logind(system: Bus) -> Quiet:
    name = "org.freedesktop.login1"
    path = "/org/freedesktop/login1/session/auto"
    return Quiet(locked=await system.get(name, path, f"{name}.Session", "LockedHint") is True)


async def _saver(session: Bus, name: str, path: str) -> Quiet:
    [active] = await session.ask(name, path, name, "GetActive")
    return Quiet(locked=active is True)


async def _setting(schema: str, key: str, quiet: str) -> Quiet:
    asked = await asyncio.create_subprocess_exec(
        "gsettings", "get", schema, key, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        said, _none = await asked.communicate()
    finally:
        if asked.returncode is None:
            asked.kill()
    return Quiet(dnd=said.decode().strip() == quiet)
