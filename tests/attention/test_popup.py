"""Foreign words in a popup are short, low and harmless."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.attention.popup import Popup, clipped, fitted

FAMILY = "👩🏽‍❤️‍💋‍👨🏿"


def test_a_whole_post_is_kept() -> None:
    post = "Is the coffee ready?\n" + "x" * (limits.POST - 21)
    assert fitted(Popup("k", "Anne", post)) == Popup("k", "Anne", post)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u0000c\x1b[1m", "abc[1m"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("1\n2\n3\n4\n5\n6\n7\n8", "1\n2\n3\n4\n5…"),  # the last but one, for eleven characters are too many
        ("abcdefghijkl", "abcdefghi…"),
        ("abcdefghij", "abcdefghij"),
        ("🇫🇷" * 11, "🇫🇷" * 9 + "…"),
        (FAMILY * 11, FAMILY * 9 + "…"),
        ("e" + "\u0323\u0302" * 5000 + "nd", "\u1ec7" + "\u0323" * limits.POPUP_MARKS + "…"),
        ("", ""),
    ],
)
def test_what_is_clipped(text: str, shown: str) -> None:
    assert clipped(text, 10) == unicodedata.normalize("NFC", shown)


def test_marks_heaped_on_a_character_are_few() -> None:
    assert clipped("q" + "\u0323" * 50 + " end", 10) == "q" + "\u0323" * limits.POPUP_MARKS + " end"


def test_a_title_is_one_line() -> None:
    assert fitted(Popup("k", "Anne\nMartin \t Dupont", "")).title == "Anne Martin Dupont"


@given(st.text(st.characters(), max_size=300), st.integers(2, 40))
def test_nothing_is_longer_higher_or_stranger_than_it_may_be(text: str, ceiling: int) -> None:
    shown = clipped(text, ceiling)
    assert len(shown) <= ceiling * limits.POPUP_CHARACTER
    assert shown.count("\n") < limits.POPUP_LINES
    assert not {unicodedata.category(c) for c in shown if c != "\n"} & {"Cc", "Cs", "Co"}
    assert clipped(shown, ceiling * 2) == shown
    shown.encode()
