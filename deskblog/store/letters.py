"""What this PC can read of sealed entries: keys an older PC of its person gave, closed groups, and what stays shut.

Plain texts stand on the timeline as other posts do, marked with their readers. Whatever else a letter says is here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from deskblog.i18n import alphabetical
from deskblog.log import kinds
from deskblog.log.boxes import make_box, usable
from deskblog.log.entry import Entry, decode_entry
from deskblog.log.forward import Declined, Forward, Sending, Sent
from deskblog.log.keyring import keys_given, of_one_person
from deskblog.log.keys import DeviceKeys
from deskblog.log.letter import MARK, Closed, Group, Keys, Opened, Seen, open_sealed, open_with
from deskblog.log.office import Office
from deskblog.log.sealed import KIND, read
from deskblog.store.database import Database
from deskblog.store.entries import BodyState, Entries
from deskblog.store.forwards import Forwards
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.read import Read
from deskblog.store.unread import Unread
from deskblog.values import DeviceKey, EntryId, OfficeId, PersonId

__all__ = ["KIND", "ClosedGroup", "Letters"]


class ClosedGroup(Struct, frozen=True):
    """As its newest letter says. `id`: of its first letter; `keeper`: the person who made it, and may change it;
    `members`: the keeper among them."""

    id: EntryId
    keeper: PersonId
    name: str
    members: frozenset[PersonId]


class Letters:
    """Opens; writes its tables inside the caller's transaction."""

    def __init__(
        self, database: Database, logs: Logs, entries: Entries, keys: DeviceKeys | None, unread: Unread
    ) -> None:
        """`keys`: of this PC; without them nothing opens."""
        self._database = database
        self._logs = logs
        self._entries = entries
        self._keys = keys
        self.forwards = Forwards(database, logs, self._opened, keys.device if keys is not None else None)
        self._unread = unread
        self.people: Mapping[bytes, PersonId] = {}  # who is meant by a mark

    # --- opening ------------------------------------------------------------------------------------------
    def open(self, entry: Entry, body: bytes) -> Opened | Closed:
        """What a sealed entry says to this PC, or why it says nothing."""
        if self._keys is None:
            return Closed.ELSEWHERE
        office, author = OfficeId(entry.header.office), DeviceKey(entry.header.device)
        opened = open_sealed(office, author, body, self._keys)
        if opened is not Closed.ELSEWHERE:
            return opened
        given = self._database.row("SELECT secret FROM given WHERE entry = ?", (entry.id,))
        return open_with(office, author, body, given[0]) if given else opened

    def _held(self, ident: EntryId) -> tuple[Entry, bytes] | None:
        """An entry, if its body is here."""
        for n, seq in self._entries.placed([ident]).values():
            chain = self._logs.numbered(n)
            body = self._entries.body(chain, seq)
            return (decode_entry(self._entries.header(chain, seq)), body) if body is not None else None
        return None

    def _opened(self, ident: EntryId) -> Opened | None:
        held = self._held(ident)
        opened = self.open(*held) if held is not None else None
        return opened if isinstance(opened, Opened) else None

    # --- writing ------------------------------------------------------------------------------------------
    def add(self, log: HeldLog, entries: Iterable[Read], office: Office) -> list[EntryId]:
        """Notes what counts among these and is no text; the entries of which the keys came just now."""
        came: list[EntryId] = []
        for one in entries:
            entry, header = one.entry, one.entry.header
            if header.kind != KIND or header.version != 1 or not log.counts(header.seq):
                continue
            match self.open(entry, one.body):
                case Closed():
                    self._database.run(
                        "INSERT OR REPLACE INTO shut (entry, log, at) VALUES (?, ?, ?)",
                        (entry.id, log.n, header.time),
                    )
                case Opened(content=Group()) as opened:
                    self._note_group(log, entry, opened)
                case Opened(content=Keys()) as opened:
                    came += self._note_keys(office, header.device, opened)
                case Opened(content=Forward() | Sending() | Sent() | Declined() as content):
                    self.forwards.note(log, entry, content)
                case Opened(content=Seen(marks)) if self._is_mine(office, header.device):
                    self._unread.take(marks)
        return came

    def _is_mine(self, office: Office, author: bytes) -> bool:
        return self._keys is not None and of_one_person(office, DeviceKey(author), self._keys.device)

    def _note_group(self, log: HeldLog, entry: Entry, opened: Opened) -> None:
        assert isinstance(opened.content, Group)
        self._database.run(
            "INSERT OR REPLACE INTO closed_group (entry, root, log, at, name, members) VALUES (?, ?, ?, ?, ?, ?)",
            (
                entry.id,
                opened.group or entry.id,
                log.n,
                entry.header.time,
                kinds.status_text(opened.content.name),
                b"".join(opened.readers),
            ),
        )

    def _note_keys(self, office: Office, author: bytes, opened: Opened) -> list[EntryId]:
        """Believed of a PC of the same person alone; of keys that came before the first holds."""
        assert self._keys is not None
        given = keys_given(office, DeviceKey(author), self._keys.device, opened)
        rows = [(entry, secret) for entry, secret in given.items() if not self._is_given(entry)]
        self._database.run_many("INSERT INTO given (entry, secret) VALUES (?, ?)", rows)
        self._database.run_many("DELETE FROM shut WHERE entry = ?", [(entry,) for entry, _secret in rows])
        return [entry for entry, _secret in rows]

    def _is_given(self, entry: EntryId) -> bool:
        return self._database.row("SELECT 1 FROM given WHERE entry = ?", (entry,)) is not None

    def remove_log(self, log: HeldLog) -> None:
        """Takes out what a chain has there."""
        self._database.run("DELETE FROM shut WHERE log = ?", (log.n,))
        self._database.run("DELETE FROM closed_group WHERE log = ?", (log.n,))
        self.forwards.remove_log(log)

    def erased(self, ids: Collection[bytes]) -> None:
        """These bodies are gone, and with them (by triggers) what stood here of them."""
        if ids:
            self.forwards.look()

    def clear(self) -> None:
        """Empties the views, to be made anew."""
        for table in ("shut", "closed_group", "given"):
            self._database.run(f"DELETE FROM {table}")
        self.forwards.clear()

    # --- reading ------------------------------------------------------------------------------------------
    def groups(self) -> tuple[ClosedGroup, ...]:
        """The closed groups this PC knows of, by name."""
        roots = self._database.rows("SELECT DISTINCT root FROM closed_group")
        found = [group for (root,) in roots if (group := self.group(EntryId(root))) is not None]
        return tuple(sorted(found, key=lambda group: (alphabetical(group.name), group.id)))

    def group(self, root: EntryId) -> ClosedGroup | None:
        """One of them; None once its first letter is withdrawn. Who came later sees whose that is."""
        first = self._database.row("SELECT log FROM entry WHERE id = ? AND state <> ?", (root, BodyState.ERASED))
        keeper = self._logs.numbered(first[0]).person if first else None
        if keeper is None:
            return None
        logs = ",".join(str(log.n) for log in self._logs.of_person(PersonId(keeper)))
        held = self._database.row(
            f"SELECT name, members FROM closed_group WHERE root = ? AND log IN ({logs})"
            " ORDER BY at DESC, entry DESC LIMIT 1",
            (root,),
        )
        return ClosedGroup(root, PersonId(keeper), held[0], self.meant(held[1])) if held else None

    def meant(self, said: bytes) -> frozenset[PersonId]:
        """The people behind marks that are kept one behind the other; somebody unknown goes by the mark."""
        marks = (said[n : n + MARK] for n in range(0, len(said), MARK))
        return frozenset(self.people.get(mark, PersonId(mark)) for mark in marks)

    def latest(self, root: EntryId) -> int:
        """When a group was changed last, UTC ms."""
        return int(self._database.row("SELECT max(at) FROM closed_group WHERE root = ?", (root,))[0] or 0)

    def before(self, time: int) -> list[EntryId]:
        """Those older than that which are shut here: the retention rule takes them as it takes posts."""
        return [EntryId(row[0]) for row in self._database.rows("SELECT entry FROM shut WHERE at < ?", (time,))]

    # --- for another PC of the same person ----------------------------------------------------------------
    def not_handed(self, device: DeviceKey, limit: int) -> list[EntryId]:
        """Sealed entries read here of which it was not looked yet whether that device can read them."""
        me = self._keys.device if self._keys is not None else b""
        rows = self._database.rows(
            "SELECT e.id FROM timeline t JOIN entry e ON e.log = t.log AND e.seq = t.seq WHERE t.readers IS NOT NULL"
            " UNION SELECT entry FROM closed_group"
            " UNION SELECT f.entry FROM forwarding f JOIN log l ON l.n = f.log WHERE f.kind = 'forward'"
            " AND l.person = (SELECT person FROM log WHERE device = ? AND person IS NOT NULL LIMIT 1)"
            " EXCEPT SELECT entry FROM handed WHERE device = ? LIMIT ?",
            (me, device, limit),
        )
        return [EntryId(row[0]) for row in rows]

    def hand(self, device: DeviceKey, ids: Sequence[EntryId]) -> None:
        """That device can read these."""
        self._database.run_many(
            "INSERT OR IGNORE INTO handed (device, entry) VALUES (?, ?)", [(device, ident) for ident in ids]
        )

    def opening(self, ident: EntryId, devices: Mapping[DeviceKey, bytes]) -> frozenset[DeviceKey]:
        """Those of these devices (with their seal keys) that can open a sealed entry this PC can open."""
        held = self._held(ident)
        opened, sealed = (self.open(*held), read(held[1])) if held is not None else (None, None)
        if not isinstance(opened, Opened) or sealed is None:
            return frozenset()
        able = (device for device, key in devices.items() if usable(key))
        return frozenset(one for one in able if make_box(opened.secret, devices[one]) in sealed.boxes)

    def lacking(self, seal_key: bytes, entries: Sequence[tuple[Entry, bytes]]) -> dict[EntryId, bytes]:
        """The secrets of those this PC reads and another with that seal key cannot."""
        found = {}
        for entry, body in entries:
            opened, sealed = self.open(entry, body), read(body)
            if not isinstance(opened, Opened) or sealed is None or isinstance(opened.content, Keys):
                continue
            if make_box(opened.secret, seal_key) not in sealed.boxes:
                found[entry.id] = opened.secret
        return found
