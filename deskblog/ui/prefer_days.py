"""Preferences of every day: the window, writing, what pops up, feeds. The engine keeps them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker

from deskblog import limits
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.spelling.dictionaries import Lacking
from deskblog.ui.bridge import Bridge
from deskblog.ui.clock import Clock
from deskblog.ui.closing import Closing
from deskblog.ui.feed_once import sure_once
from deskblog.ui.quiet import QuietHours
from deskblog.ui.setting import Options, Section, Setting
from deskblog.ui.sheets import button
from deskblog.ui.spelling import Spelling, lacking_text
from deskblog.ui.switch import Switch

SECONDS = (0, 3, 5, 8, 10, 15, 20, limits.UNDO_SECONDS)
EVENING = 17 * 60  # proposed to whoever wants a digest at an hour of their own
Refuse = Callable[[UserError], None]


class TheWindow(Section):
    """What becomes of it."""

    def __init__(self, closes: Closing) -> None:
        super().__init__(_("The window"))
        means = [
            (_("Ask me"), ""),
            (_("Keep it in the background"), "keep"),
            (_("Quit deskblog"), "quit"),
        ]
        self.closes = Options(means, closes.choice)
        self.closes.setDisabled(closes.fixed)
        self.closes.picked.connect(closes.choose)
        more = _("In the background posts arrive while the window is closed; starting deskblog again opens it.")
        self.add(Setting(_("Closing the window"), more, self.closes, words=_("cross, exit, tray, quit")))


class Writing(Section):
    """Before and while one writes."""

    def __init__(self, bridge: Bridge, spellings: Sequence[Spelling], refuse: Refuse) -> None:
        super().__init__(_("Writing"))
        self._bridge, self._spellings, self._refuse = bridge, spellings, refuse
        now = bridge.engine.outbox.seconds
        self.undo = Options([(seconds_text(n), n) for n in sorted({*SECONDS, now})], now)
        self.undo.picked.connect(lambda n: bridge.ask(bridge.engine.outbox.wait(n), None, refuse))
        more = _("So long a post waits before it leaves, and can be taken back unseen. Ctrl+Enter sends at once.")
        self.add(Setting(_("Time to take a post back"), more, self.undo, words=_("undo, wait, delay")))
        self.marks = Switch()
        self.marks.setChecked(bool(spellings) and not spellings[0].off)
        self.marks.toggled.connect(self._mark)
        self._spelling = Setting(_("Mark misspelt words"), "", self.marks, words=_("spelling, dictionary"))
        self.add(self._spelling)
        self._explain()

    def _mark(self, on: bool) -> None:
        for spelling in self._spellings:
            spelling.choose(off=not on)
        self._explain()

    def _explain(self) -> None:
        found = self._spellings[0].found if self._spellings else None
        lacks = found is not None and found.lacking is not Lacking.NOTHING
        usual = _("In the languages of the system, while you write; a right click offers better ones.")
        self._spelling.say(lacking_text(found) if lacks and found is not None else usual)


class PoppingUp(Section):
    """What reaches a person who does not look."""

    def __init__(self, bridge: Bridge, refuse: Refuse) -> None:
        super().__init__(_("Popups and digest"))
        self._bridge, self._refuse = bridge, refuse
        self.popups, self.at = Switch(), Switch()
        self.clock = Clock(EVENING, _("The hour of the digest"))
        self.test = button(_("Test a popup"), self._try)
        self.quiet = button(_("Quiet hours…"), self._open_quiet)
        self._fill()
        self.take()
        self.popups.toggled.connect(lambda on: self._ask(bridge.engine.attention.choose(popups=on)))
        self.at.toggled.connect(lambda _on: self._wish())
        self.clock.timeChanged.connect(lambda _time: self._wish())

    def _fill(self) -> None:
        what = _("Mentions, answers, sealed messages, and what you follow. All else waits as a dot on the icon.")
        self.add(Setting(_("Popups for what is for me"), what, self.popups, words=_("notifications, disturb")))
        self._tried = Setting(_("Test and quiet hours"), "", self.test, self.quiet)
        self._tried.say(_("Who shows popups here, your system or deskblog; and the hours and days without any."))
        self.add(self._tried)
        when = _("What waits for you, once a day; beside the morning, lunch and return, which are in Quiet hours.")
        self.add(Setting(_("A digest at an hour of my own"), when, self.at, self.clock, words=_("summary")))

    def take(self) -> None:
        """Shows what holds, as another window may have changed it."""
        engine = self._bridge.engine
        at = engine.digests.chosen.at
        blocked = [QSignalBlocker(one) for one in (self.popups, self.at, self.clock)]
        self.popups.setChecked(engine.attention.chosen.popups)
        self.at.setChecked(at is not None)
        self.clock.show_minutes(EVENING if at is None else at)
        self.clock.setEnabled(at is not None)
        for one in blocked:
            one.unblock()

    def _wish(self) -> None:
        self.clock.setEnabled(self.at.isChecked())
        at = self.clock.minutes if self.at.isChecked() else None
        self._ask(self._bridge.engine.digests.choose(at=at))

    def _try(self) -> None:
        self._bridge.ask(self._bridge.engine.attention.try_out(), self._tried.say, self._refuse)

    def _open_quiet(self) -> None:
        dialog = QuietHours(self._bridge, self.window())
        dialog.finished.connect(lambda _result: self.take())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _ask(self, work: Any) -> None:
        self._bridge.ask(work, None, self._refuse)


class FromFeeds(Section):
    """Who asks for what one follows."""

    def __init__(self, bridge: Bridge, refuse: Refuse) -> None:
        super().__init__(_("Feeds"))
        self._bridge, self._refuse = bridge, refuse
        self.once = Switch()
        self.once.setChecked(bridge.engine.feeds.sharing.on)
        self.once.toggled.connect(self._share)
        more = _("One PC asks the site, colleagues get it from there: kind to sites, but they learn what you follow.")
        self.add(Setting(_("Fetch feeds once for the office"), more, self.once, words=_("RSS, blogs, share")))

    def _share(self, on: bool) -> None:
        if on and not sure_once(self):
            silent = QSignalBlocker(self.once)
            self.once.setChecked(False)
            silent.unblock()
            return
        self._bridge.ask(self._bridge.engine.feeds.sharing.choose(on=on), None, self._refuse)


def seconds_text(n: int) -> str:
    return plural("{n} second", "{n} seconds", n) if n else _("None: it leaves at once")
