"""The recovery words: typed in when every keyholder is lost, or this PC was thrown out by a thief."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine.options import Recovered
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog
from deskblog.ui.sheets import foot
from deskblog.values import PersonRow

WORDS = 12


class RecoveryDialog(Dialog):
    """Twelve words, and whose PC was lost or stolen, if one was. What is typed is kept nowhere."""

    def __init__(self, bridge: Bridge, people: Sequence[PersonRow], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setWindowTitle(_("Recovery words"))
        self.setMinimumWidth(theme.scaled(460))
        title = QLabel(_("Use the recovery words"))
        title.setFont(theme.font(theme.TITLE, strong=True))
        explain = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        explain.setText(
            _("With the twelve words on paper this PC holds the key of the office, even if every keyholder is lost.")
        )
        explain.setProperty("tone", "soft")
        self.words = QPlainTextEdit()
        self.words.setProperty("kind", "field")
        self.words.setAccessibleName(_("The twelve words"))
        self.words.setPlaceholderText(_("the twelve words, in their order"))
        self.words.setTabChangesFocus(True)
        self.words.setFixedHeight(self.words.fontMetrics().height() * 3 + 24)
        self.words.textChanged.connect(self._typed)
        self.lost = Choice()
        self.lost.setAccessibleName(_("Whose PC was lost or stolen"))
        self.lost.addItem(_("Nobody's PC was lost or stolen"), "")
        for person in people:
            if not person.me and not person.gone:
                self.lost.addItem(_("Remove {name}: lost or stolen").format(name=person.name), person.id)
        self.state = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.use = QPushButton(_("Use the words"))
        self.use.setProperty("kind", "primary")
        self.use.clicked.connect(self._use)
        self.closer = QPushButton(_("Cancel"))
        self.closer.clicked.connect(self.reject)
        for button in (self.use, self.closer):
            button.setAutoDefault(False)
        buttons = foot(self.closer, self.use)
        self.box = box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(14)
        for widget in (title, explain, self.words, self.state, self.lost):
            box.addWidget(widget)
        box.addSpacing(6)
        box.addLayout(buttons)
        self._typed()
        self.words.setFocus()

    def _typed(self) -> None:
        count = len(self.words.toPlainText().split())
        self.use.setEnabled(count == WORDS)
        self._say(_("{n} of 12 words").format(n=count), "soft")

    def _say(self, text: str, tone: str) -> None:
        self.state.setText(text)
        self.state.setProperty("tone", tone)
        theme.polish(self.state)
        needed = self.box.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), needed)

    def _use(self) -> None:
        self.use.setEnabled(False)
        work = self._bridge.engine.membership.recover(self.words.toPlainText(), without=self.lost.currentData() or "")
        self._bridge.ask(work, self._done, self._failed)

    def _done(self, done: Recovered) -> None:
        self.words.clear()
        self.words.setEnabled(False)
        self.lost.setEnabled(False)
        self.use.hide()
        self.closer.setText(_("Close"))
        text = _("This PC is in the office, and {person} holds the key.").format(person=done.person)
        if done.thrown_out:
            names = ", ".join(done.thrown_out)
            text += " " + _("Still out: {names}. Take back whom you want, under “Former colleagues”.").format(
                names=names
            )
        self._say(text, "here")
        say(self, text)

    def _failed(self, fault: UserError) -> None:
        self.use.setEnabled(True)
        text = " ".join(part for part in (fault.what, fault.next_step) if part)
        self._say(text, "error")
        say(self, text, urgent=True)
