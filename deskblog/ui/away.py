"""Whether the person is at this PC: away after five minutes without a touch, back within two seconds of one.

Away too while the screen is locked, where the system says so.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from deskblog.ui.idle import Idle
from deskblog.ui.rows import now_ms

AFTER = 5 * 60 * 1000  # ms without a touch
HERE_POLL = 30_000  # ms; asking wakes the PC
AWAY_POLL = 2_000


class Away(QObject):
    """`changed(bool)`: the person went away (True) or is back. `back(int)`: they touch the PC again after so many ms,
    through which it may have slept. `unknown`: it cannot be known here; said once."""

    changed = Signal(bool)
    back = Signal(int)
    unknown = Signal()

    def __init__(
        self,
        idle: Callable[[], int | None] | None = None,
        parent: QObject | None = None,
        now: Callable[[], int] = now_ms,
    ) -> None:
        """`idle`: ms since the last touch, None where it cannot be known; by default as this system says. `now`: UTC
        ms, which goes on while the PC sleeps."""
        super().__init__(parent)
        self._idle = Idle().ms if idle is None else idle
        self._now = now
        self._touched: int | None = None
        self.away = self._locked = False
        self._told_unknown = False
        self.timer = QTimer(self, interval=HERE_POLL)
        self.timer.timeout.connect(self.look)

    def start(self) -> None:
        self.timer.start()
        self.look()

    def stop(self) -> None:
        self.timer.stop()

    def lock(self, locked: bool) -> None:
        """The screen was locked: nobody sits here, whoever moves the mouse. Or unlocked: somebody does."""
        self._locked = locked
        idle = self._look()
        if idle is None:
            self._touch(self._now())  # then this is all that is known of touches
        elif not locked:
            self._touch(self._now() - idle)

    def look(self) -> None:
        """Asks, and tells what changed."""
        idle = self._look()
        if idle is not None and not self._locked:
            self._touch(self._now() - idle)

    def _look(self) -> int | None:
        idle = self._idle()
        if idle is None and not self._told_unknown:
            self._told_unknown = True
            self.unknown.emit()
        away = self._locked or (idle is not None and idle >= AFTER)
        if away != self.away:
            self.away = away
            self.changed.emit(away)
        self.timer.setInterval(AWAY_POLL if away and not self._locked else HERE_POLL)
        return idle

    def _touch(self, at: int) -> None:
        gone = at - self._touched if self._touched is not None else 0
        self._touched = at
        if gone >= AFTER:
            self.back.emit(gone)
