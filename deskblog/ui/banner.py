"""What went wrong, said quietly at the top of the window: what happened, what was kept, what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.engine.bundle_words import ANSWER, READ, WRITTEN
from deskblog.events import Trouble
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.aloud import say

GOOD = frozenset({"newer", "program", "restored", "autostart", WRITTEN, READ, ANSWER})  # news that is no trouble


class Banner(QFrame):
    """One trouble at a time; a later one waits until this one is closed, the same one is said once."""

    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._waiting: list[Trouble] = []
        self._picture = QLabel()
        self.what = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.what.setFont(theme.font(strong=True))
        self.rest = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        for label in (self.what, self.rest):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setMinimumWidth(1)  # one long word, as of a path, would make the whole window wide
        self.way_out = QPushButton()
        self.way_out.setAccessibleName(_("What can be done"))
        self.way_out.clicked.connect(lambda: self._offers[self._waiting[0].where][1]())
        self._offers: dict[str, tuple[str, Callable[[], None]]] = {}
        self.closer = QPushButton()
        self.closer.setProperty("kind", "quiet")
        theme.fix(self.closer, wide=32, high=32, picture=16)
        self.closer.setAccessibleName(_("Close this notice"))
        self.closer.clicked.connect(self._next)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.what)
        words.addWidget(self.rest)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAD, 10, 10, 10)
        row.setSpacing(12)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self.way_out, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        self.restyle()
        self.hide()

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        good = bool(self._waiting) and self._waiting[0].where in GOOD
        picture = icons.icon("done" if good else "warn", c.on_banner)
        self._picture.setPixmap(picture.pixmap(QSize(22, 22), self.devicePixelRatioF()))
        self.closer.setIcon(icons.icon("close", c.on_banner))

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

    def _next(self) -> None:
        del self._waiting[:1]
        self._show()

    def _show(self) -> None:
        if self._waiting:
            trouble = self._waiting[0]
            before = self.accessibleName()
            self.what.setText(trouble.what)
            self.rest.setText(" ".join(part for part in (trouble.kept, trouble.next_step) if part))
            self.rest.setVisible(bool(self.rest.text()))
            text, _act = self._offers.get(trouble.where, ("", None))
            self.way_out.setText(text)
            self.way_out.setAccessibleName(text or _("What can be done"))
            self.way_out.setVisible(bool(text))
            self.restyle()
            self.setAccessibleName(f"{trouble.what} {self.rest.text()}")
            if self.isHidden() or self.accessibleName() != before:
                say(self, self.accessibleName(), urgent=trouble.where not in GOOD)
            self.shown.emit()
        self.setVisible(bool(self._waiting))
