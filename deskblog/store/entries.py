"""Entries as they are: headers, signatures and bodies, given out byte for byte as they came.

All version 1 headers of a log begin with the same 80 bytes: version, office, device, log number. They are kept once,
with the log; of a header that begins so only the rest is kept. A rest begins with a number (the seq), a whole header
with the mark of an array, so that one byte tells them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from msgspec import Struct

from deskblog import limits
from deskblog.log import codec
from deskblog.log.entry import Entry, Header
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog
from deskblog.values import EntryId, Point

RUN_BYTES = 56 * 1024  # of headers in one answer: with the rest of the message they fit a frame
_LAST = b"\xff" * 32


class BodyState(IntEnum):
    """A body is held, or is missing for a reason; the numbers below HELD are those of the wire."""

    UNKNOWN = 0
    WANTED = 1
    ERASED = 2
    DROPPED = 3
    HELD = 4


class Held(Struct, frozen=True):
    """A checked entry; `signature` only where it was itself checked, `body` None while it is wanted."""

    entry: Entry
    signature: bytes | None
    body: bytes | None


class Stretch(Struct, frozen=True):
    """Consecutive headers of a log, ending in one whose signature is held."""

    start: int  # the seq of the first
    headers: tuple[bytes, ...]
    signature: bytes  # empty where a border names the last
    ids: tuple[EntryId, ...]


class Entries:
    """Reads and writes the table `entry`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked = b""  # the last wanted body that was asked about

    @staticmethod
    def lead(header: Header) -> bytes:
        """What version 1 headers of the same log begin with."""
        return b"\x9a" + codec.encode((1, header.office, header.device, header.number))[1:]

    def add(self, log: HeldLog, held: Sequence[Held]) -> None:
        """Inside the caller's transaction."""
        self._database.run_many(
            "INSERT INTO entry (log, seq, id, header, signature, body, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    log.n,
                    one.entry.header.seq,
                    one.entry.id,
                    one.entry.raw.removeprefix(log.lead),
                    one.signature,
                    one.body,
                    BodyState.WANTED if one.body is None else BodyState.HELD,
                )
                for one in held
            ],
        )

    def point(self, log: HeldLog, seq: int) -> Point | None:
        row = self._database.row("SELECT id FROM entry WHERE log = ? AND seq = ?", (log.n, seq))
        return Point(seq, EntryId(row[0])) if row else None

    def vouched(self, log: HeldLog, at: int) -> Point:
        """The first point at or past `at` on a chain whose signature is held; its head's always is."""
        row = self._database.row(
            "SELECT seq, id FROM entry WHERE log = ? AND seq >= ? AND signature IS NOT NULL ORDER BY seq LIMIT 1",
            (log.n, at),
        )
        return Point(row[0], EntryId(row[1]))

    def body(self, log: HeldLog, seq: int) -> bytes | None:
        """One body; None if it is not held."""
        row = self._database.row("SELECT body FROM entry WHERE log = ? AND seq = ?", (log.n, seq))
        return row[0] if row else None

    def placed(self, ids: Sequence[bytes]) -> dict[EntryId, tuple[int, int]]:
        """(chain, seq) of those of the entries that are held."""
        rows = self._database.rows_among("SELECT id, log, seq FROM entry WHERE id", ids)
        return {EntryId(ident): (n, seq) for ident, n, seq in rows}

    def stretch(self, path: Sequence[tuple[HeldLog, int, int]], after: int, bordered: bytes = b"") -> Stretch | None:
        """What follows `after` on a path (chain, first, last), to the furthest held signature within a run's size.

        Entry `bordered` needs none: the border that names it vouches for all before it. None if there is nothing.
        """
        rows: list[tuple[bytes, bytes | None, bytes]] = []
        for log, first, last in path:
            if last > after and len(rows) < limits.RUN:
                found = self._database.rows(
                    "SELECT header, signature, id FROM entry WHERE log = ? AND seq >= ? AND seq <= ?"
                    " ORDER BY seq LIMIT ?",
                    (log.n, max(first, after + 1), last, limits.RUN - len(rows)),
                )
                rows += [(whole_header(log.lead, header), signature, ident) for header, signature, ident in found]
        size, end = 0, 0
        headers = [row[0] for row in rows]
        for place, (header, (_kept, signature, _id)) in enumerate(zip(headers, rows, strict=True), 1):
            size += len(header) + 3
            if size > RUN_BYTES:
                break
            if signature is not None:
                end = place
        if bordered and rows and size <= RUN_BYTES and end < len(rows) and rows[-1][2] == bordered:
            return Stretch(after + 1, tuple(headers), b"", tuple(EntryId(r[2]) for r in rows))
        if not end:
            return None
        signature = rows[end - 1][1]
        assert signature is not None
        return Stretch(after + 1, tuple(headers[:end]), signature, tuple(EntryId(r[2]) for r in rows[:end]))

    def bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]:
        """For each id its body, or the BodyState that says why not."""
        marks = ",".join("?" * len(ids))
        rows = self._database.rows(f"SELECT id, body, state FROM entry WHERE id IN ({marks})", list(ids))
        found = {row[0]: (row[1] if row[2] == BodyState.HELD else int(row[2])) for row in rows}
        return [(ident, found.get(ident, int(BodyState.UNKNOWN))) for ident in ids]

    def wanted(self, limit: int) -> tuple[EntryId, ...]:
        """Each time the next ones, and then those at the beginning again: what nobody has stands in nobody's way."""
        wanted = "SELECT id FROM entry WHERE state = 1 AND id > ? AND id <= ? ORDER BY id LIMIT ?"
        rows = self._database.rows(wanted, (self._asked, _LAST, limit))
        rows += self._database.rows(wanted, (b"", self._asked, limit - len(rows)))
        if rows:
            self._asked = rows[-1][0]
        return tuple(EntryId(row[0]) for row in rows)

    def waiting(self, ident: EntryId) -> tuple[int, bytes] | None:
        """(log number, header) of an entry whose body is wanted."""
        row = self._database.row(
            "SELECT e.log, l.lead, e.header FROM entry e JOIN log l ON l.n = e.log WHERE e.id = ? AND e.state = 1",
            (ident,),
        )
        return (row[0], whole_header(row[1], row[2])) if row else None

    def fill(self, ident: EntryId, body: bytes) -> None:
        """Inside the caller's transaction."""
        self._database.run("UPDATE entry SET body = ?, state = ? WHERE id = ?", (body, BodyState.HELD, ident))

    def of_log(self, log: HeldLog) -> list[tuple[bytes, bytes | None]]:
        """(header, body) of a log, oldest first."""
        rows = self._database.rows("SELECT header, body FROM entry WHERE log = ? ORDER BY seq", (log.n,))
        return [(whole_header(log.lead, header), body) for header, body in rows]

    def whole(self, log: HeldLog) -> list[tuple[bytes, bytes | None, bytes | None]]:
        """(header, signature, body) of a chain, oldest first."""
        rows = self._database.rows("SELECT header, signature, body FROM entry WHERE log = ? ORDER BY seq", (log.n,))
        return [(whole_header(log.lead, header), signature, body) for header, signature, body in rows]

    def rows(self, log: HeldLog) -> list[tuple[int, bytes, bytes, bytes | None, bytes | None]]:
        """(seq, id, header, signature, body) of a chain, oldest first, as they lie there."""
        rows = self._database.rows(
            "SELECT seq, id, header, signature, body FROM entry WHERE log = ? ORDER BY seq", (log.n,)
        )
        return [
            (seq, ident, whole_header(log.lead, header), signature, body)
            for seq, ident, header, signature, body in rows
        ]

    def header(self, log: HeldLog, seq: int) -> bytes:
        """One header, which must be held."""
        row = self._database.row("SELECT header FROM entry WHERE log = ? AND seq = ?", (log.n, seq))
        return whole_header(log.lead, row[0])

    def drop_tail(self, log: HeldLog, last: int) -> Point | None:
        """Forgets what lies past `last` on a chain, inside the caller's transaction; where the chain ends now.

        What is needed to vouch for entry `last`, up to the next held signature, stays. None: nothing is left.
        """
        row = self._database.row(
            "SELECT min(seq) FROM entry WHERE log = ? AND seq >= ? AND signature IS NOT NULL", (log.n, last)
        )
        left = row[0] or last if last >= log.start else last
        self._database.run("DELETE FROM entry WHERE log = ? AND seq > ?", (log.n, left))
        return self.point(log, left) if left >= log.start else None

    def stamps(self, log: HeldLog, first: int, last: int) -> list[tuple[int, bytes, bytes]]:
        """(seq, id, header) of a stretch of a chain."""
        rows = self._database.rows(
            "SELECT seq, id, header FROM entry WHERE log = ? AND seq >= ? AND seq <= ? ORDER BY seq",
            (log.n, first, last),
        )
        return [(seq, ident, whole_header(log.lead, header)) for seq, ident, header in rows]

    def shown(self, log: HeldLog, first: int, last: int) -> int:
        """How many entries of a stretch of a chain are on the timeline."""
        found: int = self._database.row(
            "SELECT count(*) FROM entry WHERE log = ? AND seq >= ? AND seq <= ? AND key IS NOT NULL",
            (log.n, first, last),
        )[0]
        return found

    def states(self, ids: Sequence[bytes]) -> list[tuple[EntryId, int, int, BodyState, int | None]]:
        """(id, chain, seq, state, key on the timeline) of those of the entries that are held."""
        rows = self._database.rows_among("SELECT id, log, seq, state, key FROM entry WHERE id", ids)
        return [(EntryId(ident), n, seq, BodyState(state), key) for ident, n, seq, state, key in rows]

    def let_go(self, ids: Sequence[bytes], state: BodyState) -> None:
        """Puts bodies into a state in which they are not held, inside the caller's transaction."""
        self._database.run_many(
            "UPDATE entry SET body = NULL, key = NULL, state = ? WHERE id = ?", [(state, ident) for ident in ids]
        )

    def unsign(self, places: Sequence[tuple[int, int]]) -> None:
        """Forgets signatures, by (chain, seq), inside the caller's transaction: a later one vouches for these."""
        self._database.run_many("UPDATE entry SET signature = NULL WHERE log = ? AND seq = ?", list(places))


def whole_header(lead: bytes, kept: bytes) -> bytes:
    """A header from what is kept of it."""
    return kept if kept[0] & 0xF0 == 0x90 or kept[0] in (0xDC, 0xDD) else lead + kept
