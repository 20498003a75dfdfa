"""A notification of our own, where the system shows none: a small window that never takes the focus."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.attention.popup import Popup, Press
from deskblog.i18n import _
from deskblog.ui import icons, theme
from deskblog.ui.elided import Elided

WIDE = 340
CROSS = 28
LEFT, RIGHT = 14, 10
STAYS = 12_000  # ms, and as long as the mouse is on it
LONG = re.compile(r"(\S{24})(?=\w)")  # where an address or a word without end may go on in the next line


class Floating(QFrame):
    """What floats above other windows without ever being the one that is typed into."""

    def __init__(self) -> None:
        flags = Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint
        super().__init__(None, flags | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_MacAlwaysShowToolWindow)
        self.setObjectName("popup")
        self.setFixedWidth(theme.scaled(WIDE))


class PopupCard(Floating):
    """`pressed(Press)`: by the mouse, for it has no focus. `over`: its time has come, or it was closed."""

    pressed = Signal(object)
    over = Signal()

    def __init__(self, popup: Popup, app_name: str) -> None:
        super().__init__()
        self.popup = popup
        self.buttons: dict[Press, QPushButton] = {}
        self.setProperty("urgent", popup.urgent)
        self.setWindowTitle(app_name)
        self.setAccessibleName(popup.title)
        self.setAccessibleDescription(popup.text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        box = QVBoxLayout(self)
        box.setContentsMargins(LEFT, 10, RIGHT, 12)
        box.setSpacing(4)
        box.addLayout(self._head(app_name))
        box.addWidget(_words(popup.title, theme.LEAD, strong=True))
        if popup.text:
            box.addWidget(_words(popup.text))
        if popup.answer or popup.got_it:
            box.addSpacing(6)
            box.addLayout(self._foot())
        self.timer = QTimer(self, interval=STAYS, singleShot=True)
        self.timer.timeout.connect(self.over)

    def announce(self) -> None:
        """Shows it where it stands, and has a screen reader say it."""
        self.show()
        if not self.popup.urgent:
            self.timer.start()
        said = QAccessibleAnnouncementEvent(self, f"{self.popup.title}. {self.popup.text}")
        if self.popup.urgent:
            said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)

    def _head(self, app_name: str) -> QHBoxLayout:
        name = Elided()
        name.setText(app_name)
        name.setProperty("tone", "soft")
        name.setFont(theme.font(theme.SMALL))
        close = QPushButton(icons.icon("close", theme.now().soft), "")
        close.setProperty("kind", "quiet")
        theme.fix(close, wide=CROSS, high=CROSS, picture=16)
        close.setCursor(Qt.CursorShape.ArrowCursor)
        close.setAccessibleName(_("Close"))
        close.setToolTip(_("Close"))
        close.clicked.connect(self.over)
        self.close_button = close
        row = QHBoxLayout()
        row.addWidget(name, 1)
        row.addWidget(close)
        return row

    def _foot(self) -> QHBoxLayout:
        wanted = ((self.popup.answer, _("Answer"), Press.ANSWER), (self.popup.got_it, _("Got it"), Press.GOT_IT))
        row = QHBoxLayout()
        row.setSpacing(theme.GAP)
        for there, label, press in wanted:
            if there:
                self.buttons[press] = button = QPushButton(label)
                button.setCursor(Qt.CursorShape.ArrowCursor)
                button.setAccessibleDescription(self.popup.title)
                button.clicked.connect(lambda _checked=False, press=press: self.pressed.emit(press))
                row.addWidget(button)
        row.addStretch(1)
        return row

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(Press.OPEN)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        if not self.popup.urgent:
            self.timer.start()


class MoreLine(Floating):
    """How many there is no room for; a click opens deskblog."""

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.line = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.line.setProperty("tone", "soft")
        self.line.setFont(theme.font(theme.SMALL))
        box = QVBoxLayout(self)
        box.setContentsMargins(LEFT, 7, RIGHT, 7)
        box.addWidget(self.line)

    def say(self, line: str) -> None:
        self.line.setText(line)
        self.setAccessibleName(line)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit()


def _words(text: str, scale: float = theme.BODY, *, strong: bool = False) -> QWidget:
    made = QLabel(LONG.sub("\\1\u200b", text), textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    made.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    room = theme.scaled(WIDE) - LEFT - RIGHT - 2 * 4  # between the widest borders there are
    made.setFixedSize(room, made.heightForWidth(room))
    return made
