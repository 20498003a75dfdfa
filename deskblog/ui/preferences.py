"""Preferences: few, found by their words, each in force as soon as it is chosen and kept from then on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from deskblog.errors import UserError
from deskblog.events import Trouble
from deskblog.i18n import _
from deskblog.settings import Keeper
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.prefer_days import FromFeeds, PoppingUp, TheWindow, Writing
from deskblog.ui.prefer_look import Look
from deskblog.ui.prefer_newer import PROGRAM, NewerOnes, show_program
from deskblog.ui.problem import Problem
from deskblog.ui.search_line import SearchLine
from deskblog.ui.setting import Section
from deskblog.ui.sheets import label, scrolled
from deskblog.ui.spelling import OFF, Spelling
from deskblog.ui.window import Window

WIDE, HIGH = 620, 660
LEAST_HIGH = 320


class Preferences(QObject):
    """Opens them, once at a time. `again`: deskblog is to close and open again."""

    again = Signal()

    def __init__(
        self,
        bridge: Bridge,
        keeper: Keeper,
        worn: theme.Theme,
        window: Window,
        spellings: Callable[[], Sequence[Spelling]],
        desktop: Callable[[Callable[[UserError], None]], Section] | None = None,
    ) -> None:
        """`spellings`: of all fields one writes in.

        `desktop`: makes the part about it, which says what went wrong by what it is given; the demo has none.
        """
        super().__init__(window)
        self._desktop = desktop
        self._bridge, self._keeper, self._worn, self._window = bridge, keeper, worn, window
        self._spellings = spellings
        self.page: PreferencesPage | None = None
        window.banner.offer(PROGRAM, _("Show it"), partial(show_program, bridge))

    def begin(self, *, again: bool = False) -> None:
        """The window is there: it says what was wrong with what was kept. `again`: they were open when it closed."""
        if again:  # and are once the window has read what was kept: it asked before
            self._bridge.ask(self._bridge.engine.remembered(OFF), lambda _off: self.open())
        fault = self._keeper.trouble
        if fault is not None:
            self._bridge.tell(Trouble("preferences", fault.what, fault.kept, fault.next_step))

    def open(self) -> None:
        if self.page is None:
            self.page = PreferencesPage(self._make(), self._window)
            self.page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.page.destroyed.connect(self._gone)
            self._worn.changed.connect(self.page.restyle)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def _make(self) -> list[Section]:
        return [
            Look(self._keeper, self._worn, self.again.emit, self._refuse),
            TheWindow(self._window.closes),
            *([self._desktop(self._refuse)] if self._desktop is not None else []),
            Writing(self._bridge, self._spellings(), self._refuse),
            PoppingUp(self._bridge, self._refuse),
            FromFeeds(self._bridge, self._refuse),
            *([NewerOnes(self._bridge, self._refuse)] if self._desktop is not None else []),
        ]

    def _refuse(self, fault: UserError) -> None:
        if self.page is not None:
            self.page.refuse(fault)
        else:
            self._bridge.tell_fault(fault)

    def _gone(self) -> None:
        self.page = None


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
