"""The look: readable in both palettes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskblog.settings import SIZES, Settings
from deskblog.ui import theme
from deskblog.ui.sheet import sheet

CONTRASTS = [theme.CONTRAST_LIGHT, theme.CONTRAST_DARK]
ALL = [theme.LIGHT, theme.DARK, *CONTRASTS]


@pytest.fixture(name="worn")
def worn_for_once(theme: theme.Theme) -> Iterator[theme.Theme]:
    yield theme
    theme.wear(Settings(look="light"))


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


@pytest.mark.parametrize("colours", CONTRASTS, ids=["light", "dark"])
@pytest.mark.parametrize(("words", "ground"), theme.PAIRS)
def test_high_contrast_is_high_wherever_words_stand(colours: theme.Colours, words: str, ground: str) -> None:
    assert contrast(getattr(colours, words), getattr(colours, ground)) >= 7


@pytest.mark.parametrize("colours", CONTRASTS, ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface", "hover", "feed", "mine"])
def test_in_high_contrast_every_border_is_to_be_seen(colours: theme.Colours, ground: str) -> None:
    for line in (colours.line, colours.field_line, colours.accent, colours.scroll):
        assert contrast(line, getattr(colours, ground)) >= 7


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, *CONTRASTS])
def test_what_cannot_be_used_now_is_readable_in_high_contrast(colours: theme.Colours) -> None:
    least = 7 if colours.contrast else 3
    assert contrast(colours.field_line, colours.surface) >= least


@pytest.mark.parametrize("colours", ALL)
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


@pytest.mark.parametrize("colours", ALL)
@pytest.mark.parametrize("moves", [True, False])
def test_the_stylesheet_leaves_no_name_without_its_value(colours: theme.Colours, moves: bool) -> None:
    assert "@" not in sheet(colours, zoom=1.5, moves=moves)


@pytest.mark.parametrize("colour", [*theme.AVATARS])
def test_in_high_contrast_initials_stand_out_more(worn: theme.Theme, colour: str) -> None:
    worn.choose("contrast-dark")
    person = f"{theme.AVATARS.index(colour):08x}"
    assert contrast(theme.ON_AVATAR, theme.avatar_colour(person).name()) >= 7


def test_light_and_dark_can_be_changed_while_it_runs(worn: theme.Theme, qapp: QApplication) -> None:
    worn.choose("dark")
    dark = qapp.palette().window().color()
    worn.choose("light")
    assert dark.lightness() < 60 < 200 < qapp.palette().window().color().lightness()


@pytest.mark.parametrize(
    ("look", "dark", "contrast", "shown"),
    [
        ("system", False, False, theme.LIGHT),
        ("system", True, False, theme.DARK),
        ("system", False, True, theme.CONTRAST_LIGHT),
        ("system", True, True, theme.CONTRAST_DARK),
        ("light", True, True, theme.LIGHT),
        ("contrast-dark", False, False, theme.CONTRAST_DARK),
        ("of tomorrow", True, False, theme.DARK),
    ],
)
def test_the_systems_wish_holds_where_nothing_was_chosen(
    look: str, dark: bool, contrast: bool, shown: theme.Colours
) -> None:
    assert theme.colours_of(look, dark=dark, contrast=contrast) is shown


def test_text_grows_in_its_place_and_comes_back(worn: theme.Theme, qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    plain, title, button = QLabel("plain"), QLabel("title"), QPushButton("x")
    title.setFont(theme.font(theme.TITLE, strong=True))
    theme.fix(button, wide=40, high=28, picture=16)
    primary = QPushButton("go")
    primary.setProperty("kind", "primary")
    box = QVBoxLayout(page)
    for part in (plain, title, button, primary):
        box.addWidget(part)
    page.show()
    usual = [part.font().pointSizeF() for part in (plain, title, primary)]
    for size in (*SIZES, 100):
        worn.wear(Settings(text=size))
        now = [part.font().pointSizeF() for part in (plain, title, primary)]
        assert now == pytest.approx([one * size / 100 for one in usual], rel=0.02)
        assert theme.font(theme.TITLE).pointSizeF() == pytest.approx(now[1], rel=0.02)
        assert button.width() == theme.scaled(40) and button.iconSize().height() == theme.scaled(16)
    worn.wear(Settings(text=200))
    worn.wear(Settings(look="dark", text=200))
    assert title.font().pointSizeF() == pytest.approx(2 * usual[1], rel=0.02)
    assert title.font().weight() == theme.font(strong=True).weight()


def test_where_motion_is_not_wanted_nothing_moves_by_itself(
    worn: theme.Theme, qapp: QApplication, qtbot: QtBot
) -> None:
    usual = qapp.cursorFlashTime()
    waits = QProgressBar()
    waits.setRange(0, 0)
    qtbot.addWidget(waits)
    waits.show()
    hint = waits.style().StyleHint.SH_Widget_Animation_Duration
    worn.wear(Settings(moves=False))
    assert qapp.cursorFlashTime() == 0
    assert waits.style().styleHint(hint, None, waits) == 0
    assert not any(QApplication.isEffectEnabled(effect) for effect in theme.EFFECTS)
    worn.wear(Settings())
    assert qapp.cursorFlashTime() == usual


def test_a_person_keeps_the_same_colour(qapp: QApplication) -> None:
    assert theme.avatar_colour("ab" * 32) == theme.avatar_colour("ab" * 32)
    assert {theme.avatar_colour(f"{n:08x}").name() for n in range(400)} == set(theme.AVATARS)
