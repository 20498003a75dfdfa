"""A poll on its card: each answer a line to press, as wide a bar behind it as people chose it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from deskblog.i18n import _, plural
from deskblog.ui import moments, theme
from deskblog.ui.ticks import tick
from deskblog.values import Option, Poll

LINE = 34.0
GAP = 4.0
WIDE = 460.0
RING = 16.0


def foot_text(poll: Poll, now: int) -> str:
    """“5 votes · closes tomorrow 17:00”."""
    parts = [plural("{n} vote", "{n} votes", poll.voters) if poll.voters else _("no votes yet")]
    if poll.many:
        parts.append(_("several may be chosen"))
    if poll.closes:
        when = f"{moments.day_within(poll.closes, now)} {moments.clock(poll.closes)}"
        parts.append(_("closed") if now >= poll.closes else _("closes: {time}").format(time=when))
    return " · ".join(parts)


def chosen_text(option: Option) -> str:
    """Who chose it."""
    return f"{option.text}: {', '.join(option.people)}" if option.people else option.text


class Bars:
    """Where the answers stand."""

    def __init__(self, poll: Poll | None, left: float, top: float, width: float) -> None:
        self.poll = poll
        self.places: list[QRectF] = []
        self.height = 0.0
        if poll is None:
            return
        self._small = QFontMetricsF(theme.font(theme.SMALL))
        wide, high = min(width, theme.scaled(WIDE)), theme.scaled(LINE)
        self.places = [QRectF(left, top + n * (high + GAP), wide, high) for n in range(len(poll.options))]
        self._foot = QRectF(left, self.places[-1].bottom() + GAP, wide, self._small.height() + 2)
        self.height = self._foot.bottom() - top

    def paint(self, p: QPainter, c: theme.Colours, now: int) -> None:
        if self.poll is None:
            return
        for option, rect in zip(self.poll.options, self.places, strict=True):
            self._paint_option(p, c, option, rect)
        p.setFont(theme.font(theme.SMALL))
        p.setPen(QColor(c.soft))
        p.drawText(self._foot, Qt.AlignmentFlag.AlignVCenter, foot_text(self.poll, now))

    def _paint_option(self, p: QPainter, c: theme.Colours, option: Option, rect: QRectF) -> None:
        assert self.poll is not None
        part = len(option.people) / self.poll.voters if self.poll.voters else 0.0
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(c.window))
        p.drawRoundedRect(rect, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        if part:
            p.save()
            p.setClipRect(QRectF(rect.left(), rect.top(), rect.width() * part, rect.height()))
            p.setBrush(QColor(c.accent_soft))
            p.drawRoundedRect(rect, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
            p.restore()
        self._paint_ring(p, c, option, rect)
        share = f"{len(option.people)} · {round(part * 100)} %" if self.poll.voters else ""
        p.setFont(theme.font(theme.SMALL))
        p.setPen(QColor(c.on_accent_soft if part == 1 else c.soft))
        p.drawText(rect.adjusted(0, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, share)
        font = theme.font(strong=option.mine)
        metrics, text = (
            QFontMetricsF(font),
            rect.adjusted(20 + theme.scaled(RING), 0, -self._small.horizontalAdvance(share) - 22, 0),
        )
        p.setFont(font)
        p.setPen(QColor(c.text))
        shown = metrics.elidedText(option.text, Qt.TextElideMode.ElideRight, text.width())
        p.drawText(text, Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_ring(self, p: QPainter, c: theme.Colours, option: Option, rect: QRectF) -> None:
        assert self.poll is not None
        side = theme.scaled(RING)
        ring = QRectF(rect.left() + 10, rect.center().y() - side / 2, side, side)
        p.setBrush(QColor(c.accent) if option.mine else Qt.BrushStyle.NoBrush)
        p.setPen(QPen(QColor(c.accent if option.mine else c.field_line), 1.6))
        corner = 4.0 if self.poll.many else side / 2
        p.drawRoundedRect(ring.adjusted(0.8, 0.8, -0.8, -0.8), corner, corner)
        if option.mine:
            tick(p, ring, c.on_accent)
