"""A strip of news: a picture, what it is and more about it, a button for what can be done, and a cross."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.pictured import Pictured

SIDE = 22  # of its picture


class Strip(QFrame):
    """`name`: what the stylesheet calls it."""

    def __init__(self, name: str, *, left: int, right: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.picture = Pictured(SIDE)
        self.what = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.what.setFont(theme.font(strong=True))
        self.more = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        for words in (self.what, self.more):
            words.setMinimumWidth(1)  # one long word, as of a path, would make the whole window wide
        self.button = QPushButton()
        self.closer = QPushButton()
        self.closer.setProperty("kind", "quiet")
        theme.fix(self.closer, wide=32, high=32, picture=16)
        self.closer.setAccessibleName(_("Close this notice"))
        self.closer.clicked.connect(self.leave)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.what)
        said.addWidget(self.more)
        row = QHBoxLayout(self)
        row.setContentsMargins(left, 10, right, 10)
        row.setSpacing(12)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(said, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)

    def leave(self) -> None:
        """The cross was pressed."""
        self.hide()

    def wear(self, picture: QIcon, cross: str) -> None:
        """After a change of theme; `cross`: its colour."""
        self.picture.show_icon(picture)
        self.closer.setIcon(icons.icon("close", cross))
