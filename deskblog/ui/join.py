"""Coming in with a code: a page of the first minute, and a box for whoever was in the office before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskblog.engine import Joined
from deskblog.errors import NotHeard, UserError
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.page import Entry, Page


class JoinPage(Page):
    """Code and name, and an address where nobody is heard; `joined` once a colleague's PC has let this one in."""

    joined = Signal()

    def __init__(self, bridge: Bridge, back: Callable[[], None], name: str = "") -> None:
        super().__init__(
            _("Join with a code"),
            _("A colleague who may invite presses “Invite” and reads you three digits and three words."),
            _("Join"),
            back,
        )
        self._bridge = bridge
        self.code = Entry(_("Code"), _("472 album lemon river"))
        self.joiner = Entry(_("Your name"), _("Paul Bernard"))
        self.joiner.line.setText(name)
        self.at: Entry | None = None  # asked for only where the network does not tell
        for entry in (self.code, self.joiner):
            self._put(entry)
        self.go.clicked.connect(self._join)

    def _put(self, entry: Entry) -> None:
        self.body.addWidget(entry)
        entry.line.returnPressed.connect(self._join)

    def _join(self) -> None:
        name = self.joiner.name()
        if name is None or self.busy.isVisible():
            return
        self.code.refuse("")
        self.wait(True)
        at = self.at.line.text().strip() if self.at is not None else ""
        work = self._bridge.engine.join(self.code.line.text(), name, at=at or None)
        self._bridge.ask(work, self._joined, self._not_joined)

    def _joined(self, _joined: Joined) -> None:
        self.joined.emit()

    def _not_joined(self, fault: UserError) -> None:
        self.wait(False)
        if isinstance(fault, NotHeard) and self.at is None:
            self.at = Entry(_("Address of the other PC"), "192.168.1.20:20140")
            self._put(self.at)
        self.code.refuse(str(fault))


class JoinDialog(Dialog):
    """The same for a PC that is out: what is on it stays, and the office goes on."""

    def __init__(self, bridge: Bridge, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Join with a code"))
        self.setMinimumSize(theme.scaled(480), theme.scaled(380))
        self.page = JoinPage(bridge, self.reject, name)
        self.page.back.setText(_("Cancel"))
        self.page.joined.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.page)
        self.page.code.line.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter belongs to the fields; Escape closes."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
