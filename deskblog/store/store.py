"""The store of one data folder: the one face the engine sees. All on one thread.

Written before shown, before acknowledged, before passed on. Own entries and acts are on the disk for good when a call
returns; what others wrote is committed, and would come again from them if a power cut took it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from deskblog.errors import Forged, PeerError, Refused, Unusable
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.log.act import Act, decode_act
from deskblog.log.codec import HeadLine
from deskblog.log.entry import body_fits, decode_entry
from deskblog.log.office import Office
from deskblog.store import actfile
from deskblog.store.database import FILE, Damaged, Database, flag_of
from deskblog.store.entries import Entries, Held, Stretch
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.marker import Marker
from deskblog.store.search import expression
from deskblog.store.timeline import TIE_BITS, Timeline, showing
from deskblog.values import NO_ID, DeviceKey, EntryId, LogName, Page, PersonId, Point, Row, View

__all__ = ["Held", "Ingested", "Store", "Stretch"]


@dataclass(frozen=True, slots=True)
class Ingested:
    """Rows now on the timeline, the log's head now, and whether a fork was met (then its proof is kept)."""

    rows: tuple[Row, ...]
    head: Point
    fork: bool


class Store:
    """Acts, entries and what is shown of them."""

    def __init__(self, database: Database, folder: Path, me: DeviceKey, now: Callable[[], int]) -> None:
        self.fresh_logs = False
        self.set_aside: Path | None = None
        self.database = database
        self._folder = folder
        self._me = me
        self._now = now
        self._logs = Logs(database)
        self._entries = Entries(database)
        self._people: dict[bytes, str] = dict(database.rows("SELECT id, name FROM person"))
        self._my_person: PersonId | None = None
        self._timeline = Timeline(database, self._logs, self._name_of)

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
            store._renew_mark(Marker(mark_folder, me))
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
        with suppress(Unusable):  # a full disk can still be read; the marks differ then, and a new log is begun
            self.put("mark", mark)

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

    def add_acts(self, acts: Sequence[Act], office: Office) -> None:
        """Keeps new acts, and shows the timeline as the office now is. `office` is folded from all acts kept."""
        with self.database.transaction(durable=True):
            self.database.run_many(
                "INSERT OR IGNORE INTO act (id, raw, signature) VALUES (?, ?, ?)",
                [(act.id, act.raw, act.signature) for act in acts],
            )
            self._write_people(office)
            changed = [log for old in self._logs.all() if (log := old.judged(office)) != old]
            for log in changed:
                self._show_anew(log)
        self._settle(changed, office)
        with suppress(OSError):  # the acts are kept; their second copy stays as it was until the next ones
            actfile.write_acts(self._folder, office.acts.values())

    def _settle(self, logs: Iterable[HeldLog], office: Office) -> None:
        """The transaction is committed: memory may follow."""
        for log in logs:
            self._logs.settle(log)
        self._remember_people(office)

    def know(self, office: Office) -> None:
        """Tells the store, once opened, which office its acts make; after damage they are kept again."""
        self._remember_people(office)
        if self.database.row("SELECT 1 FROM act") is None:
            self.add_acts(tuple(office.acts.values()), office)

    def _write_people(self, office: Office) -> None:
        self.database.run_many("INSERT OR REPLACE INTO person (id, name) VALUES (?, ?)", _names(office).items())

    def _remember_people(self, office: Office) -> None:
        self._people = _names(office)
        mine = office.person_of(self._me)
        self._my_person = mine.id if mine else None

    def _show_anew(self, log: HeldLog) -> list[int]:
        self._logs.write(log)
        self._timeline.remove_log(log)
        shown = [showing(log, decode_entry(header), body) for header, body in self._entries.of_log(log)]
        return self._timeline.add([one for one in shown if one is not None], self._now())

    def rebuild(self, office: Office) -> None:
        """Makes every view anew from acts and entries."""
        with self.database.transaction(durable=True):
            self._timeline.clear()
            self._write_people(office)
            logs = [log.judged(office) for log in self._logs.all()]
            for log in logs:
                self._show_anew(log)
        self._settle(logs, office)

    # --- entries ------------------------------------------------------------------------------------------
    def append(self, held: Held, office: Office) -> tuple[Row, ...]:
        """Keeps an own entry, for good when this returns; ValueError if it does not continue its log."""
        log = self._logs.get(held.entry.log)
        if log is not None and held.entry.header.seq <= log.head.seq:
            raise ValueError("an own entry where there is one already")
        return self._take(held.entry.log, [held], office, durable=True).rows

    def ingest(self, log: LogName, entries: Sequence[Held], office: Office) -> Ingested:
        """Keeps checked consecutive entries of one log; those held already are passed over, a gap is our fault."""
        return self._take(log, entries, office, durable=False)

    def _take(self, name: LogName, entries: Sequence[Held], office: Office, *, durable: bool) -> Ingested:
        log = self._logs.get(name)
        known = log.head.seq if log else 0
        overlap = [one for one in entries if one.entry.header.seq <= known]
        conflict = self._conflict(log, overlap) if log and overlap else None
        if log is not None and conflict is not None:
            return Ingested((), self._keep_proof(log, conflict), fork=True)
        new = [one for one in entries if one.entry.header.seq > known]
        if not new:
            if log is None:
                raise ValueError("nothing to keep")
            return Ingested((), log.head, fork=False)
        first = new[0].entry.header
        if (first.seq, first.previous) != (known + 1, log.head.id if log else NO_ID):
            raise ValueError("entries that do not continue their log")
        with self.database.transaction(durable=durable):
            log, keys = self._insert(log, name, new, office)
        self._logs.settle(log)
        return Ingested(self._timeline.rows(keys), log.head, fork=False)

    def _insert(
        self, log: HeldLog | None, name: LogName, new: Sequence[Held], office: Office
    ) -> tuple[HeldLog, list[int]]:
        end = new[-1].entry.point
        old = log or self._logs.draft(name, Entries.lead(new[0].entry.header), end)
        log = HeldLog(old.n, name, old.lead, end, old.admission, old.person, old.last)
        if new[0].entry.header.seq == 1 and new[0].body is not None:
            log = self._opened(log, new[0].entry.header.kind, new[0].body, office)
        self._entries.add(log, new)
        self._logs.write(log)
        shown = [showing(log, one.entry, one.body) for one in new]
        return log, self._timeline.add([one for one in shown if one is not None], self._now())

    @staticmethod
    def _opened(log: HeldLog, kind: str, body: bytes, office: Office) -> HeldLog:
        """The log as its first entry says whose it is; as it was if that entry says nothing."""
        content = kinds.decode_body(kind, body)
        return replace(log, admission=content.admission).judged(office) if isinstance(content, kinds.Open) else log

    def _conflict(self, log: HeldLog, overlap: Sequence[Held]) -> Held | None:
        for one in overlap:
            mine = self._entries.point(log, one.entry.header.seq)
            if mine is not None and mine.id != one.entry.id:
                return one
        return None

    def _keep_proof(self, log: HeldLog, other: Held) -> Point:
        """Two vouched entries with one number: both headers are kept as the proof."""
        seq = other.entry.header.seq
        with self.database.transaction(durable=False):
            self.database.run(
                "INSERT OR IGNORE INTO fork (log, seq, mine, theirs, signature) VALUES (?, ?, ?, ?, ?)",
                (log.n, seq, self._entries.header(log, seq), other.entry.raw, other.signature),
            )
        return log.head

    def fill(self, bodies: Sequence[tuple[EntryId, bytes]], office: Office) -> tuple[Row, ...]:
        """Keeps bodies that came later; those nobody waits for are passed over, a wrong one is Forged."""
        keys: list[int] = []
        opened: dict[int, HeldLog] = {}
        with self.database.transaction(durable=False):
            for ident, body in bodies:
                waiting = self._entries.waiting(ident)
                if waiting is None:
                    continue
                entry = decode_entry(waiting[1])
                if not body_fits(entry, body):
                    raise Forged("a body that is not its header's")
                self._entries.fill(ident, body)
                log = opened.get(waiting[0]) or self._logs.numbered(waiting[0])
                if entry.header.seq == 1:
                    opened[log.n] = log = self._opened(log, entry.header.kind, body, office)
                    keys += self._show_anew(log)
                elif (one := showing(log, entry, body)) is not None:
                    keys += self._timeline.add([one], self._now())
        for log in opened.values():
            self._logs.settle(log)
        return self._timeline.rows(keys)

    def heads(self) -> dict[LogName, Point]:
        return self._logs.heads()

    def head(self, name: LogName) -> Point | None:
        log = self._logs.get(name)
        return log.head if log else None

    def goes_on(self, name: LogName) -> bool:
        """True if a next entry of that log would be part of the office."""
        log = self._logs.get(name)
        return log is not None and log.counts(log.head.seq + 1)

    def counted(self, devices: Collection[bytes]) -> tuple[HeadLine, ...]:
        """How far each log of these devices is part of the office here: what a removal of them names."""
        out: dict[LogName, HeadLine] = {}
        for log in self._logs.all():
            seq = log.head.seq if log.last is None else min(log.last, log.head.seq)
            point = self._entries.point(log, seq) if log.name.device in devices and log.counts(seq) else None
            if point is not None and (log.name not in out or out[log.name][2] < seq):
                out[log.name] = (log.name.device, log.name.number, seq, point.id)
        return tuple(sorted(out.values()))

    def point(self, name: LogName, seq: int) -> Point | None:
        log = self._logs.get(name)
        return self._entries.point(log, seq) if log else None

    def read_run(self, name: LogName, after_seq: int, to: int) -> Stretch | None:
        log = self._logs.get(name)
        return self._entries.stretch(log, after_seq, to) if log else None

    def bodies(self, ids: Sequence[EntryId]) -> list[tuple[EntryId, bytes | int]]:
        return self._entries.bodies(ids)

    def wanted(self, limit: int) -> tuple[EntryId, ...]:
        return self._entries.wanted(limit)

    def latest_time(self, at_most: int) -> int:
        """The greatest time shown that is not past `at_most`; 0 if there is none."""
        row = self.database.row(
            "SELECT key FROM timeline WHERE key < ? ORDER BY key DESC LIMIT 1", ((at_most + 1) << TIE_BITS,)
        )
        return row[0] >> TIE_BITS if row else 0

    # --- what is shown ------------------------------------------------------------------------------------
    def timeline(self, *, before: int | None = None, limit: int = 50, view: View = View.ALL) -> Page:
        mine = self._logs.of_person(self._my_person) if self._my_person else self._logs.of_device(self._me)
        return self._timeline.page(before, limit, view, mine)

    def search(self, words: str, *, before: int | None = None, limit: int = 50, person: str | None = None) -> Page:
        """Posts with all these words, newest first; `person` is a name or the beginning of an id."""
        match = expression(words)
        if not match:
            return Page((), None)
        logs = [log for who in self._find_people(person) for log in self._logs.of_person(who)] if person else None
        return self._timeline.search(match, before, limit, logs)

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
        return self._timeline.rows(found)[0] if found else None

    def answers(self, ident: str) -> tuple[Row, ...]:
        return self._timeline.answers(bytes.fromhex(ident))

    def count(self) -> int:
        """Posts on the timeline."""
        found: int = self.database.row("SELECT count(*) FROM timeline")[0]
        return found

    def _name_of(self, log: HeldLog) -> tuple[str, bool]:
        person = log.person or b""
        return self._people.get(person) or person.hex()[:8], person == self._my_person

    # --- small things of this PC --------------------------------------------------------------------------
    def get(self, key: str, default: str = "") -> str:
        row = self.database.row("SELECT value FROM meta WHERE key = ?", (key,))
        return row[0] if row else default

    def put(self, key: str, value: str) -> None:
        with self.database.transaction(durable=False):
            self.database.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _names(office: Office) -> dict[bytes, str]:
    return {person.id: person.name for person in office.persons.values()}


def set_aside(path: Path, now: int) -> Path:
    """Moves a damaged database, with what belongs to it, out of the way; where to."""
    stamp = datetime.fromtimestamp(now / 1000).strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")
    flag_of(path).unlink(missing_ok=True)
    for suffix in ("-wal", "-shm"):
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)
    return aside
