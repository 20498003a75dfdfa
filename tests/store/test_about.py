"""Reactions, answers taken, corrections: the newest of each person holds, whatever came first, and for who may."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.store.store import Ingested
from deskblog.values import Row, View
from tests.log.chronicle import Chronicle
from tests.store.diary import DAY, MINUTE, NOON, Diary, Shelf, borders, without_bodies


def take(shelf: Shelf, diary: Diary, count: int = 1) -> Ingested:
    """Takes the last entries in."""
    return shelf.store.ingest(diary.name, diary.held[-count:], shelf.office)


def row(shelf: Shelf, text: str) -> Row:
    (found,) = [one for one in shelf.store.timeline().rows if one.text == text]
    return found


def signs(shelf: Shelf, text: str) -> dict[str, tuple[str, ...]]:
    return {one.sign: one.people for one in row(shelf, text).reactions}


def test_of_each_person_one_sign_counts_and_may_be_taken_back(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    post = bruno.post("Cake at four").entry.id
    shelf.take(bruno)
    anne.say(kinds.React(post, "👍"))
    shelf.take(anne)
    bruno.say(kinds.React(post, "☕"))
    done = take(shelf, bruno)
    assert [(one.text, one.kind) for one in done.changed] == [("Cake at four", "post")]
    assert signs(shelf, "Cake at four") == {"👍": ("Anne",), "☕": ("Bruno",)}
    assert [one.mine for one in row(shelf, "Cake at four").reactions] == [True, False]
    anne.say(kinds.React(post, "☕"), at=NOON)
    take(shelf, anne)
    assert signs(shelf, "Cake at four") == {"☕": ("Bruno", "Anne")}
    anne.say(kinds.React(post, ""))
    take(shelf, anne)
    assert signs(shelf, "Cake at four") == {"☕": ("Bruno",)}


def test_all_orders_of_arrival_end_alike(book: Chronicle, tmp_path: Path) -> None:
    asker, other, helper = Diary(book, "bruno"), Diary(book, "bruno", 2), Diary(book, "chloe")
    question = asker.say(kinds.Question("Who has the kee?"), at=NOON).entry.id
    answer = helper.say(kinds.Answer("Me", question), at=NOON + 1).entry.id
    asker.say(kinds.Correct(question, "Who has the key?"), at=NOON + 2)
    other.say(kinds.Correct(question, "Who has the key of the cellar?"), at=NOON + 3)
    asker.say(kinds.Solve(question, answer), at=NOON + 4)
    helper.say(kinds.React(question, "👀"), at=NOON + 5)
    ends = set()
    for n, order in enumerate(itertools.permutations((asker, other, helper))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        for diary in order:
            shelf.take(diary)
        found = row(shelf, "Who has the key of the cellar?")
        ends.add((found.solved, found.answers, found.first_answer, found.reactions, found.corrected))
        assert shelf.found("cellar") == ["Who has the key of the cellar?"]
        assert shelf.found("kee") == []
        assert shelf.store.timeline(view=View.OPEN).rows == ()
        shelf.store.close()
    assert len(ends) == 1
    solved, answers, first, reactions, corrected = ends.pop()
    assert (solved, answers, first, corrected) == (answer.hex(), 1, NOON + 1, False)
    assert [(one.sign, one.people) for one in reactions] == [("👀", ("Chloé",))]


def test_a_question_is_open_until_its_asker_and_nobody_else_takes_an_answer(
    shelf: Shelf, anne: Diary, bruno: Diary
) -> None:
    asked = bruno.say(kinds.Question("Who has the key?"))
    shelf.take(bruno)
    answer = anne.answer(asked, "Me").entry.id
    anne.say(kinds.Solve(asked.entry.id, answer))
    shelf.take(anne)
    assert [one.text for one in shelf.store.timeline(view=View.OPEN).rows] == ["Who has the key?"]
    assert row(shelf, "Who has the key?").solved == ""
    bruno.say(kinds.Solve(asked.entry.id, answer))
    take(shelf, bruno)
    assert row(shelf, "Who has the key?").solved == answer.hex()
    assert shelf.store.timeline(view=View.OPEN).rows == ()
    bruno.say(kinds.Solve(asked.entry.id, b""))
    take(shelf, bruno)
    assert [one.text for one in shelf.store.timeline(view=View.OPEN).rows] == ["Who has the key?"]


def test_only_its_author_corrects_a_post_and_the_search_knows_it_by_its_new_words(
    shelf: Shelf, anne: Diary, bruno: Diary
) -> None:
    post = bruno.post("Lunch at tvelve")
    shelf.take(bruno)
    place = row(shelf, "Lunch at tvelve").key
    anne.say(kinds.Correct(post.entry.id, "Lunch is cancelled"))
    shelf.take(anne)
    assert shelf.texts() == ["Lunch at tvelve"]
    bruno.say(kinds.Correct(post.entry.id, "Lunch at twelve"))
    done = take(shelf, bruno)
    assert [one.text for one in done.changed] == ["Lunch at twelve"] and not done.reshown
    assert row(shelf, "Lunch at twelve").key == place
    assert shelf.found("twelve") == ["Lunch at twelve"] and shelf.found("tvelve") == []


@pytest.mark.parametrize(("after", "marked"), [(limits.CORRECT_MS, False), (limits.CORRECT_MS + 1, True)])
def test_a_correction_is_marked_after_ten_minutes(shelf: Shelf, bruno: Diary, after: int, marked: bool) -> None:
    post = bruno.post("before", at=NOON - DAY)
    bruno.say(kinds.Correct(post.entry.id, "after"), at=NOON - DAY + after)
    shelf.take(bruno)
    assert row(shelf, "after").corrected is marked


def test_what_is_withdrawn_of_it_gives_way_to_what_was_said_before(shelf: Shelf, bruno: Diary) -> None:
    post = bruno.post("one")
    first = bruno.say(kinds.Correct(post.entry.id, "two"))
    second = bruno.say(kinds.Correct(post.entry.id, "three"))
    shelf.take(bruno)
    assert shelf.texts() == ["three"]
    for gone, left in ((second, "two"), (first, "one")):
        bruno.say(kinds.Withdraw(gone.entry.id))
        take(shelf, bruno)
        assert shelf.texts() == [left]
    assert shelf.found("three") == []


def test_what_came_before_its_target_holds_when_that_comes(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    post = bruno.post("original")
    bruno.say(kinds.Correct(post.entry.id, "corrected"))
    anne.say(kinds.React(post.entry.id, "🎉"))
    shelf.take(anne)
    shelf.take(bruno, without_bodies(bruno.held[:2]) + bruno.held[2:])
    assert shelf.texts() == []
    assert bruno.held[0].body is not None and post.body is not None
    shelf.store.fill([(bruno.held[0].entry.id, bruno.held[0].body)], shelf.office)
    shelf.store.fill([(post.entry.id, post.body)], shelf.office)
    assert signs(shelf, "corrected") == {"🎉": ("Anne",)}


def test_what_lies_past_a_border_says_nothing(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    post = anne.post("Anne's")
    own = bruno.post("kept")
    bruno.say(kinds.React(post.entry.id, "👍"))
    bruno.say(kinds.Correct(own.entry.id, "changed"))
    shelf.take(anne)
    shelf.take(bruno)
    assert set(shelf.texts()) == {"changed", "Anne's"} and signs(shelf, "Anne's") == {"👍": ("Bruno",)}
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    assert set(shelf.texts()) == {"kept", "Anne's"} and signs(shelf, "Anne's") == {}


def test_a_sign_nobody_offers_and_a_thousand_of_one_person_are_nothing_more(shelf: Shelf, bruno: Diary) -> None:
    post = bruno.post("Cake at four").entry.id
    bruno.write("react", kinds.encode_body(kinds.React(post, "💣"), bytes(kinds.SALT)))
    for n in range(1000):
        bruno.say(kinds.React(post, kinds.SIGNS[n % 2]))
    shelf.take(bruno)
    assert signs(shelf, "Cake at four") == {kinds.SIGNS[1]: ("Bruno",)}


def test_made_anew_and_opened_again_it_is_the_same(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    asked = bruno.say(kinds.Question("first words"))
    answer = anne.answer(asked, "Me").entry.id
    bruno.say(kinds.Correct(asked.entry.id, "second words"))
    bruno.say(kinds.Solve(asked.entry.id, answer))
    anne.say(kinds.React(asked.entry.id, "👍"))
    shelf.take(bruno)
    shelf.take(anne)
    before = shelf.store.timeline().rows
    shelf.store.rebuild(shelf.office)
    assert shelf.store.timeline().rows == before
    shelf.store.close()
    shelf.open()
    assert shelf.store.timeline().rows == before
    bruno.say(kinds.Correct(asked.entry.id, "third words"))
    take(shelf, bruno)
    assert shelf.found("third") == ["third words"]


def test_a_reaction_to_what_was_withdrawn_or_never_came_is_kept_and_not_shown(
    shelf: Shelf, anne: Diary, bruno: Diary
) -> None:
    post = bruno.post("gone soon")
    bruno.say(kinds.Withdraw(post.entry.id))
    anne.say(kinds.React(post.entry.id, "👍"))
    anne.say(kinds.React(b"\7" * 32, "👍"))
    shelf.take(bruno)
    shelf.take(anne)
    assert shelf.texts() == []


def test_the_retention_rule_drops_what_was_said_of_others_too(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    old = bruno.post("old", at=NOON - 40 * DAY)
    new = bruno.post("new", at=NOON - MINUTE)
    anne.say(kinds.React(old.entry.id, "👍"), at=NOON - 39 * DAY)
    anne.say(kinds.React(new.entry.id, "👍"), at=NOON - MINUTE)
    shelf.take(bruno)
    shelf.take(anne)
    shelf.book.write("anne", a.Rule("Office", (("retention-days", 30),)))
    shelf.learn()
    shelf.store.sweep(shelf.office)
    assert shelf.texts() == ["new"] and signs(shelf, "new") == {"👍": ("Anne",)}
    assert shelf.store.database.row("SELECT count(*) FROM about")[0] == 1
