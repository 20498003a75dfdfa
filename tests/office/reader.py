"""A screen reader: what it is told of a program on a real accessibility bus (AT-SPI), and what it can do with it.

It speaks D-Bus itself, so that a test needs no more of the system than the bus. Nothing here knows Qt or deskblog:
what it cannot find, nobody who hears the screen can.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any

from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import leave

SPI = "org.a11y.atspi."
PROPERTIES = "org.freedesktop.DBus.Properties"
REGISTRY = SPI + "Registry"
ROOT = "/org/a11y/atspi/accessible/root"
KEYS = "/org/a11y/atspi/registry/deviceeventcontroller"
KEY_SYM = 3  # a key by its meaning, pressed and let go
ESCAPE, MENU, DOWN, RIGHT = 0xFF1B, 0xFF67, 0xFF54, 0xFF53
STATES = (
    "invalid", "active", "armed", "busy", "checked", "collapsed", "defunct", "editable", "enabled", "expandable",
    "expanded", "focusable", "focused", "has-tooltip", "horizontal", "iconified", "modal", "multi-line",
    "multiselectable", "opaque", "pressed", "resizable", "selectable", "selected", "sensitive", "showing",
    "single-line", "stale", "transient", "vertical", "visible", "manages-descendants", "indeterminate",
    "required", "truncated", "animated", "invalid-entry", "supports-autocompletion", "selectable-text",
    "is-default", "visited", "checkable", "has-popup", "read-only",
)  # fmt: skip
PATIENCE = 20.0
PRESSED = ("push button", "check box", "radio button", "menu item", "check menu item", "combo box", "text", "entry")


class NotThere(Exception):
    """It went while it was asked about."""


@dataclass(frozen=True)
class Thing:
    """One thing as it was a moment ago."""

    bus: str
    path: str
    role: str
    name: str
    description: str
    states: frozenset[str]
    actions: tuple[str, ...]
    inside: tuple[Thing, ...] = field(repr=False)

    def all(self) -> Iterator[Thing]:
        """It and what is in it, as far as it is shown."""
        if "showing" in self.states or self.role == "application":
            yield self
            for one in self.inside:
                yield from one.all()

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree, for eyes."""
        told = self.states & {"focused", "checked", "selected", "expanded", "is-default"}
        yield "  " * depth + " ".join([f"[{self.role}]", self.name, *sorted(told)])
        for one in self.inside:
            if "showing" in one.states:
                yield from one.lines(depth + 1)


class Reader:
    """Waits for the program to come to the bus of that session."""

    def __init__(self, session: str) -> None:
        self.said: list[str] = []  # what it was asked to speak, oldest first
        self.urgent: list[str] = []
        self._focus: tuple[str, str] | None = None
        self._loop = asyncio.new_event_loop()
        self._do(self._begin(session))

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)

    def close(self) -> None:
        for bus in (self._session, self._bus):
            self._do(leave(bus))
        self._loop.close()

    async def _begin(self, session: str) -> None:
        self._session = await MessageBus(bus_address=session).connect()
        bus, path = "org.a11y.Bus", "/org/a11y/bus"
        (address,) = await self._patiently(lambda: self._call(self._session, bus, path, bus, "GetAddress"))
        for switch in ("IsEnabled", "ScreenReaderEnabled"):
            on = ["org.a11y.Status", switch, Variant("b", True)]
            await self._call(self._session, bus, path, PROPERTIES, "Set", "ssv", on)
        self._bus = await MessageBus(bus_address=address).connect()
        self._bus.add_message_handler(self._hear)
        driver = "org.freedesktop.DBus"
        for event, member in (("object:announcement", "Announcement"), ("object:state-changed", "StateChanged")):
            wanted = [event, [], ""]
            registry = REGISTRY, "/org/a11y/atspi/registry", REGISTRY
            await self._call(self._bus, *registry, "RegisterEvent", "sass", wanted)
            rule = [f"type='signal',interface='{SPI}Event.Object',member='{member}'"]
            await self._call(self._bus, driver, "/org/freedesktop/DBus", driver, "AddMatch", "s", rule)

    def _hear(self, message: Message) -> None:
        if message.message_type is not MessageType.SIGNAL:
            return
        if message.member == "Announcement":
            _kind, politeness, _none, said, *_more = message.body
            self.said.append(said.value)
            if politeness == 2:  # assertive
                self.urgent.append(said.value)
        elif message.member == "StateChanged" and message.body[:2] == ["focused", 1]:
            self._focus = str(message.sender), str(message.path)

    # --- asking -------------------------------------------------------------------------------------------
    async def _call(
        self, bus: MessageBus, to: str, path: str, face: str, what: str, signature: str = "", body: Any = ()
    ) -> list[Any]:
        asked = Message(destination=to, path=path, interface=face, member=what, signature=signature, body=list(body))
        answer = await bus.call(asked)
        if answer is None or answer.message_type is MessageType.ERROR:
            raise NotThere(f"{what} of {path}: {answer.body if answer else 'no answer'}")
        return list(answer.body)

    async def _patiently(self, ask: Callable[[], Coroutine[Any, Any, list[Any]]]) -> list[Any]:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return await ask()
            except NotThere:
                if time.monotonic() > end:
                    raise
                await asyncio.sleep(0.05)

    async def _ask(self, thing: tuple[str, str], face: str, what: str, signature: str = "", *body: Any) -> list[Any]:
        return await self._call(self._bus, *thing, SPI + face, what, signature, body)

    async def _property(self, thing: tuple[str, str], name: str) -> str:
        asked = [SPI + "Accessible", name]
        (found,) = await self._call(self._bus, *thing, PROPERTIES, "Get", "ss", asked)
        return str(found.value)

    async def _look(self, bus: str, path: str) -> Thing:
        thing = bus, path
        (role,), (bits,), (faces,), (children,) = await asyncio.gather(
            self._ask(thing, "Accessible", "GetRoleName"),
            self._ask(thing, "Accessible", "GetState"),
            self._ask(thing, "Accessible", "GetInterfaces"),
            self._ask(thing, "Accessible", "GetChildren"),
        )
        name, description = await asyncio.gather(*(self._property(thing, one) for one in ("Name", "Description")))
        acts = await self._ask(thing, "Action", "GetActions") if SPI + "Action" in faces else [[]]
        number = bits[0] | bits[1] << 32
        states = frozenset(state for n, state in enumerate(STATES) if number >> n & 1)
        shown = "showing" in states or role == "application"
        inside = [await self._look(*one) for one in children if shown and not one[1].endswith("/null")]
        return Thing(bus, path, role, name, description, states, tuple(act[0] for act in acts[0]), tuple(inside))

    def look(self) -> tuple[Thing, ...]:
        """Every program there is, whole."""
        return tuple(self._do(self._look_all()))

    async def _look_all(self) -> list[Thing]:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                (found,) = await self._ask((REGISTRY, ROOT), "Accessible", "GetChildren")
                return [*[await self._look(*one) for one in found], *await self._menu()]
            except NotThere:  # a window closed meanwhile
                if time.monotonic() > end:
                    raise

    async def _menu(self) -> list[Thing]:
        """The menu that is open: it is no window of its program, and found by the line that has the focus."""
        found: list[Thing] = []
        at = self._focus
        try:
            while at is not None and not at[1].endswith(("/null", "/root")):
                (role,) = await self._ask(at, "Accessible", "GetRoleName")
                if role == "popup menu":
                    found = [await self._look(*at)]
                asked = [SPI + "Accessible", "Parent"]
                (above,) = await self._call(self._bus, *at, PROPERTIES, "Get", "ss", asked)
                at = tuple(above.value)
        except NotThere:  # it is closed
            self._focus = None
            return []
        return found

    # --- finding ------------------------------------------------------------------------------------------
    def shown(self) -> list[Thing]:
        return [one for program in self.look() for one in program.all()]

    def find(self, name: str, *roles: str) -> Thing:
        """The first thing of that name, else whose name begins or ends so, as soon as it is there."""
        found: list[Thing] = []

        def there() -> bool:
            now = [one for one in self.shown() if not roles or one.role in roles]
            same = [one for one in now if said(one) == name]
            found[:] = same or [one for one in now if said(one).startswith(name) or one.name.endswith(name)]
            return bool(found)

        self.until(there, f"“{name}”")
        return found[0]

    def has(self, name: str) -> bool:
        return any(name in one.name for one in self.shown())

    def until(self, true: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            if time.monotonic() > end:
                tree = "\n".join(line for program in self.look() for line in program.lines())
                raise AssertionError(f"never heard of {what}; said: {self.said}; there is:\n{tree}")
            self._do(asyncio.sleep(0.05))

    def hears(self, *parts: str) -> None:
        """Until something was spoken that has all these words."""
        self.until(lambda: any(all(part in one for part in parts) for one in self.said), f"{parts} aloud")

    # --- doing --------------------------------------------------------------------------------------------
    def press(self, thing: Thing) -> None:
        """Does what it is for. The answer is not waited for: what it opens may not give one before it closes."""
        wanted = next(n for n, act in enumerate(thing.actions) if act in ("Press", "Toggle"))
        self._do(self._tell(thing, "Action", "DoAction", "i", wanted))

    async def _tell(self, thing: Thing, face: str, what: str, signature: str, *body: Any) -> None:
        asked = Message(thing.bus, thing.path, SPI + face, what, signature=signature, body=list(body))
        await self._bus.send(asked)

    def focus(self, thing: Thing) -> None:
        self._do(self._ask((thing.bus, thing.path), "Component", "GrabFocus"))

    def write(self, thing: Thing, text: str) -> None:
        """Puts it in at the beginning."""
        at = thing.bus, thing.path
        assert self._do(self._ask(at, "EditableText", "InsertText", "isi", 0, text, len(text))) == [True]

    def text(self, thing: Thing) -> str:
        return str(self._do(self._ask((thing.bus, thing.path), "Text", "GetText", "ii", 0, -1))[0])

    def key(self, symbol: int) -> None:
        """Presses a key, as a braille display or a voice command does."""
        face = SPI + "DeviceEventController"
        self._do(self._call(self._bus, REGISTRY, KEYS, face, "GenerateKeyboardEvent", "isu", [symbol, "", KEY_SYM]))


def said(thing: Thing) -> str:
    """Its name without what is no word of it: the mark of a key, the key itself."""
    return thing.name.split("\t")[0].replace("&", "")


def faults(things: list[Thing]) -> list[str]:
    """What nobody who hears the screen could make sense of."""
    found = []
    for one in things:
        called = f"[{one.role}] “{one.name}”"
        if not one.name.strip() and (one.role in PRESSED or "focusable" in one.states or one.role == "label"):
            found.append(f"{called} has no name")
        if "focusable" in one.states and one.role in ("unknown", "filler", "invalid"):
            found.append(f"{called} takes the focus, and nobody can say what it is")
        beside = [each.name for each in one.inside if each.role in PRESSED and "showing" in each.states]
        found += [f"in {called} two are called “{name}”" for name in set(beside) if name and beside.count(name) > 1]
    return found
