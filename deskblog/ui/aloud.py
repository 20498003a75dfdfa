"""What a screen reader says by itself: posts as they come, and what went wrong.

Whoever hears the window does not see a row appear at its top. What comes alone is read out; what comes in a burst is
counted, for a voice cannot be skimmed. What the person has muted, and the coffee corner, are not spoken of.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from deskblog import events
from deskblog.attention.rules import Show
from deskblog.i18n import plural
from deskblog.ui.bridge import Bridge
from deskblog.ui.spoken import news_text
from deskblog.values import Row

PAUSE = 600  # ms in which more may come, before the first is spoken of …
REST = 5000  # … and between one time and the next


def say(about: QWidget, text: str, *, urgent: bool = False) -> None:
    """Has a screen reader say it, if one is there: when it has finished what it says, or at once."""
    if text and _heard():
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        said = QAccessibleAnnouncementEvent(about, text)
        if urgent:
            said.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(said)


def _heard() -> bool:
    """Whether a screen reader is there. Qt's part for them is loaded when somebody first asks."""
    from PySide6.QtGui import QAccessible

    return QAccessible.isActive()


class Aloud(QObject):
    """Speaks of posts that come while the window is looked at; elsewhere popups do. `speak`: says a text."""

    def __init__(
        self,
        bridge: Bridge,
        window: QWidget,
        looked_at: Callable[[], bool],
        speak: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._looked_at = looked_at
        self._speak = speak or partial(say, window)
        self._rows: list[Row] = []
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tell)

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        if isinstance(event, events.Posted) and event.live and _heard() and self._looked_at():
            for row in event.rows:
                if not row.mine:
                    self._bridge.ask(self._bridge.engine.attention.weigh(row), partial(self._weighed, row))

    def _weighed(self, row: Row, deserves: Show) -> None:
        if deserves >= Show.DOT:
            self._rows.append(row)
            if not self._timer.isActive():
                self._timer.start(PAUSE)

    def _tell(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        self._timer.start(REST)
        self._speak(news_text(rows[0]) if len(rows) == 1 else plural("{n} new post", "{n} new posts", len(rows)))
