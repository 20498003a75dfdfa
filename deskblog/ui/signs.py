"""The few signs in a row, beside a post: one press puts one there, or takes one's own back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from deskblog.i18n import _
from deskblog.log.kinds import SIGNS
from deskblog.ui import theme

SIZE = 38
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def names() -> dict[str, str]:
    """What each sign says, for who hears it."""
    return dict(
        zip(SIGNS, (_("Agreed"), _("Thank you"), _("Funny"), _("Well done"), _("Coffee?"), _("Looking")), strict=True)
    )


class SignBar(QFrame):
    """Closes by itself; `chosen` is called with the sign, empty if it was the own one: taken back."""

    def __init__(self, parent: QWidget, mine: str, chosen: Callable[[str], None]) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("signs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._chosen = chosen
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 6)
        row.setSpacing(2)
        self.buttons: list[QPushButton] = []
        for sign, name in names().items():
            button = QPushButton(sign)
            button.setProperty("kind", "quiet")
            button.setFont(theme.font(theme.TITLE))
            theme.fix(button, wide=SIZE, high=SIZE)
            button.setCheckable(True)
            button.setChecked(sign == mine)
            said = _("{name}: take it back").format(name=name) if sign == mine else name
            button.setAccessibleName(said)
            button.setToolTip(said)
            button.clicked.connect(lambda _on, sign=sign: self._choose("" if sign == mine else sign))
            row.addWidget(button)
            self.buttons.append(button)

    def open_at(self, place: QPoint) -> None:
        """Above or below a place, wholly on the screen."""
        self.adjustSize()
        screen = QGuiApplication.screenAt(place) or QGuiApplication.primaryScreen()
        room = screen.availableGeometry()
        x = max(room.left(), min(place.x() - self.width() // 2, room.right() - self.width()))
        y = place.y() + 10 if place.y() + 10 + self.height() < room.bottom() else place.y() - self.height() - 10
        self.move(x, y)
        self.show()
        self.buttons[0].setFocus()

    def _choose(self, sign: str) -> None:
        self._chosen(sign)
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEPS.get(Qt.Key(event.key()))
        focused = self.focusWidget()
        if step is not None and isinstance(focused, QPushButton):
            place = (self.buttons.index(focused) + step) % len(self.buttons)
            self.buttons[place].setFocus()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(focused, QPushButton):
            focused.click()
        else:
            super().keyPressEvent(event)
