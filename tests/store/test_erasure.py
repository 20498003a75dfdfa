"""Bodies that are gone: withdrawn for ever, or dropped by the office's rule; the chain stays whole."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path

import pytest

from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.letter import write_letter
from deskblog.log.run import check_run
from deskblog.store.entries import BodyState
from deskblog.store.store import Held, Stretch
from deskblog.values import EntryId, View
from tests.log.chronicle import Chronicle
from tests.store.diary import MINUTE, NOON, Diary, Shelf, as_run, borders, without_bodies

DAY = 24 * 60 * MINUTE


def withdraw(diary: Diary, target: Held) -> Held:
    return diary.say(kinds.Withdraw(target.entry.id))


def reopen(shelf: Shelf) -> None:
    shelf.store.close()
    shelf.open()


def state(shelf: Shelf, held: Held) -> object:
    return shelf.store.bodies([held.entry.id])[0][1]


def office_of(book: Chronicle, *people: str) -> Chronicle:
    for name in people:
        book.admit(name)
    return book


@pytest.fixture
def shelf3(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path, office_of(Chronicle(), "bruno", "carla"))


def test_a_withdrawn_post_is_gone_and_the_chain_still_verifies(shelf: Shelf, bruno: Diary) -> None:
    secret = bruno.post("xylophone")
    bruno.post("stays")
    shelf.take(bruno)
    shelf.take(bruno, [withdraw(bruno, secret)])
    assert shelf.texts() == ["stays"] and shelf.found("xylophone") == []
    assert state(shelf, secret) == BodyState.ERASED
    found = shelf.store.read_run(bruno.name, (), bruno.end, shelf.office)
    assert isinstance(found, Stretch)
    assert check_run(shelf.office.id, bruno.name, None, found.headers, found.signature).end == bruno.end


def test_the_bytes_of_a_withdrawn_post_are_not_left_in_the_file(shelf: Shelf, bruno: Diary) -> None:
    secret = bruno.post("the merger with " + "Zephyrine " * 20)
    bruno.posts(30)
    shelf.take(bruno)
    shelf.take(bruno, [withdraw(bruno, secret)])
    shelf.store.database.row("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = b"".join(path.read_bytes() for path in shelf.folder.glob("posts.db*"))
    assert b"merger with Zephyrine" not in kept and (secret.body or b"") not in kept


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_post_withdrawal_and_restart_come(tmp_path: Path, order: tuple[int, ...]) -> None:
    book = office_of(Chronicle(), "bruno")
    shelf = Shelf(tmp_path, book)
    bruno, later = Diary(book, "bruno"), Diary(book, "bruno", 2)
    secret = bruno.post("secret")
    gone = withdraw(later, secret)
    steps = [
        lambda: shelf.take(bruno),
        lambda: shelf.take(later),
        lambda: reopen(shelf),
    ]
    for step in order:
        steps[step]()
    shelf.take(bruno)  # comes again, from another colleague
    assert shelf.texts() == [] and state(shelf, secret) == BodyState.ERASED
    assert shelf.store.fill([(secret.entry.id, secret.body or b"")], shelf.office).rows == ()
    assert shelf.store.wanted(9) == ()
    shelf.store.rebuild(shelf.office)
    assert shelf.texts() == [] and state(shelf, secret) == BodyState.ERASED
    assert isinstance(state(shelf, gone), bytes)


def test_a_withdrawal_whose_own_body_comes_late_works_then(shelf: Shelf, bruno: Diary) -> None:
    secret = bruno.post("secret")
    gone = withdraw(bruno, secret)
    shelf.take(bruno, [*bruno.held[:2], *without_bodies([gone])])
    assert shelf.texts() == ["secret"]
    assert shelf.store.fill([(gone.entry.id, gone.body or b"")], shelf.office).reshown
    assert shelf.texts() == [] and state(shelf, secret) == BodyState.ERASED


def test_nobody_withdraws_what_another_wrote(shelf3: Shelf) -> None:
    bruno, carla = Diary(shelf3.book, "bruno"), Diary(shelf3.book, "carla")
    post = bruno.post("mine")
    withdraw(carla, post)
    anne = Diary(shelf3.book, "anne")
    withdraw(anne, post)  # a keyholder, but Bruno is there to do it himself
    for diary in (bruno, carla, anne):
        shelf3.take(diary)
    assert shelf3.texts() == ["mine"]


def test_a_keyholder_withdraws_what_somebody_who_has_left_wrote_and_a_member_does_not(shelf3: Shelf) -> None:
    bruno, carla, anne = (Diary(shelf3.book, name) for name in ("bruno", "carla", "anne"))
    post, other = bruno.post("left behind"), bruno.post("stays")
    withdraw(carla, other)
    for diary in (bruno, carla):
        shelf3.take(diary)
    shelf3.take(anne)
    shelf3.take(anne, [withdraw(anne, post)])
    assert shelf3.texts() == ["stays", "left behind"]
    shelf3.book.remove("bruno", heads=borders((bruno, 3)))
    shelf3.learn()
    assert shelf3.texts() == ["stays"]


@pytest.mark.parametrize("kind", ["open", "claim", "withdraw"])
def test_what_others_rest_on_cannot_be_withdrawn(shelf: Shelf, bruno: Diary, kind: str) -> None:
    post = bruno.post("text")
    targets = {
        "open": bruno.held[0],
        "claim": bruno.say(kinds.Claim(((bytes(8), 1, bytes(32)),))),
        "withdraw": withdraw(bruno, post),
    }
    withdraw(bruno, targets[kind])
    shelf.take(bruno)
    assert isinstance(state(shelf, targets[kind]), bytes)
    assert shelf.texts() == [] and state(shelf, post) == BodyState.ERASED


def test_a_withdrawal_past_the_border_of_its_author_withdraws_nothing(shelf3: Shelf) -> None:
    bruno = Diary(shelf3.book, "bruno")
    post = bruno.post("kept")
    late = withdraw(bruno, post)
    shelf3.take(bruno)
    assert state(shelf3, post) == BodyState.ERASED
    shelf3.book.remove("bruno", heads=borders((bruno, 2)))
    shelf3.learn()
    assert state(shelf3, post) == BodyState.WANTED, "others who knew of the removal first have kept it"
    assert set(shelf3.store.wanted(9)) == {post.entry.id}
    shelf3.store.fill([(post.entry.id, post.body or b"")], shelf3.office)
    assert shelf3.texts() == ["kept"] and isinstance(state(shelf3, late), bytes)


def test_withdrawals_of_what_never_comes_cost_a_row_each(shelf: Shelf, bruno: Diary) -> None:
    for n in range(500):
        bruno.say(kinds.Withdraw(n.to_bytes(32, "big")))
    shelf.take(bruno)
    assert shelf.store.database.row("SELECT count(*) FROM withdrawal")[0] == 500
    assert shelf.texts() == []


# --- retention ----------------------------------------------------------------------------------------------
def keep_for(shelf: Shelf, days: int | str) -> None:
    shelf.book.write("anne", a.Rule("Office", (("retention-days", days),)))
    shelf.learn()


def test_what_is_older_than_the_rule_says_is_dropped_and_the_rest_stays(shelf: Shelf, bruno: Diary) -> None:
    old = bruno.post("old", at=NOON - 40 * DAY)
    bruno.post("new", at=NOON - 2 * DAY)
    shelf.take(bruno)
    assert not shelf.store.sweep(shelf.office).reshown
    keep_for(shelf, 30)
    assert shelf.store.sweep(shelf.office).reshown
    assert shelf.texts() == ["new"] and state(shelf, old) == BodyState.DROPPED
    assert shelf.found("old") == [] and shelf.store.wanted(9) == ()
    assert isinstance(state(shelf, bruno.held[0]), bytes), "what a log rests on is not dropped"
    shelf.store.rebuild(shelf.office)
    assert shelf.texts() == ["new"]


def test_what_a_looser_rule_keeps_is_wanted_again(shelf: Shelf, bruno: Diary) -> None:
    old = bruno.post("old", at=NOON - 40 * DAY)
    bruno.post("new", at=NOON)
    shelf.take(bruno)
    keep_for(shelf, 30)
    shelf.store.sweep(shelf.office)
    keep_for(shelf, 60)
    shelf.store.sweep(shelf.office)
    assert set(shelf.store.wanted(9)) == {old.entry.id}
    shelf.store.fill([(old.entry.id, old.body or b"")], shelf.office)
    assert shelf.texts() == ["new", "old"]


def test_a_body_that_lacks_and_would_be_dropped_is_no_longer_asked_for(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("old", at=NOON - 40 * DAY)
    bruno.post("new", at=NOON)
    shelf.take(bruno, [bruno.held[0], *without_bodies(bruno.held[1:2]), bruno.held[2]])
    keep_for(shelf, 30)
    shelf.store.sweep(shelf.office)
    assert shelf.store.wanted(9) == ()


def test_a_clock_a_year_ahead_drops_nothing_before_its_time(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("of last week", at=NOON - 7 * DAY)
    bruno.post("of today", at=NOON)
    shelf.take(bruno)
    keep_for(shelf, 30)
    shelf.now = NOON + 365 * DAY
    shelf.store.sweep(shelf.office)
    assert shelf.texts() == ["of today", "of last week"]


@pytest.mark.parametrize("days", [0, 36_501, "many"])
def test_a_rule_that_makes_no_sense_drops_nothing(shelf: Shelf, bruno: Diary, days: int | str) -> None:
    bruno.post("old", at=NOON - 4000 * DAY)
    shelf.take(bruno)
    keep_for(shelf, days)
    shelf.store.sweep(shelf.office)
    assert shelf.texts() == ["old"]


def test_coffee_is_let_go_of_after_two_weeks_and_nothing_else_is(shelf: Shelf, bruno: Diary) -> None:
    old = bruno.say(kinds.Coffee("old cake"), at=NOON - 15 * DAY)
    lacking = bruno.say(kinds.Coffee("cake that never came"), at=NOON - 15 * DAY)
    bruno.post("old work", at=NOON - 15 * DAY)
    bruno.say(kinds.Coffee("fresh cake"), at=NOON - 13 * DAY)
    bruno.post("new", at=NOON)
    shelf.take(bruno, [*bruno.held[:2], *without_bodies([lacking]), *bruno.held[3:]])
    assert shelf.store.wanted(9) == (lacking.entry.id,)
    assert shelf.store.sweep(shelf.office).reshown
    assert [row.text for row in shelf.store.timeline(view=View.COFFEE).rows] == ["fresh cake"]
    assert shelf.texts() == ["new", "old work"]
    assert state(shelf, old) == BodyState.DROPPED and shelf.store.wanted(9) == ()
    keep_for(shelf, 5)
    shelf.store.sweep(shelf.office)
    assert shelf.store.timeline(view=View.COFFEE).rows == (), "the office's rule says less than two weeks"
    keep_for(shelf, 60)
    shelf.store.sweep(shelf.office)
    wanted = set(shelf.store.wanted(9))
    assert old.entry.id not in wanted and len(wanted) == 2, "a looser rule brings back what is younger than two weeks"


def test_the_rule_takes_sealed_letters_nobody_here_can_read_as_it_takes_posts(shelf3: Shelf) -> None:
    shelf, bruno = shelf3, Diary(shelf3.book, "bruno")
    to = [shelf.book.persons["carla"]]
    body = write_letter(shelf.office, bruno.name.device, to, kinds.Post("not for Anne"), secrets.token_bytes)
    old = bruno.write("sealed", body, at=NOON - 40 * DAY)
    bruno.post("new", at=NOON)
    shelf.take(bruno)
    shelf.store.sweep(shelf.office)
    assert isinstance(state(shelf, old), bytes), "without a rule it is carried for ever"
    keep_for(shelf, 30)
    shelf.store.sweep(shelf.office)
    assert state(shelf, old) == BodyState.DROPPED


# --- what is set aside --------------------------------------------------------------------------------------
def test_what_is_set_aside_is_let_go_of_after_thirty_days_but_for_the_proof(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("before")
    twin = bruno.twin()
    bruno.posts(5, "here {n}")
    twin.posts(4, "there {n}")
    shelf.take(bruno, bruno.held)
    for held in twin.held:
        shelf.store.ingest(twin.name, [held], shelf.office)
    shelf.now += 29 * DAY
    shelf.store.sweep(shelf.office)
    assert count(shelf) == 2 + 5 + 4
    shelf.now += 2 * DAY
    shelf.store.sweep(shelf.office)
    (ends,) = shelf.store.heads(shelf.office).values()
    assert ends.fork == 3 and ends.counted == (bruno.held[1].entry.point,)
    assert count(shelf) == 2 + 5 + 1, "here only its last entry has a signature that vouches for all of it"
    assert shelf.texts() == ["before"]
    shelf.store.close()
    shelf.open()
    (again,) = shelf.store.heads(shelf.office).values()
    assert again == ends


def count(shelf: Shelf) -> int:
    found: int = shelf.store.database.row("SELECT count(*) FROM entry")[0]
    return found


def test_of_a_log_no_more_than_a_thousand_entries_are_set_aside(shelf: Shelf, bruno: Diary) -> None:
    bruno.posts(10)
    shelf.take(bruno)
    shelf.book.remove("bruno", heads=borders((bruno, 5)))
    shelf.learn()
    bruno.posts(1200)
    kept = True
    start = 11
    while kept:
        kept = shelf.store.ingest(bruno.name, as_run(bruno.held[start : start + 100]), shelf.office).kept
        start += 100
    assert start == 11 + 1000, "the tenth hundred is refused"
    assert count(shelf) == 11 + 900
    assert len(shelf.texts()) == 4


def test_of_a_log_no_more_than_eight_chains_are_kept_and_a_claimed_one_finds_room(shelf: Shelf, bruno: Diary) -> None:
    twins = [bruno.twin() for _n in range(20)]
    for n, twin in enumerate(twins):
        twin.post(f"copy {n}")
        shelf.take(twin)
    (ends,) = shelf.store.heads(shelf.office).values()
    assert len(ends.leaves) <= 8 and ends.fork == 2
    assert EntryId(twins[-1].last.id) in {point.id for point in ends.leaves}, "a newer one takes an idle one's place"


def test_a_sealed_text_that_is_the_newest_has_its_readers_let_go_of_no_more_than_others(shelf3: Shelf) -> None:
    shelf, bruno = shelf3, Diary(shelf3.book, "bruno")
    keep_for(shelf, 30)
    shelf.now = NOON + 40 * DAY
    bruno.post("old", at=NOON)
    body = write_letter(
        shelf.office, bruno.name.device, [shelf.book.persons["anne"]], kinds.Post("for Anne"), secrets.token_bytes
    )
    bruno.write("sealed", body, at=NOON + 39 * DAY)
    shelf.take(bruno)
    shelf.store.sweep(shelf.office)
    assert sorted(shelf.texts()) == ["for Anne", "old"]
    bruno.post("new", at=NOON + 39 * DAY)
    shelf.take(bruno)
    shelf.store.sweep(shelf.office)
    assert sorted(shelf.texts()) == ["for Anne", "new"]
