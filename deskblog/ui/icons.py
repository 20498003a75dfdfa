"""Every picture of the program, drawn: no image files, crisp at every size, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton

from deskblog.ui import theme

BESIDE = 18  # pixels high beside a text …
FAINT = 0.4  # what cannot be pressed
AIR = 1 / 3  # … with so much of that between them
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


def _drawn(*strokes: tuple[tuple[float, float], ...]) -> Draw:
    """What is made of lines alone."""
    return lambda p: p.drawPath(_lines(*strokes))


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


_close = _drawn(((6.5, 6.5), (17.5, 17.5)), ((17.5, 6.5), (6.5, 17.5)))
_back = _drawn(((10.5, 5.5), (4, 12), (10.5, 18.5)), ((4.4, 12), (20, 12)))
_right = _drawn(((9.5, 6), (15.5, 12), (9.5, 18)))
_left = _drawn(((14.5, 6), (8.5, 12), (14.5, 18)))


def _done(p: QPainter) -> None:
    p.drawEllipse(QPointF(12, 12), 8.6, 8.6)
    _stroke(p, _lines(((8, 12.4), (10.9, 15.2), (16, 9.4))))


_down = _drawn(((6, 9.5), (12, 15.5), (18, 9.5)))


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


_door = _drawn(((13, 4), (19, 4), (19, 20), (13, 20)), ((4, 12), (14.2, 12)), ((10.4, 7.8), (14.6, 12), (10.4, 16.2)))


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


def _play(p: QPainter) -> None:
    p.setBrush(p.pen().color())
    _stroke(p, _lines(((8, 5), (19, 12), (8, 19), (8, 5))))


def _pause(p: QPainter) -> None:
    p.setBrush(p.pen().color())
    for x in (6.5, 14):
        p.drawRoundedRect(QRectF(x, 5.5, 3.5, 13), 1, 1)


def _list(p: QPainter) -> None:
    _stroke(p, _lines(((9, 6.5), (20, 6.5)), ((9, 12), (20, 12)), ((9, 17.5), (20, 17.5))))
    p.setBrush(p.pen().color())
    for y in (6.5, 12, 17.5):
        p.drawEllipse(QPointF(4.8, y), 0.7, 0.7)


def _star(p: QPainter) -> None:
    _stroke(p, _lines(((6.5, 4), (17.5, 4), (17.5, 20), (12, 15.6), (6.5, 20), (6.5, 4))))


def _lock(p: QPainter) -> None:
    path = QPainterPath()
    path.addRoundedRect(QRectF(5, 10.5, 14, 9.5), 2, 2)
    path.moveTo(8, 10.5)
    path.lineTo(8, 8)
    path.cubicTo(8, 2.8, 16, 2.8, 16, 8)
    path.lineTo(16, 10.5)
    _stroke(p, path)


def _mug(p: QPainter) -> None:
    path = _lines(((4.5, 9), (4.5, 16.5)), ((16.5, 9), (16.5, 16.5)), ((4.5, 9), (16.5, 9)), ((8, 3), (8, 6)))
    path.moveTo(4.5, 16.5)
    path.cubicTo(4.5, 20.5, 16.5, 20.5, 16.5, 16.5)
    path.moveTo(16.5, 10.5)
    path.cubicTo(21.5, 10, 21.5, 16, 16.5, 15.5)
    path.moveTo(12.5, 3)
    path.lineTo(12.5, 6)
    _stroke(p, path)


def _link(p: QPainter) -> None:
    path = _lines(((9, 15), (15, 9)))
    path.moveTo(11, 7.5)
    path.cubicTo(14.5, 3.5, 20.5, 9.5, 16.5, 13)
    path.moveTo(13, 16.5)
    path.cubicTo(9.5, 20.5, 3.5, 14.5, 7.5, 11)
    _stroke(p, path)


def _save(p: QPainter) -> None:
    _stroke(p, _lines(((12, 4), (12, 14.5)), ((7.5, 10.4), (12, 14.9), (16.5, 10.4)), ((4.5, 19.5), (19.5, 19.5))))


def _horn(p: QPainter) -> None:
    _stroke(p, _lines(((4, 10), (4, 14), (8, 14), (18, 18.5), (18, 5.5), (8, 10), (4, 10)), ((21, 10.5), (21, 13.5))))
    _stroke(p, _lines(((8, 14), (9.5, 19.5), (12.5, 19.5), (11.5, 15.6))))


def _globe(p: QPainter) -> None:
    p.drawEllipse(QRectF(3.5, 3.5, 17, 17))
    p.drawEllipse(QRectF(8.2, 3.5, 7.6, 17))
    _stroke(p, _lines(((3.8, 12), (20.2, 12))))


def _feed(p: QPainter) -> None:
    for reach in (7.5, 14.0):
        path = QPainterPath(QPointF(5, 19 - reach))
        path.cubicTo(5 + reach * 0.55, 19 - reach, 5 + reach, 19 - reach * 0.55, 5 + reach, 19)
        _stroke(p, path)
    p.setBrush(p.pen().color())
    p.drawEllipse(QPointF(6, 18), 1.4, 1.4)


def _share(p: QPainter) -> None:
    path = _lines(((13, 5), (20, 11.5), (13, 18)), ((19.4, 11.5), (12, 11.5)))
    path.cubicTo(6.5, 11.5, 4, 14, 4, 19)
    _stroke(p, path)


_open = _drawn(
    ((10, 5), (5, 5), (5, 19), (19, 19), (19, 14)), ((14, 4.5), (19.5, 4.5), (19.5, 10)), ((19, 5), (11, 13))
)


def _read(p: QPainter) -> None:
    path = QPainterPath(QPointF(12, 7))
    path.cubicTo(9.5, 5, 6, 5, 3.5, 5.6)
    path.lineTo(3.5, 18)
    path.cubicTo(6, 17.4, 9.5, 17.4, 12, 19.4)
    path.cubicTo(14.5, 17.4, 18, 17.4, 20.5, 18)
    path.lineTo(20.5, 5.6)
    path.cubicTo(18, 5, 14.5, 5, 12, 7)
    path.lineTo(12, 19.2)
    _stroke(p, path)


PICTURES: dict[str, Draw] = {
    "globe": _globe,
    "horn": _horn,
    "clip": _clip,
    "file": _file,
    "photo": _photo,
    "sound": _sound,
    "film": _film,
    "play": _play,
    "pause": _pause,
    "save": _save,
    "lock": _lock,
    "link": _link,
    "mug": _mug,
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
    "feed": _feed,
    "share": _share,
    "open": _open,
    "read": _read,
    "keep": _star,
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


class _Drawn(QIconEngine):
    """Draws at whatever size is asked for: a window has some sixty icons, and as pixmaps they took 25 MB."""

    def __init__(self, name: str, colour: str, air: float) -> None:
        super().__init__()
        self._name, self._colour, self._air = name, colour, air

    def clone(self) -> QIconEngine:
        return _Drawn(self._name, self._colour, self._air)

    def paint(self, p: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        side = min(rect.height(), rect.width() / (1 + self._air))
        if mode is QIcon.Mode.Disabled:
            p.setOpacity(FAINT)
        paint(p, self._name, QRectF(rect.x(), rect.y() + (rect.height() - side) / 2, side, side), self._colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return pixmap(size, lambda p: self.paint(p, QRect(QPoint(0, 0), size), mode, state))


def icon(name: str, colour: str, air: float = 0.0) -> QIcon:
    """A picture as an icon for a button. `air`: beside it, towards the text, in parts of its size."""
    return QIcon(_Drawn(name, colour, air))


def dress(button: QAbstractButton, name: str, colour: str) -> None:
    """Gives a button its picture; beside a text, with some air between them."""
    button.setIcon(icon(name, colour, AIR if button.text() else 0.0))
    if button.text():
        high = theme.scaled(BESIDE)
        button.setIconSize(QSize(round(high * (1 + AIR)), high))


def pixmap(size: QSize, draw: Draw) -> QPixmap:
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    p = QPainter(pixmap)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw(p)
    p.end()
    return pixmap
