"""The rows of the timeline as Qt asks for them: newest first, fetched by key as one scrolls, never more than CEILING.

A list view lays out every loaded row at each insert, which costs half a second at ten thousand. So what is far above
is dropped while one reads far below; `newest_here` is then False until the list is begun anew.
"""

from __future__ import annotations

import time
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from deskblog.engine import Shown
from deskblog.errors import UserError
from deskblog.i18n import _
from deskblog.store.search import shown_words
from deskblog.ui import moments
from deskblog.ui.bridge import Bridge
from deskblog.ui.chips import spoken
from deskblog.values import Page, PersonRow, Row, View

PAGE = 50
CEILING = 1000
BURST = 100  # rows at once that are cheaper read anew than put in one by one
ROOT = QModelIndex()
ItemRole = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Item:
    """One row with all that its card shows. `day`: the heading above it; `quote`: of what it answers.

    `beneath`: whether its answers are counted. `taken`: it is the answer its asker took. `copies`: on how many other
    PCs one's own post is, None where that is not said.
    """

    row: Row
    day: str
    quote: str
    beneath: bool
    words: str
    taken: bool = False
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shows: everything, a part of it, posts with `words`, or one post with its answers."""

    words: str = ""
    thread: str = ""
    view: View = View.ALL


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def _belongs(row: Row, view: View) -> bool:
    """Whether a new row is of that part."""
    match view:
        case View.ALL:
            return True
        case View.MINE:
            return row.mine
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
        self._rows: list[Row] = []
        self._ids: set[str] = set()
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
            return self._spoken(row)
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
        return ident in self._ids

    def place(self, ident: str) -> int:
        """Where a post stands, -1 if it is not loaded."""
        return next((n for n, row in enumerate(self._rows) if row.id == ident), -1)

    def item(self, n: int) -> Item:
        row, now = self._rows[n], now_ms()
        heading = moments.day(row.at, now)
        above = moments.day(self._rows[n - 1].at, now) if n else ""
        beneath = row.id != self.query.thread and not self.query.words
        quote = self._quote(row) if row.answer_to != self.query.thread or not row.answer_to else ""
        day = "" if heading == above or self.query.thread else heading
        taken = self._taken.get(row.answer_to, "") == row.id
        copies = self._copies.get(row.id) if row.mine else None
        return Item(row, day, quote, beneath, shown_words(self.query.words), taken, copies)

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

    @staticmethod
    def _spoken(row: Row) -> str:
        asked = _("Answered") if row.solved else _("Question")
        kind = {"question": asked, "answer": _("An answer"), "poll": _("Poll")}.get(row.kind, "")
        corrected = _("corrected") if row.corrected else ""
        head = ", ".join(part for part in (row.person, kind, moments.clock(row.at), corrected) if part)
        signs = spoken(row.reactions)
        return f"{head}: {row.text}" + (f" ({signs})" if signs else "")

    # --- beginning anew -----------------------------------------------------------------------------------
    def show(self, query: Query) -> None:
        """Begins anew with another question; what is shown stays until the answer is here."""
        self._turn += 1
        self.query = query
        self._loading = True
        if query.thread:
            self._bridge.ask(self._bridge.engine.show(query.thread), partial(self._thread, self._turn), self._failed)
        else:
            self._bridge.ask(self._page(None), partial(self._first, self._turn), self._failed)

    def reload(self) -> None:
        self.show(self.query)

    def _page(self, before: int | None) -> Coroutine[Any, Any, Page]:
        if self.query.words:
            return self._bridge.engine.search(self.query.words, before=before, limit=PAGE)
        return self._bridge.engine.timeline(before=before, limit=PAGE, view=self.query.view)

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
        self._rows = list(page.rows)
        self._ids = {row.id for row in self._rows}
        self._know(self._rows)
        self._next, self._loading, self.newest_here = page.next_before, False, True
        self.endResetModel()
        self.ask_copies()
        self.began.emit()

    # --- older ones ---------------------------------------------------------------------------------------
    def _more(self, turn: int, page: Page) -> None:
        if turn != self._turn:
            return
        new = [row for row in page.rows if row.id not in self._ids]
        self._next, self._loading = page.next_before, False
        self._know(new)
        if new:
            self.beginInsertRows(ROOT, len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self._ids.update(row.id for row in new)
            self.endInsertRows()
            self.ask_copies()
        if len(self._rows) > CEILING:
            self._drop(len(self._rows) - CEILING + PAGE)

    def _drop(self, n: int) -> None:
        self.dropping.emit()
        self.beginRemoveRows(ROOT, 0, n - 1)
        self._ids.difference_update(row.id for row in self._rows[:n])
        del self._rows[:n]
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
        if row.id in self._ids:
            return False
        if self.query.thread:
            return row.answer_to == self.query.thread
        if (
            self.query.words
            or not _belongs(row, self.query.view)
            or not self.newest_here
            or (self._loading and not self._rows)
        ):
            return False
        return self._next is None or not self._rows or row.key > self._rows[-1].key

    def _insert(self, row: Row) -> None:
        place = next(
            (n for n, held in enumerate(self._rows) if not self.query.thread and held.key < row.key), len(self._rows)
        )
        self.beginInsertRows(ROOT, place, place)
        self._rows.insert(place, row)
        self._ids.add(row.id)
        self.endInsertRows()
        if place + 1 < len(self._rows):
            self.dataChanged.emit(self.index(place + 1), self.index(place + 1))

    # --- what is said of them -----------------------------------------------------------------------------
    def revise(self, rows: Iterable[Row]) -> None:
        """These say something else now, where they are loaded; so may what answers them."""
        new = {row.id: row for row in rows}
        self._know(new.values())
        for n, row in enumerate(self._rows):
            if row.id in new:
                self._rows[n] = new[row.id]
            if row.id in new or row.answer_to in new:
                self.dataChanged.emit(self.index(n), self.index(n))

    def rename(self, people: Iterable[PersonRow]) -> None:
        """Shows everybody under the name they have now."""
        names = {person.id: person.name for person in people}
        for n, row in enumerate(self._rows):
            name = names.get(row.person_id, row.person)
            if name != row.person:
                self._rows[n] = replace(row, person=name)
                self.dataChanged.emit(self.index(n), self.index(n))
