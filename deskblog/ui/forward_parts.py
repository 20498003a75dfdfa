"""What the dialog for the road is made of: addresses with a test, PCs to choose among, what was sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine.forwarding import Carrier, SentLine, SentList
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.limits import FORWARD_URLS
from deskblog.ui import moments, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.page import Entry
from deskblog.ui.rows import now_ms
from deskblog.ui.sheets import beside
from deskblog.ui.ticks import TickedLines
from deskblog.values import Named

DeviceRole = Qt.ItemDataRole.UserRole
ROWS = 6  # of PCs, before they scroll
TEXT = 80  # characters of a post


def label(text: str, *, tone: str = "", strong: bool = False, scale: float = theme.BODY) -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    if tone:
        made.setProperty("tone", tone)
    return made


def button(text: str, press: Callable[[], None], kind: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    made.clicked.connect(lambda _checked=False: press())
    return made


def ways() -> tuple[tuple[str, str, str, str], ...]:
    """(name, address, what of it is to be replaced first, where it comes from) of what most people use."""
    return (
        (
            _("SMS by Free Mobile"),
            "freemobile://USER/KEY",
            "USER/KEY",
            _("User and key stand in the account at Free Mobile, under notifications by SMS."),
        ),
        (
            _("Push by ntfy"),
            "ntfy://ntfy.sh/TOPIC",
            "TOPIC",
            _("Take a topic whose name nobody guesses, and subscribe to it in the ntfy app."),
        ),
        (
            _("E-mail"),
            "mailtos://USER:PASSWORD@example.org?to=ME@example.org",
            "USER:PASSWORD",
            _("The mailbox that sends; take one that is used for nothing else."),
        ),
    )


class Address(QWidget):
    """One field and its test; what the gateway answers stands beneath it."""

    def __init__(self, bridge: Bridge, name: str) -> None:
        super().__init__()
        self._bridge = bridge
        self._answered = False
        self.entry = Entry(name, "ntfy://ntfy.sh/TOPIC")
        self.line = self.entry.line
        self.test = button(_("Test"), self._try)
        self.test.setToolTip(_("Sends a message there now, from this PC"))
        self.said = label("", tone="soft", scale=theme.SMALL)
        self.said.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(beside(self.entry, self.test))
        box.addWidget(self.said)
        self.line.textChanged.connect(self._changed)
        self._changed("")

    def _changed(self, text: str) -> None:
        """What came of another address is no more of interest."""
        self.test.setEnabled(bool(text.strip()))
        if self._answered:
            self.say("")

    def say(self, text: str) -> None:
        """Beneath the field; "" takes it back."""
        self._answered = False
        self.said.setText(text)
        say(self, text)
        self.said.setVisible(bool(text))

    def _try(self) -> None:
        self.test.setEnabled(False)
        self.entry.refuse("")
        self.say(_("A message is on its way…"))
        self._bridge.ask(self._bridge.engine.forwarding.try_out(self.line.text()), self._tried, self._refused)

    def _tried(self, said: str) -> None:
        self.test.setEnabled(True)
        self.say(said)
        self._answered = True

    def _refused(self, fault: UserError) -> None:
        self.test.setEnabled(True)
        self.say("")
        self.entry.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))


class Addresses(QWidget):
    """The first that takes a message is enough; more are for when it does not. `changed`: they say something else."""

    changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.lines: list[Address] = []
        self._box = QVBoxLayout()
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(10)
        self.examples = []
        examples = QHBoxLayout()
        examples.setSpacing(2)
        examples.addWidget(QLabel(_("For example:")))
        for name, url, blank, hint in ways():
            made = button(name, partial(self._begin, url, blank, hint), "quiet")
            self.examples.append(made)
            examples.addWidget(made)
        examples.addStretch(1)
        self.more = button(_("Another, for when that one fails"), lambda: self.add(""), "fold")
        last = QHBoxLayout()
        last.addWidget(self.more)
        last.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(examples)
        box.addLayout(self._box)
        box.addLayout(last)
        self.add("")

    def add(self, url: str) -> None:
        made = Address(self._bridge, _("And if not there") if self.lines else _("Address"))
        made.line.setText(url)
        made.line.textChanged.connect(lambda _text: self.changed.emit())
        self.lines.append(made)
        self._box.addWidget(made)
        self.more.setVisible(len(self.lines) < FORWARD_URLS)

    def show_urls(self, urls: Sequence[str]) -> None:
        for n, url in enumerate(urls):
            if n == len(self.lines):
                self.add("")
            self.lines[n].line.setText(url)
            self.lines[n].line.setCursorPosition(0)

    def _begin(self, url: str, blank: str, hint: str) -> None:
        """An example stands in the first field, what is to be replaced marked."""
        first = self.lines[0]
        first.entry.refuse("")
        first.line.setText(url)
        first.line.setFocus()
        first.line.setSelection(url.index(blank), len(blank))
        first.say(hint)

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(text for one in self.lines if (text := one.line.text().strip()))


class Carriers(QListWidget):
    """PCs of colleagues, each with a box before it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "field")
        self.setItemDelegate(TickedLines(self))
        self.setAccessibleName(_("Whose PCs send"))
        self.setSpacing(2)

    def show_carriers(self, carriers: Sequence[Carrier], *, keep: bool) -> None:
        """`keep`: what the person has chosen here and not said yet stays. Filling it is no choice of theirs."""
        held, before = set(self.chosen), {self.item(n).data(DeviceRole) for n in range(self.count())}
        several = {one.person for one in carriers if sum(one.person == other.person for other in carriers) > 1}
        quiet = QSignalBlocker(self)
        self.clear()
        for one in carriers:
            item = QListWidgetItem(carrier_text(one, alone=one.person not in several), self)
            item.setData(DeviceRole, one.device)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            chosen = one.device in held if keep and one.device in before else one.chosen
            item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        quiet.unblock()
        fit(self)

    @property
    def chosen(self) -> tuple[str, ...]:
        items = [self.item(n) for n in range(self.count())]
        return tuple(item.data(DeviceRole) for item in items if item.checkState() == Qt.CheckState.Checked)


def carrier_text(one: Carrier, *, alone: bool) -> str:
    name = one.person if alone else _("{person}, PC {id}").format(person=one.person, id=one.short)
    state = _("declines") if one.declined else _("here now") if one.here else _("off")
    return f"{name} · {state}"


class SentView(QFrame):
    """The newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAccessibleName(_("What was sent"))
        self.lines: list[QLabel] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(14, 10, 14, 10)
        self._box.setSpacing(10)

    def show_sent(self, sent: SentList) -> None:
        for line in self.lines:
            line.deleteLater()
        self.lines = [label(sent_text(line), scale=theme.SMALL) for line in sent.lines]
        for made in self.lines:
            made.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
            self._box.addWidget(made)


def sent_text(line: SentLine) -> str:
    """What, when and by whom, and what came of it: a line each."""
    text = line.text if len(line.text) <= TEXT else line.text[: TEXT - 1] + "…"
    what = f"{line.who} · {text}" if line.who else _("A post that is no more here")
    when = f"{moments.day(line.at, now_ms())}, {moments.clock(line.at)}"
    by = _("{when}, by {person}'s PC").format(when=when, person=line.carrier)
    return "\n".join((" ".join(what.split()), by, line.said))


def fit(view: QListWidget) -> None:
    """As high as its lines, to a few of them."""
    heights = [view.sizeHintForRow(n) + 2 * view.spacing() for n in range(min(view.count(), ROWS))]
    view.setFixedHeight(max(48, sum(heights) + 14))


class For(QWidget):
    """Colleagues for whom this PC sends, each with a way out."""

    def __init__(self, decline: Callable[[str, bool], None]) -> None:
        super().__init__()
        self._decline = decline
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)

    def show_people(self, people: Sequence[tuple[Named, bool]]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for person, declined in people:
            self._box.addWidget(self._line(person, declined))

    def _line(self, person: Named, declined: bool) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        said = _("{person}: you have declined").format(person=person.name) if declined else person.name
        row.addWidget(label(said), 1)
        press = button(
            _("Send again") if declined else _("Decline"), lambda: self._decline(person.id, not declined), "quiet"
        )
        press.setAccessibleName(f"{press.text()}: {person.name}")
        row.addWidget(press)
        return made
