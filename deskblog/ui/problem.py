"""What could not be done, said beneath what it is about: read as it is written, heard as soon as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from deskblog.ui.aloud import say


class Problem(QLabel):
    """Nothing, until something is told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.setProperty("tone", "error")
        self.hide()

    def tell(self, why: str) -> None:
        """Says what is wrong; "" takes it back."""
        self.setText(why)
        self.setVisible(bool(why))
        say(self, why, urgent=True)
