"""A field to search in: a glass before its words, a cross behind. Qt's own would stay small beside large text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, theme

SIDE = 16  # of both
EDGE = 10  # between them and the frame


class SearchLine(QLineEdit):
    """`spoken`: what it is called for who does not see it."""

    def __init__(self, hint: str, spoken: str = "") -> None:
        super().__init__(placeholderText=hint)
        self.setAccessibleName(spoken or hint)
        self._cross = _Cross(self)
        self._cross.clicked.connect(self.clear)
        self.textChanged.connect(lambda _text: self._fit())
        self._fit()

    def _fit(self) -> None:
        side, written = theme.scaled(SIDE), bool(self.text())
        beside = side + EDGE - 3
        self.setTextMargins(beside, 0, beside if written else 0, 0)
        self._cross.setVisible(written)
        self._cross.setGeometry(self.width() - side - EDGE, 0, side + EDGE, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        _paint(painter, "search", QRectF(EDGE, 0, theme.scaled(SIDE), self.height()))
        painter.end()


class _Cross(QToolButton):
    """Takes out what is searched for; Escape does it by the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Clear the search"))

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(SIDE) + EDGE, theme.scaled(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        _paint(painter, "close", QRectF(0, 0, theme.scaled(SIDE), self.height()))
        painter.end()


def _paint(p: QPainter, name: str, place: QRectF) -> None:
    side = place.width()
    icons.paint(p, name, QRectF(place.left(), place.center().y() - side / 2, side, side), theme.now().soft)
