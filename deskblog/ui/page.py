"""What the steps of the first minute are made of: a field with its label, and a page with one button that goes on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QProgressBar, QPushButton, QVBoxLayout, QWidget

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log.kinds import written_name
from deskblog.ui import theme
from deskblog.ui.problem import Problem

WIDE = 420


def centre(column: QVBoxLayout, page: QWidget) -> None:
    """Puts a column of fixed width into the middle of a page."""
    holder = QWidget()
    theme.fix(holder, wide=WIDE)
    column.setContentsMargins(0, 0, 0, 0)  # what stands in it reckons its height with the whole width
    holder.setLayout(column)
    row = QHBoxLayout(page)
    row.addStretch(1)
    row.addWidget(holder)
    row.addStretch(1)


class Entry(QWidget):
    """A field with its label above and room for what is wrong beneath."""

    def __init__(self, label: str, hint: str) -> None:
        super().__init__()
        self.line = QLineEdit(placeholderText=hint)
        self.line.setAccessibleName(label)
        name = QLabel(label)
        name.setFont(theme.font(theme.BODY, strong=True))
        name.setBuddy(self.line)
        self.problem = Problem()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(5)
        for widget in (name, self.line, self.problem):
            box.addWidget(widget)
        self.line.textEdited.connect(lambda _text: self.refuse(""))

    def refuse(self, why: str) -> None:
        """Says beside the field what is wrong with it; "" takes it back."""
        self.problem.tell(why)
        self.line.setAccessibleDescription(why)
        self.line.setProperty("wrong", bool(why))
        theme.polish(self.line)
        if why:
            self.line.setFocus()

    def name(self) -> str | None:
        """The name written here, None after saying why it is none."""
        try:
            return written_name(self.line.text())
        except Refused as fault:
            self.refuse(str(fault))
            return None


class Page(QWidget):
    """One step: a way back, a title, a sentence, what is to be filled in, and the button that goes on."""

    def __init__(self, title: str, text: str, go: str, back: Callable[[], None] | None) -> None:
        super().__init__()
        self.setObjectName("page")
        head = QLabel(title, wordWrap=True)
        head.setFont(theme.font(theme.HERO * 0.85, strong=True))
        body = QLabel(text, wordWrap=True)
        body.setProperty("tone", "soft")
        self.body = QVBoxLayout()
        self.body.setSpacing(16)
        self.go = QPushButton(go)
        self.go.setProperty("kind", "primary")
        self.go.setAutoDefault(True)
        self.busy = QProgressBar(textVisible=False)
        self.busy.setRange(0, 0)
        self.busy.hide()
        foot = QHBoxLayout()
        if back is not None:
            self.back = QPushButton(_("Back"))
            self.back.clicked.connect(back)
            foot.addWidget(self.back)
        foot.addStretch(1)
        foot.addWidget(self.go)
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(head)
        column.addWidget(body)
        column.addSpacing(4)
        column.addLayout(self.body)
        column.addWidget(self.busy)
        column.addSpacing(4)
        column.addLayout(foot)
        column.addStretch(3)
        centre(column, self)

    def wait(self, waiting: bool) -> None:
        """While the engine works nothing can be pressed twice."""
        self.busy.setVisible(waiting)
        self.go.setDisabled(waiting)
        for line in self.findChildren(QLineEdit):
            line.setReadOnly(waiting)
