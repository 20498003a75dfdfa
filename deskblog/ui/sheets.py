"""What a dialog of several parts is made of: sheets with a heading, words, and rows with small buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.dialog import put_in
from deskblog.ui.page import Entry

NEXT = 10  # between buttons, and between a field and its button


def label(text: str, scale: float = theme.BODY, *, strong: bool = False, tone: str = "") -> QLabel:
    """Plain text over as many lines as it needs."""
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    if tone:
        made.setProperty("tone", tone)
    return made


class Sheet(QFrame):
    """One part; what it holds goes into `box`."""

    def __init__(self, heading: str, more: str = "") -> None:
        super().__init__()
        self.setObjectName("sheet")
        self.setAccessibleName(heading)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(16, 14, 16, 14)
        self.box.setSpacing(10)
        self.box.addWidget(label(heading, strong=True))
        if more:
            self.box.addWidget(label(more, theme.SMALL, tone="soft"))


def button(text: str, act: Callable[[], None], *, kind: str = "", spoken: str = "") -> QPushButton:
    """`spoken`: what it is called for who does not see what it stands beside."""
    made = QPushButton(text)
    made.setAutoDefault(False)
    if kind:
        made.setProperty("kind", kind)
    if spoken:
        made.setAccessibleName(spoken)
    made.clicked.connect(lambda: act())
    return made


def beside(entry: Entry, made: QPushButton) -> QHBoxLayout:
    """A button beside a field, whatever is said above and beneath it."""
    row = QHBoxLayout()
    row.setSpacing(NEXT)
    row.addWidget(entry, 1)
    row.addLayout(beneath(entry, made))
    return row


def beneath(entry: Entry, made: QPushButton) -> QVBoxLayout:
    """A button as high as that field is, beneath its label."""
    column = QVBoxLayout()
    column.addSpacing(entry.line.fontMetrics().height() + 6)
    column.addWidget(made)
    column.addStretch(1)
    return column


def foot(*ends: QWidget, left: Sequence[QWidget] = ()) -> QHBoxLayout:
    """The lowest line of a dialog: what `ends` it, the last the usual way; far from it what else can be done."""
    row = QHBoxLayout()
    row.setSpacing(NEXT)
    for part in left:
        row.addWidget(part)
    row.addStretch(1)
    for part in ends:
        row.addWidget(part)
    return row


def form_row(form: QFormLayout, text: str, field: QWidget | QLayout, first: QWidget) -> None:
    """A field with its label before it, which stands on its first line: as high as `first`, what is on that line."""
    name = QLabel(text)
    name.setBuddy(field if isinstance(field, QWidget) else first)
    first.ensurePolished()
    name.setFixedHeight(first.sizeHint().height())
    form.addRow(name, field)


def scrolled(
    dialog: QDialog,
    title: str,
    parts: Sequence[QWidget],
    above: Sequence[QWidget] = (),
    beneath: Sequence[QWidget] = (),
    below: QHBoxLayout | None = None,
) -> QScrollArea:
    """Fills a dialog: its title, what stands `above` all, its parts one beneath the other, what is said `beneath`
    them, and `below` the buttons: where none are given, the way out."""
    inside = QWidget()
    inside.setObjectName("page")
    column = QVBoxLayout(inside)
    column.setSpacing(theme.PAD)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setAccessibleName(title)
    put_in(area, inside)
    bar, edge = area.verticalScrollBar(), 8 + theme.SCROLL  # all ends where the parts end, with a bar and without
    bar.rangeChanged.connect(lambda low, high: column.setContentsMargins(0, 0, 8 if high > low else edge, 0))
    column.setContentsMargins(0, 0, edge, 0)
    box = QVBoxLayout(dialog)
    box.setContentsMargins(24, 22, 16, 20)
    box.setSpacing(14)
    box.addWidget(label(title, theme.TITLE, strong=True))
    for one in above:
        box.addLayout(_within(edge, one))
    box.addWidget(area, 1)
    for one in beneath:
        box.addLayout(_within(edge, one))
    below = below or foot(button(_("Close"), dialog.accept, kind="primary"))
    below.setContentsMargins(0, 0, edge, 0)
    box.addLayout(below)
    return area


def _within(edge: int, one: QWidget) -> QHBoxLayout:
    """Ends where the parts end."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, edge, 0)
    row.addWidget(one)
    return row


def clear(layout: QBoxLayout) -> None:
    """Takes out and ends all that a layout holds."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def line(*parts: QWidget) -> QWidget:
    """Widgets in a row, of which the first takes the room there is."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for n, part in enumerate(parts):
        row.addWidget(part, 0 if n else 1)
    return made
