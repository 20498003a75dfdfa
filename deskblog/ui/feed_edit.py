"""What the person chooses for one feed: its name, its folder, which words, how often it is asked, whether it is heard
among all posts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine.feeds import FeedRow
from deskblog.errors import UserError
from deskblog.i18n import _, alphabetical, plural
from deskblog.ui import moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.choice import Choice
from deskblog.ui.dialog import Dialog
from deskblog.ui.page import Entry
from deskblog.ui.sheets import foot
from deskblog.ui.ticks import Tick

WIDE = 480
LONGEST = 200  # characters of a name, a folder, a list of words
OFTEN = (1800, 3600, 4 * 3600, 24 * 3600)  # seconds


def complete(line: QLineEdit, folders: Sequence[str]) -> None:
    """Offers the folders there are while one is typed."""
    made = QCompleter(sorted(set(folders), key=alphabetical), line)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    line.setCompleter(made)


class FeedEdit(Dialog):
    """Changes one feed. What cannot be is said, and what was typed stays."""

    def __init__(self, bridge: Bridge, row: FeedRow, folders: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.row = row
        self.setWindowTitle(_("This feed"))
        self.name = Entry(_("Called"), row.url)
        self.name.line.setText(row.title if row.title != row.url else "")
        self.folder = Entry(_("Folder"), _("none"))
        self.folder.line.setText(row.folder)
        complete(self.folder.line, folders)
        self.words = Entry(_("Only what has one of these words"), _("price timber -football"))
        self.words.line.setText(row.words)
        self.often = Choice()
        self.often.setAccessibleName(_("How often it is asked"))
        for seconds in self._offered():
            self.often.addItem(often_text(seconds), seconds)
        self.often.setCurrentIndex(self.often.findData(row.every))
        self.muted = Tick(_("Muted: only under “Feeds”, not among all posts"))
        self.muted.setChecked(row.muted)
        for entry in (self.name, self.folder, self.words):
            entry.line.setMaxLength(LONGEST)
        self._lay_out()
        self.name.line.setFocus()

    def _offered(self) -> list[int]:
        return sorted({0, *OFTEN, self.row.every})

    def _lay_out(self) -> None:
        explained = _soft(
            _("All its items if nothing stands here. A word with a minus before it leaves an item out, whatever else "
              "it says.")
        )  # fmt: skip
        where = _soft(
            self.row.url
            + ("\n" + _("It is shared with nobody: it is of the own network, or its address holds a secret."))
            * self.row.private
        )
        where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        often = QLabel(_("How often it is asked"))
        often.setFont(theme.font(strong=True))
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(12)
        box.addWidget(self.name)
        box.addWidget(self.folder)
        box.addWidget(self.words)
        box.addWidget(explained)
        asked = QVBoxLayout()
        asked.setSpacing(5)
        asked.addWidget(often)
        asked.addWidget(self.often)
        box.addLayout(asked)
        box.addWidget(self.muted)
        box.addWidget(where)
        box.addStretch(1)
        box.addLayout(self._make_foot())
        self.setMinimumWidth(theme.scaled(WIDE))

    def _make_foot(self) -> QHBoxLayout:
        cancel = QPushButton(_("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.go = QPushButton(_("Keep"))
        self.go.setProperty("kind", "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._change)
        return foot(cancel, self.go)

    def _change(self) -> None:
        title, folder, words = (e.line.text().strip() for e in (self.name, self.folder, self.words))
        every, muted = int(self.often.currentData()), self.muted.isChecked()
        old = self.row
        self._bridge.ask(
            self._bridge.engine.feeds.change(
                old.id,
                title=title if title != old.title else None,
                folder=folder if folder != old.folder else None,
                words=words if words != old.words else None,
                every=every if every != old.every else None,
                muted=muted if muted != old.muted else None,
            ),
            self._changed,
            self._fail,
        )

    def _changed(self, _row: FeedRow) -> None:
        self.accept()

    def _fail(self, fault: UserError) -> None:
        self.name.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))


def often_text(seconds: int) -> str:
    if not seconds:
        return _("As suits it, from how often something is new")
    if seconds < 3600:
        return plural("Every {n} minute", "Every {n} minutes", seconds // 60)
    if seconds == 3600:
        return _("Every hour")
    if seconds % 3600 == 0 and seconds < 86_400:
        return plural("Every {n} hour", "Every {n} hours", seconds // 3600)
    if seconds == 86_400:
        return _("Once a day")
    return _("Every {time}").format(time=moments.span(seconds * 1000))


def _soft(text: str) -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(theme.SMALL))
    made.setProperty("tone", "soft")
    return made
