"""The logs held, in memory and on disk: their chains, whose they are, how far they count."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from deskblog.log import kinds
from deskblog.log.claims import Chain, Tree
from deskblog.records import replace
from deskblog.store.database import Database
from deskblog.values import DeviceKey, EntryId, LogName, PersonId, Point

ALL = None  # nothing limits it
_COLUMNS = "n, device, number, lead, parent, start, opening, admission, ordinal, person, last, aside, seq, id"


class HeldLog(Struct, frozen=True):
    """One chain of a log: its number here, its head, what its opening says, and what the fold says of it.

    Frozen: what a transaction makes of it is in memory only when the transaction is committed.
    """

    n: int
    name: LogName
    lead: bytes  # what its headers begin with
    parent: int | None  # the chain it branches from
    start: int  # the first seq that is its own
    head: Point
    opening: EntryId  # entry 1 of the log
    admission: bytes | None = None  # None: the opening's body is not here
    ordinal: int = 1
    person: PersonId | None = None
    last: int | None = ALL  # the seq it counts up to; ALL: without a limit
    aside: int | None = None  # when a part of it was set aside, UTC ms; None: nothing is

    def counts(self, seq: int) -> bool:
        """True if the entry at `seq` is part of the office."""
        return self.person is not None and (self.last is ALL or seq <= self.last)

    def opened(self, content: kinds.Open) -> HeldLog:
        return replace(self, admission=content.admission, ordinal=content.ordinal)

    @property
    def counted_to(self) -> int:
        """The last seq of its own that counts; one before its start if none does."""
        if self.person is None:
            return self.start - 1
        return self.head.seq if self.last is ALL else max(self.start - 1, min(self.last, self.head.seq))

    @property
    def set_aside(self) -> int:
        """How many entries of its own do not count; 0 while nothing is known of whose they are."""
        return 0 if self.admission is None else self.head.seq - self.counted_to

    @property
    def chain(self) -> Chain:
        return Chain(self.n, self.parent, self.start, self.head.seq)


class Logs:
    """All chains of the store; the one place that writes the table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_number: dict[int, HeldLog] = {}
        self._by_name: dict[LogName, list[int]] = {}
        self._by_device: dict[bytes, list[LogName]] = {}
        self.load()

    def load(self) -> None:
        """Reads all chains from the table."""
        for held in (self._by_number, self._by_name, self._by_device):
            held.clear()
        for row in self._database.rows(f"SELECT {_COLUMNS} FROM log ORDER BY n"):
            self.settle(_from_row(row))

    # --- reading ------------------------------------------------------------------------------------------
    def names(self) -> list[LogName]:
        return list(self._by_name)

    def get(self, name: LogName) -> HeldLog | None:
        """The chain of a log that came first."""
        found = self._by_name.get(name)
        return self._by_number[found[0]] if found else None

    def chains(self, name: LogName) -> list[HeldLog]:
        return [self._by_number[n] for n in self._by_name.get(name, ())]

    def numbered(self, n: int) -> HeldLog:
        return self._by_number[n]

    def all(self) -> list[HeldLog]:
        return list(self._by_number.values())

    def devices(self) -> list[bytes]:
        return list(self._by_device)

    def of_person(self, person: PersonId) -> list[HeldLog]:
        return [log for log in self._by_number.values() if log.person == person]

    def of_device(self, device: bytes) -> list[HeldLog]:
        return [chain for name in self._by_device.get(device, ()) for chain in self.chains(name)]

    def tree(self, name: LogName) -> Tree:
        return Tree([chain.chain for chain in self.chains(name)])

    def path(self, chain: HeldLog, upto: int) -> list[tuple[HeldLog, int, int]]:
        """(chain, first, last) of the stretches that lead from the log's beginning to entry `upto` of a chain."""
        out = []
        here: HeldLog | None = chain
        while here is not None:
            out.append((here, here.start, min(upto, here.head.seq)))
            upto = here.start - 1
            here = self._by_number[here.parent] if here.parent is not None else None
        return out[::-1]

    # --- writing, inside the caller's transaction ---------------------------------------------------------
    def draft(self, name: LogName, lead: bytes, parent: HeldLog | None, first: Point, opening: EntryId) -> HeldLog:
        """A row for a chain not seen before; in memory only once `settle` is called after the commit."""
        n = self._database.run(
            "INSERT INTO log (device, number, lead, parent, start, opening, ordinal, seq, id)"
            " VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)",
            (name.device, name.number, lead, parent.n if parent else None, first.seq, opening, first.seq, first.id),
        )
        if parent is None:
            return HeldLog(n, name, lead, None, first.seq, first, opening)
        return replace(parent, n=n, parent=parent.n, start=first.seq, head=first, aside=None)

    def write(self, log: HeldLog) -> None:
        """Writes what is known of a chain."""
        self._database.run(
            "UPDATE log SET admission = ?, ordinal = ?, person = ?, last = ?, aside = ?, seq = ?, id = ? WHERE n = ?",
            (log.admission, log.ordinal, log.person, log.last, log.aside, log.head.seq, log.head.id, log.n),
        )

    def erase(self, log: HeldLog) -> None:
        """Takes a chain out that has no entries left."""
        self._database.run("DELETE FROM log WHERE n = ?", (log.n,))

    # --- once the transaction is committed ----------------------------------------------------------------
    def settle(self, log: HeldLog) -> None:
        """Memory follows what was written."""
        if log.n not in self._by_number:
            if log.name not in self._by_name:
                self._by_device.setdefault(log.name.device, []).append(log.name)
            self._by_name.setdefault(log.name, []).append(log.n)
        self._by_number[log.n] = log

    def forget(self, logs: Iterable[HeldLog]) -> None:
        """Memory follows what was erased."""
        for log in logs:
            del self._by_number[log.n]
            self._by_name[log.name].remove(log.n)
            if not self._by_name[log.name]:
                del self._by_name[log.name]
                self._by_device[log.name.device].remove(log.name)


def _from_row(row: tuple) -> HeldLog:  # type: ignore[type-arg]
    n, device, number, lead, parent, start, opening, admission, ordinal, person, last, aside, seq, ident = row
    name = LogName(DeviceKey(device), number)
    owner = PersonId(person) if person else None
    head = Point(seq, EntryId(ident))
    return HeldLog(n, name, lead, parent, start, head, EntryId(opening), admission, ordinal, owner, last, aside)
