"""Which of a device's logs count, and how far each does: a pure function of what is held and of the acts.

A log is a tree of chains here: one, unless its device signed two entries with one number. What lies before the first
such number counts, and beyond it what the device claims in a later log. A claim counts only if the log it stands in
does, and only for logs of a lower ordinal: settled from the highest ordinal down, claims never go in circles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from deskblog import limits
from deskblog.values import EntryId, Point


class Opening(Struct, frozen=True):
    """Entry 1 of a log, as far as judging goes: `before` names points of the device's earlier logs."""

    number: bytes
    id: EntryId
    ordinal: int
    before: Mapping[bytes, Point]


def accepted(openings: Iterable[Opening]) -> frozenset[EntryId]:
    """Of each ordinal the openings with the lowest ids: four logs at most."""
    of_ordinal: dict[int, list[EntryId]] = {}
    for opening in openings:
        of_ordinal.setdefault(opening.ordinal, []).append(opening.id)
    return frozenset(ident for ids in of_ordinal.values() for ident in sorted(ids)[: limits.LOGS_ORDINAL])


class Chain(Struct, frozen=True):
    """Consecutive entries `start` … `end`, following entry `start - 1` of the chain `parent` (None: of none)."""

    n: int
    parent: int | None
    start: int
    end: int


class Tree:
    """The chains of one log."""

    def __init__(self, chains: Collection[Chain]) -> None:
        self._chains = {chain.n: chain for chain in chains}
        ordered = sorted(chains, key=lambda chain: (chain.start, chain.n))
        self.fork = ordered[1].start if len(ordered) > 1 else 0

    def none(self) -> dict[int, int]:
        """Nothing counts: of each chain the last seq that does, which lies before its start."""
        return {n: chain.start - 1 for n, chain in self._chains.items()}

    def up_to(self, places: Iterable[tuple[int, int]]) -> dict[int, int]:
        """The last seq that counts on each chain if these (chain, seq) and all they follow from do."""
        last = self.none()
        for place, upto in places:
            n: int | None = place
            seq = upto
            while n is not None:
                last[n] = max(last[n], min(seq, self._chains[n].end))
                seq, n = self._chains[n].start - 1, self._chains[n].parent
        return last

    def before_fork(self) -> list[tuple[int, int]]:
        """The places that lie just before the fork."""
        return [(n, self.fork - 1) for n, chain in self._chains.items() if chain.start < self.fork <= chain.end + 1]


def standing_claims(points: Iterable[Point]) -> list[Point]:
    """Of the points claimed for one log those that count: the four lowest ids."""
    return sorted(set(points), key=lambda point: (point.id, point.seq))[: limits.CLAIMED]
