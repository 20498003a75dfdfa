"""Choosing an emoji: the usual ones and those used last, and a line to look for others by name."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.smileys import USUAL, fitting

ACROSS, DOWN = 7, 4
MOST = ACROSS * DOWN
SIDE = 40
KEY = "emoji"


class EmojiPicker(QFrame):
    """`chosen`: an emoji; it is gone then, and when one clicks elsewhere."""

    chosen = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("signs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bridge = bridge
        self._usual = list(USUAL[:MOST])
        self.line = QLineEdit(placeholderText=_("Look for one by name"))
        self.line.setAccessibleName(_("Look for one by name"))
        self.line.textChanged.connect(self._look)
        self.line.returnPressed.connect(self._first)
        self.none = QLabel(_("Nothing is called so."))
        self.none.setProperty("tone", "soft")
        self.none.hide()
        self.buttons = [self._button() for _n in range(MOST)]
        self._grid = QGridLayout()
        self._grid.setSpacing(2)
        for n, button in enumerate(self.buttons):
            self._grid.addWidget(button, n // ACROSS, n % ACROSS)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 10, 10)
        box.setSpacing(8)
        box.addWidget(self.line)
        box.addWidget(self.none)
        box.addLayout(self._grid)
        box.addStretch(1)
        self._show([(sign, "") for sign in self._usual])
        self.setFixedSize(self.sizeHint())
        bridge.ask(bridge.engine.remembered(KEY), self._used_last)

    def _button(self) -> QPushButton:
        made = QPushButton()
        made.setProperty("kind", "quiet")
        made.setFixedSize(QSize(SIDE, SIDE))
        font = QFont(theme.font(theme.TITLE))
        made.setFont(font)
        made.setStyleSheet("padding: 0")
        made.clicked.connect(lambda: self._take(made.text()))
        return made

    def open_at(self, place: QPoint) -> None:
        """Above or beneath that place, wholly on the screen."""
        screen = (QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()).availableGeometry()
        size = self.sizeHint()
        x = min(max(place.x(), screen.left()), screen.right() - size.width())
        y = place.y() if place.y() + size.height() <= screen.bottom() else screen.bottom() - size.height()
        self.move(x, y)
        self.show()
        self.line.setFocus()

    # --- what is offered ----------------------------------------------------------------------------------
    def _used_last(self, kept: str) -> None:
        last = [sign for sign in kept.split() if sign]
        self._usual = list(dict.fromkeys([*last, *USUAL]))[:MOST]
        if not self.line.text():
            self._show([(sign, "") for sign in self._usual])

    def _look(self, text: str) -> None:
        self._show(fitting(text, MOST) if text.strip() else [(sign, "") for sign in self._usual])

    def _show(self, found: Sequence[tuple[str, str]]) -> None:
        self.none.setVisible(not found)
        for n, button in enumerate(self.buttons):
            button.setVisible(n < len(found))
            if n < len(found):
                sign, name = found[n]
                button.setText(sign)
                button.setAccessibleName(f"{sign} {name.replace('_', ' ')}".strip())
                button.setToolTip(name.replace("_", " "))

    # --- choosing -----------------------------------------------------------------------------------------
    def _first(self) -> None:
        if not self.buttons[0].isHidden():
            self._take(self.buttons[0].text())

    def _take(self, sign: str) -> None:
        last = list(dict.fromkeys([sign, *self._usual]))[:ACROSS]
        self._bridge.ask(self._bridge.engine.remember(KEY, " ".join(last)))
        self.chosen.emit(sign)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
