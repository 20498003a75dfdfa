"""A calm line at the side of the window, with the one thing to do about it; and the shelf such lines stand on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.problem import hold

INSIDE = 10
LEAST = 96  # of the shelf, where the window is low


class Note(QFrame):
    """A line, and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self._act: Callable[[], None] = self.hide
        self.hide()

    def _make(self) -> None:
        """What is on it, once there is something to say."""
        self.line = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.line.setFont(theme.font(theme.SMALL))
        self.button = QPushButton()
        self.button.setAccessibleName(_("What can be done"))
        self.button.clicked.connect(lambda: self._act())
        box = QVBoxLayout(self)
        box.setContentsMargins(INSIDE, 8, INSIDE, 10)
        box.setSpacing(6)
        box.addWidget(self.line)
        box.addWidget(self.button)

    def say(self, line: str, button: str = "", act: Callable[[], None] | None = None) -> None:
        if not line:
            self.hide()
            return
        if self.layout() is None:
            self._make()
        self.line.setText(line)
        self._fit()
        self.button.setText(button)
        self.button.setAccessibleName(button.replace("&&", "&") or _("What can be done"))
        self.button.setAccessibleDescription(line)
        self.button.setVisible(bool(button))
        self._act = act or self.hide
        self.show()

    def _fit(self) -> None:
        """Room for all lines of it, of which a crowded panel would else take some away."""
        if self.layout() is None:
            return
        room = max(1, self.width() - 2 * INSIDE - 2) if self.isVisible() else theme.scaled(theme.PEOPLE) - 40
        hold(self.line, room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()


class Shelf(QScrollArea):
    """The notes: as high as they are, and less where people would have no room."""

    def __init__(self, notes: QVBoxLayout) -> None:
        super().__init__()
        self._inside = inside = QWidget()
        inside.setObjectName("page")
        inside.setLayout(notes)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self.sizeHint().height(), theme.scaled(LEAST)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A note came, went, or has more to say."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
