"""Why somebody is not here: a line above an empty list of people, and the whole examination in a sheet of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine.doctor_words import Said, report
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.ui import icons, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog, put_in, stop_at
from deskblog.ui.note import Note
from deskblog.ui.sheets import foot
from deskblog.values import PersonRow

WIDE, HIGH = 520, 480
PATIENCE = 6000  # ms in which colleagues are usually heard; before, nothing is said
AGAIN = 30_000  # ms
ALONE = "alone"


class DoctorDialog(Dialog):
    """Examines as it opens; what is wrong first, each with what to do and what to send on."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._said: tuple[Said, ...] = ()
        self.setWindowTitle(_("Network"))
        theme.room(self, WIDE, HIGH)
        self.title = _label("", theme.TITLE, strong=True)
        self.busy = QProgressBar(textVisible=False)
        self.busy.setRange(0, 0)
        self.busy.setAccessibleName(_("Examining the network …"))
        self._area = QScrollArea()
        self.copy = QPushButton(_("Copy as text"))
        self.copy.clicked.connect(self._copy)
        self.again = QPushButton(_("Examine again"))
        self.again.clicked.connect(self.examine)
        self.closer = QPushButton(_("Close"))
        self.closer.setProperty("kind", "primary")
        self.closer.clicked.connect(self.accept)
        self._lay_out()
        self.closer.setFocus()
        self.examine()

    def _lay_out(self) -> None:
        put_in(self._area, QWidget())
        self._area.setAccessibleName(_("What was found"))
        buttons = foot(self.again, self.closer, left=(self.copy,))
        for button in (self.copy, self.again, self.closer):
            button.setAutoDefault(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(14)
        for widget in (self.title, self.busy, self._area):
            box.addWidget(widget)
        box.addLayout(buttons)

    def examine(self) -> None:
        """Takes a few seconds, for doors that do not answer."""
        self._wait(True, _("Examining the network …"))
        self._bridge.ask(self._bridge.engine.places.doctor(), self._done, self._failed)

    def _wait(self, waiting: bool, title: str) -> None:
        self.title.setText(title)
        say(self, title)
        self.busy.setVisible(waiting)
        for button in (self.copy, self.again):
            button.setDisabled(waiting)

    def _failed(self, fault: UserError) -> None:
        self._wait(False, fault.what)

    def _done(self, said: Sequence[Said]) -> None:
        self._said = tuple(said)
        wrong = [one for one in said if not one.ok]
        fine = [one for one in said if one.ok]
        found = QWidget()
        found.setObjectName("page")
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        for one in wrong:
            column.addWidget(_finding(one))
        column.addWidget(_fine(fine, opened=not wrong))
        column.addStretch(1)
        self._area.setWidget(found)  # the one before is gone with all that it showed
        self._wait(False, _title(len(wrong)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(report(self._said))
        self.copy.setText(_("Copied"))


def _title(wrong: int) -> str:
    if not wrong:
        return _("Nothing is in the way")
    return plural("{n} thing was found", "{n} things were found", wrong)


def _label(text: str, scale: float = theme.BODY, *, strong: bool = False, tone: str = "") -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        made.setProperty("tone", tone)
    return made


def _finding(said: Said) -> QWidget:
    """What is so, what to do, and beneath a line what to send to whoever looks after the network."""
    made = QFrame()
    made.setObjectName("sheet")
    box = QVBoxLayout(made)
    box.setContentsMargins(14, 12, 14, 12)
    box.setSpacing(6)
    box.addWidget(_label(said.say, strong=True))
    if said.do:
        box.addWidget(_label(said.do))
    if said.send:
        box.addWidget(_label(_("To send on: “{text}”").format(text=said.send), theme.SMALL, tone="soft"))
    stop_at(made, " ".join(part for part in (said.say, said.do, said.send) if part))
    return made


def _fine(said: Sequence[Said], *, opened: bool) -> QWidget:
    """What is as it should be, folded away behind a count where something is not."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(4)
    lines = QWidget()
    inner = QVBoxLayout(lines)
    inner.setContentsMargins(4, 0, 0, 0)
    inner.setSpacing(5)
    for one in said:
        inner.addWidget(_label(f"✓  {one.say}", theme.SMALL, tone="soft"))
    fold = QPushButton(plural("{n} thing is as it should be", "{n} things are as they should be", len(said)))
    fold.setProperty("kind", "fold")
    fold.setCheckable(True)
    fold.toggled.connect(lines.setVisible)
    fold.toggled.connect(lambda down: fold.setIcon(icons.icon("down" if down else "right", theme.now().soft)))
    fold.setIcon(icons.icon("right", theme.now().soft))
    fold.setVisible(not opened)
    lines.setVisible(opened)
    box.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
    box.addWidget(lines)
    return made


class Missing(QObject):
    """While nobody else is here: the likeliest cause, in one line above the list, and the way to know more."""

    def __init__(self, bridge: Bridge, invite: Callable[[str], None], window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._invite = invite
        self._window = window
        self.note = Note()
        self._timer = QTimer(self, interval=PATIENCE)
        self._timer.timeout.connect(self._ask)

    def know(self, people: Sequence[PersonRow]) -> None:
        """Who is here changed."""
        alone = not any(person.here for person in people if not person.me)
        if not alone:
            self._timer.stop()
            self.note.say("")
        elif not self._timer.isActive():
            self._timer.start(PATIENCE)

    def _ask(self) -> None:
        self._timer.setInterval(AGAIN)
        self._bridge.ask(self._bridge.engine.places.diagnosis(), self._say, lambda _fault: None)

    def _say(self, said: Said | None) -> None:
        if said is None or not self._timer.isActive():
            self.note.say("")
        elif said.check == ALONE:
            self.note.say(said.say, _("Invite"), lambda: self._invite(""))
        else:
            self.note.say(said.say, _("Examine the network…"), self.examine)

    def examine(self) -> None:
        dialog = DoctorDialog(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
