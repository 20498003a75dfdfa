"""Every picture of the program, drawn: no image files, crisp at every size, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton

from deskblog.ui import theme
from deskblog.ui.marks import initials

SIZES = (16, 20, 22, 24, 32, 40, 44, 48, 64, 96, 128)
Draw = Callable[[QPainter], None]  # on a square of 24 by 24


def _stroke(p: QPainter, path: QPainterPath) -> None:
    p.drawPath(path)


def _lines(*strokes: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    for points in strokes:
        path.moveTo(*points[0])
        for point in points[1:]:
            path.lineTo(*point)
    return path


def _search(p: QPainter) -> None:
    p.drawEllipse(QPointF(10.5, 10.5), 6.2, 6.2)
    _stroke(p, _lines(((15.2, 15.2), (20, 20))))


def _invite(p: QPainter) -> None:
    p.drawEllipse(QPointF(9.5, 8), 3.7, 3.7)
    path = _lines(((18.5, 8.5), (18.5, 15.5)), ((15, 12), (22, 12)))
    path.moveTo(2.8, 20)
    path.cubicTo(2.8, 12.6, 16.2, 12.6, 16.2, 20)
    _stroke(p, path)


def _people(p: QPainter) -> None:
    p.drawEllipse(QPointF(9, 8.4), 3.5, 3.5)
    path = QPainterPath(QPointF(2.6, 19.6))
    path.cubicTo(2.6, 12.8, 15.4, 12.8, 15.4, 19.6)
    path.moveTo(15.4, 5.1)
    path.cubicTo(19.6, 5.6, 19.6, 11, 15.6, 11.7)
    path.moveTo(17.6, 14.4)
    path.cubicTo(20.2, 15.1, 21.4, 17, 21.4, 19.6)
    _stroke(p, path)


def _answer(p: QPainter) -> None:
    path = _lines(((9, 6), (4, 11), (9, 16)), ((4.4, 11), (14, 11)))
    path.cubicTo(18.4, 11, 20, 13.6, 20, 18.4)
    _stroke(p, path)


def _react(p: QPainter) -> None:
    path = QPainterPath()
    path.addEllipse(QRectF(3.5, 3.5, 17, 17))
    path.moveTo(8.3, 13.6)
    path.cubicTo(9.6, 16.6, 14.4, 16.6, 15.7, 13.6)
    _stroke(p, path)
    p.drawPoint(QPointF(9.2, 9.6))
    p.drawPoint(QPointF(14.8, 9.6))


def _more(p: QPainter) -> None:
    p.setBrush(p.pen().color())
    p.setPen(Qt.PenStyle.NoPen)
    for x in (5.5, 12, 18.5):
        p.drawEllipse(QPointF(x, 12), 1.7, 1.7)


def _close(p: QPainter) -> None:
    _stroke(p, _lines(((6.5, 6.5), (17.5, 17.5)), ((17.5, 6.5), (6.5, 17.5))))


def _back(p: QPainter) -> None:
    _stroke(p, _lines(((10.5, 5.5), (4, 12), (10.5, 18.5)), ((4.4, 12), (20, 12))))


def _right(p: QPainter) -> None:
    _stroke(p, _lines(((9.5, 6), (15.5, 12), (9.5, 18))))


def _left(p: QPainter) -> None:
    _stroke(p, _lines(((14.5, 6), (8.5, 12), (14.5, 18))))


def _done(p: QPainter) -> None:
    p.drawEllipse(QPointF(12, 12), 8.6, 8.6)
    _stroke(p, _lines(((8, 12.4), (10.9, 15.2), (16, 9.4))))


def _down(p: QPainter) -> None:
    _stroke(p, _lines(((6, 9.5), (12, 15.5), (18, 9.5))))


def _question(p: QPainter) -> None:
    path = QPainterPath(QPointF(8, 9))
    path.cubicTo(8, 3.4, 16, 3.4, 16, 8.6)
    path.cubicTo(16, 12, 12, 11.6, 12, 15)
    _stroke(p, path)
    p.setBrush(p.pen().color())
    p.drawEllipse(QPointF(12, 19), 0.5, 0.5)


def _up(p: QPainter) -> None:
    _stroke(p, _lines(((5.5, 11), (12, 4.5), (18.5, 11)), ((12, 5), (12, 19.5))))


def _warn(p: QPainter) -> None:
    path = _lines(((12, 4), (21, 19.5), (3, 19.5), (12, 4)), ((12, 10), (12, 13.8)))
    _stroke(p, path)
    p.setBrush(p.pen().color())
    p.drawEllipse(QPointF(12, 16.8), 0.4, 0.4)


def _copy(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(8.5, 8.5, 11.5, 11.5), 2.4, 2.4)
    path = QPainterPath(QPointF(5.6, 15.4))
    path.cubicTo(4.4, 15.4, 4, 14.8, 4, 13.8)
    path.lineTo(4, 6)
    path.cubicTo(4, 4.6, 4.6, 4, 6, 4)
    path.lineTo(13.8, 4)
    path.cubicTo(14.8, 4, 15.4, 4.4, 15.4, 5.6)
    _stroke(p, path)


def _door(p: QPainter) -> None:
    _stroke(
        p,
        _lines(
            ((13, 4), (19, 4), (19, 20), (13, 20)), ((4, 12), (14.2, 12)), ((10.4, 7.8), (14.6, 12), (10.4, 16.2))
        ),
    )


def _spark(p: QPainter) -> None:
    path = QPainterPath(QPointF(12, 3.5))
    path.cubicTo(12.8, 9.4, 14.6, 11.2, 20.5, 12)
    path.cubicTo(14.6, 12.8, 12.8, 14.6, 12, 20.5)
    path.cubicTo(11.2, 14.6, 9.4, 12.8, 3.5, 12)
    path.cubicTo(9.4, 11.2, 11.2, 9.4, 12, 3.5)
    _stroke(p, path)


def _house(p: QPainter) -> None:
    _stroke(
        p,
        _lines(
            ((3.5, 11.5), (12, 4), (20.5, 11.5)),
            ((6, 9.8), (6, 20), (18, 20), (18, 9.8)),
            ((10, 20), (10, 14.5), (14, 14.5), (14, 20)),
        ),
    )


def _clip(p: QPainter) -> None:
    path = QPainterPath(QPointF(18.8, 10.6))
    path.lineTo(11.6, 17.8)
    path.cubicTo(7.4, 21.6, 1.8, 16, 5.8, 12)
    path.lineTo(13, 4.8)
    path.cubicTo(15.8, 2.4, 19.4, 6, 16.8, 8.8)
    path.lineTo(10.2, 15.4)
    path.cubicTo(8.8, 16.6, 7, 14.8, 8.2, 13.4)
    path.lineTo(14.2, 7.4)
    _stroke(p, path)


def _file(p: QPainter) -> None:
    _stroke(
        p,
        _lines(
            ((13.5, 3.5), (6, 3.5), (6, 20.5), (18, 20.5), (18, 8), (13.5, 3.5), (13.5, 8), (18, 8)),
            ((9, 12.5), (15, 12.5)),
            ((9, 16), (15, 16)),
        ),
    )


def _photo(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(3.5, 5, 17, 14), 2.4, 2.4)
    p.drawEllipse(QPointF(8.4, 9.6), 1.4, 1.4)
    _stroke(p, _lines(((4, 17), (9.5, 12.6), (12.4, 15), (15.6, 11.6), (20, 15.6))))


def _sound(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(9, 3.5, 6, 10.5), 3, 3)
    path = QPainterPath(QPointF(5.5, 11.5))
    path.cubicTo(5.5, 20, 18.5, 20, 18.5, 11.5)
    path.moveTo(12, 17.8)
    path.lineTo(12, 21)
    _stroke(p, path)


def _film(p: QPainter) -> None:
    p.drawRoundedRect(QRectF(3.5, 5, 17, 14), 2.4, 2.4)
    _stroke(p, _lines(((10, 9), (15, 12), (10, 15), (10, 9))))


def _list(p: QPainter) -> None:
    _stroke(p, _lines(((9, 6.5), (20, 6.5)), ((9, 12), (20, 12)), ((9, 17.5), (20, 17.5))))
    p.setBrush(p.pen().color())
    for y in (6.5, 12, 17.5):
        p.drawEllipse(QPointF(4.8, y), 0.7, 0.7)


def _star(p: QPainter) -> None:
    _stroke(p, _lines(((6.5, 4), (17.5, 4), (17.5, 20), (12, 15.6), (6.5, 20), (6.5, 4))))


def _save(p: QPainter) -> None:
    _stroke(p, _lines(((12, 4), (12, 14.5)), ((7.5, 10.4), (12, 14.9), (16.5, 10.4)), ((4.5, 19.5), (19.5, 19.5))))


PICTURES: dict[str, Draw] = {
    "clip": _clip,
    "file": _file,
    "photo": _photo,
    "sound": _sound,
    "film": _film,
    "save": _save,
    "list": _list,
    "kept": _star,
    "search": _search,
    "invite": _invite,
    "people": _people,
    "answer": _answer,
    "react": _react,
    "more": _more,
    "close": _close,
    "back": _back,
    "right": _right,
    "left": _left,
    "down": _down,
    "done": _done,
    "question": _question,
    "up": _up,
    "warn": _warn,
    "copy": _copy,
    "door": _door,
    "spark": _spark,
    "house": _house,
}


def paint(p: QPainter, name: str, rect: QRectF, colour: str | QColor) -> None:
    """Draws a picture into a square."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.translate(rect.topLeft())
    p.scale(rect.width() / 24, rect.height() / 24)
    pen = QPen(QColor(colour), 1.8)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    p.setPen(pen)
    p.setBrush(Qt.BrushStyle.NoBrush)
    PICTURES[name](p)
    p.restore()


def icon(name: str, colour: str) -> QIcon:
    """A picture as an icon for a button."""
    made = QIcon()
    for size in SIZES:
        made.addPixmap(_pixmap(size, lambda p, s=size: paint(p, name, QRectF(0, 0, s, s), colour)))  # type: ignore[misc]
    return made


def dress(button: QAbstractButton, name: str, colour: str) -> None:
    """Gives a button its picture, with some air towards its text."""
    button.setIcon(icon(name, colour))
    if button.text():
        button.setIconSize(QSize(24, 18))


def _pixmap(size: int, draw: Draw) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    p = QPainter(pixmap)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(p)
    p.end()
    return pixmap


# --- the cup ----------------------------------------------------------------------------------------------
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


def cup_icon(*, unread: bool = False, for_me: int = 0, colour: str = theme.CUP) -> QIcon:
    """The program's icon; with a dot or a number in the tray."""
    made = QIcon()

    def draw(p: QPainter, size: int) -> None:
        cup(p, size, colour)
        if unread or for_me:
            badge(p, size, for_me)

    for size in SIZES:
        made.addPixmap(_pixmap(size, lambda p, s=size: draw(p, s)))  # type: ignore[misc]
    return made


def avatar(p: QPainter, rect: QRectF, name: str, person_id: str) -> None:
    """A person's round picture: initials on their own colour."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(theme.avatar_colour(person_id))
    p.drawEllipse(rect)
    font = theme.font(strong=True)
    font.setPixelSize(round(rect.height() * 0.38))
    p.setFont(font)
    p.setPen(QColor(theme.ON_AVATAR))
    p.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))
    p.restore()
