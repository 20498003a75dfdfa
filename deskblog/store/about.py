"""What entries say of others: reactions, answers taken, corrections, votes; all that count are in the table `about`.

All are kept there, so that where the newest is withdrawn, or counts no more, the one before it holds again. Of each
person, target and kind the newest holds, by time, then id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskblog.log import kinds
from deskblog.log.entry import Entry
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.values import EntryId, PersonId

KINDS = ("react", "solve", "correct", "vote")
_NEWEST = (
    "SELECT b.target, b.kind, b.log, b.at, b.id, e.body FROM about b JOIN entry e ON e.log = b.log AND e.seq = b.seq"
    " WHERE b.target"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says of an entry now."""

    person: PersonId
    at: int  # UTC ms
    id: EntryId
    content: kinds.About


class AboutEntries:
    """Writes, inside the caller's transaction, and reads the table `about`; writing says which targets were met."""

    def __init__(self, database: Database, logs: Logs) -> None:
        self._database = database
        self._logs = logs
        self._told: set[bytes] = {row[0] for row in database.rows("SELECT target FROM about WHERE kind <> 'react'")}

    # --- writing ------------------------------------------------------------------------------------------
    def add(self, log: HeldLog, entries: Iterable[tuple[Entry, bytes]]) -> set[bytes]:
        """Notes those of these entries that count."""
        rows = []
        for entry, body in entries:
            header = entry.header
            if header.kind not in KINDS or header.version != 1 or not log.counts(header.seq):
                continue
            content = kinds.decode_body(header.kind, body)
            if isinstance(content, kinds.About):
                rows.append((content.target, header.kind, log.n, header.seq, header.time, entry.id))
        self._database.run_many(
            "INSERT OR REPLACE INTO about (target, kind, log, seq, at, id) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        self._told |= {row[0] for row in rows if row[1] != "react"}
        return {row[0] for row in rows}

    def remove_log(self, log: HeldLog) -> set[bytes]:
        """Takes out what a chain says."""
        found = self._database.rows("SELECT DISTINCT target FROM about WHERE log = ?", (log.n,))
        if found:
            self._database.run("DELETE FROM about WHERE log = ?", (log.n,))
        return {row[0] for row in found}

    def remove(self, ids: Iterable[bytes]) -> set[bytes]:
        """Takes out single entries."""
        found = self._database.rows_among("SELECT id, target FROM about WHERE id", list(ids))
        self._database.run_many("DELETE FROM about WHERE id = ?", [(ident,) for ident, _target in found])
        return {target for _ident, target in found}

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM about")
        self._told.clear()

    # --- reading ------------------------------------------------------------------------------------------
    def told(self, ids: Iterable[bytes]) -> set[bytes]:
        """Those of the entries that may be corrected or solved."""
        return self._told.intersection(ids)

    def of(
        self, targets: Iterable[bytes], kind: str = "", chain: Callable[[int], HeldLog] | None = None
    ) -> dict[bytes, list[Said]]:
        """What holds of each of these entries, oldest first; of one kind, or of all but votes. `chain`: chains by
        number, where a transaction under way has changed them."""
        numbered = chain or self._logs.numbered
        newest: dict[tuple[bytes, str, PersonId], tuple[int, EntryId, bytes]] = {}
        for target, of_kind, n, at, ident, body in self._database.rows_among(_NEWEST, list(targets)):
            person = numbered(n).person
            if person is not None and body is not None and of_kind != "vote" and kind in ("", of_kind):
                key = target, of_kind, PersonId(person)
                newest[key] = max(newest.get(key, (0, ident, body)), (at, ident, body))
        found: dict[bytes, list[Said]] = {}
        for (target, of_kind, person), (at, ident, body) in newest.items():
            content = kinds.decode_body(of_kind, body)
            if isinstance(content, kinds.About):
                found.setdefault(target, []).append(Said(person, at, ident, content))
        for said in found.values():
            said.sort(key=lambda one: (one.at, one.id))
        return found

    def votes(self, polls: Mapping[bytes, kinds.Poll]) -> dict[bytes, dict[PersonId, tuple[int, ...]]]:
        """By poll and person the places chosen: of each person the newest vote that the poll allows."""
        newest: dict[tuple[bytes, PersonId], tuple[int, EntryId, tuple[int, ...]]] = {}
        for target, of_kind, n, at, ident, body in self._database.rows_among(_NEWEST, list(polls)):
            person = self._logs.numbered(n).person
            content = kinds.decode_body("vote", body) if of_kind == "vote" and body is not None else None
            if (
                person is not None
                and isinstance(content, kinds.Vote)
                and _allowed(polls[target], at, content.options)
            ):
                key = target, PersonId(person)
                newest[key] = max(newest.get(key, (0, ident, ())), (at, ident, content.options))
        found: dict[bytes, dict[PersonId, tuple[int, ...]]] = {}
        for (target, person), (_at, _id, options) in sorted(newest.items(), key=lambda item: item[1][:2]):
            found.setdefault(target, {})[person] = options
        return found

    def corrections(self, target: bytes, person: PersonId) -> list[tuple[EntryId, int, kinds.Correct]]:
        """(id, time, correction) of all of an entry by that person, oldest first."""
        rows = self._database.rows(f"{_NEWEST} = ? AND b.kind = 'correct' ORDER BY b.at, b.id", (target,))
        out = []
        for _target, _kind, n, at, ident, body in rows:
            content = kinds.decode_body("correct", body) if body is not None else None
            if self._logs.numbered(n).person == person and isinstance(content, kinds.Correct):
                out.append((EntryId(ident), at, content))
        return out

    def latest(self, kind: str, target: bytes, logs: Sequence[HeldLog]) -> int:
        """The greatest time at which these logs say something of that kind of an entry; 0 if they do not."""
        rows = self._database.rows("SELECT log, at FROM about WHERE target = ? AND kind = ?", (target, kind))
        among = {log.n for log in logs}
        return max((at for n, at in rows if n in among), default=0)

    def before(self, time: int) -> list[EntryId]:
        """Those older than that."""
        return [EntryId(row[0]) for row in self._database.rows("SELECT id FROM about WHERE at < ?", (time,))]


def _allowed(poll: kinds.Poll, at: int, options: Sequence[int]) -> bool:
    in_time = not poll.closes or at < poll.closes
    return (
        in_time
        and len(options) <= (len(poll.options) if poll.many else 1)
        and max(options, default=0) < len(poll.options)
    )
