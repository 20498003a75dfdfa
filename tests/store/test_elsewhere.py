"""How many posts are only here: exact wherever others stand, and found without reading the posts."""

from __future__ import annotations

import pytest

from deskblog.log import kinds
from deskblog.log.kinds import Status, Withdraw
from tests.store.diary import MINUTE, NOON, Diary, Shelf


def told(shelf: Shelf, anne: Diary, held: int) -> int:
    return shelf.store.elsewhere.only_here({anne.name.number: held})


def truly(shelf: Shelf, anne: Diary, held: int) -> int:
    """Each entry looked at."""
    shown = {row.id for row in shelf.store.timeline(limit=500).rows}
    return sum(one.entry.id.hex() in shown for one in anne.held if one.entry.header.seq > held)


@pytest.fixture
def written(shelf: Shelf, anne: Diary) -> Diary:
    """What is shown beside what is not, in no order of time: an answer, a status, a post that was withdrawn."""
    first = anne.post("first")
    anne.post("written long before", at=NOON - 9_000 * MINUTE)
    anne.say(Status("on the phone"))
    gone = anne.post("gone")
    anne.answer(first, "an answer")
    anne.say(Withdraw(gone.entry.id))
    anne.say(kinds.Past("brought in", 1_000, "mastodon"))
    anne.posts(5)
    for held in anne.held:
        shelf.store.append(held, shelf.office)
    return anne


def test_the_number_is_exact_wherever_others_stand(shelf: Shelf, written: Diary) -> None:
    for held in range(len(written.held) + 3):
        assert told(shelf, written, held) == truly(shelf, written, held), held
    assert told(shelf, written, 0) == 9


def test_a_log_that_forked_is_counted_chain_by_chain(shelf: Shelf, written: Diary) -> None:
    twin = written.twin()
    written.posts(3, "here {n}")
    twin.posts(4, "there {n}")
    shelf.take(written)
    shelf.take(twin)
    for held in range(len(twin.held) + 2):
        each = [one for one in (*written.held, *twin.held[len(written.held) - 3 :]) if one.entry.header.seq > held]
        shown = {row.id for row in shelf.store.timeline(limit=500).rows}
        assert told(shelf, written, held) == len({one.entry.id.hex() for one in each} & shown), held


def test_who_is_alone_reads_no_entry_to_count_them(shelf: Shelf, anne: Diary) -> None:
    anne.posts(200)
    shelf.take(anne)
    said: list[str] = []
    shelf.store.database.trace(said.append)
    assert told(shelf, anne, 0) == 200 and told(shelf, anne, 201) == 0
    shelf.store.database.trace(None)
    assert [line.split()[3] for line in said] == ["timeline", "entry"]
    (plan,) = shelf.store.database.rows("EXPLAIN QUERY PLAN SELECT count(*) FROM timeline WHERE log = 1")
    assert "COVERING INDEX timeline_log" in plan[3]
