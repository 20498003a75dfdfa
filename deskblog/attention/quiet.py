"""Why nothing should pop up just now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct


class Quiet(Struct, frozen=True):
    """`dnd`: the person told the system not to be disturbed. `locked`: nobody sees the screen. `full_screen`: a talk
    or a film fills it.
    """

    dnd: bool = False
    locked: bool = False
    full_screen: bool = False

    def __or__(self, other: Quiet) -> Quiet:
        return Quiet(self.dnd or other.dnd, self.locked or other.locked, self.full_screen or other.full_screen)


Ask = Callable[[], Awaitable[Quiet]]  # a source: it may fail, and it may never answer
