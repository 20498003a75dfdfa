"""@names and #tags are completed while one writes them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from deskblog import i18n
from deskblog.store.marks import handle, means
from deskblog.ui.emoji_picker import EmojiPicker
from deskblog.ui.smileys import USUAL, exact, fitting
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


def test_an_emoji_is_offered_by_its_name_and_taken(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    qtbot.keyClicks(field, "Time for a :cof")
    assert offered(window)[0] == "☕  :coffee:"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.toPlainText() == "Time for a ☕ "
    qtbot.keyClicks(field, "and :birthday:")
    assert field.toPlainText() == "Time for a ☕ and 🎂 ", "a whole name is taken as it is"
    qtbot.keyClicks(field, "at 12:30 :x")
    assert offered(window) == [], "neither a time nor one letter"


def test_names_are_those_of_the_language_and_english_ones_too() -> None:
    before = i18n.language()
    try:
        i18n.use("fr")
        assert fitting(":café", 1) == [("☕", "cafe")] and exact("coffee") == "☕"
        assert ("🎂", "gateau_d_anniversaire") in fitting("gâteau-d", 3)
        i18n.use("de")
        assert ("🎂", "geburtstagskuchen") in fitting("gebur", 3) and exact("kaffee") == "☕"
        i18n.use("nl")
        assert exact("koffie") == exact("coffee") == "☕", "no book of Dutch names, but the usual ones"
        i18n.use("en")
        assert fitting("coff", 1) == [("☕", "coffee")] and fitting("::", 3) == [] and exact("nothing of it") == ""
    finally:
        i18n.use(before)


def test_the_picker_puts_one_in_and_remembers_it(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    window.composer.field.setPlainText("Cake ")
    window.composer.field.moveCursor(window.composer.field.textCursor().MoveOperation.End)
    window.composer.smiley.click()
    picker = window.findChildren(EmojiPicker)[-1]
    assert [button.text() for button in picker.buttons] == list(USUAL)
    qtbot.keyClicks(picker.line, "birthday")
    assert picker.buttons[0].text() == "🎂" and picker.buttons[0].accessibleName() == "🎂 birthday"
    qtbot.keyClicks(picker.line, "zzz")
    assert picker.none.isVisible() and picker.buttons[0].isHidden()
    picker.line.setText("birthday")
    qtbot.keyClick(picker.line, Qt.Key.Key_Return)
    assert window.composer.field.toPlainText() == "Cake 🎂"
    anne.until(lambda: anne.ask(anne.bridge.engine.remembered("emoji")).startswith("🎂"))
