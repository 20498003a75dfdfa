"""Says above a sealed text who alone can read it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from deskblog.ui import icons, theme
from deskblog.ui.aim import sealed_text
from deskblog.ui.elided import Elided
from deskblog.ui.pictured import Pictured


class SealingLine(QFrame):
    """A lock and names."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("sealing")
        self._lock = Pictured(18)
        self.readers = Elided()
        self.readers.setFont(theme.font(theme.SMALL, strong=True))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 4, 0)
        row.setSpacing(6)
        row.addWidget(self._lock)
        row.addWidget(self.readers, 1)
        self.hide()

    def say(self, names: str) -> None:
        self.readers.setText(sealed_text(names))

    def restyle(self) -> None:
        """After a change of theme."""
        self._lock.show_icon(icons.icon("lock", theme.now().on_sealed))
