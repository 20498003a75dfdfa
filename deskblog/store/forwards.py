"""What letters say of the road, as far as this PC can read them: rules, and the words of those who carry.

Written inside the caller's transaction; a body that goes takes its line with it (a trigger). What a rule says is read
from its body each time it is new: its credential stands nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from deskblog import limits
from deskblog.log import forward
from deskblog.log.entry import Entry
from deskblog.log.forward import Declined, Forward, Sending, Sent
from deskblog.log.letter import Opened
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog, Logs
from deskblog.values import DeviceKey, EntryId, PersonId


class Rule(Struct, frozen=True):
    """A person's rule; `at`: when it was written."""

    id: EntryId
    person: PersonId
    at: int
    said: Forward


class Word(Struct, frozen=True):
    """What a carrier said by a rule, and when this PC heard it."""

    id: EntryId
    carrier: DeviceKey
    said: Sending | Sent | Declined
    heard: int


_WORDS = (
    "SELECT entry, kind, target, said, why, again, status, heard FROM forwarding"
    " WHERE forward = ? AND log IN ({logs}) AND at >= ? ORDER BY at DESC, entry DESC LIMIT ?"
)


class Forwards:
    """`opened`: what a sealed entry says to this PC. `me`: this device. `changed`: called when lines came or went."""

    def __init__(
        self,
        database: Database,
        logs: Logs,
        opened: Callable[[EntryId], Opened | None],
        me: DeviceKey | None,
    ) -> None:
        self._database = database
        self._logs = logs
        self._opened = opened
        self._me = me
        self._read: dict[EntryId, Forward] = {}
        self._lines = self._count()
        self.changed: Callable[[], None] = lambda: None

    # --- writing ------------------------------------------------------------------------------------------
    def note(self, log: HeldLog, entry: Entry, content: forward.Word) -> None:
        """Of one's own words it is known when they were said; of others' once they are looked at."""
        target, said, why, again, status = b"", 0, "", 0, 0
        rule = content.forward if not isinstance(content, Forward) else b""
        if isinstance(content, Sending | Sent):
            target, said = content.entry, content.at
        if isinstance(content, Sent):
            why, again, status = content.why, content.again, content.status
        heard = said if log.name.device == self._me else 0
        kind = type(content).__name__.lower()
        line = (entry.id, log.n, entry.header.time, kind, rule, target, said, why, again, status, heard)
        self._database.run("INSERT OR REPLACE INTO forwarding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", line)
        self._database.run("DELETE FROM shut WHERE entry = ?", (entry.id,))
        self._lines = self._count()
        self.changed()

    def _count(self) -> int:
        return int(self._database.row("SELECT count(*) FROM forwarding")[0])

    def look(self) -> None:
        """Bodies went, and perhaps lines with them."""
        held = self._count()
        if held != self._lines:
            self._lines = held
            self.changed()

    def remove_log(self, log: HeldLog) -> None:
        """Takes out what a chain has there."""
        self._database.run("DELETE FROM forwarding WHERE log = ?", (log.n,))

    def clear(self) -> None:
        self._database.run("DELETE FROM forwarding")

    # --- rules --------------------------------------------------------------------------------------------
    def rules(self) -> tuple[Rule, ...]:
        """The newest of each person that this PC can read."""
        newest: dict[PersonId, tuple[int, EntryId]] = {}
        for (n,) in self._database.rows("SELECT DISTINCT log FROM forwarding WHERE kind = 'forward'"):
            person = self._logs.numbered(n).person
            found = self._rules_in([n], 1)
            if person is not None and found:
                newest[PersonId(person)] = max(found[0], newest.get(PersonId(person), (0, EntryId(b""))))
        known = {ident: said for ident, said in self._read.items() if any(ident == one[1] for one in newest.values())}
        self._read = known
        read = [(person, at, ident, self._said(ident)) for person, (at, ident) in newest.items()]
        return tuple(Rule(ident, person, at, said) for person, at, ident, said in read if said is not None)

    def all_of(self, person: PersonId, limit: int) -> list[EntryId]:
        """The rules of a person, the newest first."""
        logs = [log.n for log in self._logs.of_person(person)]
        return [ident for _at, ident in self._rules_in(logs, limit)]

    def _rules_in(self, logs: Iterable[int], limit: int) -> list[tuple[int, EntryId]]:
        among = ",".join(str(n) for n in logs)
        rows = self._database.rows(
            f"SELECT at, entry FROM forwarding WHERE kind = 'forward' AND log IN ({among})"
            " ORDER BY at DESC, entry DESC LIMIT ?",
            (limit,),
        )
        return [(at, EntryId(ident)) for at, ident in rows]

    def _said(self, ident: EntryId) -> Forward | None:
        if ident not in self._read:
            opened = self._opened(ident)
            if opened is None or not isinstance(opened.content, Forward):
                return None
            self._read[ident] = opened.content
        return self._read[ident]

    # --- words --------------------------------------------------------------------------------------------
    def words(self, rule: Rule, now: int) -> tuple[Word, ...]:
        """What its carriers said by it, each one's in its order. What was not looked at yet was heard now."""
        if self._database.row("SELECT 1 FROM forwarding WHERE heard = 0 AND forward = ? LIMIT 1", (rule.id,)):
            with self._database.transaction(durable=False):
                self._database.run("UPDATE forwarding SET heard = ? WHERE heard = 0 AND forward = ?", (now, rule.id))
        since = now - limits.FORWARD_DAYS * 86_400_000
        return tuple(word for device in rule.said.carriers for word in self._of(DeviceKey(device), rule.id, since))

    def _of(self, device: DeviceKey, rule: EntryId, since: int) -> list[Word]:
        logs = ",".join(str(log.n) for log in self._logs.of_device(device))
        rows = self._database.rows(_WORDS.format(logs=logs), (rule, since, limits.FORWARD_WORDS))
        return [Word(EntryId(row[0]), device, _word(rule, *row[1:7]), row[7]) for row in reversed(rows)]

    def old_words(self, before: int, limit: int) -> list[EntryId]:
        """One's own that were written before then."""
        me = self._me
        logs = ",".join(str(log.n) for log in self._logs.of_device(me)) if me is not None else ""
        rows = self._database.rows(
            f"SELECT entry FROM forwarding WHERE kind <> 'forward' AND log IN ({logs}) AND at < ? LIMIT ?",
            (before, limit),
        )
        return [EntryId(row[0]) for row in rows]


def _word(
    rule: EntryId, kind: str, target: bytes, said: int, why: str, again: int, status: int
) -> Sending | Sent | Declined:
    if kind == "declined":
        return Declined(rule)
    return Sending(rule, target, said) if kind == "sending" else Sent(rule, target, said, why, again, status)
