"""A drawn picture beside words, which grows as they do."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel

from deskblog.ui import theme


class Pictured(QLabel):
    """A square of that side, in logical pixels at the usual size of text."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self._side = side
        theme.fix(self, wide=side, high=side)

    def show_icon(self, icon: QIcon) -> None:
        """To be called again after a change of theme."""
        side = theme.scaled(self._side)
        self.setPixmap(icon.pixmap(QSize(side, side), self.devicePixelRatioF()))
