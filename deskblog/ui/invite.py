"""Letting somebody in: the code, big, to be read aloud; how long it lives; what became of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.engine import Invitation
from deskblog.errors import UserError
from deskblog.events import InvitationChanged
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.rows import now_ms
from deskblog.ui.sheets import foot


class InviteDialog(Dialog):
    """Opens an invitation when it opens, and cancels it when it is closed before somebody came."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None, *, person: str = "") -> None:
        """`person`: the name of somebody who is in already, whose other PC this is for."""
        super().__init__(parent)
        self._bridge = bridge
        self._person = person
        self._open = self._left = False
        self._expires = 0
        said = _("Another PC of {name}").format(name=person) if person else _("Invite a colleague")
        self.setWindowTitle(said)
        self.setMinimumWidth(theme.scaled(440))
        title = QLabel(said, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        title.setFont(theme.font(theme.TITLE, strong=True))
        self._explain = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._explain.setProperty("tone", "soft")
        self.address = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.address.setFont(theme.font(theme.SMALL))
        self.address.setProperty("tone", "soft")
        self.address.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.address.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.address.hide()
        self.digits, self.words = QLabel("…"), QLabel(" ")
        self.state = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.state.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.copy = QPushButton(_("Copy"))
        self.copy.clicked.connect(self._copy)
        self.again = QPushButton(_("New code"))
        self.again.setProperty("kind", "primary")
        self.again.clicked.connect(self.begin)
        self.closer = QPushButton(_("Cancel"))
        self.closer.clicked.connect(self.reject)
        for button in (self.copy, self.again, self.closer):
            button.setAutoDefault(False)
        buttons = foot(self.again, self.closer, left=(self.copy,))
        self.box = box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(14)
        for widget in (title, self._explain, self._make_sheet()):
            box.addWidget(widget)
        box.addWidget(self.state)
        box.addWidget(self.address)
        box.addLayout(buttons)
        self.closer.setFocus()
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self._tick)
        self.begin()

    def _make_sheet(self) -> QWidget:
        sheet = QFrame()
        sheet.setObjectName("sheet")
        self.digits.setFont(theme.font(theme.CODE, strong=True))
        self.digits.setProperty("tone", "accent")
        self.words.setFont(theme.font(theme.HERO * 0.85, strong=True))
        box = QVBoxLayout(sheet)
        box.setContentsMargins(18, 18, 18, 20)
        box.setSpacing(4)
        for label in (self.digits, self.words):
            label.setMinimumHeight(label.fontMetrics().height())
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(label)
        return sheet

    def begin(self) -> None:
        """Asks for a code."""
        self._explain.setText(
            _("On the other PC deskblog is started, “Join with a code” pressed, and these digits and words typed.")
            if self._person
            else _("Your colleague starts deskblog, presses “Join with a code” and types these digits and words. "
                   "Say them aloud or on the phone.")
        )  # fmt: skip
        self.again.hide()
        self._bridge.ask(self._bridge.engine.invite(as_person=self._person or None), self._opened, self._refused)

    def _opened(self, invitation: Invitation) -> None:
        if self._left:
            self._bridge.ask(self._bridge.engine.cancel_invitation())
            return
        digits, _space, words = invitation.code.partition(" ")
        self.digits.setText(digits)
        self.words.setText(" · ".join(words.split()))
        self.digits.setAccessibleName(_("Code: {code}").format(code=invitation.code))
        say(self, self.digits.accessibleName())
        self._code = invitation.code
        self._open, self._expires = True, invitation.expires
        self.copy.setEnabled(True)
        self.closer.setText(_("Cancel"))
        self._clock.start()
        self._tick()
        self._bridge.ask(self._bridge.engine.address(), self._show_address)

    def _show_address(self, address: str) -> None:
        """For a PC that is not on this network and so does not hear this one."""
        self.address.setVisible(bool(address) and self._open)
        self.address.setText(_("If the other PC asks for an address: {address}").format(address=address))
        self._say(self.state.text(), "soft")

    def _refused(self, fault: UserError) -> None:
        self.digits.setText("—")
        self.words.setText(" ")
        self._end(str(fault), "error")

    def _tick(self) -> None:
        left = max(0, self._expires - now_ms()) // 1000
        text = _("Waiting for your colleague. The code lives for {time} more, as long as this window is open.")
        self._say(text.format(time=f"{left // 60}:{left % 60:02}"), "soft")

    def _say(self, text: str, tone: str) -> None:
        self.state.setText(text)
        needed = self.box.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), needed)
        if self.state.property("tone") != tone:
            self.state.setProperty("tone", tone)
            theme.polish(self.state)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)

    def heard(self, event: InvitationChanged) -> None:
        """What the engine says of an invitation; of an earlier one it no longer matters."""
        if not self._open or event.code != self._code:
            return
        match event.state:
            case "used":
                self._end(_("{name} is in. Welcome!").format(name=event.person), "here")
            case "expired":
                self._end(_("Nobody used the code in time."), "error")
            case "dead":
                self._end(_("The code is dead: three wrong tries."), "error")
            case "cancelled":
                self._end(_("The invitation was cancelled."), "soft")

    def _end(self, text: str, tone: str) -> None:
        self._open = False
        self._clock.stop()
        self.address.hide()
        self._say(text, tone)
        say(self, text, urgent=tone == "error")
        self.copy.setEnabled(False)
        self.again.show()
        self.closer.setText(_("Close"))

    def done(self, result: int) -> None:
        """However it is closed, its code ends with it."""
        self._left = True
        if self._open:
            self._open = False
            self._bridge.ask(self._bridge.engine.cancel_invitation())
        super().done(result)
