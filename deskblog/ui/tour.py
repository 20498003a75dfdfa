"""Two minutes with deskblog: a strip over the demo that says what to try next, and goes on once it was done.

Each step is a real act of the person, seen in what the engine says; nothing is shown that does not happen.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from deskblog import events
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.strip import Strip
from deskblog.values import Row


class Step(Enum):
    """In this order."""

    SAY = "say"
    ASK = "ask"
    TAKE = "take"
    GOT_IT = "got-it"
    FIND = "find"
    END = "end"


class Words(Struct, frozen=True):
    what: str
    how: str


def words(step: Step) -> Words:
    match step:
        case Step.SAY:
            return Words(
                _("Say what you are doing"),
                _("A few words in the field below, then Enter. Three colleagues on this PC have it at once."),
            )
        case Step.ASK:
            return Words(
                _("Ask something"),
                _("Press “Question”, write it, then Enter. It stays on top until an answer is taken."),
            )
        case Step.TAKE:
            return Words(
                _("Take the answer that helped"),
                _("Press “2 answers” under your question, then right-click one: “This is the answer”."),
            )
        case Step.GOT_IT:
            return Words(
                _("Anne announces something"),
                _("It waits on top until you press “Got it”. She sees who has it, and who has not."),
            )
        case Step.FIND:
            return Words(
                _("Find it again"),
                _("Write “{word}” into the search above: everything stays on your own PC, for good.").format(
                    word=_("expenses")
                ),
            )
        case Step.END:
            return Words(
                _("That is all there is to learn"),
                _("Found your office, or join it with a code. What was said here is gone when you close the demo."),
            )


class Tour(Strip):
    """`at(Step)`: that step begins; `done`: the person has seen it all and closes the demo."""

    at = Signal(object)
    done = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("tour", left=theme.PAD, right=10, parent=parent)
        self.step = Step.SAY
        self.button.clicked.connect(self._press)
        self._show()

    # --- what was done ------------------------------------------------------------------------------------
    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        match event:
            case events.Posted():
                self._saw(event.rows)
            case events.RowsChanged():
                self._saw(event.rows)
            case _:
                pass

    def _saw(self, rows: Sequence[Row]) -> None:
        if any(_does(self.step, row) for row in rows):
            self.go_on()

    def searched(self, found: int) -> None:
        """So many posts were found."""
        if self.step is Step.FIND and found:
            self.go_on()

    def go_on(self) -> None:
        """To the next step; the last one stays."""
        steps = list(Step)
        self.step = steps[min(steps.index(self.step) + 1, len(steps) - 1)]
        self._show()
        self.at.emit(self.step)

    def _press(self) -> None:
        if self.step is Step.END:
            self.done.emit()
        else:
            self.go_on()

    # --- how it looks -------------------------------------------------------------------------------------
    def _show(self) -> None:
        said, last = words(self.step), self.step is Step.END
        number, of = list(Step).index(self.step) + 1, len(Step) - 1
        self.what.setText(said.what if last else f"{number}/{of} · {said.what}")
        self.more.setText(said.how)
        self.setAccessibleName(self.what.text())
        self.setAccessibleDescription(said.how)
        self.button.setText(_("Close the demo") if last else _("Skip"))
        self.button.setProperty("kind", "primary" if last else "quiet")
        theme.polish(self.button)
        self.restyle()

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        self.wear(icons.icon("mug", c.on_accent_soft), c.on_accent_soft)


def _does(step: Step, row: Row) -> bool:
    """Whether this row says that the step was done."""
    match step:
        case Step.SAY:
            return row.mine and row.kind == "post"
        case Step.ASK:
            return row.mine and row.kind == "question"
        case Step.TAKE:
            return row.mine and row.kind == "question" and bool(row.solved)
        case Step.GOT_IT:
            return row.announced is not None and row.announced.mine > 0
        case _:
            return False
