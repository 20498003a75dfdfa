"""What can be done about the office and this PC: the menu behind the dots above the people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from deskblog.engine.bundle_words import read_words, written_words
from deskblog.i18n import _, plural
from deskblog.ui import keys, moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.members import Members
from deskblog.ui.sure import ask_name, sure, tell

if TYPE_CHECKING:
    from deskblog.engine.exporting import Exported
    from deskblog.engine.importing import History
    from deskblog.engine.options import BundleRead, BundleWritten, Check
    from deskblog.store.backup import Written
    from deskblog.store.repair import Repaired
    from deskblog.store.salvage import Salvaged


class OfficeMenu(QObject):
    """Renames the office, carries bundles, backs up, repairs, drills, leaves, and takes the recovery words.

    `feeds`: shows what is followed. `bundled`: a bundle was written; `examined`: the network is to be examined;
    `preferring`: the preferences are wanted.
    """

    bundled = Signal()
    preferring = Signal()
    examined = Signal()

    def __init__(self, bridge: Bridge, members: Members, window: QWidget, feeds: Callable[[], None]) -> None:
        super().__init__(window)
        self._feeds = feeds
        self._bridge = bridge
        self._members = members
        self._window = window

    def menu(self) -> QMenu:
        """What is one's own first, then what is the office's, then what is seldom wanted."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Preferences…"), keys.sequences("window", "preferences")[0], self.preferring.emit)
        menu.addAction(_("Quiet hours…"), self.quiet_hours)
        menu.addAction(_("On the road…"), self.on_the_road)
        menu.addAction(_("Feeds to follow…"), self._feeds)
        menu.addAction(_("Publishing…"), self.publishing)
        menu.addSeparator()
        menu.addAction(_("Settings of the office…"), self.settings)
        menu.addAction(_("Sites…"), self.sites)
        menu.addAction(_("Why is somebody not here?"), self.examined.emit)
        menu.addAction(_("Would the office survive a fire?"), self._drill)
        menu.addSeparator()
        self._add_seldom(menu)
        menu.addSeparator()
        menu.addAction(_("Keyboard…"), keys.sequences("window", "keyboard")[0], self.keyboard)
        return menu

    def _add_seldom(self, menu: QMenu) -> None:
        here = menu.addMenu(_("This PC and its posts"))
        here.addAction(_("Back up this PC…"), self._backup)
        here.addAction(_("Write all posts…"), self._export)
        here.addAction(_("Bring in what you wrote elsewhere…"), self._import)
        here.addAction(_("Check and repair"), self._repair)
        bundles = menu.addMenu(_("A site that no line reaches"))
        bundles.addAction(_("Write a bundle for another site…"), self.write_bundle)
        bundles.addAction(_("Read a bundle from another site…"), self._read_bundle)
        whole = menu.addMenu(_("The office as a whole"))
        if self._members.may_all:
            whole.addAction(_("Rename the office…"), self._rename)
        whole.addAction(_("Use the recovery words…"), self.recover)
        if self._bridge.engine.removed is not None:
            menu.addAction(_("I have a code…"), self.come_back)
        if self._members.me is not None and not self._members.me.gone:
            whole.addAction(_("Leave the office…"), self._members.leave)

    def _rename(self) -> None:
        now = self._bridge.engine.office_name
        name = ask_name(self._window, _("A new name for the office"), now)
        if name:
            self._bridge.ask(self._bridge.engine.membership.rule(name=name))

    def settings(self) -> None:
        """What holds for everybody."""
        from deskblog.ui.office_settings import OfficeSettingsDialog

        dialog = OfficeSettingsDialog(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def recover(self) -> None:
        from deskblog.ui.recovery import RecoveryDialog

        dialog = RecoveryDialog(self._bridge, self._members.people, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def come_back(self) -> None:
        """This PC is out of the office; a code brings it in again."""
        from deskblog.ui.join import JoinDialog

        dialog = JoinDialog(self._bridge, self._bridge.engine.person_name, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def quiet_hours(self) -> None:
        """When popups may come."""
        from deskblog.ui.quiet import QuietHours

        dialog = QuietHours(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def keyboard(self) -> None:
        """All the keys there are."""
        from deskblog.ui.keyboard import KeyboardPage

        dialog = KeyboardPage(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def on_the_road(self) -> None:
        """What is sent to one's phone while one's PC is off."""
        from deskblog.ui.forward import ForwardDialog

        dialog = ForwardDialog(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def sites(self) -> None:
        """Where the office is, and the address that joins another place."""
        from deskblog.ui.sites import SitesDialog

        dialog = SitesDialog(self._bridge, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def publishing(self) -> None:
        """What is shown outside of the office, and to whom."""
        from deskblog.ui.publishing import PublishingDialog

        dialog = PublishingDialog(self._bridge, self._window, keyholder=self._members.may_all)
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
            self._bridge.ask(self._bridge.engine.exporting.all(Path(name)), self._exported)

    def _exported(self, done: Exported) -> None:
        more = _("Whoever has the file can read them all. Photos and files are not in it.")
        if done.sealed:
            more += " " + plural("{n} sealed message is left out.", "{n} sealed messages are left out.", done.sealed)
        tell(self._window, plural("{n} post is in the file.", "{n} posts are in the file.", done.posts), more)

    def _import(self) -> None:
        """One's own history, from a file."""
        what = _("Bring in what you wrote elsewhere")
        files = _("Archives, feeds, texts") + " (*.zip *.tar.gz *.json *.js *.xml *.rss *.atom *.txt)"
        name, _kind = QFileDialog.getOpenFileName(self._window, what, str(Path.home()), f"{files};;* (*)")
        if name:
            self._bridge.ask(self._bridge.engine.importing.look(Path(name)), self.take_history)

    def take_history(self, history: History) -> None:
        """Says what there is, and asks before any of it is written."""
        from deskblog.engine.importing import left_texts

        left = left_texts(history.known, history.old, history.left_out, history.long)
        what = plural("{n} post is new.", "{n} posts are new.", len(history.posts))
        if not history.posts:
            tell(self._window, what, " ".join(left))
            return
        days = _("They were written from {first} to {last}.").format(
            first=moments.full(history.first), last=moments.full(history.last)
        )
        more = _("Everybody will find them, marked with where they come from, at their old place.")
        if sure(self._window, what, " ".join([days, more, *left]), _("Bring them in")):
            self._bridge.ask(self._bridge.engine.importing.take(history), self._taken)

    def _taken(self, count: int) -> None:
        tell(self._window, plural("{n} post was brought in.", "{n} posts were brought in.", count), "")

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
