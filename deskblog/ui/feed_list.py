"""The feeds that are followed, by folders: how much is unread, when each is asked next, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from deskblog.engine.feed_row import FeedRow, fetched_text
from deskblog.i18n import _, plural
from deskblog.ui import feed_card, icons, keys, links, moments, theme
from deskblog.ui.over import go_where_chosen
from deskblog.ui.rows import now_ms

ROOT = QModelIndex()
LineRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex
Line = FeedRow | str  # a feed, or the folder above some
SIDE = 32
PAD = 10
DOTS = 30  # what the dots take at a line's end
SOON_MS = 20 * 3_600_000  # within, a time of day is enough
WEEK_MS = 6 * 86_400_000


def fault_text(row: FeedRow) -> str:
    """What is wrong with it, what is kept all the same, what to do; empty if all is well."""
    return " ".join(part for part in (row.said, row.kept, row.next_step) if part)


def state_text(row: FeedRow, now: int) -> str:
    """Where it comes from, when it is asked next, what the person chose for it."""
    parts = [(links.host(row.link) or links.host(row.url)).removeprefix("www."), _next(row, now)]
    if row.fetched_by:
        parts.append(fetched_text(row.fetched_by, row.fetched_at, now))
    if row.whose.office:
        parts.append(_("from the office"))
    if row.muted:
        parts.append(_("muted"))
    if row.words:
        parts.append(_("only what fits “{words}”").format(words=row.words))
    return " · ".join(part for part in parts if part)


def _next(row: FeedRow, now: int) -> str:
    if not row.due:
        return _("asked no more")
    if row.due <= now:
        return _("about to be asked")
    clock = moments.clock(row.due)
    if row.due - now <= SOON_MS:
        return _("asked next at {time}").format(time=clock)
    if row.due - now <= WEEK_MS:
        weekday = moments.weekdays()[moments.local(row.due).weekday()]
        return _("asked next on {day}, {time}").format(day=weekday, time=clock)
    return _("asked next: {day}").format(day=moments.full(row.due))


def lines_of(rows: Sequence[FeedRow]) -> tuple[Line, ...]:
    """Feeds in no folder first, then each folder with what is in it. Rows come by folder and title."""
    found: list[Line] = []
    for row in rows:
        if row.folder and (not found or _folder(found[-1]) != row.folder):
            found.append(row.folder)
        found.append(row)
    return tuple(found)


def _folder(line: Line) -> str:
    return line if isinstance(line, str) else line.folder


class FeedsModel(QAbstractListModel):
    """Lines of feeds and folders."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: tuple[Line, ...] = ()

    def set(self, rows: Sequence[FeedRow]) -> bool:
        """Whether other feeds stand there now, or in another order."""
        lines = lines_of(rows)
        if [_told(one) for one in lines] != [_told(one) for one in self.lines]:
            self.beginResetModel()
            self.lines = lines
            self.endResetModel()
            return True
        if lines != self.lines:
            changed = [n for n, (old, new) in enumerate(zip(self.lines, lines, strict=True)) if old != new]
            self.lines = lines
            for n in changed:
                self.dataChanged.emit(self.index(n), self.index(n))
        return False

    def place(self, feed: str) -> int:
        """Where a feed (id) stands, -1 if it does not."""
        return next((n for n, one in enumerate(self.lines) if _told(one) == feed), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line = self.lines[index.row()]
        if role == LineRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line if isinstance(line, str) else line.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Folder {name}").format(name=line) if isinstance(line, str) else spoken(line)
        return None


def _told(line: Line) -> str:
    return f"folder {line}" if isinstance(line, str) else line.id


def spoken(row: FeedRow) -> str:
    unread = plural("{n} unread item", "{n} unread items", row.unread) if row.unread else ""
    return ", ".join(part for part in (row.title, unread, state_text(row, now_ms()), fault_text(row)) if part)


class FeedDelegate(QStyledItemDelegate):
    """Draws a line; the list says how wide."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.width = 400

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        line: Line = index.data(LineRole)
        small = QFontMetricsF(theme.font(theme.SMALL)).height()
        if isinstance(line, str):
            return QSize(1, round(small) + 22)
        fault = self._fault_place(QRectF(0, 0, self.width, 0), line).height()
        high = QFontMetricsF(theme.font(strong=True)).height() + 2 + small + (fault + 3 if fault else 0)
        return QSize(1, round(max(high, theme.scaled(SIDE))) + 2 * PAD)

    def _inside(self, rect: QRectF) -> QRectF:
        return rect.adjusted(PAD + theme.scaled(SIDE) + 12, PAD, -PAD - theme.scaled(DOTS), -PAD)

    def _fault_place(self, rect: QRectF, row: FeedRow) -> QRectF:
        text = fault_text(row)
        if not text:
            return QRectF()
        room = self._inside(rect)
        top = rect.top() + PAD + QFontMetricsF(theme.font(strong=True)).height() + 5
        top += QFontMetricsF(theme.font(theme.SMALL)).height()
        return QFontMetricsF(theme.font(theme.SMALL)).boundingRect(
            QRectF(room.left(), top, room.width(), 10_000), Qt.TextFlag.TextWordWrap, text
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(LineRole)
        rect, c = QRectF(option.rect), theme.now()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, str):
            painter.setFont(theme.font(theme.SMALL, strong=True))
            painter.setPen(QColor(c.soft))
            place = rect.adjusted(PAD, 12, -PAD, -4)
            text = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, round(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
        else:
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            self._paint_ground(painter, rect, c, hovered, focused)
            self._paint_feed(painter, rect, line, c)
            if hovered or focused:
                icons.paint(painter, "more", dots(rect), c.soft)
        painter.restore()

    @staticmethod
    def _paint_ground(p: QPainter, rect: QRectF, c: theme.Colours, hovered: bool, focused: bool) -> None:
        if hovered or focused:
            p.setPen(QColor(c.accent) if focused else Qt.PenStyle.NoPen)
            p.setBrush(QColor(c.hover))
            p.drawRoundedRect(rect.adjusted(1, 1, -1, -1), theme.RADIUS_SMALL, theme.RADIUS_SMALL)

    def _paint_feed(self, p: QPainter, rect: QRectF, row: FeedRow, c: theme.Colours) -> None:
        side = theme.scaled(SIDE)
        feed_card.square(p, QRectF(rect.left() + PAD, rect.top() + PAD, side, side), row.title, row.id)
        room, strong, small = self._inside(rect), theme.font(strong=True), theme.font(theme.SMALL)
        metrics, little = QFontMetricsF(strong), QFontMetricsF(small)
        head = QRectF(room.left(), room.top(), room.width(), metrics.height())
        count = f"{row.unread}" if row.unread else ""
        pill = little.horizontalAdvance(count) + 16 if count else 0
        p.setFont(strong)
        p.setPen(QColor(c.soft if row.muted else c.text))
        title = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, head.width() - pill - 8)
        p.drawText(head, Qt.AlignmentFlag.AlignVCenter, title)
        p.setFont(small)
        if count:
            place = QRectF(
                head.right() - pill, head.center().y() - little.height() / 2 - 1, pill, little.height() + 2
            )
            p.setBrush(QColor(c.accent_soft))
            p.setPen(Qt.PenStyle.NoPen)
            p.drawRoundedRect(place, place.height() / 2, place.height() / 2)
            p.setPen(QColor(c.on_accent_soft))
            p.drawText(place, Qt.AlignmentFlag.AlignCenter, count)
        below = QRectF(room.left(), head.bottom() + 2, room.width(), little.height())
        p.setPen(QColor(c.soft))
        state = little.elidedText(state_text(row, now_ms()), Qt.TextElideMode.ElideRight, below.width())
        p.drawText(below, Qt.AlignmentFlag.AlignVCenter, state)
        fault = self._fault_place(rect, row)
        if not fault.isEmpty():
            p.setPen(QColor(c.warn))
            p.drawText(fault.adjusted(0, 0, 2, 2), Qt.TextFlag.TextWordWrap, fault_text(row))


def dots(rect: QRectF) -> QRectF:
    side = theme.scaled(20)
    return QRectF(rect.right() - theme.scaled(DOTS), rect.top() + PAD, side, side)


class FeedList(QListView):
    """`shown`, `menu_wanted` (with where), `changed`, `removed`: what the person wants of a feed (FeedRow)."""

    shown = Signal(object)
    menu_wanted = Signal(object, QPoint)
    edited = Signal(object)
    removed = Signal(object)

    def __init__(self, model: FeedsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.feeds = model
        self._delegate = FeedDelegate(self)
        self.setModel(model)
        go_where_chosen(self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(_("Feeds"))
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu_at)

    def show_feeds(self, rows: Iterable[FeedRow]) -> None:
        """What is chosen and where one looks stays."""
        chosen, place = self.chosen, self.verticalScrollBar().value()
        if self.feeds.set(tuple(rows)):
            if chosen is not None:
                self.point_at(chosen.id)
            self.doItemsLayout()
            self.verticalScrollBar().setValue(place)

    @property
    def chosen(self) -> FeedRow | None:
        line = self.currentIndex().data(LineRole)
        return line if isinstance(line, FeedRow) else None

    def point_at(self, feed: str) -> None:
        place = self.feeds.place(feed)
        if place >= 0:
            self.setCurrentIndex(self.feeds.index(place))
            self.scrollTo(self.feeds.index(place))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.width = self.width() - theme.SCROLL
        super().resizeEvent(event)

    # --- mouse and keys -----------------------------------------------------------------------------------
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pos = event.position()
        index = self.indexAt(pos.toPoint())
        line = index.data(LineRole)
        if event.button() != Qt.MouseButton.LeftButton or not isinstance(line, FeedRow):
            return
        if dots(QRectF(self.visualRect(index))).adjusted(-6, -6, 6, 6).contains(pos):
            self.menu_wanted.emit(line, event.globalPosition().toPoint())
        else:
            self.shown.emit(line)

    def _menu_at(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if not index.isValid() or place.y() < 0:
            index, place = self.currentIndex(), self.visualRect(self.currentIndex()).center()  # by the keyboard
        line = index.data(LineRole)
        if isinstance(line, FeedRow):
            self.menu_wanted.emit(line, self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.chosen
        does = {"show": self.shown, "remove": self.removed, "edit": self.edited}.get(keys.name_of("feeds", event))
        if row is not None and does is not None:
            does.emit(row)
        else:
            super().keyPressEvent(event)
