"""Unread in the window: marked, counted, read by being in sight, and left alone while nobody looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from deskblog.ui import sight
from deskblog.ui.window import Window
from deskblog.values import View
from tests.ui.desk import Colleague, Desk


def unread(window: Window) -> list[str]:
    return [window.rows.row_at(n).text for n in range(window.rows.rowCount()) if window.rows.row_at(n).unread]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the window has the focus: without a screen none has."""
    looked_at = [False]
    monkeypatch.setattr(Window, "looked_at", property(lambda _window: looked_at[0]))
    monkeypatch.setattr(sight, "MOMENT", 20)
    return looked_at


def test_what_is_in_sight_is_read_and_what_is_below_is_not(
    anne: Desk, paul: Colleague, seen: list[bool], qtbot: QtBot
) -> None:
    window = anne.window()
    for n in range(30):
        paul.post(f"post {n}")
    anne.until(lambda: len(unread(window)) == 30)
    anne.until(lambda: window.views._counts == {View.ALL: 30, View.OFFICE: 30})
    assert not window.sight._timer.isActive(), "nobody looks"
    seen[0] = True
    window.sight.look()
    anne.until(lambda: 0 < len(unread(window)) < 29 and not window.sight._timer.isActive())
    below = unread(window)
    assert "post 0" in below and "post 29" not in below
    window.timeline.verticalScrollBar().setValue(window.timeline.verticalScrollBar().maximum())
    anne.until(lambda: "post 0" not in unread(window))
    assert unread(window), "what was scrolled past at once was not in sight for a moment"
    anne.until(lambda: window.views._counts == {View.ALL: len(unread(window)), View.OFFICE: len(unread(window))})


def test_everything_is_marked_as_read_with_a_key_and_the_menu_says_how_much_there_is(
    anne: Desk, paul: Colleague, seen: list[bool], qtbot: QtBot
) -> None:
    window = anne.window()
    paul.post("@Anne one")
    paul.post("two", kind="question")
    anne.until(lambda: window.views._counts == {View.ALL: 2, View.OFFICE: 2, View.OPEN: 1, View.MENTIONS: 1})
    lines = [action.text() for action in window.views.menu_now().actions()]
    assert lines[:3] == ["All posts (2 unread)", "Colleagues (2 unread)", "Feeds"]
    assert lines[3:5] == ["Question desk (1 unread)", "Announcements"]
    assert "What names me (1 unread)" in lines
    read = next(action for action in window.views.menu_now().actions() if action.text() == "Mark everything as read")
    assert read.isEnabled() and read.shortcut().toString() == "Shift+Esc"
    qtbot.keyClick(window, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    anne.until(lambda: window.views._counts == {} and not unread(window))
    assert not window.views.accessibleDescription()


def test_a_post_that_is_unread_looks_and_sounds_so(anne: Desk, paul: Colleague, seen: list[bool]) -> None:
    window = anne.window()
    paul.post("news")
    anne.until(lambda: unread(window) == ["news"])
    index = window.rows.index(0)
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Paul Bernard, ") and ", unread: news" in said
    before = window.timeline.grab().toImage()
    anne.ask(anne.bridge.engine.unread.read_all())
    anne.until(lambda: not unread(window))
    assert "unread" not in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert window.timeline.grab().toImage() != before
