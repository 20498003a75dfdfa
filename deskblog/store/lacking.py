"""What somebody who is not on a link lacks of a log, as far as it is known what they hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from deskblog.log.entry import decode_entry
from deskblog.store.archive import Archive
from deskblog.store.logs import HeldLog
from deskblog.values import EntryId, LogName, Point

_PAGE = 1024  # headers looked at in one piece


def lacking_after(archive: Archive, name: LogName, to: Point, held: Sequence[Collection[Point]]) -> Point | None:
    """After which point of the chain of `to` somebody lacks it, if each somebody holds one of these sets of points.

    Of each the furthest that lies on the chain, and of those the lowest; None: from the beginning.
    """
    path = _path(archive, name, to)
    if not held or path is None:
        return None
    reach = {chain.n: last for chain, _first, last in path}
    placed = archive.entries.placed([point.id for points in held for point in points])

    def furthest(points: Collection[Point]) -> Point | None:
        on_path = []
        for point in points:
            n, seq = placed.get(point.id, (0, 0))
            if seq == point.seq and 0 < seq <= reach.get(n, 0):
                on_path.append(point)
        return max(on_path, default=None)

    found = [furthest(points) for points in held]
    known = [point for point in found if point is not None]
    return min(known) if len(known) == len(found) else None


def older_than(archive: Archive, name: LogName, to: Point, time: int) -> Point | None:
    """The point on the chain of `to` before its first entry of that time (UTC ms) or a later one; None: none is."""
    before: Point | None = None
    for chain, first, last in _path(archive, name, to) or ():
        for start in range(first, last + 1, _PAGE):
            for seq, ident, header in archive.entries.stamps(chain, start, min(start + _PAGE - 1, last)):
                if decode_entry(header).header.time >= time:
                    return before
                before = Point(seq, EntryId(ident))
    return before


def shown_between(archive: Archive, name: LogName, after: Point | None, to: Point) -> int:
    """How many posts stand on the timeline of what follows `after` on the chain of `to`."""
    start = after.seq if after else 0
    return sum(
        archive.entries.shown(chain, max(first, start + 1), last)
        for chain, first, last in _path(archive, name, to) or ()
        if last > start
    )


def _path(archive: Archive, name: LogName, to: Point) -> list[tuple[HeldLog, int, int]] | None:
    """The stretches that lead to a point; None if it is not held (any more)."""
    place = archive.entries.placed([to.id]).get(to.id)
    if place is None or place[1] != to.seq:
        return None
    chain = archive.logs.numbered(place[0])
    return archive.logs.path(chain, to.seq) if chain.name == name else None
