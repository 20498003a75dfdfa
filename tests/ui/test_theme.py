"""The look: readable in both palettes."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from deskblog.ui import theme


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), theme.PAIRS)
def test_words_stand_out_from_what_is_behind_them(colours: theme.Colours, words: str, ground: str) -> None:
    assert contrast(getattr(colours, words), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface"])
def test_fields_and_focus_are_seen_without_their_words(colours: theme.Colours, ground: str) -> None:
    assert contrast(colours.field_line, getattr(colours, ground)) >= 3
    assert contrast(colours.accent, getattr(colours, ground)) >= 3


@pytest.mark.parametrize("colour", theme.AVATARS)
def test_initials_are_read_on_every_persons_colour(colour: str) -> None:
    assert contrast(theme.ON_AVATAR, colour) >= 4.5


@pytest.mark.parametrize("panel", ["#ffffff", "#e8e8e8", "#202428", "#000000"])
def test_the_trays_cup_is_seen_on_light_and_dark_panels(panel: str) -> None:
    assert contrast(theme.CUP, panel) >= 3


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_the_stylesheet_leaves_no_name_without_its_value(colours: theme.Colours) -> None:
    assert "@" not in theme.stylesheet(colours)


def test_light_and_dark_can_be_changed_while_it_runs(theme: theme.Theme, qapp: QApplication) -> None:
    theme.choose("dark")
    dark = qapp.palette().window().color()
    theme.choose("light")
    assert dark.lightness() < 60 < 200 < qapp.palette().window().color().lightness()


def test_a_person_keeps_the_same_colour(qapp: QApplication) -> None:
    assert theme.avatar_colour("ab" * 32) == theme.avatar_colour("ab" * 32)
    assert {theme.avatar_colour(f"{n:08x}").name() for n in range(400)} == set(theme.AVATARS)
