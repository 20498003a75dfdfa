"""One painted card a post: where everything stands on it, how it is drawn, what lies under the mouse.

Text is laid out once for each width and kept; painting a frame is then only drawing. Plain text throughout: a
QTextLayout knows no markup, so nothing a colleague writes can become a picture or a link that it does not look like.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from deskblog.i18n import _, plural
from deskblog.ui import icons, moments, theme
from deskblog.ui.chips import Chips
from deskblog.ui.enclosed import Enclosed, Folder
from deskblog.ui.marks import Span, spans
from deskblog.ui.poll import Bars
from deskblog.ui.rows import Item, ItemRole, now_ms

KEPT = 1500  # laid-out cards
BUTTON = 28
BUTTONS = ("react", "answer", "more")
INSIDE = 14
BETWEEN = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """What lies under the mouse.

    `kind`: link, tag, quote, answers, sign, attached and vote (their places), react, answer, more, time or card.
    """

    kind: str
    value: str = ""


class Card:
    """Where everything of one item stands at one width; all places relative to the item's corner."""

    def __init__(self, item: Item, width: int) -> None:
        self.item = item
        column = min(theme.COLUMN, width - 2 * theme.PAD)
        left = (width - column) / 2
        self.small = QFontMetricsF(theme.font(theme.SMALL))
        name = QFontMetricsF(theme.font(strong=True))
        y = 0.0
        self.day = QRectF()
        if item.day:
            self.day = QRectF(left, y + 4, column, self.small.height() + 12)
            y = self.day.bottom() + 6
        top, y = y, y + INSIDE - 2
        self.avatar = QRectF(left + INSIDE, y + 1, theme.AVATAR, theme.AVATAR)
        inside = self.avatar.right() + 12
        wide = left + column - INSIDE - inside
        self.head = QRectF(inside, y, wide, max(name.height(), self.small.height()))
        self.buttons = [
            QRectF(left + column - 8 - BUTTON * n, top + 7, BUTTON, BUTTON) for n in range(len(BUTTONS), 0, -1)
        ]
        y = self.head.bottom() + 3
        self.quote = QRectF()
        if item.quote:
            self.quote = QRectF(inside, y + 2, wide, self.small.height() + 6)
            y = self.quote.bottom() + 5
        self.spans = spans(item.row.text, item.words)
        self.text = _lay_out(item.row.text, self.spans, wide)
        self.text_at = QPointF(inside, y)
        y += self.text.boundingRect().height() if item.row.text else 0
        self.enclosed = Enclosed(item.row.attached, inside, y + 7, wide)
        if self.enclosed.height:
            y += 7 + self.enclosed.height
        self.bars = Bars(item.row.poll, inside, y + 7, wide)
        if self.bars.height:
            y += 7 + self.bars.height
        row = item.row if item.beneath else replace(item.row, answers=0)
        self.chips = Chips(row, QRectF(inside, y + 6, wide, 0))
        if self.chips.height:
            y += 6 + self.chips.height
        bottom = max(y, self.avatar.bottom()) + INSIDE - 1
        self.frame = QRectF(left, top, column, bottom - top)
        self.height = round(bottom + BETWEEN)

    def hit(self, pos: QPointF) -> Hit | None:
        """What stands at a place; None beside the card."""
        if not self.frame.contains(pos):
            return None
        for kind, rect in zip(BUTTONS, self.buttons, strict=True):
            if rect.contains(pos):
                return Hit(kind)
        if self.quote.contains(pos):
            return Hit("quote", self.item.row.answer_to)
        if self.chips.answers.contains(pos):
            return Hit("answers")
        for reaction, rect in self.chips.signs:
            if rect.contains(pos):
                return Hit("sign", reaction.sign)
        for n, rect in enumerate(self.bars.places):
            if rect.contains(pos):
                return Hit("vote", str(n))
        for n, rect in enumerate(self.enclosed.places):
            if rect.contains(pos):
                return Hit("attached", str(n))
        span = self._span_at(pos - self.text_at)
        if span is not None:
            return Hit(span.kind, span.value)
        return Hit("time") if self.head.contains(pos) else Hit("card")

    def _span_at(self, pos: QPointF) -> Span | None:
        for n in range(self.text.lineCount()):
            line = self.text.lineAt(n)
            if not line.naturalTextRect().contains(pos):
                continue
            place = line.xToCursor(pos.x(), line.CursorPosition.CursorOnCharacter)
            for span in self.spans:
                if span.kind in ("link", "tag") and span.start <= place < span.start + span.length:
                    return span
        return None


def _lay_out(text: str, places: tuple[Span, ...], width: float) -> QTextLayout:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text.replace("\n", "\u2028"), theme.font(theme.LEAD))
    layout.setTextOption(option)
    layout.setFormats([_format(span) for span in places])
    layout.setCacheEnabled(True)
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y))
        y += line.height() * 1.12
    layout.endLayout()
    return layout


def _format(span: Span) -> QTextLayout.FormatRange:
    c = theme.now()
    shown = QTextCharFormat()
    if span.kind == "found":
        shown.setBackground(QColor(c.found))
        shown.setForeground(QColor(c.text))
    else:
        shown.setForeground(QColor(c.accent))
        shown.setFontUnderline(span.kind == "link")
        if span.kind == "mention":
            shown.setFontWeight(QFont.Weight.DemiBold)
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = span.start, span.length, shown
    return made


class CardDelegate(QStyledItemDelegate):
    """Draws cards; the view says how wide, whether a scroll bar is there or not."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[tuple[Item, int], Card] = OrderedDict()
        self.width = 600
        self.folder: Folder

    def forget(self) -> None:
        """After a change of colours or fonts."""
        self._kept.clear()

    def card(self, index: QModelIndex | QPersistentModelIndex) -> Card:
        item: Item = index.data(ItemRole)
        key = (item, self.width)
        card = self._kept.get(key)
        if card is None:
            card = self._kept[key] = Card(item, self.width)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return card

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(1, self.card(index).height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card, c = self.card(index), theme.now()
        state = option.state
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(option.rect.topLeft())
        if card.item.day:
            _paint_day(painter, card, c)
        _paint_frame(painter, card, c, hovered, focused)
        icons.avatar(painter, card.avatar, card.item.row.person, card.item.row.person_id)
        _paint_head(painter, card, c, room=len(BUTTONS) * BUTTON if hovered or focused else 0)
        if card.item.quote:
            _paint_quote(painter, card, c)
        painter.setPen(QColor(c.text))
        card.text.draw(painter, card.text_at)
        if card.enclosed.attached:
            card.enclosed.paint(painter, c, self.folder, painter.device().devicePixelRatioF())
        card.bars.paint(painter, c, now_ms())
        card.chips.paint(painter, c)
        if hovered or focused:
            for name, rect in zip(BUTTONS, card.buttons, strict=True):
                icons.paint(painter, name, rect.adjusted(5, 5, -5, -5), c.soft)
        painter.restore()


def _paint_day(p: QPainter, card: Card, c: theme.Colours) -> None:
    p.setFont(theme.font(theme.SMALL, strong=True))
    p.setPen(QColor(c.soft))
    p.drawText(card.day, Qt.AlignmentFlag.AlignCenter, card.item.day)
    half = (card.small.horizontalAdvance(card.item.day) * 1.1) / 2 + 14
    middle = card.day.center()
    p.setPen(QColor(c.line))
    p.drawLine(QPointF(card.day.left(), middle.y()), QPointF(middle.x() - half, middle.y()))
    p.drawLine(QPointF(middle.x() + half, middle.y()), QPointF(card.day.right(), middle.y()))


def _paint_frame(p: QPainter, card: Card, c: theme.Colours, hovered: bool, focused: bool) -> None:
    p.setPen(QPen(QColor(c.accent), 2) if focused else QPen(QColor(c.line), 1))
    p.setBrush(QColor(c.mine if card.item.row.mine else c.hover if hovered else c.surface))
    inset = 1.0 if focused else 0.5
    p.drawRoundedRect(card.frame.adjusted(inset, inset, -inset, -inset), theme.RADIUS, theme.RADIUS)


def _paint_head(p: QPainter, card: Card, c: theme.Colours, room: int) -> None:
    row, head = card.item.row, card.head
    when = moments.ago(row.at, now_ms())
    badge = _badge(card.item)
    when = _("{time} · corrected").format(time=when) if row.corrected else when
    where = copies_text(card.item.copies)
    when_wide = card.small.horizontalAdvance(when) + 10
    where_wide = card.small.horizontalAdvance(where) + 18 if where else 0
    badge_wide = card.small.horizontalAdvance(badge) + 26 if badge else 0
    font = theme.font(strong=True)
    metrics = QFontMetricsF(font)
    name = metrics.elidedText(
        row.person, Qt.TextElideMode.ElideRight, head.width() - when_wide - badge_wide - where_wide - room
    )
    p.setFont(font)
    p.setPen(QColor(c.text))
    base = head.top() + metrics.ascent() + (head.height() - metrics.height()) / 2
    p.drawText(QPointF(head.left(), base), name)
    x = head.left() + metrics.horizontalAdvance(name) + 8
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    p.drawText(QPointF(x, base), when)
    if row.kept and not room:
        icons.paint(p, "kept", QRectF(head.right() - 16, head.center().y() - 8, 16, 16), c.accent)
    if where:
        p.setPen(QColor(c.soft if card.item.copies else c.warn))
        p.drawText(QPointF(x + when_wide + badge_wide, base), where)
    if badge:
        rect = QRectF(
            x + when_wide, head.center().y() - card.small.height() / 2 - 1, badge_wide - 10, card.small.height() + 2
        )
        p.setPen(Qt.PenStyle.NoPen)
        settled = bool(row.solved) or card.item.taken
        p.setBrush(QColor(c.here if settled else c.accent_soft))
        p.drawRoundedRect(rect, rect.height() / 2, rect.height() / 2)
        p.setPen(QColor(c.surface if settled else c.on_accent_soft))
        p.drawText(rect, Qt.AlignmentFlag.AlignCenter, badge)


def _badge(item: Item) -> str:
    """What stands on a coloured ground beside the name."""
    if item.row.kind == "question":
        return _("Answered") if item.row.solved else _("Question")
    if item.row.poll is not None:
        return _("Poll")
    return _("The answer") if item.taken else ""


def copies_text(copies: int | None) -> str:
    """Where one's own post is; nothing for others'."""
    if copies is None:
        return ""
    return plural("on {n} more PC", "on {n} more PCs", copies) if copies else _("only on this PC")


def _paint_quote(p: QPainter, card: Card, c: theme.Colours) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(c.accent))
    p.drawRoundedRect(QRectF(card.quote.left(), card.quote.top() + 1, 3, card.quote.height() - 2), 1.5, 1.5)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    text = card.small.elidedText(card.item.quote, Qt.TextElideMode.ElideRight, card.quote.width() - 12)
    p.drawText(card.quote.adjusted(11, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
