"""The store of one data folder: the one face the engine sees. All on one thread.

Written before shown, before acknowledged, before passed on. Own entries and acts are on the disk for good when a call
returns; what others wrote is committed, and would come again from them if a power cut took it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deskblog.errors import PeerError, Refused, Unusable
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.log.act import Act, decode_act
from deskblog.log.attachment import BlobName
from deskblog.log.codec import HeadLine
from deskblog.log.office import Office
from deskblog.store import actfile
from deskblog.store.addresses import Addresses
from deskblog.store.archive import Archive
from deskblog.store.blobs import Blobs
from deskblog.store.database import FILE, Damaged, Database, set_aside
from deskblog.store.entries import Held, Stretch
from deskblog.store.export import exported
from deskblog.store.late import Aside, all_aside
from deskblog.store.marker import Marker
from deskblog.store.search import asked, midnight, named
from deskblog.store.timeline import TIE_BITS
from deskblog.store.work import Ingested
from deskblog.values import DeviceKey, Ends, EntryId, LogName, Page, PersonId, Point, Row, Status, View

__all__ = ["Held", "Ingested", "Store", "Stretch"]


class Store:
    """Acts, entries and what is shown of them."""

    def __init__(self, database: Database, folder: Path, me: DeviceKey, now: Callable[[], int]) -> None:
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
        self.archive = Archive(database, me, now, self.blobs, self._name_of)

    # --- opening and closing ------------------------------------------------------------------------------
    @classmethod
    def open(cls, folder: Path, me: DeviceKey, now: Callable[[], int], *, mark_folder: Path | None = None) -> Store:
        """Opens or makes the store; a damaged file is set aside under another name, never deleted."""
        path = folder / FILE
        aside = None
        try:
            store = cls._over(Database(path), folder, me, now)
        except Damaged:
            aside = set_aside(path, now())
            store = cls._over(Database(path), folder, me, now)
        store.set_aside = aside
        if mark_folder is not None:
            try:
                store._renew_mark(Marker(mark_folder, me))
            except BaseException:
                store.close()
                raise
        return store

    @classmethod
    def _over(cls, database: Database, folder: Path, me: DeviceKey, now: Callable[[], int]) -> Store:
        try:
            return cls(database, folder, me, now)
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
        done = work.settled()
        self._remember_people(office)
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
        mine = office.person_of(self._me)
        self._my_person = mine.id if mine else None
        self._gone = frozenset(person.id for person in office.persons.values() if person.gone)

    def rebuild(self, office: Office) -> None:
        """Makes every view anew from acts and entries."""
        with self.database.transaction(durable=True):
            self._write_people(office)
            work = self.archive.rebuild(office)
        work.settled()
        self._remember_people(office)

    # --- entries ------------------------------------------------------------------------------------------
    def append(self, held: Held, office: Office) -> Ingested:
        """Keeps an own entry, for good when this returns; ValueError if it does not continue its log."""
        chain = self.archive.logs.get(held.entry.log)
        follows = chain.head.seq if chain else 0
        if held.entry.header.seq != follows + 1:
            raise ValueError("an own entry that does not go on its log")
        return self.archive.take(held.entry.log, [held], office, durable=True)

    def ingest(self, log: LogName, entries: Sequence[Held], office: Office) -> Ingested:
        """Keeps checked consecutive entries of one log wherever they hang; those held already are passed over."""
        return self.archive.take(log, entries, office, durable=False)

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
        mine = (
            self.archive.logs.of_person(self._my_person) if self._my_person else self.archive.logs.of_device(self._me)
        )
        if view is View.MENTIONS:
            return self.archive.finder.mentioning(self._people.get(self._my_person or b"", ""), before, limit)
        return self.archive.timeline.page(before, limit, view, mine)

    def search(self, words: str, *, before: int | None = None, limit: int = 50, person: str | None = None) -> Page:
        """Posts that fit what was typed, newest first; `person` is a name or the beginning of an id."""
        wanted = asked(words, midnight)
        if wanted.empty:
            return Page((), None)
        people = self._find_people(person) if person else [PersonId(ident) for ident in self._people]
        people = [who for who in people if all(named(name, self._people[who]) for name in wanted.people)]
        logs = [log for who in people for log in self.archive.logs.of_person(who)]
        return self.archive.finder.search(wanted, before, limit, logs if person or wanted.people else None)

    def status_history(self, person: str, limit: int) -> tuple[str, tuple[Status, ...]]:
        """(name, what they have said they are doing, newest first); `person`: a name or an id's beginning, empty: me.

        Refused if there is nobody so called.
        """
        who = self._find_people(person) if person else [self._my_person] if self._my_person else []
        said = [one for ident in who for one in self.archive.newest.history(ident, limit)]
        return self._people.get(who[0], "") if who else "", tuple(sorted(said, key=lambda one: -one.at)[:limit])

    def _find_people(self, person: str) -> list[PersonId]:
        wanted = person.strip().casefold()
        found = [
            PersonId(ident)
            for ident, name in self._people.items()
            if name.casefold() == wanted or (len(wanted) >= 4 and ident.hex().startswith(wanted))
        ]
        if not found:
            raise Refused(_("Nobody here is called “{name}”.").format(name=person.strip()))
        return found

    def find(self, id_prefix: str) -> Row | None:
        """The post whose id begins so; Refused if several do or it is no beginning of an id."""
        text = id_prefix.strip().lower()
        even = text[: len(text) & ~1]
        try:
            low = bytes.fromhex(even)
        except ValueError:
            raise Refused(_("“{id}” is not the beginning of an id.").format(id=id_prefix)) from None
        if len(even) < 4 or len(low) > 32:
            raise Refused(_("“{id}” is too short or too long for an id.").format(id=id_prefix))
        rows = self.database.rows(
            "SELECT id, key FROM entry WHERE id >= ? AND id <= ? AND key IS NOT NULL LIMIT 300",
            (low, low + b"\xff" * (32 - len(low))),
        )
        found = [key for ident, key in rows if ident.hex().startswith(text)]
        if len(found) > 1:
            raise Refused(_("Several posts begin with “{id}”.").format(id=id_prefix), next_step=_("Give more of it."))
        return self.archive.timeline.rows(found)[0] if found else None

    def answers(self, ident: str) -> tuple[Row, ...]:
        return self.archive.timeline.answers(bytes.fromhex(ident))

    def count(self) -> int:
        """Posts on the timeline."""
        found: int = self.database.row("SELECT count(*) FROM timeline")[0]
        return found

    def replaced_by(self, content: kinds.Content) -> int:
        """When the own person wrote what this replaces, where of several only the newest holds; else 0."""
        own = self.archive.logs.of_person(self._my_person) if self._my_person else []
        if isinstance(content, kinds.About):
            return self.archive.about.latest(kinds.kind_of(content), content.target, own)
        return self.archive.newest.latest(kinds.kind_of(content), own)

    def _name_of(self, person: bytes) -> tuple[str, bool]:
        return self._people.get(person) or person.hex()[:8], person == self._my_person

    def all_aside(self) -> list[Aside]:
        """The ends that do not count here, with the posts that would count with them."""
        return all_aside(self.archive)

    def export(self, *, mine: bool) -> list[str]:
        """Everybody's entries, or those of all one's own PCs, as lines of JSON with their signed bytes."""
        return list(exported(self.archive, self._name_of, mine=mine))

    def last_posts(self) -> dict[DeviceKey, int]:
        """When each device's newest shown post was written, UTC ms."""
        newest: dict[DeviceKey, int] = {}
        for chain in self.archive.logs.all():
            key = self.database.row("SELECT max(key) FROM timeline WHERE log = ?", (chain.n,))[0]
            if key is not None:
                newest[chain.name.device] = max(newest.get(chain.name.device, 0), key >> TIE_BITS)
        return newest

    def count_before(self, time: int) -> int:
        """How many posts shown sort before `time` (UTC ms)."""
        found: int = self.database.row("SELECT count(*) FROM timeline WHERE key < ?", (time << TIE_BITS,))[0]
        return found

    # --- where else it is ---------------------------------------------------------------------------------
    def copies(self) -> dict[DeviceKey, dict[bytes, int]]:
        """How far each other device is known to hold this device's logs: {device: {log number: seq}}."""
        found: dict[DeviceKey, dict[bytes, int]] = {}
        for device, number, seq in self.database.rows("SELECT device, number, seq FROM copy"):
            found.setdefault(DeviceKey(device), {})[number] = seq
        return found

    def seen(self) -> dict[DeviceKey, int]:
        """When each other device was last linked, UTC ms."""
        return {DeviceKey(device): at for device, at in self.database.rows("SELECT device, at FROM seen")}

    def keep_sightings(self, copies: Sequence[tuple[DeviceKey, bytes, int]], seen: dict[DeviceKey, int]) -> None:
        """Keeps what is newly known of both."""
        with self.database.transaction(durable=False):
            self.database.run_many("INSERT OR REPLACE INTO copy (device, number, seq) VALUES (?, ?, ?)", copies)
            self.database.run_many("INSERT OR REPLACE INTO seen (device, at) VALUES (?, ?)", list(seen.items()))

    def only_here(self, elsewhere: Mapping[bytes, int]) -> int:
        """How many shown posts of this device lie past what other devices hold: {log number: seq}."""
        total = 0
        for chain in self.archive.logs.of_device(self._me):
            past = max(elsewhere.get(chain.name.number, 0), chain.start - 1)
            total += self.database.row(
                "SELECT count(*) FROM entry WHERE log = ? AND seq > ? AND key IS NOT NULL", (chain.n, past)
            )[0]
        return total

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
