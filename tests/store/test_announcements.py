"""Announcements and receipts in the store: the same from any order of arrival, judged by acts alone."""

from __future__ import annotations

import itertools
from pathlib import Path

from deskblog import limits
from deskblog.log import kinds
from deskblog.store.announcements import DAY
from deskblog.values import Announced, Role, View
from tests.log.chronicle import Chronicle
from tests.store.diary import MINUTE, NOON, Diary, Shelf, borders


def announced(shelf: Shelf, text: str) -> Announced | None:
    (found,) = [row.announced for row in shelf.store.timeline().rows if row.text == text]
    return found


def counts(shelf: Shelf, text: str = "Fire drill") -> tuple[list[str], list[str]]:
    found = announced(shelf, text)
    assert found is not None
    return [one.name for one in found.got], [one.name for one in found.waiting]


def test_any_order_of_arrival_gives_one_count(tmp_path: Path, book: Chronicle) -> None:
    anne, bruno, chloe = (Diary(book, name) for name in ("anne", "bruno", "chloe"))
    fire = anne.say(kinds.Announcement("Fire drill", book.found.id, 2, 2), at=NOON).entry.id
    bruno.say(kinds.Receipt((fire,)), at=NOON + 5)
    bruno.say(kinds.Receipt((fire,)), at=NOON + 2)
    chloe.say(kinds.Receipt((fire,)), at=NOON + 3)
    ends = set()
    for n, order in enumerate(itertools.permutations((anne, bruno, chloe))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        for diary in order:
            shelf.take(diary)
        ends.add(announced(shelf, "Fire drill"))
        shelf.store.rebuild(shelf.office)
        ends.add(announced(shelf, "Fire drill"))
        shelf.store.close()
    (found,) = ends
    assert found is not None and [one.name for one in found.got] == ["Bruno", "Chloé"] and not found.waiting
    assert found.ends == NOON + 2 * DAY and not found.due and not found.over


def test_a_receipt_withdrawn_or_of_somebody_gone_counts_no_more(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    fire = anne.say(kinds.Announcement("Fire drill", shelf.book.found.id, 2, 1), at=NOON).entry.id
    shelf.take(anne)
    got = bruno.say(kinds.Receipt((fire,)), at=NOON + 1)
    shelf.take(bruno)
    assert counts(shelf) == (["Bruno"], ["Chloé"])
    bruno.say(kinds.Withdraw(got.entry.id))
    shelf.take(bruno)
    assert counts(shelf) == ([], ["Bruno", "Chloé"])
    shelf.book.remove("bruno", heads=borders((bruno, 3)))
    shelf.learn()
    assert counts(shelf) == ([], ["Chloé"])


def test_it_is_one_by_an_act_that_stands_and_within_the_border_of_its_end(
    shelf: Shelf, anne: Diary, bruno: Diary, book: Chronicle
) -> None:
    given = book.role("bruno", Role.ANNOUNCER)
    within = bruno.say(kinds.Announcement("Within", given.id, 1, 1), at=NOON)
    shelf.take(bruno)
    shelf.learn()
    assert announced(shelf, "Within") is not None
    book.role("bruno", Role.MEMBER, heads=borders((bruno, within.entry.header.seq)))
    shelf.learn()
    bruno.say(kinds.Announcement("Beyond", given.id, 1, 1), at=NOON + 1)
    anne.say(kinds.Announcement("By another's act", given.id, 1, 1), at=NOON + 1)
    anne.say(kinds.Announcement("By no act", bytes(32), 1, 1), at=NOON + 1)
    shelf.take(bruno)
    shelf.take(anne)
    assert announced(shelf, "Within") is not None
    kinds_shown = {row.text: row.kind for row in shelf.store.timeline().rows}
    assert kinds_shown == {
        "Within": "announcement",
        "Beyond": "post",
        "By another's act": "post",
        "By no act": "post",
    }


def test_of_a_flood_few_are_in_term_and_no_other_is_crowded_out(
    shelf: Shelf, anne: Diary, bruno: Diary, book: Chronicle
) -> None:
    for n in range(limits.ANNOUNCED_SHOWN + 10):
        anne.say(kinds.Announcement(f"Number {n}", shelf.book.found.id, 7, 1), at=NOON + n)
    shelf.take(anne)
    given = book.role("bruno", Role.ANNOUNCER)
    bruno.say(kinds.Announcement("A true one", given.id, 7, 1), at=NOON + 500)
    shelf.take(bruno)
    shelf.learn()
    rows = shelf.store.archive.announced(NOON + MINUTE)
    assert len(rows) == limits.ANNOUNCED_SHOWN
    within = {row.text for row in rows if row.announced and not row.announced.over}
    assert within == {"Number 0", "Number 1", "Number 2", "A true one"}
    assert shelf.store.archive.announced(NOON + 8 * DAY) == ()
    assert len(shelf.store.timeline(view=View.ANNOUNCEMENTS, limit=500).rows) == limits.ANNOUNCED_SHOWN + 11


def test_a_page_asks_the_store_as_often_for_many_as_for_one(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    said: list[str] = []
    asked = []
    for n in (1, 20):
        for k in range(n):
            fire = anne.say(kinds.Announcement(f"{n} {k}", shelf.book.found.id, 7, 1), at=NOON + k).entry.id
            bruno.say(kinds.Receipt((fire,)), at=NOON + k)
        shelf.take(anne)
        shelf.take(bruno)
        said.clear()
        shelf.store.database.trace(said.append)
        shelf.store.timeline(view=View.ANNOUNCEMENTS)
        shelf.store.database.trace(lambda _line: None)
        asked.append(len(said))
    assert asked[1] <= asked[0] + 25  # one each for whether it is within its author's allowance
