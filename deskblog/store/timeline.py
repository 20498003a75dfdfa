"""The timeline: what is shown, newest first, by an integer key that follows time.

Newest first is then simply the order of rows, which is what makes a page, and a full-text search ordered by time,
as quick at a million posts as at ten thousand. key = milliseconds << 20 | something that makes it unique. An answer's
key is greater than that of what it answers, also when the answer came first: then it is keyed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
_WHAT = "SELECT t.key, t.log, t.kind, t.at, t.text, t.target, e.id"
_FROM = " FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq"
_COLUMNS = _WHAT + _FROM
_ANSWERS = _WHAT + ", t.seq" + _FROM


@dataclass(frozen=True, slots=True)
class Showing:
    """An entry that has something to show."""

    log: int  # its number here
    seq: int
    id: bytes
    kind: str
    at: int
    text: str
    target: bytes | None


def showing(log: HeldLog, entry: Entry, body: bytes | None) -> Showing | None:
    """What of an entry is shown; None if its kind, its body or its log has nothing for the timeline."""
    header = entry.header
    if body is None or not log.counts(header.seq) or header.kind in kinds.LASTING or header.version != 1:
        return None
    content = kinds.decode_body(header.kind, body)
    if not isinstance(content, kinds.Shown):
        return None
    target = content.target if isinstance(content, kinds.Answer) else None
    text = kinds.shown_text(content.text)
    return Showing(log.n, header.seq, entry.id, header.kind, header.time, text, target)


class Timeline:
    """Writes and reads the table `timeline` and its full-text index."""

    def __init__(self, database: Database, logs: Logs, names: Callable[[HeldLog], tuple[str, bool]]) -> None:
        self._database = database
        self._logs = logs
        self._names = names

    # --- writing, inside the caller's transaction ---------------------------------------------------------
    def add(self, shown: Iterable[Showing], arrival: int) -> list[int]:
        """Puts entries on the timeline, and behind them what answers them and came before; the keys of all these.

        There is a second round only where a key that was wanted was taken.
        """
        keys: dict[bytes, int] = {}
        rows = [(self._key(one, arrival), one) for one in shown]
        while rows:
            placed = self._place(rows)
            keys |= placed
            rows = self._early_answers(placed)
        return list(keys.values())

    def _key(self, one: Showing, arrival: int) -> int:
        key = sorts_at(one.at, arrival) << TIE_BITS | _tie(one.id)
        if one.target is not None:
            row = self._database.row("SELECT key FROM entry WHERE id = ?", (one.target,))
            if row is not None and row[0] is not None:
                key = max(key, _behind(row[0], one.id))
        return key

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
            "INSERT INTO timeline (key, log, seq, kind, at, text, target) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(key, one.log, one.seq, one.kind, one.at, one.text, one.target) for key, one in found],
        )
        self._database.run_many("INSERT INTO words (rowid, text) VALUES (?, ?)", [(k, o.text) for k, o in found])
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
            (keys[ident], Showing(log, seq, ident, kind, at, text, target))
            for _key, log, kind, at, text, target, ident, seq in early
        ]

    def _answers_beneath(self, targets: list[bytes]) -> dict[bytes, Any]:
        """What answers these, what answers that, and so on: rows by entry."""
        found: dict[bytes, Any] = {}
        while targets:
            rows = self._database.rows_among(f"{_ANSWERS} WHERE t.target", targets)
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
        self._database.run_many("INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)", held)
        self._database.run_many("DELETE FROM timeline WHERE key = ?", [(key,) for key, _text in held])

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM timeline")
        self._database.run("INSERT INTO words (words) VALUES ('rebuild')")
        self._database.run("UPDATE entry SET key = NULL")

    # --- reading ------------------------------------------------------------------------------------------
    def rows(self, keys: Iterable[int]) -> tuple[Row, ...]:
        """The rows with these keys, oldest first."""
        return tuple(map(self._row, sorted(self._database.rows_among(f"{_COLUMNS} WHERE t.key", list(keys)))))

    def page(self, before: int | None, limit: int, view: View, mine: Iterable[HeldLog]) -> Page:
        """Rows older than `before`, newest first."""
        if view is View.MINE:
            return self._page(self._of_logs(mine, before, limit + 1), limit)
        where = "t.kind = 'question' AND " if view is View.QUESTIONS else ""
        found = self._database.rows(
            f"{_COLUMNS} WHERE {where}t.key < ? ORDER BY t.key DESC LIMIT ?", (_before(before), limit + 1)
        )
        return self._page(found, limit)

    def _of_logs(self, logs: Iterable[HeldLog], before: int | None, limit: int) -> list[Any]:
        """The newest rows of these logs: each is asked by itself, as one question would sort all of them."""
        found: list[Any] = []
        for log in logs:
            found += self._database.rows(
                f"{_COLUMNS} WHERE t.log = ? AND t.key < ? ORDER BY t.key DESC LIMIT ?",
                (log.n, _before(before), limit),
            )
        return sorted(found, reverse=True)[:limit]

    def search(self, match: str, before: int | None, limit: int, logs: Iterable[HeldLog] | None) -> Page:
        """Rows that match an FTS5 expression, newest first; `logs`: of these alone."""
        of_logs = "" if logs is None else f" AND t.log IN ({','.join(str(log.n) for log in logs)})"
        found = self._database.rows(
            f"{_WHAT} FROM words"
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


def _tie(ident: bytes) -> int:
    """What sets apart entries of one millisecond: the first 20 bits of the id."""
    return int.from_bytes(ident[:3], "big") >> 4


def _behind(key: int, ident: bytes) -> int:
    """A key for an answer to what stands at `key`: spread over the next millisecond, or each would try all keys."""
    return key + 1 + _tie(ident)
