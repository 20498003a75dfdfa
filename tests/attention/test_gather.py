"""Popups that come together."""

from __future__ import annotations

from deskblog.attention.gather import SINGLE, SUMMARY, WINDOW_MS, Gather
from deskblog.attention.popup import Popup


def popup(key: str, text: str = "", *, got_it: bool = False) -> Popup:
    return Popup(key, f"title {key}", text, got_it=got_it)


def test_of_one_thread_the_newest_is_shown() -> None:
    gather = Gather()
    assert gather.wait(0) is None
    for n in range(20):
        gather.add(popup("a", str(n)), "Anne", 1000 + n)
    assert gather.wait(1000) == WINDOW_MS and gather.wait(1000 + WINDOW_MS) == 0
    assert gather.take() == (popup("a", "19"),) and gather.wait(5000) is None


def test_more_than_a_few_threads_are_one_summary_and_announcements_stay_apart() -> None:
    gather = Gather()
    for n in range(SINGLE):
        gather.add(popup(str(n)), f"Person {n}", 0)
    assert [one.key for one in gather.take()] == ["0", "1", "2"]
    for n in range(7):
        gather.add(popup(str(n)), f"Person {n}", 0)
        gather.add(popup(str(n)), f"Person {n}", 0)
    gather.add(popup("x", got_it=True), "Anne", 0)
    fire, summary = gather.take()
    assert fire.key == "x"
    assert summary == Popup(SUMMARY, "14 new posts for you", "Person 0, Person 1, Person 2 and 4 more")


def test_what_was_read_meanwhile_does_not_come() -> None:
    gather = Gather()
    gather.add(popup("a"), "Anne", 0)
    gather.drop("a")
    gather.drop("never there")
    assert gather.wait(0) is None and gather.take() == ()
