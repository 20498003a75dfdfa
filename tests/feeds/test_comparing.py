"""An honest copy is a little older than what the site says, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from deskblog.feeds.comparing import Difference, compared
from deskblog.feeds.feed import Item

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


def items(*names: str, at: timedelta = timedelta(days=1)) -> list[Item]:
    return [Item(name.rstrip("!"), digest=name, published=NOON - at) for name in names]


HONEST = {
    "the same": ("abc", "abc"),
    "something new since": ("abc", "nabc"),
    "the oldest fell off": ("abcd", "nabc"),
    "a longer tail": ("abc", "abcd"),
}


@pytest.mark.parametrize("case", HONEST)
def test_what_time_does_is_no_difference(case: str) -> None:
    handed, said = HONEST[case]
    ours = [*items(*said[:1], at=timedelta()), *items(*said[1:])] if said.startswith("n") else items(*said)
    assert not compared(items(*handed), ours, NOON)


def test_what_the_site_does_not_say_is_one() -> None:
    assert compared(items("x", "a", "b"), items("a", "b"), NOON) == Difference(changed=True)
    assert compared(items("a!", "b"), items("a", "b"), NOON).changed, "under the same key"
    assert compared(items("x"), items("a"), NOON).changed, "nothing in common"
    assert not compared([], [], NOON)


def test_what_was_there_already_and_is_not_in_it_is_one() -> None:
    assert compared(items("b"), items("a", "b"), NOON) == Difference(left_out=True)
    assert not compared(items("b"), [*items("a", at=timedelta(minutes=9)), *items("b")], NOON), "clocks differ"
    assert not compared(items("b"), [Item("a", digest="a"), *items("b")], NOON), "who knows since when"
