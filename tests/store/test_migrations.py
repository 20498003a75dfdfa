"""A store of each earlier version is taken over whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from deskblog.log import kinds
from deskblog.store.database import FILE
from deskblog.store.schema import MIGRATIONS
from tests.log.chronicle import device
from tests.store.diary import Diary, Shelf


def as_of(version: int, file: Path) -> None:
    """Writes a store again in an earlier shape, with all that had a place there."""
    newer = file.rename(file.with_name("newer.db"))
    old = sqlite3.connect(file, isolation_level=None)
    for script in MIGRATIONS[:version]:
        old.executescript(script)
    old.execute("ATTACH ? AS newer", (str(newer),))
    kept = [
        name
        for name, kind in old.execute("SELECT name, sql FROM main.sqlite_master WHERE type = 'table'").fetchall()
        if not name.startswith(("words", "item_words"))
    ]
    for name in kept:
        columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({name})"))
        old.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM newer.{name}")
    indexes = "SELECT name FROM main.sqlite_master WHERE name IN ('words', 'item_words')"
    for (index,) in old.execute(indexes).fetchall():
        old.execute(f"INSERT INTO main.{index} ({index}) VALUES ('rebuild')")
    old.execute(f"PRAGMA user_version = {version}")
    old.close()
    for path in file.parent.glob("newer.db*"):
        path.unlink()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_store_of_an_earlier_version_opens_with_all_it_held(shelf: Shelf, bruno: Diary, version: int) -> None:
    bruno.posts(30)
    shelf.take(bruno)
    shelf.store.put("draft", "half a thought")
    texts, heads = shelf.texts(), shelf.heads()
    shelf.store.close()
    as_of(version, shelf.folder / FILE)
    store = shelf.open()
    assert store.database.row("PRAGMA user_version")[0] == len(MIGRATIONS)
    assert (shelf.texts(), shelf.heads(), store.get("draft")) == (texts, heads, "half a thought")
    store.addresses.keep(device("bruno"), [("10.0.0.8", 20140, 7)])
    assert store.addresses.all() == [(device("bruno"), "10.0.0.8", 20140, 7)]
    store.addresses.keep(device("bruno"), [])
    assert store.addresses.all() == []
    bruno.post("one more")
    shelf.take(bruno)
    assert "one more" in shelf.texts()


def test_the_index_of_an_earlier_version_is_made_anew_without_places_and_finds_what_it_found(
    shelf: Shelf, bruno: Diary
) -> None:
    bruno.posts(30, "the lift is out of order again {n}")
    gone = bruno.post("the lift is gone")
    shelf.take(bruno)
    shelf.store.close()
    as_of(len(MIGRATIONS) - 1, shelf.folder / FILE)
    store = shelf.open()
    assert "detail=none" in store.database.row("SELECT sql FROM sqlite_master WHERE name = 'words'")[0]
    assert len(shelf.found('"out of order" 2')) == 11, "2 and 20 to 29"
    store.database.run("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    bruno.say(kinds.Withdraw(gone.entry.id))
    shelf.take(bruno)
    assert shelf.found("gone") == []
    store.database.run("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
