"""What a keyholder should know, at the foot of the people: one calm line each, with the one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.engine.options import Keyholders, Late
from deskblog.i18n import _, plural
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.members import Members, label, proposal
from deskblog.ui.sure import sure
from deskblog.values import Role

INSIDE = 10
SHOWN = 6  # late posts quoted before they are counted
QUOTED = 160  # letters of each


def shortened(text: str) -> str:
    """One line's worth of a post: a question that quotes several must fit on a screen."""
    line = " ".join(text.split())
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"


class Note(QFrame):
    """A line, and a button."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.line = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.line.setFont(theme.font(theme.SMALL))
        self.button = QPushButton()
        self.button.setAccessibleName(_("What can be done"))
        self._act: Callable[[], None] = self.hide
        self.button.clicked.connect(lambda: self._act())
        box = QVBoxLayout(self)
        box.setContentsMargins(INSIDE, 8, INSIDE, 10)
        box.setSpacing(6)
        box.addWidget(self.line)
        box.addWidget(self.button)
        self.hide()

    def say(self, line: str, button: str = "", act: Callable[[], None] | None = None) -> None:
        self.line.setText(line)
        room = theme.PEOPLE - 2 * theme.GAP - 2 * INSIDE - 2
        self.line.setMinimumHeight(max(0, self.line.heightForWidth(room)))
        self.button.setText(button)
        self.button.setAccessibleName(button.replace("&&", "&") or _("What can be done"))
        self.button.setAccessibleDescription(line)
        self.button.setVisible(bool(button))
        self._act = act or self.hide
        self.setVisible(bool(line))


class Notes(QObject):
    """Asks the engine what there is to know, whenever something changed."""

    def __init__(self, bridge: Bridge, members: Members, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._members = members
        self._window = window
        self.keys, self.late = Note(), Note()

    def ask(self) -> None:
        if not self._members.may_all:
            self.keys.hide()
            self.late.hide()
            return
        self._bridge.ask(self._bridge.engine.care.keyholders(), self._gauged)
        self._bridge.ask(self._bridge.engine.care.late(), self._late)

    def _gauged(self, gauge: Keyholders) -> None:
        person = proposal(self._members.people, gauge.proposed)
        if person is None:
            self.keys.say(gauge.advice if len(self._members.people) > 1 else "")
            return
        give = _("Give it to {name}…").format(name=label(person.name.split()[0]))
        self.keys.say(gauge.advice, give, lambda: self._members.give(person, Role.KEYHOLDER))

    def _late(self, waiting: Sequence[Late]) -> None:
        if not waiting:
            self.late.say("")
            return
        first = waiting[0]
        line = _("{name}: {posts}").format(
            name=first.name,
            posts=plural("{n} post came too late to count.", "{n} posts came too late to count.", len(first.posts)),
        )
        self.late.say(line, _("Look…"), lambda: self._look(first))

    def _look(self, late: Late) -> None:
        texts = [f"– {shortened(text)}" for _at, text in late.posts[:SHOWN]]
        if len(late.posts) > SHOWN:
            texts.append(plural("and {n} more", "and {n} more", len(late.posts) - SHOWN))
        question = _("Count these posts of {name} after all?").format(name=late.name)
        if sure(self._window, question, "\n".join(texts), _("Count them")):
            self._bridge.ask(self._bridge.engine.care.keep_late(late.person))
