"""A whole store into a backup, a backup into a new data folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log.act import Act
from deskblog.log.attachment import BlobName
from deskblog.log.entry import decode_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.store import backup as b
from deskblog.store.archive import Archive
from deskblog.store.blobs import Blobs
from deskblog.store.keyfile import write_keys
from deskblog.store.logs import HeldLog
from deskblog.store.store import Store
from deskblog.values import NO_ID, LogName

ACTS = 64  # in one record
KEPT_SETTINGS = ("ui-",)  # of this PC's small things those that a person chose


class Restored(Struct, frozen=True):
    """`aside`: where what was in the folder before lies now; None: nothing was."""

    office: str
    person: str
    posts: int
    folder: Path
    aside: Path | None


def write_backup(
    store: Store, keys: DeviceKeys, office: Office, file: Path, passphrase: str, salt: bytes
) -> b.Written:
    """Writes everything into a file, whole or not at all; `salt`: 16 random bytes. Unusable where it cannot be."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        writer = b.Writer(file, passphrase, salt)
        try:
            writer.add(b.Keys(keys.seed, keys.seal_secret))
            acts = [(act.raw, act.signature) for act in office.acts.values()]
            for start in range(0, len(acts), ACTS):
                writer.add(b.Acts(tuple(acts[start : start + ACTS])))
            for run in stored_runs(store.archive):
                writer.add(run)
            for part in stored_blobs(store.blobs):
                writer.add(part)
            for key, value in store.settings(KEPT_SETTINGS):
                writer.add(b.Setting(key, value))
            size = writer.close()
        except BaseException:
            writer.drop()
            raise
    except OSError as fault:
        raise b.explained(fault, file) from None
    return b.Written(store.count(), len(acts), size)


def stored_runs(archive: Archive) -> Iterator[b.Stored]:
    """All chains in the order they came, each in runs that end in a held signature (or in a border)."""
    for chain in archive.logs.all():
        after = _before(archive, chain)
        part: list[tuple[bytes, bytes | None, bytes | None]] = []
        rows = archive.entries.whole(chain)
        for n, row in enumerate(rows):
            part.append(row)
            if row[1] is not None or n == len(rows) - 1:
                yield _stored(chain.name, after, part)
                last = decode_entry(row[0])
                after, part = (last.header.seq, last.id), []


def stored_blobs(blobs: Blobs) -> Iterator[b.Bytes]:
    """All that are here and that a post names, in parts. One that has rotted is left out: it can be had again."""
    for name, own in blobs.here():
        for offset in range(0, name.size, b.CHUNK) if blobs.folder.right(name) else ():
            data = blobs.folder.read(name, offset, b.CHUNK)
            if data:
                yield b.Bytes(name.hash, name.size, own, offset, data)


def _before(archive: Archive, chain: HeldLog) -> tuple[int, bytes]:
    if chain.parent is None:
        return 0, NO_ID
    parent = archive.logs.numbered(chain.parent)
    while chain.start - 1 < parent.start and parent.parent is not None:
        parent = archive.logs.numbered(parent.parent)
    point = archive.entries.point(parent, chain.start - 1)
    assert point is not None
    return point.seq, point.id


def _stored(log: LogName, after: tuple[int, bytes], rows: list[tuple[bytes, bytes | None, bytes | None]]) -> b.Stored:
    headers = tuple(row[0] for row in rows)
    bodies = tuple(row[2] for row in rows)
    return b.Stored(log.device, log.number, after, headers, rows[-1][1] or b"", bodies)


# --- back -------------------------------------------------------------------------------------------------
def read_backup(file: Path, passphrase: str, folder: Path, now: Callable[[], int]) -> Restored:
    """Makes a data folder of a backup. What is in the folder already is moved aside, never written over.

    All is checked and written beside the folder first: whatever is wrong with the file, nothing half is left.
    """
    part = folder.with_name(folder.name + ".restoring")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True, mode=0o700)
        office, keys, posts = _fill(part, b.read_records(file, passphrase), now)
        aside = _moved_aside(folder, now())
        part.replace(folder)
    except OSError as fault:
        raise b.explained(fault, file) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    person = office.person_of(keys.device) if office is not None else None
    return Restored(office.name if office else "", person.name if person else "", posts, folder, aside)


def _fill(part: Path, records: Iterable[b.Record], now: Callable[[], int]) -> tuple[Office | None, DeviceKeys, int]:
    records = iter(records)
    first = next(records, None)
    if not isinstance(first, b.Keys):
        raise Refused(_("This file is no backup of deskblog."))
    keys = b.keys_of(first)
    write_keys(part, keys)
    store = Store.open(part, keys.device, now, keys=keys)
    try:
        office = _take(store, records)
        return office, keys, store.count()
    finally:
        store.close()


def _take(store: Store, records: Iterator[b.Record]) -> Office | None:
    """Acts, then entries, then settings, each checked as if a colleague had sent it."""
    held: list[Act] = []
    office: Office | None = None
    for record in records:
        match record:
            case b.Acts() if office is None:
                held += b.acts_of(record)
            case b.Stored():
                office = office or _folded(store, held)
                _ingest(store, office, record)
            case b.Bytes():
                store.blobs.put_back(BlobName(record.hash, record.size), record.offset, record.data, own=record.own)
            case b.Setting():
                store.put(record.key, record.value)
            case _:
                raise Refused(_("This file is no backup of deskblog."))
    return office or (_folded(store, held) if held else None)


def _folded(store: Store, acts: Sequence[Act]) -> Office:
    try:
        office = fold(acts)
    except ValueError:
        raise Refused(_("This file is no backup of deskblog.")) from None
    store.add_acts(acts, office)
    return office


def _ingest(store: Store, office: Office, record: b.Stored) -> None:
    log = LogName(record.device, record.number)  # type: ignore[arg-type]
    reach = office.reach(log)
    checked = b.run_of(record, office.id, reach.id if reach is not None else None)
    if checked.run.first == 1 or not store.missing([checked.run.entries[0].header.previous]):  # type: ignore[list-item]
        store.ingest(log, checked.held, office)


def _moved_aside(folder: Path, now: int) -> Path | None:
    if not folder.exists() or not any(folder.iterdir()):
        if folder.exists():
            folder.rmdir()
        return None
    stamp = datetime.fromtimestamp(now / 1000).strftime("%Y%m%d-%H%M%S")
    aside = folder.with_name(f"{folder.name}.before-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = folder.with_name(f"{folder.name}.before-{stamp}-{number}")
    folder.replace(aside)
    return aside
