"""A list to choose one line from."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from deskblog.ui import icons, theme


class Choice(QComboBox):
    """A list to choose from, with the arrow of the theme."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = theme.scaled(16)
        place = QRectF(self.width() - 12 - side, (self.height() - side) / 2, side, side)
        icons.paint(painter, "down", place, theme.now().soft)
        painter.end()
