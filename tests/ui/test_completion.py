"""@names and #tags are completed while one writes them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog.store.marks import handle, means
from deskblog.ui.window import Window
from tests.ui.desk import Colleague, Desk
from tests.ui.test_timeline import texts


def offered(window: Window) -> list[str]:
    """What the list under the caret shows."""
    completion = window.composer.field.completion
    if not completion._shown.isVisible():
        return []
    return [completion._list.index(n).data() for n in range(completion._list.rowCount())]


def opened(desk: Desk, qtbot: QtBot) -> Window:
    window = desk.window()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.composer.field.setFocus()
    return window


def test_a_name_begun_is_offered_and_taken_with_enter(anne: Desk, paul: Colleague, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    anne.until(lambda: len(window.people) == 2)
    qtbot.keyClicks(field, "Ask @p")
    assert offered(window) == ["@Paul"]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "Ask @Paul " and offered(window) == []
    assert window.rows.rowCount() == 0, "Enter took the name and posted nothing"
    qtbot.keyClicks(field, "or mail me@p")
    assert offered(window) == [], "an address is no mention"
    qtbot.keyClicks(field, " @zz")
    assert offered(window) == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    anne.until(lambda: texts(window.rows) == ["Ask @Paul or mail me@p @zz"])


def test_tags_in_use_are_offered_the_newest_first(anne: Desk, qtbot: QtBot) -> None:
    for text in ("#planning for May", "new #sales", "more #sales-north"):
        anne.post(text)
    window = opened(anne, qtbot)
    field = window.composer.field
    qtbot.keyClicks(field, "#")
    assert offered(window) == ["#sales-north", "#sales", "#planning"]
    qtbot.keyClicks(field, "p")
    assert offered(window) == ["#planning"]
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert field.toPlainText() == "#planning "


def test_a_first_name_is_enough_where_one_has_it() -> None:
    names = ("Anne Martin", "Anne Dupont", "Élodie Roux")
    assert [handle(name, names) for name in names] == ["Anne.Martin", "Anne.Dupont", "Élodie"]
    assert means("anne", "Anne Martin") and means("ANNE.martin", "Anne Martin") and means("elodie", "Élodie Roux")
    assert not means("anne.dupont", "Anne Martin") and not means("martin", "Anne Martin") and not means("x", "")
