"""The timeline: what is shown, newest first, by an integer key that follows time.

Newest first is then simply the order of rows, which is what makes a page, and a full-text search ordered by time,
as quick at a million posts as at ten thousand. key = milliseconds << 20 | something that makes it unique. An answer's
key is greater than that of what it answers, also when the answer came first: then it is keyed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from deskblog.log import kinds
from deskblog.log.clock import sorts_at
from deskblog.log.entry import Entry
from deskblog.store import marks
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.values import Page, Row, View

TIE_BITS = 20
QUOTE = 80  # characters of what is answered that go along with an answer
_COLUMNS = (
    "SELECT t.key, t.log, t.kind, t.at, t.text, t.target, e.id"
    " FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq"
)


@dataclass(frozen=True, slots=True)
class Showing:
    """An entry that has something to show."""

    log: HeldLog
    seq: int
    id: bytes
    kind: str
    at: int
    text: str
    target: bytes | None


def showing(log: HeldLog, entry: Entry, body: bytes | None) -> Showing | None:
    """What of an entry is shown; None if its kind, its body or its log has nothing for the timeline."""
    header = entry.header
    if body is None or not log.counts(header.seq) or header.kind == "open" or header.version != 1:
        return None
    content = kinds.decode_body(header.kind, body)
    if content is None or isinstance(content, kinds.Open):
        return None
    target = content.target if isinstance(content, kinds.Answer) else None
    text = kinds.shown_text(content.text)
    return Showing(log, header.seq, entry.id, header.kind, header.time, text, target)


class Timeline:
    """Writes and reads the table `timeline` and its full-text index."""

    def __init__(self, database: Database, logs: Logs, names: Callable[[HeldLog], tuple[str, bool]]) -> None:
        self._database = database
        self._logs = logs
        self._names = names
        self._orphans = {
            row[0]
            for row in database.rows(
                "SELECT DISTINCT t.target FROM timeline t LEFT JOIN entry e ON e.id = t.target"
                " WHERE t.target IS NOT NULL AND e.key IS NULL"
            )
        }

    # --- writing, inside the caller's transaction ---------------------------------------------------------
    def add(self, shown: Iterable[Showing], arrival: int) -> list[int]:
        """Puts entries on the timeline; their keys."""
        rows = [(self._key(one, arrival), one) for one in shown]
        keys: list[int] = []
        taken = self._taken(key for key, _one in rows)
        for key, _one in rows:
            while key in taken:
                key += 1
                if key not in taken and self._exists(key):
                    taken.add(key)
            taken.add(key)
            keys.append(key)
        found = list(zip(keys, (one for _key, one in rows), strict=True))
        self._database.run_many(
            "INSERT INTO timeline (key, log, seq, kind, at, text, target) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(key, one.log.n, one.seq, one.kind, one.at, one.text, one.target) for key, one in found],
        )
        self._database.run_many("INSERT INTO words (rowid, text) VALUES (?, ?)", [(k, o.text) for k, o in found])
        self._database.run_many(
            "UPDATE entry SET key = ? WHERE log = ? AND seq = ?", [(key, one.log.n, one.seq) for key, one in found]
        )
        for key, one in found:
            if one.id in self._orphans:
                self._orphans.discard(one.id)
                self._move_answers_behind(one.id, key)
        return keys

    def _key(self, one: Showing, arrival: int) -> int:
        key = sorts_at(one.at, arrival) << TIE_BITS | int.from_bytes(one.id[:3], "big") >> 4
        if one.target is not None:
            row = self._database.row("SELECT key FROM entry WHERE id = ?", (one.target,))
            if row is None or row[0] is None:
                self._orphans.add(one.target)
            else:
                key = max(key, row[0] + 1)
        return key

    def _taken(self, keys: Iterable[int]) -> set[int]:
        wanted = list(keys)
        if not wanted:
            return set()
        marks_ = ",".join("?" * len(wanted))
        return {row[0] for row in self._database.rows(f"SELECT key FROM timeline WHERE key IN ({marks_})", wanted)}

    def _exists(self, key: int) -> bool:
        return self._database.row("SELECT 1 FROM timeline WHERE key = ?", (key,)) is not None

    def _move_answers_behind(self, target: bytes, key: int) -> None:
        early = self._database.rows(
            "SELECT key, log, seq, kind, at, text, target FROM timeline WHERE target = ? AND key <= ? ORDER BY key",
            (target, key),
        )
        for old, n, seq, kind, at, text, aim in early:
            ident = self._database.row("SELECT id FROM entry WHERE log = ? AND seq = ?", (n, seq))[0]
            self._drop([(old, text)])
            self.add([Showing(self._logs.numbered(n), seq, ident, kind, at, text, aim)], arrival=at)

    def remove_log(self, log: HeldLog) -> None:
        """Takes all rows of a log off the timeline."""
        self._drop(self._database.rows("SELECT key, text FROM timeline WHERE log = ?", (log.n,)))
        self._database.run("UPDATE entry SET key = NULL WHERE log = ?", (log.n,))

    def _drop(self, rows: Iterable[tuple[int, str]]) -> None:
        held = list(rows)
        self._database.run_many("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", held)
        self._database.run_many("DELETE FROM timeline WHERE key = ?", [(key,) for key, _text in held])

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM timeline")
        self._database.run("INSERT INTO words (words) VALUES ('rebuild')")
        self._database.run("UPDATE entry SET key = NULL")
        self._orphans.clear()

    # --- reading ------------------------------------------------------------------------------------------
    def rows(self, keys: Iterable[int]) -> tuple[Row, ...]:
        """The rows with these keys, oldest first."""
        wanted = list(keys)
        marks_ = ",".join("?" * len(wanted))
        found = self._database.rows(f"{_COLUMNS} WHERE t.key IN ({marks_}) ORDER BY t.key", wanted)
        return tuple(self._row(row) for row in found)

    def page(self, before: int | None, limit: int, view: View, mine: Iterable[HeldLog]) -> Page:
        """Rows older than `before`, newest first."""
        numbers = [log.n for log in mine]
        where = {
            View.ALL: "",
            View.OFFICE: "",
            View.QUESTIONS: "t.kind = 'question' AND ",
            View.MINE: f"t.log IN ({','.join(map(str, numbers))}) AND ",
        }[view]
        found = self._database.rows(
            f"{_COLUMNS} WHERE {where}t.key < ? ORDER BY t.key DESC LIMIT ?", (_before(before), limit + 1)
        )
        return self._page(found, limit)

    def search(self, match: str, before: int | None, limit: int, logs: Iterable[HeldLog] | None) -> Page:
        """Rows that match an FTS5 expression, newest first; `logs`: of these alone."""
        of_logs = "" if logs is None else f" AND t.log IN ({','.join(str(log.n) for log in logs)})"
        found = self._database.rows(
            "SELECT t.key, t.log, t.kind, t.at, t.text, t.target, e.id FROM words"
            " JOIN timeline t ON t.key = words.rowid JOIN entry e ON e.log = t.log AND e.seq = t.seq"
            f" WHERE words MATCH ? AND words.rowid < ?{of_logs} ORDER BY words.rowid DESC LIMIT ?",
            (match, _before(before), limit + 1),
        )
        return self._page(found, limit)

    def answers(self, target: bytes) -> tuple[Row, ...]:
        """What answers an entry, oldest first."""
        return tuple(map(self._row, self._database.rows(f"{_COLUMNS} WHERE t.target = ? ORDER BY t.key", (target,))))

    def _page(self, found: list[Any], limit: int) -> Page:
        rows = tuple(self._row(row) for row in found[:limit])
        return Page(rows, rows[-1].key if len(found) > limit else None)

    def _row(self, found: Any) -> Row:
        key, n, kind, at, text, target, ident = found
        log = self._logs.numbered(n)
        name, mine = self._names(log)
        return Row(
            key=key,
            id=ident.hex(),
            kind=kind,
            person=name,
            person_id=(log.person or b"").hex(),
            device=log.name.device.hex(),
            at=at,
            text=text,
            answer_to=target.hex() if target else "",
            quote=self._quote(target) if target else "",
            tags=marks.tags(text),
            mentions=marks.mentions(text),
            mine=mine,
        )

    def _quote(self, target: bytes) -> str:
        """“Paul: Which form …”, or nothing while the post is not here."""
        found = self._database.row(
            "SELECT t.log, t.text FROM entry e JOIN timeline t ON t.key = e.key WHERE e.id = ?", (target,)
        )
        if found is None:
            return ""
        return f"{self._names(self._logs.numbered(found[0]))[0]}: {found[1][:QUOTE]}"


def _before(key: int | None) -> int:
    return 2**63 - 1 if key is None else key
