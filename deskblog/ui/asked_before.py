"""While a question is being written: earlier ones like it, for the answer may be there already."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.post_line import PostLine
from deskblog.values import Row

LINES = 3
ASK_AFTER = 250  # ms without a key


class AskedBefore(QFrame):
    """`unfolded(id)`: one was pressed."""

    unfolded = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._text = ""
        self.lines: list[PostLine] = []
        self._timer = QTimer(self, interval=ASK_AFTER, singleShot=True)
        self._timer.timeout.connect(self._ask)
        heading = QLabel(_("Asked before"))
        heading.setFont(theme.font(theme.SMALL, strong=True))
        heading.setProperty("tone", "soft")
        heading.setContentsMargins(8, 0, 0, 2)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._heading = heading
        self.knows = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.knows.setFont(theme.font(theme.SMALL))
        self.knows.setProperty("tone", "soft")
        self.knows.setContentsMargins(8, 2, 0, 2)
        self._box.addWidget(heading)
        self._box.addWidget(self.knows)
        self.hide()

    def written(self, text: str) -> None:
        """What the question says so far; empty: none is being written."""
        self._text = text
        if text.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self._show("", ())

    def _ask(self) -> None:
        text, talk = self._text, self._bridge.engine.talk
        self._bridge.ask(talk.like(text, LINES), lambda rows: self._show(text, rows))
        self._bridge.ask(talk.knows(text, LINES), lambda people: self._show_people(text, people))

    def _show_people(self, text: str, people: tuple[tuple[str, int], ...]) -> None:
        if text == self._text:
            names = ", ".join(name for name, _count in people)
            self.knows.setText(_("May know: {names}").format(names=names) if names else "")
            self.knows.setVisible(bool(names))

    def _show(self, text: str, rows: tuple[Row, ...]) -> None:
        if text != self._text:
            return  # more was written meanwhile
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()  # it is gone at once for who hears the window, too
            line.deleteLater()
        self.lines = [PostLine(row) for row in rows]
        for line in self.lines:
            line.clicked.connect(lambda _on=False, ident=line.row.id: self.unfolded.emit(ident))
            self._box.insertWidget(self._box.count() - 1, line)
        if not rows:
            self.knows.hide()
        self.setVisible(bool(self.lines))
