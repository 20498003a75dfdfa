"""A session bus and a screen of their own, the notification daemons that are installed, and one of our own."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

from deskblog.attention.bus import leave

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
DUNST = "dunst"
XFCE = next((str(path) for path in Path("/usr/lib").glob("*/xfce4/notifyd/xfce4-notifyd")), "xfce4-notifyd")
CLASSIC = "/usr/lib/notification-daemon/notification-daemon"

# Without folders of services: nothing is started by being asked.
BUS = """<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>{services}
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
</busconfig>"""


@contextmanager
def session_bus(folder: Path, services: str = "") -> Iterator[str]:
    """Its address. `services`: a folder of services it may start."""
    config = folder / "bus.conf"
    config.write_text(BUS.format(services=f"<servicedir>{services}</servicedir>" if services else ""))
    words = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    with ExitStack() as stack:
        daemon = stack.enter_context(
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        )
        stack.callback(daemon.terminate)
        assert daemon.stdout is not None
        yield daemon.stdout.readline().strip()


@contextmanager
def virtual_screen() -> Iterator[str]:
    """A virtual X screen, which picks its own number."""
    read, write = os.pipe()
    with ExitStack() as stack:
        words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "800x500x24", "-nolisten", "tcp"]
        xvfb = stack.enter_context(subprocess.Popen(words, pass_fds=[write], stderr=subprocess.DEVNULL))
        stack.callback(xvfb.terminate)
        os.close(write)
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"


@contextmanager
def program(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Runs until it is left, or ended before."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


async def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Asks again until it is so: another program tells nobody when it is ready."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        await asyncio.sleep(0.02)


def said(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True).stdout.strip()


def owned(name: str = NAME) -> bool:
    driver = "org.freedesktop.DBus"
    asked = ["gdbus", "call", "--session", "-d", driver, "-o", "/", "-m", f"{driver}.NameHasOwner", name]
    return said(*asked) == "(true,)"


INTROSPECTION = f"""<node><interface name="{NAME}">
<method name="Notify">
<arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
<arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
<method name="CloseNotification"><arg type="u" direction="in"/></method>
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
<arg type="s" direction="out"/><arg type="s" direction="out"/></method>
<signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
<signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
<signal name="NotificationReplied"><arg type="u"/><arg type="s"/></signal>
</interface></node>"""


def point(x: int, y: int) -> None:
    """The mouse comes from elsewhere, so that whoever is under it notices."""
    for place in ((0, 0), (x, y)):
        subprocess.run(["xdotool", "mousemove", *map(str, place)], check=True)


def click() -> None:
    subprocess.run(["xdotool", "click", "1"], check=True)


class Daemon:
    """A notification daemon that does as it is told: `hangs` answers no Notify, `fails` refuses it."""

    def __init__(self, *capabilities: str, name: str = "ours") -> None:
        self._capabilities, self._name = capabilities, name
        self.hangs = self.fails = False
        self.asked = 0  # how often to show something
        self.shown: dict[int, dict[str, Any]] = {}
        self._last = 0
        self._bus: MessageBus | None = None

    async def begin(self) -> None:
        self._bus = await MessageBus().connect()
        self._bus.add_message_handler(self._answer)
        await self._bus.request_name(NAME)

    async def end(self) -> None:
        assert self._bus is not None
        await leave(self._bus)

    async def tell(self, signal: str, number: int, more: str | int) -> None:
        """As if the person had pressed something."""
        assert self._bus is not None
        signature = "us" if isinstance(more, str) else "uu"
        await self._bus.send(Message.new_signal(PATH, NAME, signal, signature, [number, more]))

    def only(self) -> tuple[int, dict[str, Any]]:
        [(number, one)] = self.shown.items()
        return number, one

    def _answer(self, asked: Message) -> Message | bool | None:
        if asked.message_type is not MessageType.METHOD_CALL:
            return None
        if asked.member == "Introspect":
            return Message.new_method_return(asked, "s", [INTROSPECTION])
        if asked.member == "GetCapabilities":
            return Message.new_method_return(asked, "as", [list(self._capabilities)])
        if asked.member == "GetServerInformation":
            return Message.new_method_return(asked, "ssss", [self._name, "us", "1", "1.2"])
        if asked.member == "CloseNotification":
            self.shown.pop(asked.body[0], None)
            return Message.new_method_return(asked)
        return self._notify(asked) if asked.member == "Notify" else None

    def _notify(self, asked: Message) -> Message | bool:
        self.asked += 1
        if self.hangs:
            return True
        if self.fails:
            return Message.new_error(asked, f"{NAME}.Error", "no")
        self._last += 1
        _app, _replaces, _icon, title, text, actions, hints, _timeout = asked.body
        self.shown[self._last] = {
            "title": title,
            "text": text,
            "actions": actions,
            "urgency": hints["urgency"].value,
        }
        return Message.new_method_return(asked, "u", [self._last])
