"""The rows of the timeline as Qt asks for them: newest first, fetched by key as one scrolls, never more than CEILING.

A list view lays out every loaded row at each insert, which costs half a second at ten thousand. So what is far above
is dropped while one reads far below; `newest_here` is then False until the list is begun anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from deskblog.engine import Shown
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.records import replace
from deskblog.store.reading import OF_FEED
from deskblog.store.search import shown_words
from deskblog.ui import moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.lines import Lines
from deskblog.ui.spoken import row_text
from deskblog.values import Page, PersonRow, Row, View

PAGE = 50
FIRST = 25  # rows of the very first page, more than a window shows: it is there sooner
CEILING = 1000
BURST = 100  # rows at once that are cheaper read anew than put in one by one
ROOT = QModelIndex()
ItemRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex


class Item(Struct, frozen=True):
    """One row with all that its card shows. `day`: the heading above it; `quote`: of what it answers.

    `beneath`: whether its answers are counted. `taken`: it is the answer its asker took. `copies`: on how many other
    PCs one's own post is, None where that is not said. `under`: it stands beneath the post it answers; `unfolded`:
    its answers stand beneath it. `unread`: it is.
    """

    row: Row
    day: str
    quote: str
    beneath: bool
    words: str
    taken: bool = False
    copies: int | None = None
    under: bool = False
    unfolded: bool = False
    unread: bool = False


class Query(Struct, frozen=True):
    """What the list shows: everything, a part of it, posts with `words`, one post with its answers, or what a person
    or a feed (id) wrote."""

    words: str = ""
    thread: str = ""
    person: str = ""
    view: View = View.ALL

    @property
    def of_feed(self) -> bool:
        return self.person.startswith(OF_FEED)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _belongs(row: Row, view: View) -> bool:
    """Whether a new row is of that part."""
    match view:
        case View.ALL:
            return row.kind != "coffee"
        case View.OFFICE:
            return row.kind not in ("coffee", "feed")
        case View.FEEDS:
            return row.kind == "feed"
        case View.COFFEE:
            return row.kind == "coffee"
        case View.SEALED:
            return row.sealed
        case View.ANNOUNCEMENTS:
            return row.announced is not None
        case View.MINE:
            return row.mine
        case View.ASKED:
            return row.mine and row.kind == "question"
        case View.OPEN | View.QUESTIONS:
            return row.kind == "question" and not (view is View.OPEN and row.solved)
        case _:
            return False  # it is there when the list is begun anew


class TimelineModel(QAbstractListModel):
    """`began`: the list was begun anew and its first page is here. `dropping`, `dropped`: around letting rows go."""

    began = Signal()
    dropping = Signal()
    dropped = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._rows = Lines()
        self._unfolded: set[str] = set()  # posts whose answers stand beneath them
        self._taken: dict[str, str] = {}  # by question, the answer taken
        self._quotes: dict[str, str] = {}
        self._copies: dict[str, int] = {}
        self._next: int | None = None
        self._loading = False
        self._turn = 0
        self.query = Query()
        self.newest_here = True

    # --- what Qt asks -------------------------------------------------------------------------------------
    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == ItemRole:
            return self.item(index.row())
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_text(row)
        return None

    def canFetchMore(self, parent: Index = ROOT) -> bool:
        return not parent.isValid() and self._next is not None and not self._loading

    def fetchMore(self, parent: Index = ROOT) -> None:
        if self.canFetchMore(parent):
            self._loading = True
            self._bridge.ask(self._page(self._next), partial(self._more, self._turn), self._failed)

    # --- one row ------------------------------------------------------------------------------------------
    def tags(self) -> tuple[str, ...]:
        """Those of the loaded rows, the newest first."""
        return tuple(dict.fromkeys(tag for row in self._rows for tag in row.tags))

    def row_at(self, n: int) -> Row:
        return self._rows[n]

    def holds(self, ident: str) -> bool:
        return self._rows.holds(ident)

    def place(self, ident: str) -> int:
        """Where a post stands, -1 if it is not loaded."""
        return self._rows.place(ident)

    def head(self, n: int) -> int:
        """Where the post stands beneath which row `n` was unfolded; `n` itself for any other."""
        under = self._rows.under(n)
        return self._rows.place(under) if under else n

    def item(self, n: int) -> Item:
        row, now = self._rows[n], now_ms()
        heading = moments.day(row.at, now)
        before, under = self._rows.above(n), bool(self._rows.under(n))
        above = moments.day(before.at, now) if before is not None else ""
        beneath = row.id != self.query.thread and not self.query.words
        quote = "" if under or (row.answer_to and row.answer_to == self.query.thread) else self._quote(row)
        day = "" if under or heading == above or self.query.thread else heading
        taken = self._taken.get(row.answer_to, "") == row.id
        copies = self._copies.get(row.id) if row.mine else None
        unfolded = not under and row.id in self._unfolded
        words = shown_words(self.query.words)
        return Item(row, day, quote, beneath, words, taken, copies, under, unfolded, row.unread)

    def _quote(self, row: Row) -> str:
        if not row.answer_to:
            return ""
        known = self._quotes.get(row.answer_to)
        if known is None:
            self._quotes[row.answer_to] = known = _("An answer")
            self._bridge.ask(
                self._bridge.engine.show(row.answer_to),
                lambda shown: self._quoted(shown.row),
                lambda _fault: None,  # it has not come yet; the row says that it is an answer
            )
        return known

    def _quoted(self, target: Row) -> None:
        self._know([target])
        for n, row in enumerate(self._rows):
            if row.answer_to == target.id:
                self.dataChanged.emit(self.index(n), self.index(n))

    def _know(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._quotes[row.id] = _("Answering {name}: “{words}”").format(
                name=row.person, words=" ".join(row.text.split())
            )
            self._taken[row.id] = row.solved

    # --- beginning anew -----------------------------------------------------------------------------------
    def show(self, query: Query) -> None:
        """Begins anew with another question; what is shown stays until the answer is here."""
        self._turn += 1
        if query != self.query:
            self._unfolded.clear()
        self.query = query
        self._loading = True
        if query.thread:
            self._bridge.ask(self._bridge.engine.show(query.thread), partial(self._thread, self._turn), self._failed)
        else:
            self._bridge.ask(self._page(None), partial(self._first, self._turn), self._failed)

    def reload(self) -> None:
        self.show(self.query)

    def _page(self, before: int | None) -> Coroutine[Any, Any, Page]:
        if self.query.words or self.query.person:
            person = self.query.person or None
            return self._bridge.engine.search(self.query.words, before=before, limit=PAGE, person=person)
        limit = FIRST if self._turn == 1 and before is None else PAGE
        return self._bridge.engine.timeline(before=before, limit=limit, view=self.query.view)

    def _failed(self, fault: UserError) -> None:
        self._loading = False
        self._next = None
        self._bridge.tell_fault(fault)

    def _thread(self, turn: int, shown: Shown) -> None:
        self._first(turn, Page((shown.row, *shown.answers), None))

    def _first(self, turn: int, page: Page) -> None:
        if turn != self._turn:
            return
        self.beginResetModel()
        self._rows.begin(page.rows)
        self._know(self._rows)
        self._next, self._loading, self.newest_here = page.next_before, False, True
        self.endResetModel()
        self.ask_copies()
        self.began.emit()
        for ident in list(self._unfolded):
            self._ask_answers(ident)

    # --- older ones ---------------------------------------------------------------------------------------
    def _more(self, turn: int, page: Page) -> None:
        if turn != self._turn:
            return
        new = [row for row in page.rows if not self._rows.holds(row.id)]
        self._next, self._loading = page.next_before, False
        self._know(new)
        if new:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows.insert(len(self._rows), new)
            self.endInsertRows()
            self.ask_copies()
        if len(self._rows) > CEILING:
            self._drop(len(self._rows) - CEILING + PAGE)

    def _drop(self, n: int) -> None:
        n = self._rows.whole(n)
        self.dropping.emit()
        self.beginRemoveRows(ROOT, 0, n - 1)
        self._rows.remove(0, n)
        self.newest_here = False
        self.endRemoveRows()
        self.dropped.emit()

    # --- news ---------------------------------------------------------------------------------------------
    def add(self, rows: Sequence[Row]) -> None:
        """Puts rows where they belong; those that scrolling will bring are left out."""
        new = [row for row in rows if self.lacks(row)]
        if len(new) > BURST:
            self.reload()
            return
        self._know(new)
        for row in new:
            self._insert(row)
        if any(row.mine for row in new):
            self.ask_copies()

    def ask_news(self, tell: Callable[[Sequence[Row]], None]) -> None:
        """What feeds have brought to the part that is shown: of a muted one nobody says it."""
        if (self.query.of_feed or self.query.view is View.FEEDS) and self.newest_here and not self._loading:
            self._bridge.ask(self._page(None), lambda page: tell(page.rows))

    # --- where else one's own posts are -------------------------------------------------------------------
    def ask_copies(self) -> None:
        """Asks on how many other PCs the newest of one's own posts are."""
        mine = [row.id for row in self._rows if row.mine][:PAGE]
        if mine:
            self._bridge.ask(self._bridge.engine.copies(mine), self._copied)

    def _copied(self, found: dict[str, int]) -> None:
        changed = {ident for ident, count in found.items() if self._copies.get(ident) != count}
        self._copies |= found
        for n, row in enumerate(self._rows):
            if row.id in changed:
                self.dataChanged.emit(self.index(n), self.index(n))

    def lacks(self, row: Row) -> bool:
        """True for a row that belongs on the list as far as it is loaded, and is not there."""
        if self._rows.holds(row.id):
            return False
        if self.query.thread:
            return row.answer_to == self.query.thread
        if self.query.person and row.person_id != self.query.person:
            return False
        if (
            self.query.words
            or not _belongs(row, self.query.view)
            or not self.newest_here
            or (self._loading and not self._rows)
        ):
            return False
        last = self._rows.last
        return self._next is None or last is None or row.key > last.key

    def _insert(self, row: Row) -> None:
        self._put(len(self._rows) if self.query.thread else self._rows.older(row.key), [row])
        head = self._rows.place(row.answer_to) if row.answer_to in self._unfolded else -1
        if head >= 0:
            self._put(head + 1 + self._rows.unfolded(head), [row], under=row.answer_to)

    def _put(self, place: int, rows: Sequence[Row], under: str = "") -> None:
        self.beginInsertRows(ROOT, place, place + len(rows) - 1)
        self._rows.insert(place, rows, under)
        self.endInsertRows()
        if place + len(rows) < len(self._rows):
            self.dataChanged.emit(self.index(place + len(rows)), self.index(place + len(rows)))

    # --- answers in place ---------------------------------------------------------------------------------
    def fold(self, ident: str) -> None:
        """Unfolds the answers of a post beneath it, or folds them away."""
        place = self._rows.place(ident)
        if place < 0:
            return
        if ident not in self._unfolded:
            self._unfolded.add(ident)
            self._ask_answers(ident)
            return
        self._unfolded.discard(ident)
        count = self._rows.unfolded(place)
        if count:
            self.beginRemoveRows(ROOT, place + 1, place + count)
            self._rows.remove(place + 1, count)
            self.endRemoveRows()
        self.dataChanged.emit(self.index(place), self.index(place))

    def _ask_answers(self, ident: str) -> None:
        self._bridge.ask(self._bridge.engine.show(ident), self._unfold, self._bridge.tell_fault)

    def _unfold(self, shown: Shown) -> None:
        place = self._rows.place(shown.row.id)
        if place < 0 or shown.row.id not in self._unfolded or self._rows.unfolded(place):
            return
        if shown.answers:
            self._know(shown.answers)
            self._put(place + 1, shown.answers, under=shown.row.id)
        self.dataChanged.emit(self.index(place), self.index(place))

    # --- what is said of them -----------------------------------------------------------------------------
    def revise(self, rows: Iterable[Row]) -> None:
        """These say something else now, where they are loaded; so may what answers them."""
        new = {row.id: row for row in rows}
        self._know(new.values())
        for n, row in enumerate(self._rows):
            if row.id in new:
                self._rows.replace(n, new[row.id])
            if row.id in new or row.answer_to in new:
                self.dataChanged.emit(self.index(n), self.index(n))

    def read(self, ids: Iterable[str]) -> None:
        """The person has read these."""
        gone = set(ids)
        for n, row in enumerate(self._rows):
            if row.unread and row.id in gone:
                self._rows.replace(n, replace(row, unread=False))
                self.dataChanged.emit(self.index(n), self.index(n))

    def rename(self, people: Iterable[PersonRow]) -> None:
        """Shows everybody under the name they have now."""
        names = {person.id: person.name for person in people}
        for n, row in enumerate(self._rows):
            name = names.get(row.person_id, row.person)
            if name != row.person:
                self._rows.replace(n, replace(row, person=name))
                self.dataChanged.emit(self.index(n), self.index(n))
