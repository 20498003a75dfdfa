"""Polls: counted alike on every PC, whatever came first, whatever clocks say."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.values import Poll
from tests.log.chronicle import Chronicle
from tests.store.diary import DAY, MINUTE, NOON, Diary, Shelf, borders

WHEN = kinds.Poll("When is the party?", ("Monday", "Tuesday", "Friday"), NOON + 60 * MINUTE)


def poll(shelf: Shelf, text: str = "When is the party?") -> Poll:
    (found,) = [row.poll for row in shelf.store.timeline().rows if row.text == text]
    assert found is not None
    return found


def counted(shelf: Shelf, text: str = "When is the party?") -> dict[str, tuple[str, ...]]:
    return {option.text: option.people for option in poll(shelf, text).options if option.people}


def test_each_person_counts_once_and_may_change_their_mind(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(WHEN, at=NOON).entry.id
    shelf.take(bruno)
    bruno.say(kinds.Vote(asked, (0,)), at=NOON + 1)
    anne.say(kinds.Vote(asked, (0,)), at=NOON + 2)
    shelf.take(anne)
    done = shelf.store.ingest(bruno.name, bruno.held, shelf.office)
    assert [row.text for row in done.changed] == ["When is the party?"]
    assert counted(shelf) == {"Monday": ("Bruno", "Anne")}
    assert (poll(shelf).voters, poll(shelf).options[0].mine) == (2, True)
    anne.say(kinds.Vote(asked, (2,)), at=NOON + 3)
    bruno.say(kinds.Vote(asked), at=NOON + 4)
    shelf.take(anne)
    shelf.take(bruno)
    assert counted(shelf) == {"Friday": ("Anne",)} and poll(shelf).voters == 1


@pytest.mark.parametrize(
    ("vote", "at"),
    [
        (kinds.Vote(bytes(32), (1,)), NOON + 60 * MINUTE),  # as it closes
        (kinds.Vote(bytes(32), (1,)), NOON + DAY),
        (kinds.Vote(bytes(32), (3,)), NOON + 5),  # there is no fourth answer
        (kinds.Vote(bytes(32), (0, 1)), NOON + 5),  # one may be chosen
    ],
)
def test_a_vote_the_poll_does_not_allow_leaves_the_one_before_it(
    shelf: Shelf, anne: Diary, bruno: Diary, vote: kinds.Vote, at: int
) -> None:
    asked = bruno.say(WHEN, at=NOON).entry.id
    anne.say(kinds.Vote(asked, (2,)), at=NOON + 1)
    anne.say(kinds.Vote(asked, vote.options), at=at)
    shelf.take(bruno)
    shelf.take(anne)
    assert counted(shelf) == {"Friday": ("Anne",)}


def test_several_where_several_may_be_chosen(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(kinds.Poll("Which?", ("a", "b", "c"), 0, True)).entry.id
    anne.say(kinds.Vote(asked, (0, 2)))
    shelf.take(bruno)
    shelf.take(anne)
    assert counted(shelf, "Which?") == {"a": ("Anne",), "c": ("Anne",)}
    assert poll(shelf, "Which?").voters == 1


def test_all_orders_of_arrival_end_alike(book: Chronicle, tmp_path: Path) -> None:
    asker, one, two = Diary(book, "bruno"), Diary(book, "chloe"), Diary(book, "chloe", 2)
    asked = asker.say(WHEN, at=NOON).entry.id
    one.say(kinds.Vote(asked, (0,)), at=NOON + 5)
    two.say(kinds.Vote(asked, (1,)), at=NOON + 4)
    two.say(kinds.Vote(asked, (2,)), at=NOON + 90 * MINUTE)
    asker.say(kinds.Vote(asked, (1,)), at=NOON + 1)
    asker.say(kinds.Correct(asked, "When is it not?"), at=NOON + 2)
    ends = set()
    for n, order in enumerate(itertools.permutations((asker, one, two))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        for diary in order:
            shelf.take(diary)
        ends.add(poll(shelf))
        shelf.store.rebuild(shelf.office)
        ends.add(poll(shelf))
        assert not next(row for row in shelf.store.timeline().rows if row.poll).corrected
        shelf.store.close()
    (found,) = ends
    assert [option.people for option in found.options] == [("Chloé",), ("Bruno",), ()]


def test_votes_of_somebody_removed_end_at_the_border_and_a_withdrawn_poll_is_gone(
    shelf: Shelf, anne: Diary, bruno: Diary
) -> None:
    asked = anne.say(WHEN, at=NOON)
    shelf.take(anne)
    bruno.say(kinds.Vote(asked.entry.id, (0,)), at=NOON + 1)
    bruno.say(kinds.Vote(asked.entry.id, (1,)), at=NOON + 2)
    shelf.take(bruno)
    assert counted(shelf) == {"Tuesday": ("Bruno",)}
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    assert counted(shelf) == {"Monday": ("Bruno",)}
    anne.say(kinds.Withdraw(asked.entry.id))
    shelf.take(anne)
    assert shelf.texts() == []


def test_a_thousand_votes_of_one_person_are_one(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(WHEN, at=NOON).entry.id
    for n in range(1000):
        anne.say(kinds.Vote(asked, (n % 3,)), at=NOON + n)
    shelf.take(bruno)
    shelf.take(anne)
    assert counted(shelf) == {"Monday": ("Anne",)} and poll(shelf).voters == 1


def test_old_votes_go_with_old_posts(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(WHEN, at=NOON)
    shelf.take(bruno)
    shelf.book.write("anne", a.Rule("Office", (("retention-days", 1),)))
    shelf.learn()
    shelf.now = NOON + 3 * DAY
    bruno.post("today", at=NOON + 3 * DAY)
    shelf.take(bruno)
    shelf.store.sweep(shelf.office)
    assert shelf.texts() == ["today"]
