"""The graph of acts: one order for one set, and who knew of whom.

`past(e)` is all that is reached from e by `after`. Kept as one integer an act, bit i for act i, so that asking
whether x was known to y is a shift: 5,000 acts take some ten milliseconds. Sets of acts ("masks") are such integers.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

from deskblog.log.act import Act, Found
from deskblog.values import ActId


class Graph:
    """Acts closed under `after`, with one `found`; ValueError otherwise. Their order is a function of the set."""

    def __init__(self, acts: Iterable[Act]) -> None:
        by_id = {act.id: act for act in acts}
        founds = [act for act in by_id.values() if isinstance(act.fields, Found)]
        if len(founds) != 1 or any(not act.after for act in by_id.values() if act is not founds[0]):
            raise ValueError("an office has one founding act")
        self.found = founds[0]
        self.acts: dict[ActId, Act] = {}
        self.index: dict[ActId, int] = {}
        self._past: list[int] = []
        self._order: list[ActId] = []
        self._sort(by_id)

    def _sort(self, by_id: dict[ActId, Act]) -> None:
        waiting = {ident: len(act.after) for ident, act in by_id.items()}
        children: dict[ActId, list[ActId]] = {}
        for ident, act in by_id.items():
            for parent in act.after:
                children.setdefault(parent, []).append(ident)
        ready = [ident for ident, missing in waiting.items() if not missing]
        while ready:
            ident = heapq.heappop(ready)
            self._append(by_id[ident])
            for child in children.get(ident, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    heapq.heappush(ready, child)
        if len(self.acts) != len(by_id):
            raise ValueError("acts without their parents")

    def _append(self, act: Act) -> None:
        past = 0
        for parent in act.after:
            place = self.index[parent]
            past |= self._past[place] | (1 << place)
        self.index[act.id] = len(self._past)
        self.acts[act.id] = act
        self._past.append(past)
        self._order.append(act.id)

    def knew(self, later: ActId, earlier: ActId) -> bool:
        """True if `earlier` is in the past of `later`."""
        return bool((self._past[self.index[later]] >> self.index[earlier]) & 1)

    def knew_all(self, later: ActId, mask: int) -> bool:
        """True if all acts of the mask are in the past of `later`."""
        return not mask & ~self._past[self.index[later]]

    def mask(self, ids: Iterable[ActId]) -> int:
        """These acts as one integer."""
        out = 0
        for ident in ids:
            out |= 1 << self.index[ident]
        return out

    def members(self, mask: int) -> Iterator[ActId]:
        """The acts of a mask, parents first."""
        while mask:
            lowest = mask & -mask
            yield self._order[lowest.bit_length() - 1]
            mask ^= lowest

    def tips(self) -> tuple[ActId, ...]:
        """Acts that no other comes after, ascending."""
        parents = {parent for act in self.acts.values() for parent in act.after}
        return tuple(sorted(self.acts.keys() - parents))

    def missing_for(self, tips: Iterable[ActId]) -> tuple[Act, ...]:
        """All acts neither named by these tips nor in their past, parents first; tips not known are passed over."""
        held = 0
        for tip in tips:
            place = self.index.get(tip)
            if place is not None:
                held |= self._past[place] | (1 << place)
        return tuple(act for ident, act in self.acts.items() if not (held >> self.index[ident]) & 1)

    def latest(self, acts: Iterable[Act]) -> list[Act]:
        """Those that none of the others comes after."""
        out = []
        known = 0  # all that those looked at so far knew; children come before their parents here
        for act in sorted(acts, key=lambda act: self.index[act.id], reverse=True):
            place = self.index[act.id]
            if not (known >> place) & 1:
                out.append(act)
                known |= self._past[place]
        return out
