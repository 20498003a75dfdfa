"""What part of the posts one looks at: a menu beside the search, with what the person keeps for themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QPushButton

from deskblog.engine.keepsakes import LENGTH
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.sure import ask_line, ask_lines
from deskblog.values import View


def view_names() -> dict[View, str]:
    """The parts there are, as they are called."""
    return {
        View.ALL: _("All posts"),
        View.OPEN: _("Open questions"),
        View.MENTIONS: _("What names me"),
        View.MINE: _("My posts"),
        View.KEPT: _("Kept posts"),
    }


class ViewsButton(QPushButton):
    """`show`: looks at a part; `search`: searches these words; `searched`: the words that are searched now."""

    def __init__(
        self, bridge: Bridge, show: Callable[[View], None], search: Callable[[str], None], searched: Callable[[], str]
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._show = show
        self._search = search
        self._searched = searched
        self.setProperty("kind", "quiet")
        self.setFixedWidth(40)
        self.setAccessibleName(_("What to look at"))
        self.setToolTip(_("Open questions, what names me, kept posts and searches"))
        self.clicked.connect(lambda: self.menu_now().popup(self.mapToGlobal(self.rect().bottomLeft())))
        self.restyle()

    def restyle(self) -> None:
        """After a change of theme."""
        self.setIcon(icons.icon("list", theme.now().soft))
        self.setIconSize(QSize(20, 20))

    def menu_now(self) -> QMenu:
        menu = QMenu(self)
        for view, name in view_names().items():
            menu.addAction(name, partial(self._show, view))
        keepsakes = self._bridge.engine.keepsakes
        if keepsakes.searches or self._searched():
            menu.addSeparator()
        for one in keepsakes.searches:
            menu.addAction(one.name.replace("&", "&&"), partial(self._search, one.words))
        words = self._searched()
        if words and all(one.words != words for one in keepsakes.searches):
            menu.addAction(_("Keep this search…"), lambda: self.keep(words))
        if keepsakes.searches:
            gone = menu.addMenu(_("Keep no more"))
            for one in keepsakes.searches:
                gone.addAction(one.name.replace("&", "&&"), partial(self._forget, one.name))
        menu.addSeparator()
        menu.addAction(_("Words to watch…"), self.watch)
        return menu

    def _forget(self, name: str) -> None:
        self._bridge.ask(self._bridge.engine.keepsakes.keep_search(name, ""))

    def keep(self, words: str) -> None:
        """Asks what a search is to be called."""
        name = ask_line(self.window(), _("What is this search to be called?"), words[:LENGTH], _("Keep"))
        if name:
            self._bridge.ask(self._bridge.engine.keepsakes.keep_search(name, words))

    def watch(self) -> None:
        """Asks which words to watch, one a line."""
        keepsakes = self._bridge.engine.keepsakes
        more = _("One a line: words, #tags, or a beginning* of words. A new post with one of them is as one to me.")
        words = ask_lines(self.window(), _("Words to watch"), more, "\n".join(keepsakes.words))
        if words is not None:
            self._bridge.ask(keepsakes.watch(words))
