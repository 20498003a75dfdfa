"""Preferences about newer versions of deskblog: whether colleagues may bring them, and one to hand on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import folders
from deskblog.ui.bridge import Bridge
from deskblog.ui.setting import Section, Setting
from deskblog.ui.sheets import button
from deskblog.ui.switch import Switch

Refuse = Callable[[UserError], None]


class NewerOnes(Section):
    """Without a key of the makers it says so, and nothing can be changed."""

    def __init__(self, bridge: Bridge, refuse: Refuse) -> None:
        super().__init__(_("Newer versions"))
        self._bridge, self._refuse = bridge, refuse
        row = bridge.engine.programs.row
        self.fetch = Switch()
        self.fetch.setChecked(row.on)
        self.fetch.setEnabled(row.can)
        self.fetch.toggled.connect(self._choose)
        usual = _("Only what deskblog’s makers signed. Nothing is installed by itself: you are told where it lies.")
        why_not = _("This deskblog knows no key of its makers, and cannot tell their packages from others.")
        words = _("update, upgrade, install, version")
        self.add(Setting(_("Fetch them from colleagues"), usual if row.can else why_not, self.fetch, words=words))
        self.hand = button(_("Choose a package…"), self._add)
        self._handing = Setting(_("Hand one on to colleagues"), "", self.hand, words=words)
        self._handing.say(_("One you downloaded, with its signature (.minisig) in the same folder."))
        if row.can:
            self.add(self._handing)
        self.open = button(_("Show it"), lambda: show_program(bridge))
        if row.ready:
            told = _("deskblog {version}, checked.").format(version=row.ready)
            self.add(Setting(_("Ready to be installed"), told, self.open, words=words))

    def _choose(self, on: bool) -> None:
        self._bridge.ask(self._bridge.engine.programs.choose(on=on), None, self._refused)

    def _add(self) -> None:
        file, _kind = QFileDialog.getOpenFileName(self.window(), _("The package to hand on"), folders.downloads())
        if file:
            self._bridge.ask(self._bridge.engine.programs.add(Path(file)), self._added, self._refuse)

    def _added(self, version: str) -> None:
        self._handing.say(_("deskblog {version} is handed on from now on.").format(version=version))

    def _refused(self, fault: UserError) -> None:
        with QSignalBlocker(self.fetch):
            self.fetch.setChecked(self._bridge.engine.programs.on)
        self._refuse(fault)


def show_program(bridge: Bridge) -> None:
    """Opens the folder in which the newer version lies: what is done with it is for the person."""
    file = bridge.engine.programs.row.file
    if file:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(file).parent)))
