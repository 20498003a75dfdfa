"""The cup: the program's icon, and what the tray shows with it.

One outline is the source of all: what the tray paints, the icons in resources/ (packaging/icons.py) and their SVG.
Its edges lie on whole pixels at every size, and what does not fit into few pixels is simpler there.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QIcon,
    QPainter,
    QPainterPath,
    QPainterPathStroker,
    QPen,
    QPixmap,
)

from deskblog.ui import theme
from deskblog.ui.icons import pixmap

SIZES = (16, 20, 22, 24, 32, 40, 44, 48, 64, 96, 128)  # trays and panels ask for pixels
SMALL = 20  # px: below it steam has no curls, and a badge no two signs
BARE = 18  # px: below it a cup within a ring has neither steam nor saucer
UP, RIGHT = 0.38, 0.72  # where the body's rim and its right side are, as parts of the size


def cup(p: QPainter, size: int, colour: str | QColor) -> None:
    """The cup with its steam, in one colour."""
    p.fillPath(outline(size), QColor(colour))


def outline(size: int) -> QPainterPath:
    """Cup, saucer and steam on a square of so many pixels."""
    path = _body(size, UP)
    line, low = _line(size), round(0.90 * size)
    left, right = round(0.04 * size), round(0.78 * size)
    path.addRoundedRect(QRectF(left, low, right - left, line), line / 2, line / 2)
    for x in (0.28, 0.54):
        path.addPath(_steam(size, round(x * size)))
    return path


def _line(size: int) -> int:
    return max(1, round(size / 11))


def _body(size: int, rim: float) -> QPainterPath:
    """The cup alone, from its rim down."""
    left, right, top = round(0.10 * size), round(RIGHT * size), round(rim * size)
    bottom, bend, line = round((rim + 0.46) * size), 0.22 * size, _line(size)
    body = QPainterPath(QPointF(left, top))
    body.setFillRule(Qt.FillRule.WindingFill)
    body.lineTo(right, top)
    body.lineTo(right, bottom - bend)
    body.quadTo(right, bottom, right - bend, bottom)
    body.lineTo(left + bend, bottom)
    body.quadTo(left, bottom, left, bottom - bend)
    body.closeSubpath()
    high, wide = round(0.32 * size), round(0.22 * size)
    around = QRectF(right, top + max(1, round(0.06 * size)), wide, high)
    _half_round(body, around.adjusted(-0.1 * size, 0, 0, 0), clockwise=True)
    _half_round(body, around.adjusted(0, line, -line, -line), clockwise=False)
    return body


def _half_round(path: QPainterPath, rect: QRectF, *, clockwise: bool) -> None:
    """Adds a rectangle whose right end is round: the outside of the handle, or the other way round the hole in it."""
    high = rect.height()
    turn = QRectF(rect.right() - high, rect.top(), high, high)
    path.moveTo(rect.topLeft() if clockwise else rect.bottomLeft())
    path.arcTo(turn, 90 if clockwise else -90, -180 if clockwise else 180)
    path.lineTo(rect.bottomLeft() if clockwise else rect.topLeft())
    path.closeSubpath()


def _steam(size: int, x: int) -> QPainterPath:
    path, high, low = QPainterPath(), round(0.06 * size), round(0.28 * size)
    if size < SMALL:
        path.addRect(QRectF(x, high, _line(size), low - high))
        return path
    middle, bends = x + _line(size) / 2, (round(0.20 * size), round(0.14 * size))
    path.moveTo(middle, low)
    path.cubicTo(x - size * 0.08, bends[0], x + size * 0.14, bends[1], middle, high)
    stroker = QPainterPathStroker()
    stroker.setWidth(max(1.4, size / 15))
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    return stroker.createStroke(path).simplified()


def badge(p: QPainter, size: int, count: int) -> None:
    """A dot for something unread, a number for something that is for me; a gap keeps it off the cup."""
    wide = round(size * (0.62 if count else 0.46))
    rect = QRectF(size - wide, size - wide, wide, wide)
    gap = max(1, round(size / 16))
    p.setPen(Qt.PenStyle.NoPen)
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    p.setBrush(Qt.GlobalColor.black)
    p.drawEllipse(rect.adjusted(-gap, -gap, gap, gap))
    p.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    p.setBrush(QColor(theme.DOT))
    p.drawEllipse(rect)
    if count >= 10 and size < SMALL:
        _plus(p, rect)
    elif count:
        _number(p, rect, str(count) if count < 10 else "9+")


def _number(p: QPainter, within: QRectF, text: str) -> None:
    """Its ink in the middle, begun on a whole pixel: half of one is a grey veil beside each stroke."""
    font = QFont(theme.font(strong=True))
    font.setPixelSize(max(7, round(within.width() * (0.78 if len(text) == 1 else 0.56))))
    font.setBold(True)
    ink = QFontMetricsF(font).tightBoundingRect(text)
    start = within.center() - ink.center()
    p.setFont(font)
    p.setPen(QColor(theme.ON_DOT))
    p.drawText(QPointF(round(start.x()), round(start.y())), text)


def _plus(p: QPainter, within: QRectF) -> None:
    """More than can be said in so few pixels."""
    arm, thick = round(within.width() * 0.3), 2
    middle = within.center()
    for wide, high in ((2 * arm, thick), (thick, 2 * arm)):
        rect = QRectF(middle.x() - wide / 2, middle.y() - high / 2, wide, high)
        p.fillRect(rect, QColor(theme.ON_DOT))


def ring(p: QPainter, size: int, colour: str | QColor) -> None:
    """An announcement waits: a ring, and within it a smaller cup."""
    line = max(2, round(size / 11))
    p.setPen(QPen(QColor(theme.DOT), line))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawEllipse(QRectF(line / 2, line / 2, size - line, size - line))
    inner = round(size * 0.66)
    bare = inner < BARE
    p.save()
    p.translate(round(size * (0.2 if bare else 0.19)), round(size * (0.17 if bare else 0.14)))
    p.fillPath(_body(inner, 0.27) if bare else outline(inner), QColor(colour))
    p.restore()


def cup_picture(side: int, colour: str, ratio: float) -> QPixmap:
    """The cup alone, for a place of so many logical pixels."""
    pixels = round(side * ratio)
    made = pixmap(QSize(pixels, pixels), lambda p: cup(p, pixels, colour))
    made.setDevicePixelRatio(ratio)
    return made


def cup_icon(*, unread: bool = False, for_me: int = 0, waits: bool = False) -> QIcon:
    """The program's icon; in the tray with a dot or a number, and a ring round a smaller cup while `waits`."""
    made = QIcon()

    def draw(p: QPainter, size: int) -> None:
        (ring if waits else cup)(p, size, theme.CUP)
        if unread or for_me:
            badge(p, size, for_me)

    for size in SIZES:
        made.addPixmap(pixmap(QSize(size, size), lambda p, s=size: draw(p, s)))  # type: ignore[misc]
    return made
