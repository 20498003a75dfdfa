"""What can be done about the office and this PC: the menu behind the dots above the people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from deskblog.engine.bundle_words import read_words, written_words
from deskblog.engine.options import BundleRead, BundleWritten, Check
from deskblog.i18n import _, plural
from deskblog.store.backup import Written
from deskblog.store.repair import Repaired
from deskblog.store.salvage import Salvaged
from deskblog.ui.bridge import Bridge
from deskblog.ui.join import JoinDialog
from deskblog.ui.members import Members
from deskblog.ui.recovery import RecoveryDialog
from deskblog.ui.sites import SitesDialog
from deskblog.ui.sure import ask_name, tell


class OfficeMenu(QObject):
    """Renames the office, carries bundles, backs up, repairs, drills, leaves, and takes the recovery words.

    `bundled`: a bundle was written; `examined`: the network is to be examined.
    """

    bundled = Signal()
    examined = Signal()

    def __init__(self, bridge: Bridge, members: Members, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._members = members
        self._window = window

    def menu(self) -> QMenu:
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._members.may_all:
            menu.addAction(_("Rename the office…"), self._rename)
        menu.addAction(_("Sites…"), self.sites)
        menu.addAction(_("Why is somebody not here?"), self.examined.emit)
        menu.addAction(_("Would the office survive a fire?"), self._drill)
        menu.addSeparator()
        menu.addAction(_("Write a bundle for another site…"), self.write_bundle)
        menu.addAction(_("Read a bundle from another site…"), self._read_bundle)
        menu.addSeparator()
        menu.addAction(_("Back up this PC…"), self._backup)
        menu.addAction(_("Write all posts…"), self._export)
        menu.addAction(_("Check and repair"), self._repair)
        menu.addSeparator()
        menu.addAction(_("Use the recovery words…"), self.recover)
        if self._bridge.engine.removed is not None:
            menu.addAction(_("I have a code…"), self.come_back)
        if self._members.me is not None and not self._members.me.gone:
            menu.addAction(_("Leave the office…"), self._members.leave)
        return menu

    def _rename(self) -> None:
        now = self._bridge.engine.office_name
        name = ask_name(self._window, _("A new name for the office"), now)
        if name:
            self._bridge.ask(self._bridge.engine.membership.rule(name=name))

    def recover(self) -> None:
        dialog = RecoveryDialog(self._bridge, self._members.people, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def come_back(self) -> None:
        """This PC is out of the office; a code brings it in again."""
        dialog = JoinDialog(self._bridge, self._bridge.engine.person_name, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def sites(self) -> None:
        """Where the office is, and the address that joins another place."""
        dialog = SitesDialog(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # --- this PC's disk -----------------------------------------------------------------------------------
    def _backup(self) -> None:
        proposed = str(Path.home() / "deskblog.backup")
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Back up this PC"), proposed)
        if name:
            self._bridge.ask(self._bridge.engine.keeping.backup(Path(name)), self._backed_up)

    def _backed_up(self, done: Written) -> None:
        posts = plural("{n} post is in the backup.", "{n} posts are in the backup.", done.posts)
        tell(self._window, posts, _("It holds the key of this PC: keep it as one keeps a key."))

    def _export(self) -> None:
        """All posts, to be read without deskblog."""
        proposed = str(Path.home() / "deskblog.html")
        kinds = _("A page for any browser (*.html);;Lines of JSON (*.jsonl)")
        name, _kind = QFileDialog.getSaveFileName(self._window, _("Write all posts"), proposed, kinds)
        if name:
            self._bridge.ask(self._bridge.engine.export(Path(name)), self._exported)

    def _exported(self, posts: int) -> None:
        tell(
            self._window,
            plural("{n} post is in the file.", "{n} posts are in the file.", posts),
            _("Whoever has the file can read them all. Photos and files are not in it."),
        )

    def _repair(self) -> None:
        self._bridge.ask(self._bridge.engine.keeping.repair(), self._repaired)

    def _repaired(self, done: tuple[Repaired, Salvaged]) -> None:
        found, saved = done
        lines = [
            plural("{n} entry did not hold.", "{n} entries did not hold.", found.dropped) if found.dropped else "",
            plural("{n} was saved from a damaged file.", "{n} were saved from a damaged file.", saved.taken)
            if saved.taken
            else "",
            plural(
                "{n} text or photo is asked for.",
                "{n} texts or photos are asked for.",
                found.wanted,
            )
            if found.wanted
            else "",
        ]
        said = " ".join(line for line in lines if line) or _("All is as it should be.")
        tell(self._window, plural("{n} entry was checked.", "{n} entries were checked.", found.entries), said)

    # --- bundles ------------------------------------------------------------------------------------------
    def write_bundle(self) -> None:
        """What another site lacks, as a file to be carried."""
        proposed = Path.home() / f"{_file_name(self._bridge.engine.office_name)}-{date.today().isoformat()}.pli"
        name, _kind = QFileDialog.getSaveFileName(
            self._window, _("Write a bundle for another site"), str(proposed), _("Bundles (*.pli);;All files (*)")
        )
        if name:
            self._bridge.ask(self._bridge.engine.bundles.write(Path(name)), self._bundle_written)

    def _bundle_written(self, done: BundleWritten) -> None:
        self.bundled.emit()
        self._bridge.tell(written_words(done))

    def _read_bundle(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self._window,
            _("Read a bundle from another site"),
            str(Path.home()),
            _("Bundles (*.pli);;All files (*)"),
        )
        if name:
            self._bridge.ask(self._bridge.engine.bundles.read(Path(name)), self._bundle_read)

    def _bundle_read(self, done: BundleRead) -> None:
        self._bridge.tell(read_words(done))

    # --- the drill ----------------------------------------------------------------------------------------
    def _drill(self) -> None:
        self._bridge.ask(self._bridge.engine.care.drill(), self._drilled)

    def _drilled(self, checks: Sequence[Check]) -> None:
        tell(self._window, _("If this PC burned tonight:"), "", checks)


def _file_name(office: str) -> str:
    """What a file of this office may be called on every system."""
    plain = unicodedata.normalize("NFKD", office.replace("&", _(" and "))).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "deskblog"
