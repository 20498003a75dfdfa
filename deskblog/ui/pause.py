"""No popups for a while: the lines of a menu."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from PySide6.QtWidgets import QMenu

from deskblog.i18n import _
from deskblog.ui import moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.rows import now_ms

HOUR = 3_600_000


def fill_pause(menu: QMenu, bridge: Bridge) -> None:
    """The lines of a menu that pauses popups, or ends the pause."""
    attention = bridge.engine.attention

    def pause(until: int) -> None:
        bridge.ask(attention.choose(paused=until))

    if attention.chosen.paused > now_ms():
        until = moments.clock(attention.chosen.paused)
        menu.addAction(_("Popups again (paused until {time})").format(time=until), partial(pause, 0))
        return
    menu.addAction(_("No popups for an hour"), lambda: pause(now_ms() + HOUR))
    menu.addAction(_("No popups until tomorrow"), lambda: pause(tomorrow(now_ms())))


def tomorrow(now: int) -> int:
    """The beginning of the next day here, UTC ms."""
    day = datetime.fromtimestamp(now / 1000).date() + timedelta(days=1)
    return round(datetime.combine(day, time.min).timestamp() * 1000)
