"""Lists as a screen reader has them: its hand on a row, and what lies over the rows without being one.

It is told of a view's rows, and of nothing else within it. So what floats over the rows is the child of what holds
the view, in the same place. And it chooses a row without going there, so that keys would go to another.
"""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QPoint, QRect
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from deskblog.ui.tab_order import OVER


class Over(QWidget):
    """A window of the list's own room, just as large as what lies in it and is in sight."""

    def __init__(self, view: QAbstractItemView, inside: QWidget) -> None:
        super().__init__()
        self._view = view
        self._inside = inside
        inside.setParent(self)

    def place(self, rect: QRect) -> None:
        """`rect`: where it lies, as the list's rows count; what is scrolled away is cut off."""
        home = self._view.parentWidget() or self._view.viewport()
        if self.parentWidget() is not home:
            self.setParent(home)
            self.setProperty(OVER, self._view)
        seen = rect.intersected(self._view.viewport().rect())
        seen = seen if seen.isValid() else QRect(rect.topLeft(), rect.topLeft())
        self.setGeometry(QRect(self._view.viewport().mapTo(home, seen.topLeft()), seen.size()))
        self._inside.setGeometry(QRect(rect.topLeft() - seen.topLeft(), rect.size()))
        self.raise_()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """It scrolls what is beneath."""
        QApplication.sendEvent(self._view.viewport(), event)


def float_over(view: QAbstractItemView, part: QWidget, place: QPoint) -> None:
    """Puts it there, as the view's own room counts."""
    home = view.parentWidget() or view.viewport()
    if part.parentWidget() is not home:
        shown = not part.isHidden()
        part.setParent(home)
        part.setProperty(OVER, view)
        part.setVisible(shown)
    part.move(view.viewport().mapTo(home, place))
    part.raise_()


def go_where_chosen(view: QAbstractItemView) -> None:
    """A row that is chosen is the one that keys and menus are for. Once the view has its model."""

    def went(chosen: QItemSelection, _left: QItemSelection) -> None:
        indexes = chosen.indexes()
        if indexes and indexes[0] != view.currentIndex():
            view.setCurrentIndex(indexes[0])

    view.selectionModel().selectionChanged.connect(went)
