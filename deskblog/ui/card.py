"""One painted card a post: where everything stands on it, how it is drawn, what lies under the mouse.

Text is laid out once for each width and kept; painting a frame is then only drawing. Plain text throughout: a
QTextLayout knows no markup, so nothing a colleague writes can become a picture or a link that it does not look like.
"""

from __future__ import annotations

from collections import OrderedDict

from msgspec import Struct
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from deskblog.i18n import _, plural
from deskblog.records import replace
from deskblog.ui import faces, feed_card, icons, moments, theme
from deskblog.ui.aim import seal_text
from deskblog.ui.chips import Chips
from deskblog.ui.enclosed import Enclosed, Folder
from deskblog.ui.marks import Span, spans
from deskblog.ui.poll import Bars
from deskblog.ui.rows import Item, ItemRole, now_ms
from deskblog.values import Row

KEPT = 1500  # laid-out cards
BUTTON = 28
DOT = 8  # of what is unread
BUTTONS = ("react", "answer", "more")
PRESSED = ("link", "tag", "title")  # places in a text
INSIDE = 14
BETWEEN = 8
UNDER = 26  # how far answers stand in that were unfolded beneath their post


class Hit(Struct, frozen=True):
    """What lies under the mouse.

    `kind`: link, tag, seal, quote, answers, sign, attached and vote (their places), react, answer, more, time, card;
    of an item of a feed title, share, open, read, keep.
    """

    kind: str
    value: str = ""


class Card:
    """Where everything of one item stands at one width; all places relative to the item's corner."""

    def __init__(self, item: Item, width: int) -> None:
        self.item = item
        column = min(theme.scaled(theme.COLUMN), width - 2 * theme.PAD)
        left = (width - column) / 2
        self.rule = QRectF(left + UNDER / 2 - 1, -BETWEEN, 2, 0) if item.under else QRectF()
        if item.under:
            left, column = left + UNDER, column - UNDER
        self.small = QFontMetricsF(theme.font(theme.SMALL))
        name = QFontMetricsF(theme.font(strong=True))
        y = 0.0
        self.day = QRectF()
        if item.day:
            self.day = QRectF(left, y + 4, column, self.small.height() + 12)
            y = self.day.bottom() + 6
        top, y = y, y + INSIDE - 2
        face, button = theme.scaled(theme.AVATAR), theme.scaled(BUTTON)
        self.avatar = QRectF(left + INSIDE, y + 1, face, face)
        inside = self.avatar.right() + 12
        wide = left + column - INSIDE - inside
        self.head = QRectF(inside, y, wide, max(name.height(), self.small.height()))
        self.foreign = feed_card.is_item(item.row)
        self.does = _does(item.row)
        self.buttons = [
            QRectF(left + column - 8 - button * n, self.head.center().y() - button / 2 + 1, button, button)
            for n in range(len(self.does), 0, -1)
        ]
        y = self.head.bottom() + 3
        y = self._put_text(inside, self._put_above(inside, y, wide), wide)
        y = self._put_beneath(inside, y, wide)
        bottom = max(y, self.avatar.bottom()) + INSIDE - 1
        self.frame = QRectF(left, top, column, bottom - top)
        self.height = round(bottom + BETWEEN)
        if item.under:
            self.rule.setBottom(bottom)

    def _put_above(self, x: float, y: float, wide: float) -> float:
        """What stands above the text; where that begins."""
        self.seal = self.quote = QRectF()
        if self.item.row.sealed:
            self.seal = QRectF(x, y, wide, self.small.height() + 4)
            y = self.seal.bottom() + 2
        if self.item.quote:
            self.quote = QRectF(x, y + 2, wide, self.small.height() + 6)
            y = self.quote.bottom() + 5
        return y

    def _put_text(self, x: float, y: float, wide: float) -> float:
        row, words = self.item.row, self.item.words
        self.spans = feed_card.places(row, words) if self.foreign else spans(row.text, words)
        self.text = _lay_out(row.text, self.spans, wide)
        self.text_at = QPointF(x, y)
        y += self.text.boundingRect().height() if row.text else 0
        self.byline, self.by = QRectF(), feed_card.byline(row) if self.foreign else ""
        self.site = feed_card.site(row) if self.foreign else ""
        if self.by:
            self.byline = QRectF(x, y + 4, wide, self.small.height())
            y = self.byline.bottom()
        return y

    def _put_beneath(self, x: float, y: float, wide: float) -> float:
        """What goes with it, and what others did with it; where that ends."""
        row = self.item.row
        self.enclosed = Enclosed(row.attached, x, y + 7, wide)
        if self.enclosed.height:
            y += 7 + self.enclosed.height
        self.bars = Bars(row.poll, x, y + 7, wide)
        if self.bars.height:
            y += 7 + self.bars.height
        row = row if self.item.beneath else replace(row, answers=0)
        self.chips = Chips(row, QRectF(x, y + 6, wide, 0), unfolded=self.item.unfolded)
        return y + 6 + self.chips.height if self.chips.height else y

    def hit(self, pos: QPointF) -> Hit | None:
        """What stands at a place; None beside the card."""
        if not self.frame.contains(pos):
            return None
        for kind, rect in zip(self.does, self.buttons, strict=True):
            if rect.contains(pos):
                return Hit(kind)
        if self.seal.contains(pos):
            return Hit("seal")
        if self.quote.contains(pos):
            return Hit("quote", self.item.row.answer_to)
        if self.chips.answers.contains(pos):
            return Hit("answers")
        for kind, rect in (("got", self.chips.got), ("have", self.chips.have)):
            if rect.contains(pos):
                return Hit(kind)
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
                if span.kind in PRESSED and span.start <= place < span.start + span.length:
                    return span
        return None


def _does(row: Row) -> list[str]:
    if feed_card.is_item(row):
        return feed_card.does(row)
    return [name for name in BUTTONS if name != "react" or not row.sealed]


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
        shown.setFontWeight(QFont.Weight.DemiBold)  # found without its colour, too
    elif span.kind == "title":
        shown.setFontWeight(QFont.Weight.DemiBold)
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
        if card.item.under:
            painter.fillRect(card.rule, QColor(c.accent))
        _paint_frame(painter, card, c, hovered, focused)
        room = len(card.does) * theme.scaled(BUTTON) if hovered or focused else 0
        if card.foreign:
            feed_card.square(painter, card.avatar, card.item.row.person, card.item.row.person_id)
            feed_card.paint_head(painter, card, c, now_ms(), room)
            feed_card.paint_byline(painter, card, c)
        else:
            faces.avatar(painter, card.avatar, card.item.row.person, card.item.row.person_id)
            _paint_head(painter, card, c, room)
        if card.item.row.sealed:
            _paint_seal(painter, card, c)
        if card.item.quote:
            _paint_quote(painter, card, c)
        painter.setPen(QColor(c.text))
        card.text.draw(painter, card.text_at)
        if card.enclosed.attached:
            card.enclosed.paint(painter, c, self.folder, painter.device().devicePixelRatioF())
        card.bars.paint(painter, c, now_ms())
        card.chips.paint(painter, c)
        if hovered or focused:
            air = theme.scaled(5)
            for name, rect in zip(card.does, card.buttons, strict=True):
                icons.paint(painter, name, rect.adjusted(air, air, -air, -air), c.soft)
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
    row = card.item.row
    if card.foreign:
        p.setBrush(QColor(c.feed_hover if hovered else c.feed))
    else:
        p.setBrush(QColor(c.sealed if row.sealed else c.mine if row.mine else c.hover if hovered else c.surface))
    inset = 1.0 if focused else 0.5
    p.drawRoundedRect(card.frame.adjusted(inset, inset, -inset, -inset), theme.RADIUS, theme.RADIUS)


def _paint_head(p: QPainter, card: Card, c: theme.Colours, room: int) -> None:
    row, head = card.item.row, card.head
    when = moments.ago(row.at, now_ms())
    badge = _badge(card.item)
    when = _("{time} · corrected").format(time=when) if row.corrected else when
    when = _("{time} · public").format(time=when) if row.public else when
    where = copies_text(card.item.copies)
    round_ = theme.scaled(DOT)
    dot = round_ + 7 if card.item.unread else 0
    when_wide = card.small.horizontalAdvance(when) + 10
    where_wide = card.small.horizontalAdvance(where) + 18 if where else 0
    badge_wide = card.small.horizontalAdvance(badge) + 26 if badge else 0
    font = theme.font(strong=True)
    metrics = QFontMetricsF(font)
    name = metrics.elidedText(
        row.person, Qt.TextElideMode.ElideRight, head.width() - when_wide - badge_wide - where_wide - room - dot
    )
    p.setFont(font)
    p.setPen(QColor(c.text))
    base = head.top() + metrics.ascent() + (head.height() - metrics.height()) / 2
    p.drawText(QPointF(head.left() + dot, base), name)
    if dot:
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(c.accent))
        p.drawEllipse(QRectF(head.left(), head.center().y() - round_ / 2, round_, round_))
    x = head.left() + dot + metrics.horizontalAdvance(name) + 8
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    p.drawText(QPointF(x, base), when)
    if row.kept and not room:
        feed_card.paint_kept(p, head, c)
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
    if item.row.announced is not None:
        return _("Announcement")
    if item.row.kind == "past":
        return source_text(item.row)
    return _("The answer") if item.taken else ""


def source_text(row: Row) -> str:
    """Where a post was brought in from."""
    named = {"mastodon": "Mastodon", "twitter": "Twitter", "feed": _("a feed"), "text": _("a text")}
    return _("From {source}").format(source=named.get(row.source, _("elsewhere")))


def copies_text(copies: int | None) -> str:
    """Where one's own post is; nothing for others'."""
    if copies is None:
        return ""
    return plural("on {n} more PC", "on {n} more PCs", copies) if copies else _("only on this PC")


def _paint_seal(p: QPainter, card: Card, c: theme.Colours) -> None:
    side = theme.scaled(15)
    lock = QRectF(card.seal.left(), card.seal.center().y() - side / 2 - 0.5, side, side)
    icons.paint(p, "lock", lock, c.on_sealed)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.on_sealed))
    text = card.small.elidedText(seal_text(card.item.row), Qt.TextElideMode.ElideRight, card.seal.width() - side - 7)
    p.drawText(card.seal.adjusted(side + 6, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)


def _paint_quote(p: QPainter, card: Card, c: theme.Colours) -> None:
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(c.accent))
    p.drawRoundedRect(QRectF(card.quote.left(), card.quote.top() + 1, 3, card.quote.height() - 2), 1.5, 1.5)
    p.setFont(theme.font(theme.SMALL))
    p.setPen(QColor(c.soft))
    text = card.small.elidedText(card.item.quote, Qt.TextElideMode.ElideRight, card.quote.width() - 12)
    p.drawText(card.quote.adjusted(11, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, text)
