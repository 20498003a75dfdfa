"""What the person has not read yet: rows of the timeline, exact over restarts and the same on all PCs of one person.

A post is unread while no PC of the person has marked it. A mark is the beginning of an entry's id; marks are only
ever added, so what two PCs say merges in any order, and may come before the post. Read from the first are one's own
posts, what was brought in from elsewhere, and what was written before this PC knew the office.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from deskblog.log.letter import SEEN_MARK
from deskblog.store.announcements import KIND as ANNOUNCEMENT
from deskblog.store.announcements import Announcements
from deskblog.store.database import Database
from deskblog.store.items import Items
from deskblog.store.marks import mentions, names
from deskblog.values import EntryId, View

_SINCE = "unread-since"
_FROM = " FROM unread u JOIN timeline t ON t.key = u.key JOIN entry e ON e.log = t.log AND e.seq = t.seq"
_OF_VIEW = {
    View.OFFICE: "t.kind <> 'coffee'",
    View.COFFEE: "t.kind = 'coffee'",
    View.SEALED: "t.readers IS NOT NULL",
    View.OPEN: "t.key IN (SELECT key FROM question)",
}


class Unread:
    """The tables `unread` (keys of the timeline, a view) and `read_mark` (of this PC alone; `told`: to one's other
    PCs, or by one of them; `at`: when it was marked, UTC ms)."""

    def __init__(
        self,
        database: Database,
        people: Callable[[bytes], tuple[str, bool]],
        announcements: Announcements,
        items: Items,
    ) -> None:
        """`people`: what a person is called, and whether it is oneself."""
        self._database = database
        self._people = people
        self._announcements = announcements
        self._items = items
        self._since: int | None = None
        self._come: list[EntryId] = []  # read on another PC, not told yet to the window

    def begin(self, now: int) -> None:
        """From the first time on that this is called for a store: what is older (UTC ms) is read."""
        if self._database.row("SELECT 1 FROM meta WHERE key = ?", (_SINCE,)) is None:
            with self._database.transaction(durable=False):
                self._database.run("INSERT INTO meta (key, value) VALUES (?, ?)", (_SINCE, str(now)))
                self._database.run("DELETE FROM unread")
            self._since = now

    # --- inside the caller's transaction ------------------------------------------------------------------
    def is_news(self, person: bytes | None, at: int, kind: str) -> bool:
        """Whether what is shown for the first time is unread, if no mark says otherwise."""
        return kind != "past" and at > self._begun and not self._people(person or b"")[1]

    @property
    def _begun(self) -> int:
        if self._since is None:
            row = self._database.row("SELECT value FROM meta WHERE key = ?", (_SINCE,))
            self._since = int(row[0]) if row else 0
        return self._since

    def add(self, placed: Sequence[tuple[bytes, int]]) -> None:
        """(id, key) of rows that are unread, unless a mark of theirs came first."""
        if placed:
            marks = [ident[:SEEN_MARK] for ident, _key in placed]
            read = {row[0] for row in self._database.rows_among("SELECT mark FROM read_mark WHERE mark", marks)}
            keys = [(key,) for ident, key in placed if ident[:SEEN_MARK] not in read]
            self._database.run_many("INSERT INTO unread (key) VALUES (?)", keys)

    def drop(self, keys: Iterable[int]) -> None:
        self._database.run_many("DELETE FROM unread WHERE key = ?", [(key,) for key in keys])

    def belong(self, mine: Iterable[int], others: Iterable[int]) -> None:
        """What is in these logs is one's own from now on, what is in the others is another's."""
        for log in mine:
            self._database.run("DELETE FROM unread WHERE key IN (SELECT key FROM timeline WHERE log = ?)", (log,))
        for log in others:
            rows = self._database.rows("SELECT e.id, t.key FROM timeline t JOIN entry e"
                                       " ON e.log = t.log AND e.seq = t.seq"
                                       " WHERE t.log = ? AND t.at > ? AND t.kind NOT LIKE 'past %'"
                                       " AND t.key NOT IN (SELECT key FROM unread)", (log, self._begun))  # fmt: skip
            self.add([(ident, key) for ident, key in rows])

    def clear(self) -> None:
        """Empties the view; the marks stay, they cannot be made anew."""
        self._database.run("DELETE FROM unread")

    def take(self, marks: Sequence[bytes]) -> None:
        """Marks of another PC of one's own."""
        self._database.run_many(
            "INSERT INTO read_mark (mark, told, at) VALUES (?, 1, 0) ON CONFLICT (mark) DO UPDATE SET told = 1",
            [(mark,) for mark in marks],
        )
        self._come += self._let_go([one for mark in marks for one in self._with_mark(mark)])
        self._come += self._items.let_go([ident for mark in marks for ident in self._items.with_mark(mark)])

    def _with_mark(self, mark: bytes) -> list[tuple[EntryId, int]]:
        """(id, key) of what is shown of the entries whose id begins so: one, but for what nobody can make happen."""
        last = mark + b"\xff" * (32 - len(mark))
        found = self._database.rows("SELECT id, key FROM entry WHERE id BETWEEN ? AND ? AND key IS NOT NULL",
                                    (mark, last))  # fmt: skip
        return [(EntryId(ident), key) for ident, key in found]

    def _let_go(self, placed: Sequence[tuple[EntryId, int]]) -> list[EntryId]:
        """Those that were unread until now."""
        held = self.among([key for _ident, key in placed])
        self.drop(held)
        return [ident for ident, key in placed if key in held]

    def come(self) -> tuple[EntryId, ...]:
        """What other PCs have marked since this was asked last, of what was unread here."""
        come, self._come = tuple(self._come), []
        return come

    # --- reading and marking ------------------------------------------------------------------------------
    def among(self, keys: Sequence[int]) -> set[int]:
        """Those of the rows that are unread."""
        return {row[0] for row in self._database.rows_among("SELECT key FROM unread WHERE key", keys)}

    def read(self, ids: Sequence[EntryId], now: int) -> list[EntryId]:
        """The person has read these; those that were unread."""
        placed = self._database.rows_among("SELECT id, key FROM entry WHERE key IS NOT NULL AND id", ids)
        with self._database.transaction(durable=False):
            gone = self._let_go([(EntryId(ident), key) for ident, key in placed]) + self._items.let_go(ids)
            self._database.run_many(
                "INSERT OR IGNORE INTO read_mark (mark, told, at) VALUES (?, 0, ?)",
                [(ident[:SEEN_MARK], now) for ident in gone],
            )
        return gone

    def ids(self, view: View, me: str, limit: int) -> list[EntryId]:
        """What is unread of a part of the timeline, newest first; `me`: what oneself is called."""
        if view is View.MENTIONS:
            return [ident for ident, text in self._rows(View.OFFICE, limit) if names(mentions(text), me)]
        if view is View.ANNOUNCEMENTS:
            return list(self._announced())[:limit]
        if view is View.FEEDS:
            return self._items.unread_ids(limit, muted=True)
        if view is View.ALL:
            posts = [ident for ident, _text in self._rows(View.OFFICE, limit)]
            return [*posts, *self._items.unread_ids(limit, muted=False)][:limit]
        return [ident for ident, _text in self._rows(view, limit)] if view in _OF_VIEW else []

    def _rows(self, view: View, limit: int, more: str = "") -> list[tuple[EntryId, str]]:
        where = f" WHERE {_OF_VIEW[view]}{more} ORDER BY u.key DESC LIMIT ?"
        return [
            (EntryId(one), text) for one, text in self._database.rows(f"SELECT e.id, t.text{_FROM}{where}", (limit,))
        ]

    def _announced(self) -> dict[EntryId, object]:
        found = self._database.rows(f"SELECT e.id{_FROM} WHERE t.kind = '{ANNOUNCEMENT}' ORDER BY u.key DESC")
        stands = self._announcements.of([row[0] for row in found])
        return {EntryId(row[0]): stands[row[0]] for row in found if row[0] in stands}

    def counts(self, me: str) -> dict[View, int]:
        """How many are unread, by part of the timeline; a part without any is left out."""
        sums = ", ".join(f"sum({where})" for where in _OF_VIEW.values())
        row = self._database.row(f"SELECT {sums} FROM unread u JOIN timeline t ON t.key = u.key")
        found = dict(zip(_OF_VIEW, (n or 0 for n in row), strict=True))
        called = self._rows(View.OFFICE, -1, " AND instr(t.text, '@') > 0")
        found[View.MENTIONS] = sum(names(mentions(text), me) for _ident, text in called)
        found[View.ANNOUNCEMENTS] = len(self._announced())
        found[View.FEEDS], loud = self._items.count_unread()
        found[View.ALL] = found[View.OFFICE] + loud
        return {view: n for view, n in found.items() if n}

    # --- telling one's other PCs --------------------------------------------------------------------------
    def untold(self, limit: int) -> tuple[bytes, ...]:
        """Marks of which no other PC of one's own knows yet, ascending."""
        rows = self._database.rows("SELECT mark FROM read_mark WHERE told = 0 LIMIT ?", (limit,))
        return tuple(sorted(row[0] for row in rows))

    def forget(self, before: int) -> None:
        """What was marked here before that (UTC ms) is nothing to a PC that was let in later."""
        with self._database.transaction(durable=False):
            self._database.run("UPDATE read_mark SET told = 1 WHERE told = 0 AND at BETWEEN 1 AND ?", (before - 1,))

    def tell_anew(self) -> None:
        """All marks, those of other PCs too: a PC of one's own was out, and lacks what was said meanwhile."""
        with self._database.transaction(durable=False):
            self._database.run("UPDATE read_mark SET told = 0")

    def told(self, marks: Sequence[bytes]) -> None:
        with self._database.transaction(durable=False):
            self._database.run_many("UPDATE read_mark SET told = 1 WHERE mark = ?", [(mark,) for mark in marks])
