"""What can still be read of a database that was set aside damaged goes into the new one, checked as from a colleague.

So one bad page costs what lay on it, not the posts nobody else had yet. What lies behind a gap hangs on nothing until
colleagues have filled it: then salvaging once more takes it. Its texts are written out at once all the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from deskblog import limits
from deskblog.errors import PeerError
from deskblog.log import kinds
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.office import Office
from deskblog.log.run import check_run
from deskblog.store.entries import Held, whole_header
from deskblog.store.store import Store, spare_key
from deskblog.values import DeviceKey, EntryId, LogName, Point

_Row = tuple[bytes, bytes | None, bytes | None]  # header, signature, body
_GAPS = 64  # numbers of chains tried past the last that could be read


class Salvaged(Struct):
    """`taken`: entries put in; `loose`: lines of JSON, the posts read that hang on nothing yet."""

    taken: int = 0
    loose: list[str] = field(default_factory=list)


def salvage(damaged: Path, store: Store, office: Office) -> Salvaged:
    """Takes in what holds; what is there already is passed over."""
    done = Salvaged()
    database = sqlite3.connect(f"file:{damaged}?mode=ro", uri=True)
    try:
        for n, name, lead, start, last in _chains(database):
            rows = [_row(database, n, lead, seq) for seq in range(start, last + 1)]
            rows[:1] = [_opening(database, rows[0])] if start == 1 else rows[:1]
            for first, stretch in _stretches(start, rows):
                _take(store, office, name, first, stretch, done)
    finally:
        database.close()
    return done


def _chains(database: sqlite3.Connection) -> Iterator[tuple[int, LogName, bytes, int, int]]:
    n, missed = 0, 0
    while missed < _GAPS:
        n += 1
        try:
            row = database.execute("SELECT device, number, lead, start, seq FROM log WHERE n = ?", (n,)).fetchone()
        except sqlite3.DatabaseError:
            row = None
        missed = 0 if row else missed + 1
        if (
            row
            and all(isinstance(part, bytes) for part in row[:3])
            and all(isinstance(part, int) for part in row[3:])
        ):
            yield n, LogName(DeviceKey(row[0]), row[1]), row[2], row[3], min(row[4], row[3] + limits.SALVAGED)


def _row(database: sqlite3.Connection, n: int, lead: bytes, seq: int) -> _Row | None:
    asked = "SELECT header, signature, body FROM entry WHERE log = ? AND seq = ?"
    try:
        row = database.execute(asked, (n, seq)).fetchone()
    except sqlite3.DatabaseError:
        return None
    if row is None or not isinstance(row[0], bytes) or not row[0]:
        return None
    return whole_header(lead, row[0]), _bytes(row[1]), _bytes(row[2])


def _opening(database: sqlite3.Connection, row: _Row | None) -> _Row | None:
    """A log's first entry; where its body is gone, with the second copy kept of an own one."""
    try:
        entry = decode_entry(row[0]) if row is not None else None
        if row is None or entry is None or (row[2] is not None and body_fits(entry, row[2])):
            return row
        spare = database.execute("SELECT value FROM meta WHERE key = ?", (spare_key(entry.id),)).fetchone()
        return (*row[:2], bytes.fromhex(spare[0])) if spare else row
    except (PeerError, sqlite3.DatabaseError, TypeError, ValueError):  # whatever stands there now
        return row


def _bytes(value: object) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _stretches(start: int, rows: list[_Row | None]) -> Iterator[tuple[int, list[_Row]]]:
    """(first seq, rows) of what lies together without a gap."""
    part: list[_Row] = []
    for seq, row in enumerate([*rows, None], start):
        if row is not None:
            part.append(row)
        elif part:
            yield seq - len(part), part
            part = []


def _take(store: Store, office: Office, name: LogName, first: int, rows: list[_Row], done: Salvaged) -> None:
    """Run by run, each checked; from the first that does not hold on, the rest is loose."""
    begin = 0
    while begin < len(rows):
        end = next((n + 1 for n in range(begin, len(rows)) if rows[n][1] is not None), len(rows))
        held = _checked(store, office, name, first + begin, rows[begin:end])
        if held is None:
            break
        new = store.missing([one.entry.id for one in held])
        store.ingest(name, held, office)
        done.taken += len(new)
        begin = end
    done.loose += [line for row in rows[begin:] if (line := _text_line(row))]


def _checked(store: Store, office: Office, name: LogName, first: int, rows: list[_Row]) -> list[Held] | None:
    """The run these rows are; None if they are none, or hang on nothing held."""
    try:
        previous = EntryId(decode_entry(rows[0][0]).header.previous)
        after = Point(first - 1, previous) if first > 1 else None
        if after is not None and store.missing([previous]):
            return None
        run = check_run(office.id, name, after, [row[0] for row in rows], rows[-1][1] or b"")
    except PeerError:
        return None
    last = len(rows) - 1
    bodies = [
        body if body is not None and body_fits(entry, body) else None
        for entry, (_raw, _signature, body) in zip(run.entries, rows, strict=True)
    ]
    return [Held(entry, run.signature if n == last else None, bodies[n]) for n, entry in enumerate(run.entries)]


def _text_line(row: _Row) -> str:
    """A post as anybody can read it; nothing for what is no post."""
    raw, _signature, body = row
    try:
        header = decode_entry(raw).header
    except PeerError:
        return ""
    content = kinds.decode_body(header.kind, body) if body is not None else None
    if not isinstance(content, kinds.Worded):
        return ""
    line = {
        "device": header.device.hex(),
        "seq": header.seq,
        "at": header.time,
        "text": kinds.shown_text(content.text),
    }
    return json.dumps(line, ensure_ascii=False)
