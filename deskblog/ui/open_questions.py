"""The questions of which no answer was taken yet: they stay above the timeline until one is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QPushButton, QSizePolicy, QVBoxLayout

from deskblog import events
from deskblog.i18n import _, plural
from deskblog.ui import icons, moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.rows import now_ms
from deskblog.values import Page, Row

LINES = 3
ASIDE = 12  # between a question and what stands at its end


class Line(QAbstractButton):
    """One question on one line: who asks what, and how long ago."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(round(QFontMetricsF(theme.font()).height()) + 10)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{_('Question')}, {row.person}: {row.text} ({self._aside()})")

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
        size = 16.0
        icons.paint(p, "question", QRectF(inside.left(), place.center().y() - size / 2, size, size), c.accent)
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


class OpenQuestions(QFrame):
    """`unfolded(id)`: a question was pressed; `all_wanted`: there are more than are shown, and they are wanted."""

    unfolded = Signal(str)
    all_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._wanted = True
        self._turn = 0
        self.lines: list[Line] = []
        self.more = QPushButton()
        self.more.setProperty("kind", "quiet")
        self.more.clicked.connect(self.all_wanted)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def want(self, *, wanted: bool) -> None:
        """Shown only over the whole timeline."""
        self._wanted = wanted
        self.setVisible(wanted and bool(self.lines))

    def heard(self, event: events.Event) -> None:
        """Asks again where a question may have come, or been answered, or gone."""
        match event:
            case events.Posted() | events.RowsChanged():
                if any(row.kind == "question" for row in event.rows):
                    self.ask()
            case events.TimelineChanged() | events.PeopleChanged():
                self.ask()

    def ask(self) -> None:
        self._turn += 1
        turn = self._turn
        self._bridge.ask(self._bridge.engine.talk.open_questions(LINES), lambda found: self._show(turn, *found))

    def _show(self, turn: int, page: Page, total: int) -> None:
        if turn != self._turn:
            return  # asked again meanwhile
        for line in self.lines:
            self._box.removeWidget(line)
            line.deleteLater()
        self.lines = [self._line(row) for row in page.rows]
        for place, line in enumerate(self.lines):
            self._box.insertWidget(place, line)
        self.more.setVisible(total > len(self.lines))
        self.more.setText(_("All {n} open questions").format(n=total))
        self.want(wanted=self._wanted)

    def _line(self, row: Row) -> Line:
        line = Line(row)
        line.clicked.connect(lambda: self.unfolded.emit(row.id))
        return line

    def restyle(self) -> None:
        """After a change of theme."""
        self.update()
