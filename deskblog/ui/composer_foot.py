"""The lowest line of a composer: what can be done with a post, and the button that sends it.

Where they do not fit beside each other they stand in two lines, and where that is not enough words give way to their
pictures. So it is with large text, in a narrow window, and in a language of long words.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QWidget

SPACE = 12
WORDS = "words"  # the property of a button in which its words stand, seen or not


class ComposerFoot(QWidget):
    """`wordy`: the tools whose words can go; they are a button's property WORDS, and its accessible name has them."""

    def __init__(self, tools: Sequence[QWidget], ends: Sequence[QWidget], wordy: Sequence[QPushButton]) -> None:
        super().__init__()
        self._tools, self._ends, self._wordy = tools, ends, wordy
        left, right = QHBoxLayout(), QHBoxLayout()
        right.addStretch(1)
        for row, widgets in ((left, tools), (right, ends)):
            row.setSpacing(SPACE)
            for widget in widgets:
                row.addWidget(widget)
        left.addStretch(1)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE)
        self._box.addLayout(left)
        self._box.addLayout(right)

    def fit(self, room: int = 0) -> None:
        """At the width there is now, or will be."""
        room, tools, ends = room or self.width(), self._width(self._tools), self._width(self._ends)
        beneath = tools + SPACE + ends > room
        for button in self._wordy:
            words = button.property(WORDS) if tools <= room else ""
            if button.text() != words:
                button.setText(words)
        way = QBoxLayout.Direction.TopToBottom if beneath else QBoxLayout.Direction.LeftToRight
        if self._box.direction() != way:
            self._box.setDirection(way)
            self._box.setSpacing(SPACE // 2 if beneath else SPACE)

    def _width(self, widgets: Sequence[QWidget]) -> int:
        """What they need side by side, with all their words."""
        shown = [one for one in widgets if not one.isHidden() or one in self._ends]  # the counter comes as one writes
        wide = sum(one.sizeHint().width() for one in shown) + SPACE * max(0, len(shown) - 1)
        silent = [one for one in self._wordy if one in shown and not one.text()]
        return wide + sum(one.fontMetrics().horizontalAdvance(one.property(WORDS)) for one in silent)

    def sizeHint(self) -> QSize:
        """As one line."""
        high = max(one.sizeHint().height() for one in (*self._tools, *self._ends))
        return QSize(self._width(self._tools) + SPACE + self._width(self._ends), high)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def event(self, event: QEvent) -> bool:
        """A button came, went, or says something else now."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
