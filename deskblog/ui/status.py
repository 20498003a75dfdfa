"""“What are you doing?”: one line, edited where it is shown. Enter says it, Escape takes back what was typed.

What is typed stays until it is said, whatever else is told meanwhile and whatever goes wrong.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionFrame, QWidget

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge


def question() -> str:
    """As the tray's menu has it: the composer asks the same in English, and another thing in French."""
    return _("What are you doing?…").removesuffix("…")


class StatusLine(QLineEdit):
    """`left`: Escape was pressed, or what was typed is said: the keyboard goes elsewhere."""

    left = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._shown = ""  # what colleagues see
        self.setProperty("kind", "quiet")
        self.setFont(theme.font(theme.SMALL))
        self.setPlaceholderText(question())
        self.setAccessibleName(question())
        self.setAccessibleDescription(_("Your colleagues see it beside your name. Enter says it."))
        self.textEdited.connect(lambda _text: self._mark())
        self.returnPressed.connect(self._say)

    def know(self, status: str) -> None:
        """What colleagues see now; what is being typed stays."""
        typed = self.text() != self._shown
        self._shown = status
        if not typed:
            self._put(status)
        self._mark(wrong=typed and bool(self.property("wrong")))

    def _put(self, text: str) -> None:
        self.setText(text)
        self.setCursorPosition(len(text) if self.hasFocus() else 0)

    def _mark(self, *, wrong: bool = False) -> None:
        """Shows whether what stands here is said already."""
        unsaid = self.text() != self._shown
        self.setToolTip(_("Press Enter to say it.") if unsaid else self._shown if "<" not in self._shown else "")
        for name, value in (("unsaid", unsaid), ("wrong", wrong)):
            self.setProperty(name, value)
        theme.polish(self)

    def _say(self) -> None:
        typed = self.text()

        def said(status: str) -> None:
            self._shown = status
            if self.text() == typed:
                self._put(status)
                if self.hasFocus():
                    self.left.emit()
            self._mark()

        self._bridge.ask(self._bridge.engine.say_status(typed), said, self._failed)

    def _failed(self, fault: UserError) -> None:
        self._mark(wrong=True)
        self._bridge.tell_fault(fault)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where nobody writes, what does not fit ends in an ellipsis."""
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        style = self.style()
        room = style.subElementRect(QStyle.SubElement.SE_LineEditContents, option, self).adjusted(2, 0, -2, 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        if self.hasFocus() or shown == self.text():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        style.drawItemText(painter, room, left, self.palette(), True, shown, QPalette.ColorRole.Text)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Escape is for this line while it has the keyboard, not for the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._put(self._shown)
            self._mark()
            self.left.emit()
        else:
            super().keyPressEvent(event)
