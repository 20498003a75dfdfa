"""How far each log is held here: what is compared on every link, and where the next entry of a log may hang.

A *frontier* may run ahead of the stored ends while a run is on its way to the disk; digests and offers speak of what
is stored only, for a colleague must never be told of what a power cut could still take.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from deskblog import limits
from deskblog.log import codec
from deskblog.values import Ends, LogName, Point

Line = tuple[bytes, bytes, int, bytes]  # device, log number, seq, entry id


def bucket_of(log: LogName) -> int:
    """0..63: the first six bits of the log's hash."""
    return codec.digest(log.device, log.number)[0] >> 2


class HeadIndex:
    """Stored ends with their 64 bucket digests, and what is on its way to the disk."""

    def __init__(self, heads: Mapping[LogName, Ends]) -> None:
        self._ends: dict[LogName, Ends] = {}
        self._of_device: dict[bytes, list[LogName]] = {}
        self._buckets: list[dict[LogName, Ends]] = [{} for _ in range(limits.BUCKETS)]
        self._digests: list[bytes | None] = [None] * limits.BUCKETS
        self._coming: dict[LogName, Point] = {}
        self._passed: OrderedDict[Point, None] = OrderedDict()  # ends that were gone on from a moment ago
        for log, ends in heads.items():
            self.stored(log, ends)

    def __len__(self) -> int:
        return len(self._ends)

    def stored(self, log: LogName, ends: Ends) -> None:
        """The log ends so on the disk."""
        self._pass(log, ends)
        if log not in self._ends:
            self._of_device.setdefault(log.device, []).append(log)
        self._ends[log] = ends
        place = bucket_of(log)
        self._digests[place] = None
        if ends.counted or ends.fork:
            self._buckets[place][log] = ends
        else:
            self._buckets[place].pop(log, None)
        coming = self._coming.get(log)
        if coming is not None and (coming in ends.leaves or ends.leaves[-1].seq >= coming.seq):
            del self._coming[log]

    def _pass(self, log: LogName, ends: Ends) -> None:
        before = self._ends.get(log)
        if before is not None and len(before.leaves) == len(ends.leaves) == 1 and before.leaves != ends.leaves:
            self._passed[before.leaves[0]] = None
            if len(self._passed) > limits.SHOWN:
                self._passed.popitem(last=False)

    def coming(self, log: LogName, point: Point) -> None:
        """Entries up to `point` were checked and are on their way to the disk."""
        self._coming[log] = point

    def failed(self, log: LogName) -> None:
        """What was coming did not arrive on the disk."""
        self._coming.pop(log, None)

    def ends(self, log: LogName) -> Ends | None:
        return self._ends.get(log)

    def frontier(self, log: LogName) -> Point | None:
        """The furthest end of the log, stored or coming (None: nothing of it is here)."""
        ends = self._ends.get(log)
        return self._coming.get(log) or (ends.leaves[-1] if ends else None)

    def holds(self, log: LogName, point: Point) -> bool:
        """True if the log is known to lead to that point: it is an end, or was one a moment ago."""
        if self._coming.get(log) == point or point in self._passed:
            return True
        ends = self._ends.get(log)
        return ends is not None and (point in ends.leaves or point in ends.counted or point in ends.proof)

    def follows(self, log: LogName, seq: int, previous: bytes) -> Point | None:
        """The end after which an entry with this seq and previous id hangs."""
        ends = self._ends.get(log)
        coming = self._coming.get(log)
        candidates = (*(ends.leaves if ends else ()), *((coming,) if coming else ()))
        return next((point for point in candidates if point.seq == seq - 1 and point.id == previous), None)

    def of_device(self, device: bytes) -> Iterable[tuple[LogName, Ends]]:
        return [(log, self._ends[log]) for log in self._of_device.get(device, ())]

    def logs(self) -> Iterable[tuple[LogName, Ends]]:
        return self._ends.items()

    def buckets(self) -> tuple[bytes, ...]:
        """64 digests of 16 bytes; two stores with the same part of the office have equal ones."""
        return tuple(self._digest(place) for place in range(limits.BUCKETS))

    def digest(self) -> bytes:
        """32 bytes over all buckets."""
        return codec.digest(*self.buckets())

    def _digest(self, place: int) -> bytes:
        known = self._digests[place]
        if known is None:
            lines = tuple(
                (log.device, log.number, ends.fork, tuple((point.seq, point.id) for point in ends.counted))
                for log, ends in sorted(self._buckets[place].items(), key=lambda item: item[0])
            )
            known = self._digests[place] = codec.digest(codec.encode(lines))[:16]
        return known

    def differing(self, theirs: Sequence[bytes]) -> Iterator[Line]:
        """Head lines of the buckets in which `theirs` differ from mine."""
        for place, digest in enumerate(theirs):
            if digest != self._digest(place):
                for log in sorted(self._buckets[place]):
                    yield from self.lines(log)

    def lines(self, log: LogName) -> Iterator[Line]:
        """Where a log ends, for whoever of the office asks: what counts, and the proof if it is forked."""
        ends = self._ends.get(log)
        if ends is not None:
            for point in dict.fromkeys((*ends.counted, *ends.proof)):
                yield _line(log, point)

    def aside(self) -> Iterator[Line]:
        """The ends of all that is set aside."""
        for log, ends in self._ends.items():
            for point in ends.aside:
                yield _line(log, point)


def _line(log: LogName, point: Point) -> Line:
    return (log.device, log.number, point.seq, point.id)


def chunks(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """Head lines cut to what one message holds; at least one (empty) chunk."""
    whole = list(lines)
    return [tuple(whole[i : i + limits.HEADS]) for i in range(0, len(whole), limits.HEADS)] or [()]
