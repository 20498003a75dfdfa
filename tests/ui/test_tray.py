"""The cup beside the clock."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from deskblog.ui import icons, theme
from deskblog.ui.tray import Tray, Unread
from deskblog.values import PersonRow, Role, Row


def row(ident: str, **given: object) -> Row:
    base: dict[str, object] = {
        "key": 1, "id": ident, "kind": "post", "person": "Paul", "person_id": "ab", "device": "cd", "at": 1000,
        "text": "x",
    }  # fmt: skip
    return Row(**{**base, **given})  # type: ignore[arg-type]


def image(size: int, *, unread: bool = False, for_me: int = 0) -> QImage:
    return icons.cup_icon(unread=unread, for_me=for_me).pixmap(size, size).toImage()


def test_posts_of_others_count_until_one_looks() -> None:
    unread = Unread()
    unread.add([row("1"), row("2"), row("3", mine=True)], "Anne", looked_at=False)
    unread.add([row("2")], "Anne", looked_at=False)
    assert (unread.posts, unread.for_me) == (2, 0)
    unread.seen(2000)
    assert unread.posts == 0
    unread.add([row("4", at=1500), row("5", at=2500)], "Anne", looked_at=False)
    assert unread.posts == 1  # the older one is history that came late


def test_what_one_sees_coming_is_not_unread() -> None:
    unread = Unread()
    unread.add([row("1")], "Anne", looked_at=True)
    assert unread.posts == 0


def test_mentions_and_answers_are_for_me() -> None:
    unread = Unread()
    unread.add([row("q", mine=True)], "Anne Martin", looked_at=False)
    unread.add(
        [row("1", mentions=("anne",)), row("2", answer_to="q"), row("3", answer_to="zz"), row("4", mentions=("Bo",))],
        "Anne Martin",
        looked_at=False,
    )
    assert (unread.posts, unread.for_me) == (4, 2)


@pytest.mark.parametrize("size", [16, 20, 22, 24, 32])
def test_every_state_looks_different_at_every_size(qtbot: QtBot, theme: theme.Theme, size: int) -> None:
    states = [
        image(size), image(size, unread=True), image(size, for_me=1), image(size, for_me=7), image(size, for_me=12),
    ]  # fmt: skip
    assert all(one.size().width() == size for one in states)
    assert all(states[a] != states[b] for a in range(len(states)) for b in range(a))


@pytest.mark.parametrize("size", [16, 20, 22, 24, 32])
def test_the_cup_stays_sharp_where_it_is_small(qtbot: QtBot, theme: theme.Theme, size: int) -> None:
    """The rim lies on whole pixels: full colour below it, nothing above."""
    cup = image(size)
    middle = round(size * 0.36)
    column = [cup.pixelColor(middle, y).alpha() for y in range(size)]
    rim = round(size * 0.38)
    assert column[rim] == 255 and column[rim - 1] < 120


def test_the_menu_is_made_when_it_is_opened(qtbot: QtBot, theme: theme.Theme) -> None:
    tray = Tray(Unread())
    tray.know((PersonRow("1", "Paul", Role.MEMBER, (), here=True, me=False),))
    tray.menu.aboutToShow.emit()
    lines = [action.text() for action in tray.menu.actions() if action.text()]
    assert lines == [
        "New post…",
        "What are you doing?…",
        "Open",
        "Invite…",
        "1 colleague is here",
        "Safe to close: colleagues have all your posts",
        "Quit",
    ]
    asked = []
    tray.opened.connect(lambda: asked.append("open"))
    tray.invited.connect(lambda: asked.append("invite"))
    tray.quitting.connect(lambda: asked.append("quit"))
    for action in tray.menu.actions()[1:]:
        action.trigger()
    assert asked == ["open", "invite", "quit"]


def test_the_icon_tells_how_much_is_unread(qtbot: QtBot, theme: theme.Theme) -> None:
    unread = Unread()
    tray = Tray(unread)
    assert tray.icon.toolTip() == "deskblog"
    unread.add([row("1"), row("2", mentions=("Anne",))], "Anne", looked_at=False)
    tray.show_state()
    assert tray.icon.toolTip() == "deskblog: 2 new posts"
    assert tray.icon.icon().pixmap(22, 22).toImage() == image(22, unread=True, for_me=1)
