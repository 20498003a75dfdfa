"""The caret rests when nobody writes, and blinks again with the first key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskblog.ui import caret
from deskblog.ui.field import Field

FLASH = 40  # ms: so that blinks can be waited for


@pytest.fixture
def field(qapp: QApplication, qtbot: QtBot) -> Iterator[Field]:
    hints = QGuiApplication.styleHints()
    before = hints.cursorFlashTime()
    hints.setCursorFlashTime(FLASH)
    window = QWidget()
    box = QVBoxLayout(window)
    made = Field(window)
    box.addWidget(made)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    yield made
    caret.blink()
    hints.setCursorFlashTime(before)


class Paints(QObject):
    """How often a widget is painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def flash_time() -> int:
    return QGuiApplication.styleHints().cursorFlashTime()


def test_it_rests_after_a_while_and_blinks_with_the_first_key(field: Field, qtbot: QtBot) -> None:
    paints = Paints(field.viewport())
    qtbot.waitUntil(lambda: paints.count > 5)  # it blinks
    (made,) = field.findChildren(caret.Caret)
    assert made._quiet.isActive() and made._quiet.interval() == caret.RESTS_AFTER
    made._quiet.timeout.emit()
    assert flash_time() == 0
    QApplication.processEvents()
    rested = paints.count
    QTest.qWait(10 * FLASH)
    assert paints.count <= rested + 1, "it stands still"
    QTest.keyClick(field, Qt.Key.Key_A)
    assert flash_time() == FLASH and made._quiet.isActive()
    before = paints.count
    qtbot.waitUntil(lambda: paints.count > before + 5)


def test_whoever_goes_elsewhere_finds_it_blinking_there(field: Field) -> None:
    caret.rest()
    assert flash_time() == 0
    field.clearFocus()
    assert flash_time() == FLASH


def test_where_the_system_wants_none_to_blink_nothing_is_changed(field: Field) -> None:
    QGuiApplication.styleHints().setCursorFlashTime(0)
    caret.rest()
    caret.blink()
    assert flash_time() == 0


def test_a_draft_that_is_put_there_wakes_nothing_while_one_is_elsewhere(field: Field) -> None:
    field.clearFocus()
    caret.rest()
    field.setPlainText("a draft of the other window")
    assert flash_time() == 0
