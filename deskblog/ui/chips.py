"""The line beneath a post: how many answers it has, and the signs people put at it, each a chip to press."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from deskblog.i18n import _, plural
from deskblog.ui import icons, moments, theme
from deskblog.values import Announced, Reaction, Row

GAP = 6.0
PAD = 8.0
ARROW = 16


def chip_text(reaction: Reaction) -> str:
    return f"{reaction.sign} {len(reaction.people)}"


def answers_text(row: Row, *, unfolded: bool = False) -> str:
    """“3 answers”, and of a question how soon the first came."""
    if not row.answers:
        return ""
    count = plural("{n} answer", "{n} answers", row.answers)
    if unfolded:
        return _("Fold {answers}").format(answers=count)
    if row.kind != "question" or row.first_answer <= row.at:
        return count
    return _("{answers}, the first after {time}").format(answers=count, time=moments.span(row.first_answer - row.at))


class Chips:
    """Where the parts of that line stand; it wraps where it must."""

    def __init__(self, row: Row, place: QRectF, *, unfolded: bool) -> None:
        self._metrics = QFontMetricsF(theme.font(theme.SMALL))
        self._bold = QFontMetricsF(theme.font(theme.SMALL, strong=True))
        self.height = 0.0
        self.answers = QRectF()
        self.signs: list[tuple[Reaction, QRectF]] = []
        self._left, self._right, self._x, self._y = place.left(), place.right(), place.left(), place.top()
        self._label = label = answers_text(row, unfolded=unfolded)
        self._unfolded = unfolded
        if label:
            self.answers = self._put(theme.scaled(ARROW) + self._bold.horizontalAdvance(label) + 4)
        self.have, self.got = QRectF(), QRectF()
        self._have = self._got = ""
        if row.announced is not None:
            self._announced(row.announced)
        for reaction in row.reactions:
            metrics = self._bold if reaction.mine else self._metrics
            self.signs.append((reaction, self._put(metrics.horizontalAdvance(chip_text(reaction)) + 2 * PAD)))
        if label or row.reactions or row.announced is not None:
            self.height = self._y + self._line - place.top()

    def _announced(self, said: Announced) -> None:
        """How many have it, and the button of whoever is to say so."""
        everybody = len(said.got) + len(said.waiting)
        self._have = _("{n} of {all} have it").format(n=len(said.got), all=everybody)
        self.have = self._put(self._metrics.horizontalAdvance(self._have) + 2 * PAD)
        if said.due:
            self._said = bool(said.mine)
            self._got = ("✓ " if self._said else "") + _("Got it")
            self.got = self._put(self._metrics.horizontalAdvance(self._got) + 2 * PAD + 4)

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
            side = theme.scaled(ARROW) - 2
            arrow = QRectF(self.answers.left() - 2, self.answers.center().y() - side / 2, side, side)
            icons.paint(p, "up" if self._unfolded else "down", arrow, c.accent)
            p.drawText(self.answers.adjusted(side + 2, 0, 40, 0), Qt.AlignmentFlag.AlignVCenter, self._label)
        p.setFont(theme.font(theme.SMALL))
        if self._have:
            _chip(p, self.have, self._have, c.line, c.surface, c.soft)
        if self._got:
            ground, text = (c.accent_soft, c.on_accent_soft) if self._said else (c.accent, c.on_accent)
            _chip(p, self.got, self._got, ground, ground, text)
        for reaction, rect in self.signs:
            p.setFont(theme.font(theme.SMALL, strong=reaction.mine))  # one's own is told by more than its colour
            colours = (c.accent, c.accent_soft, c.on_accent_soft) if reaction.mine else (c.line, c.surface, c.soft)
            _chip(p, rect, chip_text(reaction), *colours, thick=reaction.mine)


def _chip(p: QPainter, rect: QRectF, said: str, line: str, ground: str, text: str, *, thick: bool = False) -> None:
    p.setPen(QPen(QColor(line), 2 if thick else 1))
    p.setBrush(QColor(ground))
    inset = 1.0 if thick else 0.5
    p.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), rect.height() / 2, rect.height() / 2)
    p.setPen(QColor(text))
    p.drawText(rect, Qt.AlignmentFlag.AlignCenter, said)


def people_text(reaction: Reaction) -> str:
    """Who put that sign there."""
    return f"{reaction.sign} {', '.join(reaction.people)}"


def spoken(reactions: Sequence[Reaction]) -> str:
    """The signs in words, for who hears the window."""
    return "; ".join(people_text(one) for one in reactions)
