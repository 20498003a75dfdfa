"""The world's faults: full, read-only, damaged, locked, of a later version. Told in words; nothing is lost."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deskblog.errors import Unusable
from deskblog.store.database import FILE, Damaged, Database
from deskblog.store.schema import MIGRATIONS
from deskblog.store.store import Store
from tests.log.chronicle import Chronicle, device
from tests.store.diary import NOON, Diary, Shelf
from tests.store.faults import SmallDisk, files_that_may_not_grow, read_only

PAGE = 4096


def explains(fault: Unusable) -> bool:
    """Says what, what was kept and what to do."""
    return bool(fault.what and fault.kept and fault.next_step)


# --- no room ------------------------------------------------------------------------------------------------
@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path)
    yield made
    made.close()


@pytest.fixture
def small(disk: SmallDisk, book: Chronicle) -> Iterator[Shelf]:
    """A store on a small disk."""
    made = Shelf(disk.folder, book)
    yield made
    made.store.close()


def until_full(shelf: Shelf, diary: Diary) -> Unusable:
    """Takes in runs until there is no room for the next."""
    while True:
        diary.posts(64, "a post of some length, number {n}")
        head = shelf.store.head(diary.name)
        try:
            shelf.store.ingest(diary.name, diary.held[head.seq if head else 0 :], shelf.office)
        except Unusable as fault:
            return fault


def test_a_full_disk_is_told_and_nothing_kept_before_is_lost(disk: SmallDisk, small: Shelf, bruno: Diary) -> None:
    bruno.post("before")
    small.take(bruno)
    disk.fill(small.store)
    fault = until_full(small, bruno)
    assert "full" in fault.what and explains(fault)
    kept = small.heads()[bruno.name].seq
    assert kept == len(bruno.held) - 64
    assert len(small.texts()) == kept - 1 and small.texts()[-1] == "before"
    disk.free(small.store)
    small.take(bruno)
    assert len(small.texts()) == len(bruno.held) - 1
    small.store.close()
    small.open()
    assert small.heads() == {bruno.name: bruno.end}


def test_what_a_full_disk_refused_is_shown_rightly_the_next_time(
    disk: SmallDisk, small: Shelf, bruno: Diary, anne: Diary
) -> None:
    """Memory follows the disk, not what was tried: an answer still moves behind its question."""
    small.take(bruno)
    asked = bruno.post("asked", at=NOON)
    anne.answer(asked, "answered", at=NOON - 1000)
    small.take(anne)
    disk.fill(small.store)
    until_full(small, Diary(small.book, "chloe"))
    bruno.posts(64, "a post of some length, number {n}")
    with pytest.raises(Unusable):
        small.take(bruno)
    disk.free(small.store)
    small.take(bruno)
    texts = small.texts()
    assert texts.index("answered") < texts.index("asked")


def test_acts_a_full_disk_refused_do_their_work_the_next_time(disk: SmallDisk, small: Shelf, bruno: Diary) -> None:
    bruno.post("hello")
    small.take(bruno)
    disk.fill(small.store)
    until_full(small, Diary(small.book, "chloe"))
    small.book.remove("bruno")
    for _number in range(60):
        small.book.name("bruno", "B" * 60)
    with pytest.raises(Unusable) as caught:
        small.learn()
    assert explains(caught.value)
    assert "hello" in small.texts()
    disk.free(small.store)
    small.learn()
    assert "hello" not in small.texts()


def test_a_second_copy_of_the_acts_that_finds_no_room_costs_nothing(shelf: Shelf) -> None:
    (shelf.folder / "office.acts").unlink()
    (shelf.folder / "office.acts.part").mkdir()
    shelf.book.name("bruno", "Bruno M.")
    shelf.learn()
    assert shelf.store.load_acts() == tuple(shelf.book.acts)


def test_a_disk_that_gives_up_is_told(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(200)
    size = max(path.stat().st_size for path in shelf.folder.iterdir())
    with files_that_may_not_grow(size), pytest.raises(Unusable) as caught:
        shelf.take(bruno)
    assert "disk" in caught.value.what and explains(caught.value)
    assert shelf.texts() == []
    shelf.take(bruno)
    assert len(shelf.texts()) == 200


# --- may not be written, or not by us -----------------------------------------------------------------------
def test_a_folder_that_may_not_be_written_is_told() -> None:
    def make(folder: Path) -> None:
        Store.open(folder, device("anne"), lambda: NOON).close()

    with read_only(make) as folder, pytest.raises(Unusable) as caught:
        Store.open(folder, device("anne"), lambda: NOON)
    assert "written" in caught.value.what and "--data" in caught.value.next_step and explains(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as caught:
        Store.open(tmp_path / "unplugged", device("anne"), lambda: NOON)
    assert explains(caught.value)


def test_a_store_that_another_program_holds_is_told(shelf: Shelf, bruno: Diary) -> None:
    other = sqlite3.connect(shelf.folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    shelf.store.database.rows("PRAGMA busy_timeout = 0")
    with pytest.raises(Unusable) as caught:
        shelf.take(bruno)
    assert "Another program" in caught.value.what and explains(caught.value)
    other.execute("ROLLBACK")
    other.close()
    shelf.take(bruno)
    assert shelf.heads() == {bruno.name: bruno.end}


# --- written by a later version -----------------------------------------------------------------------------
def test_posts_of_a_newer_version_are_told_and_not_touched(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("from next year")
    shelf.take(bruno)
    with shelf.store.database.transaction(durable=True):
        shelf.store.database.run(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    shelf.store.close()
    before = (shelf.folder / FILE).read_bytes()
    with pytest.raises(Unusable) as caught:
        shelf.open()
    assert "newer" in caught.value.what and explains(caught.value)
    assert not isinstance(caught.value, Damaged)
    assert (shelf.folder / FILE).read_bytes() == before
    assert not list(shelf.folder.glob("*.damaged*"))


def test_a_store_whose_making_was_cut_off_is_made_the_next_time(tmp_path: Path) -> None:
    with files_that_may_not_grow(3 * PAGE), pytest.raises(Unusable):
        Database(tmp_path / FILE)
    database = Database(tmp_path / FILE)
    assert database.row("PRAGMA user_version")[0] == len(MIGRATIONS)
    assert database.row("SELECT count(*) FROM timeline")[0] == 0
    database.close()


# --- damage -------------------------------------------------------------------------------------------------
def spoil(path: Path, what: str) -> None:
    raw = bytearray(path.read_bytes())
    match what:
        case "not a database":
            raw[:] = b"What are you doing?\n" * 500
        case "cut off":
            del raw[len(raw) // 2 // PAGE * PAGE :]
        case "cut within a page":
            del raw[len(raw) // 2 // PAGE * PAGE + 1000 :]
        case "first page":
            raw[100:PAGE] = b"\xa5" * (PAGE - 100)
    path.write_bytes(raw)


@pytest.mark.parametrize("what", ["not a database", "cut off", "cut within a page", "first page"])
def test_a_damaged_file_is_set_aside_and_colleagues_fill_the_new_one(shelf: Shelf, bruno: Diary, what: str) -> None:
    bruno.posts(50)
    shelf.take(bruno)
    shelf.store.put("draft", "half a thought")
    shelf.store.close()
    spoil(shelf.folder / FILE, what)
    damaged = (shelf.folder / FILE).read_bytes()
    store = shelf.open()
    assert store.set_aside is not None and store.set_aside.name.startswith("posts.damaged-2025")
    assert store.set_aside.read_bytes() == damaged
    assert store.load_acts() == tuple(shelf.book.acts), "the office is kept apart"
    assert shelf.heads() == {} and store.timeline().rows == ()
    shelf.take(bruno)
    assert len(shelf.texts()) == 50
    store.close()
    assert shelf.open().set_aside is None


def test_what_lies_beside_a_damaged_file_goes_with_it(shelf: Shelf, bruno: Diary, tmp_path: Path) -> None:
    """Damage was met, then the power went: the last posts are in the write-ahead log."""
    bruno.posts(5)
    shelf.take(bruno)
    shelf.store.database.note_damage()
    cut = tmp_path / "after the power cut"
    cut.mkdir()
    for path in shelf.folder.glob("posts.db*"):
        shutil.copy(path, cut)
    store = Store.open(cut, shelf.me, lambda: NOON)
    assert store.head(bruno.name) is None and store.set_aside is not None
    store.close()
    aside = sqlite3.connect(store.set_aside)
    assert aside.execute("SELECT count(*) FROM timeline").fetchone() == (5,)
    aside.close()


def test_a_second_damaged_file_does_not_take_the_place_of_the_first(shelf: Shelf) -> None:
    for number in range(3):
        shelf.store.close()
        (shelf.folder / FILE).write_bytes(b"%d garbage " % number * 500)
        shelf.open()
    aside = sorted(path.read_bytes()[:1] for path in shelf.folder.glob("posts.damaged-*.db"))
    assert aside == [b"0", b"1", b"2"]


@pytest.mark.parametrize("table", ["log", "person"])
def test_damage_in_what_is_read_at_the_start_is_seen_at_the_start(shelf: Shelf, bruno: Diary, table: str) -> None:
    overwrite(shelf, bruno, table)
    assert shelf.open().set_aside is not None


LOOKS: dict[str, Callable[[Store], object]] = {
    "entry": Store.timeline,
    "timeline": lambda store: store.latest_time(NOON),
    "words_data": lambda store: store.search("post"),
}


@pytest.mark.parametrize(("table", "look"), LOOKS.items())
def test_damage_met_in_use_is_told_and_set_aside_at_the_next_start(
    shelf: Shelf, bruno: Diary, table: str, look: Callable[[Store], object]
) -> None:
    overwrite(shelf, bruno, table)
    store = Store.open(shelf.folder, shelf.me, lambda: NOON)
    assert store.set_aside is None, "opening looks at the first pages only, or it would take minutes"
    with pytest.raises(Unusable) as caught:
        look(store)
    assert "damaged" in caught.value.what and explains(caught.value)
    store.close()
    assert shelf.open().set_aside is not None
    shelf.take(bruno)
    assert len(shelf.texts()) == 50
    shelf.store.close()
    assert shelf.open().set_aside is None


def overwrite(shelf: Shelf, diary: Diary, table: str) -> None:
    """Writes over the first page of a table."""
    diary.posts(50)
    shelf.take(diary)
    (page,) = shelf.store.database.row("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,))
    shelf.store.close()
    with (shelf.folder / FILE).open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"\xa5" * PAGE)


def test_damage_met_while_writing_is_told_and_set_aside_at_the_next_start(shelf: Shelf, bruno: Diary) -> None:
    overwrite(shelf, bruno, "entry")
    store = Store.open(shelf.folder, shelf.me, lambda: NOON)
    with pytest.raises(Damaged) as caught:
        store.ingest(bruno.name, [bruno.post("one more")], shelf.office)
    assert caught.value.fault
    store.close()
    assert shelf.open().set_aside is not None


def test_acts_spoiled_on_the_disk_come_back_from_their_second_copy(shelf: Shelf) -> None:
    with shelf.store.database.transaction(durable=True):
        shelf.store.database.run("UPDATE act SET raw = x'00' WHERE n = 2")
    shelf.store.close()
    store = Store.open(shelf.folder, shelf.me, lambda: NOON)
    with pytest.raises(Unusable):
        store.load_acts()
    store.close()
    store = shelf.open()
    assert store.set_aside is not None
    assert store.load_acts() == tuple(shelf.book.acts)


def test_damage_that_cannot_be_noted_is_told_all_the_same(shelf: Shelf, bruno: Diary) -> None:
    overwrite(shelf, bruno, "timeline")
    store = Store.open(shelf.folder, shelf.me, lambda: NOON)
    (shelf.folder / f"{FILE}.damaged").symlink_to(shelf.folder / "nowhere" / "at all")
    with pytest.raises(Damaged):
        store.timeline()
    store.close()


def test_a_word_of_damage_without_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.damaged").touch()
    Store.open(tmp_path, device("anne"), lambda: NOON).close()
    assert (tmp_path / FILE).exists()


# --- our own faults -----------------------------------------------------------------------------------------
def test_a_wrong_statement_stays_a_raw_error(shelf: Shelf) -> None:
    with pytest.raises(sqlite3.OperationalError):
        shelf.store.database.rows("SELECT nothing FROM nowhere")
    with pytest.raises(sqlite3.IntegrityError), shelf.store.database.transaction(durable=False):
        shelf.store.database.run("INSERT INTO person VALUES (NULL, NULL)")


def test_what_fails_midway_leaves_nothing_behind(shelf: Shelf) -> None:
    def half() -> None:
        with shelf.store.database.transaction(durable=True):
            shelf.store.database.run("INSERT INTO meta VALUES ('half', 'done')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert shelf.store.get("half") == ""
    shelf.store.put("half", "whole")
    assert shelf.store.get("half") == "whole"
