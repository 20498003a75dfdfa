"""Preferences: few, found by their words, each in force as soon as it is chosen and kept from then on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from deskblog.errors import UserError
from deskblog.events import Trouble
from deskblog.i18n import _
from deskblog.settings import Keeper
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.hotkey import Hotkey
from deskblog.ui.spelling import OFF, Spelling
from deskblog.ui.window import Window

if TYPE_CHECKING:
    from deskblog.ui.preferences_page import PreferencesPage
    from deskblog.ui.setting import Section

Refuse = Callable[[UserError], None]
PROGRAM = "program"  # news of a version that came, and its button


def on_the_desktop(hotkey: Hotkey, folder: str) -> Callable[[Refuse], Section]:
    """What makes the part about this desktop. `folder`: the data folder, if not the usual one."""

    def make(refuse: Refuse) -> Section:
        from deskblog.ui.prefer_desktop import OnTheDesktop

        return OnTheDesktop(hotkey, refuse, folder)

    return make


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
        desktop: Callable[[Refuse], Section] | None = None,
    ) -> None:
        """`spellings`: of all fields one writes in.

        `desktop`: makes the part about it, which says what went wrong by what it is given; the demo has none.
        """
        super().__init__(window)
        self._desktop = desktop
        self._bridge, self._keeper, self._worn, self._window = bridge, keeper, worn, window
        self._spellings = spellings
        self.page: PreferencesPage | None = None
        window.banner.offer(PROGRAM, _("Show it"), self._show_program)

    def begin(self, *, again: bool = False) -> None:
        """The window is there: it says what was wrong with what was kept. `again`: they were open when it closed."""
        if again:  # and are once the window has read what was kept: it asked before
            self._bridge.ask(self._bridge.engine.remembered(OFF), lambda _off: self.open())
        fault = self._keeper.trouble
        if fault is not None:
            self._bridge.tell(Trouble("preferences", fault.what, fault.kept, fault.next_step))

    def _show_program(self) -> None:
        from deskblog.ui.prefer_newer import show_program

        show_program(self._bridge)

    def open(self) -> None:
        if self.page is None:
            from deskblog.ui.preferences_page import PreferencesPage

            self.page = PreferencesPage(self._make(), self._window)
            self.page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self.page.destroyed.connect(self._gone)
            self._worn.changed.connect(self.page.restyle)
        self.page.show()
        self.page.raise_()
        self.page.activateWindow()

    def _make(self) -> list[Section]:
        from deskblog.ui.prefer_days import FromFeeds, PoppingUp, TheWindow, Writing
        from deskblog.ui.prefer_look import Look
        from deskblog.ui.prefer_newer import NewerOnes

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
