"""The unfinished text of this PC, that outlives the field it is written in."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from deskblog.ui.bridge import Bridge
from deskblog.ui.enclosing import Chosen

SAVE_AFTER = 400  # ms without a key


class Draft(QObject):
    """The one unfinished text of this PC, and what is to go with it, in whichever field; both outlive a restart."""

    changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.chosen = Chosen(bridge, self)
        self.text = ""
        self._saved = ""
        self._timer = QTimer(self, interval=SAVE_AFTER, singleShot=True)
        self._timer.timeout.connect(self.flush)

    def load(self) -> None:
        self._bridge.ask(self._bridge.engine.remembered("draft"), self._loaded)

    def _loaded(self, text: str) -> None:
        if not self.text:
            self._saved = text
            self.set(text)

    def set(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.changed.emit(text)
            self._timer.start()

    def flush(self) -> None:
        """Keeps it now."""
        if self.text != self._saved:
            self._saved = self.text
            self._bridge.ask(self._bridge.engine.remember("draft", self.text))
