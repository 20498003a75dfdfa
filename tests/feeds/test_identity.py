"""What is known is not new, whatever its feed does with guids; two things are never taken for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from deskblog.feeds.identity import Known, Verdict, compared, settled
from deskblog.feeds.parse import Item, parse_feed
from tests.feeds.samples import json_feed

NEW, SAME, EDITED = Verdict.NEW, Verdict.SAME, Verdict.EDITED
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def read(*items: dict[str, str]) -> tuple[Item, ...]:
    return parse_feed(json_feed(items).encode(), "https://feeds.example/", {}).items


def known(items: Sequence[Item]) -> list[Known]:
    return [Known(item.key, item.also, item.digest) for item in items]


def one(guid: str = "", link: str = "", title: str = "", text: str = "") -> dict[str, str]:
    return {"id": guid, "url": f"https://a.example/{link}" if link else "", "title": title, "content_text": text}


def verdicts(before: Sequence[dict[str, str]], after: Sequence[dict[str, str]]) -> list[Verdict]:
    return [verdict for _item, verdict, _key in compared(read(*after), known(read(*before)))]


def test_the_key_is_the_guid_else_the_link_else_a_hash() -> None:
    first, second, third = read(one("g", "1", "A"), one("", "2", "B"), one("", "", "C"))
    assert (first.key, second.key, third.key[:5]) == ("g", "https://a.example/2", "hash:")


def test_a_guid_that_several_have_tells_none_apart() -> None:
    items = read(one("g", "1", "A"), one("g", "2", "B"), one("g", "2", "C"), one("g", "2", "C"), one("", "", "x"))
    assert [item.key[:5] for item in items] == ["https", "hash:", "hash:", "hash:"]
    assert len({item.key for item in items}) == 4, "what is there twice in all it says is there once"
    bare = read(one(title="x"), one(title="x"))
    assert len({item.key for item in bare}) == 2, "without a guid or link nobody knows"


def test_what_came_again_is_known() -> None:
    before = [one("g", "1", "A", "x"), one("", "2", "B"), one("", "", "C")]
    assert verdicts(before, before) == [SAME, SAME, SAME]
    assert verdicts(before, [one("new", "9", "New"), *reversed(before)]) == [NEW, SAME, SAME, SAME]
    assert verdicts(before, [one("g", "1", "A", "mended")]) == [EDITED]


def test_a_guid_that_changes_makes_nothing_new() -> None:
    assert verdicts([one("g?t=1", "1", "A")], [one("g?t=2", "1", "A")]) == [SAME]
    assert verdicts([one("g?t=1", "1?t=1", "A", "text")], [one("g?t=2", "1?t=2", "A", "text")]) == [EDITED]
    assert verdicts([one("", "1", "A")], [one("g", "1", "A")]) == [SAME], "a guid was given to it"
    assert verdicts([one("g", "1", "A")], [one("g", "1", "A"), one("g", "2", "B")]) == [SAME, NEW], "… and repeated"


def test_two_of_one_fetch_are_never_the_same() -> None:
    found = compared(read(one("b", "1", "A"), one("c", "", "A")), known(read(one("a", "1", "A"))))
    assert [verdict for _item, verdict, _key in found] == [SAME, NEW]
    assert found[0][2] == "a", "it is kept where it was"
    assert verdicts([one("a", "1", "A")], [one("a", "1", "A"), one("b", "1", "A")]) == [SAME, NEW]


PART = st.sampled_from(["", "a", "b", "c"])
ITEMS = st.lists(st.builds(one, PART, PART, PART, PART), max_size=8)


@given(ITEMS, ITEMS)
def test_whatever_came_before(before: list[dict[str, str]], after: list[dict[str, str]]) -> None:
    held = known(read(*before))
    found = compared(read(*after), held)
    assert len({key for _item, _verdict, key in found}) == len(found), "each is kept in a place of its own"
    assert all((verdict is NEW) != (key in {k.key for k in held}) for _item, verdict, key in found)
    again = compared(read(*before), held)
    assert all(verdict is SAME for _item, verdict, _key in again), "nothing is new the second time"


def test_an_item_stands_under_its_own_time_unless_that_has_not_come() -> None:
    def at(published: datetime | None, updated: datetime | None = None) -> datetime:
        return settled(Item("k", published=published, updated=updated), NOW)

    old, ahead = NOW - timedelta(days=400), NOW + timedelta(days=1)
    assert at(old) == old and at(None, old) == old
    assert at(None) == at(ahead) == at(NOW + timedelta(minutes=5)) == NOW
