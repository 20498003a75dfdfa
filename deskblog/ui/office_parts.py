"""What the dialog of the office's settings is made of: sheets that show some of them, and say what they say now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from deskblog import limits
from deskblog.engine import settings_file as file
from deskblog.engine.office_settings import feed_words
from deskblog.engine.quiet import hours_text
from deskblog.errors import Refused
from deskblog.i18n import _, plural
from deskblog.log.publicity import SETTING as TAGS
from deskblog.log.settings import ANY_HOUR, EVERY_DAY, FEEDS, QUIET, OfficeFeed, Settings, same_hours
from deskblog.records import replace
from deskblog.ui import moments, theme
from deskblog.ui.choice import Choice
from deskblog.ui.clock import Clock
from deskblog.ui.elided import Elided
from deskblog.ui.page import Entry
from deskblog.ui.problem import Problem
from deskblog.ui.sheets import Sheet, beneath, button, clear, label, line
from deskblog.ui.ticks import Tick
from deskblog.values import USUAL_HOURS, Hours

KEPT = (0, 30, 90, 365, 730, 1825, 3650)  # days offered
OFTEN = (0, 1, 2, 3, 4, 5, 7, 10, 15, 20, limits.ANNOUNCED_MOST)
USUAL, ANY, THESE = range(3)


class Part(Sheet):
    """`changed`: by the person; `may`: whether they may.

    Each shows some of the settings, and gives the settings with those as they stand there: `said`, which is Refused,
    and says so beside it, where one cannot be.
    """

    changed = Signal()

    def __init__(self, heading: str, more: str = "", *, may: bool) -> None:
        super().__init__(heading, more)
        self.may = may


class TheOffice(Part):
    """Its name, for how long posts are kept, how often one announces."""

    def __init__(self, *, may: bool) -> None:
        super().__init__(_("The office"), may=may)
        self.name = Entry(_("Name of the office"), "")
        self.name.line.setReadOnly(not may)
        self.name.line.textEdited.connect(lambda _text: self.changed.emit())
        self.kept, self.often = Choice(), Choice()
        self.read = (QLabel(), QLabel())  # for who may not choose
        grid = QGridLayout()
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(theme.PAD)
        for row, (text, choice) in enumerate(
            ((_("Posts are kept"), self.kept), (_("Announcements of one person a week"), self.often))
        ):
            choice.setAccessibleName(text)
            choice.activated.connect(lambda _index: self.changed.emit())
            grid.addWidget(QLabel(text), row, 0)
            grid.addWidget(choice if may else self.read[row], row, 1)
        self.box.addWidget(self.name)
        self.box.addLayout(grid)

    def show_settings(self, settings: Settings) -> None:
        self.name.line.setText(settings.name)
        self.name.refuse("")
        _offer(self.kept, [(kept_text(days), days) for days in sorted({*KEPT, settings.days})], settings.days)
        often = sorted({*OFTEN, settings.announcements})
        _offer(self.often, [(str(n), n) for n in often], settings.announcements)
        for words, choice in zip(self.read, (self.kept, self.often), strict=True):
            words.setText(choice.currentText())

    def said(self, settings: Settings) -> Settings:
        name = self.name.line.text()
        if name != settings.name:
            settings = _checked(self.name, file.NAME, name, settings)
        return replace(settings, days=self.kept.currentData(), announcements=self.often.currentData())


class OfficeHours(Part):
    """When popups may come."""

    def __init__(self, *, may: bool) -> None:
        more = _("When popups may come to whoever has chosen no hours of their own.")
        super().__init__(_("Quiet hours"), more, may=may)
        self.which = Choice()
        self.which.setAccessibleName(_("When popups may come"))
        usual = _("As usual: {hours}").format(hours=hours_text(USUAL_HOURS))
        _offer(self.which, [(usual, USUAL), (_("At any time"), ANY), (_("In these hours:"), THESE)], USUAL)
        self.begins, self.ends = Clock(USUAL_HOURS.begins, _("From")), Clock(USUAL_HOURS.ends, _("To"))
        self.days = [Tick(name) for name in moments.weekdays()]
        self.lock = Tick(_("The same for everybody: nobody may choose others"))
        self.read = label("")  # for who may not choose
        self.hours = QWidget()
        box = QVBoxLayout(self.hours)
        box.setContentsMargins(0, 0, 0, 0)
        clocks, days = QHBoxLayout(), QHBoxLayout()
        clocks.setSpacing(theme.GAP)
        for part in (QLabel(_("From")), self.begins, QLabel(_("to")), self.ends):
            clocks.addWidget(part)
        clocks.addStretch(1)
        for day in self.days:
            days.addWidget(day, 1)
        box.addLayout(clocks)
        box.addLayout(days)
        self.problem = Problem()
        self.problem.setFont(theme.font(theme.SMALL))
        for widget in (self.which, self.read, self.hours, self.problem, self.lock):
            self.box.addWidget(widget)
        self.which.setVisible(may)
        self.read.setVisible(not may)
        self.which.activated.connect(lambda _index: self._change())
        for clock in (self.begins, self.ends):
            clock.timeChanged.connect(lambda _time: self._change())
        for check in (*self.days, self.lock):
            check.clicked.connect(lambda _on: self._change())

    def _change(self) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        chosen = self.which.currentData()
        self.problem.hide()
        self.hours.setVisible(self.may and chosen == THESE)
        self.lock.setEnabled(self.may and chosen != USUAL)
        if chosen == USUAL:
            self.lock.setChecked(False)

    def show_settings(self, settings: Settings) -> None:
        hours = settings.hours
        self.which.setCurrentIndex(USUAL if hours is None else ANY if hours == ANY_HOUR else THESE)
        shown = hours if hours is not None and hours != ANY_HOUR else USUAL_HOURS
        blocked = [QSignalBlocker(clock) for clock in (self.begins, self.ends)]
        self.begins.show_minutes(shown.begins)
        self.ends.show_minutes(shown.ends)
        for one in blocked:
            one.unblock()
        for n, day in enumerate(self.days):
            day.setChecked(n in shown.days)
        self.lock.setChecked(QUIET in settings.locked)
        self.read.setText(hours_text(hours) if hours is not None else self.which.itemText(USUAL))
        self._enable()

    def said(self, settings: Settings) -> Settings:
        locked = settings.locked - {QUIET} | ({QUIET} if self.lock.isChecked() else set())
        return replace(settings, hours=self._hours(), locked=locked)

    def _hours(self) -> Hours | None:
        chosen = self.which.currentData()
        if chosen != THESE:
            return ANY_HOUR if chosen == ANY else None
        days = tuple(n for n in EVERY_DAY if self.days[n].isChecked())
        if not days:
            self.problem.tell(_("Choose a day at least."))
            raise Refused(self.problem.text())
        return same_hours(Hours(self.begins.minutes, self.ends.minutes, days))


class OfficeFeedsPart(Part):
    """What every PC follows."""

    def __init__(self, *, may: bool) -> None:
        super().__init__(
            _("Feeds for everybody"),
            _("Every PC follows them, beside what its person follows. None may lead into your own network."),
            may=may,
        )
        self.feeds: tuple[OfficeFeed, ...] = ()
        self.lines = QVBoxLayout()
        self.lines.setSpacing(4)
        self.address = Entry(_("Address of a feed"), "https://…")
        self.folder = Entry(_("Folder"), _("none"))
        theme.fix(self.folder, wide=150)
        self.go = button(_("Add"), self.add)
        self.adding = QWidget()
        row = QHBoxLayout(self.adding)
        row.setContentsMargins(0, 0, 0, 0)
        folder = QVBoxLayout()
        folder.addWidget(self.folder)
        folder.addStretch(1)
        row.addWidget(self.address, 1)
        row.addLayout(folder)
        row.addLayout(beneath(self.folder, self.go))
        self.adding.setVisible(may)
        self.lock = Tick(_("The same for everybody: nobody may remove one"))
        self.lock.clicked.connect(lambda _on: self.changed.emit())
        for entry in (self.address, self.folder):
            entry.line.returnPressed.connect(self.add)
        self.box.addLayout(self.lines)
        self.box.addWidget(self.adding)
        self.box.addWidget(self.lock)

    def add(self) -> None:
        """What stands in the fields."""
        address = self.address.line.text().strip()
        try:
            one = file.named_feed(address, self.folder.line.text())
        except Refused as fault:
            self.address.refuse(fault.what)
            return
        if any(one.url == other.url for other in self.feeds):
            self.address.refuse(_("This feed is there already."))
        elif len(self.feeds) >= limits.OFFICE_FEEDS:
            self.address.refuse(plural("{n} feed is the most.", "{n} feeds are the most.", limits.OFFICE_FEEDS))
        else:
            self.address.line.clear()
            self._set((*self.feeds, one))

    def _take_off(self, one: OfficeFeed) -> None:
        self._set(tuple(other for other in self.feeds if other != one))

    def _set(self, feeds: tuple[OfficeFeed, ...]) -> None:
        self._show(feeds)
        self.changed.emit()

    def _show(self, feeds: tuple[OfficeFeed, ...]) -> None:
        self.feeds = feeds
        clear(self.lines)
        for one in feeds:
            words = Elided()
            words.setText(feed_words(one))
            words.setToolTip(feed_words(one))
            off = button(
                _("Take off"),
                partial(self._take_off, one),
                kind="quiet",
                spoken=_("Take off “{feed}”").format(feed=one.url),
            )
            off.setVisible(self.may)
            self.lines.addWidget(line(words, off))
        if not feeds:
            self.lines.addWidget(label(_("None."), tone="soft"))
        self.lock.setEnabled(self.may and bool(feeds))
        if not feeds:
            self.lock.setChecked(False)

    def show_settings(self, settings: Settings) -> None:
        self.address.line.clear()
        self.address.refuse("")
        self.lock.setChecked(FEEDS in settings.locked)
        self._show(settings.feeds)

    def said(self, settings: Settings) -> Settings:
        """An address that was typed and not added yet is meant too."""
        if self.address.line.text().strip():
            self.add()
            if self.address.line.text():
                raise Refused(self.address.problem.text())
        locked = settings.locked - {FEEDS} | ({FEEDS} if self.lock.isChecked() else set())
        return replace(settings, feeds=self.feeds, locked=locked)


class OfficeTags(Part):
    """The tags that make public."""

    def __init__(self, *, may: bool) -> None:
        super().__init__(
            _("What is public"),
            _("What is written with one of these tags may be shown outside the office, unless its author says no."),
            may=may,
        )
        self.tags = Entry(_("Tags that make public"), "#shop #menu" if may else _("No tag does."))
        self.tags.line.setReadOnly(not may)
        self.tags.line.textEdited.connect(lambda _text: self.changed.emit())
        self.box.addWidget(self.tags)

    def show_settings(self, settings: Settings) -> None:
        self.tags.line.setText(" ".join(f"#{tag}" for tag in settings.tags))
        self.tags.refuse("")

    def said(self, settings: Settings) -> Settings:
        return _checked(self.tags, TAGS, self.tags.line.text().replace(",", " ").split(), settings)


def _checked(entry: Entry, word: str, value: object, settings: Settings) -> Settings:
    try:
        return file.checked(word, value, settings)
    except Refused as fault:
        entry.refuse(fault.what)
        raise


def _offer(choice: Choice, lines: list[tuple[str, int]], chosen: int) -> None:
    choice.clear()
    for text, value in lines:
        choice.addItem(text, value)
    choice.setCurrentIndex(choice.findData(chosen))


def kept_text(days: int) -> str:
    if not days:
        return _("for ever")
    if days % 365 == 0:
        return plural("{n} year", "{n} years", days // 365)
    return plural("{n} day", "{n} days", days)
