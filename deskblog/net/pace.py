"""How fast one device's entries are taken as news. Nothing is refused: what is more comes in runs, many at one go."""

from __future__ import annotations

from collections import Counter

from deskblog import limits

MINUTE = 60.0  # seconds


class Pace:
    """Counts by author, over all links: a flood costs its reader a few runs, whoever passes it on."""

    def __init__(self) -> None:
        self._since = 0.0
        self._taken: Counter[bytes] = Counter()

    def allows(self, device: bytes, now: float) -> bool:
        """True, and counted, if one more entry of this device may be taken by itself; `now` in seconds."""
        if now - self._since >= MINUTE:
            self._since = now
            self._taken.clear()
        self._taken[device] += 1
        return self._taken[device] <= limits.LIVE_MINUTE
