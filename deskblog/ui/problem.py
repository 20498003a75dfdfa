"""What could not be done, said beneath what it is about: read as it is written, heard as soon as it is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from deskblog.ui.aloud import say


def hold(label: QLabel, wide: int) -> None:
    """Room for all its lines at that width, where a layout has too little for everything."""
    label.setMinimumHeight(0)  # else it is not told to be lower than it was
    if label.text():
        label.setMinimumHeight(max(0, label.heightForWidth(wide)))


class Problem(QLabel):
    """Nothing, until something is told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.setProperty("tone", "error")
        self.hide()

    def tell(self, why: str) -> None:
        """Says what is wrong; "" takes it back."""
        self.setText(why)
        self._fit()
        self.setVisible(bool(why))
        say(self, why, urgent=True)

    def _fit(self) -> None:
        if self.testAttribute(Qt.WidgetAttribute.WA_Resized):  # else its width says nothing yet
            hold(self, self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
