"""What stands before the person's eyes: unread posts that have been in sight for a moment are read."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from deskblog.ui.bridge import Bridge
from deskblog.ui.timeline import TimelineView

MOMENT = 1000  # ms in sight until a post is read
ENOUGH = 40  # pixels of a card's height that are to be in sight, if it is no smaller


class Sight(QObject):
    """Looks once a moment, and only while something unread may be in sight. `looked_at`: the window has the focus."""

    def __init__(self, bridge: Bridge, view: TimelineView, looked_at: Callable[[], bool]) -> None:
        super().__init__(view)
        self._bridge = bridge
        self._view = view
        self._looked_at = looked_at
        self._timer = QTimer(self, interval=MOMENT, singleShot=True)
        self._timer.timeout.connect(self._see)
        self._before: set[str] = set()  # in sight a moment ago
        rows = view.rows
        for moved in (view.verticalScrollBar().valueChanged, rows.rowsInserted, rows.began, rows.dataChanged):
            moved.connect(self.look)

    def look(self, *_what: object) -> None:
        """Something came, moved, or the person came back."""
        if self._looked_at() and not self._timer.isActive() and self._in_sight():
            self._before = self._in_sight()
            self._timer.start()

    def _in_sight(self) -> set[str]:
        """Ids of the unread posts that can be read now."""
        view, height = self._view, self._view.viewport().height()
        found = set()
        first = view.indexAt(view.viewport().rect().topLeft())
        for n in range(max(0, first.row()), view.rows.rowCount()):
            place = view.visualRect(view.rows.index(n))
            if place.top() >= height:
                break
            shown = min(place.bottom(), height) - max(place.top(), 0)
            if view.rows.row_at(n).unread and shown >= min(ENOUGH, place.height()):
                found.add(view.rows.row_at(n).id)
        return found

    def _see(self) -> None:
        if not self._looked_at():
            return
        now = self._in_sight()
        seen = now & self._before
        if seen:
            self._bridge.ask(self._bridge.engine.unread.read(sorted(seen)))
        if now - seen:
            self._before = now
            self._timer.start()
