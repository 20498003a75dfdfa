"""When popups may come: hours and days, a test; and when a digest is wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.attention.digest import LUNCH
from deskblog.engine.quiet import Chosen, hours_text
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import moments, theme
from deskblog.ui.aloud import say
from deskblog.ui.bridge import Bridge
from deskblog.ui.clock import Clock
from deskblog.ui.dialog import Dialog
from deskblog.ui.sheets import button, foot, label
from deskblog.ui.ticks import Tick
from deskblog.values import USUAL_HOURS


class QuietHours(Dialog):
    """What is chosen holds at once."""

    def __init__(self, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        chosen, hours = bridge.engine.attention.chosen, bridge.engine.attention.hours
        self.setWindowTitle(_("Quiet hours and digest"))
        self.popups = Tick(_("Popups for what is for me"))
        self.popups.setChecked(chosen.popups)
        self.hours = Tick(_("Only in these hours"))
        self.hours.setChecked(hours.on)
        self.begins, self.ends = Clock(hours.begins, _("From")), Clock(hours.ends, _("To"))
        self._from, self._to = QLabel(_("From")), QLabel(_("to"))
        self.days = [Tick(name) for name in moments.weekdays()]
        for n, day in enumerate(self.days):
            day.setChecked(n in hours.days)
        self.told = Tick(_("Let colleagues know these hours before they announce something urgent"))
        self.told.setChecked(chosen.told)
        self.said = QLabel(textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self.said.setProperty("tone", "soft")
        self.said.hide()
        self.test = QPushButton(_("Test a popup"))
        self.test.setAutoDefault(False)
        self.test.clicked.connect(lambda: bridge.ask(bridge.engine.attention.try_out(), self._tried))
        self.office = OfficesHours(bridge, self._take_offices)
        self.digest = _Wishes(bridge)
        self._lay_out()
        for box in (self.popups, self.hours, self.told, *self.days):
            box.toggled.connect(self._choose)
        for clock in (self.begins, self.ends):
            clock.timeChanged.connect(self._choose)
        self._show(chosen)

    def _lay_out(self) -> None:
        more = QLabel(
            _(
                "Outside of them nothing pops up: it waits as a number on the icon. Announcements pop up when the "
                "hours begin again; urgent ones at once."
            ),
            wordWrap=True,
        )
        more.setProperty("tone", "soft")
        clocks = QHBoxLayout()
        clocks.setSpacing(theme.GAP)
        for part in (self._from, self.begins, self._to, self.ends):
            clocks.addWidget(part)
        clocks.addStretch(1)
        days = QHBoxLayout()
        for day in self.days:
            days.addWidget(day)
        done = QPushButton(_("Close"))
        done.setProperty("kind", "primary")
        done.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(theme.PAD)
        box.addWidget(self.popups)
        box.addWidget(self.hours)
        box.addLayout(clocks)
        box.addLayout(days)
        box.addWidget(self.office)
        box.addWidget(more)
        box.addWidget(self.told)
        box.addWidget(self.digest)
        box.addWidget(self.said)
        box.addLayout(foot(done, left=(self.test,)))
        self.setMinimumWidth(theme.scaled(480))

    def _tried(self, said: str) -> None:
        self.said.setText(said)
        self.said.show()
        say(self, said)

    def _choose(self) -> None:
        days = tuple(n for n, day in enumerate(self.days) if day.isChecked())
        work = self._bridge.engine.attention.choose(
            popups=self.popups.isChecked(),
            hours=self.hours.isChecked(),
            told=self.told.isChecked(),
            begins=self.begins.minutes,
            ends=self.ends.minutes,
            days=days,
        )
        self._bridge.ask(work, self._show, self._refuse)

    def _refuse(self, fault: UserError) -> None:
        """The office has set them meanwhile."""
        self._tried(" ".join(part for part in (fault.what, fault.kept, fault.next_step) if part))
        self._show_hours()

    def _take_offices(self) -> None:
        self._bridge.ask(self._bridge.engine.attention.choose(own=False), lambda _chosen: self._show_hours())

    def _show_hours(self) -> None:
        """Those that hold."""
        hours = self._bridge.engine.attention.hours
        parts = (self.hours, self.begins, self.ends, *self.days)
        blocked = [QSignalBlocker(part) for part in parts]
        self.hours.setChecked(hours.on)
        self.begins.show_minutes(hours.begins)
        self.ends.show_minutes(hours.ends)
        for n, day in enumerate(self.days):
            day.setChecked(n in hours.days)
        for one in blocked:
            one.unblock()
        self._show(self._bridge.engine.attention.chosen)

    def _show(self, _chosen: Chosen) -> None:
        attention = self._bridge.engine.attention
        self.hours.setEnabled(not attention.locked)
        for part in (self._from, self.begins, self._to, self.ends, *self.days):
            part.setEnabled(self.hours.isChecked() and not attention.locked)
        self.office.look()


class OfficesHours(QWidget):
    """Whose the hours are: set by the office, as the office says, or one's own, and then the way back."""

    def __init__(self, bridge: Bridge, take: Callable[[], None]) -> None:
        super().__init__()
        self._bridge = bridge
        self.said = label("", theme.SMALL, tone="soft")
        self.back = button(_("As the office has it"), take, kind="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said, 1)
        row.addWidget(self.back)

    def look(self) -> None:
        """Asks anew."""
        attention, settings = self._bridge.engine.attention, self._bridge.engine.office_settings
        hours = settings.now.hours
        back = attention.own and not attention.locked and attention.hours != (hours or USUAL_HOURS)
        if attention.locked:
            said = _("Set by the office: nobody may choose others.")
        elif hours is None:
            said = ""
        elif back:
            said = _("The office has {hours}.").format(hours=hours_text(hours))
        else:
            said = _("These are the hours of the office; others you choose are yours alone.")
        self.said.setText(said)
        self.back.setVisible(back and hours is not None)
        self.setVisible(bool(said))


class _Wishes(QWidget):
    """When a digest is wanted."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        chosen = bridge.engine.digests.chosen
        self.head = QLabel(_("A digest of what waits for me"))
        self.head.setFont(theme.font(strong=True))
        self.morning = Tick(_("The first time of a day"))
        self.back = Tick(_("When I come back after two hours"))
        self.lunch = Tick(_("At lunch ({time})").format(time=f"{LUNCH // 60}:{LUNCH % 60:02}"))
        self.at = Tick(_("At"))
        self.clock = Clock(chosen.at if chosen.at is not None else 17 * 60, _("The hour of the digest"))
        for box, on in (
            (self.morning, chosen.morning),
            (self.back, chosen.back),
            (self.lunch, chosen.lunch),
            (self.at, chosen.at is not None),
        ):
            box.setChecked(on)
            box.toggled.connect(self._choose)
        self.clock.timeChanged.connect(self._choose)
        self.clock.setEnabled(self.at.isChecked())
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 6, 0, 0)
        grid.setHorizontalSpacing(theme.PAD)
        grid.addWidget(self.head, 0, 0, 1, 2)
        grid.addWidget(self.morning, 1, 0)
        grid.addWidget(self.back, 1, 1)
        grid.addWidget(self.lunch, 2, 0)
        chosen_hour = QHBoxLayout()
        chosen_hour.setSpacing(8)
        chosen_hour.addWidget(self.at)
        chosen_hour.addWidget(self.clock)
        chosen_hour.addStretch(1)
        grid.addLayout(chosen_hour, 2, 1)

    def _choose(self) -> None:
        self.clock.setEnabled(self.at.isChecked())
        work = self._bridge.engine.digests.choose(
            morning=self.morning.isChecked(),
            back=self.back.isChecked(),
            lunch=self.lunch.isChecked(),
            at=self.clock.minutes if self.at.isChecked() else None,
        )
        self._bridge.ask(work)
