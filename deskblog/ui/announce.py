"""Telling everybody, each of whom is asked for “Got it”: a deliberate act, with a count before it is done."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from deskblog import limits
from deskblog.engine.announcing import Standing, resting_text
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.log.kinds import shown_text
from deskblog.ui import moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog
from deskblog.ui.problem import Problem
from deskblog.ui.publicity import PublicNote
from deskblog.ui.rows import now_ms
from deskblog.ui.sheets import foot, form_row
from deskblog.ui.sure import sure
from deskblog.values import EVERYBODY, Named, Row, Urgency

WIDE = 480
LINES = 3


def urgencies() -> dict[Urgency, str]:
    """What each means, as it is chosen."""
    return {
        Urgency.MILD: _("Mild: a mark on the icon"),
        Urgency.USUAL: _("Usual: pops up, and waits for the end of quiet hours"),
        Urgency.URGENT: _("Urgent: pops up at once, also in quiet hours"),
    }


class NewAnnouncement(Dialog):
    """What is written stays until it is sent."""

    def __init__(self, bridge: Bridge, parent: QWidget, text: str = "") -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._standing = Standing(may=False, left=0, allowed=0, people=0)
        self.setWindowTitle(_("New announcement"))
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName(_("What everybody is to read"))
        self.text.setPlaceholderText(_("What everybody is to read"))
        self.text.setProperty("kind", "field")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(LINES * self.text.fontMetrics().lineSpacing() + 16)
        self.days = Choice()
        for n in range(1, limits.ANNOUNCED_DAYS + 1):
            self.days.addItem(plural("{n} day", "{n} days", n), n)
        self.urgent = QButtonGroup(self)
        strong, click = Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus
        for urgency, label in urgencies().items():
            button = QRadioButton(label)
            self.urgent.addButton(button, int(urgency))
            button.setFocusPolicy(strong if urgency is Urgency.USUAL else click)  # Tab leads to the chosen one
        self.urgent.button(int(Urgency.USUAL)).setChecked(True)
        self.count = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.count.setProperty("tone", "soft")
        self.rests = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.rests.hide()
        self.problem = Problem()
        self.public_note = PublicNote(bridge, self)
        self._announcing = False
        self.go = QPushButton(_("Announce"))
        self.go.setProperty("kind", "primary")
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.announce)
        self.text.textChanged.connect(self._show)
        self.urgent.idToggled.connect(self._show)
        self._lay_out()
        self._show()
        bridge.ask(bridge.engine.announcing.standing(), self._know)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        form_row(form, _("Announcement"), self.text, self.days)
        form_row(form, _("In term for"), self.days, self.days)
        how = QVBoxLayout()
        how.setSpacing(6)
        for button in self.urgent.buttons():
            how.addWidget(button)
        form_row(form, _("How it comes"), how, self.urgent.buttons()[0])
        leave = QPushButton(_("Cancel"))
        leave.setAutoDefault(False)
        leave.clicked.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(theme.PAD)
        box.addLayout(form)
        box.addWidget(self.public_note)
        box.addWidget(self.rests)
        box.addWidget(self.count)
        box.addWidget(self.problem)
        box.addLayout(foot(leave, self.go))
        self.setMinimumWidth(theme.scaled(WIDE))
        self.text.setFocus()

    def _know(self, standing: Standing) -> None:
        self._standing = standing
        self._show()

    def _show(self, *_what: object) -> None:
        """How many it goes to stands on the button itself."""
        said, n = self._standing, len(shown_text(self.text.toPlainText()))
        self.public_note.written(self.text.toPlainText(), EVERYBODY)
        self.go.setText(plural("Announce to {n} person", "Announce to {n} people", said.people))
        self.go.setEnabled(said.may and 0 < n <= limits.POST and not self._announcing)
        left = _("{n} left of {of} a week.").format(n=said.left, of=said.allowed)
        asked = _("Each is asked to say “Got it”, and you see who has and who has not.")
        long = _(" {n} characters; {limit} is the most.").format(n=n, limit=limits.POST) if n > limits.POST else ""
        self.count.setText(f"{asked} {left}{long}")
        self.rests.setText(resting_text(said.resting))
        self.rests.setVisible(self.urgent.checkedId() == int(Urgency.URGENT) and said.may)

    def announce(self) -> None:
        urgency = Urgency(self.urgent.checkedId())
        if urgency is Urgency.URGENT and not self._surely():
            return
        self._announcing = True
        self._show()
        work = self._bridge.engine.announcing.announce(
            self.text.toPlainText(), days=self.days.currentData(), urgency=urgency
        )
        self._bridge.ask(work, lambda _row: self.accept(), self._refuse)

    def _surely(self) -> bool:
        """Urgent only by a second, deliberate act."""
        resting = self._standing.resting
        what = _("Announce as urgent?")
        if resting:
            what = plural(
                "Break into the quiet hours of {n} person?",
                "Break into the quiet hours of {n} people?",
                len(resting),
            )
        more = _("It pops up at once with everybody who is at a PC, by night and at weekends too.")
        return sure(self, what, f"{resting_text(resting)} {more}", _("Announce as urgent"))

    def _refuse(self, fault: UserError) -> None:
        self._announcing = False
        self._show()
        self.problem.tell(str(fault))


class Report(Dialog):
    """Who has an announcement and who has not, as it is now; it can be written into a file, and its term ended."""

    def __init__(self, bridge: Bridge, parent: QWidget, row: Row) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.row = row
        self.setWindowTitle(_("Who has it"))
        self.words = QLabel(row.text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.words.setFont(theme.font(theme.LEAD, strong=True))
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.got = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.waiting = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.problem = Problem()
        self.save = QPushButton(_("Save as a table…"))
        self.save.setAutoDefault(False)
        self.save.clicked.connect(self._ask_where)
        self.paper = QPushButton(_("Print…"))
        self.paper.setAutoDefault(False)
        self.paper.clicked.connect(lambda: bridge.ask(bridge.engine.announcing.report(row.id), self._print))
        self.end = QPushButton(_("End its term"))
        self.end.setAutoDefault(False)
        self.end.clicked.connect(self._end)
        done = QPushButton(_("Close"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.setFocus()
        done.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(10)
        for label in (self.words, self.said, self.waiting, self.got, self.problem):
            box.addWidget(label)
        box.addSpacing(8)
        box.addLayout(foot(done, left=(self.save, self.paper, self.end)))
        self.setMinimumWidth(theme.scaled(WIDE))
        self.revise(row)

    def revise(self, row: Row) -> None:
        """The same announcement, as it is now."""
        said = row.announced
        if row.id != self.row.id or said is None:
            return
        self.row = row
        over = said.ends <= now_ms()
        when = _("Its term is over.") if over else _("In term until {when}.").format(when=moments.full(said.ends))
        self.said.setText(f"{have_text(row)}. {when}")
        self.got.setText(_("Got it: {names}").format(names=_names(said.got)))
        self.waiting.setText(_("Not yet: {names}").format(names=_names(said.waiting)))
        self.end.setVisible(row.mine and not over)

    def _end(self) -> None:
        self._bridge.ask(self._bridge.engine.announcing.close(self.row.id), self.revise, self._refuse)

    def _ask_where(self) -> None:
        name, _filter = QFileDialog.getSaveFileName(self, _("Save the table as"), "deskblog.csv", "CSV (*.csv)")
        if name:
            self._bridge.ask(self._bridge.engine.announcing.report(self.row.id), partial(self._write, Path(name)))

    def _print(self, report: tuple[Row, str]) -> None:
        from deskblog.ui.printing import print_report  # Qt's printing is loaded by who prints

        print_report(self, *report)

    def _write(self, file: Path, report: tuple[Row, str]) -> None:
        try:
            file.write_text(report[1], encoding="utf-8-sig", newline="")
        except OSError as fault:
            self.problem.tell(_("The report cannot be written there: {why}.").format(why=fault.strerror or fault))

    def _refuse(self, fault: UserError) -> None:
        self.problem.tell(str(fault))


def have_text(row: Row) -> str:
    """“12 of 28 have it”."""
    said = row.announced
    assert said is not None
    return _("{n} of {all} have it").format(n=len(said.got), all=len(said.got) + len(said.waiting))


def _names(people: tuple[Named, ...]) -> str:
    return ", ".join(one.name for one in people) or _("nobody")
