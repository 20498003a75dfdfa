"""Writes one bundle, on the store's thread, step by step: what is in memory is one run, what is on the disk grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from deskblog import limits
from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.log.envelope import seal_stream
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.net import bundle as b
from deskblog.net.heads import Line
from deskblog.store.files import WholeFile
from deskblog.store.lacking import lacking_after, older_than, shown_between
from deskblog.store.store import Store
from deskblog.values import DeviceKey, EntryId, LogName, OfficeId, Point

_STEP = 16  # chunks of the envelope written in one go: other work of the store comes in between

Held = dict[LogName, list[Point]]


def by_log(lines: Sequence[Line]) -> Held:
    """Head lines as points of logs."""
    out: Held = {}
    for device, number, seq, ident in lines:
        out.setdefault(LogName(DeviceKey(device), number), []).append(Point(seq, EntryId(ident)))
    return out


class Packing:
    """`lines`: the ends of what is part of the office here. `held`: what each of some others has, to be left out."""

    def __init__(
        self,
        store: Store,
        keys: DeviceKeys,
        office: Office,
        begun: b.Begun,
        lines: Sequence[Line],
        held: Sequence[Held],
    ) -> None:
        self.posts = self.entries = self.size = 0
        self._store = store
        self._keys = keys
        self._office = office
        self._begun = begun
        self._lines = lines
        self._held = held
        self._out: WholeFile | None = None
        self._sealed: Iterator[bytes] = iter(())

    # --- on the store's thread ----------------------------------------------------------------------------
    def begin(self, file: Path, dice: Callable[[int], bytes]) -> None:
        """Refused for nobody to read it, Unusable where it cannot be written."""
        office = self._office
        self._sealed = seal_stream(OfficeId(office.id), office.seal_keys.values(), self._frames(), dice)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            self._out = WholeFile(file)
        except OSError as fault:
            raise _explained(fault, file) from None

    def step(self, file: Path) -> bool:
        """Writes a little; False once the file stands in its place."""
        assert self._out is not None
        pieces = list(islice(self._sealed, _STEP))
        try:
            for piece in pieces:
                self._out.write(piece)
            if not pieces:
                self._out.close()
        except OSError as fault:
            raise _explained(fault, file) from None
        self.size = self._out.size
        return bool(pieces)

    def drop(self) -> None:
        """It is not wanted, or cannot be."""
        if self._out is not None:
            self._out.drop()

    # --- what is in it ------------------------------------------------------------------------------------
    def _frames(self) -> Iterator[bytes]:
        yield from b.opening_frames(self._keys, self._begun, self._lines[: limits.BUNDLE_HEADS])
        yield from b.act_frames(self._office.acts.values())
        for log, ends in by_log(self._lines).items():
            for to in ends:
                yield from self._log(log, to)

    def _log(self, log: LogName, to: Point) -> Iterator[bytes]:
        after = self._after(log, to)
        self.posts += shown_between(self._store.archive, log, after, to)
        while (found := self._store.read_run(log, (after,) if after else (), to, self._office)) and not isinstance(
            found, int
        ):
            self.entries += len(found.ids)
            yield from b.run_frames(log, found.start, found.headers, found.signature, self._store.bodies(found.ids))
            after = Point(found.start + len(found.ids) - 1, found.ids[-1])
            if after.seq >= to.seq:
                return

    def _after(self, log: LogName, to: Point) -> Point | None:
        archive = self._store.archive
        known = lacking_after(archive, log, to, [held.get(log, []) for held in self._held])
        since = older_than(archive, log, to, self._begun.since) if self._begun.since else None
        return max((point for point in (known, since) if point is not None), default=None)


def _explained(fault: OSError, file: Path) -> Unusable:
    return Unusable(
        _("The file {file} cannot be written: {why}.").format(file=file, why=fault.strerror or fault),
        kept=_("Your posts are kept."),
        next_step=_("Name another place, or make room there."),
    )
