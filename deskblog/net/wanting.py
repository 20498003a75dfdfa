"""When colleagues are asked again for bodies that are wanted and that nobody had.

A body may come to be wanted at any time: a withdrawal turns out not to count, a rule keeps posts for longer, a repair
found one damaged. And whom we asked may get it later, from somebody we do not hear. So it is asked for at the next
heartbeat, then ever more rarely: a body that was on a lost disk alone is asked for till the end of days.
"""

from __future__ import annotations

LONGEST = 64  # heartbeats from one question to the next


class Wanting:
    """Counts heartbeats; asks nobody anything itself."""

    def __init__(self) -> None:
        self._pause = 0  # heartbeats to the next question; 0: nothing is wanted, as far as is known
        self._passed = 0

    def again(self) -> None:
        """Something may be wanted, or be had, that was not before."""
        self._pause, self._passed = 1, 0

    def due(self) -> bool:
        """To be called at each heartbeat; True if it is time to ask."""
        self._passed += 1
        return 0 < self._pause <= self._passed

    def asked(self, count: int) -> None:
        """So many bodies were asked for now."""
        self._pause = min(2 * self._pause, LONGEST) if count else 0
        self._passed = 0
