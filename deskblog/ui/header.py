"""What stands above all: the office's name, the search, how many are here, and the way to let somebody in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton

from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.cup import cup_icon
from deskblog.ui.elided import Elided
from deskblog.ui.people import here_text
from deskblog.values import PersonRow


class Header(QFrame):
    """Its parts; what pressing them does is the window's."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setFixedHeight(theme.HEADER)
        self._cup = QLabel()
        self.title = Elided()
        self.title.setFont(theme.font(theme.TITLE, strong=True))
        self.search = QLineEdit(placeholderText=_("Search"))
        self.search.setAccessibleName(_("Search all posts"))
        words = _("Words, “phrases”, from:name, tag:word, before:2026-11-30, after:2026-10")
        self.search.setToolTip(
            words + ", " + _("is:question, is:open, is:poll, is:coffee, is:sealed, has:photo, has:file")
        )
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(260)
        self.search.setMinimumWidth(110)
        glass = icons.icon("search", theme.now().soft)
        self._glass = self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._glass.setText(_("Search"))
        self._glass.triggered.connect(self.search.setFocus)
        self.here = QPushButton(_("{n} here").format(n=0))
        self.here.setProperty("kind", "quiet")
        self.here.setCheckable(True)
        self.here.setChecked(True)
        self.invite = QPushButton(_("Invite"))
        self.invite.setToolTip(_("Let a colleague in with a code"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.PAD, 0, theme.PAD, 0)
        row.setSpacing(10)
        row.addWidget(self._cup)
        row.addWidget(self.title)
        row.addStretch(1)
        row.addWidget(self.search, 2)
        self.row = row
        row.addWidget(self.here)
        row.addWidget(self.invite)

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        self._cup.setPixmap(cup_icon(colour=c.accent).pixmap(QSize(24, 24), self.devicePixelRatioF()))
        self._glass.setIcon(icons.icon("search", c.soft))
        for button in self.search.findChildren(QToolButton):
            if button.defaultAction() is not self._glass:
                button.setIcon(icons.icon("close", c.soft))
                button.setAccessibleName(_("Clear the search"))
        icons.dress(self.here, "people", c.soft)
        icons.dress(self.invite, "invite", c.text)

    def show_people(self, people: Sequence[PersonRow]) -> None:
        here = sum(1 for person in people if person.here and not person.away)
        self.here.setText(_("{n} here").format(n=here))
        self.here.setAccessibleName(_("People: {n} here").format(n=here))
        self.here.setAccessibleDescription(here_text(people))
        self.here.setToolTip(here_text(people))
