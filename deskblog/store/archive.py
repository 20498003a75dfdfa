"""The entries kept, chain by chain, and what follows from them: what counts, what is shown, what is erased.

Whatever is taken in hangs where its first header says: at the end of a chain, or where it parts from one (a fork).
Views follow in the same transaction, so that a kill between them shows nothing half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from deskblog import limits
from deskblog.log import kinds
from deskblog.log.entry import Entry, decode_entry
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.records import replace
from deskblog.store.about import AboutEntries
from deskblog.store.announcements import Announcements
from deskblog.store.blobs import Blobs
from deskblog.store.database import Database
from deskblog.store.entries import Entries, Held, Stretch
from deskblog.store.erasure import DAY, Erasure
from deskblog.store.finder import Finder
from deskblog.store.ingested import Ingested
from deskblog.store.items import Items
from deskblog.store.judging import Judging
from deskblog.store.letters import Letters
from deskblog.store.logs import HeldLog, Logs
from deskblog.store.newest import Newest
from deskblog.store.public_posts import PublicPosts
from deskblog.store.publicity import Publicity
from deskblog.store.read import read
from deskblog.store.timeline import TIE_BITS, Timeline
from deskblog.store.unread import Unread
from deskblog.store.work import Kept, NotKept, Parts, Work, nobody
from deskblog.values import DeviceKey, Ends, EntryId, LogName, PersonId, Point, Row, Version


class Archive:
    """One transaction a call; memory follows the commit."""

    def __init__(
        self,
        database: Database,
        me: DeviceKey,
        keys: DeviceKeys | None,
        now: Callable[[], int],
        blobs: Blobs,
        names: Callable[[bytes], tuple[str, bool]],
    ) -> None:
        self._database = database
        self.logs = logs = Logs(database)
        self.entries = entries = Entries(database)
        self.about = AboutEntries(database, logs)
        self.announcements = announcements = Announcements(database, logs, self.about, names)
        self.items = Items(database, names)
        self.unread = unread = Unread(database, names, announcements, self.items)
        self.letters = letters = Letters(database, logs, entries, keys, unread)
        self.publicity = publicity = Publicity()
        self.public_posts = PublicPosts(database, self.about, publicity)
        self.timeline = timeline = Timeline(
            database, logs, self.about, blobs, letters, announcements, unread, publicity, names
        )
        self.finder = Finder(database, timeline)
        self.newest = Newest(database, logs)
        self._judging = Judging(database, entries)
        erasure = Erasure(database, logs, entries, timeline)
        self._parts = Parts(
            database,
            logs,
            entries,
            timeline,
            self.newest,
            self.about,
            blobs,
            letters,
            unread,
            self._judging,
            erasure,
            me,
            now,
        )

    # --- the office ---------------------------------------------------------------------------------------
    def know(self, office: Office) -> None:
        """The office as it is now, for what is shown."""
        self.announcements.office = office
        self.publicity.know(office)

    def differs(self, office: Office) -> bool:
        """Whether rows look otherwise in that office."""
        return self.announcements.differ(office) or self.publicity.differs(office)

    def merged(self, before: PersonId, me: PersonId) -> None:
        """Oneself is known by another id, inside the caller's transaction: of whom one was made one, or not any more,
        the posts are one's own now, or another's."""
        mine, others = self.logs.of_person(me), self.logs.of_person(before)
        self.unread.belong([log.n for log in mine], [log.n for log in others])

    # --- taking in ----------------------------------------------------------------------------------------
    def take(
        self, name: LogName, held: Sequence[Held], office: Office, *, durable: bool, kept: Kept = nobody
    ) -> Ingested:
        """Keeps checked consecutive entries of one log; those held already are passed over.

        `kept` hears how the log ends once they are committed. ValueError if what comes before them is not held.
        """
        new, parent, after = self._hanging(name, held)
        if not new:
            return Ingested((), {name: self.ends(name, office)})
        work = Work(self._parts, office)
        try:
            with self._database.transaction(durable=durable):
                work.insert(name, new, parent, after)
                work.revise()
        except NotKept:
            return Ingested((), {}, kept=False, spread=False)
        return work.settled(kept)

    def take_all(self, runs: Sequence[tuple[LogName, Sequence[Held]]], office: Office) -> list[Ingested]:
        """As `take`, several runs in one transaction: all are kept or, if anything is raised, none.

        Memory goes ahead of the commit, for a run may hang on one before it; if that fails it is read again.
        """
        try:
            with self._database.transaction(durable=False), self.timeline.words.gathered():
                return [self._insert(name, held, office) for name, held in runs]
        except BaseException:
            self.reload()
            raise

    def _insert(self, name: LogName, held: Sequence[Held], office: Office) -> Ingested:
        """Inside the caller's transaction; NotKept where a ceiling refuses it."""
        new, parent, after = self._hanging(name, held)
        if not new:
            return Ingested((), {name: self.ends(name, office)})
        work = Work(self._parts, office)
        work.insert(name, new, parent, after)
        work.revise()
        return work.settled()

    def _hanging(self, name: LogName, held: Sequence[Held]) -> tuple[Sequence[Held], HeldLog | None, Point | None]:
        """(the entries not held, the chain they hang on, the point they follow)."""
        if not held:
            raise ValueError("no entries")
        first = held[0].entry.header
        chains = self.logs.chains(name)
        if len(chains) == 1 and chains[0].head == Point(first.seq - 1, EntryId(first.previous)):
            return held, chains[0], chains[0].head
        placed = self.entries.placed([one.entry.id for one in held])
        new = [one for one in held if one.entry.id not in placed]
        if not new:
            return [], None, None
        header = new[0].entry.header
        if header.seq == 1:
            return new, None, None
        place = self.entries.placed([header.previous]).get(EntryId(header.previous))
        chain = self.logs.numbered(place[0]) if place else None
        if place is None or chain is None or chain.name != name or place[1] != header.seq - 1:
            raise ValueError("entries that do not continue their log")
        return new, chain, Point(place[1], EntryId(header.previous))

    def fill(self, bodies: Sequence[tuple[EntryId, bytes]], office: Office) -> Ingested:
        """Keeps bodies that came later; those nobody waits for are passed over, a wrong one is Forged."""
        work = Work(self._parts, office)
        with self._database.transaction(durable=False):
            for ident, body in bodies:
                work.fill(ident, body)
            work.revise()
        return work.settled()

    # --- judging anew, inside the caller's transaction ----------------------------------------------------
    def part_in(self, thread: bytes, mine: Sequence[HeldLog]) -> tuple[bool, bool]:
        """(whether one of these logs wrote an entry, whether one answered it)."""
        among = {log.n for log in mine}
        head = self._database.row("SELECT log FROM entry WHERE id = ?", (thread,))
        answers = self._database.rows("SELECT log FROM timeline WHERE target = ?", (thread,))
        return head is not None and head[0] in among, any(n in among for (n,) in answers)

    def last_posts(self) -> dict[DeviceKey, int]:
        """When each device's newest shown post was written, UTC ms."""
        newest: dict[DeviceKey, int] = {}
        for chain in self.logs.all():
            key = self._database.row("SELECT max(key) FROM timeline WHERE log = ?", (chain.n,))[0]
            if key is not None:
                newest[chain.name.device] = max(newest.get(chain.name.device, 0), key >> TIE_BITS)
        return newest

    def announced(self, now: int) -> tuple[Row, ...]:
        """Announcements whose term may not be over yet, newest first."""
        return self.timeline.rows(self.timeline.keys(self.announcements.in_term(now)))[::-1]

    def rejudge(self, office: Office, *, others: bool) -> Work:
        """Judges every log as the office now is; `others`: who is out has changed."""
        work = Work(self._parts, office)
        for device in self.logs.devices():
            work.judge(device)
        if others:
            work.review(self._parts.erasure.of_others())
        work.revise()
        return work

    def rebuild(self, office: Office) -> Work:
        """Makes every view anew from entries."""
        self.timeline.clear()
        self.newest.clear()
        self.about.clear()
        self.letters.clear()
        self._parts.blobs.clear()
        self._parts.erasure.clear()
        self._database.run("DELETE FROM claim")
        work = Work(self._parts, office)
        for chain in self.logs.all():
            work.reread(chain)
        for device in self.logs.devices():
            work.judge(device, show=False)
        work.show_all()
        work.revise()
        return work

    def show_newest(self, office: Office) -> None:
        """Looks, inside the caller's transaction, for what an older version kept and could not read."""
        Work(self._parts, office).show_newest()

    # --- letting go ---------------------------------------------------------------------------------------
    def sweep(self, office: Office) -> Ingested:
        """Drops what the retention rule and the age of what is set aside say; wants again what they no longer do."""
        parts = self._parts
        work = Work(parts, office)
        with self._database.transaction(durable=False):
            oldest, coffee = self._oldest(office), self._before_days(limits.COFFEE_DAYS)
            coffee = max(oldest, coffee)
            work.drop_before(oldest, coffee)
            parts.erasure.want_since(oldest, coffee, again=oldest < self._dropped_to())
            self._database.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('dropped-to', ?)", (str(oldest),))
            for chain in sorted(self.logs.all(), key=lambda chain: -chain.n):
                old = chain.aside is not None and parts.now() - chain.aside > limits.SET_ASIDE_DAYS * DAY
                if old and chain.name.device != parts.me:
                    work.cut(chain)
            work.revise()
        return work.settled()

    def _dropped_to(self) -> int:
        """What the last sweep dropped up to."""
        row = self._database.row("SELECT value FROM meta WHERE key = 'dropped-to'")
        return int(row[0]) if row else 0

    def _oldest(self, office: Office) -> int:
        """What sorts before this is dropped; 0: nothing is. A clock that runs ahead drops nothing before its time."""
        days = office.settings.get("retention-days")
        if not isinstance(days, int) or not 1 <= days <= limits.RETENTION_DAYS:
            return 0
        return self._before_days(days)

    def _before_days(self, days: int) -> int:
        """By what all can read: a sealed text that is the newest of all would have its readers let go of more."""
        row = self._database.row("SELECT key FROM timeline WHERE readers IS NULL ORDER BY key DESC LIMIT 1")
        newest = row[0] if row else 0
        return int(min(self._parts.now(), (newest >> TIE_BITS) + DAY)) - days * DAY

    # --- reading ------------------------------------------------------------------------------------------
    def ends(self, name: LogName, office: Office) -> Ends:
        return self._judging.ends(self.logs.chains(name), office)

    def heads(self, office: Office) -> dict[LogName, Ends]:
        return {name: self.ends(name, office) for name in self.logs.names()}

    def stretch(self, name: LogName, points: Sequence[Point], to: Point, office: Office) -> Stretch | int | None:
        """What follows the highest of these points on the chain of `to`; None: nothing does; 0: none lies on it.

        Without points: from the beginning.
        """
        place = self.entries.placed([to.id]).get(to.id)
        if place is None or self.logs.numbered(place[0]).name != name or place[1] != to.seq:
            return None
        path = self.logs.path(self.logs.numbered(place[0]), to.seq)
        on_path = {chain.n: last for chain, _first, last in path}
        placed = self.entries.placed([point.id for point in points])
        after = [
            seq
            for point in points
            if (where := placed.get(point.id)) and (seq := where[1]) == point.seq and seq <= on_path.get(where[0], 0)
        ]
        if points and not after:
            return 0
        limit = self._judging.limit(path[0][0], office)
        start = max(after, default=0)
        found = self.entries.stretch(path, start, to.id if limit == to.seq else b"")
        if found is not None or place[1] == self.logs.numbered(place[0]).head.seq:
            return found
        # what is asked for ends before a held signature: a little more of its chain vouches for it
        whole = self.logs.numbered(place[0])
        return self.entries.stretch(self.logs.path(whole, whole.head.seq), start)

    def whole(self, ids: Sequence[EntryId]) -> list[tuple[Entry, bytes]]:
        """Those of the entries whose bodies are held."""
        found = []
        for n, seq in self.entries.placed(ids).values():
            chain = self.logs.numbered(n)
            body = self.entries.body(chain, seq)
            if body is not None:
                found.append((decode_entry(self.entries.header(chain, seq)), body))
        return found

    def versions(self, ident: EntryId) -> tuple[Version, ...]:
        """All that a post of this PC's timeline has said, oldest first; of these by its author."""
        place = self.entries.placed([ident]).get(ident)
        chain = self.logs.numbered(place[0]) if place else None
        body = self.entries.body(chain, place[1]) if place and chain else None
        if place is None or chain is None or chain.person is None or body is None:
            return ()
        entry = decode_entry(self.entries.header(chain, place[1]))
        first = self.timeline.showing(chain, read(entry, body))
        if first is None:
            return ()
        said = [] if first.readers else self.about.corrections(ident, chain.person)
        later = (Version(one.hex(), at, kinds.shown_text(content.text)) for one, at, content in said)
        return (Version(ident.hex(), entry.header.time, first.text), *later)

    def locator(self, name: LogName) -> tuple[Point, ...]:
        """Points at the ends of the log's chains and 1, 2, 4, 8 … before them, to find where another chain parts."""
        points: set[Point] = set()
        chains = self.logs.chains(name)
        for chain in chains:
            back = 0
            for part, first, last in self.logs.path(chain, chain.head.seq)[::-1]:
                while first <= chain.head.seq - back <= last:
                    point = self.entries.point(part, chain.head.seq - back)
                    points |= {point} if point else set()
                    back = back * 2 or 1
        return tuple(sorted(points, reverse=True)[: limits.POINTS])

    def own_logs(self, me: DeviceKey) -> list[tuple[LogName, int, tuple[Point, ...], tuple[Point, ...]]]:
        """(log, ordinal, ends of its chains, points that count) of each log of this device."""
        out = []
        for name in {chain.name for chain in self.logs.of_device(me)}:
            chains = self.logs.chains(name)
            ends = tuple(sorted(chain.head for chain in chains))
            counted = tuple(chain.head for chain in chains if not chain.set_aside)
            out.append((name, max(chain.ordinal for chain in chains), ends, counted))
        return sorted(out)

    # --- repair -------------------------------------------------------------------------------------------
    def cut_back(self, ends: Mapping[int, int]) -> None:
        """Forgets what lies past these seqs, chain by chain, inside the caller's transaction; then `reload`."""
        for n in sorted(ends, reverse=True):
            chain, last = self.logs.numbered(n), ends[n]
            for table in ("entry", "claim", "withdrawal"):
                self._database.run(f"DELETE FROM {table} WHERE log = ? AND seq > ?", (n, last))
            self._database.run("DELETE FROM timeline WHERE log = ? AND seq > ?", (n, last))
            if last < chain.start:
                self.logs.erase(chain)
            else:
                point = self.entries.point(chain, last)
                assert point is not None
                self.logs.write(replace(chain, head=point))

    def reload(self) -> None:
        """Memory is read from the tables again."""
        self.logs.load()

    def missing(self, ids: Sequence[EntryId]) -> frozenset[EntryId]:
        """Those of the entries that are not held."""
        return frozenset(ids) - self.entries.placed(ids).keys()
