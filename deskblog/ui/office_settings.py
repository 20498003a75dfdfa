"""What holds for the whole office: a keyholder sets it, everybody can read it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QWidget

from deskblog import events
from deskblog.engine.office_settings import Change
from deskblog.errors import Refused, UserError
from deskblog.i18n import _
from deskblog.log.settings import Settings
from deskblog.records import replace
from deskblog.ui import moments, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog
from deskblog.ui.office_parts import OfficeFeedsPart, OfficeHours, OfficeTags, TheOffice
from deskblog.ui.sheets import button, foot, label, scrolled

WIDE, HIGH = 640, 700
TOLD = 3  # changes in words; of more the rest is seen in the fields


class OfficeSettingsDialog(Dialog):
    """Nothing holds before it is set. Of what a colleague sets meanwhile all stays that was not changed here."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = bridge.engine.office_settings
        self._bridge = bridge
        self.may = self._settings.may_set
        self._before = Settings()
        self._edited = self._touched_since = False
        self.setWindowTitle(_("Settings of the office"))
        theme.room(self, WIDE, HIGH)
        may = self.may
        self.office, self.hours = TheOffice(may=may), OfficeHours(may=may)
        self.feeds, self.tags = OfficeFeedsPart(may=may), OfficeTags(may=may)
        self.parts = (self.office, self.hours, self.feeds, self.tags)
        self.by = label("", theme.SMALL, tone="soft")
        self.told = label("", theme.SMALL, tone="soft")
        self.told.hide()
        self.set = button(_("Set it for everybody"), self._set, kind="primary")
        self.give = button(_("Write to a file…"), self._give)
        self.take = button(_("Read a file…"), self._take)
        for one in (self.set, self.take):
            one.setVisible(may)
        for part in self.parts:
            part.changed.connect(self._touched)
        self._lay_out()
        self.show_settings(self._settings.now)
        bridge.events.connect(self._hear)

    def _lay_out(self) -> None:
        below = foot(button(_("Close"), self.accept), self.set, left=(self.give, self.take))
        scrolled(self, _("Settings of the office"), self.parts, (self.by,), (self.told,), below)

    # --- what holds ---------------------------------------------------------------------------------------
    def show_settings(self, settings: Settings) -> None:
        """These, and who set what holds now."""
        self._before = self._settings.now
        by = self._settings.set_by
        said = _("Set by {person} on {date}.").format(person=by.person, date=moments.full(by.at))
        if not self.may:
            said += " " + _("A keyholder can change it.")
        self.by.setText(said)
        for part in self.parts:
            part.show_settings(settings)
        self._edit(settings != self._before)

    def _edit(self, edited: bool) -> None:
        self._edited = edited
        self.set.setEnabled(edited)

    def _touched(self) -> None:
        self._touched_since = True
        self._say("")
        self._edit(True)

    def _hear(self, news: tuple[events.Event, ...]) -> None:
        changed = any(isinstance(event, events.PeopleChanged | events.OfficeChanged) for event in news)
        if changed and not self._edited and self._settings.now != self._before:
            self.show_settings(self._settings.now)

    # --- setting it ---------------------------------------------------------------------------------------
    def wanted(self) -> Settings:
        """What holds, with what the person has changed here. Refused where that cannot be."""
        edited = self._before
        for part in self.parts:
            edited = part.said(edited)
        names = [name for name in Settings.__struct_fields__ if getattr(edited, name) != getattr(self._before, name)]
        changed: dict[str, Any] = {name: getattr(edited, name) for name in names}
        return replace(self._settings.now, **changed)

    def _set(self) -> None:
        try:
            wanted = self.wanted()
        except Refused:  # said beside what is wrong
            return
        self.set.setEnabled(False)
        self._touched_since = False
        self._bridge.ask(self._settings.set(wanted), self._done, self._refuse)

    def _done(self, changes: Sequence[Change]) -> None:
        if self._touched_since:  # what was changed meanwhile is to be set still
            self._before = self._settings.now
        else:
            self.show_settings(self._settings.now)
        said = [one.text for one in changes[:TOLD]]
        self._say("\n".join([*said, _("So it is on every PC.")]) if changes else _("All is as it was."))

    # --- files --------------------------------------------------------------------------------------------
    def _give(self) -> None:
        proposed = str(Path.home() / "office.toml")
        name, _kind = QFileDialog.getSaveFileName(self, _("Write to a file"), proposed, "TOML (*.toml);;* (*)")
        if name:
            self.give_to(Path(name))

    def give_to(self, path: Path) -> None:
        """What holds, not what was changed here and is not set."""
        said = _("What holds now is in “{file}”.").format(file=path.name)
        self._bridge.ask(self._settings.give_file(path), lambda _none: self._say(said), self._refuse)

    def _take(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("Read a file"), str(Path.home()), "TOML (*.toml);;* (*)")
        if name:
            self.take_from(Path(name))

    def take_from(self, path: Path) -> None:
        """Shows what it says, to be set."""
        self._bridge.ask(self._settings.read_file(path), self._taken, self._refuse)

    def _taken(self, settings: Settings) -> None:
        self.show_settings(settings)
        again = _("The file says what holds already.")
        self._say(_("So says the file. Nothing of it holds before you set it.") if self._edited else again)

    def _refuse(self, fault: UserError) -> None:
        self._edit(self._edited)
        self._say(" ".join(part for part in (fault.what, fault.kept, fault.next_step) if part), tone="error")

    def _say(self, text: str, *, tone: str = "soft") -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))
        self.told.setProperty("tone", tone)
        theme.polish(self.told)
