"""Whose word on a feed has turned out wrong, and how often."""

from __future__ import annotations

from collections import Counter

from deskblog.engine.feed_copies import blamed, read_body, same_validators, when
from deskblog.feeds.comparing import compared
from deskblog.feeds.fetching import Fetched
from deskblog.net.feedcopy import Copy
from deskblog.values import DeviceKey

STRIKES = 3  # in a row; sites change while they are asked


class Doubts:
    """Counts by feed and device, since the program began."""

    def __init__(self, me: DeviceKey) -> None:
        self._me = me
        self._strikes: Counter[tuple[bytes, DeviceKey]] = Counter()

    def of(self, copy: Copy) -> bool:
        """Whether it is to be looked at in any case."""
        return any(self._strikes[copy.tag, device] for device in copy.devices)

    async def judge(self, copy: Copy, body: bytes, fetched: Fetched) -> tuple[bool, frozenset[DeviceKey]]:
        """(whether the copy is what the site says, whose word is taken no more). `fetched`: from the site now."""
        if fetched.body == body:
            self._clear(copy, copy.devices)
            return True, frozenset()
        handed = await read_body(fetched.url, copy, body)
        if handed.feed is None or fetched.feed is None:
            return True, frozenset()
        found = compared(handed.feed.items, fetched.feed.items, when(copy.time))
        sure = found.changed and same_validators(copy, fetched)
        guilty = blamed(copy, changed=found.changed, left_out=found.left_out and not sure) - {self._me}
        self._clear(copy, copy.devices - guilty)
        self._strikes.update((copy.tag, device) for device in guilty)
        return not found, frozenset(one for one in guilty if sure or self._strikes[copy.tag, one] >= STRIKES)

    def _clear(self, copy: Copy, devices: frozenset[DeviceKey]) -> None:
        for device in devices:
            del self._strikes[copy.tag, device]
