"""Parts of the posts, kept ones, kept searches, watched words: in the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from deskblog.ui import sight, views
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
    window.browse.show_view(View.KEPT)
    anne.until(lambda: texts(window) == ["one"])
    assert window.where.isVisible() and window.where.title.text() == "Kept posts"
    window.browse.show_view(View.MINE)
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
    monkeypatch.setattr(sight, "MOMENT", 3_600_000)  # nothing is read by being in sight, however slow this PC is
    window = anne.window()
    monkeypatch.setattr(views, "ask_lines", lambda *_said: ["lyon", "#ventes"])
    window.views.watch()
    keepsakes = anne.bridge.engine.keepsakes
    anne.until(lambda: keepsakes.words == ("lyon", "#ventes"))
    for text in ("Going to Lyon", "Going home"):
        paul.post(text)
        anne.until_held(text)
    unread = anne.bridge.engine.unread
    anne.until(lambda: (unread.said.shown, unread.said.for_me) == (2, 1))


def test_the_question_desk_shows_open_ones_mine_and_who_knows(anne: Desk, paul: Colleague) -> None:
    window = anne.window()
    mine = anne.post("Who has the key of the archive?", kind="question")
    anne.until(lambda: any(row.id == mine.id for row in paul.do(paul.engine.timeline(limit=5)).rows))
    answer = paul.post("The porter", answer_to=mine.id)
    anne.until_held("The porter")
    anne.ask(anne.bridge.engine.talk.solve(mine.id, answer.id))
    paul.post("When does the train leave?", kind="question")
    anne.until_held("When does the train leave?")
    window.browse.show_view(View.OPEN)
    anne.until(lambda: texts(window) == ["When does the train leave?"])
    desk = window.where.desk
    assert desk.isVisible() and desk.choices[View.OPEN].isChecked() and window.where.title.text() == "Question desk"
    desk.choices[View.ASKED].click()
    anne.until(lambda: texts(window) == ["Who has the key of the archive?"])
    assert window.where.title.text() == "Question desk" and desk.choices[View.ASKED].isChecked()
    desk.choices[View.QUESTIONS].click()
    anne.until(lambda: len(texts(window)) == 2)
    desk.line.setText("key archive")
    anne.until(desk.knows.isVisible)
    assert desk.knows.text() == "May know: Paul Bernard (1 answer taken)"
    desk.line.setText("zebra")
    anne.until(lambda: desk.knows.text() == "No answer to such a question was taken yet.")
    window.show_all()
    assert not desk.isVisible() and desk.line.text() == ""
