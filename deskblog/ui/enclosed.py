"""What goes with a post, on its card: photos as pictures, everything else as a line that says what it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, field
from PySide6.QtCore import QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from deskblog.i18n import _
from deskblog.media.container import container_of
from deskblog.media.enclosing import called
from deskblog.media.linkcard import SIZE, LinkCard
from deskblog.media.nature import HEAD, Nature, Verdict, judge
from deskblog.ui import icons, multimedia, theme
from deskblog.ui.link_card import HEIGHT, card_at, paint_card
from deskblog.ui.link_card import WIDE as CARD
from deskblog.ui.pictures import Pictures
from deskblog.ui.sizes import length_text, size_text
from deskblog.ui.sound_line import Playing, paint_sound
from deskblog.values import Attached, Blob, BlobState, Sort

GAP = 6.0
ALONE = QSizeF(420, 280)  # a photo by itself, at most
FILM = QSizeF(360, 203)  # a film with a picture of it
TILE = 136.0  # each of several
LINE = 46.0
WIDE = 380.0  # a file, at most


class Folder(Struct):
    """Where blobs lie, how much of those on their way is here, and the pictures of them."""

    place: Callable[[Blob], Path]
    pictures: Pictures
    come: dict[str, float]  # by hash: 0 … 1, of those the person waits for
    playing: Playing | None = None
    known: dict[str, bool] = field(default_factory=dict)  # by hash: whether it is in a container that is played


def verdict(one: Attached, folder: Folder) -> Verdict:
    """What it is: by its bytes where they are here, else by its name."""
    head = b""
    if one.blob.state is BlobState.HERE:
        with suppress(OSError), folder.place(one.blob).open("rb") as file:
            head = file.read(HEAD)
    return judge(one.name, head)


def link_of(one: Attached, folder: Folder) -> LinkCard | None:
    """The card of a link, once it is here, and if it is one."""
    wanted = one.sort is Sort.LINK and one.blob.state is BlobState.HERE and one.blob.size <= SIZE
    return card_at(folder.place(one.blob)) if wanted else None


def plays(one: Attached, folder: Folder) -> Nature | None:
    """SOUND or FILM for what is played in place here; None for all else."""
    if one.blob.state is not BlobState.HERE or not multimedia.installed():
        return None
    said = verdict(one, folder)
    if said.nature not in (Nature.SOUND, Nature.FILM) or said.runs or said.disguised:
        return None
    known = folder.known.get(one.blob.hash)
    if known is None:
        known = folder.known[one.blob.hash] = _is_contained(folder.place(one.blob))
    return said.nature if known else None


def _is_contained(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return container_of(opened) is not None
    except OSError:
        return False


def what_text(one: Attached, said: Verdict) -> str:
    """“a document · 1.2 MB”."""
    what = called(said.nature)
    if said.disguised:
        what = _("{what}, not what its name says").format(what=what)
    length = f"{length_text(one.seconds)} · " if one.seconds else ""
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
        for one in attached:
            if one.sort is not Sort.PHOTO:
                size = _line(one, width)
                lines.append(QRectF(left, y, size.width(), size.height()))
                y = lines[-1].bottom() + GAP
        pictures, files = iter(self._photos), iter(lines)
        self.places = [next(pictures) if one.sort is Sort.PHOTO else next(files) for one in attached]
        self.height = y - GAP - top if attached else 0.0

    def paint(self, p: QPainter, c: theme.Colours, folder: Folder, scale: float) -> None:
        """`scale`: pixels of the screen a logical one."""
        for one, rect in zip(self.attached, self.places, strict=True):
            card = link_of(one, folder)
            if one.sort is Sort.PHOTO:
                _paint_photo(p, c, one, rect, folder, scale)
            elif plays(one, folder) is Nature.SOUND:
                playing = folder.playing
                paint_sound(p, c, one, rect, playing if playing and playing.hash == one.blob.hash else None)
            elif _is_seen(one) and not (said := verdict(one, folder)).runs and not said.disguised:
                _paint_film(p, c, one, rect, folder, scale)
            elif card is not None:
                here = one.preview is not None and one.preview.state is BlobState.HERE
                picture = folder.place(one.preview) if here and one.preview is not None else None
                paint_card(p, c, card, rect, folder.pictures, picture, scale)
            else:
                _paint_file(p, c, one, rect, folder)


def _is_seen(one: Attached) -> bool:
    """A film with a picture of it."""
    return one.sort is Sort.FILM and one.preview is not None


def _line(one: Attached, width: float) -> QSizeF:
    """The place of what is no photo."""
    if one.sort is Sort.LINK:
        return QSizeF(min(width, theme.scaled(CARD)), theme.scaled(HEIGHT))
    return _alone(one, width, FILM) if _is_seen(one) else QSizeF(min(width, theme.scaled(WIDE)), theme.scaled(LINE))


def _alone(one: Attached, width: float, most: QSizeF = ALONE) -> QSizeF:
    """As large as it may be; never larger than it is. A place is kept free by what its author said of its size."""
    wide, high = (one.width, one.height) if one.width and one.height else (4, 3)
    most = QSizeF(min(most.width(), width), most.height())
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
        middle = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
        icons.paint(p, "film" if one.sort is Sort.FILM else "photo", middle, c.soft)
    part = folder.come.get(one.blob.hash) if one.blob.state is BlobState.WANTED else None
    if part is not None:
        p.fillRect(QRectF(rect.left(), rect.bottom() - 4, rect.width() * part, 4), QColor(c.accent))
    p.restore()
    p.setPen(QPen(QColor(c.line), 1))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)


def _picture(one: Attached, rect: QRectF, folder: Folder, scale: float) -> QPixmap | None:
    """The photo itself where it is here, for a card may be larger than a preview; else the preview, as of a film."""
    most = QSize(round(rect.width() * scale * 1.6), round(rect.height() * scale * 1.6))
    for blob in (one.blob if one.sort is Sort.PHOTO else None, one.preview):
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


def _paint_film(p: QPainter, c: theme.Colours, one: Attached, rect: QRectF, folder: Folder, scale: float) -> None:
    """A picture of it, with a button where it can be played, and what it is on a dark ground in its corner."""
    _paint_photo(p, c, one, rect, folder, scale)
    p.setPen(Qt.PenStyle.NoPen)
    if plays(one, folder) is not None:
        button = QRectF(rect.center().x() - 24, rect.center().y() - 24, 48, 48)
        p.setBrush(QColor(c.accent))
        p.drawEllipse(button)
        icons.paint(p, "play", button.adjusted(10, 10, -10, -10), c.on_accent)
    state = state_text(one.blob, folder.come)
    about = " · ".join(part for part in (length_text(one.seconds) if one.seconds else "", state) if part)
    about = about or size_text(one.blob.size)
    small = QFontMetricsF(theme.font(theme.SMALL))
    wide = min(small.horizontalAdvance(about) + 16, rect.width() - 16)
    corner = QRectF(rect.left() + 8, rect.bottom() - small.height() - 14, wide, small.height() + 6)
    p.setBrush(QColor(0, 0, 0, 170))
    p.drawRoundedRect(corner, corner.height() / 2, corner.height() / 2)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor("white"))
    p.drawText(corner, Qt.AlignmentFlag.AlignCenter, small.elidedText(about, Qt.TextElideMode.ElideRight, wide - 12))


_ICONS = {Sort.VOICE: "sound", Sort.FILM: "film"}


def _paint_file(p: QPainter, c: theme.Colours, one: Attached, rect: QRectF, folder: Folder) -> None:
    said = verdict(one, folder)
    warn = said.runs or said.disguised
    p.setPen(QPen(QColor(c.warn if warn else c.line), 1))
    p.setBrush(QColor(c.window))
    p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    picture = "warn" if warn else _ICONS.get(one.sort, "file")
    side = theme.scaled(24)
    place = QRectF(rect.left() + 10, rect.center().y() - side / 2, side, side)
    icons.paint(p, picture, place, c.warn if warn else c.soft)
    name, small = QFontMetricsF(theme.font()), QFontMetricsF(theme.font(theme.SMALL))
    edge = max(0.0, (rect.height() - name.height() - small.height() - theme.scaled(2)) / 2)
    text = rect.adjusted(20 + side, edge, -10, -edge)
    p.setFont(theme.font())
    p.setPen(QColor(c.text))
    shown = name.elidedText(one.name, Qt.TextElideMode.ElideMiddle, text.width())
    p.drawText(text, Qt.AlignmentFlag.AlignTop, shown)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.warn if warn else c.soft))
    state = state_text(one.blob, folder.come)
    about = what_text(one, said) + (f" · {state}" if state else "")
    p.drawText(text, Qt.AlignmentFlag.AlignBottom, small.elidedText(about, Qt.TextElideMode.ElideRight, text.width()))
