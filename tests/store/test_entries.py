"""Entries in and out: nothing is lost, nothing is taken twice, bytes come back as they came."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from deskblog import limits
from deskblog.errors import Forged
from deskblog.log import kinds
from deskblog.log.run import check_run
from deskblog.store.entries import RUN_BYTES, BodyState
from deskblog.store.store import Held
from deskblog.values import NO_ID, Ends, EntryId, LogName, Point
from tests.log.chronicle import Chronicle, log_of
from tests.store.diary import Diary, Shelf, as_run, borders, without_bodies


# --- taking in ----------------------------------------------------------------------------------------------
def test_an_own_entry_is_kept_shown_and_flushed_to_the_disk(shelf: Shelf, anne: Diary) -> None:
    shelf.store.append(anne.held[0], shelf.office)
    (row,) = shelf.store.append(anne.post("Good morning"), shelf.office).rows
    assert (row.text, row.person, row.mine, row.kind) == ("Good morning", "Anne", True, "post")
    assert row.id == anne.last.id.hex() and row.device == anne.name.device.hex()
    assert shelf.heads() == {anne.name: anne.end}
    assert shelf.store.database.row("PRAGMA synchronous")[0] == 2, "FULL"


def test_an_own_entry_may_leave_at_its_commit_before_what_is_shown_of_it_is_read(shelf: Shelf, anne: Diary) -> None:
    shelf.store.append(anne.held[0], shelf.office)
    said: list[str] = []
    heard: list[tuple[int, Mapping[LogName, Ends]]] = []
    shelf.store.database.trace(said.append)
    shelf.store.append(anne.post("Good morning"), shelf.office, lambda ends: heard.append((len(said), ends)))
    shelf.store.database.trace(None)
    ((then, ends),) = heard
    committed = said.index("COMMIT")
    assert committed < then and not any(line.startswith("SELECT") for line in said[committed:then])
    assert any(line.startswith("SELECT t.key") for line in said[then:])
    assert {log: one.leaves for log, one in ends.items()} == {anne.name: (anne.end,)}


def test_an_entry_that_is_not_kept_does_not_leave(shelf: Shelf, anne: Diary) -> None:
    with pytest.raises(ValueError, match="does not go on"):
        shelf.store.append(anne.post("before its log"), shelf.office, lambda _ends: pytest.fail("it left"))


def test_what_others_wrote_is_one_commit_a_run(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(20)
    said: list[str] = []
    shelf.store.database.trace(said.append)
    taken = shelf.store.ingest(bruno.name, as_run(bruno.held), shelf.office)
    shelf.store.database.trace(None)
    assert said.count("COMMIT") == 1
    assert shelf.store.database.row("PRAGMA synchronous")[0] == 1, "NORMAL"
    assert taken.ends[bruno.name].leaves == (bruno.end,) and not taken.forked
    assert [row.text for row in taken.rows] == [f"post {n}" for n in range(20)]
    assert not any(row.mine for row in taken.rows)


def test_an_own_entry_is_flushed_also_after_a_run_of_others(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    said: list[str] = []
    shelf.store.database.trace(said.append)
    shelf.take(bruno)
    shelf.store.append(anne.held[0], shelf.office)
    shelf.store.append(anne.post("mine"), shelf.office)
    shelf.store.database.trace(None)
    word = [line for line in said if line.startswith(("PRAGMA synchronous", "BEGIN", "COMMIT"))]
    pair = ["BEGIN IMMEDIATE", "COMMIT"]
    assert word == ["PRAGMA synchronous = NORMAL", *pair, "PRAGMA synchronous = FULL", *pair, *pair]


def test_entries_held_already_are_passed_over(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(5)
    shelf.take(bruno)
    again = shelf.store.ingest(bruno.name, as_run(bruno.held), shelf.office)
    assert (again.rows, again.ends[bruno.name].leaves, again.forked) == ((), (bruno.end,), False)
    bruno.post("new")
    overlapping = shelf.store.ingest(bruno.name, as_run(bruno.held[3:]), shelf.office)
    assert [row.text for row in overlapping.rows] == ["new"]
    assert len(shelf.texts()) == 6


def test_nothing_at_all_is_our_fault(shelf: Shelf, bruno: Diary) -> None:
    with pytest.raises(ValueError, match="no entries"):
        shelf.store.ingest(bruno.name, [], shelf.office)


def test_a_gap_is_our_fault_and_changes_nothing(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(3)
    with pytest.raises(ValueError, match="log"):
        shelf.store.ingest(bruno.name, bruno.held[1:], shelf.office)
    shelf.take(bruno, bruno.held[:2])
    with pytest.raises(ValueError, match="log"):
        shelf.store.ingest(bruno.name, bruno.held[3:], shelf.office)
    assert shelf.heads() == {bruno.name: bruno.held[1].entry.point}
    assert shelf.texts() == ["post 0"]


def test_an_entry_after_a_chain_that_is_not_held_is_our_fault(shelf: Shelf, bruno: Diary) -> None:
    other = bruno.twin()
    bruno.post("here")
    other.post("elsewhere")
    shelf.take(bruno)
    with pytest.raises(ValueError, match="continue"):
        shelf.store.ingest(bruno.name, [other.post("after elsewhere")], shelf.office)
    assert shelf.texts() == ["here"]


def test_an_own_entry_that_does_not_continue_its_log_is_our_fault(shelf: Shelf, anne: Diary) -> None:
    other = anne.twin()
    anne.post("one")
    with pytest.raises(ValueError, match="log"):
        shelf.store.append(anne.held[1], shelf.office)
    for held in anne.held:
        shelf.store.append(held, shelf.office)
    with pytest.raises(ValueError, match="go on"):
        shelf.store.append(anne.held[1], shelf.office)
    with pytest.raises(ValueError, match="go on"):
        shelf.store.append(other.post("another one"), shelf.office)
    assert shelf.texts() == ["one"]


def test_two_entries_with_one_number_are_kept_as_the_proof_of_a_fork(shelf: Shelf, bruno: Diary) -> None:
    other = bruno.twin()
    bruno.posts(2, "here {n}")
    other.posts(3, "there {n}")
    shelf.take(bruno)
    taken = shelf.store.ingest(bruno.name, as_run(other.held), shelf.office)
    assert taken.forked and taken.reshown and taken.rows == ()
    again = shelf.store.ingest(bruno.name, as_run(other.held), shelf.office)
    assert not again.forked and not again.reshown
    assert shelf.texts() == [], "what lies past the fork is nobody's until it is claimed"
    (ends,) = shelf.store.heads(shelf.office).values()
    assert ends.fork == 2
    assert ends.counted == (bruno.held[0].entry.point,)
    assert set(ends.leaves) == set(ends.proof) == {bruno.end, other.end}


def test_all_is_there_after_closing_and_opening_again(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    bruno.posts(10)
    shelf.take(bruno)
    shelf.take(anne)
    before = shelf.store.timeline()
    shelf.store.close()
    shelf.open()
    assert shelf.store.timeline() == before and len(before.rows) == 10
    assert shelf.heads() == {bruno.name: bruno.end, anne.name: anne.end}
    assert shelf.store.load_acts() == tuple(shelf.book.acts)
    shelf.take(bruno, [bruno.post("after")])
    assert shelf.texts()[0] == "after"


# --- giving out ---------------------------------------------------------------------------------------------
def test_a_run_comes_back_byte_for_byte_and_is_one_to_its_reader(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(9)
    shelf.take(bruno)
    stretch = shelf.run(bruno.name, 0, 10)
    assert stretch is not None
    assert stretch.headers == tuple(held.entry.raw for held in bruno.held)
    assert stretch.ids == tuple(held.entry.id for held in bruno.held)
    run = check_run(shelf.office.id, bruno.name, None, stretch.headers, stretch.signature)
    assert run.end == bruno.end


def test_a_run_is_cut_where_a_signature_is_held(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(9)
    shelf.take(bruno, bruno.held[:4])
    shelf.take(bruno, bruno.held[4:])
    ends = [shelf.run(bruno.name, after, to) for after, to in ((0, 10), (0, 9), (2, 7))]
    assert [len(run.ids) if run else 0 for run in ends] == [10, 4, 2]
    more = [shelf.run(bruno.name, after, to) for after, to in ((4, 9), (0, 3))]
    assert [len(run.ids) if run else 0 for run in more] == [6, 10], "what was asked for, and what vouches for it"


def test_a_run_has_256_headers_at_most(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(299)
    for held in bruno.held:
        shelf.store.ingest(bruno.name, [held], shelf.office)
    stretch = shelf.run(bruno.name, 0, limits.SEQ)
    assert stretch is not None and len(stretch.headers) == limits.RUN
    rest = shelf.run(bruno.name, limits.RUN, limits.SEQ)
    assert rest is not None and len(rest.headers) == 300 - limits.RUN


def test_a_run_of_long_headers_fits_a_frame(shelf: Shelf, bruno: Diary) -> None:
    for _n in range(250):
        bruno.from_next_year(b"x" * 280)
    for held in bruno.held:
        shelf.store.ingest(bruno.name, [held], shelf.office)
    stretch = shelf.run(bruno.name, 0, 300)
    assert stretch is not None
    assert RUN_BYTES - limits.HEADER < sum(len(header) + 3 for header in stretch.headers) <= RUN_BYTES < limits.FRAME
    assert check_run(shelf.office.id, bruno.name, None, stretch.headers, stretch.signature).end.seq > 100


def test_there_is_no_run_past_the_head_or_of_a_log_not_held(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    shelf.take(bruno)
    assert shelf.run(bruno.name, 1, 5) is None
    assert shelf.run(anne.name, 0, 5) is None


def test_a_point_is_where_one_stands_in_a_log(shelf: Shelf, bruno: Diary, anne: Diary) -> None:
    bruno.posts(3)
    shelf.take(bruno)
    assert shelf.point(bruno.name, 2) == bruno.held[1].entry.point
    assert shelf.point(bruno.name, 5) is None
    assert shelf.point(anne.name, 1) is None
    assert shelf.store.head(bruno.name) == bruno.end
    assert shelf.store.head(anne.name) is None


# --- bodies -------------------------------------------------------------------------------------------------
def test_each_body_is_told_held_or_why_not(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(4)
    held = [*bruno.held[:4], *without_bodies(bruno.held[4:])]
    shelf.take(bruno, held)
    erased, dropped = (bruno.held[n].entry.id for n in (2, 3))
    with shelf.store.database.transaction(durable=False):
        for ident, state in ((erased, BodyState.ERASED), (dropped, BodyState.DROPPED)):
            shelf.store.database.run("UPDATE entry SET body = NULL, state = ? WHERE id = ?", (state, ident))
    stranger = EntryId(b"\x07" * 32)
    asked = [bruno.last.id, erased, bruno.held[1].entry.id, dropped, stranger]
    assert shelf.store.bodies(asked) == [
        (asked[0], BodyState.WANTED),
        (asked[1], BodyState.ERASED),
        (asked[2], bruno.held[1].body),
        (asked[3], BodyState.DROPPED),
        (asked[4], BodyState.UNKNOWN),
    ]
    assert [int(state) for state in BodyState] == [0, 1, 2, 3, 4]
    assert shelf.store.bodies([]) == []


def test_a_body_that_is_lacking_is_wanted_until_it_comes(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(3)
    shelf.take(bruno, [bruno.held[0], *without_bodies(bruno.held[1:])])
    missing = {held.entry.id: held.body or b"" for held in bruno.held[1:]}
    assert set(shelf.store.wanted(10)) == missing.keys()
    turns = [shelf.store.wanted(2) for _turn in missing]
    assert {len(turn) for turn in turns} == {2}
    assert {ident for turn in turns for ident in turn} == missing.keys()  # none stands in another's way
    assert shelf.texts() == []
    first, *rest = missing
    (row,) = shelf.store.fill([(first, missing[first])], shelf.office).rows
    assert row.id == first.hex()
    assert set(shelf.store.wanted(10)) == set(rest)
    shelf.store.fill([(ident, missing[ident]) for ident in rest], shelf.office)
    assert shelf.store.wanted(10) == ()
    assert shelf.texts() == ["post 2", "post 1", "post 0"]
    assert shelf.found("post 1") == ["post 1"]


def test_a_body_nobody_waits_for_is_passed_over(shelf: Shelf, bruno: Diary) -> None:
    held = bruno.post("here")
    shelf.take(bruno)
    assert shelf.store.fill([(held.entry.id, b"other"), (EntryId(NO_ID), b"")], shelf.office).rows == ()
    assert shelf.texts() == ["here"]


@pytest.mark.parametrize("wrong", [b"", b"x" * 30])
def test_a_wrong_body_is_forged_and_what_came_with_it_is_not_kept(shelf: Shelf, bruno: Diary, wrong: bytes) -> None:
    one, two = bruno.post("one"), bruno.post("two")
    shelf.take(bruno, [bruno.held[0], *without_bodies([one, two])])
    with pytest.raises(Forged):
        shelf.store.fill([(one.entry.id, one.body or b""), (two.entry.id, wrong)], shelf.office)
    assert set(shelf.store.wanted(9)) == {one.entry.id, two.entry.id}
    assert shelf.texts() == []


def test_a_log_is_shown_once_its_opening_has_come_and_its_rows_are_told(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(2)
    shelf.take(bruno, [*without_bodies(bruno.held[:1]), *bruno.held[1:2], *without_bodies(bruno.held[2:])])
    assert shelf.texts() == []
    late = [(held.entry.id, held.body or b"") for held in (bruno.held[0], bruno.held[2])]
    assert [row.text for row in shelf.store.fill(late, shelf.office).rows] == ["post 0", "post 1"]
    assert shelf.texts() == ["post 1", "post 0"]
    shelf.store.close()
    shelf.open()
    assert shelf.texts() == ["post 1", "post 0"]


def test_an_opening_that_comes_late_and_says_nothing_shows_nothing(shelf: Shelf, book: Chronicle) -> None:
    log = Diary(book, "bruno", opened=False)
    log.write("open", b"not an opening, but sixteen bytes and more")
    log.post("of nobody")
    shelf.take(log, [*without_bodies(log.held[:1]), log.held[1]])
    assert shelf.store.fill([(log.held[0].entry.id, log.held[0].body or b"")], shelf.office).rows == ()
    assert shelf.texts() == []
    assert shelf.heads() == {log.name: log.end}


# --- what is kept but not shown -----------------------------------------------------------------------------
def test_kinds_of_later_versions_are_kept_and_passed_on_but_not_shown(shelf: Shelf, bruno: Diary) -> None:
    bruno.write("hologram", bytes(20))
    bruno.write("post", b"\x00" * 15)
    bruno.write("post", bytes(16) + b"\xc1")
    bruno.say(kinds.Post("\u200b\u202e"))
    bruno.say(kinds.Open(shelf.book.found.id))
    bruno.from_next_year(b"")
    bruno.post("seen")
    shelf.take(bruno)
    assert shelf.texts() == ["seen"]
    stretch = shelf.run(bruno.name, 0, 9)
    assert stretch is not None and stretch.headers == tuple(held.entry.raw for held in bruno.held)
    assert all(isinstance(body, bytes) for _ident, body in shelf.store.bodies(stretch.ids))


def test_a_log_that_does_not_begin_by_opening_it_is_nobodys_and_not_kept(shelf: Shelf, book: Chronicle) -> None:
    log = Diary(book, "bruno", opened=False)
    log.post("before any opening")
    log.say(kinds.Open(book.warrants["bruno"][0]))
    log.post("an opening in the middle opens nothing")
    taken = shelf.store.ingest(log.name, as_run(log.held), shelf.office)
    assert not taken.kept and not taken.spread
    assert shelf.texts() == [] and shelf.heads() == {}


def test_logs_far_along_are_as_good_as_any(shelf: Shelf, book: Chronicle) -> None:
    """A log's numbers are not this PC's to choose; history fetched downwards begins anywhere."""
    log = log_of("bruno", 9)
    store = shelf.store
    diary = Diary(book, "bruno", 9)
    store.ingest(log, diary.held, shelf.office)
    with store.database.transaction(durable=False):
        store.database.run("UPDATE log SET seq = ? WHERE number = ?", (limits.SEQ - 1, log.number))
        store.database.run("UPDATE entry SET seq = ?", (limits.SEQ - 1,))
    store.close()
    store = shelf.open()
    assert store.head(log) == Point(limits.SEQ - 1, diary.end.id)
    assert store.locator(log) == (Point(limits.SEQ - 1, diary.end.id),)


def test_a_held_entry_is_a_plain_value(bruno: Diary) -> None:
    one = bruno.held[0]
    assert one == Held(one.entry, one.signature, one.body)


@pytest.mark.parametrize(("kept", "back"), [(0, False), (2, False), (0, True)])
def test_a_log_of_somebody_removed_counts_no_further_while_the_words_that_open_it_are_missing(
    shelf: Shelf, bruno: Diary, kept: int, back: bool
) -> None:
    """Somebody else who had those words at the time counts the log up to its border; so must whoever lacks them."""
    bruno.posts(3)
    shelf.book.remove("bruno", heads=borders((bruno, kept)) if kept else ())
    if back:
        shelf.book.admit("bruno", person="bruno")
    shelf.learn()
    opening = bruno.held[0]
    shelf.take(bruno, [*without_bodies([opening]), *bruno.held[1:]])
    ends = shelf.store.heads(shelf.office)[bruno.name]
    assert [point.seq for point in ends.counted] == ([kept] if kept else [])
    assert ends.leaves == (bruno.end,)
    shelf.store.fill([(opening.entry.id, opening.body or b"")], shelf.office)
    assert [point.seq for point in shelf.store.heads(shelf.office)[bruno.name].counted] == ([kept] if kept else [])
