"""The files that are read back: keys, acts, backups; damaged ones are somebody's only copy, or a stranger's gift."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import msgspec

from deskblog.store import backup
from deskblog.store.actfile import FILE as ACT_FILE
from deskblog.store.actfile import read_acts, write_acts
from deskblog.store.keyfile import FILE as KEY_FILE
from deskblog.store.keyfile import load_or_make_keys
from tests.fuzz import world
from tests.log.chronicle import keys


@cache
def _folder() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    """In memory where there is such a place."""
    memory = Path("/dev/shm")
    held = tempfile.TemporaryDirectory(prefix="deskblog-fuzz-", dir=memory if memory.is_dir() else None)
    return held, Path(held.name)


def keyfile(data: bytes) -> None:
    folder = _folder()[1]
    (folder / KEY_FILE).write_bytes(data)
    load_or_make_keys(folder)


def backup_read(data: bytes) -> None:
    path = _folder()[1] / "some.backup"
    path.write_bytes(data)
    for record in backup.read_records(path, "a passphrase" if backup.is_sealed(path) else ""):
        match record:
            case backup.Keys():
                backup.keys_of(record)
            case backup.Acts():
                backup.acts_of(record)
            case backup.Stored():
                headers, signature = world.run_of(list(record.headers))
                signed = msgspec.structs.replace(record, headers=tuple(headers), signature=signature)
                backup.run_of(signed, world.office().id, None)
            case _:
                pass


def backup_seeds() -> list[bytes]:
    path = _folder()[1] / "some.backup"
    entries = world.entries()
    writer = backup.Writer(path, "", b"")
    writer.add(backup.Keys(keys("anne").seed, keys("anne").seal_secret))
    writer.add(backup.Acts(world.signed_acts()))
    bodies = tuple(body for _h, _s, body, _k in entries)
    raws = tuple(header for header, _s, _b, _k in entries)
    log, end = world.LOG, entries[-1][1]
    writer.add(backup.Stored(log.device, log.number, (0, bytes(32)), raws, end, bodies))
    writer.add(backup.Setting("language", "fr"))
    writer.close()
    return [path.read_bytes()]


def actfile(data: bytes) -> None:
    folder = _folder()[1]
    (folder / ACT_FILE).write_bytes(data)
    read_acts(folder)


def _written(write: Callable[[Path], object], name: str) -> list[bytes]:
    folder = _folder()[1]
    (folder / name).unlink(missing_ok=True)
    write(folder)
    return [(folder / name).read_bytes()]


def keyfile_seeds() -> list[bytes]:
    return _written(load_or_make_keys, KEY_FILE)


def actfile_seeds() -> list[bytes]:
    return _written(lambda folder: write_acts(folder, world.acts()), ACT_FILE)
