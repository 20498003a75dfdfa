"""The card of a link on a post: title, a few words, a picture, and the host it really leads to."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QTextLayout, QTextOption

from deskblog.log.kinds import status_text
from deskblog.media.linkcard import SIZE, LinkCard, decode_card
from deskblog.ui import icons, links, theme
from deskblog.ui.pictures import Pictures

HEIGHT, WIDE = 84.0, 480.0
_read: dict[Path, LinkCard | None] = {}


def card_at(place: Path) -> LinkCard | None:
    """The card that lies there, if it is one; read once, as a blob never changes."""
    if place not in _read:
        if len(_read) > 500:
            _read.clear()
        data = b""
        with suppress(OSError), place.open("rb") as file:
            data = file.read(SIZE + 1)
        _read[place] = decode_card(data)
    return _read[place]


def paint_card(
    p: QPainter,
    c: theme.Colours,
    card: LinkCard,
    rect: QRectF,
    pictures: Pictures,
    picture: Path | None,
    scale: float,
) -> None:
    """`picture`: where it lies, if it is here; `scale`: pixels of the screen a logical one."""
    outline = QPainterPath()
    outline.addRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS_SMALL, theme.RADIUS_SMALL)
    p.fillPath(outline, QColor(c.window))
    side = QRectF(rect.left(), rect.top(), rect.height(), rect.height())
    most = QSize(round(side.width() * scale * 2), round(side.height() * scale * 2))
    shown = pictures.get(picture, most) if picture is not None else None
    p.save()
    p.setClipPath(outline)
    p.fillRect(side, QColor(c.accent_soft))
    if shown is not None:
        cut = min(shown.width(), shown.height())
        middle = QRectF((shown.width() - cut) / 2, (shown.height() - cut) / 2, cut, cut)
        p.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        p.drawPixmap(side, shown, middle)
    else:
        icons.paint(p, "link", QRectF(side.center().x() - 14, side.center().y() - 14, 28, 28), c.on_accent_soft)
    p.restore()
    p.setPen(QPen(QColor(c.line), 1))
    p.setBrush(Qt.BrushStyle.NoBrush)
    p.drawPath(outline)
    _paint_words(p, c, card, rect.adjusted(side.width() + 12, 8, -12, -8))


def _paint_words(p: QPainter, c: theme.Colours, card: LinkCard, place: QRectF) -> None:
    small = QFontMetricsF(theme.font(theme.SMALL))
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    host = small.elidedText(links.host(card.url) or card.url, Qt.TextElideMode.ElideMiddle, place.width())
    p.drawText(place, Qt.AlignmentFlag.AlignBottom, host)
    p.setFont(theme.font(strong=True))
    p.setPen(QColor(c.text))
    bold = QFontMetricsF(p.font())
    title = bold.elidedText(status_text(card.title), Qt.TextElideMode.ElideRight, place.width())
    p.drawText(place, Qt.AlignmentFlag.AlignTop, title)
    if card.text:
        p.setFont(theme.font(theme.SMALL))
        room = place.adjusted(0, bold.height() + 2, 0, -small.height() - 2)
        _paint_lines(p, status_text(card.text), room, small)


def _paint_lines(p: QPainter, text: str, room: QRectF, metrics: QFontMetricsF) -> None:
    """As many lines as there is room for; the last ends in an ellipsis if more is said."""
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, p.font())
    layout.setTextOption(option)
    layout.beginLayout()
    y, count = room.top(), max(1, int(room.height() // metrics.height()))
    for n in range(count):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(room.width())
        rest = text[line.textStart() :] if n == count - 1 else text[line.textStart() :][: line.textLength()]
        shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
        p.drawText(QRectF(room.left(), y, room.width(), metrics.height()), Qt.AlignmentFlag.AlignVCenter, shown)
        y += metrics.height()
    layout.endLayout()
