"""Shows what the desktop's own notifications could not: as a message of the tray, else as cards of our own.

On Linux the tray's messages go to the very program that has just failed, so there the cards come at once. They stand
at the bottom right of the screen the tray is on, three at most and the newest lowest; Wayland places them where it
likes. The way by the tray was written for Windows and macOS, and has run on neither.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from deskblog import limits
from deskblog.attention.popup import Popup, Press, fitted
from deskblog.events import Event, PopUp, PopupGone
from deskblog.i18n import plural

if TYPE_CHECKING:
    from deskblog.ui.popup_card import MoreLine, PopupCard

SHOWN = 3
EDGE, BETWEEN = 14, 8  # px


class Popups(QObject):
    """`pressed(key, Press)`. `tray`: its icon, and `place`: where it is on the screen, both if there is one."""

    pressed = Signal(str, object)

    def __init__(
        self,
        app_name: str,
        tray: QSystemTrayIcon | None = None,
        place: Callable[[], QPoint] = QCursor.pos,
        parent: QObject | None = None,
        *,
        system: str = sys.platform,
    ) -> None:
        super().__init__(parent)
        self._app_name, self._tray, self._place = app_name, tray, place
        self._by_tray = system != "linux"
        self._last = ""  # what a press on the tray's message is about: it says no more
        self._cards: list[PopupCard] = []  # oldest first
        self._waiting: list[Popup] = []
        if tray is not None:
            tray.messageClicked.connect(self._message_pressed)

    @cached_property
    def _more(self) -> MoreLine:
        """Made for the first popup: where the desktop shows them, cards are never wanted."""
        from deskblog.ui.popup_card import MoreLine

        more = MoreLine()
        more.setWindowTitle(self._app_name)
        more.pressed.connect(self._open_waiting)
        return more

    def heard(self, event: Event) -> None:
        match event:
            case PopUp():
                said = event.answer, event.got_it, event.urgent
                self.show(Popup(event.key, event.title, event.text, *said))
            case PopupGone():
                self.withdraw(event.key)

    def show(self, popup: Popup) -> None:
        """In place of an earlier one of its key."""
        popup = fitted(popup)
        self._take_away(popup.key)
        tray = self._tray
        if self._by_tray and tray is not None and tray.isVisible() and tray.supportsMessages():
            self._last = popup.key
            tray.showMessage(popup.title, popup.text, tray.icon())
            return
        self._waiting.append(popup)
        if len(self._waiting) + len(self._cards) > limits.POPUPS:
            self._waiting.remove(next((one for one in self._waiting if not one.urgent), self._waiting[0]))
        self._arrange()

    def withdraw(self, key: str) -> None:
        self._take_away(key)
        self._arrange()

    def clear(self) -> None:
        """Takes all away."""
        self._last = ""
        self._waiting.clear()
        for card in list(self._cards):
            self._take_away(card.popup.key)
        self._arrange()

    # --- presses ------------------------------------------------------------------------------------------
    def _press(self, key: str, press: Press) -> None:
        self.withdraw(key)
        self.pressed.emit(key, press)

    def _message_pressed(self) -> None:
        if self._last:
            key, self._last = self._last, ""
            self.pressed.emit(key, Press.OPEN)

    def _open_waiting(self) -> None:
        """The newest of those there was no room for; opening it shows the others too."""
        if self._waiting:
            key = self._waiting[-1].key
            self._waiting.clear()
            self._arrange()
            self.pressed.emit(key, Press.OPEN)

    # --- cards --------------------------------------------------------------------------------------------
    def _take_away(self, key: str) -> None:
        self._waiting = [popup for popup in self._waiting if popup.key != key]
        for card in [card for card in self._cards if card.popup.key == key]:
            self._cards.remove(card)
            card.timer.stop()
            card.hide()
            card.deleteLater()

    def _arrange(self) -> None:
        """Urgent ones come first to what room there is."""
        if not self._waiting and "_more" not in vars(self):
            return  # none was ever shown
        self._waiting.sort(key=lambda popup: not popup.urgent)
        room = self._room()
        while self._waiting and len(self._cards) < SHOWN and self._add(self._waiting[0], room.height()):
            del self._waiting[0]
        if self._waiting:
            self._more.say(plural("and {n} more", "and {n} more", len(self._waiting)))
        self._stand(room)
        self._more.setVisible(bool(self._waiting))

    def _add(self, popup: Popup, height: int) -> bool:
        """False if it does not fit; alone it is shown in any case."""
        from deskblog.ui.popup_card import PopupCard

        card = PopupCard(popup, self._app_name)
        card.ensurePolished()
        card.adjustSize()
        needed = sum(one.height() + BETWEEN for one in (*self._cards, card)) + self._more.sizeHint().height()
        if self._cards and needed > height:
            card.deleteLater()
            return False
        card.pressed.connect(lambda press: self._press(popup.key, press))
        card.over.connect(lambda: self.withdraw(popup.key))
        self._cards.append(card)
        return True

    def _room(self) -> QRect:
        screen = QGuiApplication.screenAt(self._place()) or QGuiApplication.primaryScreen()
        return screen.availableGeometry().adjusted(EDGE, EDGE, -EDGE, -EDGE)

    def _stand(self, room: QRect) -> None:
        """From the corner upwards: how many more there are, then the newest."""
        y = room.bottom()
        self._more.ensurePolished()
        self._more.adjustSize()
        for window in (*([self._more] if self._waiting else []), *reversed(self._cards)):
            y -= window.height()
            window.move(room.right() - window.width(), y)
            y -= BETWEEN
        for card in self._cards:
            if card.isHidden():
                card.announce()
