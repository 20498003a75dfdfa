"""The cup beside the clock: one click to post, a dot for something unread, a number for something that is for me.

It never blinks, and everything it can do the window can do too: many desktops show no tray.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from deskblog.events import Copied, Event, PeopleChanged, UnreadChanged
from deskblog.i18n import _, plural
from deskblog.ui.cup import cup_icon
from deskblog.ui.people import here_text
from deskblog.ui.tray_watch import Kind, TrayWatch
from deskblog.values import PersonRow, View

SETTLES = 500  # ms: a panel that crashes lets go of its two trays one after the other
DOCKS = 1000  # ms until an icon stands in an X tray, which may not have listened yet: it is asked again …
TRIES = 7  # … so often, after twice as long each time: in all two minutes, as a session begins slowly on an old PC


def safe_text(only_here: int) -> str:
    """Whether this PC may be closed without a thought."""
    if not only_here:
        return _("Safe to close: colleagues have all your posts")
    return plural("{n} post of yours is only on this PC", "{n} posts of yours are only on this PC", only_here)


class Tray(QObject):
    """`compose(QPoint)`: write a post beside this place. `moved`: there is a tray now, or none any more. The others
    say which line of the menu was chosen."""

    compose = Signal(QPoint)
    moved = Signal()
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
        self.watch = TrayWatch(self)
        self._kind = Kind.NONE
        self._settling = QTimer(self, interval=SETTLES, singleShot=True)
        self._settling.timeout.connect(self._settle)
        self.watch.changed.connect(self._settling.start)
        self._docking = QTimer(self, singleShot=True)
        self._docking.timeout.connect(self._dock_again)
        self._tries = 0
        self.icon = self._make()
        self._fill()

    def _make(self) -> QSystemTrayIcon:
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self.menu)
        icon.activated.connect(self._activated)
        return icon

    @property
    def there(self) -> bool:
        """A tray shows the icon, or would. The first who asks has it looked for: a start need not wait for that."""
        self.watch.begin()
        return self.watch.kind is not Kind.NONE

    def show(self) -> None:
        """From now on, wherever there is a tray: it may come later, or come back."""
        self.show_state()
        if self.there or self.watch.may_come:
            self._kind = self.watch.kind
            self.icon.show()
            self._expect_dock()

    def hide(self) -> None:
        self.watch.stop()
        self._settling.stop()
        self._docking.stop()
        self.icon.hide()

    def _settle(self) -> None:
        """Qt brings an icon back to a tray of the kind it was made for; for one of the other kind it is made anew."""
        kind = self.watch.kind
        if kind is not Kind.NONE and kind is not self._kind:
            self._kind = kind
            old, self.icon = self.icon, self._make()
            self.icon.setIcon(old.icon())
            self.icon.setToolTip(old.toolTip())
            self.icon.setVisible(old.isVisible())
            old.hide()
            old.deleteLater()
        self._expect_dock()
        self.moved.emit()

    def _expect_dock(self) -> None:
        self._tries = TRIES
        self._docking.start(DOCKS)

    def _dock_again(self) -> None:
        """A panel that has just begun owns the tray before it listens: what asked then is asked for ever."""
        docked = self.icon.geometry().width() > 0
        if self.watch.kind is Kind.X and self.icon.isVisible() and not docked and self._tries:
            self._tries -= 1
            self.icon.hide()
            self.icon.show()
            self._docking.start(2 * self._docking.interval())

    def heard(self, event: Event) -> None:
        """What the icon and its menu say; `show_state` draws it."""
        match event:
            case PeopleChanged():
                self._people = event.people
            case Copied():
                self.only_here = event.only_here
            case UnreadChanged():
                self.unread = event

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
