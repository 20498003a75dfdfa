"""What lies on a PC's disk, read past the engine."""

from __future__ import annotations

import sqlite3

from deskblog.log import kinds
from tests.simulation.world import Pc


def _rows(pc: Pc, statement: str) -> list[tuple[bytes, ...]]:
    file = pc.disk / "data" / "posts.db"
    if not file.exists():
        return []
    database = sqlite3.connect(file)
    try:
        return database.execute(statement).fetchall()
    finally:
        database.close()


def bodies(pc: Pc) -> set[bytes]:
    """The ids of all entries whose body is there."""
    return {ident for (ident,) in _rows(pc, "SELECT id FROM entry WHERE body IS NOT NULL")}


def texts(pc: Pc) -> set[str]:
    """The texts of all bodies, whether they count or not."""
    found = _rows(pc, "SELECT body FROM entry WHERE body IS NOT NULL")
    return {text for (body,) in found if (text := text_in(body))}


def lacking(pc: Pc) -> set[bytes]:
    """The ids of all entries whose body is not there."""
    return {ident for (ident,) in _rows(pc, "SELECT id FROM entry WHERE body IS NULL")}


def texts_of(pc: Pc, ids: set[bytes]) -> set[str]:
    """The texts of those of the entries whose body is there."""
    found = _rows(pc, "SELECT id, body FROM entry WHERE body IS NOT NULL")
    return {text for ident, body in found if ident in ids and (text := text_in(body))}


def files(pc: Pc) -> set[str]:
    """What the files beside posts say, whole or not."""
    lying = [path for path in (pc.disk / "data" / "blobs").rglob("*") if path.is_file()]
    return {path.read_bytes().rstrip(b"\0").decode() for path in lying}


def withdrawn(pc: Pc) -> set[str]:
    """The ids of all that is withdrawn."""
    return {target.hex() for (target,) in _rows(pc, "SELECT target FROM withdrawal")}


def text_in(body: bytes) -> str:
    for kind in ("answer", "announcement", "post"):
        content = kinds.decode_body(kind, body)
        if isinstance(content, kinds.Shown):
            return content.text
    return ""
