"""The cup beside the clock: one click to post, a dot for something unread, a number for something that is for me.

It never blinks, and everything it can do the window can do too: many desktops show no tray.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from deskblog.i18n import _, plural
from deskblog.store.marks import means
from deskblog.ui import icons
from deskblog.ui.people import here_text
from deskblog.values import PersonRow, Row


class Unread:
    """What others wrote since the window was last looked at. Pure."""

    def __init__(self) -> None:
        self.since = 0
        self._posts: set[str] = set()
        self._for_me: set[str] = set()
        self._mine: set[str] = set()

    def add(
        self, rows: Iterable[Row], me: str, *, looked_at: bool, watches: Callable[[Row], bool] = lambda _row: False
    ) -> None:
        """`watches`: whether a post has a word the person watches."""
        for row in rows:
            if row.mine:
                self._mine.add(row.id)
            elif not looked_at and row.at > self.since:
                self._posts.add(row.id)
                called = me and any(means(name, me) for name in row.mentions)
                if called or row.answer_to in self._mine or watches(row):
                    self._for_me.add(row.id)

    def seen(self, now: int) -> None:
        self.since = max(self.since, now)
        self._posts.clear()
        self._for_me.clear()

    @property
    def posts(self) -> int:
        return len(self._posts)

    @property
    def for_me(self) -> int:
        return len(self._for_me)


def safe_text(only_here: int) -> str:
    """Whether this PC may be closed without a thought."""
    if not only_here:
        return _("Safe to close: colleagues have all your posts")
    return plural("{n} post of yours is only on this PC", "{n} posts of yours are only on this PC", only_here)


class Tray(QObject):
    """`compose(QPoint)`: write a post beside this place. The others say which line of the menu was chosen."""

    compose = Signal(QPoint)
    opened = Signal()
    invited = Signal()
    saying = Signal()
    quitting = Signal()

    def __init__(self, unread: Unread, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._unread = unread
        self._people: tuple[PersonRow, ...] = ()
        self._shown: tuple[bool, int] | None = None
        self.office = "deskblog"
        self.only_here = 0  # of one's own posts: on no other PC
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self._fill)
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._activated)
        self._fill()
        self.show_state()

    @staticmethod
    def available() -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        self.icon.show()

    def hide(self) -> None:
        self.icon.hide()

    def know(self, people: tuple[PersonRow, ...]) -> None:
        self._people = people

    def show_state(self) -> None:
        """Draws the icon anew if its state is another."""
        state = (self._unread.posts > 0, min(self._unread.for_me, 10))
        if state != self._shown:
            self._shown = state
            self.icon.setIcon(icons.cup_icon(unread=state[0], for_me=state[1]))
        count = self._unread.posts
        news = plural("deskblog: {n} new post", "deskblog: {n} new posts", count) if count else "deskblog"
        self.icon.setToolTip("\n".join([news, *([safe_text(self.only_here)] if self.only_here else [])]))

    def _fill(self) -> None:
        self.menu.clear()
        self.menu.setDefaultAction(self.menu.addAction(_("New post…"), lambda: self.compose.emit(self.place())))
        self.menu.addAction(_("What are you doing?…"), self.saying.emit)
        self.menu.addAction(_("Open"), self.opened.emit)
        self.menu.addAction(_("Invite…"), self.invited.emit)
        self.menu.addSeparator()
        self.menu.addAction(here_text(self._people)).setEnabled(False)
        self.menu.addAction(safe_text(self.only_here)).setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction(_("Quit"), self.quitting.emit)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.compose.emit(self.place())
        elif reason == QSystemTrayIcon.ActivationReason.DoubleClick:
            self.opened.emit()

    def place(self) -> QPoint:
        """Where the icon is: its own answer where it has one, else where the mouse is."""
        known = self.icon.geometry()
        return known.center() if known.isValid() and known.width() > 0 else QCursor.pos()
