"""The cup beside the clock."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from deskblog.events import PeopleChanged, UnreadChanged
from deskblog.ui import theme
from deskblog.ui.cup import cup_icon
from deskblog.ui.tray import DOCKS, TRIES, Tray
from deskblog.ui.tray_watch import Kind
from deskblog.values import PersonRow, Role, View


def image(size: int, *, unread: bool = False, for_me: int = 0) -> QImage:
    return cup_icon(unread=unread, for_me=for_me).pixmap(size, size).toImage()


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
    tray = Tray()
    tray.heard(PeopleChanged((PersonRow("1", "Paul", Role.MEMBER, (), here=True, me=False),)))
    tray.menu.aboutToShow.emit()
    lines = [action.text() for action in tray.menu.actions() if action.text()]
    assert lines == [
        "New post…",
        "What are you doing?…",
        "Open",
        "Invite…",
        "1 colleague is here",
        "Safe to close: colleagues have all your posts",
        "Preferences…",
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
    tray = Tray()
    tray.show()
    assert tray.icon.toolTip() == "deskblog"
    for shown, for_me in ((0, 0), (2, 0), (2, 1)):
        tray.unread = UnreadChanged({View.ALL: 2, View.OFFICE: 2}, shown, for_me)
        tray.show_state()
        assert tray.icon.toolTip() == "deskblog: 2 unread posts"
        assert tray.icon.icon().pixmap(22, 22).toImage() == image(22, unread=shown > 0, for_me=for_me)


@pytest.mark.qt_log_ignore("systemTrayWindowChanged")  # a signal that only X's platform has
def test_an_icon_that_no_panel_took_asks_again_ever_more_seldom_and_then_rests(
    qtbot: QtBot, theme: theme.Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two minutes in all: a panel may begin that slowly, with everything else of a session."""
    assert sum(DOCKS << n for n in range(TRIES)) / 1000 > 120
    monkeypatch.setattr("deskblog.ui.tray.DOCKS", 1)
    tray = Tray()
    assert not tray.there  # it has looked
    tray.watch.kind = Kind.X  # it said so; nothing ever docks here
    tray.show()
    qtbot.waitUntil(lambda: not tray._tries and not tray._docking.isActive())
    assert tray.icon.isVisible() and tray._docking.interval() == 1 << TRIES
