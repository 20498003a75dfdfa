"""What everybody is doing, in the panel: one's own line, and the lines of the others."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from deskblog import events
from deskblog.app import App
from deskblog.records import replace
from deskblog.ui.away import AFTER
from deskblog.ui.person import HEIGHT, state_text
from deskblog.ui.session import Application
from deskblog.ui.theme import Theme
from deskblog.ui.window import Window
from tests.ui.desk import PATIENCE, Colleague, Desk, options

Item = Qt.ItemDataRole


@pytest.fixture
def window(anne: Desk) -> Window:
    return anne.window()


def own_status(anne: Desk) -> str:
    return next(one.status for one in anne.ask(anne.bridge.engine.people()) if one.me)


def test_enter_says_it_and_the_keyboard_goes_on(anne: Desk, window: Window) -> None:
    line = window.side.own
    assert line.isVisible() and line.placeholderText() == line.accessibleName() == "What are you doing?"
    window.side.say_status()
    QTest.keyClicks(line, " Accounts,  until noon")
    assert line.toolTip() == "Press Enter to say it."
    QTest.keyClick(line, Qt.Key.Key_Return)
    anne.until(lambda: line.text() == "Accounts, until noon")
    assert own_status(anne) == "Accounts, until noon"
    assert line.toolTip() == "Accounts, until noon" and not line.property("unsaid")
    anne.until(lambda: window.side.list.hasFocus())
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClick(line, Qt.Key.Key_Return)
    anne.until(lambda: not own_status(anne))


def test_escape_restores_what_is_said_and_the_window_stays_where_it_is(anne: Desk, window: Window) -> None:
    anne.ask(anne.bridge.engine.say_status("Accounts"))
    line = window.side.own
    anne.until(lambda: line.text() == "Accounts")
    window.search.setText("lil")
    line.setFocus()
    QTest.keyClicks(line, " no")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "Accounts" and own_status(anne) == "Accounts"
    assert window.search.text() == "lil", "Escape was for the line"


def test_what_is_refused_stays_in_the_line_and_is_marked(anne: Desk, window: Window) -> None:
    line = window.side.own
    line.setFocus()
    line.insert("x" * 141)
    QTest.keyClick(line, Qt.Key.Key_Return)
    anne.until(lambda: window.banner.isVisible())
    assert "141" in window.banner.what.text()
    window.heard(events.PeopleChanged(window.people))
    assert line.text() == "x" * 141 and line.property("wrong"), "also after news"
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert not line.property("wrong")


def test_what_is_being_typed_outlives_news_and_the_loss_of_the_keyboard(anne: Desk, window: Window) -> None:
    line = window.side.own
    line.setFocus()
    QTest.keyClicks(line, "half a")
    anne.ask(anne.bridge.engine.say_status("said elsewhere"))
    anne.until(lambda: any(one.status for one in window.people))
    window.composer.field.setFocus()
    assert line.text() == "half a" and line.property("unsaid")


def test_colleagues_lines_stand_under_their_names_and_are_spoken(anne: Desk, paul: Colleague, window: Window) -> None:
    model = window.side.model
    anne.until(lambda: model.rowCount() == 2)
    before = window.side.list.visualRect(model.index(1)).height()
    assert before == HEIGHT
    text = "<b>bold</b> & at the bank"
    paul.do(paul.engine.say_status(text))
    anne.until(lambda: model.people[1].status == text)
    anne.until(lambda: window.side.list.visualRect(model.index(1)).height() > before)
    assert model.index(1).data(Item.AccessibleTextRole) == f"Paul Bernard, here, {text}"
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; at the bank" in model.index(1).data(Item.ToolTipRole)


def test_news_of_the_same_people_leaves_the_chosen_row(anne: Desk, paul: Colleague, window: Window) -> None:
    anne.until(lambda: window.side.model.rowCount() == 2)
    window.side.list.setCurrentIndex(window.side.model.index(1))
    paul.do(paul.engine.say_status("At the bank"))
    anne.until(lambda: window.side.model.people[1].status == "At the bank")
    assert window.side.list.currentIndex().row() == 1


def test_who_is_away_is_not_counted_as_here(window: Window) -> None:
    me = window.people[0]
    paul = replace(me, id="b" * 64, name="Paul", me=False, away=True, site="Lille")
    window._show_people((me, paul))
    assert window.here.text() == "1 here" and window.here.toolTip() == "Nobody else is here"
    assert state_text(paul) == "away · keyholder"
    assert state_text(paul, sites=True) == "away · keyholder · Lille"
    assert "Lille" in window.side.model.index(1).data(Item.AccessibleTextRole), "two sites: here and there"
    window._show_people((replace(me, site="Lille"), paul))
    assert "Lille" not in window.side.model.index(1).data(Item.AccessibleTextRole), "one site needs no name"


def test_the_line_stands_in_the_own_row_and_moves_with_it(window: Window) -> None:
    me = window.people[0]
    many = [replace(me, id=f"{n:064}", name=f"P{n}", me=False) for n in range(40)]
    window._show_people((me, *many))
    side = window.side

    def line() -> QRect:
        """Where it lies, as the rows count."""
        return QRect(
            side.own.mapTo(side, QPoint(0, 0)) - side.list.viewport().mapTo(side, QPoint(0, 0)), side.own.size()
        )

    assert side.list.visualRect(side.model.index(0)).contains(line())
    side.list.verticalScrollBar().setValue(50)
    assert side.list.visualRect(side.model.index(0)).contains(line())
    assert line().y() < 0
    assert side.own.visibleRegion().boundingRect().height() == line().bottom() + 1, "above the list it is cut off"
    side.say_status()
    assert side.list.viewport().rect().contains(line())
    window._show_people((replace(me, gone=True, removed_by="Paul"), *many))
    assert not side.own.isVisible()


def test_the_line_is_reached_with_the_tab_key(window: Window) -> None:
    window.activateWindow()
    window.side.more.setFocus()
    reached: list[QWidget | None] = [window.side.more]
    for _step in range(3):
        assert reached[-1] is not None
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert window.side.own in reached and window.side.list in reached


def test_that_away_cannot_be_known_is_said_on_the_own_row(window: Window) -> None:
    model = window.side.model
    assert "away" not in model.index(0).data(Item.AccessibleTextRole)
    window.side.away_unknown()
    assert "cannot tell on this PC when you are away" in model.index(0).data(Item.AccessibleTextRole)


def test_the_menu_of_the_tray_opens_the_window_on_the_line(
    qapp: Application, theme: Theme, anne: Desk, qtbot: QtBot
) -> None:
    anne.bridge.stop()
    app = App(qapp, theme, anne.folder, options(anne.folder))
    app.start(hidden=False, compose=False)
    qtbot.waitUntil(lambda: bool(app.window.people) and app.window.isActiveWindow(), timeout=PATIENCE)
    app.window.here.setChecked(False)
    next(one for one in app.tray.menu.actions() if one.text() == "What are you doing?…").trigger()
    assert app.window.isVisible() and app.window.side.own.hasFocus()
    app.stop()


def test_the_app_says_when_the_person_goes_and_comes(
    qapp: Application, theme: Theme, anne: Desk, qtbot: QtBot
) -> None:
    touched = [AFTER]
    anne.bridge.stop()
    app = App(qapp, theme, anne.folder, options(anne.folder))
    app.away._idle = lambda: touched[0]
    app.start(hidden=False, compose=False)
    qtbot.waitUntil(lambda: bool(app.window.people), timeout=PATIENCE)

    def anne_is_away() -> bool:
        return next(one.away for one in app.window.people if one.me)

    qtbot.waitUntil(anne_is_away, timeout=PATIENCE)
    touched[0] = 0
    app.away.look()
    qtbot.waitUntil(lambda: not anne_is_away(), timeout=PATIENCE)
    app.stop()
    assert not app.away.timer.isActive()
