"""The timeline as one sees and uses it.

What is being read never moves. While the list is scrolled down, news waits behind a pill that says how much it is;
it is put in when the pill is pressed, or when one has scrolled up to the top, and then so that the row one looks at
stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from deskblog.i18n import _, plural
from deskblog.ui import icons, links, moments, theme
from deskblog.ui.card import CardDelegate, Hit
from deskblog.ui.chips import people_text
from deskblog.ui.file_actions import FileActions
from deskblog.ui.person import tip
from deskblog.ui.poll import chosen_text
from deskblog.ui.post_actions import PostActions, own_sign
from deskblog.ui.rows import CEILING, TimelineModel
from deskblog.values import PersonRow, Row, View

REFRESH = 30_000  # ms; “2 min” becomes “3 min”


class Empty(QWidget):
    """What stands where nothing stands: a picture, what this is, what to do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText)
        self._title.setFont(theme.font(theme.TITLE, strong=True))
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
        self._text.setProperty("tone", "soft")
        box = QVBoxLayout(self)
        box.setSpacing(theme.GAP)
        for label in (self._picture, self._title, self._text):
            box.addWidget(label)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedWidth(380)

    def say(self, picture: str, title: str, text: str) -> None:
        colour = theme.now().soft
        made = icons.cup_icon(colour=colour) if picture == "cup" else icons.icon(picture, colour)
        self._picture.setPixmap(made.pixmap(QSize(48, 48), self.devicePixelRatioF()))
        self._title.setText(title)
        self._text.setText(text)


class TimelineView(QListView):
    """Shows the model's rows as cards. Signals carry what the person asks of a row."""

    answer = Signal(object)  # Row
    unfolded = Signal(str)  # id of the post whose thread is wanted
    searched = Signal(str)
    correct = Signal(object)  # Row
    post_actions: PostActions
    file_actions: FileActions

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = model
        self._waiting: dict[str, Row] = {}
        self._anchor: tuple[str, int] | None = None
        self._alone = True
        self.setAccessibleName(_("Timeline"))
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
        self.pill = QPushButton(_("Back to the newest"), self.viewport())
        self.pill.setProperty("kind", "pill")
        self.pill.setCursor(Qt.CursorShape.PointingHandCursor)
        self.pill.clicked.connect(self.to_newest)
        self.pill.hide()
        self._empty = Empty(self.viewport())
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
        self._show_pill()

    def _show_pill(self) -> None:
        count = sum(1 for row in self._waiting.values() if not row.mine)
        if count:
            self.pill.setText(plural("{n} new post", "{n} new posts", count))
        elif not self.rows.newest_here:
            self.pill.setText(_("Back to the newest"))
        self.pill.setVisible(bool(count) or not self.rows.newest_here)
        self.pill.adjustSize()
        self.pill.move((self.viewport().width() - self.pill.width()) // 2, theme.GAP)

    # --- keeping one's place ------------------------------------------------------------------------------
    def _keep_anchor(self, *_where: object) -> None:
        """Remembers the last row in sight: of all in sight it is the least likely to go."""
        for y in range(self.viewport().height() - 2, 0, -theme.GAP):
            index = self.indexAt(QPoint(self.viewport().width() // 2, y))
            if index.isValid():
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
        elif self._alone:
            self._empty.say(
                "cup",
                _("Your office is open"),
                _("Press “Invite” and give the code to a colleague, then say hello in the field above."),
            )
        elif self.rows.query.view is not View.ALL:
            self._empty.say("list", _("Nothing here yet"), _("Posts of this kind will stand here."))
        else:
            self._empty.say("cup", _("Nobody has posted yet"), _("Say what you are doing in the field above."))
        self._place_empty()

    def _place_empty(self) -> None:
        self._empty.adjustSize()
        room = self.viewport().size() - self._empty.size()
        self._empty.move(room.width() // 2, max(0, room.height() * 2 // 5))

    def restyle(self) -> None:
        """After a change of theme."""
        self._delegate.forget()
        self.doItemsLayout()
        self._show_empty()

    def _tick(self) -> None:
        if self.isVisible():
            self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._delegate.width = self.width() - theme.SCROLL  # the same with and without scroll bar
        super().resizeEvent(event)
        self._show_pill()
        self._place_empty()

    # --- mouse --------------------------------------------------------------------------------------------
    def _hit(self, pos: QPoint) -> tuple[QModelIndex, Hit | None]:
        index = self.indexAt(pos)
        if not index.isValid():
            return index, None
        return index, self._delegate.card(index).hit(QPointF(pos - self.visualRect(index).topLeft()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        _index, hit = self._hit(event.position().toPoint())
        pressable = hit is not None and hit.kind not in ("card", "time")
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if pressable else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index, hit = self._hit(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or hit is None:
            return
        row = self.rows.row_at(index.row())
        at = event.globalPosition().toPoint()
        match hit.kind:
            case "answer":
                self.answer.emit(row)
            case "more":
                self._menu(index, "").popup(at)
            case "react":
                self.post_actions.open_signs(row, at)
            case "sign":
                self.post_actions.react(row, "" if own_sign(row) == hit.value else hit.value)
            case "answers":
                self.unfolded.emit(row.id)
            case "quote":
                self.unfolded.emit(hit.value)
            case "tag":
                self.searched.emit(hit.value)
            case "vote":
                self.post_actions.vote(row, int(hit.value))
            case "attached":
                self.file_actions.press(row, int(hit.value), at)
            case "link":
                links.menu(hit.value, self).popup(at)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index, hit = self._hit(event.pos())
            said = self._tip(self.rows.row_at(index.row()), hit) if hit is not None else ""
            QToolTip.showText(event.globalPos(), tip(said), self) if said else QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    @staticmethod
    def _tip(row: Row, hit: Hit) -> str:
        """When it was written, who put a sign there, who chose that answer."""
        if hit.kind == "vote" and row.poll is not None:
            return chosen_text(row.poll.options[int(hit.value)])
        if hit.kind == "time":
            return moments.full(row.at)
        return next((people_text(one) for one in row.reactions if hit == Hit("sign", one.sign)), "")

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
            self._menu(index, link).popup(at)

    # --- keys and menu ------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        row = self.rows.row_at(index.row()) if index.isValid() else None
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if row is not None and plain and event.key() == Qt.Key.Key_A:
            self.answer.emit(row)
        elif row is not None and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.unfolded.emit(row.answer_to or row.id)
        elif row is not None and plain and event.key() == Qt.Key.Key_R:
            self.post_actions.open_signs(row, self.viewport().mapToGlobal(self.visualRect(index).center()))
        elif row is not None and plain and event.key() == Qt.Key.Key_B:
            self.post_actions.keep(row)
        elif row is not None and row.attached and plain and event.key() == Qt.Key.Key_O:
            self.file_actions.press(row, 0, self.viewport().mapToGlobal(self.visualRect(index).center()))
        elif row is not None and row.mine and row.poll is None and plain and event.key() == Qt.Key.Key_E:
            self.correct.emit(row)
        elif row is not None and row.mine and event.matches(QKeySequence.StandardKey.Delete):
            self.post_actions.withdraw(row)
        elif row is not None and event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(row.text)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys here, not a search among the rows."""

    def _menu(self, index: QModelIndex, link: str) -> QMenu:
        row = self.rows.row_at(index.row())
        place = self.rows.place(row.answer_to) if row.answer_to else -1
        menu = self.post_actions.menu(row, link, self.rows.row_at(place) if place >= 0 else None)
        for one in row.attached:
            self.file_actions.fill(menu.addMenu(one.name.replace("&", "&&")), row, one)
        return menu
