"""The store of one data folder: the one face the engine sees. All on one thread.

Written before shown, before acknowledged, before passed on. Own entries and acts are on the disk for good when a call
returns; what others wrote is committed, and would come again from them if a power cut took it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from deskblog.errors import PeerError, Unusable
from deskblog.log import kinds
from deskblog.log.act import Act, decode_act
from deskblog.log.attachment import BlobName
from deskblog.log.codec import HeadLine
from deskblog.log.keys import DeviceKeys
from deskblog.log.letter import Group, Letter, known_marks
from deskblog.log.office import Office
from deskblog.store import actfile
from deskblog.store.addresses import Addresses
from deskblog.store.archive import Archive
from deskblog.store.blobs import Blobs
from deskblog.store.copies import Copies
from deskblog.store.database import FILE, Damaged, Database, set_aside
from deskblog.store.elsewhere import Elsewhere
from deskblog.store.entries import Held, Stretch
from deskblog.store.export import exported
from deskblog.store.feeds import Feeds
from deskblog.store.ingested import Ingested
from deskblog.store.late import Aside, all_aside
from deskblog.store.logs import HeldLog
from deskblog.store.marker import Marker
from deskblog.store.reading import Reading
from deskblog.store.timeline import TIE_BITS
from deskblog.store.work import Kept, nobody
from deskblog.values import DeviceKey, Ends, EntryId, LogName, Page, PersonId, Point, Row, Status, View

__all__ = ["Held", "Ingested", "Store", "Stretch"]


class Store:
    """Acts, entries and what is shown of them."""

    def __init__(
        self, database: Database, folder: Path, me: DeviceKey, now: Callable[[], int], keys: DeviceKeys | None = None
    ) -> None:
        self.fresh_logs = False
        self.set_aside: Path | None = None
        self.database = database
        self._folder = folder
        self._me = me
        self._now = now
        self._people: dict[bytes, str] = dict(database.rows("SELECT id, name FROM person"))
        self._my_person: PersonId | None = None
        self._gone: frozenset[PersonId] = frozenset()
        self.addresses = Addresses(database)
        self.blobs = Blobs(database, folder, now)
        self.archive = Archive(database, me, keys, now, self.blobs, self._name_of)
        self.feeds = Feeds(database, self.archive.items)
        self.copies = Copies(folder)
        self.elsewhere = Elsewhere(database, self.archive, me)

    # --- opening and closing ------------------------------------------------------------------------------
    @classmethod
    def open(
        cls,
        folder: Path,
        me: DeviceKey,
        now: Callable[[], int],
        *,
        mark_folder: Path | None = None,
        keys: DeviceKeys | None = None,
    ) -> Store:
        """Opens or makes the store; a damaged file is set aside under another name, never deleted.

        `keys`: with which it reads what was sealed for `me`.
        """
        path = folder / FILE
        aside = None
        try:
            store = cls._over(Database(path), folder, me, now, keys)
        except Damaged:
            aside = set_aside(path, now())
            store = cls._over(Database(path), folder, me, now, keys)
        store.set_aside = aside
        if mark_folder is not None:
            try:
                store._renew_mark(Marker(mark_folder, me))
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def _over(
        cls, database: Database, folder: Path, me: DeviceKey, now: Callable[[], int], keys: DeviceKeys | None
    ) -> Store:
        try:
            return cls(database, folder, me, now, keys)
        except BaseException:
            database.close()
            raise

    def _renew_mark(self, marker: Marker) -> None:
        mark, suspect = marker.renew(self.get("mark"))
        self.fresh_logs = suspect
        with suppress(Unusable), self.database.transaction(durable=True):
            # A full disk can still be read; the marks differ then. In one commit: a kill in between must not let the
            # next start find marks that agree, and the old log still to be written.
            self._put("mark", mark)
            if suspect:
                self._put("own-log", "")

    def leave_own_log(self) -> None:
        """Inside the caller's transaction: what was written last is written on no more, by this start or a next."""
        self._put("own-log", "")

    def close(self) -> None:
        self.database.close()

    # --- acts ---------------------------------------------------------------------------------------------
    def load_acts(self) -> tuple[Act, ...]:
        """All acts, parents first; after damage, from their second copy."""
        rows = self.database.rows("SELECT raw, signature FROM act ORDER BY n")
        if not rows:
            return actfile.read_acts(self._folder)
        try:
            return tuple(decode_act(raw, signature) for raw, signature in rows)
        except PeerError as fault:
            self.database.note_damage()
            raise Damaged(str(fault)) from fault

    def add_acts(self, acts: Sequence[Act], office: Office) -> Ingested:
        """Keeps new acts, and judges all logs as the office now is. `office` is folded from all acts kept."""
        with self.database.transaction(durable=True):
            self.database.run_many(
                "INSERT OR IGNORE INTO act (id, raw, signature) VALUES (?, ?, ?)",
                [(act.id, act.raw, act.signature) for act in acts],
            )
            self._write_people(office)
            gone = frozenset(person.id for person in office.persons.values() if person.gone)
            work = self.archive.rejudge(office, others=gone != self._gone)
        work.reshown |= self.archive.differs(office)
        before = self._my_person
        self._remember_people(office)
        done = work.settled()
        if before is not None and self._my_person is not None and before != self._my_person:
            with self.database.transaction(durable=False):
                self.archive.merged(before, self._my_person)
        with suppress(OSError):  # the acts are kept; their second copy stays as it was until the next ones
            actfile.write_acts(self._folder, office.acts.values())
        return done

    def know(self, office: Office) -> None:
        """Tells the store, once opened, which office its acts make; after damage they are kept again."""
        self._remember_people(office)
        if self.database.row("SELECT 1 FROM act") is None:
            self.add_acts(tuple(office.acts.values()), office)
        if self.get("newest-due"):
            with self.database.transaction(durable=True):
                self.archive.show_newest(office)
                self._put("newest-due", "")

    def _write_people(self, office: Office) -> None:
        self.database.run_many("INSERT OR REPLACE INTO person (id, name) VALUES (?, ?)", _names(office).items())

    def _remember_people(self, office: Office) -> None:
        self._people = _names(office)
        self.archive.know(office)
        self.archive.letters.people = known_marks(office)
        mine = office.person_of(self._me)
        self._my_person = mine.id if mine else None
        self._gone = frozenset(person.id for person in office.persons.values() if person.gone)
        self.archive.unread.begin(self._now())

    def rebuild(self, office: Office) -> None:
        """Makes every view anew from acts and entries."""
        with self.database.transaction(durable=True):
            self._write_people(office)
            work = self.archive.rebuild(office)
        self._remember_people(office)
        work.settled()

    # --- entries ------------------------------------------------------------------------------------------
    def append(self, held: Held, office: Office, kept: Kept = nobody) -> Ingested:
        """Keeps an own entry; ValueError if it does not continue its log.

        It is kept for good when `kept` hears of it: it may go out then, before what is shown of it is read.
        """
        chain = self.archive.logs.get(held.entry.log)
        follows = chain.head.seq if chain else 0
        if held.entry.header.seq != follows + 1:
            raise ValueError("an own entry that does not go on its log")
        return self.archive.take(held.entry.log, [held], office, durable=True, kept=kept)

    def ingest(self, log: LogName, entries: Sequence[Held], office: Office) -> Ingested:
        """Keeps checked consecutive entries of one log wherever they hang; those held already are passed over."""
        return self.archive.take(log, entries, office, durable=False)

    def ingest_all(self, runs: Sequence[tuple[LogName, Sequence[Held]]], office: Office) -> list[Ingested]:
        """As `ingest`, several runs at once; if one of them cannot be kept, none is, and what it raises is raised."""
        return self.archive.take_all(runs, office)

    def fill(self, bodies: Sequence[tuple[EntryId, bytes]], office: Office) -> Ingested:
        """Keeps bodies that came later; those nobody waits for are passed over, a wrong one is Forged."""
        return self.archive.fill(bodies, office)

    def sweep(self, office: Office) -> Ingested:
        """Lets go of what the retention rule and the age of what is set aside say."""
        return self.archive.sweep(office)

    def heads(self, office: Office) -> dict[LogName, Ends]:
        return self.archive.heads(office)

    def head(self, name: LogName) -> Point | None:
        """The end of a log's first chain."""
        log = self.archive.logs.get(name)
        return log.head if log else None

    def goes_on(self, name: LogName) -> bool:
        """True if a next entry of that log would be part of the office."""
        log = self.archive.logs.get(name)
        return log is not None and log.counts(log.head.seq + 1)

    def counted(self, devices: Collection[bytes], office: Office) -> tuple[HeadLine, ...]:
        """How far each log of these devices is part of the office here: what a removal of them names."""
        ends = [(log, ends.counted) for log, ends in self.heads(office).items() if log.device in devices]
        furthest = [(log, max(points)) for log, points in ends if points]
        return tuple(sorted((log.device, log.number, point.seq, point.id) for log, point in furthest))

    def read_run(self, name: LogName, points: Sequence[Point], to: Point, office: Office) -> Stretch | int | None:
        """What follows the highest of these points towards `to`; None: nothing does; 0: none lies that way."""
        return self.archive.stretch(name, points, to, office)

    def begin_own_log(self, opening: Held) -> None:
        """From now on this log is written. All of it counts by what its opening says: that is kept twice."""
        entry = opening.entry
        assert opening.body is not None
        with self.database.transaction(durable=False):
            self._put("own-log", entry.header.number.hex())
            self._put(spare_key(entry.id), opening.body.hex())

    def spare_opening(self, opening: EntryId) -> bytes | None:
        """The second copy of an own log's first body; None if there is none."""
        return bytes.fromhex(self.get(spare_key(opening))) or None

    def opening_body(self, name: LogName) -> bytes | None:
        """The body of a log's first entry."""
        log = self.archive.logs.get(name)
        return self.archive.entries.body(log, 1) if log else None

    def locator(self, name: LogName) -> tuple[Point, ...]:
        return self.archive.locator(name)

    def missing(self, ids: Sequence[EntryId]) -> frozenset[EntryId]:
        return self.archive.missing(ids)

    def bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]:
        return self.archive.entries.bodies(ids)

    def rows_with(self, name: BlobName) -> tuple[Row, ...]:
        """The rows a blob is attached to, oldest first."""
        timeline = self.archive.timeline
        return timeline.rows(timeline.keys(self.blobs.entries(name)))

    def wanted(self, limit: int) -> tuple[EntryId, ...]:
        return self.archive.entries.wanted(limit)

    def own_logs(self) -> list[tuple[LogName, int, tuple[Point, ...], tuple[Point, ...]]]:
        """(log, ordinal, ends of its chains, points that count) of each log of this device."""
        return self.archive.own_logs(self._me)

    def latest_time(self, at_most: int) -> int:
        """The greatest time shown that is not past `at_most`; 0 if there is none."""
        row = self.database.row(
            "SELECT key FROM timeline WHERE key < ? ORDER BY key DESC LIMIT 1", ((at_most + 1) << TIE_BITS,)
        )
        return row[0] >> TIE_BITS if row else 0

    # --- what is shown ------------------------------------------------------------------------------------
    def timeline(self, *, before: int | None = None, limit: int = 50, view: View = View.ALL) -> Page:
        return self._reading().page(before, limit, view)

    def search(self, words: str, *, before: int | None = None, limit: int = 50, person: str | None = None) -> Page:
        """Posts that fit what was typed, newest first; `person` is a name or the beginning of an id."""
        return self._reading().search(words, before, limit, person)

    def status_history(self, person: str, limit: int) -> tuple[str, tuple[Status, ...]]:
        """(name, what they have said they are doing, newest first); `person`: a name or an id's beginning, empty: me.

        Refused if there is nobody so called.
        """
        return self._reading().status_history(person, limit)

    def find(self, id_prefix: str) -> Row | None:
        """The post whose id begins so; Refused if several do or it is no beginning of an id."""
        return self._reading().find(id_prefix)

    def _reading(self) -> Reading:
        return Reading(self.archive, self.feeds.items, self._people, self._my_person, self._me)

    def answers(self, ident: str) -> tuple[Row, ...]:
        return self.archive.timeline.answers(bytes.fromhex(ident))

    def part_in(self, thread: bytes) -> tuple[bool, bool]:
        """(whether oneself wrote an entry, whether oneself answered it)."""
        return self.archive.part_in(thread, self._mine())

    def _mine(self) -> Sequence[HeldLog]:
        return self.archive.logs.of_person(self._my_person) if self._my_person else []

    def receipts_of(self, target: bytes) -> list[tuple[EntryId, tuple[bytes, ...]]]:
        """(id, all it is of) of one's own receipts of an announcement."""
        return self.archive.about.receipt_of(target, self._mine())

    def count(self) -> int:
        """Posts on the timeline."""
        found: int = self.database.row("SELECT count(*) FROM timeline")[0]
        return found

    def replaced_by(self, content: kinds.Content | Letter) -> int:
        """When the own person wrote what this replaces, where of several only the newest holds; else 0."""
        if isinstance(content, Letter):
            changes = content.group if isinstance(content.content, Group) else None
            return self.archive.letters.latest(changes) if changes is not None else 0
        own = self._mine()
        if isinstance(content, kinds.About):
            return self.archive.about.latest(kinds.kind_of(content), kinds.targets_of(content)[0], own)
        return self.archive.newest.latest(kinds.kind_of(content), own)

    def _name_of(self, person: bytes) -> tuple[str, bool]:
        return self._people.get(person) or person.hex()[:8], person == self._my_person

    def all_aside(self) -> list[Aside]:
        """The ends that do not count here, with the posts that would count with them."""
        return all_aside(self.archive)

    def export(self, *, mine: bool) -> list[str]:
        """Everybody's entries, or those of all one's own PCs, as lines of JSON with their signed bytes."""
        return list(exported(self.archive, self._name_of, mine=mine))

    def count_before(self, time: int) -> int:
        """How many posts shown sort before `time` (UTC ms)."""
        found: int = self.database.row("SELECT count(*) FROM timeline WHERE key < ?", (time << TIE_BITS,))[0]
        return found

    def places(self, ids: Sequence[EntryId]) -> dict[EntryId, tuple[LogName, int]]:
        """(log, seq) of those of the entries that are held."""
        found = self.archive.entries.placed(ids)
        return {ident: (self.archive.logs.numbered(n).name, seq) for ident, (n, seq) in found.items()}

    # --- small things of this PC --------------------------------------------------------------------------
    def get(self, key: str, default: str = "") -> str:
        row = self.database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return row[0] if row else default

    def settings(self, beginnings: tuple[str, ...]) -> list[tuple[str, str]]:
        """The small things whose key begins so."""
        rows = self.database.rows("SELECT key, value FROM meta ORDER BY key")
        return [(key, value) for key, value in rows if key.startswith(beginnings)]

    def put(self, key: str, value: str) -> None:
        with self.database.transaction(durable=False):
            self._put(key, value)

    def _put(self, key: str, value: str) -> None:
        self.database.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def spare_key(opening: EntryId) -> str:
    """Under which the second copy of an own log's first body is kept."""
    return f"opening-{opening.hex()}"


def _names(office: Office) -> dict[bytes, str]:
    return {person.id: person.name for person in office.persons.values()}
