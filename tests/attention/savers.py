"""What stands in for the system: a screen saver on the session's bus, and logind on another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import PROPERTIES, leave

NAME, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
LOGIN, SESSION = "org.freedesktop.login1", "/org/freedesktop/login1/session/_32"


class Saver:
    """`active`: the screen is locked; `asked`: how often somebody wanted to know."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.active = False
        self.asked = 0

    async def lock(self, active: bool) -> None:
        self.active = active
        await self._bus.send(Message.new_signal(PATH, NAME, "ActiveChanged", "b", [active]))

    def answer(self, asked: Message) -> Message | None:
        if asked.message_type is not MessageType.METHOD_CALL or asked.member != "GetActive":
            return None
        self.asked += 1
        return Message.new_method_return(asked, "b", [self.active])


@asynccontextmanager
async def screen_saver() -> AsyncIterator[Saver]:
    bus = await MessageBus().connect()
    saver = Saver(bus)
    bus.add_message_handler(saver.answer)
    await bus.request_name(NAME)
    yield saver
    await leave(bus)


class Login:
    """logind, as it knows one session."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus

    def tell(self, locked: bool, *, session: str = SESSION) -> bool:
        """Says it, as often as it is asked to: nobody may have listened yet."""
        body = [f"{LOGIN}.Session", {"LockedHint": Variant("b", locked)}, []]
        self._bus.send(Message.new_signal(session, PROPERTIES, "PropertiesChanged", "sa{sv}as", body))
        return True

    @staticmethod
    def answer(asked: Message) -> Message | None:
        if asked.member == "Get" and asked.path == "/org/freedesktop/login1/session/auto":
            return Message.new_method_return(asked, "v", [Variant("s", "2")])
        if asked.member == "GetSession" and asked.body == ["2"]:
            return Message.new_method_return(asked, "o", [SESSION])
        return None


@asynccontextmanager
async def logind(address: str) -> AsyncIterator[Login]:
    bus = await MessageBus(bus_address=address).connect()
    bus.add_message_handler(Login.answer)
    await bus.request_name(LOGIN)
    yield Login(bus)
    await leave(bus)
