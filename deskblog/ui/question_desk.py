"""The question desk: which questions to look at, and who may know the answer to another."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
)

from deskblog.i18n import _, plural
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.search_line import SearchLine
from deskblog.values import View

DESK = (View.OPEN, View.ASKED, View.QUESTIONS)
ASK_AFTER = 250  # ms without a key
MOST = 5


class QuestionDesk(QFrame):
    """`wanted`: other questions are to be looked at (View)."""

    wanted = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.choices: dict[View, QPushButton] = {}
        self.hide()

    def _make(self) -> None:
        """What is on it, when it is first opened."""
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(4)
        for view, name in zip(DESK, (_("Open ones"), _("Mine"), _("All")), strict=True):
            button = QPushButton(name)
            button.setProperty("kind", "quiet")
            button.setCheckable(True)
            button.clicked.connect(lambda _on, view=view: self.wanted.emit(view))
            group.addButton(button)
            row.addWidget(button)
            self.choices[view] = button
        row.addStretch(1)
        self.line = SearchLine(_("Who knows about…"))
        self.line.setMaximumWidth(theme.scaled(260))
        row.addWidget(self.line, 1)
        self.knows = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.knows.setFont(theme.font(theme.SMALL))
        self.knows.setProperty("tone", "soft")
        self.knows.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(row)
        box.addWidget(self.knows)
        self._timer = QTimer(self, interval=ASK_AFTER, singleShot=True)
        self._timer.timeout.connect(self._ask)
        self.line.textChanged.connect(lambda _text: self._timer.start())

    def show_view(self, view: View) -> None:
        """Which questions are shown now; another part of the posts: the desk is closed."""
        if view in DESK and self.layout() is None:
            self._make()
        self.setVisible(view in DESK)
        if view in DESK:
            self.choices[view].setChecked(True)
        elif self.layout() is not None:
            self.line.clear()

    def _ask(self) -> None:
        words = self.line.text().strip()
        if words:
            self._bridge.ask(self._bridge.engine.talk.knows(words, MOST), self._told)
        else:
            self.knows.hide()

    def _told(self, found: tuple[tuple[str, int], ...]) -> None:
        if not self.line.text().strip():
            return
        people = [f"{name} (" + plural("{n} answer taken", "{n} answers taken", n) + ")" for name, n in found]
        said = _("May know: {names}").format(names=", ".join(people))
        self.knows.setText(said if people else _("No answer to such a question was taken yet."))
        self.knows.show()
