"""The sites of the office: who is where, by whom they are joined, and the one address that joins another."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from deskblog.engine.options import address_text
from deskblog.errors import UserError
from deskblog.i18n import _, plural
from deskblog.ui import theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.dialog import Dialog, put_in, stop_at
from deskblog.ui.moments import full
from deskblog.ui.page import Entry
from deskblog.ui.sheets import beside, foot
from deskblog.values import Address, SiteRow

WIDE, HIGH = 520, 640
HOUR = 60  # minutes


class SitesDialog(Dialog):
    """What is there, and beneath it the two things to do: name this site, join another."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.setWindowTitle(_("Sites"))
        theme.room(self, WIDE, HIGH)
        title = _label(_("Sites"), theme.TITLE, strong=True)
        self._area = QScrollArea()
        put_in(self._area, QWidget())
        self._area.setAccessibleName(_("Sites"))
        self.name = Entry(_("This site is called"), _("Lille, head office, the workshop …"))
        self.road = Entry(_("Join another site by the address of a PC there"), "10.1.2.3:20140")
        self.mine = _label("", theme.SMALL, tone="soft")
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 22, 24, 20)
        box.setSpacing(14)
        box.addWidget(title)
        box.addWidget(self._area, 1)
        box.addLayout(self._row(self.name, _("Name it"), self._name_it))
        box.addLayout(self._row(self.road, _("Join"), self._join))
        box.addWidget(self.mine)
        box.addLayout(self._foot())
        self.look()
        self._bridge.ask(self._bridge.engine.address(), self._tell_mine)

    def _row(self, entry: Entry, text: str, act: Callable[[], None]) -> QHBoxLayout:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(act)
        entry.line.returnPressed.connect(act)
        return beside(entry, button)

    def _foot(self) -> QHBoxLayout:
        closer = QPushButton(_("Close"))
        closer.setProperty("kind", "primary")
        closer.setAutoDefault(False)
        closer.clicked.connect(self.accept)
        return foot(closer)

    # --- what there is ------------------------------------------------------------------------------------
    def look(self) -> None:
        """Asks anew; also when somebody came or went."""
        self._bridge.ask(self._bridge.engine.places.sites(), self._show, self._fail)

    def _show(self, sites: Sequence[SiteRow]) -> None:
        inside = QWidget()
        inside.setObjectName("page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for site in sites:
            column.addWidget(_sheet(site, alone=len(sites) == 1))
        for road in self._bridge.engine.places.roads():
            column.addWidget(self._road_line(road))
        column.addStretch(1)
        self._area.setWidget(inside)  # what was shown before is gone with it
        named = next((site.name for site in sites if site.mine), "")
        if not self.name.line.isModified():
            self.name.line.setText(named)

    def _road_line(self, road: Address) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(4, 0, 0, 0)
        text = address_text(*road)
        row.addWidget(_label(_("Dialled by all: {road}").format(road=text), theme.SMALL, tone="soft"), 1)
        remove = QPushButton(_("Remove"))
        remove.setProperty("kind", "quiet")
        remove.setAutoDefault(False)
        remove.setAccessibleName(_("Dial {road} no more").format(road=text))
        remove.clicked.connect(lambda: self._do(self._bridge.engine.places.remove_road(text)))
        row.addWidget(remove)
        return made

    def _tell_mine(self, address: str) -> None:
        if address:
            self.mine.setText(
                _("The address of this PC, for colleagues elsewhere: {address}").format(address=address)
            )

    # --- what is done -------------------------------------------------------------------------------------
    def _name_it(self) -> None:
        self.name.line.setModified(False)
        self._do(self._bridge.engine.places.name_site(self.name.line.text()), self.name)

    def _join(self) -> None:
        self._do(self._bridge.engine.places.add_road(self.road.line.text()), self.road)

    def _do(self, work: Coroutine[Any, Any, object], entry: Entry | None = None) -> None:
        """What cannot be is said beside the field, and what was typed stays."""

        def done(_result: object) -> None:
            if entry is self.road:
                self.road.line.clear()
            self.look()

        def failed(fault: UserError) -> None:
            if entry is not None:
                entry.refuse(" ".join(part for part in (fault.what, fault.next_step) if part))
            else:
                self._fail(fault)

        self._bridge.ask(work, done, failed)

    def _fail(self, fault: UserError) -> None:
        self._bridge.tell_fault(fault)


def _label(text: str, scale: float = theme.BODY, *, strong: bool = False, tone: str = "") -> QLabel:
    made = QLabel(text, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
    made.setFont(theme.font(scale, strong=strong))
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if tone:
        made.setProperty("tone", tone)
    return made


def site_lines(site: SiteRow) -> tuple[str, ...]:
    """Name, who is here, who is off, and how it is joined; those that say something."""
    name = site.name or (_("This site") if site.mine else _("Another site"))
    off = _("off: {names}").format(names=", ".join(site.off)) if site.off else ""
    return tuple(line for line in (name, ", ".join(site.people) or _("nobody here"), off, _joined(site)) if line)


def _joined(site: SiteRow) -> str:
    if site.mine:
        return ""
    if site.here:
        return _("carried by {name}'s PC").format(name=site.carrier)
    if not site.at:
        return _("never reached yet")
    minutes = (time.time_ns() // 1_000_000 - site.at) // 60_000
    if minutes >= HOUR:
        return _("nothing since {when}, carried then by {name}'s PC").format(when=full(site.at), name=site.carrier)
    behind = plural("{n} minute behind", "{n} minutes behind", max(1, minutes))
    return _("{behind}, carried last by {name}'s PC").format(behind=behind, name=site.carrier)


def _sheet(site: SiteRow, *, alone: bool) -> QWidget:
    made = QFrame()
    made.setObjectName("sheet")
    box = QVBoxLayout(made)
    box.setContentsMargins(14, 12, 14, 12)
    box.setSpacing(4)
    name, *rest = site_lines(site)
    mark = "" if alone or not site.mine else " · " + _("you are here")
    box.addWidget(_label(name + mark, strong=True))
    for line in rest:
        box.addWidget(_label(line, theme.SMALL, tone="soft"))
    stop_at(made, ", ".join((name, *rest)))
    return made
