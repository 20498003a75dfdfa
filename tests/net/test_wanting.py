"""When colleagues are asked again for what nobody had."""

from __future__ import annotations

from itertools import pairwise

from deskblog.net.wanting import LONGEST, Wanting


def beats(wanting: Wanting, count: int, *, lacking: int) -> list[int]:
    """The heartbeats, of so many, at which it asks; each time `lacking` bodies are wanted still."""
    asked = []
    for beat in range(count):
        if wanting.due():
            wanting.asked(lacking)
            asked.append(beat)
    return asked


def test_nothing_is_asked_unless_something_may_be_wanted() -> None:
    assert beats(Wanting(), 100, lacking=1) == []


def test_what_nobody_has_is_asked_for_ever_more_rarely_and_never_given_up() -> None:
    wanting = Wanting()
    wanting.again()
    asked = beats(wanting, 500, lacking=1)
    pauses = [later - sooner for sooner, later in pairwise(asked)]
    assert asked[0] == 0
    assert pauses[:7] == [2, 4, 8, 16, 32, 64, 64]
    assert set(pauses[7:]) == {LONGEST}


def test_once_nothing_lacks_nothing_is_asked_until_something_may() -> None:
    wanting = Wanting()
    wanting.again()
    assert beats(wanting, 50, lacking=0) == [0]
    wanting.again()
    assert beats(wanting, 3, lacking=1) == [0, 2]
