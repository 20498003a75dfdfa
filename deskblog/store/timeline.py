"""The timeline: what is shown, newest first, by an integer key that follows time.

Newest first is then simply the order of rows, which is what makes a page, and a full-text search ordered by time,
as quick at a million posts as at ten thousand. key = milliseconds << 20 | something that makes it unique. An answer's
key is greater than that of what it answers, also when the answer came first: then it is keyed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from deskblog.log import kinds
from deskblog.log.clock import sorts_at
from deskblog.log.entry import Entry
from deskblog.log.letter import Opened
from deskblog.store.about import AboutEntries
from deskblog.store.announcements import Announcements
from deskblog.store.blobs import Blobs
from deskblog.store.database import Database
from deskblog.store.letters import KIND, Letters
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.publicity import Publicity
from deskblog.store.read import Read
from deskblog.store.rows import Rows
from deskblog.store.showing import Showing
from deskblog.store.unread import Unread
from deskblog.store.words import Words
from deskblog.values import Page, Row, View

TIE_BITS = 20
LAST = 2**63 - 1
WHAT = (
    "SELECT t.key, t.log, t.kind, t.at, t.text, t.target, e.id, t.readers, t.closed,"
    " EXISTS (SELECT 1 FROM unread u WHERE u.key = t.key)"
)
_FROM = " FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq"
COLUMNS = WHAT + _FROM
_BENEATH = WHAT + ", t.seq" + _FROM
_OF_VIEW = {
    View.QUESTIONS: "t.kind = 'question'",
    View.COFFEE: "t.kind = 'coffee'",
    View.SEALED: "t.readers IS NOT NULL",
    View.ANNOUNCEMENTS: "t.kind = 'announcement'",
}
_APART = "t.kind <> 'coffee'"  # what is said at the coffee machine has a view of its own


class Timeline:
    """Writes and reads the table `timeline` and its full-text index."""

    def __init__(
        self,
        database: Database,
        logs: Logs,
        about: AboutEntries,
        blobs: Blobs,
        letters: Letters,
        announcements: Announcements,
        unread: Unread,
        publicity: Publicity,
        names: Callable[[bytes], tuple[str, bool]],
    ) -> None:
        """`names`: what a person is called, and whether it is oneself."""
        self._database = database
        self.words = Words(database)
        self._letters = letters
        self._unread = unread
        self._rows = Rows(database, logs, about, blobs, letters, announcements, publicity, names)

    # --- what there is to show ----------------------------------------------------------------------------
    def showing(self, log: HeldLog, one: Read) -> Showing | None:
        """What of an entry is shown; None if its kind, its body or its log has nothing for the timeline."""
        entry, header, content = one.entry, one.entry.header, one.content
        if header.version != 1 or not log.counts(header.seq):
            return None
        if header.kind == KIND:
            return self._unsealed(log, entry, one.body)
        if not isinstance(content, kinds.Shown):
            return None
        text, target = kinds.shown_text(content.text), kinds.target_of(content) or None
        kind, at = header.kind, header.time
        if isinstance(content, kinds.Past):
            kind, at = f"past {content.source}", min(content.at, at)
        unread = self._unread.is_news(log.person, at, header.kind)
        return Showing(log.n, header.seq, entry.id, kind, at, text, target, unread=unread)

    def _unsealed(self, log: HeldLog, entry: Entry, body: bytes) -> Showing | None:
        """A text that this PC may read: a post or an answer; on nobody's list of open questions."""
        opened = self._letters.open(entry, body)
        if not isinstance(opened, Opened) or not isinstance(opened.content, kinds.Carrying):
            return None
        text, target = kinds.shown_text(opened.content.text), kinds.target_of(opened.content) or None
        kind, readers, at = "answer" if target else "post", b"".join(opened.readers), entry.header.time
        unread = self._unread.is_news(log.person, at, kind)
        return Showing(log.n, entry.header.seq, entry.id, kind, at, text, target, readers, opened.group, unread)

    # --- writing, inside the caller's transaction ---------------------------------------------------------
    def add(self, shown: Iterable[Showing], arrival: int) -> dict[bytes, int]:
        """Puts entries on the timeline, and behind them what answers them and came before; the keys of all by id.

        There is a second round only where a key that was wanted was taken.
        """
        keys: dict[bytes, int] = {}
        rows = self._wanted(list(shown), arrival)
        while rows:
            placed = self._place(rows)
            keys |= placed
            rows = self._early_answers(placed)
        return keys

    def _wanted(self, shown: Sequence[Showing], arrival: int) -> list[tuple[int, Showing]]:
        """Where each is to stand: by its time, and behind what it answers."""
        targets = list({one.target for one in shown if one.target is not None})
        held = dict(self._database.rows_among("SELECT id, key FROM entry WHERE key IS NOT NULL AND id", targets))
        rows = []
        for one in shown:
            key = sorts_at(one.at, arrival) << TIE_BITS | _tie(one.id)
            before = held.get(one.target) if one.target is not None else None
            rows.append((key if before is None else max(key, _behind(before, one.id)), one))
        return rows

    def _place(self, rows: list[tuple[int, Showing]]) -> dict[bytes, int]:
        """Writes rows at these keys, or at the next that are free; where each came to stand, by entry."""
        taken = {
            row[0] for row in self._database.rows_among("SELECT key FROM timeline WHERE key", [r[0] for r in rows])
        }
        placed: dict[bytes, int] = {}
        for wanted, one in rows:
            key = wanted
            while key in taken or (key != wanted and self._exists(key)):
                taken.add(key)
                key += 1
            taken.add(key)
            placed[one.id] = key
        found = [(placed[one.id], one) for _wanted, one in rows]
        self._database.run_many(
            "INSERT INTO timeline (key, log, seq, kind, at, text, target, readers, closed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(k, o.log, o.seq, o.kind, o.at, o.text, o.target, o.readers, o.closed) for k, o in found],
        )
        self.words.add([(key, one.text) for key, one in found])
        self._unread.add([(one.id, key) for key, one in found if one.unread])
        asked = [(key,) for key, one in found if one.kind == "question"]
        self._database.run_many("INSERT INTO question (key) VALUES (?)", asked)
        self._database.run_many(
            "UPDATE entry SET key = ? WHERE log = ? AND seq = ?", [(key, one.log, one.seq) for key, one in found]
        )
        return placed

    def _exists(self, key: int) -> bool:
        return self._database.row("SELECT 1 FROM timeline WHERE key = ?", (key,)) is not None

    def _early_answers(self, placed: dict[bytes, int]) -> list[tuple[int, Showing]]:
        """Takes off the timeline the answers that stand before what they answer, and says where they belong."""
        answers = self._answers_beneath(list(placed))
        keys: dict[bytes, int] = {}
        for ident in answers:
            path = [ident]  # up to an answer whose key is known, or to one of the placed
            while (target := answers[path[-1]][5]) in answers and target not in keys:
                path.append(target)
            for one in reversed(path):
                key, target = answers[one][0], answers[one][5]
                least = keys[target] if target in keys else placed[target]
                keys[one] = key if key > least else _behind(least, one)
        early = [row for ident, row in answers.items() if row[0] != keys[ident]]
        self._drop((row[0], row[4]) for row in early)
        return [
            (keys[ident], Showing(log, seq, ident, kind, at, text, target, readers, closed, bool(unread)))
            for _key, log, kind, at, text, target, ident, readers, closed, unread, seq in early
        ]

    def _answers_beneath(self, targets: list[bytes]) -> dict[bytes, Any]:
        """What answers these, what answers that, and so on: rows by entry."""
        found: dict[bytes, Any] = {}
        while targets:
            rows = self._database.rows_among(f"{_BENEATH} WHERE t.target", targets)
            targets = [row[6] for row in rows if row[6] not in found]
            found |= {row[6]: row for row in rows}
        return found

    def remove_log(self, log: HeldLog) -> bool:
        """Takes all rows of a chain off the timeline; True if there were any."""
        rows = self._database.rows("SELECT key, text FROM timeline WHERE log = ?", (log.n,))
        self._drop(rows)
        self._database.run("UPDATE entry SET key = NULL WHERE log = ? AND key IS NOT NULL", (log.n,))
        return bool(rows)

    def remove(self, keys: Sequence[int]) -> None:
        """Takes single rows off the timeline."""
        self._drop(self._database.rows_among("SELECT key, text FROM timeline WHERE key", keys))

    def _drop(self, rows: Iterable[tuple[int, str]]) -> None:
        held = list(rows)
        self.words.remove(held)
        keys = [(key,) for key, _text in held]
        self._database.run_many("DELETE FROM timeline WHERE key = ?", keys)
        self._database.run_many("DELETE FROM question WHERE key = ?", keys)
        self._unread.drop(key for (key,) in keys)

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM timeline")
        self._database.run("DELETE FROM question")
        self._unread.clear()
        self.words.rebuild()
        self._database.run("UPDATE entry SET key = NULL")

    def keep(self, ids: frozenset[bytes]) -> None:
        """These are the posts the person keeps at hand."""
        self._rows.kept = ids

    # --- reading ------------------------------------------------------------------------------------------
    def rows(self, keys: Iterable[int]) -> tuple[Row, ...]:
        """The rows with these keys, oldest first."""
        return self.shown(sorted(self._database.rows_among(f"{COLUMNS} WHERE t.key", list(keys))))

    def page(self, before: int | None, limit: int, view: View, mine: Iterable[HeldLog]) -> Page:
        """Rows older than `before`, newest first. `mine`: one's own logs."""
        if view is View.KEPT:
            held = self._database.rows_among(f"{COLUMNS} WHERE e.id", list(self._rows.kept))
            return self.cut(sorted((row for row in held if row[0] < before_key(before)), reverse=True), limit)
        if view in (View.MINE, View.ASKED):
            asked = " AND t.kind = 'question'" if view is View.ASKED else ""
            return self.cut(self.of_logs(mine, before, limit + 1, asked), limit)
        of = " JOIN question q ON q.key = t.key" if view is View.OPEN else ""
        where = _OF_VIEW.get(view, _APART)
        key = "q.key" if view is View.OPEN else "t.key"
        found = self._database.rows(
            f"{COLUMNS}{of} WHERE {where} AND {key} < ? ORDER BY {key} DESC LIMIT ?", (before_key(before), limit + 1)
        )
        return self.cut(found, limit)

    def of_logs(self, logs: Iterable[HeldLog], before: int | None, limit: int, more: str = "") -> list[Any]:
        """The newest rows of these logs: each is asked by itself, as one question would sort all of them. `more`: a
        further condition."""
        found: list[Any] = []
        for log in logs:
            found += self._database.rows(
                f"{COLUMNS} WHERE t.log = ? AND t.key < ?{more} ORDER BY t.key DESC LIMIT ?",
                (log.n, before_key(before), limit),
            )
        return sorted(found, reverse=True)[:limit]

    def count_open(self) -> int:
        """How many questions wait for an answer to be taken."""
        found: int = self._database.row("SELECT count(*) FROM question")[0]
        return found

    def answers(self, target: bytes) -> tuple[Row, ...]:
        """What answers an entry, oldest first."""
        return self.shown(self._database.rows(f"{COLUMNS} WHERE t.target = ? ORDER BY t.key", (target,)))

    def cut(self, found: list[Any], limit: int) -> Page:
        """The page of what was found: its first rows, and whether there are more."""
        rows = self.shown(found[:limit])
        return Page(rows, rows[-1].key if len(found) > limit else None)

    def shown(self, found: Sequence[Any]) -> tuple[Row, ...]:
        """The rows of what was selected as COLUMNS says."""
        return self._rows.of(found)

    # --- what is said of it, inside the caller's transaction ----------------------------------------------
    def revise(self, ident: bytes, text: str, *, solved: bool) -> None:
        """What a row says from now on, and whether its question is solved; nothing if it is not shown."""
        row = self._database.row(
            "SELECT t.key, t.text, t.kind FROM entry e JOIN timeline t ON t.key = e.key WHERE e.id = ?", (ident,)
        )
        if row is None:
            return
        key, before, kind = row
        if kind == "question":
            change = "DELETE FROM question WHERE key = ?" if solved else "INSERT OR IGNORE INTO question VALUES (?)"
            self._database.run(change, (key,))
        if text != before:
            self._database.run("UPDATE timeline SET text = ? WHERE key = ?", (text, key))
            self.words.remove([(key, before)])
            self.words.add([(key, text)])

    def keys_between(self, low: bytes, high: bytes) -> list[tuple[bytes, int]]:
        """(id, key) of shown entries whose ids lie there, 300 at most."""
        return self._database.rows(
            "SELECT id, key FROM entry WHERE id >= ? AND id <= ? AND key IS NOT NULL LIMIT 300", (low, high)
        )

    def keys(self, ids: Sequence[bytes]) -> list[int]:
        """Where those of the entries stand that are shown."""
        rows = self._database.rows_among("SELECT key FROM entry WHERE key IS NOT NULL AND id", ids)
        return [row[0] for row in rows]


def before_key(key: int | None) -> int:
    return LAST if key is None else key


def _tie(ident: bytes) -> int:
    """What sets apart entries of one millisecond: the first 20 bits of the id."""
    return int.from_bytes(ident[:3], "big") >> 4


def _behind(key: int, ident: bytes) -> int:
    """A key for an answer to what stands at `key`: spread over the next millisecond, or each would try all keys."""
    return key + 1 + _tie(ident)
