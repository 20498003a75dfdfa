"""What the office's acts do to what is shown: the same whatever came first, and again after `rebuild`."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.act import Act
from deskblog.store.store import Store
from deskblog.values import Row, View
from tests.log.chronicle import Chronicle, device
from tests.store.diary import MINUTE, NOON, Diary, Shelf, borders, without_bodies


# --- acts ---------------------------------------------------------------------------------------------------
def test_acts_come_back_as_they_were_kept_parents_first(shelf: Shelf) -> None:
    shelf.book.admit("xavier")
    shelf.learn()
    shelf.store.add_acts(tuple(shelf.book.acts), shelf.office)
    assert shelf.store.load_acts() == tuple(shelf.book.acts)
    assert shelf.store.database.row("PRAGMA synchronous")[0] == 2, "FULL"


def test_a_store_without_an_office_has_no_acts(tmp_path: Path) -> None:
    store = Store.open(tmp_path, device("anne"), lambda: NOON)
    assert store.load_acts() == () and store.timeline().rows == ()
    store.close()


def test_the_name_shown_is_the_name_now(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("hello")
    shelf.take(bruno)
    shelf.book.name("bruno", "Bruno M.")
    shelf.learn()
    (row,) = shelf.store.timeline().rows
    assert (row.person, row.person_id) == ("Bruno M.", shelf.book.persons["bruno"].hex())
    shelf.store.close()
    shelf.open()
    assert shelf.store.timeline().rows == (row,)


def test_who_has_no_name_yet_is_shown_by_the_beginning_of_their_id(shelf: Shelf, book: Chronicle) -> None:
    book.admit("xavier")
    shelf.learn()
    diary = Diary(book, "xavier")
    diary.post("hello")
    shelf.take(diary)
    assert shelf.store.timeline().rows[0].person == book.persons["xavier"].hex()[:8]


def test_a_log_whose_admission_has_not_come_is_shown_once_it_has(shelf: Shelf, book: Chronicle) -> None:
    office = shelf.office
    book.admit("xavier")
    diary = Diary(book, "xavier")
    diary.posts(2)
    assert shelf.store.ingest(diary.name, diary.held, office).rows == ()
    assert shelf.texts() == []
    shelf.learn()
    assert shelf.texts() == ["post 1", "post 0"]


def test_no_act_makes_a_log_somebodys_whose_opening_is_not_here(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(2)
    shelf.take(bruno, [*without_bodies(bruno.held[:1]), *bruno.held[1:]])
    shelf.book.name("bruno", "Bruno M.")
    shelf.learn()
    shelf.store.rebuild(shelf.office)
    assert shelf.texts() == []


def test_of_a_removed_person_is_shown_what_lies_within_the_border(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    second = Diary(shelf.book, "bruno", 2)
    for diary, word in ((bruno, "first"), (second, "second"), (anne, "anne")):
        diary.posts(3, word + " {n}")
        shelf.take(diary)
    shelf.book.remove("bruno", heads=borders((bruno, 3)))
    shelf.learn()
    assert sorted(shelf.texts()) == ["anne 0", "anne 1", "anne 2", "first 0", "first 1"]
    shelf.book.write("anne", a.Border(borders((second, 2))))
    shelf.learn()
    assert sorted(shelf.texts()) == ["anne 0", "anne 1", "anne 2", "first 0", "first 1", "second 0"]


def test_what_comes_after_a_border_is_kept_but_not_shown(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(2)
    shelf.take(bruno)
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    taken = shelf.store.ingest(bruno.name, [bruno.post("too late")], shelf.office)
    assert taken.rows == () and not taken.spread
    (ends,) = shelf.store.heads(shelf.office).values()
    assert (ends.counted, ends.aside, ends.limit) == ((bruno.held[1].entry.point,), (bruno.end,), 2)
    assert shelf.texts() == ["post 0"]
    assert shelf.heads()[bruno.name] == bruno.end


def test_a_new_fold_touches_only_the_logs_it_names(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    for diary in (bruno, anne):
        diary.posts(50)
        shelf.take(diary)
    shelf.book.name("anne", "Anne M.")
    said: list[str] = []
    shelf.store.database.trace(said.append)
    shelf.learn()
    assert not any("timeline" in line or "words" in line for line in said)
    said.clear()
    shelf.book.remove("bruno", heads=borders((bruno, 51)))
    shelf.learn()
    shelf.store.database.trace(None)
    n = shelf.store.database.row("SELECT n FROM log WHERE device = ?", (device("anne"),))[0]
    assert not any(f"log = {n}" in line for line in said if "timeline" in line)
    assert len(shelf.texts()) == 100


def test_merged_persons_show_as_one(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    bruno.post("hello")
    shelf.take(bruno)
    merged = sorted(shelf.book.persons[name] for name in ("bruno", "anne"))
    shelf.book.write("anne", a.Merge(tuple(merged)))
    shelf.learn()
    (row,) = shelf.store.timeline().rows
    assert row.person_id == merged[0].hex() and row.mine


def test_answers_stand_behind_a_question_that_went_and_came_again(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    """Far ahead of the clock it sorts at its arrival, and arrives twice: the second time later."""
    asked = bruno.say(kinds.Question("asked"), at=NOON + 60 * MINUTE)
    anne.answer(asked, "answered", at=NOON - MINUTE)
    shelf.take(bruno)
    shelf.take(anne)
    before = [shelf.book.acts[-1]]
    removal = shelf.book.remove("bruno", by="chloe", after=before)
    shelf.learn()
    assert shelf.texts() == ["answered"]
    shelf.now += 30 * MINUTE
    shelf.book.remove("chloe", by="anne", after=before)
    shelf.learn()
    assert removal.id not in shelf.office.standing, "void: its author was removed by one who did not know of it"
    assert shelf.texts() == ["answered", "asked"]


# --- rebuild ------------------------------------------------------------------------------------------------
def test_rebuild_makes_every_view_anew_from_what_is_kept(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    asked = bruno.say(kinds.Question("Who is in?"))
    anne.answer(asked, "me")
    bruno.posts(20)
    for diary in (anne, bruno):
        shelf.take(diary)
    before: tuple[Row, ...] = shelf.store.timeline(limit=99).rows
    with shelf.store.database.transaction(durable=False):
        shelf.store.database.run("DELETE FROM timeline WHERE key % 3 = 0")
        shelf.store.database.run("UPDATE timeline SET text = 'spoiled' WHERE key % 2 = 0")
        shelf.store.database.run("INSERT INTO words (words) VALUES ('rebuild')")
        shelf.store.database.run("DELETE FROM person")
        shelf.store.database.run("UPDATE log SET person = NULL")
    shelf.store.close()
    shelf.open()
    shelf.store.rebuild(shelf.office)
    assert shelf.store.timeline(limit=99).rows == before
    assert shelf.found("spoiled") == [] and shelf.found("who") == ["Who is in?"]
    with shelf.store.database.transaction(durable=False):
        shelf.store.database.run("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


def test_an_empty_store_can_be_rebuilt(shelf: Shelf) -> None:
    shelf.store.rebuild(shelf.office)
    assert shelf.texts() == []


# --- one result, whatever came first ------------------------------------------------------------------------
@pytest.mark.parametrize("order", [*itertools.permutations(range(4))])
def test_acts_and_logs_in_any_order_end_in_one_timeline(
    book: Chronicle, tmp_path: Path, order: tuple[int, ...]
) -> None:
    old = list(book.acts)
    bruno, xavier = Diary(book, "bruno"), Diary(book, "chloe")
    asked = bruno.post("0", at=NOON)
    xavier.answer(asked, "1", at=NOON - 9)
    bruno.post("past the border", at=NOON + 5)
    removal: Act = book.remove("bruno", heads=borders((bruno, 2)))
    late = book.name("chloe", "Chloé V.")
    book.acts = old
    shelf = Shelf(tmp_path, book)

    def learn(*acts: Act) -> None:
        book.acts += [act for act in acts if act not in book.acts]
        shelf.learn()

    steps = (
        lambda: learn(removal), lambda: learn(removal, late), lambda: shelf.take(bruno), lambda: shelf.take(xavier)
    )  # fmt: skip
    for step in order:
        steps[step]()
    rows = shelf.store.timeline().rows
    assert [(row.text, row.person) for row in rows] == [("1", "Chloé V."), ("0", "Bruno")]
    shelf.store.close()


def test_the_acts_have_a_second_copy_that_heals_an_emptied_store(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("hello")
    shelf.take(bruno)
    shelf.store.close()
    (shelf.folder / "posts.db").unlink()
    store = shelf.open()
    assert store.load_acts() == tuple(shelf.book.acts)
    shelf.take(bruno)
    assert [(row.text, row.person) for row in store.timeline().rows] == [("hello", "Bruno")]
    assert store.database.row("SELECT count(*) FROM act")[0] == len(shelf.book.acts)


@pytest.mark.parametrize("spoiled", [b"", b"\xc1", b"\x91\x92\xc4\x01x\xc4\x40" + bytes(64)])
def test_a_spoiled_second_copy_is_no_copy(shelf: Shelf, spoiled: bytes) -> None:
    shelf.store.close()
    (shelf.folder / "posts.db").unlink()
    (shelf.folder / "office.acts").write_bytes(spoiled)
    store = Store.open(shelf.folder, shelf.me, lambda: NOON)
    assert store.load_acts() == ()
    store.close()


def test_who_is_not_in_the_office_yet_has_written_nothing(tmp_path: Path, book: Chronicle, bruno: Diary) -> None:
    shelf = Shelf(tmp_path, book, me="xavier")
    bruno.post("hello")
    shelf.take(bruno)
    assert shelf.texts() == ["hello"]
    assert shelf.store.timeline(view=View.MINE).rows == ()
    shelf.store.close()


# --- small things -------------------------------------------------------------------------------------------
def test_small_things_are_remembered(shelf: Shelf) -> None:
    assert shelf.store.get("draft") == "" and shelf.store.get("draft", "none") == "none"
    shelf.store.put("draft", "l’été 🎂\x00\n")
    shelf.store.put("draft", "l’été 🎂\x00")
    shelf.store.close()
    shelf.open()
    assert shelf.store.get("draft") == "l’été 🎂\x00"
