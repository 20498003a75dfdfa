"""When a digest is due and what it says: times in hand, nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from deskblog.attention.digest import (
    GONE_MS,
    LUNCH,
    Digest,
    Why,
    Wish,
    could_answer,
    next_due,
    on_return,
    passed,
    popup_of,
)
from deskblog.values import Hours, Row

MONDAY = datetime(2026, 11, 23)
HOURS = Hours()
NOON = LUNCH
ALL = Wish(at=17 * 60)


def at(hour: int, minute: int = 0, day: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def row(n: int, *, mine: bool = False, answers: int = 0, text: str = "x", person: str = "Paul") -> Row:
    return Row(n, f"{n:064x}", "question", person, "ab", "cd", n, text, mine=mine, answers=answers)


@pytest.mark.parametrize(
    ("before", "now", "wish", "why"),
    [
        (at(12, 29), at(12, 30), ALL, Why.LUNCH),
        (at(12, 30), at(12, 31), ALL, None),
        (at(12, 29), at(13, 29), ALL, Why.LUNCH),
        (at(12, 29), at(13, 30), ALL, None),  # an hour late it is no news
        (at(12, 29), at(12, 30), Wish(lunch=False), None),
        (at(16, 59), at(17, 0), ALL, Why.CHOSEN),
        (at(16, 59), at(17, 0), Wish(), None),
        (at(8), at(17, 10), ALL, Why.CHOSEN),  # of two that passed the later
        (at(12, 0, day=5), at(12, 45, day=5), ALL, None),  # Saturday
        (at(17, 59), at(20, 1), Wish(at=20 * 60), None),  # in quiet hours
        (at(12, 29), at(12, 30), Wish(at=NOON), Why.LUNCH),
    ],
)
def test_an_hour_that_passed_is_told_of_once(before: datetime, now: datetime, wish: Wish, why: Why | None) -> None:
    assert passed(wish, before, now, HOURS) is why


def test_the_next_hour_is_found_over_midnight() -> None:
    assert next_due(ALL, at(9)) == at(12, 30)
    assert next_due(ALL, at(12, 30)) == at(17)
    assert next_due(ALL, at(18)) == at(12, 30, day=1)
    assert next_due(Wish(lunch=False), at(9)) is None


@pytest.mark.parametrize(
    ("now", "gone", "last", "wish", "why"),
    [
        (at(8, 30), 0, "2026-11-22", Wish(), Why.MORNING),
        (at(8, 30), 0, "2026-11-23", Wish(), None),
        (at(14), GONE_MS, "2026-11-23", Wish(), Why.BACK),
        (at(14), GONE_MS - 1, "2026-11-23", Wish(), None),
        (at(14), GONE_MS, "2026-11-23", Wish(back=False), None),
        (at(14), GONE_MS, "2026-11-20", Wish(morning=False), Why.BACK),
        (at(7, 59), 0, "2026-11-22", Wish(), None),  # before the hours begin
        (at(9, day=6), GONE_MS, "2026-11-20", Wish(), None),  # Sunday
    ],
)
def test_who_comes_back_is_greeted_in_the_morning_and_after_two_hours(
    now: datetime, gone: int, last: str, wish: Wish, why: Why | None
) -> None:
    assert on_return(wish, gone, last, now, HOURS) is why


def test_questions_one_knows_come_before_those_nobody_has_answered() -> None:
    asked = [
        (row(1, answers=2), True),
        (row(2), False),
        (row(3, answers=1), False),
        (row(4), False),
        (row(5, mine=True), True),
        (row(6, answers=1), True),
    ]
    assert [one.key for one in could_answer(asked)] == [6, 1, 4]
    assert [one.key for one in could_answer(asked, limit=9)] == [6, 1, 4, 2]


def test_a_popup_says_who_and_no_word_of_what_they_wrote() -> None:
    digest = Digest(
        (row(1, text="secret"),), (row(2, person="Zoé"),), (row(3), row(4), row(5, person="Anne")), unread=7
    )
    popup = popup_of(digest, Why.BACK)
    assert popup.title == "While you were away"
    assert popup.text.splitlines() == [
        "Announcements that wait for you: Paul",
        "For you: Paul, Anne",
        "Questions you could answer: Zoé",
        "7 unread posts",
    ]
    assert not digest.empty and Digest().empty and not Digest(unread=1).empty
