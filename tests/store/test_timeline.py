"""The timeline: newest first by a key that follows time, answers behind what they answer, pages by key."""

from __future__ import annotations

import itertools
import sqlite3

import pytest

from deskblog import limits
from deskblog.errors import Refused
from deskblog.log import kinds
from deskblog.log.clock import AHEAD
from deskblog.store.timeline import TIE_BITS
from deskblog.values import View
from tests.log.chronicle import Chronicle, log_of
from tests.store.diary import MINUTE, NOON, Diary, Shelf, without_bodies


# --- order --------------------------------------------------------------------------------------------------
def test_newest_comes_first_whoever_wrote_and_whenever_it_came(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    for n in range(6):
        (anne, bruno)[n % 2].post(f"{n}", at=NOON - 10 * MINUTE + n)
    shelf.take(bruno)
    shelf.take(anne)
    assert shelf.texts() == ["5", "4", "3", "2", "1", "0"]


def test_the_key_is_the_time_with_something_that_makes_it_unique(shelf: Shelf, bruno: Diary) -> None:
    for n in range(300):
        bruno.post(f"{n}", at=NOON)
    shelf.take(bruno)
    keys = [row.key for row in shelf.store.timeline(limit=300).rows]
    assert len(set(keys)) == 300 == len(shelf.texts())
    assert {key >> TIE_BITS for key in keys} == {NOON}


def test_a_key_taken_already_gives_way_to_the_next(shelf: Shelf, bruno: Diary) -> None:
    shelf.take(bruno)
    tie = int.from_bytes(bruno.post("late", at=NOON).entry.id[:3], "big") >> 4
    taken = NOON << TIE_BITS | tie
    with shelf.store.database.transaction(durable=False):
        for key in (taken, taken + 1):
            shelf.store.database.run("INSERT INTO timeline VALUES (?, 1, 1, 'post', 0, '', NULL, NULL, NULL)", (key,))
    (row,) = shelf.store.ingest(bruno.name, bruno.held[1:], shelf.office).rows
    assert row.key == taken + 2


def test_two_of_a_run_that_want_one_key_get_two(shelf: Shelf, book: Chronicle) -> None:
    """The birthday of 20 bits: 4,000 posts of one millisecond want some key twice."""
    bruno = Diary(book, "bruno")
    for n in range(4000):
        bruno.post(f"{n}", at=NOON)
    wanted = {int.from_bytes(held.entry.id[:3], "big") >> 4 for held in bruno.held[1:]}
    assert len(wanted) < 4000, "the test needs two that want the same"
    shelf.take(bruno)
    assert shelf.store.count() == 4000


def test_an_entry_far_ahead_sorts_at_its_arrival_and_says_its_own_time(shelf: Shelf, bruno: Diary) -> None:
    for n, at in enumerate((NOON + AHEAD + 1, NOON + AHEAD, limits.TIME)):
        bruno.post(f"{n}", at=at)
    shelf.take(bruno)
    rows = {row.text: row for row in shelf.store.timeline().rows}
    assert [rows[text].key >> TIE_BITS for text in "012"] == [NOON, NOON + AHEAD, NOON]
    assert rows["2"].at == limits.TIME


def test_the_latest_time_is_that_of_what_is_shown_up_to_a_moment(shelf: Shelf, bruno: Diary) -> None:
    assert shelf.store.latest_time(NOON) == 0
    bruno.post("a", at=NOON - 2000)
    bruno.post("b", at=NOON + MINUTE)
    shelf.take(bruno)
    assert shelf.store.latest_time(NOON - 2001) == 0
    assert shelf.store.latest_time(NOON - 2000) == shelf.store.latest_time(NOON) == NOON - 2000
    assert shelf.store.latest_time(NOON + AHEAD) == NOON + MINUTE


# --- answers ------------------------------------------------------------------------------------------------
def test_an_answer_says_whom_and_what_it_answers(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(kinds.Question("Which form for travel?" + " please" * 20))
    anne.answer(asked, "The blue one.")
    shelf.take(anne)
    (early,) = shelf.store.timeline().rows
    assert (early.quote, early.answer_to) == ("", asked.entry.id.hex())
    shelf.take(bruno)
    row = shelf.store.timeline().rows[0]
    assert row.text == "The blue one." and row.quote.startswith("Bruno: Which form for travel?")
    assert len(row.quote) <= len("Bruno: ") + 80


def test_answers_come_back_oldest_first(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(kinds.Question("Who is in?"))
    for n in range(3):
        anne.answer(asked, f"{n}")
    anne.answer(anne.held[1], "an answer to an answer")
    shelf.take(bruno)
    shelf.take(anne)
    assert [row.text for row in shelf.store.answers(asked.entry.id.hex())] == ["0", "1", "2"]
    assert shelf.store.answers("00" * 32) == ()


@pytest.mark.parametrize("answered_at", [0, NOON - 5000, NOON - 1000, NOON, limits.TIME])
@pytest.mark.parametrize("asked_at", [NOON - 1000, NOON + MINUTE, limits.TIME])
@pytest.mark.parametrize("answer_first", [False, True])
def test_an_answer_never_stands_before_what_it_answers(
    shelf: Shelf, anne: Diary, bruno: Diary, asked_at: int, answered_at: int, answer_first: bool
) -> None:
    asked = bruno.post("asked", at=asked_at)
    anne.answer(asked, "answered", at=answered_at)
    for diary in (anne, bruno) if answer_first else (bruno, anne):
        shelf.take(diary)
        shelf.now += 1
    assert shelf.texts() == ["answered", "asked"]
    assert shelf.found("answered") == ["answered"]


def test_an_answer_in_the_very_first_run_of_its_log_may_be_dated_back(shelf: Shelf, bruno: Diary) -> None:
    bruno.answer(bruno.post("asked", at=NOON), "answered", at=NOON - 1000)
    taken = shelf.store.ingest(bruno.name, bruno.held, shelf.office)
    assert [row.text for row in taken.rows] == ["asked", "answered"]
    assert shelf.texts() == ["answered", "asked"]


def test_what_moves_behind_a_late_question_is_told_again(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.post("asked", at=NOON)
    anne.answer(asked, "answered", at=NOON - 1000)
    shelf.take(anne)
    old = shelf.store.timeline().rows[0].key
    asked_row, moved = shelf.store.ingest(bruno.name, bruno.held, shelf.office).rows
    assert moved.text == "answered" and moved.key > asked_row.key > old
    assert shelf.store.find(moved.id) == moved


@pytest.mark.parametrize("order", [*itertools.permutations(("anne", "bruno", "chloe"))])
def test_answers_to_answers_stand_in_order_whichever_log_comes_last(
    shelf: Shelf, book: Chronicle, order: tuple[str, ...]
) -> None:
    logs = {name: Diary(book, name) for name in ("anne", "bruno", "chloe")}
    asked = logs["bruno"].post("0", at=NOON)
    first = logs["anne"].answer(asked, "1", at=NOON - 5000)
    second = logs["chloe"].answer(first, "2", at=NOON - 4000)
    logs["bruno"].answer(second, "3", at=NOON - 6000)
    for name in order:
        shelf.take(logs[name])
    assert shelf.texts() == ["3", "2", "1", "0"]


def test_a_long_chain_of_answers_moves_as_a_whole(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    """How long it is, others decide: no recursion may end it."""
    last = bruno.post("0", at=NOON)
    for n in range(1, 1200):
        last = (bruno, anne)[n % 2].answer(last, f"{n}", at=NOON - 2000 - n)
    shelf.take(anne)
    shelf.take(bruno)
    assert shelf.texts() == [f"{n}" for n in range(1199, -1, -1)]


def test_many_answers_dated_back_do_not_try_one_anothers_keys(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.post("asked", at=NOON)
    for n in range(600):
        anne.answer(asked, f"{n}", at=0)
    shelf.take(bruno)
    shelf.take(anne, anne.held[:513])
    said: list[str] = []
    shelf.store.database.trace(said.append)
    for held in anne.held[513:]:
        shelf.store.ingest(anne.name, [held], shelf.office)
    shelf.store.database.trace(None)
    tries = [line for line in said if line.startswith("SELECT 1 FROM timeline")]
    assert len(tries) <= 5
    assert len(shelf.store.answers(asked.entry.id.hex())) == 600


def test_an_answer_waits_where_its_time_says_while_the_question_has_no_body(
    shelf: Shelf, anne: Diary, bruno: Diary
) -> None:
    asked = bruno.post("asked", at=NOON)
    anne.answer(asked, "answered", at=NOON - 1000)
    shelf.take(bruno, [bruno.held[0], *without_bodies([asked])])
    shelf.take(anne)
    assert shelf.texts() == ["answered"]
    rows = shelf.store.fill([(asked.entry.id, asked.body or b"")], shelf.office).rows
    assert [row.text for row in rows] == ["asked", "answered"]
    assert shelf.texts() == ["answered", "asked"]


# --- pages and views ----------------------------------------------------------------------------------------
def test_pages_by_key_bring_every_row_once(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(23)
    shelf.take(bruno)
    sizes, before, seen = [], None, []
    while True:
        page = shelf.store.timeline(before=before, limit=10)
        sizes.append(len(page.rows))
        seen += [row.text for row in page.rows]
        before = page.next_before
        if before is None:
            break
    assert sizes == [10, 10, 3]
    assert seen == [f"post {n}" for n in range(22, -1, -1)]


def test_a_page_that_is_just_full_is_the_last(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(10)
    shelf.take(bruno)
    assert shelf.store.timeline(limit=10).next_before is None
    assert shelf.store.timeline(limit=9).next_before is not None


def test_what_comes_meanwhile_does_not_shift_the_pages(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(10)
    shelf.take(bruno)
    first = shelf.store.timeline(limit=5)
    shelf.take(bruno, [bruno.post("new")])
    second = shelf.store.timeline(limit=5, before=first.next_before)
    assert [row.text for row in second.rows] == [f"post {n}" for n in range(4, -1, -1)]


def test_an_empty_store_has_one_empty_page(shelf: Shelf) -> None:
    for view in View:
        page = shelf.store.timeline(view=view)
        assert (page.rows, page.next_before) == ((), None)
    assert shelf.store.count() == 0


def test_views_show_questions_or_what_i_wrote_on_all_my_logs(shelf: Shelf, book: Chronicle, bruno: Diary) -> None:
    book.admit("laptop", person="anne")
    shelf.learn()
    logs = [Diary(book, "anne", 1), Diary(book, "anne", 2), Diary(book, "laptop")]
    bruno.say(kinds.Question("Who has the key?"))
    for n in range(9):
        logs[n % 3].post(f"mine {n}", at=NOON - MINUTE + n)
    for log in (bruno, *logs):
        shelf.take(log)
    assert [row.text for row in shelf.store.timeline(view=View.QUESTIONS).rows] == ["Who has the key?"]
    page = shelf.store.timeline(view=View.MINE, limit=5)
    assert [row.text for row in page.rows] == [f"mine {n}" for n in (8, 7, 6, 5, 4)]
    assert all(row.mine for row in page.rows)
    rest = shelf.store.timeline(view=View.MINE, before=page.next_before)
    assert [row.text for row in rest.rows] == [f"mine {n}" for n in (3, 2, 1, 0)]
    assert len(shelf.store.timeline(view=View.OFFICE).rows) == len(shelf.store.timeline().rows) == 10


# --- one post -----------------------------------------------------------------------------------------------
def test_a_post_is_found_by_the_beginning_of_its_id(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(30)
    shelf.take(bruno)
    row = shelf.store.timeline().rows[7]
    for beginning in (row.id, row.id.upper(), f" {row.id[:16]} ", row.id[:15]):
        assert shelf.store.find(beginning) == row
    assert shelf.store.find("00" * 32) is None
    assert shelf.store.find(bruno.held[0].entry.id.hex()) is None, "an opening is nothing to show"


def test_a_beginning_that_fits_several_is_refused_with_a_next_step(shelf: Shelf, bruno: Diary) -> None:
    posts = bruno.posts(1200)
    shelf.take(bruno)
    beginnings = [held.entry.id.hex()[:4] for held in posts]
    twice = next(text for text in beginnings if beginnings.count(text) > 1)
    with pytest.raises(Refused) as caught:
        shelf.store.find(twice)
    assert twice in caught.value.what and caught.value.next_step


@pytest.mark.parametrize("text", ["", "abc", "xyz12", "0x1234", "é" * 8, "ab" * 33, "\x00\x00\x00\x00", "\udc80" * 6])
def test_what_is_no_beginning_of_an_id_is_refused(shelf: Shelf, text: str) -> None:
    with pytest.raises(Refused):
        shelf.store.find(text)


# --- what texts may hold ------------------------------------------------------------------------------------
def test_tags_and_mentions_go_along_with_a_row(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("Cake at four @Anne #Cake #cake #lunch")
    shelf.take(bruno)
    (row,) = shelf.store.timeline().rows
    assert (row.tags, row.mentions) == (("cake", "lunch"), ("Anne",))


def test_a_text_is_shown_without_what_turns_or_hides_it(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("\u202ekcab\x00 a\u200bb e\u0301 <b>no</b>")
    shelf.take(bruno)
    assert shelf.texts() == ["kcab ab é <b>no</b>"]
    assert shelf.found("kcab") == shelf.found("ab") == shelf.texts()


def test_a_log_longer_than_sqlite_takes_values_is_shown_anew(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(1100)
    shelf.take(bruno)
    connection = shelf.store.database._connection
    connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # what some builds allow
    shelf.store.rebuild(shelf.office)
    assert shelf.store.count() == 1100
    assert shelf.heads()[log_of("bruno")] == bruno.end
