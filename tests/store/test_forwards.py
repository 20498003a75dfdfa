"""What stands in the store of rules for the road and of carriers' words: which count, and for how long."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import kinds
from deskblog.log.forward import Declined, Forward, Sending, Sent, Word
from deskblog.log.letter import write_letter
from deskblog.store.store import Held
from deskblog.values import EntryId, PersonId
from tests.log.chronicle import Chronicle, device
from tests.store.diary import DAY, NOON, Diary, Shelf

URL = "freemobile://12345678/s3cr3tk3y"


@pytest.fixture
def anne(book: Chronicle) -> Diary:
    return Diary(book, "anne")


@pytest.fixture
def shelf(book: Chronicle, tmp_path: Path) -> Iterator[Shelf]:
    """Bruno's store: he carries for Anne, with Chloé."""
    made = Shelf(tmp_path, book, "bruno")
    yield made
    made.store.close()


def letter(shelf: Shelf, diary: Diary, content: Word, *, at: int | None = None) -> Held:
    devices = [device(name) for name in ("anne", "bruno", "chloe")]
    author = diary.name.device
    body = write_letter(
        shelf.office, author, list(shelf.book.persons.values()), content, secrets.token_bytes, None, devices
    )
    return diary.write("sealed", body, at=at)


def rule(cap: int = 30) -> Forward:
    carriers = tuple(sorted((bytes(device("bruno")), bytes(device("chloe")))))
    return Forward((URL,), ("announcements",), cap, carriers)


def caps(shelf: Shelf) -> list[int]:
    return [one.said.cap for one in shelf.store.archive.letters.forwards.rules()]


def test_of_a_person_the_newest_rule_counts_whatever_came_first(shelf: Shelf, anne: Diary) -> None:
    letter(shelf, anne, rule(1), at=NOON)
    letter(shelf, anne, rule(2), at=NOON + 5)
    letter(shelf, anne, rule(3), at=NOON + 1)
    bruno = Diary(shelf.book, "bruno")
    letter(shelf, bruno, rule(9), at=NOON)
    for diary in (bruno, anne):
        shelf.take(diary)
    assert sorted(caps(shelf)) == [2, 9]
    shelf.store.close()
    shelf.open()
    assert sorted(caps(shelf)) == [2, 9]
    shelf.store.rebuild(shelf.office)
    assert sorted(caps(shelf)) == [2, 9]


def test_a_withdrawn_rule_is_gone_with_its_body_and_the_one_before_it_holds(shelf: Shelf, anne: Diary) -> None:
    told: list[int] = []
    shelf.store.archive.letters.forwards.changed = lambda: told.append(1)
    letter(shelf, anne, rule(1))
    newer = letter(shelf, anne, rule(2))
    post = anne.post("something else")
    shelf.take(anne)
    assert len(told) == 2
    before = len(anne.held)
    anne.say(kinds.Withdraw(post.entry.id))
    anne.say(kinds.Withdraw(newer.entry.id))
    shelf.take(anne, anne.held[before : before + 1])
    assert len(told) == 2, "another's going is not told"
    shelf.take(anne, anne.held[before + 1 :])
    assert len(told) == 3
    assert caps(shelf) == [1]
    assert not isinstance(dict(shelf.store.bodies([newer.entry.id]))[newer.entry.id], bytes)
    person = PersonId(shelf.book.persons["anne"])
    assert len(shelf.store.archive.letters.forwards.all_of(person, 9)) == 1


def test_who_is_removed_has_no_rule_past_the_border(shelf: Shelf, anne: Diary) -> None:
    letter(shelf, anne, rule())
    shelf.take(anne)
    assert caps(shelf) == [30]
    chloe = Diary(shelf.book, "chloe")
    letter(shelf, chloe, rule(5))
    shelf.take(chloe)
    shelf.book.remove("chloe")
    shelf.learn()
    assert caps(shelf) == [30], "what nobody had said to count of hers counts no more"


def words(shelf: Shelf, now: int = NOON) -> list[Word]:
    forwards = shelf.store.archive.letters.forwards
    [held] = forwards.rules()
    return [word.said for word in forwards.words(held, now)]


def test_words_count_of_carriers_alone_each_ones_in_its_order(shelf: Shelf, anne: Diary) -> None:
    ident = letter(shelf, anne, rule()).entry.id
    said: list[Word] = [Sending(ident, bytes(32), NOON), Sent(ident, bytes(32), NOON + 1, "down", 60_000, 500)]
    chloe = Diary(shelf.book, "chloe")
    for one in (*said, Declined(ident), Declined(bytes(32))):
        letter(shelf, chloe, one)
    letter(shelf, anne, Sent(ident, bytes(32), NOON, "taken"))
    for diary in (chloe, anne):
        shelf.take(diary)
    assert words(shelf) == [*said, Declined(ident)], "not the person's own, and not by another rule"


def test_a_word_was_heard_when_it_was_first_looked_at_and_ones_own_when_it_was_said(
    shelf: Shelf, anne: Diary
) -> None:
    ident = letter(shelf, anne, rule()).entry.id
    bruno, chloe = Diary(shelf.book, "bruno"), Diary(shelf.book, "chloe")
    letter(shelf, bruno, Sending(ident, bytes(32), NOON - 7))
    letter(shelf, chloe, Sending(ident, bytes(32), NOON + 999 * DAY))
    for diary in (anne, bruno, chloe):
        shelf.take(diary)
    forwards = shelf.store.archive.letters.forwards
    [held] = forwards.rules()
    for now in (NOON + 3, NOON + 9):
        heard = {bytes(word.carrier): word.heard for word in forwards.words(held, now)}
        assert heard == {bytes(device("bruno")): NOON - 7, bytes(device("chloe")): NOON + 3}, "whatever clock she has"


def test_of_words_without_number_the_newest_of_each_carrier_are_looked_at(shelf: Shelf, anne: Diary) -> None:
    ident = letter(shelf, anne, rule()).entry.id
    chloe, bruno = Diary(shelf.book, "chloe"), Diary(shelf.book, "bruno")
    many = limits.FORWARD_WORDS + 5
    for n in range(many):
        letter(shelf, chloe, Sending(ident, n.to_bytes(32, "big"), NOON))
    letter(shelf, bruno, Declined(ident), at=NOON - DAY)
    for diary in (anne, chloe, bruno):
        shelf.take(diary)
    found = words(shelf)
    assert Declined(ident) in found, "she hides nothing of what another says"
    said = [int.from_bytes(one.entry, "big") for one in found if isinstance(one, Sending)]
    assert said == list(range(5, many))


def test_what_is_two_months_old_is_looked_at_no_more_and_ones_own_is_to_be_withdrawn(
    shelf: Shelf, anne: Diary
) -> None:
    ident = letter(shelf, anne, rule(), at=NOON - 90 * DAY).entry.id
    bruno = Diary(shelf.book, "bruno")
    old = letter(shelf, bruno, Sending(ident, bytes(32), NOON), at=NOON - (limits.FORWARD_DAYS + 1) * DAY)
    new = letter(shelf, bruno, Sent(ident, bytes(32), NOON, "taken"), at=NOON - (limits.FORWARD_DAYS - 1) * DAY)
    for diary in (anne, bruno):
        shelf.take(diary)
    assert words(shelf) == [Sent(ident, bytes(32), NOON, "taken")]
    forwards = shelf.store.archive.letters.forwards
    assert forwards.old_words(NOON - limits.FORWARD_DAYS * DAY, 9) == [old.entry.id]
    assert set(forwards.old_words(NOON + DAY, 9)) == {old.entry.id, new.entry.id}, "and never a rule"


def test_whoever_cannot_open_a_rule_has_a_shut_letter_and_no_rule(
    book: Chronicle, tmp_path: Path, anne: Diary
) -> None:
    shelf = Shelf(tmp_path, book, "chloe")
    to = [book.persons["bruno"]]
    body = write_letter(shelf.office, device("anne"), to, rule(), secrets.token_bytes, None, [device("bruno")])
    anne.write("sealed", body)
    shelf.take(anne)
    assert caps(shelf) == []
    assert shelf.store.database.row("SELECT count(*) FROM shut")[0] == 1
    shelf.store.close()


def test_a_rule_an_older_version_kept_unread_is_read_by_this_one(shelf: Shelf, anne: Diary) -> None:
    held = letter(shelf, anne, rule())
    shelf.take(anne)
    database = shelf.store.database
    with database.transaction(durable=False):
        database.run("DELETE FROM forwarding")
        database.run("INSERT INTO shut (entry, log, at) SELECT id, log, 0 FROM entry WHERE id = ?", (held.entry.id,))
        database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('newest-due', '1')")
    shelf.store.close()
    shelf.open()
    assert caps(shelf) == [30]
    assert shelf.store.database.row("SELECT count(*) FROM shut")[0] == 0
    assert EntryId(held.entry.id) == shelf.store.archive.letters.forwards.rules()[0].id
