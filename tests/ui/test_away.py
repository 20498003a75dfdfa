"""Away after five minutes without a touch, back at the first; and how that is known."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytestqt.qtbot import QtBot

from deskblog.ui import idle as ways
from deskblog.ui.away import AFTER, AWAY_POLL, HERE_POLL, Away
from deskblog.ui.idle import Idle, Source


class Touch:
    """A clock in hand, and when somebody last touched the PC."""

    def __init__(self) -> None:
        self.now = self.last = 0
        self.known = True

    def idle(self) -> int | None:
        return self.now - self.last if self.known else None


@pytest.fixture
def touch() -> Touch:
    return Touch()


@pytest.fixture
def away(touch: Touch, qtbot: QtBot) -> Iterator[Away]:
    made = Away(touch.idle)
    yield made
    made.stop()


def told(away: Away) -> list[object]:
    said: list[object] = []
    away.changed.connect(said.append)
    away.unknown.connect(lambda: said.append("unknown"))
    return said


def test_who_is_back_is_told_after_how_long_and_a_sleep_of_the_pc_counts(touch: Touch, qtbot: QtBot) -> None:
    away = Away(touch.idle, now=lambda: touch.now)
    gone: list[int] = []
    away.back.connect(gone.append)
    away.start()
    touch.now += HERE_POLL
    touch.last = touch.now
    away.look()
    assert gone == []
    touch.now += 2 * AFTER
    away.look()
    assert (gone, away.away) == ([], True)
    touch.last = touch.now
    away.look()
    assert gone == [2 * AFTER]
    touch.now += 60 * AFTER  # nobody looked meanwhile: the PC slept
    touch.last = touch.now
    away.look()
    assert (gone, away.away) == ([2 * AFTER, 60 * AFTER], False)
    away.stop()


def test_whoever_touches_nothing_for_five_minutes_is_away_and_back_at_a_touch(away: Away, touch: Touch) -> None:
    said = told(away)
    away.start()
    assert (said, away.timer.interval()) == ([], HERE_POLL)
    touch.now = AFTER - 1
    away.look()
    assert said == []
    touch.now = AFTER
    away.look()
    away.look()
    assert (said, away.timer.interval()) == ([True], AWAY_POLL)
    touch.last = touch.now
    away.look()
    away.look()
    assert (said, away.timer.interval()) == ([True, False], HERE_POLL)


def test_the_timer_looks(away: Away, touch: Touch, qtbot: QtBot) -> None:
    away.start()
    touch.now = AFTER
    away.timer.setInterval(1)
    with qtbot.waitSignal(away.changed) as heard:
        pass
    assert heard.args == [True]
    away.stop()
    assert not away.timer.isActive()


def test_whoever_locks_the_screen_is_away_and_back_when_it_is_unlocked(touch: Touch, qtbot: QtBot) -> None:
    """Who moves the mouse meanwhile need not be the one who is missed."""
    away = Away(touch.idle, now=lambda: touch.now)
    said, gone = told(away), list[int]()
    away.back.connect(gone.append)
    away.start()
    away.lock(True)
    assert (said, away.timer.interval()) == ([True], HERE_POLL)
    touch.now += 2 * AFTER
    touch.last = touch.now
    away.look()
    assert (said, gone) == ([True], [])
    away.lock(False)
    assert (said, gone) == ([True, False], [2 * AFTER])
    away.stop()


def test_a_lock_is_enough_where_touches_are_not_known(touch: Touch, qtbot: QtBot) -> None:
    away = Away(touch.idle, now=lambda: touch.now)
    said, gone = told(away), list[int]()
    away.back.connect(gone.append)
    touch.known = False
    away.start()
    away.lock(True)
    touch.now += 12 * AFTER
    away.lock(False)
    assert (said, gone) == (["unknown", True, False], [12 * AFTER])
    away.stop()


def test_that_it_cannot_be_known_is_said_once_and_whoever_was_away_is_here(away: Away, touch: Touch) -> None:
    said = told(away)
    touch.now = AFTER
    away.start()
    touch.known = False
    away.look()
    away.look()
    assert said == [True, "unknown", False]
    touch.known = True
    away.look()
    assert said[3:] == [True]


def test_each_way_is_tried_once_and_the_first_that_works_is_kept() -> None:
    tried: list[str] = []

    def way(name: str, answer: int | None) -> Source:
        tried.append(name)

        def ask() -> int:
            if answer is None:
                raise OSError(name)
            return answer

        return ask

    def missing() -> Source:
        tried.append("missing")
        raise OSError("missing")

    idle = Idle([missing, lambda: way("mute", None), lambda: way("works", 7), lambda: way("never asked", 8)])
    assert [idle.ms(), idle.ms()] == [7, 7]
    assert tried == ["missing", "mute", "works"]


def test_where_no_way_works_it_is_not_known() -> None:
    assert Idle([]).ms() is None


def test_under_wayland_x_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert ways.x11 not in ways.ways()
    monkeypatch.delenv("WAYLAND_DISPLAY")
    assert ways.ways()[0] is ways.x11


def test_without_a_display_x_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(OSError, match="display"):
        ways.x11()


ASK = """
import sys
from deskblog.ui.idle import {way}
ask = {way}()
for line in sys.stdin:
    print(ask(), flush=True)
"""


class Asker:
    """A program that says how long nobody has touched anything, each time it is asked."""

    def __init__(self, way: str, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", ASK.format(way=way)],
            env=os.environ | env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.process.communicate(timeout=10)

    def ask(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def until_over(self, least: int) -> int:
        while (said := self.ask()) < least:
            pass
        return said


@pytest.fixture
def screen() -> Iterator[str]:
    """A virtual X screen, which picks its own number."""
    read, write = os.pipe()
    with ExitStack() as stack:
        xvfb = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp"], pass_fds=[write], stderr=subprocess.DEVNULL
        )
        stack.callback(xvfb.wait, 10)
        stack.callback(xvfb.terminate)
        os.close(write)
        with os.fdopen(read) as number:
            yield f":{number.readline().strip()}"


def test_x_counts_the_time_and_a_move_of_the_mouse_begins_it_anew(screen: str) -> None:
    env = {"DISPLAY": screen}
    with Asker("x11", env) as asker:
        before = asker.until_over(400)
        subprocess.run(["xdotool", "mousemove_relative", "10", "10"], env=os.environ | env, check=True)
        assert asker.ask() < before


SERVE = """
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusAbstractAdaptor, QDBusConnection

@ClassInfo({{"D-Bus Interface": "{interface}"}})
class Service(QDBusAbstractAdaptor):
    @Slot(result="qulonglong")
    def {method}(self):
        return 42

app = QCoreApplication()
thing = QObject()
service = Service(thing)
bus = QDBusConnection.sessionBus()
assert bus.registerObject("{path}", thing) and bus.registerService("{interface}")
print("ready", flush=True)
app.exec()
"""
SERVICES = {
    "gnome": ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core", "GetIdletime"),
    "screen_saver": ("org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver", "GetSessionIdleTime"),
}


@pytest.fixture
def bus() -> Iterator[dict[str, str]]:
    """A session bus of its own, as an environment."""
    with ExitStack() as stack:
        daemon = stack.enter_context(
            subprocess.Popen(
                ["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE, text=True
            )
        )
        stack.callback(daemon.terminate)
        assert daemon.stdout is not None
        yield {"DBUS_SESSION_BUS_ADDRESS": daemon.stdout.readline().strip()}


@pytest.mark.parametrize(
    ("way", "desktop", "ms"), [("gnome", "GNOME", 42), ("screen_saver", "KDE", 42), ("screen_saver", "XFCE", 42_000)]
)
def test_a_service_of_the_desktop_is_asked(bus: dict[str, str], way: str, desktop: str, ms: int) -> None:
    interface, path, method = SERVICES[way]
    code = SERVE.format(interface=interface, path=path, method=method)
    with subprocess.Popen(
        [sys.executable, "-c", code], env=os.environ | bus, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None and service.stdout.readline() == "ready\n"
        with Asker(way, bus | {"XDG_CURRENT_DESKTOP": desktop}) as asker:
            assert asker.ask() == ms
        service.terminate()


def test_without_such_a_service_it_is_not_known(bus: dict[str, str]) -> None:
    ask = "from deskblog.ui.idle import *; print(Idle([gnome, screen_saver]).ms())"
    said = subprocess.run(
        [sys.executable, "-c", ask], env=os.environ | bus, capture_output=True, text=True, check=True
    )
    assert said.stdout == "None\n"
