"""What entries say of others: reactions, answers taken, corrections, votes; all that count are in the table `about`.

All are kept there, so that where the newest is withdrawn, or counts no more, the one before it holds again. Of each
person, target and kind the newest holds, by time, then id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from deskblog.log import kinds
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.read import Read
from deskblog.values import EntryId, PersonId

KINDS = ("react", "solve", "correct", "vote", "receipt", "close", "public")
_CHANGES = ("solve", "correct", "vote")  # what its target's row says, or where it stands, may be another then
_NEWEST = (
    "SELECT b.target, b.kind, b.log, b.at, b.id, e.body FROM about b JOIN entry e ON e.log = b.log AND e.seq = b.seq"
    " WHERE b.target"
)


class Said(Struct, frozen=True):
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
        told = "SELECT target FROM about WHERE kind <> 'react' AND kind NOT IN ('receipt', 'close', 'public')"
        self._told: set[bytes] = {row[0] for row in database.rows(told)}

    # --- writing ------------------------------------------------------------------------------------------
    def add(self, log: HeldLog, entries: Iterable[Read]) -> set[bytes]:
        """Notes those of these entries that count."""
        rows = []
        for one in entries:
            header = one.entry.header
            if header.kind in KINDS and isinstance(one.content, kinds.About) and log.counts(header.seq):
                place = header.kind, log.n, header.seq, header.time, one.entry.id
                rows += [(target, *place) for target in kinds.targets_of(one.content)]
        self._database.run_many(
            "INSERT OR REPLACE INTO about (target, kind, log, seq, at, id) VALUES (?, ?, ?, ?, ?, ?)", rows
        )
        self._told |= {row[0] for row in rows if row[1] in _CHANGES}
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
        """What holds of each of these entries, oldest first; of one kind, or of all but votes and receipts. `chain`:
        chains by number, where a transaction under way has changed them."""
        numbered = chain or self._logs.numbered
        newest: dict[tuple[bytes, str, PersonId], tuple[int, EntryId, bytes]] = {}
        for target, of_kind, n, at, ident, body in self._database.rows_among(_NEWEST, list(targets)):
            person = numbered(n).person
            counted = of_kind in ("vote", "receipt")  # there are many, and they have readers of their own
            if person is not None and body is not None and not counted and kind in ("", of_kind):
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

    def receipts(self, targets: Iterable[bytes]) -> dict[bytes, dict[PersonId, int]]:
        """By target and person when they first said that they have it (UTC ms)."""
        found: dict[bytes, dict[PersonId, int]] = {}
        of = "SELECT target, log, at FROM about WHERE kind = 'receipt' AND target"
        for target, n, at in self._database.rows_among(of, list(targets)):
            person = self._logs.numbered(n).person
            if person is not None:
                said = found.setdefault(target, {})
                said[PersonId(person)] = min(at, said.get(PersonId(person), at))
        return found

    def receipt_of(self, target: bytes, logs: Sequence[HeldLog]) -> list[tuple[EntryId, tuple[bytes, ...]]]:
        """(id, all targets) of what these logs say of having an entry."""
        among = {log.n for log in logs}
        rows = self._database.rows(f"{_NEWEST} = ? AND b.kind = 'receipt'", (target,))
        said = [(EntryId(row[4]), kinds.decode_body("receipt", row[5])) for row in rows if row[2] in among and row[5]]
        return [(ident, one.targets) for ident, one in said if isinstance(one, kinds.Receipt)]

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
        """The greatest time at which these logs say something of that kind of an entry; 0 if they do not. What makes
        an entry public is to be later than the entry too: it may not be dropped before that is."""
        rows = self._database.rows("SELECT log, at FROM about WHERE target = ? AND kind = ?", (target, kind))
        among = {log.n for log in logs}
        said = [at for n, at in rows if n in among]
        if kind == "public":
            of = "SELECT t.at FROM entry e JOIN timeline t ON t.key = e.key WHERE e.id = ?"
            said += [row[0] for row in self._database.rows(of, (target,))]
        return max(said, default=0)

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
