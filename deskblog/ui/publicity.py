"""What is public, where one writes and in a post's menu: it is said before, and plainly the first time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QWidget

from deskblog.i18n import _
from deskblog.log.publicity import KINDS
from deskblog.ui import icons, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.pictured import Pictured
from deskblog.ui.sure import sure
from deskblog.values import Audience, Row

WARNED = "public-warned"


class PublicNote(QWidget):
    """“This will be public: #shop”, while such a tag stands in what is being written."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.hide()

    def _make(self) -> None:
        """What is on it, where an office publishes anything."""
        self._globe = Pictured(16)
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.said.setFont(theme.font(theme.SMALL, strong=True))
        self.said.setProperty("tone", "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 4, 0)
        row.setSpacing(7)
        row.addWidget(self._globe, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.said, 1)

    def written(self, text: str, to: Audience, answered: Row | None = None, corrected: Row | None = None) -> None:
        """What is written now, for whom, in answer to or in place of what. What is sealed stays so, and what answers
        coffee is coffee; what is corrected was written when it was."""
        apart = to.sealed or to.coffee or (answered is not None and (answered.sealed or answered.kind == "coffee"))
        at = corrected.at if corrected is not None else None
        tags = () if apart else self._bridge.engine.publishing.tags_of(text, at)
        if tags and self.layout() is None:
            self._make()
        if tags:
            named = ", ".join(f"#{tag}" for tag in tags)
            self.said.setText(_("This will be public: {tags}").format(tags=named))
            self._globe.show_icon(icons.icon("globe", theme.now().warn))
        self.setVisible(bool(tags))


class PublicActions:
    """The lines of a post's menu about it, and what they ask."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        self._bridge = bridge
        self._window = window

    def fill(self, menu: QMenu, row: Row) -> None:
        publishing = self._bridge.engine.publishing
        if row.mine and not row.sealed and row.kind in KINDS:
            if row.public:
                menu.addAction(_("Public no more"), lambda: self.mark(row, on=False))
            else:
                menu.addAction(_("Make public…"), lambda: self.mark(row, on=True))
        if row.public:
            stands = row.id in publishing.picked
            label = _("Take it off the shop counter") if stands else _("Put it on the shop counter")
            menu.addAction(label, lambda: self._bridge.ask(publishing.pick(row.id, on=not stands)))

    def mark(self, row: Row, *, on: bool) -> None:
        """What it means is said the first time; taking it back needs no words."""
        if on:
            self._bridge.ask(self._bridge.engine.remembered(WARNED), lambda said: self._warn(row, said))
        else:
            self._bridge.ask(self._bridge.engine.publishing.mark(row.id, on=False))

    def _warn(self, row: Row, said: str) -> None:
        more = _(
            "Then anybody may see it, outside the office too: on a site or a shop counter that a colleague"
            " publishes, with your name. It can be taken back, but what somebody has copied stays with them."
        )
        if not said and not sure(self._window, _("Make this post public?"), more, _("Make public")):
            return
        self._bridge.ask(self._bridge.engine.remember(WARNED, "1"))
        self._bridge.ask(self._bridge.engine.publishing.mark(row.id, on=True))
