"""What is to go with the next post: chosen, pasted, dropped or cut out of the screen; shown above the buttons."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.ui import folders, icons, multimedia, theme
from deskblog.ui.bridge import Bridge
from deskblog.ui.elided import Elided
from deskblog.ui.menus import beneath, open_menu
from deskblog.ui.pictures import read_image
from deskblog.ui.sizes import length_text, size_text
from deskblog.values import Attached, Sort

SIDE = 64
_ICONS = {Sort.PHOTO: "photo", Sort.VOICE: "sound", Sort.FILM: "film", Sort.LINK: "link"}


class Chosen(QObject):
    """The engine keeps it; every composer shows it. `failed`: UserError; `noticed`: what its author should know."""

    changed = Signal()
    failed = Signal(object)
    noticed = Signal(str)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bridge = bridge
        self.busy = 0  # being made ready

    @property
    def all(self) -> tuple[Attached, ...]:
        return self.bridge.engine.attaching.chosen

    def load(self) -> None:
        """The engine has begun."""
        self.changed.emit()

    def add_files(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self._ask(self.bridge.engine.attaching.choose_file(path))

    def add_image(self, image: QImage, name: str) -> None:
        """A picture that is no file yet."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        self._ask(self.bridge.engine.attaching.choose(name, bytes(data.data())))

    def add_card(self, url: str) -> None:
        """The person wants the card of a link: this PC asks its site."""
        self._ask(self.bridge.engine.linkcards.make(url))

    def add_recording(self, name: str, data: bytes, still: bytes, notice: str) -> None:
        """What was recorded here; `still`: a picture out of a film; `notice`: what its author should know of it."""
        self._ask(self.bridge.engine.attaching.choose(name, data, still), notice)

    def _ask(self, work: object, notice: str = "") -> None:
        self.busy += 1
        self.changed.emit()
        self.bridge.ask(work, partial(self._done, notice), self._refused)  # type: ignore[arg-type]

    def _done(self, notice: str, made: tuple[Attached, str] | None) -> None:
        self.busy -= 1
        self.changed.emit()
        if said := notice or (made[1] if made is not None else ""):
            self.noticed.emit(said)

    def _refused(self, fault: UserError) -> None:
        self.busy -= 1
        self.changed.emit()
        self.failed.emit(fault)

    def drop(self, one: Attached) -> None:
        self._change(self.bridge.engine.attaching.drop(one))

    def give_back(self, attached: Sequence[Attached]) -> None:
        self._change(self.bridge.engine.attaching.give_back(attached))

    def _change(self, work: Coroutine[Any, Any, None]) -> None:
        """Nothing is sent meanwhile: not what is thrown away, and not without what comes back."""
        self.busy += 1
        self.bridge.ask(work, lambda _none: self._done("", None), self._refused)

    # --- from elsewhere -----------------------------------------------------------------------------------
    @staticmethod
    def takes(data: QMimeData) -> bool:
        """Whether something pasted or dropped can go with a post. Words with a picture beside them are words."""
        return bool(_files(data)) or (data.hasImage() and not data.hasText())

    def take(self, data: QMimeData) -> None:
        files = _files(data)
        if files:
            self.add_files(files)
        elif data.hasImage():
            self.add_image(QImage(data.imageData()), _("picture") + ".png")


def _files(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()] if data.hasUrls() else []


class Tile(QFrame):
    """One of them: its picture or its kind, its name, and a cross."""

    def __init__(self, one: Attached, place: Path | None) -> None:
        super().__init__()
        self.setObjectName("tile")
        self._one = one
        shown = one.preview or one.blob
        most = QSize(SIDE * 3, SIDE * 3)
        self._image = read_image(place, most) if place is not None and shown is not None else None
        name = Elided()
        name.setText(one.name)
        name.setFont(theme.font(theme.SMALL))
        about = f"{length_text(one.seconds)} · " if one.seconds else ""
        size = QLabel(about + size_text(one.blob.size))
        size.setFont(theme.font(theme.SMALL))
        size.setProperty("tone", "soft")
        self.cross = QPushButton()
        self.cross.setProperty("kind", "quiet")
        theme.fix(self.cross, wide=24, high=24, picture=16)
        self.cross.setIcon(icons.icon("close", theme.now().soft))
        left_out = _("Leave out {name}").format(name=one.name)
        self.cross.setAccessibleName(left_out)
        self.cross.setToolTip(left_out)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(size)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.scaled(SIDE // 2 + 18) + 4, 2, 2, 2)
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.cross, 0, Qt.AlignmentFlag.AlignTop)
        theme.fix(self, wide=176, high=SIDE // 2 + 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        c, p = theme.now(), QPainter(self)
        p.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = self.height() - 12
        place = self.rect().adjusted(6, 6, 0, 0)
        place.setSize(QSize(side, side))
        if self._image is not None:
            size = self._image.size()
            cut = min(size.width(), size.height())
            source = self._image.rect()
            source.setSize(QSize(cut, cut))
            source.moveCenter(self._image.rect().center())
            p.drawImage(place, self._image, source)
        else:
            picture = _ICONS.get(self._one.sort, "file")
            p.fillRect(place, QColor(c.accent_soft))
            icons.paint(p, picture, place.toRectF().adjusted(8, 8, -8, -8), c.on_accent_soft)


class ChosenBar(QWidget):
    """The tiles, over as many lines as they need; nothing while nothing is chosen."""

    def __init__(self, bridge: Bridge, chosen: Chosen) -> None:
        super().__init__()
        self._bridge = bridge
        self._chosen = chosen
        self.tiles: list[Tile] = []
        self._waits = QLabel(_("Being made ready…"))
        self._waits.setProperty("tone", "soft")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        chosen.changed.connect(self.show_all)
        self.hide()

    def show_all(self) -> None:
        self._clear()
        place = self._bridge.engine.attaching.place
        self.tiles = []
        across = max(1, self.width() // (theme.scaled(176) + 6))
        line: QHBoxLayout | None = None
        for n, one in enumerate(self._chosen.all):
            shown = one.preview or (one.blob if one.sort is Sort.PHOTO else None)
            tile = Tile(one, place(shown) if shown is not None else None)
            tile.cross.clicked.connect(partial(self._chosen.drop, one))
            if line is None or n % across == 0:
                line = QHBoxLayout()
                line.setSpacing(6)
                line.setAlignment(Qt.AlignmentFlag.AlignLeft)
                self._box.addLayout(line)
            line.addWidget(tile)
            self.tiles.append(tile)
        self._waits.setVisible(self._chosen.busy > 0)
        self._box.addWidget(self._waits)
        self.setVisible(bool(self.tiles) or self._chosen.busy > 0)

    def _clear(self) -> None:
        for tile in self.tiles:
            tile.hide()
            tile.deleteLater()
        while (item := self._box.takeAt(0)) is not None:
            line = item.layout()
            if line is not None:
                line.deleteLater()


class AttachButton(QPushButton):
    """A paper clip, and what can be chosen with it. `record_wanted`: a multimedia.Source."""

    record_wanted = Signal(object)

    def __init__(self, chosen: Chosen, field: QPlainTextEdit) -> None:
        super().__init__()
        self._chosen = chosen
        self._field = field
        self._folder = QUrl()
        self.setProperty("kind", "quiet")
        self.setAccessibleName(_("Add a photo, a file or a poll"))
        self.setToolTip(_("Add a photo, a file or a poll. Pictures and files can also be pasted, or dropped here."))
        theme.fix(self, wide=40, picture=20)
        self.clicked.connect(lambda: open_menu(self.menu_here(), beneath(self), self))
        self.restyle()

    def restyle(self) -> None:
        self.setIcon(icons.icon("clip", theme.now().soft))

    def menu_here(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Photo or file…"), self.choose)
        menu.addAction(_("Part of the screen…"), self.cut_out)
        for source in multimedia.sources():
            menu.addAction(multimedia.offer_text(source), partial(self.record_wanted.emit, source))
        menu.addSeparator()
        menu.addAction(_("Poll…"), self.ask_all)
        menu.addAction(_("Announcement…"), self.announce)
        return menu

    def ask_all(self) -> None:
        """A poll, with what is written as its question."""
        from deskblog.ui.new_poll import NewPoll

        dialog = NewPoll(self._chosen.bridge, self.window(), " ".join(self._field.toPlainText().split()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._field.clear)
        dialog.open()

    def announce(self) -> None:
        """To everybody, each asked for “Got it”, with what is written as its text."""
        from deskblog.ui.announce import NewAnnouncement

        dialog = NewAnnouncement(self._chosen.bridge, self.window(), self._field.toPlainText())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._field.clear)
        dialog.open()

    def choose(self) -> None:
        """From among one's pictures, the first time; then where one was last."""
        begin = QUrl.fromLocalFile(folders.pictures()) if self._folder.isEmpty() else self._folder
        from PySide6.QtWidgets import QFileDialog

        files, _filter = QFileDialog.getOpenFileUrls(self.window(), _("Which photos or files?"), begin)
        if files:
            self._folder = files[-1].resolved(QUrl("."))
        self._chosen.add_files([Path(url.toLocalFile()) for url in files if url.isLocalFile()])
        self._field.setFocus()

    def cut_out(self) -> None:
        """The window is out of the way while the person chooses."""
        from deskblog.ui.region import grab

        grab(self.window(), self._cut, self._chosen.failed.emit)

    def _cut(self, image: QImage | None) -> None:
        if image is not None:
            self._chosen.add_image(image, _("screen") + ".png")
        self._field.setFocus()
