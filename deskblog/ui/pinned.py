"""Announcements that wait for “Got it”: they stay above the timeline until it is said, or their term ends."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from deskblog import events
from deskblog.i18n import _, plural
from deskblog.ui import icons, moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.pictured import Pictured
from deskblog.ui.rows import now_ms
from deskblog.values import Row, Urgency

SHOWN = 3


class PinnedLine(QFrame):
    """One of them, with its button."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self.row = row
        self.setObjectName("pinned")
        said = row.announced
        self.setProperty("urgent", said is not None and said.urgency is Urgency.URGENT)
        c = theme.now()
        picture = Pictured(22)
        picture.show_icon(icons.icon("horn", c.on_banner))
        head = QLabel(f"{row.person} · {moments.ago(row.at, now_ms())}", textFormat=Qt.TextFormat.PlainText)
        head.setFont(theme.font(theme.SMALL))
        words = QLabel(row.text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        words.setFont(theme.font(theme.LEAD))
        self.got = QPushButton(_("Got it"))
        self.got.setProperty("kind", "primary")
        self.got.setAccessibleName(_("Got it: {words}").format(words=row.text))
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(head)
        text.addWidget(words)
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 12, 10)
        line.setSpacing(12)
        line.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(text, 1)
        line.addWidget(self.got, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(_("{person} announces").format(person=row.person) + f": {row.text}")


class Pinned(QFrame):
    """`changed(int)`: so many wait now."""

    changed = Signal(int)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._turn = 0
        self.lines: list[PinnedLine] = []
        self._rows: tuple[Row, ...] = ()
        self.more = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.more.setProperty("tone", "soft")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self._box.addWidget(self.more)
        self.hide()

    def heard(self, event: events.Event) -> None:
        """Asks again where one may have come, gone, or been said to be read."""
        match event:
            case events.Posted() | events.RowsChanged():
                if any(row.announced is not None for row in event.rows):
                    self.ask()
            case events.TimelineChanged() | events.PeopleChanged():
                self.ask()

    def ask(self) -> None:
        self._turn += 1
        turn = self._turn
        self._bridge.ask(self._bridge.engine.announcing.waiting(), lambda rows: self._show(turn, rows))

    def _show(self, turn: int, rows: tuple[Row, ...]) -> None:
        if turn != self._turn or rows == self._rows:
            return
        self._rows = rows
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()  # it is gone at once for who hears the window, too
            line.deleteLater()
        self.lines = [self._line(row) for row in rows[:SHOWN]]
        for place, line in enumerate(self.lines):
            self._box.insertWidget(place, line)
        left = len(rows) - len(self.lines)
        self.more.setText(plural("and {n} more", "and {n} more", left))
        self.more.setVisible(left > 0)
        self.setVisible(bool(rows))
        self.changed.emit(len(rows))

    def _line(self, row: Row) -> PinnedLine:
        line = PinnedLine(row)
        line.got.clicked.connect(lambda: self.say(row))
        return line

    def say(self, row: Row) -> None:
        """“Got it”."""
        self._bridge.ask(self._bridge.engine.announcing.got([row.id]))

    def restyle(self) -> None:
        """After a change of theme."""
        rows, self._rows = self._rows, ()
        self._show(self._turn, rows)
