"""A part of the screen, chosen with the mouse: the screens are shown as they stood, dimmed, under a rectangle.

Some desktops (Wayland) let no program take a picture of the screen; then the person is told what to do instead.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QCursor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QScreen,
)
from PySide6.QtWidgets import QWidget

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.ui import theme

SETTLE = 250  # ms until a hidden window is off the screen
LEAST = 8  # pixels: less is a slip of the mouse


def grab(window: QWidget, done: Callable[[QImage | None], None], failed: Callable[[Refused], None]) -> None:
    """Hides a window, lets the person choose, shows the window again; None if they thought better of it."""
    window.hide()
    QTimer.singleShot(SETTLE, lambda: _begin(window, done, failed))


def _begin(window: QWidget, done: Callable[[QImage | None], None], failed: Callable[[Refused], None]) -> None:
    shots = [(screen, screen.grabWindow(0)) for screen in QGuiApplication.screens()]
    if all(shot.isNull() for _screen, shot in shots):
        window.show()
        failed(
            Refused(
                _("This desktop lets no program take a picture of the screen."),
                kept=_("Your text is kept."),
                next_step=_("Take it with the desktop's own tool, copy it, and paste it here."),
            )
        )
        return

    def chosen(image: QImage | None) -> None:
        for region in regions:
            region.end()
        window.show()
        window.activateWindow()
        done(image)

    regions = [Region(screen, shot, chosen) for screen, shot in shots if not shot.isNull()]
    for region in regions:
        region.show()
        region.raise_()
    regions[0].activateWindow()


class Region(QWidget):
    """One screen, as it stood."""

    def __init__(self, screen: QScreen, shot: QPixmap, chosen: Callable[[QImage | None], None]) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setCursor(QCursor(Qt.CursorShape.CrossCursor))
        self.setWindowTitle(_("Choose a part of the screen"))
        self.setAccessibleName(self.windowTitle())
        self.setGeometry(screen.geometry())
        self._shot = shot
        self._chosen: Callable[[QImage | None], None] | None = chosen
        self._from: QPoint | None = None
        self._rect = QRect()

    def end(self) -> None:
        self._chosen = None
        self.close()

    def _tell(self, image: QImage | None) -> None:
        if self._chosen is not None:
            self._chosen(image)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.position().toPoint()
        self._rect = QRect()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._rect = QRect(self._from, event.position().toPoint()).normalized().intersected(self.rect())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouseMoveEvent(event)
        self._from = None
        if self._rect.width() < LEAST or self._rect.height() < LEAST:
            self._rect = QRect()
            self.update()
            return
        scale = self._shot.devicePixelRatio()
        place = QRect(self._rect.topLeft() * scale, self._rect.size() * scale)
        cut = self._shot.copy(place).toImage()
        cut.setDevicePixelRatio(1)
        self._tell(cut)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._tell(None)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tell(None)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.drawPixmap(self.rect(), self._shot)
        p.fillRect(self.rect(), QColor(0, 0, 0, 110))
        if self._rect.isEmpty():
            p.setPen(QColor("white"))
            p.setFont(theme.font(theme.TITLE, strong=True))
            said = _("Draw a frame around what you want to show. Esc: nothing.")
            p.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, said)
            return
        scale = self._shot.devicePixelRatio()
        p.drawPixmap(self._rect, self._shot, QRect(self._rect.topLeft() * scale, self._rect.size() * scale))
        p.setPen(QPen(QColor(theme.now().accent), 2))
        p.drawRect(self._rect)
