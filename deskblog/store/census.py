"""How much there is in a store, about: for a report of a fault. It only reads, also beside an engine that runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from deskblog.store.database import FILE
from deskblog.store.schema import MIGRATIONS

SCHEMA: Final = len(MIGRATIONS)
SQLITE: Final = sqlite3.sqlite_version
COUNTED: Final = {"colleagues": "person", "PCs": "log", "entries": "entry", "items of feeds": "item", "files": "blob"}


def census(folder: Path) -> dict[str, int]:
    """What there is of each; nothing where there is no store, or one that cannot be read."""
    file = folder / FILE
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return {
                name: int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for name, table in COUNTED.items()
            }
    except (sqlite3.Error, OSError):
        return {}
