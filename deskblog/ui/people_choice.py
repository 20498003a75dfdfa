"""Choosing several colleagues: a list with a box before each, and where a name is needed a field above it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget

from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.problem import Problem
from deskblog.ui.sure import Box
from deskblog.ui.ticks import TickedLines
from deskblog.values import PersonRow

HEIGHT, LEAST = 260, 90
IdRole = Qt.ItemDataRole.UserRole


class PeopleChoice(Box):
    """`name`: what stands in the field for it; None: there is none."""

    def __init__(
        self, parent: QWidget, what: str, people: Sequence[PersonRow], chosen: Sequence[str], name: str | None
    ) -> None:
        super().__init__(parent, what, "")
        self.list = QListWidget()
        self.list.setProperty("kind", "field")
        self.list.setItemDelegate(TickedLines(self.list))
        self.list.setAccessibleName(what)
        self.list.setSpacing(3)
        for person in people:
            if not person.me and not person.gone:
                self._add(person, person.id in chosen)
        rows = self.list.count() * self.list.sizeHintForRow(0) if self.list.count() else 0
        self.list.setFixedHeight(min(HEIGHT, max(LEAST, rows + 6 * self.list.count() + 14)))
        self.name: QLineEdit | None = None
        place = 1
        if name is not None:
            self.name = self.field(name)
            self.name.setPlaceholderText(_("What is it called?"))
            place = 2
        self.insert(place, self.list)
        self.problem = Problem()
        self.problem.setFont(theme.font(theme.SMALL))
        self.insert(place + 1, self.problem)
        self.offer(_("Cancel"))
        self.offer(_("Choose"), default=True, kind="primary")
        (self.name or self.list).setFocus()

    def _add(self, person: PersonRow, chosen: bool) -> None:
        item = QListWidgetItem(person.name, self.list)
        item.setData(IdRole, person.id)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)

    @property
    def chosen(self) -> tuple[str, ...]:
        items = [self.list.item(n) for n in range(self.list.count())]
        return tuple(item.data(IdRole) for item in items if item.checkState() == Qt.CheckState.Checked)

    def done(self, place: int) -> None:
        """Stays open while what is needed is missing."""
        if place and self.buttons[place - 1].text() == _("Choose"):
            missing = _("Choose at least one colleague.") if not self.chosen else ""
            if self.name is not None and not self.name.text().strip():
                missing = _("A name is needed.")
            if missing:
                self.problem.tell(missing)
                self.fit()
                return
        super().done(place)


def choose_people(
    parent: QWidget, what: str, people: Sequence[PersonRow], chosen: Sequence[str], *, name: str | None = None
) -> tuple[str, tuple[str, ...]] | None:
    """(the name, ids of those chosen); None for Cancel."""
    box = PeopleChoice(parent, what, people, chosen, name)
    if box.ask() != _("Choose"):
        return None
    return box.name.text().strip() if box.name is not None else "", box.chosen
