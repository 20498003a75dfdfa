"""What every dialog knows of the keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea, QWidget

from deskblog.ui.tab_order import put_in_order


class Dialog(QDialog):
    """Enter presses the button that has the focus, else the default one; Tab goes as one reads; Escape closes."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        put_in_order(self)
        moved = super().focusNextPrevChild(next)
        stop: QWidget | None = self.focusWidget()
        area = stop
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None and stop is not None:
            area.ensureWidgetVisible(stop)  # also where one came in from outside
        return moved


def put_in(area: QScrollArea, inside: QWidget) -> None:
    """What scrolls where there is no room for it. Tab goes through what is in it, and that moves it."""
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)


def stop_at(part: QWidget, said: str) -> None:
    """Tab stops at it, though there is nothing to press: it comes in sight, and a screen reader reads it."""
    part.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    part.setAccessibleName(said)
    part.setStyleSheet(f"#{part.objectName()}:focus {{ border: 2px solid palette(highlight); }}")
