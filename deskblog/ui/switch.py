"""A switch: a check box that looks like what it does, on or off at once."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox

from deskblog.ui import theme

WIDE, HIGH = 40, 22
RING = 3  # around it, of what has the focus
EDGE = RING + 1  # from the track to the end of the widget


class Switch(QCheckBox):
    """Without words of its own: what it switches stands beside it, and is its accessible name."""

    def sizeHint(self) -> QSize:
        return QSize(theme.scaled(WIDE), theme.scaled(HIGH)) + QSize(2 * EDGE, 2 * EDGE)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, on = theme.now(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0, 0, theme.scaled(WIDE), theme.scaled(HIGH))
        track.moveCenter(self.rect().toRectF().center())
        if not self.isEnabled():
            painter.setOpacity(0.45)
        round_ = track.height() / 2
        painter.setPen(QPen(QColor(c.accent if on else c.field_line), 1.5))
        painter.setBrush(QColor(c.accent if on else c.surface))
        painter.drawRoundedRect(track.adjusted(0.75, 0.75, -0.75, -0.75), round_, round_)
        side = track.height() - (6 if on else 8)
        knob = QRectF(0, 0, side, side)
        knob.moveCenter(track.center())
        knob.moveLeft(track.right() - side - 3 if on else track.left() + 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.on_accent if on else c.field_line))
        painter.drawEllipse(knob)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.text if c.contrast else c.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = track.adjusted(1 - RING, 1 - RING, RING - 1, RING - 1)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.end()
