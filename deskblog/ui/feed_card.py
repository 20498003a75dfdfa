"""How an item of a feed looks on its card: as no colleague's post does. Its own ground, a square instead of a face,
the feed's picture before its name, the site it leads to, its title in bold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from deskblog.i18n import _
from deskblog.ui import icons, links, moments, theme
from deskblog.ui.marks import Span, initials, spans, utf16
from deskblog.values import Row

if TYPE_CHECKING:
    from deskblog.ui.card import Card

KIND = "feed"
DOT = 8
ICON = 14
KEPT = 16
CORNER = 0.2  # of a square's side


def is_item(row: Row) -> bool:
    return row.kind == KIND


def does(row: Row) -> list[str]:
    """What can be done with an item on its card."""
    return ["share", *(["open"] if links.host(row.link) else []), "read", "keep", "more"]


def says(name: str) -> str:
    """What a picture on the card is for."""
    return {
        "share": _("Share with my opinion"),
        "open": _("Open on the site"),
        "read": _("Read it here"),
        "keep": _("Keep it at hand"),
    }.get(name, "")


def places(row: Row, words: str) -> tuple[Span, ...]:
    """Where its title stands, its links, and what is searched for. A # or an @ of elsewhere is nobody's here."""
    title = (Span("title", 0, utf16(row.title), row.id),) if row.title else ()
    return (*title, *(span for span in spans(row.text, words) if span.kind in ("link", "found")))


def site(row: Row) -> str:
    """Where it leads: the host that would really be asked."""
    return (links.host(row.link) or links.host(row.source)).removeprefix("www.")


def byline(row: Row) -> str:
    """Who wrote it, where that is not the feed's own name."""
    return "" if row.author.casefold() in ("", row.person.casefold()) else _("by {name}").format(name=row.author)


def square(p: QPainter, rect: QRectF, name: str, feed_id: str) -> None:
    """A feed's initials on its own colour."""
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(theme.feed_colour(feed_id))
    corner = rect.height() * CORNER
    p.drawRoundedRect(rect, corner, corner)
    font = theme.font(strong=True)
    font.setPixelSize(max(1, round(rect.height() * 0.38)))
    p.setFont(font)
    p.setPen(QColor(theme.ON_AVATAR))
    p.drawText(rect, Qt.AlignmentFlag.AlignCenter, initials(name))
    p.restore()


def paint_head(p: QPainter, card: Card, c: theme.Colours, now: int, room: int) -> None:
    """“The brewery · brew.example  10:31”; `room`: what the buttons take at its end."""
    row, head = card.item.row, card.head
    strong = theme.font(strong=True)
    metrics = QFontMetricsF(strong)
    x = _dot(p, head, c) if card.item.unread else head.left()
    side = theme.scaled(ICON)
    icons.paint(p, "feed", QRectF(x, head.center().y() - side / 2, side, side), c.soft)
    x += side + 6
    when, where = moments.ago(row.at, now), card.site
    kept = theme.scaled(KEPT) + 6 if row.kept and not room else 0
    free = head.right() - x - room - kept - card.small.horizontalAdvance(when) - 10
    name = metrics.elidedText(row.person, Qt.TextElideMode.ElideRight, max(free, 40))
    base = head.top() + metrics.ascent() + (head.height() - metrics.height()) / 2
    _write(p, QPointF(x, base), name, strong, c.text)
    x += metrics.horizontalAdvance(name)
    free -= metrics.horizontalAdvance(name)
    if where and free > 60:
        where = card.small.elidedText(f" · {where}", Qt.TextElideMode.ElideRight, free)
        _write(p, QPointF(x, base), where, theme.font(theme.SMALL), c.soft)
        x += card.small.horizontalAdvance(where)
    _write(p, QPointF(x + 8, base), when, theme.font(theme.SMALL), c.soft)
    if kept:
        paint_kept(p, head, c)


def _dot(p: QPainter, head: QRectF, c: theme.Colours) -> float:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(c.accent))
    side = theme.scaled(DOT)
    p.drawEllipse(QRectF(head.left(), head.center().y() - side / 2, side, side))
    return head.left() + side + 7


def paint_kept(p: QPainter, head: QRectF, c: theme.Colours) -> None:
    """At the end of the line with the name: it is kept at hand."""
    side = theme.scaled(KEPT)
    icons.paint(p, "kept", QRectF(head.right() - side, head.center().y() - side / 2, side, side), c.accent)


def _write(p: QPainter, place: QPointF, text: str, font: QFont, colour: str) -> None:
    p.setFont(font)
    p.setPen(QColor(colour))
    p.drawText(place, text)


def paint_byline(p: QPainter, card: Card, c: theme.Colours) -> None:
    if not card.by:
        return
    text = card.small.elidedText(card.by, Qt.TextElideMode.ElideRight, card.byline.width())
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    p.drawText(card.byline, Qt.AlignmentFlag.AlignVCenter, text)
