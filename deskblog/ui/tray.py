"""The cup beside the clock: one click to post, a dot for something unread, a number for something that is for me.

It never blinks, and everything it can do the window can do too: many desktops show no tray.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from deskblog.events import UnreadChanged
from deskblog.i18n import _, plural
from deskblog.ui.cup import cup_icon
from deskblog.ui.people import here_text
from deskblog.values import PersonRow, View


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
    preferring = Signal()
    quitting = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.unread = UnreadChanged({}, 0, 0)
        self._people: tuple[PersonRow, ...] = ()
        self._shown: tuple[bool, int, bool] | None = None
        self.office = "deskblog"
        self.announced = 0  # announcements that wait for “Got it”
        self.pausing: Callable[[QMenu], None] = lambda _menu: None  # fills in what pauses popups
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
        state = (self.unread.shown > 0, min(self.unread.for_me, 10), self.announced > 0)
        if state != self._shown:
            self._shown = state
            self.icon.setIcon(cup_icon(unread=state[0], for_me=state[1], waits=state[2]))
        count = self.unread.counts.get(View.OFFICE, 0)
        news = plural("deskblog: {n} unread post", "deskblog: {n} unread posts", count) if count else "deskblog"
        waits = plural("{n} announcement waits for you", "{n} announcements wait for you", self.announced)
        lines = [news, waits if self.announced else "", safe_text(self.only_here) if self.only_here else ""]
        self.icon.setToolTip("\n".join(line for line in lines if line))

    def _fill(self) -> None:
        self.menu.clear()
        self.menu.setDefaultAction(self.menu.addAction(_("New post…"), lambda: self.compose.emit(self.place())))
        self.menu.addAction(_("What are you doing?…"), self.saying.emit)
        self.menu.addAction(_("Open"), self.opened.emit)
        self.menu.addAction(_("Invite…"), self.invited.emit)
        self.menu.addSeparator()
        self.pausing(self.menu)
        self.menu.addSeparator()
        self.menu.addAction(here_text(self._people)).setEnabled(False)
        self.menu.addAction(safe_text(self.only_here)).setEnabled(False)
        self.menu.addSeparator()
        self.menu.addAction(_("Preferences…"), self.preferring.emit)
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
