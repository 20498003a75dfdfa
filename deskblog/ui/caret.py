"""The caret rests when nobody writes: it stands still and is seen, as GTK's does.

Each blink wakes the program and paints a field; beside a window left open all day that was most of what it cost.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

RESTS_AFTER: Final = 10_000  # ms


class Caret(QObject):
    """Of one field; the blinking is everybody's, so it comes back with the first key in whichever field has one."""

    _usual: int | None = None  # ms, while carets rest: the system's own

    def __init__(self, field: QPlainTextEdit) -> None:
        super().__init__(field)
        self._field = field
        self._quiet = QTimer(self, singleShot=True, interval=RESTS_AFTER)
        self._quiet.timeout.connect(rest)
        field.cursorPositionChanged.connect(self.wake)

    def attend(self, here: bool) -> None:
        """The field was entered, or left."""
        self._quiet.stop()
        blink()
        if here:
            self._quiet.start()

    def wake(self) -> None:
        """Somebody writes, or text was put there."""
        if self._field.hasFocus():
            self.attend(True)


def rest() -> None:
    hints = QGuiApplication.styleHints()
    if hints.cursorFlashTime() > 0:
        Caret._usual = hints.cursorFlashTime()
        hints.setCursorFlashTime(0)


def blink() -> None:
    """As the system has it."""
    if Caret._usual is not None:
        QGuiApplication.styleHints().setCursorFlashTime(Caret._usual)
        Caret._usual = None
