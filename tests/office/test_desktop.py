"""The app among other programs on a real desktop: the quick post, trays that come and go, the end of a session."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.office.desktop import Desktop
from tests.office.hosts import Host, Office

pytestmark = pytest.mark.office
TAKEN = """
from PySide6.QtGui import QGuiApplication
from deskblog.errors import Refused
from deskblog.ui import hotkey
app = QGuiApplication([])
try:
    hotkey._X(hotkey.keys_of("Meta+Shift+D"), lambda: None)
except Refused as fault:
    print(fault)
"""
NEW_POST, WINDOW = "New post", "Dupont"


@pytest.fixture
def pc(office: Office) -> Host:
    """Anne's, who founded the office."""
    host = office.host("a")
    host.cli("office", "found", "Dupont", "--me", "Anne")
    return host


def compose(desktop: Desktop) -> None:
    assert desktop.run(sys.executable, "-m", "deskblog", "--compose").returncode == 0
    desktop.until(lambda: desktop.active() == NEW_POST)


def running(desktop: Desktop) -> None:
    """Until the app that starts hidden takes words."""
    desktop.until(lambda: desktop.run(sys.executable, "-m", "deskblog", "safe").returncode == 0)


def open_window(desktop: Desktop) -> subprocess.Popen[str]:
    """The app, with the caret where one writes."""
    app = desktop.app()
    desktop.until(lambda: desktop.active().startswith(WINDOW))
    desktop.click("Your post")
    return app


# --- the quick post -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("manager", ["openbox", "xfwm4"])
def test_the_quick_post_has_the_focus_and_gives_it_back(pc: Host, tmp_path: Path, manager: str) -> None:
    desktop = Desktop(pc, tmp_path, manager=manager)
    desktop.tint2()
    desktop.app("--hidden")
    desktop.until(lambda: desktop.icon() is not None)
    desktop.other("letter")
    desktop.write("Dear")
    desktop.until(lambda: desktop.active() == "letter: Dear")
    compose(desktop)
    desktop.write("Coffee")
    desktop.wait("Coffee")
    desktop.press("Escape")
    desktop.until(lambda: desktop.active() == "letter: Dear")
    desktop.write(" Paul")
    desktop.until(lambda: desktop.active() == "letter: Dear Paul")
    desktop.click_icon()
    desktop.until(lambda: desktop.active() == NEW_POST)
    desktop.wait("Coffee")  # the draft
    desktop.write(" is ready")
    desktop.press("Return")
    desktop.until(lambda: desktop.active() == "letter: Dear Paul")
    desktop.until(lambda: "Coffee is ready" in str(pc.cli("waiting")))


def test_a_second_start_that_shall_be_hidden_shows_nothing(pc: Host, tmp_path: Path) -> None:
    desktop = Desktop(pc, tmp_path)
    desktop.tint2()
    desktop.app("--hidden")
    desktop.until(lambda: desktop.icon() is not None)
    assert desktop.run(sys.executable, "-m", "deskblog", "--hidden").returncode == 0
    compose(desktop)  # heard after it
    assert not desktop.shown(WINDOW)
    assert desktop.run(sys.executable, "-m", "deskblog").returncode == 0
    desktop.until(lambda: desktop.active().startswith(WINDOW))


def test_keys_of_ones_own_have_the_quick_post_up(pc: Host, tmp_path: Path) -> None:
    """From any program, whatever lock is on; not again while they are held; and two programs cannot have them."""
    desktop = Desktop(pc, tmp_path)
    desktop.remember("hotkey", "Meta+Shift+D")
    desktop.tint2()
    desktop.app("--hidden")
    desktop.until(lambda: desktop.icon() is not None)
    desktop.other("letter")
    for lock in ("", "Num_Lock", "Caps_Lock"):
        if lock:
            desktop.press(lock)
        desktop.until(lambda: desktop.pressed_up("super+shift+d", NEW_POST))
        desktop.press("Escape")
        desktop.until(lambda: desktop.active() == "letter")
    desktop.run("xdotool", "keydown", "super", "keydown", "shift", "keydown", "d")
    desktop.until(lambda: desktop.active() == NEW_POST)
    desktop.run("xdotool", "keyup", "d", "keyup", "shift", "keyup", "super")
    assert desktop.active() == NEW_POST
    taken = desktop.run(sys.executable, "-c", TAKEN)
    assert taken.stdout == "Another program has these keys. Take another combination.\n", taken.stderr


# --- trays ----------------------------------------------------------------------------------------------------
def test_the_icon_comes_with_any_tray_and_comes_back(pc: Host, tmp_path: Path) -> None:
    """Started before there is one; then panels of both kinds, killed and started again."""
    desktop = Desktop(pc, tmp_path)
    desktop.app("--hidden")
    running(desktop)
    for _time in range(2):
        panel = desktop.tint2()
        desktop.click_icon()
        desktop.until(lambda: desktop.active() == NEW_POST)
        desktop.press("Escape")
        desktop.end(panel, signal.SIGKILL)
        desktop.until(lambda: desktop.icon() is None)
    for _time in range(2):
        panel = desktop.xfce()
        desktop.until(lambda: "StatusNotifierItem" in desktop.items())
        desktop.end(panel, signal.SIGKILL)
        desktop.until(lambda: not desktop.items())
    desktop.tint2()
    desktop.click_icon()
    desktop.until(lambda: desktop.active() == NEW_POST)


def test_without_a_tray_the_window_is_minimised_and_never_lost(pc: Host, tmp_path: Path) -> None:
    desktop = Desktop(pc, tmp_path)
    desktop.app("--hidden")
    desktop.until(lambda: desktop.iconic(WINDOW))
    panel = desktop.tint2()
    desktop.until(lambda: not desktop.iconic(WINDOW))  # it goes to where it was wanted
    assert desktop.icon() is not None
    desktop.end(panel, signal.SIGKILL)
    desktop.until(lambda: desktop.iconic(WINDOW))


def test_closing_without_a_tray_asks_and_then_minimises(pc: Host, tmp_path: Path) -> None:
    desktop = Desktop(pc, tmp_path)
    app = desktop.app()
    desktop.until(lambda: desktop.active().startswith(WINDOW))
    desktop.until(lambda: desktop.pressed_up("alt+F4", "deskblog"))  # openbox may not listen yet
    desktop.wait("As your desktop has no tray, the window is minimised.")
    desktop.picture("closing-without-tray")
    desktop.press("Return")
    desktop.until(lambda: desktop.iconic(WINDOW))
    desktop.run(sys.executable, "-m", "deskblog")
    desktop.until(lambda: desktop.active().startswith(WINDOW))
    assert app.poll() is None


# --- the end of a session -------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_the_end_of_the_session_keeps_draft_and_place(pc: Host, tmp_path: Path, number: signal.Signals) -> None:
    """Also while it was never asked what closing means: nothing stands in the way."""
    desktop = Desktop(pc, tmp_path)
    app = open_window(desktop)
    desktop.run("xdotool", "getactivewindow", "windowsize", "--sync", "700", "600")
    desktop.write("Half a thou")
    desktop.wait("Half a thou")
    assert desktop.end(app, number) == 0
    open_window(desktop)
    desktop.wait("Half a thou")
    said = desktop.run("xdotool", "getactivewindow", "getwindowgeometry", "--shell").stdout
    assert {"WIDTH=700", "HEIGHT=600"} <= set(said.splitlines())


def test_a_screen_that_goes_takes_no_draft_along(pc: Host, tmp_path: Path) -> None:
    desktop = Desktop(pc, tmp_path)
    app = open_window(desktop)
    desktop.write("Half a thou")
    desktop.until(lambda: "Half a thou" in desktop.kept("draft"))
    desktop.end(desktop.server, signal.SIGKILL)
    app.wait(20)
    again = Desktop(pc, tmp_path)
    open_window(again)
    again.wait("Half a thou")
