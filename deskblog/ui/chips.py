"""The line beneath a post: how many answers it has, and the signs people put at it, each a chip to press."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from deskblog.i18n import _, plural
from deskblog.ui import moments, theme
from deskblog.values import Reaction, Row

GAP = 6.0
PAD = 8.0


def chip_text(reaction: Reaction) -> str:
    return f"{reaction.sign} {len(reaction.people)}"


def answers_text(row: Row) -> str:
    """“3 answers”, and of a question how soon the first came."""
    if not row.answers:
        return ""
    count = plural("{n} answer", "{n} answers", row.answers)
    if row.kind != "question" or row.first_answer <= row.at:
        return count
    return _("{answers}, the first after {time}").format(answers=count, time=moments.span(row.first_answer - row.at))


class Chips:
    """Where the parts of that line stand; it wraps where it must."""

    def __init__(self, row: Row, place: QRectF) -> None:
        self.row = row
        self._metrics = QFontMetricsF(theme.font(theme.SMALL))
        self.height = 0.0
        self.answers = QRectF()
        self.signs: list[tuple[Reaction, QRectF]] = []
        self._left, self._right, self._x, self._y = place.left(), place.right(), place.left(), place.top()
        label = answers_text(row)
        if label:
            bold = QFontMetricsF(theme.font(theme.SMALL, strong=True))
            self.answers = self._put(bold.horizontalAdvance(label) + 4)
        for reaction in row.reactions:
            self.signs.append((reaction, self._put(self._metrics.horizontalAdvance(chip_text(reaction)) + 2 * PAD)))
        if label or row.reactions:
            self.height = self._y + self._line - place.top()

    @property
    def _line(self) -> float:
        return self._metrics.height() + 6

    def _put(self, width: float) -> QRectF:
        if self._x > self._left and self._x + width > self._right:
            self._x, self._y = self._left, self._y + self._line + 4
        put = QRectF(self._x, self._y, width, self._line)
        self._x += width + GAP
        return put

    def paint(self, p: QPainter, c: theme.Colours) -> None:
        if not self.answers.isEmpty():
            p.setFont(theme.font(theme.SMALL, strong=True))
            p.setPen(QColor(c.accent))
            p.drawText(self.answers.adjusted(0, 0, 40, 0), Qt.AlignmentFlag.AlignVCenter, answers_text(self.row))
        p.setFont(theme.font(theme.SMALL))
        for reaction, rect in self.signs:
            p.setPen(QPen(QColor(c.accent if reaction.mine else c.line), 1))
            p.setBrush(QColor(c.accent_soft if reaction.mine else c.surface))
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), rect.height() / 2, rect.height() / 2)
            p.setPen(QColor(c.on_accent_soft if reaction.mine else c.soft))
            p.drawText(rect, Qt.AlignmentFlag.AlignCenter, chip_text(reaction))


def people_text(reaction: Reaction) -> str:
    """Who put that sign there."""
    return f"{reaction.sign} {', '.join(reaction.people)}"


def spoken(reactions: Sequence[Reaction]) -> str:
    """The signs in words, for who hears the window."""
    return "; ".join(people_text(one) for one in reactions)
