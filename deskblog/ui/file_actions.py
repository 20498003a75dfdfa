"""What a press on a photo or file does: shown, fetched, opened in the system's program, saved. Never run."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.media.saving import save
from deskblog.ui import links
from deskblog.ui.bridge import Bridge
from deskblog.ui.enclosed import Folder, link_of, plays, verdict
from deskblog.ui.menus import open_menu
from deskblog.ui.pictures import Pictures
from deskblog.ui.stage import Stage
from deskblog.ui.sure import Box, sure
from deskblog.values import Attached, BlobState, Row, Sort

if TYPE_CHECKING:
    from deskblog.ui.viewer import Viewer


class FileActions(QObject):
    """One for a window; `folder` is what its cards are painted from."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._opened: tempfile.TemporaryDirectory[str] | None = None
        self.folder = Folder(bridge.engine.attaching.place, Pictures(self), {})
        self._viewer: Viewer | None = None
        self.stage = Stage(bridge, window, self.folder, open=self.open, save=self.save)

    @property
    def viewer(self) -> Viewer:
        """Made, and loaded, when the first photo is looked at."""
        if self._viewer is None:
            from deskblog.ui.viewer import Viewer

            self._viewer = Viewer(self._window, self.folder, self.fetch, self.save)
        return self._viewer

    # --- what comes ---------------------------------------------------------------------------------------
    def revise(self, rows: tuple[Row, ...]) -> None:
        """Something of these posts is here now."""
        if self._viewer is not None:
            self._viewer.revise(rows)

    def coming(self, digest: str, part: float) -> None:
        """So much of a blob one waits for is here: 0 … 1."""
        if part < 1:
            self.folder.come[digest] = part
        else:
            self.folder.come.pop(digest, None)
        self.folder.pictures.come.emit()

    # --- a press ------------------------------------------------------------------------------------------
    def press(self, row: Row, place: int, at: QPoint, part: float | None = None) -> None:
        """`part`: where on the way of a sound it was pressed, 0 … 1, if there."""
        one = row.attached[place]
        card = link_of(one, self.folder)
        if card is not None:
            open_menu(links.menu(card.url, self._window), at, None)
        elif one.sort is Sort.PHOTO:
            self.viewer.open(row, one)
        elif one.blob.state in (BlobState.NAMED, BlobState.LET_GO):
            self.fetch(one)
        elif plays(one, self.folder) is not None:
            self.stage.play(row, one, part)
        else:
            open_menu(self.menu(row, one), at, None)

    def menu(self, row: Row, one: Attached) -> QMenu:
        """What can be done with it as it is now."""
        menu = QMenu(self._window)
        self.fill(menu, row, one)
        return menu

    def fill(self, menu: QMenu, row: Row, one: Attached) -> None:
        if one.blob.state is BlobState.WANTED:
            menu.addAction(_("Do not wait for it"), lambda: self.give_up(one))
            return
        if one.blob.state is not BlobState.HERE:
            menu.addAction(_("Fetch it"), lambda: self.fetch(one))
            return
        card = link_of(one, self.folder)
        if card is not None:
            links.fill(menu, card.url)
            return
        if plays(one, self.folder) is not None:
            menu.addAction(self.stage.word(one), lambda: self.stage.play(row, one))
        if one.sort is Sort.PHOTO:
            menu.addAction(_("Show it large"), lambda: self.viewer.open(row, one))
        elif not verdict(one, self.folder).runs:
            menu.addAction(_("Open"), lambda: self.open(one))
        menu.addAction(_("Save as…"), lambda: self.ask_where(row, one))

    def fetch(self, one: Attached) -> None:
        self.folder.come[one.blob.hash] = 0.0
        self._bridge.ask(self._bridge.engine.attaching.fetch(one.blob))

    def give_up(self, one: Attached) -> None:
        self.folder.come.pop(one.blob.hash, None)
        self._bridge.ask(self._bridge.engine.attaching.give_up(one.blob))

    # --- outside ------------------------------------------------------------------------------------------
    def open(self, one: Attached) -> None:
        """A copy, that cannot be written, in the program the system has for it."""
        if self._opened is None:
            self._opened = tempfile.TemporaryDirectory(prefix="deskblog-", ignore_cleanup_errors=True)
        try:
            copy = save(self.folder.place(one.blob), Path(self._opened.name), one.name)
            copy.chmod(0o400)
        except OSError as fault:
            self._say(one, fault)
            return
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(copy))):
            box = Box(
                self._window,
                _("No program here opens “{name}”.").format(name=one.name),
                _("It stays with the post. Save it, and open it where there is one."),
            )
            box.offer(_("Close"), default=True, kind="primary")
            box.ask()

    def ask_where(self, row: Row, one: Attached) -> None:
        """Saves it where the person says; of a program only if they are sure."""
        said = verdict(one, self.folder)
        if said.runs:
            more = _(
                "It may do anything on this PC once it is opened. Save it only if you asked {name} for it."
            ).format(name=row.person)
            if not sure(self._window, _("“{name}” is a program.").format(name=one.name), more, _("Save it")):
                return
        from deskblog.ui.viewer import ask_folder

        where = ask_folder(self._window)
        if where is not None:
            self.save(one, where)

    def save(self, one: Attached, where: Path) -> None:
        try:
            save(self.folder.place(one.blob), where, one.name)
        except (OSError, shutil.Error) as fault:
            self._say(one, fault)

    def _say(self, one: Attached, fault: OSError) -> None:
        self._bridge.tell_fault(
            UserError(
                _("“{name}” cannot be saved there: {why}.").format(name=one.name, why=fault.strerror or fault),
                kept=_("It stays with the post."),
                next_step=_("Name another folder."),
            )
        )
