"""What stands above all: the office's name, the search, how many are here, and the way to let somebody in.

In a narrow window, or with large text, the search has a line of its own, and buttons are their pictures alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.cup import cup_picture
from deskblog.ui.elided import Elided
from deskblog.ui.people import here_text
from deskblog.ui.search_line import SearchLine
from deskblog.values import PersonRow

NARROW, BARE = 560, 360  # logical pixels at the usual size of text
MOST = 16_777_215  # no maximum, as Qt has it


class Header(QFrame):
    """Its parts; what pressing them does is the window's."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._here = 0
        self._bare = False
        self._cup = QLabel()
        self.title = Elided()
        self.title.setFont(theme.font(theme.TITLE, strong=True))
        self.search = SearchLine(_("Search"), _("Search all posts"))
        words = _("Words, “phrases”, from:name, tag:word, before:2026-11-30, after:2026-10")
        self.search.setToolTip(
            words + ", " + _("is:question, is:open, is:poll, is:coffee, is:sealed, has:photo, has:file")
        )
        self.here = QPushButton(_("{n} here").format(n=0))
        self.here.setProperty("kind", "quiet")
        self.here.setCheckable(True)
        self.here.setChecked(True)
        self.invite = QPushButton(_("Invite"))
        self.invite.setAccessibleName(_("Invite"))
        self.invite.setToolTip(_("Let a colleague in with a code"))
        self._line = QWidget()
        self._row = row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self._cup)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.search, 2)
        row.addWidget(self.here)
        row.addWidget(self.invite)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(theme.PAD, 0, theme.PAD, 0)
        self._box.setSpacing(0)
        self._box.addWidget(self._line)
        self._fit()

    def take(self, views: QWidget) -> None:
        """Puts the choice of what to look at beside the search."""
        self._row.insertWidget(3, views)

    def _fit(self) -> None:
        """Everything in its place at this width and size of text."""
        beneath = self.width() < theme.scaled(NARROW)
        self._bare = self.width() < theme.scaled(BARE)
        if beneath and self._box.count() == 1:
            self._row.removeWidget(self.search)
            self._box.addWidget(self.search)
            self._box.addSpacing(10)
        elif not beneath and self._box.count() > 1:
            self._box.removeWidget(self.search)
            self._box.takeAt(1)
            self._row.insertWidget(self._row.indexOf(self.here), self.search, 2)
        self.search.setMaximumWidth(MOST if beneath else theme.scaled(260))
        self.search.setMinimumWidth(theme.scaled(110))
        self._line.setFixedHeight(theme.scaled(theme.HEADER) - 1)  # and the border beneath
        self._cup.setVisible(not self._bare)
        self._write()

    def _write(self) -> None:
        self.here.setText(f"{self._here}" if self._bare else _("{n} here").format(n=self._here))
        self.invite.setText("" if self._bare else _("Invite"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """After a change of theme."""
        self._fit()
        c = theme.now()
        self._cup.setPixmap(cup_picture(theme.scaled(24), c.accent, self.devicePixelRatioF()))
        icons.dress(self.here, "people", c.soft)
        icons.dress(self.invite, "invite", c.text)
        for one in (self.here, self.invite):
            one.setIconSize(QSize(theme.scaled(24), theme.scaled(18)))

    def show_people(self, people: Sequence[PersonRow]) -> None:
        self._here = sum(1 for person in people if person.here and not person.away)
        self._write()
        self.here.setAccessibleName(_("People: {n} here").format(n=self._here))
        self.here.setAccessibleDescription(here_text(people))
        self.here.setToolTip(here_text(people))
