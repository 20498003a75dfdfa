"""What one has just said and nobody has yet: how long until it leaves, and the way to take it back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout

from deskblog.i18n import _, plural
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.elided import Elided
from deskblog.ui.menus import open_menu
from deskblog.ui.rows import now_ms
from deskblog.values import Waiting

CHOICES = (0, 5, 8, 15, 30)  # seconds
TICK = 250  # ms, while anything waits


class Line(QFrame):
    """One post that waits."""

    def __init__(self, one: Waiting) -> None:
        super().__init__()
        self.one = one
        self.when = QLabel()
        self.when.setFont(theme.font(theme.SMALL))
        self.when.setProperty("tone", "soft" if one.leaves else "error")
        self.text = Elided()
        names = ", ".join(each.name for each in one.attached)
        self.text.setText(" · ".join(part for part in (" ".join(one.text.split()), names) if part))
        self.undo = QPushButton(_("Undo"))
        self.now = QPushButton(_("Send now"))
        for button in (self.undo, self.now):
            button.setProperty("kind", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.when)
        row.addWidget(self.text, 1)
        row.addWidget(self.undo)
        row.addWidget(self.now)
        self.tick()

    def tick(self) -> None:
        left = max(0, -(-(self.one.leaves - now_ms()) // 1000))
        self.when.setText(
            plural("leaves in {n} s", "leaves in {n} s", left) if self.one.leaves else _("could not leave")
        )


class WaitingPosts(QFrame):
    """`taken_back(Waiting)`: it did not leave, and its text is to be written on."""

    taken_back = Signal(object)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.lines: list[Line] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(2)
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)
        self.setToolTip(_("Nobody has it yet. A click with the right button chooses how long posts wait."))
        self.hide()

    def show_waiting(self, waiting: tuple[Waiting, ...]) -> None:
        before = {line.one.id for line in self.lines}
        for line in self.lines:
            self._box.removeWidget(line)
            line.hide()  # it is gone at once for who hears the window, too
            line.deleteLater()
        self.lines = [self._line(one) for one in waiting]
        for line in self.lines:
            self._box.addWidget(line)
            if line.one.id not in before:
                say(self, line.when.text(), urgent=not line.one.leaves)
        self.setVisible(bool(self.lines))

    def _line(self, one: Waiting) -> Line:
        line = Line(one)
        outbox = self._bridge.engine.outbox
        line.undo.clicked.connect(lambda: self._bridge.ask(outbox.undo(one.id), self._undone))
        line.now.clicked.connect(lambda: self._bridge.ask(outbox.send(one.id)))
        return line

    def _undone(self, one: Waiting | None) -> None:
        if one is not None:
            self.taken_back.emit(one)

    def _tick(self) -> None:
        for line in self.lines:
            line.tick()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        open_menu(self.menu(), event.globalPos(), self if by_mouse else None)

    def menu(self) -> QMenu:
        """How long posts wait."""
        menu = QMenu(self)
        outbox = self._bridge.engine.outbox
        for seconds in CHOICES:
            label = plural("Wait {n} second", "Wait {n} seconds", seconds) if seconds else _("Leave at once")
            action = menu.addAction(label)
            action.setCheckable(True)
            action.setChecked(seconds == outbox.seconds)
            action.triggered.connect(partial(self._wait, seconds))
        return menu

    def _wait(self, seconds: int, _on: bool = False) -> None:
        self._bridge.ask(self._bridge.engine.outbox.wait(seconds))
