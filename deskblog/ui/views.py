"""What part of the posts one looks at: a menu beside the search, with what the person keeps for themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton

from deskblog import events
from deskblog.engine.keepsakes import LENGTH
from deskblog.i18n import _, plural
from deskblog.ui import icons, keys, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.menus import beneath, open_menu
from deskblog.ui.sure import ask_line, ask_lines
from deskblog.values import View


def view_names() -> dict[View, str]:
    """The parts there are, as they are called."""
    return {
        View.ALL: _("All posts"),
        View.OFFICE: _("Colleagues"),
        View.FEEDS: _("Feeds"),
        View.OPEN: _("Question desk"),
        View.ANNOUNCEMENTS: _("Announcements"),
        View.COFFEE: _("Coffee corner"),
        View.SEALED: _("Sealed messages"),
        View.MENTIONS: _("What names me"),
        View.MINE: _("My posts"),
        View.KEPT: _("Kept posts"),
    }


class ViewsButton(QPushButton):
    """`show`: looks at a part; `search`: searches these words; `searched`: the words that are searched now;
    `digest`: shows what waits for the person; `feeds`: what is followed."""

    def __init__(
        self,
        bridge: Bridge,
        show: Callable[[View], None],
        search: Callable[[str], None],
        searched: Callable[[], str],
        digest: Callable[[], None],
        feeds: Callable[[], None],
    ) -> None:
        super().__init__()
        self._bridge = bridge
        self._show = show
        self._search = search
        self._searched = searched
        self._digest = digest
        self._feeds = feeds
        self.setProperty("kind", "quiet")
        theme.fix(self, wide=40, picture=20)
        self.setAccessibleName(_("What to look at"))
        self.setToolTip(_("Which posts to look at: questions, coffee, sealed, kept; and kept searches"))
        self.clicked.connect(lambda: open_menu(self.menu_now(), beneath(self), self))
        self._counts: Mapping[View, int] = {}
        self.restyle()

    def restyle(self) -> None:
        """After a change of theme."""
        self.setIcon(icons.icon("list", theme.now().soft))

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        if isinstance(event, events.UnreadChanged):
            self.know(event.counts)

    def know(self, counts: Mapping[View, int]) -> None:
        """How many posts are unread, by part."""
        self._counts = counts
        unread = counts.get(View.OFFICE, 0)
        self.setAccessibleDescription(plural("{n} unread post", "{n} unread posts", unread) if unread else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """With a dot while something is unread."""
        super().paintEvent(event)
        if self._counts.get(View.OFFICE, 0):
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.now().accent))
            side = self.iconSize().width()
            corner = QPointF(self.width() / 2 + side * 0.55, self.height() / 2 - side * 0.35)
            painter.drawEllipse(corner, side / 5, side / 5)

    def read_all(self) -> None:
        """Everything is read."""
        self._bridge.ask(self._bridge.engine.unread.read_all())
        self._bridge.ask(self._bridge.engine.unread.read_all(View.COFFEE))

    def menu_now(self) -> QMenu:
        menu = QMenu(self)
        for view, name in view_names().items():
            unread = self._counts.get(view, 0)
            new = plural("{n} unread", "{n} unread", unread)
            label = f"{name} ({new})" if unread else name
            menu.addAction(label, partial(self._show, view))
        menu.addSeparator()
        menu.addAction(_("What waits for you…"), self._digest)
        read = menu.addAction(_("Mark everything as read"), keys.sequences("window", "read-all")[0], self.read_all)
        read.setEnabled(bool(self._counts))
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
        menu.addAction(_("Feeds to follow…"), self._feeds)
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
