"""Says how many of one's own posts are on this PC alone, once for all that changes within a moment.

A colleague's PC says that it holds a post a few milliseconds after it was written: to count at the post and at each
of these words would keep the store busy while the post is on its way, and show a number that is gone at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from deskblog import events
from deskblog.engine.vault import Vault
from deskblog.errors import Unusable

SOON = 0.1  # seconds


class OnlyHere:
    """Counts when it was told that a post is new, or is held elsewhere."""

    def __init__(self, vault: Vault, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._tell = tell
        self._timer: asyncio.TimerHandle | None = None
        self._counting: asyncio.Task[None] | None = None

    def heard(self, event: events.Event) -> None:
        if isinstance(event, events.Posted) and event.live and any(row.mine for row in event.rows):
            self.count_soon()

    def count_soon(self) -> None:
        """Once, however often it is asked for until then."""
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._begin)

    def waits(self) -> bool:
        """Whether a count is still to begin."""
        return self._timer is not None

    def _begin(self) -> None:
        self._timer = None
        self._counting = asyncio.ensure_future(self.count())

    async def count(self) -> None:
        """Now: how safe it is to close this PC."""
        try:
            self._tell(events.Copied(await self._vault.only_here()))
        except Unusable as fault:  # damage met just now: it is noted, and said
            self._tell(events.Trouble("store", fault.what, fault.kept, fault.next_step))

    async def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._counting is not None:
            await self._counting
