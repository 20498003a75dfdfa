"""One connection to a D-Bus, to ask services that run what they know; none is started for it. For Linux alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from dbus_fast.aio import MessageBus

PROPERTIES = "org.freedesktop.DBus.Properties"
DAEMON, DAEMON_PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"  # shows popups


async def call(
    bus: MessageBus, name: str, path: str, interface: str, member: str, signature: str = "", *arguments: Any
) -> list[Any]:
    """What a method answers. OSError where there is no such service, object or method, or no bus any more."""
    from dbus_fast import Message, MessageFlag, MessageType

    question = Message(
        destination=name,
        path=path,
        interface=interface,
        member=member,
        flags=MessageFlag.NO_AUTOSTART,
        signature=signature,
        body=list(arguments),
    )
    reply = await bus.call(question)
    if reply is None or reply.message_type is not MessageType.METHOD_RETURN:
        raise OSError(f"{name}: {reply.error_name if reply is not None else 'the bus is gone'}")
    return list(reply.body)


async def leave(bus: MessageBus) -> None:
    """Closes a connection, and waits until it is closed."""
    bus.disconnect()
    closed: Awaitable[None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
    with suppress(OSError, EOFError):
        await closed


class Bus:
    """The session's bus or the system's, connected when first asked and anew when it went."""

    def __init__(self, kind: Literal["session", "system"]) -> None:
        self._kind = kind
        self._bus: MessageBus | None = None
        self._connecting = asyncio.Lock()

    async def ask(
        self, name: str, path: str, interface: str, member: str, signature: str = "", *arguments: Any
    ) -> list[Any]:
        """See `call`; raises what the library raises where there is no bus."""
        return await call(await self._connected(), name, path, interface, member, signature, *arguments)

    async def get(self, name: str, path: str, interface: str, name_of_property: str) -> Any:
        [variant] = await self.ask(name, path, PROPERTIES, "Get", "ss", interface, name_of_property)
        return variant.value

    async def _connected(self) -> MessageBus:
        async with self._connecting:
            if self._bus is None or not self._bus.connected:
                from dbus_fast import BusType
                from dbus_fast.aio import MessageBus

                kind = BusType.SESSION if self._kind == "session" else BusType.SYSTEM
                self._bus = await MessageBus(bus_type=kind).connect()
            return self._bus

    async def close(self) -> None:
        bus, self._bus = self._bus, None
        if bus is not None:
            await leave(bus)
