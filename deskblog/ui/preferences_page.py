"""The page on which preferences stand."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.dialog import Dialog
from deskblog.ui.problem import Problem
from deskblog.ui.search_line import SearchLine
from deskblog.ui.setting import Section
from deskblog.ui.sheets import label, scrolled

WIDE, HIGH = 620, 660
LEAST_HIGH = 320


class PreferencesPage(Dialog):
    """All of them on one page, and a field that leaves those in sight that are looked for."""

    def __init__(self, sections: Sequence[Section], parent: QWidget) -> None:
        super().__init__(parent)
        self.sections = tuple(sections)
        self.setWindowTitle(_("Preferences"))
        self.setMinimumHeight(LEAST_HIGH)
        self.search = SearchLine(_("Look for a setting"))
        self.search.textChanged.connect(self._filter)
        self.problem = Problem()
        self.none = label(_("No setting has these words."), tone="soft")
        self.none.hide()
        above = (self.search, self.problem, self.none)
        self.area = scrolled(self, _("Preferences"), self.sections, above)
        theme.room(self, WIDE, HIGH)
        self.restyle()
        self.search.setFocus()

    def _filter(self, text: str) -> None:
        found = sum([section.filter(text) for section in self.sections])
        self.none.setVisible(not found)
        say(self.none, "" if found else self.none.text())
        self.area.verticalScrollBar().setValue(0)

    def refuse(self, fault: UserError) -> None:
        """Says what went wrong; it goes with the page."""
        self.problem.tell(str(fault))

    def restyle(self) -> None:
        """After a change of theme."""
        self._widen()

    def _widen(self) -> None:
        """Never so narrow that something is cut off."""
        inside = self.area.widget()
        if inside is not None:
            self.area.setMinimumWidth(inside.minimumSizeHint().width() + theme.SCROLL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties the field first."""
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self.search.setFocus()
        else:
            super().keyPressEvent(event)
