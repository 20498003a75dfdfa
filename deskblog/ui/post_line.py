"""One post on one line, to be pressed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from deskblog.i18n import _, plural
from deskblog.ui import icons, moments, theme
from deskblog.ui.rows import now_ms
from deskblog.ui.spoken import kind_text
from deskblog.values import Row

ASIDE = 12  # between the words and what stands at their end


class PostLine(QAbstractButton):
    """Who says what, and at its end how long ago, or how many have answered."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fit()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = ", ".join(part for part in (kind_text(row), row.person) if part)
        self.setAccessibleName(f"{head}: {row.text} ({self._aside()})")

    def _fit(self) -> None:
        self.setFixedHeight(round(QFontMetricsF(theme.font()).height()) + 10)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _aside(self) -> str:
        if self.row.solved:
            return _("Answered")
        when = moments.ago(self.row.at, now_ms())
        return plural("{n} answer", "{n} answers", self.row.answers) if self.row.answers else when

    def paintEvent(self, event: QPaintEvent) -> None:
        c = theme.now()
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = self.rect().toRectF()
        if self.underMouse() or self.hasFocus():
            p.setPen(QColor(c.accent) if self.hasFocus() else Qt.PenStyle.NoPen)
            p.setBrush(QColor(c.accent_soft))
            p.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
        inside = place.adjusted(8, 0, -10, 0)
        size = theme.scaled(16)
        icons.paint(p, picture(self.row), QRectF(inside.left(), place.center().y() - size / 2, size, size), c.accent)
        small = theme.font(theme.SMALL)
        aside = self._aside()
        width = QFontMetricsF(small).horizontalAdvance(aside)
        p.setFont(small)
        p.setPen(QColor(c.soft))
        p.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, aside)
        p.setFont(theme.font())
        p.setPen(QColor(c.text))
        text = inside.adjusted(size + 8, 0, -width - ASIDE, 0)
        said = _("{name}: {words}").format(name=self.row.person, words=" ".join(self.row.text.split()))
        metrics = QFontMetricsF(theme.font())
        p.drawText(
            text, Qt.AlignmentFlag.AlignVCenter, metrics.elidedText(said, Qt.TextElideMode.ElideRight, text.width())
        )


def picture(row: Row) -> str:
    """The icon of what it is."""
    if row.sealed:
        return "lock"
    return {"question": "question", "announcement": "horn", "answer": "answer", "feed": "feed"}.get(row.kind, "list")
