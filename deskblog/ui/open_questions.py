"""The questions of which no answer was taken yet: they stay above the timeline until one is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout

from deskblog import events
from deskblog.i18n import _
from deskblog.ui.bridge import Bridge
from deskblog.ui.post_line import PostLine
from deskblog.values import Page, Row

LINES = 3


class OpenQuestions(QFrame):
    """`unfolded(id)`: a question was pressed; `all_wanted`: there are more than are shown, and they are wanted."""

    unfolded = Signal(str)
    all_wanted = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._wanted = True
        self._turn = 0
        self.lines: list[PostLine] = []
        self.more = QPushButton(_("All {n} open questions").format(n=0))
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
            line.hide()  # it is gone at once for who hears the window, too
            line.deleteLater()
        self.lines = [self._line(row) for row in page.rows]
        for place, line in enumerate(self.lines):
            self._box.insertWidget(place, line)
        self.more.setVisible(total > len(self.lines))
        self.more.setText(_("All {n} open questions").format(n=total))
        self.want(wanted=self._wanted)

    def _line(self, row: Row) -> PostLine:
        line = PostLine(row)
        line.clicked.connect(lambda: self.unfolded.emit(row.id))
        return line

    def restyle(self) -> None:
        """After a change of theme."""
        self.update()
