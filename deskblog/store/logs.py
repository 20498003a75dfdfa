"""The logs held, in memory and on disk: their heads, whose they are, how far they count."""

from __future__ import annotations

from dataclasses import dataclass, replace

from deskblog.log.office import Office
from deskblog.store.database import Database
from deskblog.values import DeviceKey, EntryId, LogName, PersonId, Point

ALL = None  # no border


@dataclass(frozen=True, slots=True)
class HeldLog:
    """One log: its number here, its head, its opening's admission, and what the fold says of it.

    Frozen: what a transaction makes of it is in memory only when the transaction is committed.
    """

    n: int
    name: LogName
    lead: bytes  # what its headers begin with
    head: Point
    admission: bytes | None
    person: PersonId | None
    last: int | None = ALL  # the seq it counts up to; None: all of it

    def counts(self, seq: int) -> bool:
        """True if the entry at `seq` is part of the office."""
        return self.person is not None and (self.last is ALL or seq <= self.last)

    def judged(self, office: Office) -> HeldLog:
        """The log as the fold now says whose it is and how far it counts."""
        if self.admission is None:
            return replace(self, person=None, last=ALL)
        limit = office.border(self.name, self.admission)
        person = office.author(self.name.device, self.admission)
        return replace(self, person=person, last=ALL if limit is None else limit.seq)


class Logs:
    """All logs of the store; the one place that writes the table."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._by_name: dict[LogName, HeldLog] = {}
        self._by_number: dict[int, HeldLog] = {}
        for n, device, number, lead, admission, person, last, seq, ident in database.rows(
            "SELECT n, device, number, lead, admission, person, last, seq, id FROM log"
        ):
            name = LogName(DeviceKey(device), number)
            point = Point(seq, EntryId(ident))
            self._keep(HeldLog(n, name, lead, point, admission, PersonId(person) if person else None, last))

    def _keep(self, log: HeldLog) -> None:
        self._by_name[log.name] = log
        self._by_number[log.n] = log

    def heads(self) -> dict[LogName, Point]:
        return {name: log.head for name, log in self._by_name.items()}

    def get(self, name: LogName) -> HeldLog | None:
        return self._by_name.get(name)

    def numbered(self, n: int) -> HeldLog:
        return self._by_number[n]

    def all(self) -> list[HeldLog]:
        return list(self._by_name.values())

    def of_person(self, person: PersonId) -> list[HeldLog]:
        return [log for log in self._by_name.values() if log.person == person]

    def of_device(self, device: bytes) -> list[HeldLog]:
        return [log for log in self._by_name.values() if log.name.device == device]

    def draft(self, name: LogName, lead: bytes, point: Point) -> HeldLog:
        """A row for a log not seen before; in memory only once `settle` is called after the commit."""
        n = self._database.run(
            "INSERT INTO log (device, number, lead, seq, id) VALUES (?, ?, ?, ?, ?)",
            (name.device, name.number, lead, point.seq, point.id),
        )
        return HeldLog(n, name, lead, point, None, None)

    def write(self, log: HeldLog) -> None:
        """Writes what is known of a log, inside the caller's transaction."""
        self._database.run(
            "UPDATE log SET admission = ?, person = ?, last = ?, seq = ?, id = ? WHERE n = ?",
            (log.admission, log.person, log.last, log.head.seq, log.head.id, log.n),
        )

    def settle(self, log: HeldLog) -> None:
        """The transaction that wrote the log is committed."""
        self._keep(log)
