"""How much of what one link says is looked at, a minute. Pure."""

from __future__ import annotations

MINUTE = 60.0


class Tempo:
    """Counts within a minute, and begins anew."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since = 0.0
        self._count = 0

    def allows(self, now: float) -> bool:
        """True, and counted, if one more is looked at; `now` in seconds."""
        if now - self._since >= MINUTE:
            self._since, self._count = now, 0
        self._count += 1
        return self._count <= self._most
