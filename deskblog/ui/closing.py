"""What closing the window is to mean: asked the first time, changed in Preferences; and that it is found again."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from deskblog.i18n import _
from deskblog.ui.bridge import Bridge
from deskblog.ui.sure import Box
from deskblog.ui.tray import Tray

KEY = "on-close"
KEEP, QUIT, ASIDE = "keep", "quit", "aside"
GRACE = 5_000  # ms: a panel that crashed is back by then, and one that begins with the session is there


def closing_means(parent: QWidget, *, tray: bool = True) -> str:
    """keep, quit, or "" for neither. `tray`: there is one, from which the window can be opened again."""
    box = Box(
        parent,
        _("Keep deskblog in the background?"),
        _("Then posts of your colleagues arrive while the window is closed. Starting deskblog again opens it.")
        if tray
        else _("Then posts of your colleagues go on arriving. As your desktop has no tray, the window is minimised."),
    )
    box.offer(_("Cancel"))
    box.offer(_("Quit"))
    box.offer(_("Keep it running"), default=True, kind="primary")
    return {_("Keep it running"): KEEP, _("Quit"): QUIT}.get(box.ask(), "")


class Closing:
    """`choice`: what closing means, "" while it was not asked. `fixed`: it cannot be chosen, as in a demo. `tray`:
    there is one to open a hidden window from."""

    def __init__(self, bridge: Bridge, window: QWidget, choice: str = "") -> None:
        self._bridge, self._window = bridge, window
        self.choice = choice
        self.fixed = bool(choice)
        self.tray: Callable[[], bool] = lambda: True

    def load(self) -> None:
        """Once the engine is there."""
        self._bridge.ask(self._bridge.engine.remembered(KEY), self._take)

    def _take(self, kept: str) -> None:
        self.choice = self.choice or kept

    def choose(self, choice: str) -> None:
        """It holds from now on, and is kept; "": it is asked again."""
        self.choice = choice
        self._bridge.ask(self._bridge.engine.remember(KEY, choice))

    def ask(self) -> str:
        """What it means now: keep, quit, or aside (minimised: where there is no tray nobody finds what is hidden); ""
        if the person thought better of it."""
        if not self.choice:
            choice = closing_means(self._window, tray=self.tray())
            if choice:
                self.choose(choice)
        return ASIDE if self.choice == KEEP and not self.tray() else self.choice


class Aside(QObject):
    """Sees to it that the window is never hidden for good: where there is no tray after a while it is minimised."""

    def __init__(self, tray: Tray, window: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tray, self._window = tray, window
        self._minimised = False
        self.patience = QTimer(self, interval=GRACE, singleShot=True)
        self.patience.timeout.connect(self._set_aside)
        tray.moved.connect(self.look)

    def look(self) -> None:
        """The window is hidden, or the tray came or went."""
        if not self._tray.there:
            self.patience.start()
            return
        self.patience.stop()
        if self._minimised and self._window.isMinimized():
            self._window.hide()
        self._minimised = False

    def _set_aside(self) -> None:
        if not self._tray.there and not self._window.isVisible():
            self._minimised = True
            self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self._window.showMinimized()
            self._window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)

    def stop(self) -> None:
        self.patience.stop()
