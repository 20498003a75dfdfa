"""Offers once, at the second start, to begin with the session: by then one knows what it would be for."""

from __future__ import annotations

from PySide6.QtCore import QObject

from deskblog import autostart
from deskblog.errors import UserError
from deskblog.events import Trouble
from deskblog.i18n import _
from deskblog.ui.banner import Banner
from deskblog.ui.bridge import Bridge

KEY = "autostart"  # "begun" after the first start, "said" once it was offered
WHERE = "autostart"


class AutostartOffer(QObject):
    """Says it in a banner; who closes that is asked no more. `folder`: the data folder, if not the usual one."""

    def __init__(
        self, bridge: Bridge, banner: Banner, folder: str = "", entry: autostart.Entry | None = None
    ) -> None:
        super().__init__(banner)
        self._bridge, self._banner, self._folder, self._entry = bridge, banner, folder, entry
        banner.offer(WHERE, _("Start it with the session"), self._take)

    def begin(self) -> None:
        autostart.refresh(self._folder, self._entry)
        self._bridge.ask(self._bridge.engine.remembered(KEY), self._offer)

    def _offer(self, said: str) -> None:
        if said == "said" or autostart.is_on(self._entry):
            return
        if said == "begun":
            what = _("deskblog can start by itself when you log in.")
            then = _("It then waits in the background, and you hear of what colleagues write from the morning on.")
            self._banner.say(Trouble(WHERE, what, then, ""))
        self._bridge.ask(self._bridge.engine.remember(KEY, "said" if said else "begun"))

    def _take(self) -> None:
        self._banner.forget(WHERE)
        try:
            autostart.turn(True, self._folder, self._entry)
        except UserError as fault:
            self._bridge.tell_fault(fault)
