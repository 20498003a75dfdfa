"""What stands in for the desktop's portal of shortcuts: it speaks as its papers say, and does as it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import leave
from deskblog.attention.shortcut import PATH, PORTAL, REQUEST, SHORTCUTS

SESSION = f"{PATH}/session/ours"


class Portal:
    """`code`: what the person answers: 0 yes, 1 no. `bound`: what was asked for."""

    def __init__(self, bus: MessageBus, code: int) -> None:
        self._bus, self._code = bus, code
        self.bound: list[Any] = []
        self.registered: list[str] = []

    async def press(self, session: str = SESSION, token: str = "") -> None:
        more = {"activation_token": Variant("s", token)} if token else {}
        body = [session, "compose", 7, more]
        await self._bus.send(Message.new_signal(PATH, SHORTCUTS, "Activated", "osta{sv}", body))

    def answer(self, asked: Message) -> Message | None:
        if asked.message_type is not MessageType.METHOD_CALL or asked.path != PATH:
            return None
        if asked.member == "Register":
            self.registered.append(asked.body[0])
            return Message.new_method_return(asked)
        said: dict[str, Variant] = {"session_handle": Variant("s", SESSION)}
        code = 0
        if asked.member == "BindShortcuts":
            assert asked.body[0] == SESSION
            self.bound += asked.body[1]
            said, code = {"shortcuts": Variant("a(sa{sv})", asked.body[1])}, self._code
        sender = str(asked.sender).removeprefix(":").replace(".", "_")
        path = f"{PATH}/request/{sender}/{asked.body[-1]['handle_token'].value}"
        self._bus.send(Message.new_method_return(asked, "o", [path]))
        self._bus.send(Message.new_signal(path, REQUEST, "Response", "ua{sv}", [code, said]))
        return None


@asynccontextmanager
async def portal(code: int = 0) -> AsyncIterator[Portal]:
    bus = await MessageBus().connect()
    made = Portal(bus, code)

    def answer(asked: Message) -> Message | bool | None:
        return made.answer(asked) or (asked.interface == SHORTCUTS and asked.path == PATH)

    bus.add_message_handler(answer)
    await bus.request_name(PORTAL)
    yield made
    await leave(bus)
