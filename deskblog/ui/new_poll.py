"""Asking everybody to choose: the question, its answers, until when."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from PySide6.QtWidgets import (
    QFormLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog import limits
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog
from deskblog.ui.problem import Problem
from deskblog.ui.publicity import PublicNote
from deskblog.ui.sheets import foot, form_row
from deskblog.ui.ticks import Tick
from deskblog.values import EVERYBODY, Row

WIDE = 460


class NewPoll(Dialog):
    """What is written stays until it is asked."""

    def __init__(self, bridge: Bridge, parent: QWidget, text: str = "") -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setWindowTitle(_("New poll"))
        self.text = QLineEdit(text)
        self.text.setMaxLength(limits.POST)
        self.options = [self._option(n) for n in range(limits.OPTIONS)]
        self.many = Tick(_("Several may be chosen"))
        self.closes = Choice()
        for label, moment in _ends():
            self.closes.addItem(label, moment)
        self.problem = Problem()
        self.public_note = PublicNote(bridge, self)
        self.text.textChanged.connect(lambda text: self.public_note.written(text, EVERYBODY))
        self.public_note.written(text, EVERYBODY)
        self._asking = False
        self._ask = QPushButton(_("Ask"))
        self._ask.setProperty("kind", "primary")
        self._ask.setDefault(True)
        self._ask.clicked.connect(self.ask)
        self._lay_out()
        self.text.setFocus()

    def _option(self, n: int) -> QLineEdit:
        line = QLineEdit()
        line.setMaxLength(limits.OPTION)
        line.setAccessibleName(_("Answer {n}").format(n=n + 1))
        line.setPlaceholderText(_("Answer {n}").format(n=n + 1))
        line.textChanged.connect(self._show_next)
        return line

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        form_row(form, _("Question"), self.text, self.text)
        answers = QVBoxLayout()
        answers.setSpacing(6)
        for line in self.options:
            answers.addWidget(line)
        form_row(form, _("Answers"), answers, self.options[0])
        form_row(form, _("Closes"), self.closes, self.closes)
        form.addRow("", self.many)
        leave = QPushButton(_("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(theme.PAD)
        box.addLayout(form)
        box.addWidget(self.public_note)
        box.addWidget(self.problem)
        box.addLayout(foot(leave, self._ask))
        self.setMinimumWidth(theme.scaled(WIDE))
        self._show_next()

    def _show_next(self) -> None:
        """One line more than are written, two at least."""
        written = max((n for n, line in enumerate(self.options) if line.text().strip()), default=-1)
        for n, line in enumerate(self.options):
            line.setVisible(n < max(2, written + 2))

    def ask(self) -> None:
        """Once, however often it is pressed until it is kept."""
        if self._asking:
            return
        self._asking = True
        options = [line.text() for line in self.options]
        closes = self.closes.currentData()
        polls = self._bridge.engine.polls
        work = polls.begin(self.text.text(), options, closes=closes, many=self.many.isChecked())
        self._bridge.ask(work, self._asked, self._refuse)

    def _asked(self, _row: Row) -> None:
        self.accept()

    def _refuse(self, fault: UserError) -> None:
        self._asking = False
        self.problem.tell(str(fault))


def _ends() -> list[tuple[str, int]]:
    """When a poll may close: (what it is called, UTC ms; 0: never)."""
    now = datetime.fromtimestamp(time.time()).astimezone()
    evening = now.replace(hour=18, minute=0, second=0, microsecond=0)
    ends = [(_("Never"), 0), (_("In an hour"), _ms(now + timedelta(hours=1)))]
    if now < evening - timedelta(hours=1):
        ends.append((_("Today at 18:00"), _ms(evening)))
    ends.append((_("Tomorrow at 18:00"), _ms(evening + timedelta(days=1))))
    ends.append((_("In a week"), _ms(evening + timedelta(days=7))))
    return ends


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
