"""Parts of the posts, kept ones, kept searches, watched words: in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from deskblog.ui import views
from deskblog.ui.tray import Unread
from deskblog.ui.window import Window
from deskblog.values import View
from tests.ui.desk import Colleague, Desk


def texts(window: Window) -> list[str]:
    return [window.rows.row_at(n).text for n in range(window.rows.rowCount())]


def test_a_post_is_kept_with_a_key_and_found_again(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    window = anne.window()
    for text in ("one", "two"):
        paul.post(text)
    anne.until(lambda: texts(window) == ["two", "one"])
    window.timeline.setCurrentIndex(window.rows.index(1))
    qtbot.keyClick(window.timeline, Qt.Key.Key_B)
    anne.until(lambda: window.rows.row_at(1).kept)
    window.timeline.grab()
    window.show_view(View.KEPT)
    anne.until(lambda: texts(window) == ["one"])
    assert window.where.isVisible() and window._what.text() == "Kept posts"
    window.show_view(View.MINE)
    anne.until(lambda: texts(window) == [])
    assert window.timeline._empty.isVisible()
    window.show_all()
    anne.until(lambda: texts(window) == ["two", "one"])


def test_a_search_is_kept_and_run_again(anne: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    window = anne.window()
    for text in ("Lyon called", "Lille called"):
        anne.post(text)
    assert "Keep this search…" not in [action.text() for action in window.views.menu_now().actions()]
    window.search.setText("Lyon")
    anne.until(lambda: texts(window) == ["Lyon called"])
    monkeypatch.setattr(views, "ask_line", lambda *_said: "Calls & more")
    window.views.keep("Lyon")
    anne.until(lambda: bool(anne.bridge.engine.keepsakes.searches))
    window.show_all()
    anne.until(lambda: len(texts(window)) == 2)
    (again,) = [action for action in window.views.menu_now().actions() if action.text() == "Calls && more"]
    again.trigger()
    anne.until(lambda: texts(window) == ["Lyon called"])
    (gone,) = [action.menu() for action in window.views.menu_now().actions() if action.text() == "Keep no more"]
    assert isinstance(gone, QMenu)
    gone.actions()[0].trigger()
    anne.until(lambda: not anne.bridge.engine.keepsakes.searches)


def test_a_watched_word_counts_as_for_me(anne: Desk, paul: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    window = anne.window()
    monkeypatch.setattr(views, "ask_lines", lambda *_said: ["lyon", "#ventes"])
    window.views.watch()
    keepsakes = anne.bridge.engine.keepsakes
    anne.until(lambda: keepsakes.words == ("lyon", "#ventes"))
    unread = Unread()
    rows = [paul.post("Going to Lyon"), paul.post("Going home")]
    for row in rows:
        anne.until_held(row.text)
    found = [anne.ask(anne.bridge.engine.talk.find(row.id)) for row in rows]
    unread.add(found, "Anne Martin", looked_at=False, watches=keepsakes.watches)
    assert (unread.posts, unread.for_me) == (2, 1)
