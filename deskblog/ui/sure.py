"""Asks once more before something that cannot be undone: Cancel is the one Enter gives. Asks a name. And tells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog import limits
from deskblog.engine.options import Check
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog

WIDE = 440


class Box(Dialog):
    """A question or a piece of news. All is plain text: names of people stand in it. `said`: all of it."""

    def __init__(self, parent: QWidget, what: str, more: str, checks: Sequence[Check] = ()) -> None:
        super().__init__(parent)
        self.setWindowTitle("deskblog")
        self.said = "\n".join(part for part in (what, more, *(_mark(one) + one.say for one in checks)) if part)
        self.setAccessibleName(what)
        self.setAccessibleDescription(self.said)
        self.buttons: list[QPushButton] = []
        self._foot = QHBoxLayout()
        self._foot.addStretch(1)
        self._box = box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(10)
        box.addWidget(_label(what, theme.LEAD, strong=True))
        if more:
            box.addWidget(_label(more))
        for one in checks:
            box.addLayout(_row(one))
        box.addSpacing(8)
        box.addLayout(self._foot)

    def offer(self, label: str, *, default: bool = False, kind: str = "") -> None:
        """A button; the one that was pressed is told by its place."""
        button = QPushButton(label)
        if kind:
            button.setProperty("kind", kind)
        button.setAutoDefault(False)
        self.buttons.append(button)
        place = len(self.buttons)
        button.clicked.connect(lambda: self.done(place))
        self._foot.addWidget(button)
        if default:
            button.setDefault(True)
            button.setFocus()

    def field(self, text: str) -> QLineEdit:
        """A line to write a name in, between the words and the buttons."""
        line = QLineEdit(text)
        line.setMaxLength(limits.NAME)
        line.setAccessibleName(self.accessibleName())
        line.selectAll()
        self._box.insertWidget(1, line)
        return line

    def words(self, text: str) -> QPlainTextEdit:
        """Room to write several lines, between the words and the buttons."""
        made = QPlainTextEdit(text)
        made.setProperty("kind", "field")
        made.setTabChangesFocus(True)
        made.setAccessibleName(self.accessibleName())
        made.setFixedHeight(theme.scaled(140))
        self._box.insertWidget(2, made)
        return made

    def choice(self, lines: Sequence[str]) -> Choice:
        """A list to choose from, between the words and the buttons."""
        made = Choice()
        made.addItems(list(lines))
        made.setAccessibleName(self.accessibleName())
        self._box.insertWidget(2, made)
        return made

    def insert(self, place: int, widget: QWidget) -> None:
        """Something else, between the words and the buttons."""
        self._box.insertWidget(place, widget)

    def fit(self) -> None:
        """As high as its words need."""
        wide = theme.scaled(WIDE)
        self.setMinimumSize(wide, self._box.totalHeightForWidth(wide))
        self.resize(self.minimumSize())

    def ask(self) -> str:
        """The label of the button that was pressed; empty for none."""
        self.fit()
        place = self.exec()
        self.deleteLater()
        return self.buttons[place - 1].text() if place else ""


def _label(text: str, scale: float = theme.BODY, *, strong: bool = False) -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    return made


def _mark(check: Check) -> str:
    return "✓ " if check.ok else "✗ "


def _row(check: Check) -> QHBoxLayout:
    """A sign and its words, which stay beside it when they are longer than a line."""
    sign = _label(_mark(check).strip(), strong=True)
    sign.setWordWrap(False)
    sign.setProperty("tone", "here" if check.ok else "error")
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(_label(check.say), 1)
    return row


def sure(parent: QWidget, question: str, more: str, yes: str) -> bool:
    """True if the person chose `yes`."""
    box = Box(parent, question, more)
    box.offer(_("Cancel"), default=True)
    box.offer(yes)
    return box.ask() == yes


def choose(parent: QWidget, question: str, more: str, lines: Sequence[str], go: str) -> int | None:
    """The place of the line that was chosen; None for Cancel."""
    box = Box(parent, question, more)
    choice = box.choice(lines)
    box.offer(_("Cancel"))
    box.offer(go, default=True, kind="primary")
    choice.setFocus()
    return choice.currentIndex() if box.ask() == go else None


def ask_name(parent: QWidget, question: str, now: str) -> str:
    """The name that was written; empty if it is to stay as it is."""
    name = ask_line(parent, question, now, _("Rename"))
    return name if name != now else ""


def ask_line(parent: QWidget, question: str, now: str, go: str) -> str:
    """What was written; empty for Cancel."""
    box = Box(parent, question, "")
    line = box.field(now)
    box.offer(_("Cancel"))
    box.offer(go, default=True, kind="primary")
    line.setFocus()
    return line.text().strip() if box.ask() == go else ""


def ask_lines(parent: QWidget, question: str, more: str, now: str) -> list[str] | None:
    """The lines that were written; None for Cancel."""
    box = Box(parent, question, more)
    words = box.words(now)
    box.offer(_("Cancel"))
    box.offer(_("Keep"), default=True, kind="primary")
    words.setFocus()
    return words.toPlainText().splitlines() if box.ask() == _("Keep") else None


def tell(parent: QWidget, what: str, more: str, checks: Sequence[Check] = ()) -> None:
    """Says something, and goes away when it was read."""
    box = Box(parent, what, more, checks)
    box.offer(_("Close"), default=True)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.fit()
    box.open()
