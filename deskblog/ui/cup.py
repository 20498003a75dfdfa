"""The cup: the program's icon, and what the tray shows with it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPen

from deskblog.ui import theme
from deskblog.ui.icons import pixmap

SIZES = (16, 20, 22, 24, 32, 40, 44, 48, 64, 96, 128)  # trays and panels ask for pixels


def cup(p: QPainter, size: float, colour: str | QColor) -> None:
    """A cup with its steam, on whole pixels so that it stays sharp where it is small."""

    def at(part: float) -> float:
        return round(part * size)

    line = max(1.0, round(size / 11))
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(colour))
    left, right, top, bottom = at(0.10), at(0.72), at(0.38), at(0.84)
    body = QPainterPath(QPointF(left, top))
    body.lineTo(right, top)
    body.lineTo(right, bottom - size * 0.22)
    body.quadTo(right, bottom, right - size * 0.22, bottom)
    body.lineTo(left + size * 0.22, bottom)
    body.quadTo(left, bottom, left, bottom - size * 0.22)
    p.drawPath(body)
    p.drawRoundedRect(QRectF(at(0.04), at(0.90), at(0.78) - at(0.04), line), line / 2, line / 2)
    pen = QPen(QColor(colour), line)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    handle = QRectF(right - size * 0.14, top + line * 0.5 + size * 0.03, size * 0.34, size * 0.28)
    p.setClipRect(QRectF(right, 0, size, size))
    p.drawEllipse(handle)
    p.setClipping(False)
    pen.setWidthF(max(1.0, size / 16))
    p.setPen(pen)
    for x in (0.28, 0.54):
        steam = QPainterPath(QPointF(at(x) + line / 2, at(0.28)))
        steam.cubicTo(
            at(x) - size * 0.08, at(0.20), at(x) + size * 0.14, at(0.14), at(x) + line / 2, at(0.04) + line / 2
        )
        p.drawPath(steam)


def badge(p: QPainter, size: float, count: int) -> None:
    """A dot for something unread, a number for something that is for me; a gap keeps it off the cup."""
    wide = size * (0.62 if count else 0.46)
    rect = QRectF(size - wide, size - wide, wide, wide)
    gap = max(1.0, size / 16)
    p.setPen(Qt.PenStyle.NoPen)
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    p.setBrush(Qt.GlobalColor.black)
    p.drawEllipse(rect.adjusted(-gap, -gap, gap, gap))
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    p.setBrush(QColor(theme.DOT))
    p.drawEllipse(rect)
    if count:
        font = QFont(theme.font(strong=True))
        text = str(count) if count < 10 else "9+"
        font.setPixelSize(max(7, round(wide * (0.78 if count < 10 else 0.56))))
        font.setBold(True)
        p.setFont(font)
        p.setPen(QColor(theme.ON_DOT))
        p.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def ring(p: QPainter, size: float) -> None:
    """An announcement waits."""
    line = max(1.5, size / 11)
    p.setPen(QPen(QColor(theme.DOT), line))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawEllipse(QRectF(line / 2, line / 2, size - line, size - line))


def cup_icon(*, unread: bool = False, for_me: int = 0, waits: bool = False, colour: str = theme.CUP) -> QIcon:
    """The program's icon; in the tray with a dot or a number, and a ring round a smaller cup while `waits`."""
    made = QIcon()

    def draw(p: QPainter, size: int) -> None:
        if waits:
            ring(p, size)
            p.translate(size * 0.18, size * 0.16)
            p.scale(0.66, 0.66)
        cup(p, size, colour)
        p.resetTransform()
        if unread or for_me:
            badge(p, size, for_me)

    for size in SIZES:
        made.addPixmap(pixmap(QSize(size, size), lambda p, s=size: draw(p, s)))  # type: ignore[misc]
    return made
