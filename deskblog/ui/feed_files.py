"""The files that go with an item of a feed: a podcast, a document. Named as the feed names them; fetched by nobody
but a press.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from deskblog.i18n import _
from deskblog.ui import icons, links, theme
from deskblog.ui.menus import open_menu
from deskblog.ui.sizes import size_text

MOST_SEEN = 3  # lines at once; the others are scrolled to
HIGH = 40
ABSURD = 10**12  # bytes


class FeedFile(msgspec.Struct, frozen=True):
    """All of it is the feed's word. `size`: bytes, 0: not said."""

    url: str
    type: str
    size: int
    name: str

    @property
    def called(self) -> str:
        return self.name or self.url.partition("?")[0].rstrip("/").rpartition("/")[2] or links.host(self.url)

    @property
    def picture(self) -> str:
        return {"audio": "sound", "video": "film", "image": "photo"}.get(self.type.partition("/")[0], "file")


class More(msgspec.Struct, frozen=True):
    """What an item has beside its text."""

    files: tuple[FeedFile, ...]
    comments: str


class _Kept(msgspec.Struct):
    files: list[tuple[str, str, int, str]] = []
    comments: str = ""


def read_more(kept: str) -> More:
    """What leads to no address of the web is left out."""
    try:
        found = msgspec.json.decode(kept or "{}", type=_Kept)
    except msgspec.MsgspecError:
        return More((), "")
    files = tuple(FeedFile(*one) for one in found.files)
    return More(
        tuple(one for one in files if links.host(one.url)), found.comments if links.host(found.comments) else ""
    )


def file_text(one: FeedFile) -> str:
    """“episode.mp3 · audio/mpeg · 24 MB · air.example”."""
    size = size_text(one.size) if 0 < one.size < ABSURD else ""
    return " · ".join(part for part in (one.called, one.type, size, links.host(one.url)) if part)


class FeedFiles(QScrollArea):
    """One line a file; a press says where it leads and offers to open it."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[QPushButton] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Files"))
        self.hide()

    def show_files(self, files: Sequence[FeedFile]) -> None:
        inside = QWidget()
        inside.setObjectName("page")
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        self.lines = [_line(one) for one in files]
        for line in self.lines:
            box.addWidget(line)
        self.setWidget(inside)
        self.setFixedHeight(min(len(files), MOST_SEEN) * (theme.scaled(HIGH) + 4) - 4 if files else 0)
        self.setVisible(bool(files))


def _line(one: FeedFile) -> QPushButton:
    line = QPushButton()
    line.setProperty("kind", "fold")
    line.setFixedHeight(theme.scaled(HIGH))
    line.setIcon(icons.icon(one.picture, theme.now().soft))
    line.setIconSize(QSize(theme.scaled(20), theme.scaled(20)))
    shown = line.fontMetrics().elidedText(file_text(one), Qt.TextElideMode.ElideMiddle, theme.scaled(600))
    line.setText(shown.replace("&", "&&"))
    line.setAccessibleName(file_text(one))
    line.clicked.connect(
        lambda: open_menu(links.menu(one.url, line), line.mapToGlobal(QPoint(24, line.height())), line)
    )
    return line
