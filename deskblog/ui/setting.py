"""One line of the preferences: what it is called, what it does, and on its right what changes it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from deskblog.ui import theme
from deskblog.ui.choice import Choice
from deskblog.ui.marks import bare
from deskblog.ui.sheets import Sheet, label
from deskblog.ui.switch import EDGE, Switch

NARROW = 400  # below, what changes it stands beneath its words
LEAST = 176  # of a list, so that most are of one width …
SHORTEST = 100  # … and where there is no room
OPENS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Space)


class Options(Choice):
    """A list of which one holds. `picked`: by the person. Never by a wheel that only scrolled past."""

    picked = Signal(object)

    def __init__(self, options: Sequence[tuple[str, object]], now: object, *, by_arrows: bool = True) -> None:
        """`by_arrows`: an arrow key picks the next, as is usual; else it opens the list."""
        super().__init__()
        self._by_arrows = by_arrows
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        for text, value in options:
            self.addItem(text, value)
        self.take(now)
        self.activated.connect(lambda n: self.picked.emit(self.itemData(n)))

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(theme.scaled(LEAST), 0))

    def minimumSizeHint(self) -> QSize:
        """Less than its longest line, which ends in an ellipsis then."""
        return QSize(min(self.sizeHint().width(), theme.scaled(SHORTEST)), self.sizeHint().height())

    def take(self, value: object) -> None:
        """Shows what holds, which nobody picked here."""
        place = next((n for n in range(self.count()) if self.itemData(n) == value), -1)
        self.setCurrentIndex(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._by_arrows and event.key() in OPENS:
            self.showPopup()
        else:
            super().keyPressEvent(event)


def typed(text: str) -> str:
    """As one would type it in haste."""
    return bare(text.replace("’", "'").replace("œ", "oe"))


class Setting(QWidget):
    """`controls`: what changes it, named by it, but for buttons that say what they do. `words`: others by which one
    would look for it."""

    def __init__(self, name: str, more: str, *controls: QWidget, words: str = "") -> None:
        super().__init__()
        self.name = name
        self._words = words
        self.controls = controls
        self.title = label(name)
        self.more = label(more, theme.SMALL, tone="soft")
        self.title.setBuddy(controls[0])
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.title)
        texts.addWidget(self.more)
        right = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        right.setSpacing(theme.GAP)
        if not isinstance(controls[-1], Switch):
            right.setContentsMargins(0, 0, EDGE, 0)  # ends where a switch does, which has room for its ring
        for control in controls:
            control.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            right.addWidget(control)
            if not control.accessibleName() and not (isinstance(control, QPushButton) and control.text()):
                control.setAccessibleName(name)
            control.setAccessibleDescription(more)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 2, 0, 2)
        self._row.setSpacing(theme.PAD)
        self._row.addLayout(texts, 1)
        self._row.addLayout(right)
        self._right = right

    def say(self, more: str) -> None:
        """What it does, or why it cannot now."""
        self.more.setText(more)
        for control in self.controls:
            control.setAccessibleDescription(more)

    def fits(self, wanted: Sequence[str], heading: str) -> bool:
        """Whether all these words are found in what it is called, what it does, what can be chosen, or its part."""
        chosen = [one.itemText(n) for one in self.controls if isinstance(one, Options) for n in range(one.count())]
        said = typed(" ".join((heading, self.name, self.more.text(), self._words, *chosen)))
        return all(word in said for word in wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = sum(control.sizeHint().width() + theme.GAP for control in self.controls) + EDGE
        beneath = event.size().width() < max(theme.scaled(NARROW), 2 * wide)  # its words need the better half
        direction = QBoxLayout.Direction.TopToBottom if beneath else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != direction:
            self._row.setDirection(direction)
            self._row.setSpacing(6 if beneath else theme.PAD)
            self._right.setAlignment(Qt.AlignmentFlag.AlignLeft if beneath else Qt.AlignmentFlag.AlignRight)
        stacked = beneath and len(self.controls) > 1 and wide > event.size().width()
        self._right.setDirection(QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight)

    def minimumSizeHint(self) -> QSize:
        """It can always be as narrow as with all things one beneath the other."""
        narrow = max(control.minimumSizeHint().width() for control in self.controls)
        return QSize(narrow + EDGE, super().minimumSizeHint().height())


class Section(Sheet):
    """Settings that belong together."""

    def __init__(self, heading: str, *settings: Setting) -> None:
        super().__init__(heading)
        self.heading = heading
        self.settings: list[Setting] = []
        self.box.setSpacing(14)
        for setting in settings:
            self.add(setting)

    def add(self, setting: Setting) -> None:
        """As the last of them."""
        self.settings.append(setting)
        self.box.addWidget(setting)

    def filter(self, text: str) -> int:
        """Leaves those in sight that are looked for; how many they are."""
        wanted = typed(text).split()
        fitting = [setting for setting in self.settings if setting.fits(wanted, self.heading)]
        for setting in self.settings:
            setting.setVisible(setting in fitting)
        self.setVisible(bool(fitting))
        return len(fitting)
