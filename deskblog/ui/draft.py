"""The unfinished text of this PC, that outlives the field it is written in."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from deskblog.ui.aim import Aim
from deskblog.ui.bridge import Bridge
from deskblog.ui.enclosing import Chosen
from deskblog.values import EVERYBODY, Audience

SAVE_AFTER = 400  # ms without a key


class Kept(msgspec.Struct):
    """As it is kept: the text and for whom it was begun, in one, so that they never part."""

    text: str
    to: Audience = EVERYBODY


class Draft(QObject):
    """The one unfinished text of this PC, for whom it is, and what is to go with it, in whichever field; all outlive
    a restart."""

    changed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.chosen = Chosen(bridge, self)
        self.aim = Aim(bridge, self)
        self.text = ""
        self.sending = False  # by one of the fields: what all of them show is not sent twice
        self._saved = Kept("")
        self._read = False
        self._timer = QTimer(self, interval=SAVE_AFTER, singleShot=True)
        self._timer.timeout.connect(self.flush)
        self.aim.changed.connect(self._timer.start)

    def load(self) -> None:
        """Once: later on what is kept is older than what stands here."""
        if not self._read:
            self._read = True
            self._bridge.ask(self._bridge.engine.remembered("draft"), self._loaded)

    def _loaded(self, kept: str) -> None:
        """What was typed already, before the engine was there, stands below it."""
        try:
            self._saved = msgspec.json.decode(kept, type=Kept)
        except msgspec.MsgspecError:
            self._saved = Kept(kept)
        before, both = self._saved.text, self._saved.text.strip() and self.text.strip()
        if both or not self.text.strip():
            self.aim.set(self.aim.merged(self._saved.to, self.aim.to) if both else self._saved.to)
            if self.aim.to.group:
                self.aim.ask_groups()
            self.set(f"{before}\n{self.text}" if both else before)

    def set(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.changed.emit(text)
            self._timer.start()

    def sent(self, text: str) -> None:
        """It is kept as a post; what was typed behind it since then, or in its place, stays."""
        self.set(self.text.removeprefix(text).lstrip())
        self.flush()

    def flush(self) -> None:
        """Keeps it now."""
        now = Kept(self.text, self.aim.to)
        if now != self._saved:
            self._saved = now
            self._bridge.ask(self._bridge.engine.remember("draft", msgspec.json.encode(now).decode()))
