"""Tells at once when the screen is locked or unlocked, as the desktops of Linux say it; nothing is asked by a clock.

Each desktop says it on the session's bus, logind on the system's. One that goes while it says "locked" has unlocked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from dbus_fast import BusType, DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import PROPERTIES, call, leave
from deskblog.attention.linux import SAVERS

LOGIN, LOGIN_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
Say = Callable[[str, bool], None]  # who says so, and whether it is locked
NAMES = tuple(dict.fromkeys(name for name, _path in SAVERS))


async def follow(say: Say) -> None:
    """Until it is cancelled, or both buses are gone."""
    await asyncio.gather(_follow(BusType.SESSION, say), _follow(BusType.SYSTEM, say))


async def _follow(kind: BusType, say: Say) -> None:
    try:
        bus = await MessageBus(bus_type=kind).connect()
    except (OSError, EOFError, ValueError, DBusError):
        return  # there is none
    bus.add_message_handler(lambda message: _heard(message, say))
    try:
        with suppress(OSError, EOFError, DBusError):
            for rule in [await _own_session(bus)] if kind is BusType.SYSTEM else _desktops():
                await call(bus, BUS, BUS_PATH, BUS, "AddMatch", "s", rule)
            ended: Awaitable[None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
            await ended
    finally:
        await leave(bus)


def _desktops() -> list[str]:
    said = [f"type='signal',interface='{name}',member='ActiveChanged'" for name in NAMES]
    gone = [f"type='signal',sender='{BUS}',member='NameOwnerChanged',arg0='{name}'" for name in NAMES]
    return said + gone


async def _own_session(bus: MessageBus) -> str:
    """The session this program belongs to, by its own name: what is told of it comes from there."""
    asked = (LOGIN, f"{LOGIN_PATH}/session/auto", PROPERTIES, "Get", "ss", f"{LOGIN}.Session", "Id")
    [ident] = await call(bus, *asked)
    [path] = await call(bus, LOGIN, LOGIN_PATH, f"{LOGIN}.Manager", "GetSession", "s", ident.value)
    return f"type='signal',sender='{LOGIN}',path='{path}',interface='{PROPERTIES}',member='PropertiesChanged'"


def _heard(message: Message, say: Say) -> None:
    if message.message_type is not MessageType.SIGNAL:
        return
    match message.member, message.body:
        case "ActiveChanged", [bool(active)] if message.interface in NAMES:
            say(str(message.interface), active)
        case "NameOwnerChanged", [str(name), _old, ""] if name in NAMES:
            say(name, False)
        case "PropertiesChanged", [_interface, {"LockedHint": Variant(value=bool(locked))}, _invalid]:
            say(LOGIN, locked)
        case _:
            pass
