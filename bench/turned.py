"""A clock that a bench turns, put where an engine's process reads the time of day: so a week passes in minutes."""

from __future__ import annotations

import time

import deskblog.engine.vault
import deskblog.net.watch

HOUR = 3_600_000  # ms


class Turned:
    """Stands in for the module `time` where only the time of day is asked for. What waits, waits in real seconds."""

    def __init__(self) -> None:
        self.ahead = 0  # ms

    def time_ns(self) -> int:
        return time.time_ns() + self.ahead * 1_000_000

    def time(self) -> float:
        return self.time_ns() / 1e9

    def turn(self, to: int) -> None:
        """It is that moment, UTC ms; from there it goes on as clocks do."""
        self.ahead = to - time.time_ns() // 1_000_000


class Clocks:
    """The two of an engine's process: the time of day, and what tells whether the PC slept."""

    def __init__(self) -> None:
        self.day, self.sleep = Turned(), Turned()
        deskblog.engine.vault.time = self.day  # type: ignore[assignment, attr-defined]
        deskblog.net.watch.time = self.sleep  # type: ignore[assignment, attr-defined]

    def turn(self, to: int, *, slept: bool = False) -> None:
        """On to that moment; who has `slept` until then is to notice."""
        before = self.day.ahead
        self.day.turn(to)
        self.sleep.ahead += self.day.ahead - before if slept else 0
