"""The little window beside the tray icon in which a post is written quickly."""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.compose import Composer
from deskblog.ui.draft import Draft
from deskblog.ui.tab_order import put_in_order

CLICK_SECONDS = 0.25
SETTLE_SECONDS = 0.2
WIDE = 460  # px
AROUND = 12 + 4 + 10 + 12  # px, beside the foot of the composer


class Flyout(QWidget):
    """The quick post: a composer beside the tray icon, gone when one clicks elsewhere or has posted."""

    def __init__(self, bridge: Bridge, draft: Draft) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle(_("New post"))
        self.setObjectName("flyout")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.composer = Composer(bridge, draft, self)
        self._hint = QLabel(_("Enter posts, Shift+Enter begins a new line, Esc closes."))
        self._hint.setProperty("tone", "soft")
        self._hint.setFont(theme.font(theme.SMALL))
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 12, 12, 9)
        box.setSpacing(8)
        box.addWidget(self.composer)
        box.addWidget(self._hint)
        self._left_at = self._opened_at = -1.0
        self._leaving = False
        self.composer.posted.connect(self._posted)
        self.composer.left.connect(self.leave)

    def open_at(self, near: QPoint) -> None:
        """Opens beside a place on the screen, always wholly on it."""
        screen = QGuiApplication.screenAt(near) or QGuiApplication.primaryScreen()
        wide = max(theme.scaled(WIDE), self.sizeHint().width())
        self.setFixedWidth(min(wide, screen.availableSize().width() - 16))
        self.composer.foot.fit(self.width() - AROUND)
        self.adjustSize()
        self.move(beside(near, self.sizeHint().expandedTo(QSize(self.width(), 0)), screen.availableGeometry()))
        self._opened_at = time.monotonic()
        self.show()
        self.raise_()
        self.activateWindow()
        self.composer.field.setFocus()

    def _posted(self) -> None:
        if not self.composer.field.toPlainText():  # else somebody is writing on
            self.leave()

    def leave(self) -> None:
        """The person is done; the program they were in has the focus again."""
        self._leaving = True
        self.hide()
        self._leaving = False

    @property
    def just_left(self) -> bool:
        """True a moment after a click elsewhere closed it, perhaps one on the tray icon."""
        return time.monotonic() - self._left_at < CLICK_SECONDS

    def focusNextPrevChild(self, next: bool) -> bool:
        put_in_order(self)
        return super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus, as space does; Escape closes, wherever one is."""
        focused = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate and self.isVisible() and not self._leaving:
            self._left_at = time.monotonic()
            if self._left_at - self._opened_at < SETTLE_SECONDS:
                self.activateWindow()  # another window's focus was still on its way; nobody clicks so soon
            else:
                self.hide()
        return super().event(event)


def beside(near: QPoint, size: QSize, room: QRect) -> QPoint:
    """Where a window of this size stands beside a place, within the room of a screen."""
    x = min(max(near.x() - size.width() // 2, room.left() + 8), room.right() - size.width() - 8)
    below = near.y() + 16
    y = below if below + size.height() + 8 <= room.bottom() else near.y() - size.height() - 16
    return QPoint(x, min(max(y, room.top() + 8), room.bottom() - size.height() - 8))
