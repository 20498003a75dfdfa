"""Writes this device's own entries, on the store's thread: which log they go into, and what is claimed of old ones.

A log is written on only while nothing speaks against it. A store that is not the last one this device had, a
colleague who holds more of the log, a proof of a fork: then it is never written again, and the next entry opens a new
log, which says how far the old ones are held. Nothing is signed again, no id changes, nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deskblog import limits
from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log import codec, kinds
from deskblog.log.clock import AHEAD, stamp
from deskblog.log.entry import write_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.letter import Letter, write_letter
from deskblog.log.office import Office
from deskblog.log.sealed import KIND
from deskblog.store.store import Held, Ingested, Store
from deskblog.values import Ends, EntryId, LogName, OfficeId, Point

Written = kinds.Content | Letter | bytes  # bytes: the body of a sealed entry, made already
Leave = Callable[[Held, Mapping[LogName, Ends]], None]  # hears of an entry on the disk for good, and its log's ends


def _stay(_held: Held, _ends: Mapping[LogName, Ends]) -> None:
    """Nobody waits for what is written."""


class Pen:
    """The one writer of this device's logs."""

    def __init__(self, keys: DeviceKeys, store: Store, now: Callable[[], int], dice: Callable[[int], bytes]) -> None:
        self._keys = keys
        self._store = store
        self._now = now
        self._dice = dice
        number = store.get("own-log")
        log = LogName(keys.device, bytes.fromhex(number)) if number else None
        usable = log is not None and store.head(log) is not None and not store.fresh_logs
        self.log = log if usable else None  # the log that is written; None: the next entry opens one

    def turn(self) -> None:
        """Never writes into the present log again."""
        self.log = None
        self._store.put("own-log", "")

    def write(self, content: Written, office: Office, leave: Leave = _stay) -> list[tuple[Held, Ingested]]:
        """Writes an entry, and before it the opening of a new log if one is due.

        `leave` hears of each as soon as it is on the disk for good, which is before this returns.
        """
        if self.log is not None and not self._store.goes_on(self.log):
            self.turn()  # this PC was removed and taken back: what it wrote before keeps its border
        written = [] if self.log is not None else [self._open(office, leave)]
        assert self.log is not None
        return [*written, self._append(office, self.log, content, leave)]

    def _open(self, office: Office, leave: Leave) -> tuple[Held, Ingested]:
        admission = office.admission_of(self._keys.device)
        if admission is None:
            raise Refused(
                _("This PC is no longer in the office."),
                kept=_("Everything on this PC is kept."),
                next_step=_("Ask a keyholder to invite it again."),
            )
        own = self._store.own_logs()
        before = sorted((name.number, *_point(max(ends))) for name, _ordinal, ends, _counted in own)[-limits.BEFORE :]
        ordinal = min(max((held[1] for held in own), default=0) + 1, limits.ORDINALS)
        log = LogName(self._keys.device, self._dice(8))
        written = self._append(office, log, kinds.Open(admission, tuple(before), ordinal), leave)
        self._store.begin_own_log(written[0])
        self.log = log
        return written

    def _append(self, office: Office, log: LogName, content: Written, leave: Leave) -> tuple[Held, Ingested]:
        now = self._now()
        kind, body = self._body(content, office)
        replaced = 0 if isinstance(content, bytes) else min(self._store.replaced_by(content), limits.TIME - 1)
        when = max(stamp(now, self._store.latest_time(now + AHEAD)), replaced + 1)
        after = self._store.head(log)
        entry, signature = write_entry(self._keys, OfficeId(office.id), log.number, after, when, kind, body)
        held = Held(entry, signature, body)
        return held, self._store.append(held, office, lambda ends: leave(held, ends))

    def _body(self, content: Written, office: Office) -> tuple[str, bytes]:
        """(kind, body); Refused if a letter cannot be sealed for whom it is meant."""
        if isinstance(content, bytes):
            return KIND, content
        if isinstance(content, Letter):
            me, to, group = self._keys.device, content.persons, content.group
            return KIND, write_letter(office, me, to, content.content, self._dice, group, content.devices)
        return kinds.kind_of(content), kinds.encode_body(content, self._dice(kinds.SALT))

    # --- claims -------------------------------------------------------------------------------------------
    def claim(self, office: Office, leave: Leave = _stay) -> list[tuple[Held, Ingested]]:
        """Claims every end of own forked logs that does not count yet; nothing if there is none, or it was done."""
        uncounted = self._uncounted()
        if not uncounted or not office.is_in(self._keys.device):
            return []
        mark = codec.digest(
            *(end.id for _name, _ordinal, ends, _c in self._store.own_logs() for end in ends[1:])
        ).hex()
        if self._store.get("claimed") == mark:  # more of them than can ever count
            return []
        written = []
        if self.log is None or any(name.number not in self._before() for name, _point in uncounted):
            self.log = None
            written.append(self._open(office, leave))
            uncounted = self._uncounted()
        assert self.log is not None
        points = [(name.number, *_point(point)) for name, point in uncounted]
        for start in range(0, len(points), limits.CLAIMS):
            claim = kinds.Claim(tuple(points[start : start + limits.CLAIMS]))
            written.append(self._append(office, self.log, claim, leave))
        self._store.put("claimed", mark)
        return written

    def _uncounted(self) -> list[tuple[LogName, Point]]:
        return [
            (name, end)
            for name, _ordinal, ends, counted in self._store.own_logs()
            if len(ends) > 1
            for end in ends
            if end not in counted
        ]

    def _before(self) -> frozenset[bytes]:
        """The logs that the present log names as its elders: only of these can it claim."""
        assert self.log is not None
        body = self._store.opening_body(self.log)
        content = kinds.decode_body("open", body) if body is not None else None
        return frozenset(line[0] for line in content.before) if isinstance(content, kinds.Open) else frozenset()


def _point(point: Point) -> tuple[int, EntryId]:
    return point.seq, point.id
