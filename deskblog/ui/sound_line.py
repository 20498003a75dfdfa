"""A sound on its card: what a press does, how far it has come, how long it lasts."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from deskblog.ui import icons, theme
from deskblog.ui.sizes import length_text, size_text
from deskblog.values import Attached

ROUND = 30  # the button
BESIDE = 56  # the size and the length


class Playing(Struct, frozen=True):
    """What is played: the hash of its blob, where it is and how long it lasts (ms), whether it runs or pauses."""

    hash: str
    at: int
    length: int
    runs: bool

    @property
    def part(self) -> float:
        return min(1.0, self.at / self.length) if self.length else 0.0


def track(rect: QRectF) -> QRectF:
    """Where its way stands in the place of an attachment."""
    left = rect.left() + theme.scaled(ROUND) + 20
    middle = rect.bottom() - _edge(rect) - QFontMetricsF(theme.font(theme.SMALL)).height() / 2
    return QRectF(left, middle - 2, rect.right() - left - theme.scaled(BESIDE) - 8, 4)


def _edge(rect: QRectF) -> float:
    """Above its name, and beneath its way."""
    lines = 2 * QFontMetricsF(theme.font(theme.SMALL)).height() + theme.scaled(3)
    return max(0.0, (rect.height() - lines) / 2)


def part_at(rect: QRectF, pos: QPointF) -> float | None:
    """How far into the sound a place on its way is, 0 … 1; None beside it."""
    way = track(rect)
    wide = way.adjusted(-4, -5, 4, 8)
    return min(1.0, max(0.0, (pos.x() - way.left()) / way.width())) if wide.contains(pos) else None


def paint_sound(p: QPainter, c: theme.Colours, one: Attached, rect: QRectF, playing: Playing | None) -> None:
    """`playing`: None while it is another that is played, or none."""
    p.setPen(QPen(QColor(c.accent if playing else c.line), 1))
    p.setBrush(QColor(c.window))
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    side = theme.scaled(ROUND)
    button = QRectF(rect.left() + 8, rect.center().y() - side / 2, side, side)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(c.accent))
    p.drawEllipse(button)
    runs = playing is not None and playing.runs
    icons.paint(
        p, "pause" if runs else "play", button.adjusted(side / 5, side / 5, -side / 5, -side / 5), c.on_accent
    )
    way = track(rect)
    font = theme.font(theme.SMALL)
    metrics = QFontMetricsF(font)
    p.setFont(font)
    p.setPen(QColor(c.text))
    name = metrics.elidedText(one.name, Qt.TextElideMode.ElideMiddle, way.width())
    p.drawText(QPointF(way.left(), rect.top() + _edge(rect) + metrics.ascent()), name)
    p.setPen(QColor(c.soft))
    end = QRectF(way.right() + 8, rect.top(), rect.right() - way.right() - 16, rect.height())
    size = size_text(one.blob.size)
    p.drawText(end.adjusted(0, _edge(rect), 0, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, size)
    length = playing.length // 1000 if playing and playing.length else one.seconds
    said = length_text(playing.at // 1000) if playing else length_text(length) if length else ""
    p.drawText(
        QRectF(end.left(), way.center().y() - metrics.height() / 2, end.width(), metrics.height()),
        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
        said,
    )
    _paint_way(p, c, way, playing)


def _paint_way(p: QPainter, c: theme.Colours, way: QRectF, playing: Playing | None) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(c.scroll))
    p.drawRoundedRect(way, 2, 2)
    if playing is not None:
        gone = QRectF(way.left(), way.top(), way.width() * playing.part, way.height())
        p.setBrush(QColor(c.accent))
        p.drawRoundedRect(gone, 2, 2)
        p.drawEllipse(QPointF(gone.right(), way.center().y()), 5, 5)
