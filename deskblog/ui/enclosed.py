"""What goes with a post, on its card: photos as pictures, everything else as a line that says what it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from deskblog.i18n import _
from deskblog.media.enclosing import called
from deskblog.media.nature import HEAD, Verdict, judge
from deskblog.ui import icons, theme
from deskblog.ui.pictures import Pictures
from deskblog.ui.sizes import size_text
from deskblog.values import Attached, Blob, BlobState, Sort

GAP = 6.0
ALONE = QSizeF(420, 280)  # a photo by itself, at most
TILE = 136.0  # each of several
LINE = 46.0
WIDE = 380.0  # a file, at most


@dataclass(slots=True)
class Folder:
    """Where blobs lie, how much of those on their way is here, and the pictures of them."""

    place: Callable[[Blob], Path]
    pictures: Pictures
    come: dict[str, float]  # by hash: 0 … 1, of those the person waits for


def verdict(one: Attached, folder: Folder) -> Verdict:
    """What it is: by its bytes where they are here, else by its name."""
    head = b""
    if one.blob.state is BlobState.HERE:
        with suppress(OSError), folder.place(one.blob).open("rb") as file:
            head = file.read(HEAD)
    return judge(one.name, head)


def what_text(one: Attached, said: Verdict) -> str:
    """“a document · 1.2 MB”."""
    what = called(said.nature)
    if said.disguised:
        what = _("{what}, not what its name says").format(what=what)
    length = f"{one.seconds // 60}:{one.seconds % 60:02} · " if one.seconds else ""
    return f"{what} · {length}{size_text(one.blob.size)}"


def state_text(blob: Blob, come: dict[str, float]) -> str:
    """What a press would do, or what is being waited for; empty where it is here."""
    if blob.state is BlobState.HERE:
        return ""
    if blob.state is BlobState.WANTED:
        part = come.get(blob.hash)
        return _("on its way") if part is None else _("fetched: {n} %").format(n=round(part * 100))
    return _("press to fetch it")


class Enclosed:
    """Where each attachment of a post stands, beneath its text."""

    def __init__(self, attached: tuple[Attached, ...], left: float, top: float, width: float) -> None:
        self.attached = attached
        self.places: list[QRectF] = []
        photos = [one for one in attached if one.sort is Sort.PHOTO]
        y = top
        if len(photos) == 1:
            size = _alone(photos[0], width)
            self._photos = [QRectF(left, y, size.width(), size.height())]
        else:
            self._photos = list(_tiles(len(photos), left, y, width))
        if photos:
            y = self._photos[-1].bottom() + GAP
        lines = []
        for _file in range(len(attached) - len(photos)):
            lines.append(QRectF(left, y, min(width, WIDE), LINE))
            y += LINE + GAP
        pictures, files = iter(self._photos), iter(lines)
        self.places = [next(pictures) if one.sort is Sort.PHOTO else next(files) for one in attached]
        self.height = y - GAP - top if attached else 0.0

    def paint(self, p: QPainter, c: theme.Colours, folder: Folder, scale: float) -> None:
        """`scale`: pixels of the screen a logical one."""
        for one, rect in zip(self.attached, self.places, strict=True):
            if one.sort is Sort.PHOTO:
                _paint_photo(p, c, one, rect, folder, scale)
            else:
                _paint_file(p, c, one, rect, folder)


def _alone(one: Attached, width: float) -> QSizeF:
    """As large as it may be; never larger than it is. A place is kept free by what its author said of its size."""
    wide, high = (one.width, one.height) if one.width and one.height else (4, 3)
    most = QSizeF(min(ALONE.width(), width), ALONE.height())
    size = QSizeF(wide, high).scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
    return QSizeF(max(size.width(), 48.0), max(size.height(), 48.0))


def _tiles(count: int, left: float, top: float, width: float) -> list[QRectF]:
    across = max(1, int((width + GAP) // (TILE + GAP)))
    step = TILE + GAP
    return [QRectF(left + n % across * step, top + n // across * step, TILE, TILE) for n in range(count)]


def _paint_photo(p: QPainter, c: theme.Colours, one: Attached, rect: QRectF, folder: Folder, scale: float) -> None:
    p.save()
    outline = QPainterPath()
    outline.addRoundedRect(rect, theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    p.setClipPath(outline)
    p.fillRect(rect, QColor(c.accent_soft))
    shown = _picture(one, rect, folder, scale)
    if shown is not None:
        _paint_filling(p, shown, rect)
    else:
        side = min(36.0, rect.height() / 2)
        icons.paint(
            p, "photo", QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side), c.soft
        )
    part = folder.come.get(one.blob.hash) if one.blob.state is BlobState.WANTED else None
    if part is not None:
        p.fillRect(QRectF(rect.left(), rect.bottom() - 4, rect.width() * part, 4), QColor(c.accent))
    p.restore()
    p.setPen(QPen(QColor(c.line), 1))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)


def _picture(one: Attached, rect: QRectF, folder: Folder, scale: float) -> QPixmap | None:
    """The photo itself where it is here, for a card may be larger than a preview; else the preview."""
    most = QSize(round(rect.width() * scale * 1.6), round(rect.height() * scale * 1.6))
    for blob in (one.blob, one.preview):
        if blob is not None and blob.state is BlobState.HERE:
            found = folder.pictures.get(folder.place(blob), most)
            if found is not None:
                return found
    return None


def _paint_filling(p: QPainter, shown: QPixmap, rect: QRectF) -> None:
    """Fills the place; what is too much of one side is cut off on both ends."""
    size = QSizeF(shown.size()).scaled(rect.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    target = QRectF(rect.center().x() - size.width() / 2, rect.center().y() - size.height() / 2, 0, 0)
    target.setSize(size)
    p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    p.drawPixmap(target, shown, QRectF(shown.rect()))


_ICONS = {Sort.VOICE: "sound", Sort.FILM: "film"}


def _paint_file(p: QPainter, c: theme.Colours, one: Attached, rect: QRectF, folder: Folder) -> None:
    said = verdict(one, folder)
    warn = said.runs or said.disguised
    p.setPen(QPen(QColor(c.warn if warn else c.line), 1))
    p.setBrush(QColor(c.window))
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    picture = "warn" if warn else _ICONS.get(one.sort, "file")
    icons.paint(p, picture, QRectF(rect.left() + 10, rect.center().y() - 12, 24, 24), c.warn if warn else c.soft)
    text = rect.adjusted(44, 6, -10, -6)
    name, small = QFontMetricsF(theme.font()), QFontMetricsF(theme.font(theme.SMALL))
    p.setFont(theme.font())
    p.setPen(QColor(c.text))
    shown = name.elidedText(one.name, Qt.TextElideMode.ElideMiddle, text.width())
    p.drawText(text, Qt.AlignmentFlag.AlignTop, shown)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.warn if warn else c.soft))
    state = state_text(one.blob, folder.come)
    about = what_text(one, said) + (f" · {state}" if state else "")
    p.drawText(text, Qt.AlignmentFlag.AlignBottom, small.elidedText(about, Qt.TextElideMode.ElideRight, text.width()))
