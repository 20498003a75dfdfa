"""Popups of our own: what they say, what is pressed, how they stand, and that they never take the focus."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from deskblog import limits
from deskblog.attention.popup import Popup, Press
from deskblog.ui import popups as popups_module
from deskblog.ui.popup_card import STAYS, MoreLine, PopupCard
from deskblog.ui.popups import SHOWN, Popups
from deskblog.ui.theme import Theme

COFFEE = Popup("coffee", "<b>Anne</b> & fils", "Is the coffee ready?", answer=True, got_it=True)


@pytest.fixture
def popups(qtbot: QtBot, theme: Theme) -> Iterator[Popups]:
    made = Popups("deskblog")
    yield made
    made.clear()


@pytest.fixture
def pressed(popups: Popups) -> list[tuple[str, Press]]:
    told: list[tuple[str, Press]] = []
    popups.pressed.connect(lambda key, press: told.append((key, press)))
    return told


def cards() -> list[PopupCard]:
    """From the top down."""
    shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, PopupCard) and one.isVisible()]
    return sorted(shown, key=lambda card: card.y())


def keys() -> list[str]:
    return [card.popup.key for card in cards()]


def more() -> str:
    lines = [one for one in QApplication.topLevelWidgets() if isinstance(one, MoreLine) and one.isVisible()]
    return lines[0].line.text() if lines else ""


def numbered(count: int) -> list[Popup]:
    return [Popup(str(number), f"Title {number}", "Text") for number in range(count)]


def test_foreign_words_are_text_and_a_screen_reader_has_them(popups: Popups) -> None:
    popups.show(COFFEE)
    [card] = cards()
    labels = card.findChildren(QLabel)
    assert {COFFEE.title, COFFEE.text} <= {label.text() for label in labels}
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    said = QAccessible.queryAccessibleInterface(card)
    assert said.text(QAccessible.Text.Name) == COFFEE.title
    assert said.text(QAccessible.Text.Description) == COFFEE.text
    assert card.close_button.accessibleName() == "Close"


@pytest.mark.parametrize("press", [Press.ANSWER, Press.GOT_IT])
def test_a_press_is_told_and_the_card_goes(
    popups: Popups, pressed: list[tuple[str, Press]], qtbot: QtBot, press: Press
) -> None:
    popups.show(COFFEE)
    qtbot.mouseClick(cards()[0].buttons[press], Qt.MouseButton.LeftButton)
    assert (pressed, cards()) == ([("coffee", press)], [])


def test_a_click_on_the_card_opens_and_the_cross_only_closes(
    popups: Popups, pressed: list[tuple[str, Press]], qtbot: QtBot
) -> None:
    popups.show(COFFEE)
    qtbot.mouseClick(cards()[0], Qt.MouseButton.LeftButton)
    assert (pressed, cards()) == ([("coffee", Press.OPEN)], [])
    popups.show(COFFEE)
    qtbot.mouseClick(cards()[0].close_button, Qt.MouseButton.LeftButton)
    assert (pressed, cards()) == ([("coffee", Press.OPEN)], [])


def test_a_card_has_the_buttons_it_is_to_have(popups: Popups) -> None:
    popups.show(Popup("digest", "12 posts", "", got_it=True))
    assert list(cards()[0].buttons) == [Press.GOT_IT]
    popups.show(Popup("digest", "12 posts", ""))
    assert cards()[0].buttons == {}


def test_it_goes_when_its_time_is_over_but_not_under_the_mouse_and_not_if_urgent(popups: Popups) -> None:
    popups.show(COFFEE)
    [card] = cards()
    assert (card.timer.isActive(), card.timer.interval()) == (True, STAYS)
    QApplication.sendEvent(card, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    assert not card.timer.isActive()
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert card.timer.isActive()
    card.timer.timeout.emit()
    assert cards() == []
    popups.show(Popup("lift", "The lift", "stands still", urgent=True))
    [card] = cards()
    QApplication.sendEvent(card, QEvent(QEvent.Type.Leave))
    assert not card.timer.isActive()


def test_one_stands_for_each_key_and_is_withdrawn(popups: Popups) -> None:
    popups.show(COFFEE)
    popups.show(Popup("coffee", "Anne", "Two are waiting"))
    assert [card.popup.text for card in cards()] == ["Two are waiting"]
    popups.withdraw("coffee")
    popups.withdraw("never shown")
    assert cards() == []


def test_three_stand_above_each_other_and_the_rest_is_counted(popups: Popups) -> None:
    for popup in numbered(5):
        popups.show(popup)
    assert (keys(), more()) == (["0", "1", "2"], "and 2 more")
    places = [card.geometry() for card in cards()]
    assert all(upper.bottom() < lower.top() for upper, lower in pairwise(places))
    assert all(QApplication.primaryScreen().availableGeometry().contains(place) for place in places)
    popups.withdraw("1")
    assert (keys(), more()) == (["0", "2", "3"], "and 1 more")
    popups.withdraw("0")
    assert (keys(), more()) == (["2", "3", "4"], "")


def test_an_urgent_one_is_the_next(popups: Popups) -> None:
    for popup in (*numbered(5), Popup("lift", "The lift", "", urgent=True)):
        popups.show(popup)
    popups.withdraw("0")
    assert keys() == ["1", "2", "lift"]


def test_how_many_wait_opens_deskblog(popups: Popups, pressed: list[tuple[str, Press]], qtbot: QtBot) -> None:
    for popup in numbered(5):
        popups.show(popup)
    [line] = [one for one in QApplication.topLevelWidgets() if isinstance(one, MoreLine) and one.isVisible()]
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert (pressed, more(), len(cards())) == ([("4", Press.OPEN)], "", SHOWN)


def test_there_are_never_more_than_so_many(popups: Popups) -> None:
    urgent = Popup("lift", "The lift", "", urgent=True)
    for popup in (*numbered(SHOWN), urgent, *numbered(100)[SHOWN:]):
        popups.show(popup)
    assert more() == f"and {limits.POPUPS - SHOWN} more"
    popups.withdraw("0")
    assert keys() == ["1", "2", "lift"]


def test_a_screen_too_low_for_all_shows_fewer(popups: Popups, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(popups_module, "SHOWN", limits.POPUPS)  # however small this PC's letters are
    for popup in numbered(limits.POPUPS):
        popups.show(Popup(popup.key, popup.title, "\n".join(["high as a house " * 3] * 6), answer=True))
    room = QApplication.primaryScreen().availableGeometry()
    assert all(room.contains(card.geometry()) for card in cards())
    assert 1 <= len(cards()) < limits.POPUPS


def test_words_are_never_cut_off(popups: Popups) -> None:
    popups.show(Popup("k", "T" * 200, "http://e.example/" + "x" * 250 + "\nand on\nand on\nand on"))
    for label in cards()[0].findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
        assert label.minimumSizeHint().width() <= label.width()


# --- on a real screen -------------------------------------------------------------------------------------
PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit, QSystemTrayIcon
from deskblog.attention.popup import Popup
from deskblog.ui.cup import cup_icon
from deskblog.ui.popups import Popups

app = QApplication(["deskblog"])
app.setQuitOnLastWindowClosed(False)
field = QLineEdit()
field.setWindowTitle("typed in")
field.resize(200, 60)
tray = QSystemTrayIcon(cup_icon())
popups = Popups("deskblog", tray, system=sys.argv[1])
popups.pressed.connect(lambda key, press: print("pressed", key, press, flush=True))
field.textChanged.connect(lambda text: print("typed", text, field.isActiveWindow(), flush=True))
popup = Popup("coffee", "Anne", "Is the coffee ready?", answer=True, got_it=True)

def begin():
    if sys.argv[1] != "linux":
        tray.show()
    popups.show(popup)
    for card in popups._cards:
        button = card.buttons[list(card.buttons)[1]]
        place = button.mapToGlobal(button.rect().center())
        print("button", place.x(), place.y(), flush=True)

field.returnPressed.connect(begin)
field.show()
app.exec()
"""


class Screen:
    """A virtual screen with a window manager and a tray, and the program on it."""

    def __init__(self, stack: ExitStack, folder: Path, system: str) -> None:
        read, write = os.pipe()
        words = ["Xvfb", "-displayfd", str(write), "-screen", "0", "900x600x24", "-nolisten", "tcp"]
        self._stack = stack
        self._said = ""
        self._start(words, pass_fds=[write])
        os.close(write)
        with os.fdopen(read) as number:
            self.env = os.environ | {"DISPLAY": f":{number.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
        self.env["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"
        self._manager = self._start(["openbox"])
        until(self._is_managed)
        (folder / "tint2rc").write_text("panel_items = TSC\npanel_size = 100% 34\npanel_position = top center\n")
        self._panel = ["tint2", "-c", str(folder / "tint2rc")]
        self._tint2 = self._start(self._panel)
        until(self._has_panel)
        self.program = self._start([sys.executable, "-c", PROGRAM, system], stdout=subprocess.PIPE)
        until(lambda: bool(self.run("xdotool", "search", "--onlyvisible", "--name", "typed in")))
        window = self.run("xdotool", "search", "--onlyvisible", "--name", "typed in").split()[-1]
        self.run("xdotool", "windowactivate", "--sync", window)

    def _has_panel(self) -> bool:
        """tint2 now and then ends as it begins, where the screen is as new as here."""
        if self._tint2.poll() is not None:
            self._tint2 = self._start(self._panel)
        return bool(self.run("xdotool", "search", "--onlyvisible", "--class", "tint2"))

    def _start(self, words: list[str], **more: object) -> subprocess.Popen[str]:
        env = getattr(self, "env", os.environ)
        process = self._stack.enter_context(
            subprocess.Popen(words, env=env, text=True, stderr=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
        )
        self._stack.callback(process.kill)
        assert isinstance(process, subprocess.Popen)
        return process

    def run(self, *words: str) -> str:
        return subprocess.run(words, env=self.env, capture_output=True, text=True).stdout

    def _is_managed(self) -> bool:
        """A window manager that met no screen yet is started again."""
        if self._manager.poll() is not None:
            self._manager = self._start(["openbox"])
        return "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")

    def hear(self, true: Callable[[str], bool], again: Callable[[], object]) -> str:
        """The next line of which that is true; what is done comes to nothing now and then, and is done again."""
        assert self.program.stdout is not None
        for _time in range(40):
            while "\n" in self._said:
                line, _end, self._said = self._said.partition("\n")
                if true(line):
                    return line
            if select.select([self.program.stdout], [], [], 1.0)[0]:
                self._said += os.read(self.program.stdout.fileno(), 4096).decode()
            else:
                again()
        raise AssertionError("waited in vain")

    def press(self, key: str) -> str:
        return self.run("xdotool", "key", key)

    def visible(self) -> list[str]:
        return self.run("xdotool", "search", "--onlyvisible", "--name", "").split()

    def balloons(self, before: set[str]) -> list[tuple[int, int]]:
        """Where the middle of what came since is, if it is larger than an icon."""
        middles = []
        for window in [one for one in self.visible() if one not in before]:
            lines = self.run("xdotool", "getwindowgeometry", "--shell", window).splitlines()
            place = {name: int(value) for name, value in (line.split("=") for line in lines)}
            if place and place["HEIGHT"] > 40:
                middles.append((place["X"] + place["WIDTH"] // 2, place["Y"] + place["HEIGHT"] // 2))
        return middles

    def click(self, x: int, y: int) -> None:
        self.run("xdotool", "mousemove", str(x), str(y), "click", "1")


def until(true: Callable[[], bool]) -> None:
    for _time in range(2000):
        if true():
            return
    raise AssertionError("waited in vain")


def test_whoever_types_goes_on_typing_when_a_card_comes_and_when_it_is_pressed(tmp_path: Path) -> None:
    with ExitStack() as stack:
        screen = Screen(stack, tmp_path, "linux")
        screen.press("Return")
        said = screen.hear(lambda line: line.startswith("button"), lambda: screen.press("Return"))
        x, y = (int(place) for place in said.split()[1:])
        screen.press("a")
        assert screen.hear(lambda line: line.startswith("typed"), lambda: screen.press("a")) == "typed a True"
        screen.click(x, y)
        screen.hear(lambda line: line == "pressed coffee got it", lambda: screen.click(x, y))
        screen.press("b")
        assert screen.hear(lambda line: "b" in line, lambda: screen.press("b")).endswith("b True")


def test_a_message_of_the_tray_opens_what_it_is_about(tmp_path: Path) -> None:
    """Qt draws it itself there, as nothing else would."""
    with ExitStack() as stack:
        screen = Screen(stack, tmp_path, "win32")
        before = set(screen.visible())
        screen.run("xdotool", "key", "Return")
        until(lambda: bool(screen.balloons(before)))
        x, y = screen.balloons(before)[0]
        screen.click(x, y)
        screen.hear(lambda line: line == "pressed coffee open", lambda: screen.click(x, y))
