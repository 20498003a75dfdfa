"""What is public hangs on its author alone, and all stores agree on it, whatever came first."""

from __future__ import annotations

import itertools
import secrets
from pathlib import Path

import pytest

from deskblog import limits
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.letter import write_letter
from deskblog.log.publicity import SETTING, public_tags, written_tags
from deskblog.values import PersonId, View
from tests.log.chronicle import Chronicle, device
from tests.store.diary import DAY, MINUTE, NOON, Diary, Shelf, borders
from tests.store.test_about import take


def rule(shelf: Shelf, tags: str, **more: int) -> None:
    """The office's public tags, and its other settings: a rule says all."""
    settings: dict[str, str | int] = {SETTING: tags}
    settings |= {name.replace("_", "-"): value for name, value in more.items()}
    shelf.book.write("anne", a.Rule("Office", tuple(sorted(settings.items()))))
    shelf.learn()


def public(shelf: Shelf) -> set[str]:
    return {
        one.text for view in (View.ALL, View.COFFEE) for one in shelf.store.timeline(view=view).rows if one.public
    }


def all_public(shelf: Shelf) -> list[str]:
    """As it is found for publishing, newest first."""
    archive = shelf.store.archive
    return [one.text for one in archive.timeline.rows(archive.public_posts.keys())[::-1] if one.public]


def test_only_its_author_makes_a_post_public_and_takes_it_back(shelf: Shelf, anne: Diary, bruno: Diary) -> None:
    post = bruno.post("Cake at four").entry.id
    shelf.take(bruno)
    anne.say(kinds.Public(post, True))
    shelf.take(anne)
    assert public(shelf) == set() and all_public(shelf) == []
    bruno.say(kinds.Public(post, True))
    done = take(shelf, bruno)
    assert [(one.text, one.public) for one in done.changed] == [("Cake at four", True)] and not done.reshown
    assert public(shelf) == {"Cake at four"} and all_public(shelf) == ["Cake at four"]
    anne.say(kinds.Public(post, False), at=NOON)
    take(shelf, anne)
    assert public(shelf) == {"Cake at four"}
    off = bruno.say(kinds.Public(post, False))
    take(shelf, bruno)
    assert public(shelf) == set() and all_public(shelf) == []
    bruno.say(kinds.Withdraw(off.entry.id))
    take(shelf, bruno)
    assert public(shelf) == {"Cake at four"}


def test_a_tag_makes_public_what_is_written_after_the_rule_unless_its_author_says_otherwise(
    shelf: Shelf, bruno: Diary
) -> None:
    bruno.post("Before #shop", at=NOON - 10)
    bruno.post("At that moment #shop", at=NOON - 9)
    kept = bruno.post("Not this #shop", at=NOON - 8).entry.id
    bruno.post("Bread is ready #SHOP", at=NOON - 7)
    bruno.post("No tag", at=NOON - 6)
    bruno.post("#shopping", at=NOON - 5)
    bruno.say(kinds.Public(kept, False), at=NOON - 4)
    shelf.take(bruno)
    rule(shelf, f"shop:{NOON - 9}")
    assert public(shelf) == {"Bread is ready #SHOP"} and all_public(shelf) == ["Bread is ready #SHOP"]
    rule(shelf, f"shop:{NOON - 9}", retention_days=30)
    assert public(shelf) == {"Bread is ready #SHOP"}, "another rule is not another time"
    rule(shelf, "")
    assert public(shelf) == set() and all_public(shelf) == []


def test_another_rule_shows_the_timeline_anew_only_where_tags_differ(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("Bread #shop", at=NOON)
    shelf.take(bruno)

    def learned(tags: str) -> bool:
        shelf.book.write("anne", a.Rule("Office", ((SETTING, tags),)))
        return shelf.store.add_acts(tuple(shelf.book.acts), shelf.office).reshown

    assert learned("shop:5") and not learned("shop:5") and learned("shop:6")


def test_a_correction_puts_the_tag_in_or_takes_it_out(shelf: Shelf, bruno: Diary) -> None:
    rule(shelf, f"shop:{NOON - 5}")
    old, new = bruno.post("Old bread", at=NOON - 10).entry.id, bruno.post("Bread #shop", at=NOON).entry.id
    bruno.say(kinds.Correct(old, "Old bread #shop"))
    shelf.take(bruno)
    assert public(shelf) == {"Bread #shop"}, "what was written before the rule stays in"
    bruno.say(kinds.Correct(new, "Bread"))
    take(shelf, bruno)
    assert public(shelf) == set() and all_public(shelf) == []
    bruno.say(kinds.Correct(new, "Bread, at last #shop"))
    take(shelf, bruno)
    assert all_public(shelf) == ["Bread, at last #shop"]


def test_never_what_is_sealed_said_over_coffee_or_withdrawn(book: Chronicle, tmp_path: Path) -> None:
    shelf, bruno = Shelf(tmp_path, book), Diary(book, "bruno")
    rule(shelf, "shop:5")
    reader = shelf.office.person_of(device("anne"))
    assert reader is not None
    words = kinds.Post("For Anne #shop")
    sealed = bruno.write(
        "sealed", write_letter(shelf.office, device("bruno"), [PersonId(reader.id)], words, secrets.token_bytes)
    )
    coffee = bruno.say(kinds.Coffee("Cup #shop"))
    gone = bruno.post("Gone #shop")
    status = bruno.say(kinds.Status("Busy #shop"))
    bruno.say(kinds.Withdraw(gone.entry.id))
    for one in (sealed, coffee, gone, status):
        bruno.say(kinds.Public(one.entry.id, True))
    shelf.take(bruno)
    shown = {one.text for view in (View.ALL, View.COFFEE) for one in shelf.store.timeline(view=view).rows}
    assert shown == {"For Anne #shop", "Cup #shop"}
    assert public(shelf) == set() and all_public(shelf) == []
    shelf.store.close()


def test_the_past_is_public_one_by_one_alone(shelf: Shelf, bruno: Diary) -> None:
    rule(shelf, "shop:5")
    past = bruno.say(kinds.Past("Long ago #shop", NOON - DAY, "mastodon"))
    shelf.take(bruno)
    assert public(shelf) == set()
    bruno.say(kinds.Public(past.entry.id, True))
    take(shelf, bruno)
    assert public(shelf) == {"Long ago #shop"} and all_public(shelf) == ["Long ago #shop"]


def test_questions_answers_polls_and_announcements_can_be(shelf: Shelf, anne: Diary) -> None:
    asked = anne.say(kinds.Question("Which bread?"))
    said = [
        asked,
        anne.answer(asked, "Rye"),
        anne.say(kinds.Poll("Rye?", ("Yes", "No"))),
        anne.say(kinds.Announcement("Closed on Monday", shelf.book.found.id, 1, 1)),
    ]
    for one in said:
        anne.say(kinds.Public(one.entry.id, True))
    shelf.take(anne)
    assert all_public(shelf) == ["Closed on Monday", "Rye?", "Rye", "Which bread?"]


def test_all_orders_of_arrival_end_alike_made_anew_too(book: Chronicle, tmp_path: Path) -> None:
    first, other, third = Diary(book, "bruno"), Diary(book, "bruno", 2), Diary(book, "chloe")
    one, two = first.post("one", at=NOON).entry.id, third.post("two #shop", at=NOON + 1).entry.id
    first.say(kinds.Public(one, False), at=NOON + 4)
    other.say(kinds.Public(one, True), at=NOON + 5)
    other.say(kinds.Public(two, False), at=NOON + 6)
    third.say(kinds.Public(one, False), at=NOON + 7)
    for n, order in enumerate(itertools.permutations((first, other, third))):
        (tmp_path / str(n)).mkdir()
        shelf = Shelf(tmp_path / str(n), book)
        for diary in order[:2]:
            shelf.take(diary)
        rule(shelf, "shop:5")
        shelf.take(order[2])
        assert public(shelf) == {"one", "two #shop"} == set(all_public(shelf))
        shelf.store.rebuild(shelf.office)
        assert public(shelf) == {"one", "two #shop"}
        shelf.store.close()
        shelf.open()
        assert public(shelf) == {"one", "two #shop"}
        shelf.store.close()


def test_past_a_border_nothing_is_made_public(shelf: Shelf, bruno: Diary) -> None:
    post = bruno.post("kept").entry.id
    bruno.say(kinds.Public(post, True))
    shelf.take(bruno)
    assert public(shelf) == {"kept"}
    shelf.book.remove("bruno", heads=borders((bruno, 2)))
    shelf.learn()
    assert shelf.texts() == ["kept"] and public(shelf) == set()


def test_the_retention_rule_lets_go_of_both_and_of_the_mark_no_earlier(shelf: Shelf, bruno: Diary) -> None:
    bruno.post("old", at=NOON - 40 * DAY)
    kept = bruno.post("kept #shop", at=NOON - MINUTE).entry.id
    bruno.say(kinds.Public(bruno.held[1].entry.id, True), at=NOON - 39 * DAY)
    bruno.say(kinds.Public(kept, False), at=NOON)
    shelf.take(bruno)
    rule(shelf, "shop:5", retention_days=30)
    shelf.store.sweep(shelf.office)
    assert shelf.texts() == ["kept #shop"] and public(shelf) == set() and all_public(shelf) == []
    left = shelf.store.database.row("SELECT count(*) FROM about")[0]
    assert left == 1, "what said that the old one is public is let go of as that is"


def test_what_takes_it_back_is_stamped_later_than_the_post(shelf: Shelf, anne: Diary) -> None:
    ahead = anne.post("from next year", at=NOON + 300 * DAY)
    shelf.take(anne)
    assert shelf.store.replaced_by(kinds.Public(ahead.entry.id, False)) == NOON + 300 * DAY


def test_a_thousand_of_one_person_are_one(shelf: Shelf, bruno: Diary) -> None:
    post = bruno.post("Cake").entry.id
    for n in range(1001):
        bruno.say(kinds.Public(post, n % 2 == 0))
    shelf.take(bruno)
    assert all_public(shelf) == ["Cake"]


@pytest.mark.parametrize(
    ("said", "tags"),
    [
        ("shop:5 menu:7", {"shop": 5, "menu": 7}),
        ("shop:5 shop:9 shop:7", {"shop": 9}),
        ("", {}),
        (5, {}),
        ("shop", {}),
        ("shop:", {}),
        (":5", {}),
        ("shop:-5", {}),
        ("shop:٥", {}),
        ("a:b:5", {}),
        ("x" * 50 + ":1", {"x" * 50: 1}),
        ("x" * 51 + ":1", {}),
        ("shop:" + "9" * 17, {}),
        ("shop:5  menu:7\nlate:8 été:1", {"shop": 5, "été": 1}),
    ],
)
def test_what_of_the_setting_reads_as_a_tag_counts(said: str | int, tags: dict[str, int]) -> None:
    assert public_tags({SETTING: said}) == tags
    assert public_tags({SETTING: written_tags(tags)}) == tags


def test_of_public_tags_there_are_few() -> None:
    many = " ".join(f"t{n}:1" for n in range(limits.PUBLIC_TAGS + 3))
    assert list(public_tags({SETTING: many})) == [f"t{n}" for n in range(limits.PUBLIC_TAGS)]
