"""Time is for showing: stamps that heal with the clock, and the key the timeline is ordered by. Milliseconds UTC."""

from __future__ import annotations

AHEAD = 5 * 60 * 1000  # an entry further ahead than this sorts at its arrival


def stamp(now: int, latest: int) -> int:
    """The time of a new entry: after all that is held, unless what is held is far in the future.

    `latest` is the greatest time held that is at most `now + AHEAD` (0 if none), one's own former times included: so
    a clock that was a year ahead heals as soon as it is set right.
    """
    return max(now, latest + 1) if latest <= now + AHEAD else now


def sorts_at(time: int, arrival: int) -> int:
    """Where an entry sorts here: at its own time, or at its arrival when its author's clock is ahead."""
    return arrival if time > arrival + AHEAD else time
