"""What is unread: exact, over restarts, rebuilds and withdrawals, and the same on two PCs of one person."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskblog import limits
from deskblog.errors import Malformed
from deskblog.log import act as a
from deskblog.log import codec, kinds
from deskblog.log.letter import SEEN_MARK, Seen, write_letter
from deskblog.log.sealed import KIND
from deskblog.values import EntryId, PersonId, Role, View
from tests.log.chronicle import Chronicle, device
from tests.store.diary import MINUTE, NOON, Diary, Shelf

LATER = NOON + MINUTE


def unread(shelf: Shelf) -> list[str]:
    return [row.text for row in shelf.store.timeline(limit=500).rows if row.unread]


def counts(shelf: Shelf, me: str = "Anne") -> dict[View, int]:
    return shelf.store.archive.unread.counts(me)


def read(shelf: Shelf, *texts: str) -> list[EntryId]:
    rows = [row for row in shelf.store.timeline(limit=500).rows if row.text in texts]
    return shelf.store.archive.unread.read([EntryId(bytes.fromhex(row.id)) for row in rows], shelf.now)


def write_seen(shelf: Shelf, diary: Diary, author: str, reader: str, marks: tuple[bytes, ...]) -> None:
    person = shelf.office.person_of(device(reader))
    assert person is not None
    body = write_letter(shelf.office, device(author), [PersonId(person.id)], Seen(marks), lambda n: bytes(n))
    diary.write(KIND, body, at=LATER + 5)


def test_others_posts_are_unread_until_they_are_read(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    bruno.post("old", at=NOON - 1)
    for text in ("one", "two", "three"):
        bruno.post(text, at=LATER)
    anne.post("mine", at=LATER)
    shelf.take(bruno)
    shelf.take(anne)
    assert unread(shelf) == ["three", "two", "one"] or sorted(unread(shelf)) == ["one", "three", "two"]
    assert counts(shelf) == {View.ALL: 3, View.OFFICE: 3}
    assert len(read(shelf, "two", "mine", "old")) == 1
    assert sorted(unread(shelf)) == ["one", "three"]
    assert read(shelf, "two") == []


def test_it_survives_a_restart_and_a_rebuild(shelf: Shelf, bruno: Diary) -> None:
    for n in range(5):
        bruno.post(f"post {n}", at=LATER)
    shelf.take(bruno)
    read(shelf, "post 1", "post 3")
    left = sorted(unread(shelf))
    assert left == ["post 0", "post 2", "post 4"]
    shelf.store.close()
    shelf.now += 3 * MINUTE
    shelf.open()
    assert sorted(unread(shelf)) == left
    shelf.store.rebuild(shelf.office)
    assert sorted(unread(shelf)) == left
    assert counts(shelf) == {View.ALL: 3, View.OFFICE: 3}


def test_what_is_withdrawn_is_not_unread(shelf: Shelf, bruno: Diary) -> None:
    gone = bruno.post("gone", at=LATER)
    bruno.post("stays", at=LATER)
    shelf.take(bruno)
    bruno.say(kinds.Withdraw(gone.entry.id), at=LATER + 1)
    shelf.take(bruno)
    assert unread(shelf) == ["stays"] and counts(shelf) == {View.ALL: 1, View.OFFICE: 1}


def test_an_answer_that_came_before_its_question_stays_unread_or_read_when_it_moves(
    shelf: Shelf, bruno: Diary, book: Chronicle
) -> None:
    chloe = Diary(book, "chloe")
    asked = bruno.say(kinds.Question("where?"), at=LATER + 100)
    chloe.answer(asked, "here", at=LATER)  # by a clock that is behind
    chloe.answer(asked, "there", at=LATER)
    shelf.take(chloe)
    read(shelf, "here")
    shelf.take(bruno)
    assert [row.text for row in shelf.store.timeline().rows][-1] == "where?"
    assert sorted(unread(shelf)) == ["there", "where?"]


def test_each_part_of_the_timeline_has_its_count(shelf: Shelf, bruno: Diary, book: Chronicle) -> None:
    given = book.role("bruno", Role.ANNOUNCER)
    shelf.learn()
    bruno.post("@anne look", at=LATER)
    bruno.post("mail anne@example.org", at=LATER)
    asked = bruno.say(kinds.Question("who?"), at=LATER)
    bruno.say(kinds.Question("when?"), at=LATER)
    bruno.say(kinds.Coffee("cake"), at=LATER)
    bruno.say(kinds.Announcement("fire drill", given.id, 2, 1), at=LATER)
    bruno.say(kinds.Announcement("by no act", bytes(32), 2, 1), at=LATER)
    answer = bruno.answer(asked, "me", at=LATER)
    bruno.say(kinds.Solve(asked.entry.id, answer.entry.id), at=LATER)
    person = shelf.office.person_of(device("anne"))
    assert person is not None
    letter = write_letter(shelf.office, device("bruno"), [PersonId(person.id)], kinds.Post("psst"), bytes)
    bruno.write(KIND, letter, at=LATER)
    shelf.take(bruno)
    said = counts(shelf)
    assert said == {
        View.ALL: 8,
        View.OFFICE: 8,
        View.COFFEE: 1,
        View.SEALED: 1,
        View.OPEN: 1,
        View.MENTIONS: 1,
        View.ANNOUNCEMENTS: 1,
    }
    held = shelf.store.archive.unread
    for view, n in said.items():
        assert len(held.ids(view, "Anne", 100)) == n
    held.read(held.ids(View.COFFEE, "Anne", 100), shelf.now)
    held.read(held.ids(View.MENTIONS, "Anne", 100), shelf.now)
    assert counts(shelf) == {View.ALL: 7, View.OFFICE: 7, View.SEALED: 1, View.OPEN: 1, View.ANNOUNCEMENTS: 1}
    assert held.ids(View.KEPT, "Anne", 100) == []


def test_what_another_pc_of_mine_has_read_is_read_here_in_any_order(tmp_path: Path, book: Chronicle) -> None:
    book.admit("anne2", person="anne")
    bruno, second = Diary(book, "bruno"), Diary(book, "anne2")
    posts = [bruno.post(f"post {n}", at=LATER) for n in range(3)]
    for n, order in enumerate(((bruno, second), (second, bruno))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        if n == 0:
            marks = tuple(sorted(one.entry.id[:SEEN_MARK] for one in posts[:2]))
            write_seen(shelf, second, "anne2", "anne", marks)
        come = [one for diary in order for done in shelf.take(diary) for one in done.read]
        assert unread(shelf) == ["post 2"]
        assert sorted(come) == (sorted(one.entry.id for one in posts[:2]) if n == 0 else [])
        shelf.store.rebuild(shelf.office)
        assert unread(shelf) == ["post 2"]
        assert shelf.store.archive.unread.untold(10) == ()
        shelf.store.close()


def test_nobody_else_can_mark_what_i_have_read(shelf: Shelf, bruno: Diary, book: Chronicle) -> None:
    chloe = Diary(book, "chloe")
    post = bruno.post("read me", at=LATER)
    write_seen(shelf, chloe, "chloe", "anne", (post.entry.id[:SEEN_MARK],))
    shelf.take(chloe)
    shelf.take(bruno)
    assert unread(shelf) == ["read me"]


def test_marks_to_tell_are_kept_until_they_are_told(shelf: Shelf, bruno: Diary) -> None:
    posts = [bruno.post(f"post {n}", at=LATER) for n in range(3)]
    shelf.take(bruno)
    held = shelf.store.archive.unread
    read(shelf, "post 2")
    shelf.now += MINUTE
    held.forget(shelf.now)
    assert held.untold(10) == ()
    read(shelf, "post 0", "post 1")
    due = held.untold(10)
    assert sorted(due) == sorted(one.entry.id[:SEEN_MARK] for one in posts[:2])
    held.told(due[:1])
    assert held.untold(10) == due[1:]


@pytest.mark.parametrize("marks", [(), (b"short",), (b"8 bytes!",) * (limits.SEEN + 1)])
def test_a_mark_that_cannot_be_is_no_letter(marks: tuple[bytes, ...]) -> None:
    with pytest.raises(Malformed):
        codec.decode_prefix(codec.encode((marks,)), Seen, limits.BODY)


def test_as_many_marks_as_there_may_be_fit_one_letter(shelf: Shelf) -> None:
    marks = tuple(n.to_bytes(SEEN_MARK, "big") for n in range(limits.SEEN))
    person = shelf.office.person_of(device("anne"))
    assert person is not None
    body = write_letter(shelf.office, device("anne"), [PersonId(person.id)], Seen(marks), lambda n: bytes(n))
    assert len(body) <= limits.BODY


@pytest.mark.parametrize("me", ["anne", "bruno"])
def test_of_two_made_one_neither_has_the_others_posts_to_read(book: Chronicle, tmp_path: Path, me: str) -> None:
    """Whichever of the two ids is the common one from then on."""
    shelf = Shelf(tmp_path, book, me)
    for name in ("anne", "bruno", "chloe"):
        diary = Diary(book, name)
        diary.post(f"of {name}", at=LATER)
        shelf.take(diary)
    assert len(unread(shelf)) == 2
    book.write("anne", a.Merge(tuple(sorted(book.persons[name] for name in ("anne", "bruno")))))
    shelf.learn()
    assert unread(shelf) == ["of chloe"]
    shelf.store.rebuild(shelf.office)
    assert unread(shelf) == ["of chloe"]
    shelf.store.close()
