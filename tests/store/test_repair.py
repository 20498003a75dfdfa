"""Repair and salvage: damage costs what it hit, is said in words, and colleagues give the rest back."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from random import Random

import pytest

from deskblog.store.database import FILE
from deskblog.store.repair import Repaired, repair
from deskblog.store.salvage import salvage
from deskblog.store.store import Store
from tests.store.diary import NOON, Diary, Shelf


def repaired(shelf: Shelf) -> Repaired:
    return repair(shelf.store, shelf.office, shelf.folder, NOON)


def change(shelf: Shelf, statement: str, *values: object) -> None:
    with shelf.store.database.transaction(durable=False):
        shelf.store.database.run(statement, values)


@pytest.fixture
def filled(shelf: Shelf, anne: Diary, bruno: Diary) -> Shelf:
    anne.posts(20, "anne {n}")
    bruno.posts(20, "bruno {n}")
    for held in anne.held:
        shelf.store.append(held, shelf.office)
    shelf.take(bruno)
    return shelf


def test_what_is_sound_stays_as_it_is(filled: Shelf) -> None:
    before = filled.texts()
    done = repaired(filled)
    assert (done.entries, done.dropped, done.wanted, done.aside) == (42, 0, 0, None)
    assert filled.texts() == before


def test_a_damaged_entry_and_what_follows_it_is_put_aside_and_wanted_again(filled: Shelf, anne: Diary) -> None:
    change(filled, "UPDATE entry SET header = x'ff00' WHERE log = 1 AND seq = 11")
    done = repaired(filled)
    assert done.dropped == 11 and done.aside is not None
    lines = [json.loads(line) for line in done.aside.read_text().splitlines()]
    assert [line["seq"] for line in lines] == list(range(11, 22))
    assert filled.store.head(anne.name) == anne.held[9].entry.point
    assert sum(text.startswith("anne") for text in filled.texts()) == 9
    filled.take(anne, anne.held[10:])
    assert sum(text.startswith("anne") for text in filled.texts()) == 20


@pytest.mark.parametrize("damage", ["header = x'ff00' WHERE log = 1 AND seq = 11", "body = x'00' WHERE seq = 1"])
def test_a_log_that_was_damaged_is_written_no_more(filled: Shelf, damage: str) -> None:
    filled.store.put("own-log", "0a")
    repaired(filled)
    assert filled.store.get("own-log") == "0a"
    change(filled, f"UPDATE entry SET {damage}")
    repaired(filled)
    assert filled.store.get("own-log") == ""


def test_a_run_whose_signature_was_damaged_is_put_aside_whole(filled: Shelf, bruno: Diary) -> None:
    change(filled, "UPDATE entry SET signature = zeroblob(64) WHERE log = 2 AND seq = 21")
    assert repaired(filled).dropped == 21
    assert filled.store.head(bruno.name) is None
    filled.take(bruno)
    assert len(filled.texts()) == 40


def test_a_damaged_signature_costs_nothing_where_a_later_one_vouches(filled: Shelf) -> None:
    """Of one's own entries each is signed; one of them can go."""
    before = filled.texts()
    change(filled, "UPDATE entry SET signature = zeroblob(64) WHERE log = 1 AND seq = 11")
    done = repaired(filled)
    assert (done.dropped, done.wanted) == (0, 0) and filled.texts() == before
    assert filled.store.database.row("SELECT signature FROM entry WHERE log = 1 AND seq = 11") == (None,)
    assert repaired(filled).dropped == 0


def test_a_body_that_does_not_fit_is_wanted_again(filled: Shelf, bruno: Diary) -> None:
    change(filled, "UPDATE entry SET body = x'00' WHERE log = 2 AND seq = 5")
    done = repaired(filled)
    assert (done.dropped, done.wanted) == (0, 1)
    assert len(filled.texts()) == 39
    held = bruno.held[4]
    filled.store.fill([(held.entry.id, held.body or b"")], filled.office)
    assert len(filled.texts()) == 40


def begun(shelf: Shelf, diary: Diary) -> None:
    shelf.store.begin_own_log(diary.held[0])
    change(shelf, "UPDATE entry SET body = x'00' WHERE log = 1 AND seq = 1")


def test_the_first_body_of_an_own_log_comes_back_from_its_second_copy(filled: Shelf, anne: Diary) -> None:
    """Without it nobody else can tell whose the log is: not one of its posts would count."""
    begun(filled, anne)
    done = repaired(filled)
    assert (done.dropped, done.wanted) == (0, 0) and len(filled.texts()) == 40
    assert filled.store.opening_body(anne.name) == anne.held[0].body


def test_a_second_copy_that_does_not_fit_either_is_not_taken(filled: Shelf, anne: Diary) -> None:
    begun(filled, anne)
    change(filled, "UPDATE meta SET value = '00' WHERE key LIKE 'opening-%'")
    done = repaired(filled)
    assert done.wanted == 1 and filled.store.opening_body(anne.name) is None


def test_views_that_went_wrong_are_made_anew(filled: Shelf) -> None:
    change(filled, "DELETE FROM timeline WHERE seq % 2 = 0")
    change(filled, "UPDATE log SET person = NULL, last = 3")
    repaired(filled)
    assert len(filled.texts()) == 40 and filled.found("bruno 7") == ["bruno 7"]


# --- salvage ------------------------------------------------------------------------------------------------
def damaged(shelf: Shelf, spoil: int, seed: int) -> Path:
    """The store's file, closed, with some pages written over; what is opened after it."""
    shelf.store.close()
    path = shelf.folder / FILE
    raw = bytearray(path.read_bytes())
    page = 4096
    for place in Random(seed).sample(range(2, len(raw) // page), spoil):
        raw[place * page : (place + 1) * page] = b"\xaa" * page
    path.write_bytes(raw)
    (shelf.folder / (FILE + ".damaged")).touch()
    shelf.open()
    assert shelf.store.set_aside is not None
    return shelf.store.set_aside


@pytest.mark.parametrize("seed", range(12))
def test_what_can_be_read_comes_back_and_what_hangs_on_nothing_is_at_least_readable(filled: Shelf, seed: int) -> None:
    everything = set(filled.texts())
    aside = damaged(filled, 1, seed)
    assert filled.texts() == []
    saved = salvage(aside, filled.store, filled.office)
    loose = {json.loads(line)["text"] for line in saved.loose}
    assert set(filled.texts()) | loose <= everything
    again = salvage(aside, filled.store, filled.office)
    assert again.taken == 0 and again.loose == saved.loose, "twice is as good as once"


def test_behind_a_gap_it_hangs_on_what_colleagues_bring(filled: Shelf, anne: Diary) -> None:
    change(filled, "DELETE FROM entry WHERE log = 1 AND seq BETWEEN 8 AND 10")
    aside = damaged(filled, 0, 1)
    saved = salvage(aside, filled.store, filled.office)
    assert {json.loads(line)["text"] for line in saved.loose} == {f"anne {n}" for n in range(9, 20)}
    assert sum(text.startswith("anne") for text in filled.texts()) == 6
    filled.take(anne, anne.held[7:10])
    more = salvage(aside, filled.store, filled.office)
    assert more.taken == 11 and more.loose == []
    assert sum(text.startswith("anne") for text in filled.texts()) == 20


def test_what_was_changed_in_a_damaged_file_does_not_come_in(filled: Shelf) -> None:
    change(filled, "UPDATE entry SET body = x'00' WHERE log = 1 AND seq = 3")
    change(filled, "UPDATE entry SET signature = zeroblob(64) WHERE log = 2 AND seq = 21")
    change(filled, "UPDATE log SET seq = 9000000000000 WHERE n = 2")
    aside = damaged(filled, 0, 1)
    database = sqlite3.connect(aside)
    columns = "n, device, number, lead, parent, start, opening, ordinal, seq, id"
    database.execute(
        f"INSERT INTO log ({columns}) SELECT 9, device, number, 'text', NULL, 'x', opening, 1, 1, id FROM log"
        " WHERE n = 1"
    )
    database.commit()
    database.close()
    saved = salvage(aside, filled.store, filled.office)
    assert saved.taken == 21 and len(filled.texts()) == 19
    assert len(filled.store.wanted(9)) == 1


@pytest.mark.parametrize(("spoiled", "posts"), [("", 40), ("zz", 20), ("00", 20)])
def test_a_salvaged_log_is_opened_by_its_second_copy(filled: Shelf, anne: Diary, spoiled: str, posts: int) -> None:
    begun(filled, anne)
    if spoiled:
        change(filled, "UPDATE meta SET value = ? WHERE key LIKE 'opening-%'", spoiled)
    aside = damaged(filled, 0, 1)
    assert salvage(aside, filled.store, filled.office).taken == 42
    assert len(filled.texts()) == posts


def test_a_file_with_nothing_in_it_gives_nothing(filled: Shelf) -> None:
    aside = damaged(filled, 0, 1)
    aside.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    assert salvage(aside, filled.store, filled.office).taken == 0


def test_the_store_opens_clean_after_repair(filled: Shelf) -> None:
    change(filled, "UPDATE entry SET header = x'ff00' WHERE log = 2 AND seq = 2")
    repaired(filled)
    filled.store.close()
    store = Store.open(filled.folder, filled.me, lambda: NOON)
    store.know(filled.office)
    assert store.count() == 20
    store.close()
