"""Bodies that are to be gone: withdrawn by whoever may, or dropped by the office's retention rule.

A withdrawal is a function of what is held: where it turns out not to count (its author was removed, and it lies past
the border), the body is wanted again. What the rule dropped is wanted again when the rule allows it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from deskblog.log import kinds
from deskblog.log.entry import decode_entry
from deskblog.log.office import Office
from deskblog.store.database import Database
from deskblog.store.entries import BodyState, Entries, Held
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.timeline import TIE_BITS, Timeline
from deskblog.values import EntryId

DAY = 86_400_000  # milliseconds


class Erasure:
    """Writes the table `withdrawal`, and the bodies' states that follow from it."""

    def __init__(self, database: Database, logs: Logs, entries: Entries, timeline: Timeline) -> None:
        self._database = database
        self._logs = logs
        self._entries = entries
        self._timeline = timeline
        self._targets: set[bytes] = {row[0] for row in database.rows("SELECT DISTINCT target FROM withdrawal")}

    def take(self, log: HeldLog, held: Iterable[Held]) -> list[bytes]:
        """Notes the withdrawals among new entries; the ids that must be looked at again, inside the transaction."""
        again: list[bytes] = []
        for one in held:
            if one.entry.id in self._targets:
                again.append(one.entry.id)
            if one.entry.header.kind == "withdraw" and one.body is not None:
                content = kinds.decode_body("withdraw", one.body)
                if isinstance(content, kinds.Withdraw):
                    self._note(content.target, log.n, one.entry.header.seq)
                    again.append(EntryId(content.target))
        return again

    def _note(self, target: bytes, n: int, seq: int) -> None:
        self._database.run("INSERT OR IGNORE INTO withdrawal (target, log, seq) VALUES (?, ?, ?)", (target, n, seq))
        self._targets.add(target)

    def touched(self, chains: Iterable[HeldLog]) -> list[bytes]:
        """What to look at again when these chains are judged otherwise: what they withdraw, or have withdrawn."""
        if not self._targets:
            return []
        found: list[bytes] = []
        for chain in chains:
            rows = self._database.rows(
                "SELECT target FROM withdrawal WHERE log = ? UNION SELECT w.target FROM withdrawal w"
                " JOIN entry e ON e.id = w.target WHERE e.log = ?",
                (chain.n, chain.n),
            )
            found += [row[0] for row in rows]
        return found

    def targets(self) -> list[bytes]:
        """All that any withdrawal names."""
        return list(self._targets)

    def of_others(self) -> list[bytes]:
        """What was withdrawn by another person than its own: it hangs on who is out."""
        if not self._targets:
            return []
        rows = self._database.rows(
            "SELECT w.target FROM withdrawal w JOIN log a ON a.n = w.log JOIN entry e ON e.id = w.target"
            " JOIN log b ON b.n = e.log WHERE a.person IS NOT b.person"
        )
        return [row[0] for row in rows]

    def review(
        self, ids: Collection[bytes], chains: dict[int, HeldLog], office: Office
    ) -> tuple[frozenset[bytes], bool]:
        """Erases what is withdrawn, wants again what is not: (what was erased, True if the timeline lost a row).

        `chains`: those judged in this transaction, by number.
        """
        erase: list[bytes] = []
        restore: list[bytes] = []
        keys: list[int] = []
        for ident, n, seq, state, key in self._entries.states(sorted(set(ids))):
            lawful = self._withdrawn(ident, self._chain(n, chains), seq, chains, office)
            if lawful and state is not BodyState.ERASED:
                erase.append(ident)
                keys += [key] if key is not None else []
            elif not lawful and state is BodyState.ERASED:
                restore.append(ident)
        self._timeline.remove(keys)
        self._entries.let_go(erase, BodyState.ERASED)
        self._entries.let_go(restore, BodyState.WANTED)
        return frozenset(erase), bool(keys)

    def _chain(self, n: int, chains: dict[int, HeldLog]) -> HeldLog:
        return chains.get(n) or self._logs.numbered(n)

    def _withdrawn(
        self, ident: EntryId, target: HeldLog, seq: int, chains: dict[int, HeldLog], office: Office
    ) -> bool:
        if decode_entry(self._entries.header(target, seq)).header.kind in kinds.LASTING or target.person is None:
            return False
        owner = office.persons.get(target.person)
        for n, place in self._database.rows("SELECT log, seq FROM withdrawal WHERE target = ?", (ident,)):
            chain = self._chain(n, chains)
            if chain.person is None or not chain.counts(place):
                continue
            if chain.person == target.person:
                return True
            if owner is not None and owner.gone and office.made_keyholder(chain.person):
                return True
        return False

    def drop_before(self, time: int, coffee: int, others: Sequence[EntryId]) -> bool:
        """Drops `others`, the posts that sort before `time` (UTC ms), and coffee that sorts before `coffee`; True if
        the timeline lost a row."""
        rows = self._database.rows(
            "SELECT t.key, e.id FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq WHERE t.key < ?"
            " UNION SELECT t.key, e.id FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq"
            " WHERE t.kind = 'coffee' AND t.key < ?",
            (max(time, 0) << TIE_BITS, max(coffee, 0) << TIE_BITS),
        )
        self._timeline.remove([key for key, _ident in rows])
        self._entries.let_go([*others, *(ident for _key, ident in rows)], BodyState.DROPPED)
        return bool(rows)

    def want_since(self, time: int, coffee: int, *, again: bool) -> None:
        """Wants no more what would be dropped; `again`: wants what would be dropped no longer."""
        self._move(BodyState.WANTED, BodyState.DROPPED, lambda kind, at: at < (coffee if kind == "coffee" else time))
        if again:
            self._move(
                BodyState.DROPPED, BodyState.WANTED, lambda kind, at: at >= (coffee if kind == "coffee" else time)
            )

    def _move(self, state: BodyState, to: BodyState, due: Callable[[str, int], bool]) -> None:
        rows = self._database.rows(f"SELECT id, log, seq FROM entry WHERE state = {int(state)}")
        moved = []
        for ident, n, seq in rows:
            header = decode_entry(self._entries.header(self._logs.numbered(n), seq)).header
            if header.kind not in kinds.LASTING and due(header.kind, header.time):
                moved.append(ident)
        self._entries.let_go(moved, to)

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM withdrawal")
