"""The digest in the window: a line that says there is one, and all of it on a page of its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog import events
from deskblog.attention.digest import Digest, Why, title
from deskblog.i18n import _, plural
from deskblog.ui import icons, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.post_line import PostLine
from deskblog.ui.sheets import foot
from deskblog.ui.strip import Strip
from deskblog.values import Row

WIDE = 520


class DigestLine(Strip):
    """It stays until it is read or closed: nothing else reminds of it. `show_row`: shows all of what a line says."""

    def __init__(self, bridge: Bridge, show_row: Callable[[Row], None]) -> None:
        super().__init__("digest", left=14, right=8)
        self._bridge = bridge
        self._show_row = show_row
        self.page: DigestPage | None = None
        self.more.setFont(theme.font(theme.SMALL))
        self.more.setProperty("tone", "soft")
        self.button.setText(_("Read it"))
        self.button.clicked.connect(self.open_page)
        self.restyle()
        self.hide()

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        if isinstance(event, events.DigestDue):
            self.what.setText(event.title)
            self.more.setText(event.text)
            self.setAccessibleName(f"{event.title}: {event.text}")
            say(self, self.accessibleName())
            self.show()

    def open_page(self) -> None:
        """All of it, as it is now."""
        self.hide()
        self.page = DigestPage(self._bridge, self.window())
        self.page.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.page.destroyed.connect(self._page_gone)
        self.page.wanted.connect(self._show_row)
        self._bridge.ask(self._bridge.engine.digests.compose(), self.page.show_digest)
        self.page.open()

    def _page_gone(self) -> None:
        self.page = None

    def restyle(self) -> None:
        """After a change of theme."""
        c = theme.now()
        self.wear(icons.icon("mug", c.accent), c.soft)


class DigestPage(Dialog):
    """All that waits for the person now. `wanted(row)`: a line was pressed; the page closes then."""

    wanted = Signal(object)

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setWindowTitle(title(Why.ASKED))
        self.lines: list[PostLine] = []
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.said.setFont(theme.font(theme.LEAD, strong=True))
        self._parts = QVBoxLayout()
        self._parts.setSpacing(2)
        self.read = QPushButton(_("Mark everything as read"))
        self.read.setAutoDefault(False)
        self.read.clicked.connect(self._read_all)
        done = QPushButton(_("Close"))
        done.setProperty("kind", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(theme.PAD)
        box.addWidget(self.said)
        box.addLayout(self._parts)
        box.addStretch(1)
        box.addLayout(foot(done, left=(self.read,)))
        self.setMinimumWidth(theme.scaled(WIDE))

    def show_digest(self, digest: Digest) -> None:
        """What it says."""
        unread = plural("{n} unread post", "{n} unread posts", digest.unread) if digest.unread else ""
        self.said.setText(unread or (_("This waits for you") if digest.parts else _("Nothing waits for you.")))
        self.read.setVisible(bool(digest.unread))
        for heading, rows in digest.parts.items():
            label = QLabel(heading, textFormat=Qt.TextFormat.PlainText)
            label.setProperty("tone", "soft")
            label.setFont(theme.font(theme.SMALL, strong=True))
            if self.lines:
                self._parts.addSpacing(12)
            self._parts.addWidget(label)
            for row in rows:
                line = PostLine(row)
                line.clicked.connect(lambda _on=False, row=row: self._want(row))
                self.lines.append(line)
                self._parts.addWidget(line)

    def _want(self, row: Row) -> None:
        self.accept()
        self.wanted.emit(row)

    def _read_all(self) -> None:
        self._bridge.ask(self._bridge.engine.unread.read_all())
        self.accept()
