"""What is played in a window: one sound, in its line on the card, or one film beside it; never both at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.media.nature import Nature
from deskblog.ui import multimedia
from deskblog.ui.bridge import Bridge
from deskblog.ui.enclosed import Folder, plays
from deskblog.ui.sure import Box
from deskblog.values import Attached, Row

if TYPE_CHECKING:
    from deskblog.ui.film import FilmViewer
    from deskblog.ui.player import Player


class Stage(QObject):
    """`open` and `save` are what is done outside. Nothing of Qt's multimedia is loaded before something is played."""

    def __init__(
        self,
        bridge: Bridge,
        window: QWidget,
        folder: Folder,
        *,
        open: Callable[[Attached], None],
        save: Callable[[Attached, Path], None],
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._window = window
        self._folder = folder
        self._open = open
        self._save = save
        self._on: tuple[Row, Attached] | None = None
        self.player: Player | None = None
        self.films: FilmViewer | None = None

    # --- what the person does -----------------------------------------------------------------------------
    def play(self, row: Row, one: Attached, part: float | None = None) -> None:
        """Begins, pauses or goes on; `part`: where on its way it was pressed, if there. Outside where it
        cannot be here."""
        nature = plays(one, self._folder)
        if nature is None or not multimedia.usable():
            self._open(one)
        elif nature is Nature.FILM:
            self._show(row, one)
        else:
            self._sound(row, one, part)

    def word(self, one: Attached) -> str:
        """What `play` would do."""
        now = self._folder.playing
        return _("Pause") if now is not None and now.hash == one.blob.hash and now.runs else _("Play")

    def stop(self) -> None:
        """Nobody looks, or what is played is gone."""
        self._on = None
        if self.player is not None:
            self.player.stop()
        if self.films is not None:
            self.films.close()

    def look_again(self) -> None:
        """Posts went or came: what is played of one that is gone ends."""
        if self._on is not None:
            ident = self._on[0].id
            self._bridge.ask(
                self._bridge.engine.talk.find(ident), lambda _row: None, lambda _fault: self._gone(ident)
            )

    def _gone(self, ident: str) -> None:
        if self._on is not None and self._on[0].id == ident:
            self.stop()

    # --- sounds -------------------------------------------------------------------------------------------
    def _sound(self, row: Row, one: Attached, part: float | None) -> None:
        if self.player is None:
            self.player = multimedia.make_player(self)
            self.player.changed.connect(self._moved)
            self.player.broken.connect(self._broken)
        now = self.player.playing
        if now is not None and now.hash == one.blob.hash:
            self.player.toggle() if part is None else self.player.seek(part)
            return
        if self.films is not None:
            self.films.close()
        self._on = (row, one)
        self.player.play(one.blob.hash, self._folder.place(one.blob), one.seconds)

    def _moved(self) -> None:
        assert self.player is not None
        self._folder.playing = self.player.playing
        self._folder.pictures.come.emit()

    # --- films --------------------------------------------------------------------------------------------
    def _show(self, row: Row, one: Attached) -> None:
        if self.films is None:
            self.films = multimedia.make_film_viewer(self._window)
            self.films.save = self._save
            self.films.broken.connect(self._broken)
        if self.player is not None:
            self.player.stop()
        self._on = (row, one)
        self.films.open(row, one, self._folder.place(one.blob))

    # --- what cannot be played ----------------------------------------------------------------------------
    def _broken(self) -> None:
        if self._on is None:
            return
        one = self._on[1]
        self._on = None
        fault = UserError(
            _("“{name}” cannot be played here.").format(name=one.name),
            kept=_("It stays with the post."),
            next_step=_("It may be damaged, or of a kind that its own program plays."),
        )
        box = Box(self._window, fault.what, f"{fault.kept} {fault.next_step}")
        box.offer(_("Close"))
        box.offer(_("Open in its program"), default=True, kind="primary")
        if box.ask() == _("Open in its program"):
            self._open(one)
