"""What the system says of quiet: real daemons, a real full screen, services of our own; and what hangs says no."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from dbus_fast import Message, Variant
from dbus_fast.aio import MessageBus

from deskblog.attention import hush as asking
from deskblog.attention.bus import leave
from deskblog.attention.hush import Hush
from deskblog.attention.quiet import Quiet
from tests.attention.daemons import DUNST, XFCE, owned, program, said, until

FULL = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
window = QWidget()
window.setWindowTitle("a film")
window.showFullScreen()
app.exec()
"""


@pytest_asyncio.fixture
async def hush(screen: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hush]:
    """It asks anew each time."""
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "XFCE")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere")
    made = Hush(every=0.0)
    yield made
    await made.stop()


async def until_says(hush: Hush, quiet: Quiet) -> None:
    for _time in range(1000):
        if await hush.look() == quiet:
            return
    raise AssertionError(f"it says {await hush.look()}")


async def test_where_nobody_is_asked_there_is_no_wish_for_quiet(hush: Hush) -> None:
    assert await hush.look() == Quiet()


async def test_without_screen_and_bus_there_is_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.setenv(name, "unix:path=/nowhere")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    hush = Hush()
    assert await hush.look() == Quiet()
    await hush.stop()


async def test_dunst_is_paused(hush: Hush) -> None:
    with program(DUNST):
        await until(owned)
        assert await hush.look() == Quiet()
        said("dunstctl", "set-paused", "true")
        await until_says(hush, Quiet(dnd=True))
        said("dunstctl", "set-paused", "false")
        await until_says(hush, Quiet())


async def test_xfce_is_told_not_to_disturb(hush: Hush) -> None:
    xfconf = next(Path("/usr/lib").glob("*/xfce4/xfconf/xfconfd"))
    with program(str(xfconf)), program(XFCE):
        await until(lambda: owned("org.xfce.Xfconf") and owned())
        said("xfconf-query", "-c", "xfce4-notifyd", "-p", "/do-not-disturb", "-n", "-t", "bool", "-s", "true")
        await until_says(hush, Quiet(dnd=True))


SCHEMA = """<schemalist><schema id="org.gnome.desktop.notifications" path="/org/gnome/desktop/notifications/">
<key name="show-banners" type="b"><default>true</default></key></schema></schemalist>"""


async def test_gnome_shows_no_banners(screen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "notifications.gschema.xml").write_text(SCHEMA)
    compiler = next(Path("/usr/lib").glob("*/glib-2.0/glib-compile-schemas"))
    assert said(str(compiler), "--strict", str(tmp_path)) == ""
    monkeypatch.setenv("GSETTINGS_SCHEMA_DIR", str(tmp_path))
    monkeypatch.setenv("GSETTINGS_BACKEND", "keyfile")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    hush = Hush(every=0.0)
    assert await hush.look() == Quiet()
    said("gsettings", "set", "org.gnome.desktop.notifications", "show-banners", "false")
    assert await hush.look() == Quiet(dnd=True)
    await hush.stop()


async def test_a_window_that_fills_the_screen(hush: Hush, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    with program("openbox"):
        await until(lambda: subprocess.run(["xdotool", "get_desktop"], capture_output=True).returncode == 0)
        assert await hush.look() == Quiet()
        with program(sys.executable, "-c", FULL):
            await until(lambda: bool(said("xdotool", "search", "--onlyvisible", "--name", "a film")))
            await until_says(hush, Quiet(full_screen=True))
        await until_says(hush, Quiet())


@pytest.mark.parametrize(
    ("name", "path", "member", "answer", "quiet"),
    [
        ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "GetActive", ("b", True), Quiet(locked=True)),
        ("org.freedesktop.ScreenSaver", "/ScreenSaver", "GetActive", ("b", True), Quiet(locked=True)),
        (
            "org.freedesktop.Notifications",
            "/org/freedesktop/Notifications",
            "Get",
            ("v", Variant("b", True)),
            Quiet(dnd=True),
        ),
        ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "GetActive", ("b", False), Quiet()),
        ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "GetActive", ("s", "what?"), Quiet()),
        ("org.gnome.ScreenSaver", "/org/gnome/ScreenSaver", "GetActive", None, Quiet()),  # it never answers
    ],
)
async def test_services_that_say_so(
    hush: Hush,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    path: str,
    member: str,
    answer: tuple[str, object] | None,
    quiet: Quiet,
) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)

    def reply(asked: Message) -> Message | bool | None:
        if (asked.path, asked.member) != (path, member):
            return None
        return Message.new_method_return(asked, answer[0], [answer[1]]) if answer else True

    bus = await MessageBus().connect()
    bus.add_message_handler(reply)
    await bus.request_name(name)
    assert await hush.look() == quiet
    await leave(bus)


async def test_logind_on_the_bus_of_the_system(screen: str, bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", bus)

    def reply(asked: Message) -> Message | None:
        known = asked.path == "/org/freedesktop/login1/session/auto"
        wanted = asked.body == ["org.freedesktop.login1.Session", "LockedHint"]
        return Message.new_method_return(asked, "v", [Variant("b", True)]) if known and wanted else None

    logind = await MessageBus().connect()
    logind.add_message_handler(reply)
    await logind.request_name("org.freedesktop.login1")
    hush = Hush()
    assert await hush.look() == Quiet(locked=True)
    await hush.stop()
    await leave(logind)


class Asked:
    """A source that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0
        self.says = Quiet()

    async def __call__(self) -> Quiet:
        self.times += 1
        return self.says


async def test_it_is_asked_seldom_however_often_one_looks() -> None:
    asked = Asked()
    hush = Hush([asked], every=3600)
    assert await asyncio.gather(*(hush.look() for _time in range(50))) == [Quiet()] * 50
    assert asked.times == 1


async def test_what_is_answered_while_it_is_forgotten_is_asked_once_more() -> None:
    """The screen is unlocked while the system answers that it is locked: what waits comes now, not in a minute."""
    asked, answer = asyncio.Event(), asyncio.Event()
    locked = [True]

    async def slow() -> Quiet:
        said = Quiet(locked=locked[0])
        asked.set()
        await answer.wait()
        return said

    hush = Hush([slow], every=3600.0)
    looking = asyncio.create_task(hush.look())
    await asked.wait()
    locked[0] = False
    hush.forget()
    answer.set()
    assert (await looking).locked
    assert not (await hush.look()).locked


async def test_what_several_say_is_put_together_and_changes_are_told() -> None:
    one, other = Asked(), Asked()
    hush = Hush([one, other], every=0.0)
    told: list[Quiet] = []
    following = asyncio.ensure_future(hush.follow(told.append))
    one.says, other.says = Quiet(dnd=True), Quiet(locked=True)
    await until(lambda: told[-1:] == [Quiet(dnd=True, locked=True)])
    one.says = other.says = Quiet()
    await until(lambda: told[-1] == Quiet())
    following.cancel()
    await asyncio.wait({following})
