"""A calm line at the side of the window, with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout

from deskblog.i18n import _
from deskblog.ui import theme

INSIDE = 10


class Note(QFrame):
    """A line, and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.line = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.line.setFont(theme.font(theme.SMALL))
        self.button = QPushButton()
        self.button.setAccessibleName(_("What can be done"))
        self._act: Callable[[], None] = self.hide
        self.button.clicked.connect(lambda: self._act())
        box = QVBoxLayout(self)
        box.setContentsMargins(INSIDE, 8, INSIDE, 10)
        box.setSpacing(6)
        box.addWidget(self.line)
        box.addWidget(self.button)
        self.hide()

    def say(self, line: str, button: str = "", act: Callable[[], None] | None = None) -> None:
        self.line.setText(line)
        room = theme.PEOPLE - 2 * theme.GAP - 2 * INSIDE - 2
        self.line.setMinimumHeight(max(0, self.line.heightForWidth(room)))
        self.button.setText(button)
        self.button.setAccessibleName(button.replace("&&", "&") or _("What can be done"))
        self.button.setAccessibleDescription(line)
        self.button.setVisible(bool(button))
        self._act = act or self.hide
        self.setVisible(bool(line))
