"""What a dialog of several parts is made of: sheets with a heading, words, and rows with small buttons."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.ui import theme
from deskblog.ui.page import Entry


def label(text: str, scale: float = theme.BODY, *, strong: bool = False, tone: str = "") -> QLabel:
    """Plain text over as many lines as it needs."""
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    if tone:
        made.setProperty("tone", tone)
    return made


class Sheet(QFrame):
    """One part; what it holds goes into `box`."""

    def __init__(self, heading: str, more: str = "") -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAccessibleName(heading)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 14, 16, 14)
        self.box.setSpacing(10)
        self.box.addWidget(label(heading, strong=True))
        if more:
            self.box.addWidget(label(more, theme.SMALL, tone="soft"))


def button(text: str, act: Callable[[], None], *, kind: str = "", spoken: str = "") -> QPushButton:
    """`spoken`: what it is called for who does not see what it stands beside."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if spoken:
        made.setAccessibleName(spoken)
    made.clicked.connect(lambda: act())
    return made


def beside(entry: Entry, made: QPushButton) -> QHBoxLayout:
    """A button beside a field, whatever is said above and beneath it."""
    column = QVBoxLayout()
    column.addSpacing(entry.line.fontMetrics().height() + 6)
    column.addWidget(made)
    column.addStretch(1)
    row = QHBoxLayout()
    row.addWidget(entry, 1)
    row.addLayout(column)
    return row


def clear(layout: QBoxLayout) -> None:
    """Takes out and ends all that a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def line(*parts: QWidget) -> QWidget:
    """Widgets in a row, of which the first takes the room there is."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for n, part in enumerate(parts):
        row.addWidget(part, 0 if n else 1)
    return made
