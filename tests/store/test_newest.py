"""What everybody is doing: each person's newest status that counts, whatever came first."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.store.schema import VERSION_1
from deskblog.store.store import Ingested
from deskblog.values import Profile, View
from tests.log.chronicle import Chronicle
from tests.store.diary import DAY, MINUTE, NOON, Diary, Shelf, borders, without_bodies


def statuses(shelf: Shelf) -> dict[str, str]:
    """What is shown, by the names of the book."""
    names = {person: name for name, person in shelf.book.persons.items()}
    return {names[person]: status.text for person, status in shelf.store.archive.newest.statuses().items()}


def take(shelf: Shelf, diary: Diary, count: int = 1) -> Ingested:
    """Takes the last entries in."""
    return shelf.store.ingest(diary.name, diary.held[-count:], shelf.office)


def test_the_newest_by_time_is_shown_whatever_came_first(book: Chronicle, tmp_path: Path) -> None:
    office, phone = Diary(book, "bruno"), Diary(book, "bruno", 2)
    office.say(kinds.Status("first"), at=NOON)
    phone.say(kinds.Status("last"), at=NOON + 2)
    office.say(kinds.Status("second"), at=NOON + 1)
    for n, order in enumerate(itertools.permutations((office, phone))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        for diary in order:
            shelf.take(diary)
        assert statuses(shelf) == {"bruno": "last"}
        shelf.store.close()


def test_of_one_time_the_greater_id_is_shown(shelf: Shelf) -> None:
    one, other = Diary(shelf.book, "bruno"), Diary(shelf.book, "bruno", 2)
    said = [one.say(kinds.Status("one"), at=NOON), other.say(kinds.Status("other"), at=NOON)]
    shelf.take(one)
    shelf.take(other)
    greater = max(said, key=lambda held: held.entry.id)
    assert statuses(shelf) == {"bruno": "one" if greater is said[0] else "other"}


def test_a_status_is_told_and_is_no_row_of_the_timeline(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("hello")
    shelf.take(bruno)
    bruno.say(kinds.Status("Accounts"))
    taken = take(shelf, bruno)
    assert taken.rows == () and taken.statuses is not None
    assert [status.text for status in taken.statuses.values()] == ["Accounts"]
    assert shelf.texts() == ["hello"] and shelf.found("Accounts") == []
    bruno.post("again")
    assert take(shelf, bruno).statuses is None, "a post changes none"


def test_an_empty_status_clears(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("Accounts"))
    bruno.say(kinds.Status(""))
    shelf.take(bruno)
    assert statuses(shelf) == {}


def test_where_the_newest_is_withdrawn_the_one_before_is_shown(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("first"))
    second = bruno.say(kinds.Status("second"))
    shelf.take(bruno)
    bruno.say(kinds.Withdraw(second.entry.id))
    assert take(shelf, bruno).statuses is not None
    assert statuses(shelf) == {"bruno": "first"}
    shelf.store.rebuild(shelf.office)
    assert statuses(shelf) == {"bruno": "first"}


def test_a_status_withdrawn_before_it_came_is_not_shown(shelf: Shelf, bruno: Diary) -> None:
    second = Diary(shelf.book, "bruno", 2)
    said = bruno.say(kinds.Status("hidden"))
    second.say(kinds.Withdraw(said.entry.id))
    shelf.take(second)
    shelf.take(bruno)
    assert statuses(shelf) == {}


def test_a_body_that_comes_later_is_shown_then(shelf: Shelf, bruno: Diary) -> None:
    said = bruno.say(kinds.Status("late"))
    shelf.take(bruno, [bruno.held[0], *without_bodies([said])])
    assert statuses(shelf) == {}
    assert said.body is not None
    shelf.store.fill([(said.entry.id, said.body)], shelf.office)
    assert statuses(shelf) == {"bruno": "late"}


def test_what_lies_past_a_border_is_not_shown(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("within"))
    bruno.say(kinds.Status("past it"))
    shelf.take(bruno)
    assert statuses(shelf) == {"bruno": "past it"}
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    assert statuses(shelf) == {"bruno": "within"}


def test_what_parts_from_a_fork_is_not_shown_until_it_is_claimed(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("before"))
    twin = bruno.twin()
    bruno.say(kinds.Status("one end"), at=NOON)
    twin.say(kinds.Status("other end"), at=NOON + 1)
    shelf.take(bruno)
    shelf.take(twin)
    assert statuses(shelf) == {"bruno": "before"}
    log = Diary(shelf.book, "bruno", 2, opened=False)
    point = (bruno.name.number, bruno.end.seq, bruno.end.id)
    log.say(kinds.Open(shelf.book.warrants["bruno"][0], (point,), 2))
    shelf.take(log)
    assert statuses(shelf) == {"bruno": "one end"}


def test_of_merged_persons_the_newest_of_both_is_shown(shelf: Shelf, bruno: Diary) -> None:
    chloe = Diary(shelf.book, "chloe")
    chloe.say(kinds.Status("older"), at=NOON)
    bruno.say(kinds.Status("newer"), at=NOON + 1)
    shelf.take(chloe)
    shelf.take(bruno)
    merged = sorted(shelf.book.persons[name] for name in ("bruno", "chloe"))
    shelf.book.write("anne", a.Merge(tuple(merged)))
    shelf.learn()
    assert list(statuses(shelf).values()) == ["newer"]


@pytest.mark.parametrize("body", [b"", bytes(16) + b"\xc1", bytes(16) + b"\x91\x01"])
def test_a_status_that_cannot_be_read_is_not_shown(shelf: Shelf, bruno: Diary, body: bytes) -> None:
    bruno.say(kinds.Status("readable"))
    bruno.write("status", body)
    shelf.take(bruno)
    assert statuses(shelf) == {"bruno": "readable"}


def test_the_retention_rule_drops_statuses_too(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("old"), at=NOON - 11 * DAY)
    bruno.post("new", at=NOON)
    shelf.take(bruno)
    shelf.book.write("anne", a.Rule("Office", (("retention-days", 10),)))
    shelf.learn()
    assert statuses(shelf) == {"bruno": "old"}
    assert shelf.store.sweep(shelf.office).statuses == {}
    assert statuses(shelf) == {}


def test_rebuild_makes_the_view_anew(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("Accounts"), at=NOON + 99 * MINUTE)
    shelf.take(bruno)
    with shelf.store.database.transaction(durable=False):
        shelf.store.database.run("DELETE FROM status")
    assert statuses(shelf) == {}
    shelf.store.rebuild(shelf.office)
    assert statuses(shelf) == {"bruno": "Accounts"}


def test_what_an_older_version_kept_unread_is_shown_after_the_update(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Status("Accounts"))
    bruno.post("hello")
    bruno.say(kinds.Coffee("cake"))
    shelf.take(bruno)
    shelf.store.close()
    _back_to_version_1(shelf.folder / "posts.db", rotten=3)
    shelf.open()
    assert statuses(shelf) == {"bruno": "Accounts"} and shelf.texts() == ["hello"]
    assert [row.text for row in shelf.store.timeline(view=View.COFFEE).rows] == ["cake"]
    shelf.store.close()
    said: list[str] = []
    shelf.store = type(shelf.store).open(shelf.folder, shelf.me, lambda: NOON)
    shelf.store.database.trace(said.append)
    shelf.store.know(shelf.office)
    assert not any("INTO status" in line for line in said), "looked for once"


def _back_to_version_1(file: Path, rotten: int) -> None:
    """The database as version 1 would have left it, with one header that cannot be read."""
    now, then = sqlite3.connect(file), sqlite3.connect(":memory:")
    then.executescript(VERSION_1)
    tables = {row[0] for row in then.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for (trigger,) in now.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        now.execute(f"DROP TRIGGER {trigger}")
    now.execute("UPDATE entry SET key = NULL WHERE key IN (SELECT key FROM timeline WHERE kind = 'coffee')")
    now.execute("DELETE FROM timeline WHERE kind = 'coffee'")
    for index in ("timeline_sealed", "timeline_coffee", "timeline_announcement"):
        now.execute(f"DROP INDEX {index}")
    for column in ("readers", "closed"):
        now.execute(f"ALTER TABLE timeline DROP COLUMN {column}")
    now.execute("DROP TABLE item_words")  # and the tables that go with it
    added = [row[0] for row in now.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in (name for name in added if name not in tables):
        now.execute(f"DROP TABLE {table}")
    now.execute("UPDATE entry SET header = x'05' WHERE seq = ?", (rotten,))
    now.execute("DELETE FROM meta WHERE key = 'newest-due'")
    now.execute("PRAGMA user_version = 1")
    now.commit()
    now.close()
    then.close()


# --- roads --------------------------------------------------------------------------------------------------
def test_of_each_address_the_last_word_counts_whoever_said_it(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    anne.say(kinds.Road("10.1.2.3", 20140, True), at=NOON)
    anne.say(kinds.Road("nantes.example", 20140, True), at=NOON + 1)
    bruno.say(kinds.Road("10.1.2.3", 20140, False), at=NOON + 2)
    shelf.take(bruno)
    assert shelf.store.archive.newest.roads() == ()
    shelf.take(anne)
    assert shelf.store.archive.newest.roads() == (("nantes.example", 20140),)
    withdrawn = anne.say(kinds.Road("10.1.2.3", 20140, True), at=NOON + 3)
    taken = take(shelf, anne)
    assert taken.roads == (("10.1.2.3", 20140), ("nantes.example", 20140)) and taken.rows == ()
    anne.say(kinds.Withdraw(withdrawn.entry.id))
    assert take(shelf, anne).roads == (("nantes.example", 20140),)


def test_what_a_removed_person_says_past_the_border_leads_nowhere(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Road("10.1.2.3", 20140, True))
    bruno.say(kinds.Road("10.9.9.9", 20140, True))
    shelf.take(bruno)
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    assert shelf.store.archive.newest.roads() == (("10.1.2.3", 20140),)


def test_of_roads_without_number_the_newest_few_count(shelf: Shelf, bruno: Diary) -> None:
    for n in range(2 * limits.ROADS):
        bruno.say(kinds.Road(f"10.0.{n // 250}.{n % 250 + 1}", 20140, True))
    shelf.take(bruno)
    roads = shelf.store.archive.newest.roads()
    assert len(roads) == limits.ROADS and roads[0] == ("10.0.0.128", 20140)


def test_of_tags_followed_without_number_the_newest_few_count(shelf: Shelf, bruno: Diary) -> None:
    for n in range(limits.FOLLOWS + 50):
        bruno.say(kinds.Follow(f"tag{n}", True))
    bruno.say(kinds.Follow("TAG60", False))
    shelf.take(bruno)
    followed = shelf.store.archive.newest.following()
    assert len(followed) == limits.FOLLOWS - 2, "the newest 200 say: 199 others, and of one that it is left"
    assert "tag60" not in followed and "tag249" in followed and "tag0" not in followed


def test_of_what_a_person_says_of_themselves_the_newest_counts(book: Chronicle, shelf: Shelf, bruno: Diary) -> None:
    phone = Diary(book, "bruno", 2)
    bruno.say(kinds.Profile(job="Clerk"), at=NOON)
    phone.say(kinds.Profile(job="Head\nclerk", place="Lyon"), at=NOON + 1)
    for diary in (phone, bruno):
        shelf.take(diary)
    (said,) = shelf.store.archive.newest.profiles().values()
    assert said == Profile("Head clerk", "Lyon")
    shelf.take(phone, [phone.say(kinds.Withdraw(phone.held[-1].entry.id))])
    (said,) = shelf.store.archive.newest.profiles().values()
    assert said == Profile("Clerk")


def test_roads_outlast_the_retention_rule_and_a_rebuild(shelf: Shelf, bruno: Diary) -> None:
    bruno.say(kinds.Road("10.1.2.3", 20140, True), at=NOON - 400 * DAY)
    shelf.take(bruno)
    shelf.book.write("anne", a.Rule("Office", (("retention-days", 30),)))
    shelf.learn()
    shelf.store.sweep(shelf.office)
    assert shelf.store.archive.newest.roads() == (("10.1.2.3", 20140),)
    shelf.store.rebuild(shelf.office)
    assert shelf.store.archive.newest.roads() == (("10.1.2.3", 20140),)
