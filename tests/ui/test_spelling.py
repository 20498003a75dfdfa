"""Words spelt wrong are marked while one writes; by the real dictionaries, French and English."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from deskblog.spelling.dictionaries import Found, Lacking, find
from deskblog.ui.field import Field
from deskblog.ui.spelling import Spelling
from deskblog.ui.window import Window
from tests.spelling.test_speller import Counting
from tests.ui.desk import Colleague, Desk

WAVE = QTextCharFormat.UnderlineStyle.WaveUnderline


def opened(desk: Desk, qtbot: QtBot, *languages: str) -> Window:
    """A window whose PC speaks these languages; it may be written in."""
    window = desk.window()
    spelling = window.composer.spelling
    spelling.languages = lambda: languages or ("fr", "en")
    spelling.load()
    desk.ask(desk.bridge.engine.remembered("spelling-off"))  # answered after what `load` asked
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.composer.field.setFocus()
    return window


def write(field: Field, text: str) -> None:
    """A key for each character; Qt's own robot knows ASCII alone."""
    for letter in text:
        press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(field, press)


def marked(window: Window) -> list[str]:
    """What is underlined, as it is seen."""
    found = []
    block = window.composer.field.document().begin()
    while block.isValid():
        for one in block.layout().formats():
            if one.format.underlineStyle() == WAVE:
                raw = block.text().encode("utf-16-le")
                found.append(raw[2 * one.start : 2 * (one.start + one.length)].decode("utf-16-le"))
        block = block.next()
    return found


def menu_at(field: Field, place: int) -> QMenu:
    """The menu that a click with the right button on this character opens."""
    cursor = field.textCursor()
    cursor.setPosition(place)
    point = field.cursorRect(cursor).center() + QPoint(2, 0)
    before = set(field.findChildren(QMenu))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, field.viewport().mapToGlobal(point))
    QApplication.sendEvent(field.viewport(), event)
    (menu,) = set(field.findChildren(QMenu)) - before
    return menu


def action(menu: QMenu, text: str) -> QAction:
    return next(one for one in menu.actions() if one.text() == text)


def texts(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions()]


def test_a_word_is_marked_when_one_goes_on(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    write(field, "The école is wrnog")
    assert marked(window) == [], "the word is being written"
    write(field, " ")
    assert marked(window) == ["wrnog"]
    write(field, "kolègue")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert marked(window) == ["wrnog", "kolègue"], "a line further"


def test_a_mark_goes_while_the_word_is_mended(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    write(field, "is wrnog ")
    qtbot.keyClick(field, Qt.Key.Key_Left)
    assert marked(window) == ["wrnog"], "the caret alone takes no mark away"
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert marked(window) == []
    qtbot.keyClick(field, Qt.Key.Key_Home)
    assert marked(window) == ["wrno"], "left as it is"
    qtbot.keyClick(field, Qt.Key.Key_End)
    for _letter in "no ":
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    write(field, "ong ")
    assert field.toPlainText() == "is wrong " and marked(window) == []


def test_what_is_left_without_a_space_is_marked(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "wrnog")
    window.search.setFocus()
    assert marked(window) == ["wrnog"]


def test_a_draft_is_marked_whole(anne: Desk, qtbot: QtBot) -> None:
    first = opened(anne, qtbot)
    write(first.composer.field, "☕😀 teh kolègue wrnog")
    first._draft.flush()
    anne.until(lambda: "wrnog" in anne.ask(anne.bridge.engine.remembered("draft")))
    again = opened(anne, qtbot)
    anne.until(lambda: marked(again) == ["teh", "kolègue", "wrnog"])


def test_a_suggestion_replaces_and_can_be_undone(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    write(field, "😀 l’kolègue est là ")
    menu = menu_at(field, 7)
    assert texts(menu)[0] == "collègue" and len(texts(menu)[: texts(menu).index("Add to my words")]) <= 6
    action(menu, "collègue").trigger()
    assert field.toPlainText() == "😀 l’collègue est là " and marked(window) == []
    field.undo()
    assert field.toPlainText() == "😀 l’kolègue est là " and marked(window) == ["kolègue"]


def test_the_menu_key_is_about_the_word_at_the_caret(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field = window.composer.field
    write(field, "is wrnog ")
    qtbot.keyClick(field, Qt.Key.Key_Left)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    QApplication.sendEvent(field, event)
    (menu,) = field.findChildren(QMenu)
    action(menu, "wrong").trigger()
    assert field.toPlainText() == "is wrong "


def test_a_right_word_has_the_usual_menu_and_the_switch(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "a right xxxxqqqqzzzzpppp ")
    menu = menu_at(window.composer.field, 4)
    assert texts(menu)[0].startswith("&Undo") and texts(menu)[-1] == "No spelling marks"
    odd = menu_at(window.composer.field, 12)
    assert texts(odd)[:3] == ["No suggestions", "", "Add to my words"] and not odd.actions()[0].isEnabled()


def test_own_words_outlive_a_restart_and_can_be_removed(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "wrnog wrnog ")
    assert marked(window) == ["wrnog", "wrnog"]
    action(menu_at(window.composer.field, 2), "Add to my words").trigger()
    assert marked(window) == []
    anne.until(lambda: anne.ask(anne.bridge.engine.remembered("spelling-words")) == "wrnog")
    anne.close()
    anne.open()
    again = opened(anne, qtbot)
    again.composer.field.clear()
    write(again.composer.field, "wrnog kolègue ")
    anne.until(lambda: marked(again) == ["kolègue"])
    action(menu_at(again.composer.field, 2), "Remove from my words").trigger()
    assert marked(again) == ["wrnog", "kolègue"]


def test_the_switch_outlives_a_restart(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "wrnog ")
    action(menu_at(window.composer.field, 2), "No spelling marks").trigger()
    assert marked(window) == []
    anne.until(lambda: anne.ask(anne.bridge.engine.remembered("spelling-off")) == "off")
    anne.close()
    anne.open()
    again = opened(anne, qtbot)
    again.composer.field.setPlainText("wrnog ")
    menu = menu_at(again.composer.field, 2)
    switch = action(menu, "No spelling marks")
    assert marked(again) == [] and switch.isChecked() and "Add to my words" not in texts(menu)
    switch.trigger()
    assert marked(again) == ["wrnog"]


def test_colleagues_are_never_marked(anne: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "Ask Wojciech Kraszny or Wojcieck ")
    assert marked(window) == ["Wojciech", "Kraszny", "Wojcieck"]
    code = anne.ask(anne.bridge.engine.invite()).code
    colleague = Colleague(tmp_path / "wojciech")
    try:
        at = f"127.0.0.1:{anne.bridge.engine.port}"
        colleague.do(colleague.engine.join(code, "Wojciech Kraszny", at=at))
        anne.until(lambda: marked(window) == ["Wojcieck"])
    finally:
        colleague.close()


def test_a_key_has_one_word_looked_up_and_one_line_looked_at(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot)
    field, spelling = window.composer.field, window.composer.spelling
    counting = [Counting(one) for one in find(["fr", "en"]).dictionaries]
    spelling.found = Found(tuple(counting))
    field.setPlainText("\n".join(f"zz{'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10]} mot" for n in range(100)))
    assert len(counting[0].asked) == 101, "each word once"
    field.moveCursor(QTextCursor.MoveOperation.End)
    looked: list[str] = []
    right = spelling.speller.right
    spelling.speller.right = lambda word: looked.append(word) or right(word)  # type: ignore[method-assign,func-returns-value]
    for one in counting:
        one.asked.clear()
    for key in " kolèguet":
        looked.clear()
        asked = [len(one.asked) for one in counting]
        write(field, key)
        assert all(len(one.asked) <= n + 1 for one, n in zip(counting, asked, strict=True)), key
        assert len(looked) <= 3, key


def test_marks_are_no_change_of_the_text(anne: Desk, qtbot: QtBot) -> None:
    """What stands beneath the field because of the text stays when marks come and go."""
    window = opened(anne, qtbot)
    write(window.composer.field, "wrnog")
    changes: list[bool] = []
    window.composer.field.textChanged.connect(lambda: changes.append(True))
    window.search.setFocus()
    window.composer.spelling.restyle()
    assert marked(window) == ["wrnog"] and changes == []
    assert window.composer.field.document().isUndoAvailable()


def lines(spelling: Spelling, lacking: Lacking) -> list[str]:
    spelling.found = Found(lacking=lacking)
    menu = menu_at(spelling._field, 1)
    assert not menu.actions()[-1].isEnabled()
    return texts(menu)


@pytest.mark.parametrize(
    ("lacking", "line"),
    [
        (Lacking.EXTRA, "For spelling marks: pip install deskblog[spelling]"),
        (Lacking.LIBRARY, "For spelling marks: install Enchant (libenchant-2)"),
    ],
)
def test_what_is_lacking_stands_in_the_menu(anne: Desk, qtbot: QtBot, lacking: Lacking, line: str) -> None:
    window = opened(anne, qtbot)
    write(window.composer.field, "wrnog ")
    shown = lines(window.composer.spelling, lacking)
    assert shown[-1] == line and "No spelling marks" not in shown and "Add to my words" not in shown


def test_a_language_without_a_dictionary_has_no_marks_and_says_so(anne: Desk, qtbot: QtBot) -> None:
    window = opened(anne, qtbot, "es-MX", "en")
    write(window.composer.field, "wrnog ")
    menu = menu_at(window.composer.field, 2)
    assert marked(window) == []
    assert texts(menu)[-1] == "For spelling marks: install a Hunspell dictionary (es)"
