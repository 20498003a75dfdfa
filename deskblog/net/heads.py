"""How far each log is held here: what is compared on every link, and where the next entry of a log must go on.

A *frontier* may run ahead of the stored head while a run is on its way to the disk; digests and offers speak of
stored heads only, for a colleague must never be told of what a power cut could still take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from deskblog import limits
from deskblog.log import codec
from deskblog.values import LogName, Point


def bucket_of(log: LogName) -> int:
    """0..63: the first six bits of the log's hash."""
    return codec.digest(log.device, log.number)[0] >> 2


class HeadIndex:
    """Stored heads with their 64 bucket digests, and the frontiers of what is being stored."""

    def __init__(self, heads: Mapping[LogName, Point]) -> None:
        self._heads: dict[LogName, Point] = {}
        self._buckets: list[dict[LogName, Point]] = [{} for _ in range(limits.BUCKETS)]
        self._digests: list[bytes | None] = [None] * limits.BUCKETS
        self._coming: dict[LogName, Point] = {}
        for log, point in heads.items():
            self.stored(log, point)

    def __len__(self) -> int:
        return len(self._heads)

    def stored(self, log: LogName, point: Point) -> None:
        """The log is on disk up to `point`."""
        held = self._heads.get(log)
        if held is not None and held.seq > point.seq:
            return
        self._heads[log] = point
        place = bucket_of(log)
        self._buckets[place][log] = point
        self._digests[place] = None
        coming = self._coming.get(log)
        if coming is not None and coming.seq <= point.seq:
            del self._coming[log]

    def coming(self, log: LogName, point: Point) -> None:
        """Entries up to `point` were checked and are on their way to the disk."""
        self._coming[log] = point

    def failed(self, log: LogName) -> None:
        """What was coming did not arrive on the disk."""
        self._coming.pop(log, None)

    def head(self, log: LogName) -> Point | None:
        return self._heads.get(log)

    def frontier(self, log: LogName) -> Point | None:
        """The point after which the next entry of the log must follow (None: nothing of it is here)."""
        return self._coming.get(log) or self._heads.get(log)

    def of_device(self, device: bytes) -> dict[LogName, Point]:
        return {log: point for log, point in self._heads.items() if log.device == device}

    def buckets(self) -> tuple[bytes, ...]:
        """64 digests of 16 bytes; two stores with equal heads have equal ones."""
        return tuple(self._digest(place) for place in range(limits.BUCKETS))

    def digest(self) -> bytes:
        """32 bytes over all buckets."""
        return codec.digest(*self.buckets())

    def _digest(self, place: int) -> bytes:
        known = self._digests[place]
        if known is None:
            lines = codec.encode(tuple(_line(log, point) for log, point in sorted(self._buckets[place].items())))
            known = self._digests[place] = codec.digest(lines)[:16]
        return known

    def differing(self, theirs: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int, bytes]]:
        """Head lines of the buckets in which `theirs` differ from mine."""
        for place, digest in enumerate(theirs):
            if digest != self._digest(place):
                for log, point in sorted(self._buckets[place].items()):
                    yield _line(log, point)


def _line(log: LogName, point: Point) -> tuple[bytes, bytes, int, bytes]:
    return (log.device, log.number, point.seq, point.id)


def chunks(lines: Iterable[tuple[bytes, bytes, int, bytes]]) -> list[tuple[tuple[bytes, bytes, int, bytes], ...]]:
    """Head lines cut to what one message holds; at least one (empty) chunk."""
    whole = list(lines)
    return [tuple(whole[i : i + limits.HEADS]) for i in range(0, len(whole), limits.HEADS)] or [()]
