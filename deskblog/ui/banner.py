"""What went wrong, said quietly at the top of the window: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from deskblog.engine.bundle_words import ANSWER, READ, WRITTEN
from deskblog.events import Trouble
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.aloud import say
from deskblog.ui.strip import Strip

GOOD = frozenset({"newer", "program", "restored", "autostart", WRITTEN, READ, ANSWER})  # news that is no trouble


class Banner(Strip):
    """One trouble at a time; a later one waits until this one is closed, the same one is said once."""

    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("banner", left=theme.PAD, right=10, parent=parent)
        self._waiting: list[Trouble] = []
        for words in (self.what, self.more):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button.setAccessibleName(_("What can be done"))
        self.button.clicked.connect(lambda: self._offers[self._waiting[0].where][1]())
        self._offers: dict[str, tuple[str, Callable[[], None]]] = {}
        self.restyle()
        self.hide()

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        good = bool(self._waiting) and self._waiting[0].where in GOOD
        self.wear(icons.icon("done" if good else "warn", c.on_banner), c.on_banner)

    def say(self, trouble: Trouble) -> None:
        if trouble not in self._waiting:
            self._waiting.append(trouble)
        self._show()

    def offer(self, where: str, text: str, act: Callable[[], None]) -> None:
        """From now on a trouble of that place has a button."""
        self._offers[where] = (text, act)

    def forget(self, where: str) -> None:
        """What was said of that place holds no more."""
        self._waiting = [trouble for trouble in self._waiting if trouble.where != where]
        self._show()

    def leave(self) -> None:
        """On to the next."""
        del self._waiting[:1]
        self._show()

    def _show(self) -> None:
        if self._waiting:
            trouble = self._waiting[0]
            before = self.accessibleName()
            self.what.setText(trouble.what)
            self.more.setText(" ".join(part for part in (trouble.kept, trouble.next_step) if part))
            self.more.setVisible(bool(self.more.text()))
            text, _act = self._offers.get(trouble.where, ("", None))
            self.button.setText(text)
            self.button.setAccessibleName(text or _("What can be done"))
            self.button.setVisible(bool(text))
            self.restyle()
            self.setAccessibleName(f"{trouble.what} {self.more.text()}")
            if self.isHidden() or self.accessibleName() != before:
                say(self, self.accessibleName(), urgent=trouble.where not in GOOD)
            self.shown.emit()
        self.setVisible(bool(self._waiting))
