"""A combination of keys, by the portal of Wayland's desktops: org.freedesktop.portal.GlobalShortcuts. Linux alone.

The desktop asks the person whether deskblog may have it, may take other keys, and may take it away again. What stands
here was tried with a service that speaks as the portal's papers say, and has never met a real one.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from dbus_fast import DBusError, Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import call, leave

PORTAL, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS, REQUEST = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.Request"
REGISTRY = "org.freedesktop.host.portal.Registry"
BUS, BUS_PATH = "org.freedesktop.DBus", "/org/freedesktop/DBus"
IDENT = "compose"
DONE, DECLINED = 0, 1


class Lacking(Exception):
    """It cannot be: there is no such portal, or `declined`: the person did not want it."""

    def __init__(self, *, declined: bool = False) -> None:
        super().__init__("declined" if declined else "no portal")
        self.declined = declined


class Shortcut:
    """`pressed(token)` is called on the loop, with what lets a window take the focus, if the desktop gave it."""

    def __init__(self, pressed: Callable[[str], None]) -> None:
        self._pressed = pressed
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._session = ""

    async def hold(self, trigger: str, description: str, settled: Callable[[], None]) -> None:
        """Until it is cancelled; raises Lacking when it cannot be, or no more. `settled`: it works from now on."""
        try:
            bus = await MessageBus().connect()
        except (OSError, EOFError, ValueError, DBusError) as fault:
            raise Lacking from fault
        bus.add_message_handler(self._heard)
        gone = asyncio.ensure_future(_gone(bus))
        gone.add_done_callback(lambda _ended: self._give_up())
        try:
            await self._begin(bus, trigger, description)
            settled()
            await asyncio.shield(gone)
        except (OSError, EOFError, DBusError) as fault:
            raise Lacking from fault
        finally:
            await leave(bus)
            await gone
        raise Lacking

    def _give_up(self) -> None:
        """The bus is gone, and nobody answers any more."""
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Lacking())

    async def _begin(self, bus: MessageBus, trigger: str, description: str) -> None:
        rule = f"type='signal',sender='{PORTAL}'"
        await call(bus, BUS, BUS_PATH, BUS, "AddMatch", "s", rule)
        with suppress(OSError):  # older portals know a program by other means
            await call(bus, PORTAL, PATH, REGISTRY, "Register", "sa{sv}", "deskblog", {})
        token = {"session_handle_token": Variant("s", f"deskblog_{secrets.token_hex(4)}")}
        said = await self._ask(bus, "CreateSession", "a{sv}", [], token)
        self._session = str(said["session_handle"].value)
        wanted = [IDENT, {"description": Variant("s", description), "preferred_trigger": Variant("s", trigger)}]
        await self._ask(bus, "BindShortcuts", "oa(sa{sv})sa{sv}", [self._session, [wanted], ""], {})

    async def _ask(
        self, bus: MessageBus, member: str, signature: str, arguments: list[Any], options: dict[str, Variant]
    ) -> dict[str, Any]:
        """The portal answers by a signal from a path both sides know, perhaps after the person did."""
        token = f"deskblog_{secrets.token_hex(4)}"
        sender = str(bus.unique_name).removeprefix(":").replace(".", "_")
        path = f"{PATH}/request/{sender}/{token}"
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._answers[path] = answer
        options = {"handle_token": Variant("s", token), **options}
        try:
            await call(bus, PORTAL, PATH, SHORTCUTS, member, signature, *arguments, options)
            return await answer
        finally:
            self._answers.pop(path, None)

    def _heard(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        what, body = (message.interface, message.member), message.body
        if what == (REQUEST, "Response") and str(message.path) in self._answers:
            answer, (code, said) = self._answers[str(message.path)], body
            if not answer.done() and code == DONE:
                answer.set_result(said)
            elif not answer.done():
                answer.set_exception(Lacking(declined=code == DECLINED))
        elif what == (SHORTCUTS, "Activated") and body[:2] == [self._session, IDENT]:
            token = body[3].get("activation_token")
            self._pressed(str(token.value) if token is not None else "")


async def _gone(bus: MessageBus) -> None:
    """Ends when the bus is there no more."""
    ended: Awaitable[None] = bus.wait_for_disconnect()  # type: ignore[no-untyped-call]
    with suppress(OSError, EOFError):
        await ended
