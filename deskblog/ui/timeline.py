"""The timeline as one sees and uses it.

What is being read never moves. While the list is scrolled down, news waits behind a pill that says how much it is;
it is put in when the pill is pressed, or when one has scrolled up to the top, and then so that the row one looks at
stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QMouseEvent, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QPushButton,
    QToolTip,
    QWidget,
)

from deskblog import events
from deskblog.i18n import _, plural
from deskblog.records import replace
from deskblog.ui import theme
from deskblog.ui.aloud import say
from deskblog.ui.card import Card, CardDelegate, Hit
from deskblog.ui.empty import Empty
from deskblog.ui.feed_card import is_item
from deskblog.ui.feed_desk import FeedDesk
from deskblog.ui.file_actions import FileActions
from deskblog.ui.gestures import Gestures
from deskblog.ui.menus import open_menu
from deskblog.ui.over import float_over, go_where_chosen
from deskblog.ui.person import tip
from deskblog.ui.post_actions import PostActions
from deskblog.ui.rows import CEILING, TimelineModel
from deskblog.ui.viewport import own_viewport
from deskblog.values import PersonRow, Row, View

REFRESH = 30_000  # ms; “2 min” becomes “3 min”
AHEAD = 2  # so many views before the end, older posts are fetched


class TimelineView(QListView):
    """Shows the model's rows as cards. Signals carry what the person asks of a row."""

    answer = Signal(object)  # Row
    unfolded = Signal(str)  # id of the post whose thread is wanted
    searched = Signal(str)
    correct = Signal(object)  # Row
    post_actions: PostActions
    feed_desk: FeedDesk
    file_actions: FileActions

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own_viewport(self)
        self.rows = model
        self._waiting: dict[str, Row] = {}
        self._anchor: tuple[str, int] | None = None
        self._alone = True
        self.setAccessibleName(_("Timeline"))
        self._gestures = Gestures(self)
        self._delegate = CardDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(CEILING + 100)  # the ceiling is the batch: a place one reads at is never laid out late
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setModel(model)
        go_where_chosen(self)
        self.pill = QPushButton(_("Back to the newest"))
        self.pill.setProperty("kind", "pill")
        self.pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill.clicked.connect(self.to_newest)
        self.pill.hide()
        self._empty = Empty()
        self._empty.hide()
        model.began.connect(self._began)
        model.dropping.connect(self._keep_anchor)
        model.dropped.connect(self._restore_anchor)
        model.rowsInserted.connect(self._show_empty)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._clock = QTimer(self, interval=REFRESH)
        self._clock.timeout.connect(self._tick)
        self._clock.start()

    def use_files(self, actions: FileActions) -> None:
        """What photos and files are painted from, and what is done with them."""
        self.file_actions = actions
        self._delegate.folder = actions.folder
        actions.folder.pictures.come.connect(self.viewport().update)

    # --- news ---------------------------------------------------------------------------------------------
    @property
    def reading(self) -> bool:
        """True while one looks at something that must not move."""
        return self.verticalScrollBar().value() > 0

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        match event:
            case events.Posted():
                self.news(event.rows)
            case events.Read():
                self.read(event.ids)
            case events.RowsChanged():
                self.rows.revise(event.rows)
                self.post_actions.revise(event.rows)
            case events.TimelineChanged():
                self.changed()
            case events.Copied():
                self.rows.ask_copies()
            case events.FeedsChanged():
                self.rows.ask_news(self.news)
            case _:
                pass

    def news(self, rows: Sequence[Row]) -> None:
        """Rows that were stored just now: shown, or waiting behind the pill."""
        mine = any(row.mine and not self.rows.holds(row.id) for row in rows)
        if self.rows.query.words:
            return  # they are there when the search is left
        if not self.rows.newest_here:
            if mine:
                self.rows.reload()
            return
        new = {row.id: row for row in rows if self.rows.lacks(row)}
        if mine and not self.rows.query.thread:
            self._waiting |= new
            self.to_newest()
        elif self.reading:
            self._waiting |= new
            self._show_pill()
        else:
            self.rows.add(list(new.values()))

    def read(self, ids: Sequence[str]) -> None:
        """The person has read these, here or elsewhere."""
        self.rows.read(ids)
        for ident in self._waiting.keys() & set(ids):
            self._waiting[ident] = replace(self._waiting[ident], unread=False)

    def changed(self) -> None:
        """Posts were withdrawn, or count again: what is shown is asked for anew, in its place."""
        if self.rows.rowCount():
            self._keep_anchor()
        self.rows.reload()

    def to_newest(self) -> None:
        """Shows what waits, and goes to the top."""
        waiting, self._waiting = list(self._waiting.values()), {}
        if self.rows.newest_here:
            self.rows.add(waiting)
        else:
            self.rows.reload()
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)
        self._show_pill()

    def _scrolled(self, value: int) -> None:
        if value == 0 and self._waiting and self.rows.newest_here and self._anchor is None:
            waiting, self._waiting = list(self._waiting.values()), {}
            self._keep_anchor()
            self.rows.add(waiting)
            self._restore_anchor()
        bar = self.verticalScrollBar()
        if bar.maximum() - value < AHEAD * bar.pageStep():  # Qt would wait until one is at the end, and stands still
            self.rows.fetchMore()
        self._show_pill()

    def _show_pill(self) -> None:
        count = sum(1 for row in self._waiting.values() if not row.mine)
        if count and any(is_item(row) for row in self._waiting.values()):
            self.pill.setText(plural("{n} new post or item", "{n} new posts and items", count))
        elif count:
            self.pill.setText(plural("{n} new post", "{n} new posts", count))
        elif not self.rows.newest_here:
            self.pill.setText(_("Back to the newest"))
        self.pill.adjustSize()
        float_over(self, self.pill, QPoint((self.viewport().width() - self.pill.width()) // 2, theme.GAP))
        self.pill.setVisible(bool(count) or not self.rows.newest_here)

    # --- keeping one's place ------------------------------------------------------------------------------
    def _keep_anchor(self, *_where: object) -> None:
        """Remembers the last row in sight: of all in sight it is the least likely to go."""
        for y in range(self.viewport().height() - 2, 0, -theme.GAP):
            index = self.indexAt(QPoint(self.viewport().width() // 2, y))
            if index.isValid():
                index = self.rows.index(self.rows.head(index.row()))  # one beneath a post may be folded away
                self._anchor = (self.rows.row_at(index.row()).id, self.visualRect(index).top())
                return

    def _restore_anchor(self, *_where: object) -> None:
        if self._anchor is None:
            return
        ident, top = self._anchor
        place = self.rows.place(ident)
        if place >= 0:
            self.doItemsLayout()
            moved = self.visualRect(self.rows.index(place)).top() - top
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + moved)
        self._anchor = None
        self._show_pill()

    # --- beginning anew -----------------------------------------------------------------------------------
    def _began(self) -> None:
        self._waiting.clear()
        self.doItemsLayout()
        self.verticalScrollBar().setValue(0)
        self._restore_anchor()
        self._show_pill()
        self._show_empty()
        self._say_found()

    def _say_found(self) -> None:
        """What a search has found, and where nothing stands, for who does not see it."""
        count = self.rows.rowCount()
        if not count:
            say(self, self._empty.words)
        elif self.rows.query.words:
            more = self.rows.canFetchMore()
            say(self, _("More than {n} posts found").format(n=count) if more
                else plural("{n} post found", "{n} posts found", count))  # fmt: skip

    def know(self, people: Sequence[PersonRow]) -> None:
        """Who there is decides what an empty timeline advises."""
        self._alone = sum(1 for person in people if not person.gone) < 2
        self.rows.rename(people)
        self._show_empty()

    def _show_empty(self, *_where: object) -> None:
        empty = self.rows.rowCount() == 0
        self._empty.setVisible(empty)
        if not empty:
            return
        if self.rows.query.words:
            self._empty.say(
                "search",
                _("Nothing found"),
                _("No post here has these words. Try fewer of them, or only the beginning of one."),
            )
        elif self._alone and not self.rows.query.of_feed and self.rows.query.view is not View.FEEDS:
            self._empty.say(
                "cup",
                _("Your office is open"),
                _("Press “Invite” and give the code to a colleague, then say hello in the field above."),
            )
        elif self.rows.query.view is View.FEEDS or self.rows.query.of_feed:
            self._empty.say("feed", _("Nothing here yet"), _("What your feeds bring will stand here."))
        elif self.rows.query.person:
            self._empty.say("list", _("Nothing here yet"), _("What they post will stand here."))
        elif self.rows.query.view is not View.ALL:
            self._empty.say("list", _("Nothing here yet"), _("Posts of this kind will stand here."))
        else:
            self._empty.say("cup", _("Nobody has posted yet"), _("Say what you are doing in the field above."))
        self._place_empty()

    def _place_empty(self) -> None:
        self._empty.fit(self.viewport().width())
        room = self.viewport().size() - self._empty.size()
        float_over(self, self._empty, QPoint(room.width() // 2, max(0, room.height() * 2 // 5)))

    def restyle(self) -> None:
        """After a change of theme."""
        self._delegate.forget()
        self.doItemsLayout()
        self._show_empty()

    def _tick(self) -> None:
        if self.isVisible():
            self.viewport().update()

    def minimumSizeHint(self) -> QSize:
        """In a low window it gives way before what one writes does."""
        return QSize(super().minimumSizeHint().width(), theme.PAD)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.width = self.width() - theme.SCROLL  # the same with and without scroll bar
        super().resizeEvent(event)
        self._show_pill()
        self._place_empty()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._show_pill()
        self._place_empty()

    # --- mouse, keys and menu -----------------------------------------------------------------------------
    def card(self, index: QModelIndex) -> Card:
        """Where everything stands on a row's card."""
        return self._delegate.card(index)

    def _hit(self, pos: QPoint) -> tuple[QModelIndex, Hit | None]:
        index = self.indexAt(pos)
        if not index.isValid():
            return index, None
        return index, self.card(index).hit(QPointF(pos - self.visualRect(index).topLeft()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        _index, hit = self._hit(event.position().toPoint())
        pressable = hit is not None and hit.kind not in ("card", "time")
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pressable else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index, hit = self._hit(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and hit is not None:
            within = event.position() - self.visualRect(index).topLeft().toPointF()
            self._gestures.press(index, hit, within, event.globalPosition().toPoint())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index, hit = self._hit(event.pos())
            said = self._gestures.tip(self.rows.row_at(index.row()), hit) if hit is not None else ""
            QToolTip.showText(event.globalPos(), tip(said), self) if said else QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        link = ""
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            index, hit = self._hit(event.pos())
            link = hit.value if hit is not None and hit.kind == "link" else ""
        elif index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        if index.isValid():
            by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
            open_menu(self._menu(index, link), at, self.viewport() if by_mouse else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if not index.isValid() or not self._gestures.key(index, event):
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys here, not a search among the rows."""

    def _menu(self, index: QModelIndex, link: str) -> QMenu:
        return self._gestures.menu(index, link)
