"""A field for an hour of the day."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTime
from PySide6.QtWidgets import QTimeEdit


class Clock(QTimeEdit):
    """`minutes`: since midnight."""

    def __init__(self, minutes: int, name: str) -> None:
        super().__init__(QTime(minutes // 60, minutes % 60))
        self.setAccessibleName(name)
        self.setDisplayFormat("HH:mm")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._fit()

    @property
    def minutes(self) -> int:
        return self.time().hour() * 60 + self.time().minute()

    def show_minutes(self, minutes: int) -> None:
        self.setTime(QTime(minutes // 60, minutes % 60))

    def _fit(self) -> None:
        hour = self.fontMetrics().horizontalAdvance("00:00") + 44  # its own hint leaves its padding out
        self.setFixedWidth(max(hour, self.minimumSizeHint().width()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
