"""Photos of a post, large: one after the other, fetched when they are looked at, saved where one wants them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import folders, icons, keys, theme
from deskblog.ui.enclosed import Folder, state_text
from deskblog.ui.sizes import size_text
from deskblog.values import Attached, BlobState, Row, Sort

AIR = 24


class Canvas(QWidget):
    """The photo, as large as there is room for; its preview until it is here."""

    def __init__(self, folder: Folder) -> None:
        super().__init__()
        self._folder = folder
        self.shown: Attached | None = None
        self.setMinimumSize(320, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        c, p = theme.now(), QPainter(self)
        p.fillRect(self.rect(), QColor(c.window))
        one = self.shown
        if one is None:
            return
        scale = self.devicePixelRatioF()
        most = self.size() * scale
        for blob in (one.blob, one.preview):
            if blob is None or blob.state is not BlobState.HERE:
                continue
            found = self._folder.pictures.get(self._folder.place(blob), _step(most))
            if found is not None:
                large = QSize(one.width, one.height) if one.width and one.height else found.size()
                size = large.boundedTo(large.scaled(most, Qt.AspectRatioMode.KeepAspectRatio)) / scale
                p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                target = self.rect()
                target.setSize(size)
                target.moveCenter(self.rect().center())
                p.drawPixmap(target, found)
                return
        side = 64
        target = self.rect()
        target.setSize(QSize(side, side))
        target.moveCenter(self.rect().center())
        icons.paint(p, "photo", target.toRectF(), c.soft)


def _step(size: QSize) -> QSize:
    """Decoded for a few sizes only, not anew for each pixel a window grows by."""
    return QSize(-(-size.width() // 256) * 256, -(-size.height() // 256) * 256)


class Viewer(QWidget):
    """`save(row, place, folder)` and `fetch(row, place)` are what the buttons ask."""

    def __init__(
        self,
        parent: QWidget,
        folder: Folder,
        fetch: Callable[[Attached], None],
        save: Callable[[Attached, Path], None],
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._folder = folder
        self._fetch = fetch
        self._save = save
        self._row: Row | None = None
        self._photos: list[Attached] = []
        self._place = 0
        self.resize(960, 720)
        self.canvas = Canvas(folder)
        self.title = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.title.setProperty("tone", "soft")
        self.previous, self.next = tool_button("left", _("The one before")), tool_button("right", _("The next one"))
        self.save_button = QPushButton(_("Save as…"))
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.save_button.clicked.connect(self._ask_where)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.PAD, theme.GAP, theme.PAD, theme.PAD)
        foot.addWidget(self.title, 1)
        for button in (self.previous, self.next, self.save_button):
            foot.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.canvas, 1)
        box.addLayout(foot)
        folder.pictures.come.connect(self.canvas.update)

    def open(self, row: Row, one: Attached) -> None:
        """Shows a photo of a post."""
        self._photos = [each for each in row.attached if each.sort is Sort.PHOTO]
        self._row = row
        self._show(self._photos.index(one))
        self.show()
        self.raise_()
        self.activateWindow()

    def revise(self, rows: tuple[Row, ...]) -> None:
        """Something of these posts is here now."""
        for row in rows:
            if self._row is not None and row.id == self._row.id:
                self._photos = [each for each in row.attached if each.sort is Sort.PHOTO]
                self._row = row
                if self._photos:
                    self._show(min(self._place, len(self._photos) - 1))

    def step(self, by: int) -> None:
        if 0 <= self._place + by < len(self._photos):
            self._show(self._place + by)

    def _show(self, place: int) -> None:
        assert self._row is not None
        self._place = place
        one = self._photos[place]
        self.canvas.shown = one
        self.canvas.setAccessibleName(
            _("Photo by {name}: {words}").format(name=self._row.person, words=self._row.text)
        )
        self.setWindowTitle(f"{one.name} – {self._row.person}")
        which = f"{place + 1}/{len(self._photos)} · " if len(self._photos) > 1 else ""
        state = state_text(one.blob, self._folder.come)
        self.title.setText(f"{which}{one.name} · {size_text(one.blob.size)}" + (f" · {state}" if state else ""))
        self.previous.setVisible(len(self._photos) > 1)
        self.next.setVisible(len(self._photos) > 1)
        self.previous.setEnabled(place > 0)
        self.next.setEnabled(place < len(self._photos) - 1)
        self.save_button.setEnabled(one.blob.state is BlobState.HERE)
        if one.blob.state in (BlobState.NAMED, BlobState.LET_GO):
            self._fetch(one)
        self.canvas.update()

    def _ask_where(self) -> None:
        where = ask_folder(self)
        if where is not None:
            self._save(self._photos[self._place], where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match keys.name_of("photo", event):
            case "close":
                self.close()
            case "previous":
                self.step(-1)
            case "next":
                self.step(1)
            case _:
                super().keyPressEvent(event)


def ask_folder(parent: QWidget) -> Path | None:
    """Which folder a copy goes into; None if the person thought better of it."""
    chosen = QFileDialog.getExistingDirectory(parent, _("Save into which folder?"), folders.downloads())
    return Path(chosen) if chosen else None


def tool_button(picture: str, name: str) -> QPushButton:
    """A quiet button that is a picture alone."""
    button = QPushButton()
    button.setProperty("kind", "quiet")
    icons.dress(button, picture, theme.now().soft)
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
