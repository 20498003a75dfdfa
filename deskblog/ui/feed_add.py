"""Follows a feed by its address, or by that of a page; where a page has several, one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from deskblog.engine.feeds import Added, FeedRow
from deskblog.errors import UserError
from deskblog.feeds.offer import Offer
from deskblog.i18n import _, alphabetical
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.feed_edit import LONGEST, complete
from deskblog.ui.page import Entry
from deskblog.ui.sure import choose

FOLDER_WIDE = 150
LINE = 60  # characters of a title, of an address, in a list to choose from


def offer_text(one: Offer) -> str:
    """“Posts – https://brew.example/feed”."""
    url = one.url if len(one.url) <= LINE else f"{one.url[: LINE // 2]}…{one.url[-LINE // 2 :]}"
    title = one.title if len(one.title) <= LINE else f"{one.title[:LINE].rstrip()}…"
    text = f"{title} – {url}" if title else url
    return _("{feed} (a guess)").format(feed=text) if one.guessed else text


class FeedAdd(QWidget):
    """`added(feed, known)`: it is followed; `known`: it was before."""

    added = Signal(object, bool)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._known: frozenset[str] = frozenset()
        self._folders: frozenset[str] = frozenset()
        self.address = Entry(_("Follow a feed, by its address or by that of a page"), "https://example.org/blog")
        self.folder = Entry(_("Folder"), _("none"))
        self.folder.line.setMaxLength(LONGEST)
        theme.fix(self.folder, wide=FOLDER_WIDE)
        self.go = QPushButton(_("Follow"))
        self.go.setProperty("kind", "primary")
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.add)
        for entry in (self.address, self.folder):
            entry.line.returnPressed.connect(self.add)
        beside = QVBoxLayout()  # the button stands beside the fields, whatever is said beneath them
        beside.addSpacing(self.go.fontMetrics().height() + 6)
        beside.addWidget(self.go)
        beside.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.address, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.folder, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(beside)

    def know(self, rows: Sequence[FeedRow]) -> None:
        """What is followed."""
        self._known = frozenset(row.id for row in rows)
        folders = frozenset(row.folder for row in rows if row.folder)
        if folders != self._folders:
            self._folders = folders
            complete(self.folder.line, sorted(folders, key=alphabetical))

    @property
    def busy(self) -> bool:
        return not self.go.isEnabled()

    def add(self) -> None:
        self._follow(self.address.line.text())

    def _follow(self, address: str) -> None:
        if self.busy:
            return
        self.address.refuse("")
        self._wait(True)
        folder = self.folder.line.text().strip()
        self._bridge.ask(self._bridge.engine.feeds.add(address, folder=folder), self._came, self._fail)

    def _wait(self, waiting: bool) -> None:
        self.go.setDisabled(waiting)
        self.go.setText(_("Asking…") if waiting else _("Follow"))
        for entry in (self.address, self.folder):
            entry.line.setReadOnly(waiting)

    def _came(self, added: Added) -> None:
        self._wait(False)
        if added.feed is None:
            self._choose(added)
            return
        known = added.feed.id in self._known
        self.address.line.clear()
        self.added.emit(added.feed, known)

    def _choose(self, added: Added) -> None:
        if not added.offers:
            self.address.refuse(_("This page names no feed."))
            return
        what = _("Which feed of this page?")
        place = choose(self.window(), what, added.title, [offer_text(one) for one in added.offers], _("Follow"))
        if place is not None:
            self._follow(added.offers[place].url)

    def _fail(self, fault: UserError) -> None:
        self._wait(False)
        self.address.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))
