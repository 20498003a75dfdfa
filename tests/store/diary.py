"""Logs as their authors write them, and a store to put them in: real keys, real chains, real SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from deskblog.log import act as a
from deskblog.log import codec, kinds
from deskblog.log.entry import Entry, decode_entry, write_entry
from deskblog.log.keys import SIGN_ENTRY
from deskblog.log.office import Office
from deskblog.store.store import Held, Ingested, Store, Stretch
from deskblog.values import DeviceKey, EntryId, LogName, Point
from tests.log.chronicle import Chronicle, device, keys, log_of

NOON = 1_750_000_000_000  # the clock of all these tests: a day of June 2025, in ms
MINUTE = 60_000
DAY = 1440 * MINUTE


class Diary:
    """One log of one device; each entry comes a second after the one before unless told otherwise."""

    def __init__(self, book: Chronicle, name: str, number: int = 1, *, opened: bool = True) -> None:
        self.name: LogName = log_of(name, number)
        self.held: list[Held] = []
        self._keys = keys(name)
        self._office = book.found.office
        self._time = NOON - 1000 * MINUTE
        if opened:
            self.say(kinds.Open(book.warrants[name][0]))

    @property
    def end(self) -> Point:
        return self.held[-1].entry.point

    @property
    def last(self) -> Entry:
        return self.held[-1].entry

    def say(self, content: kinds.Content, *, at: int | None = None) -> Held:
        """Writes what a person can write."""
        salt = len(self.held).to_bytes(kinds.SALT, "big")
        return self.write(kinds.kind_of(content), kinds.encode_body(content, salt), at=at)

    def post(self, text: str, *, at: int | None = None) -> Held:
        return self.say(kinds.Post(text), at=at)

    def answer(self, target: Held, text: str, *, at: int | None = None) -> Held:
        return self.say(kinds.Answer(text, target.entry.id), at=at)

    def write(self, kind: str, body: bytes, *, at: int | None = None) -> Held:
        """Writes any bytes under any kind, as a newer version or a rascal might."""
        self._time = self._time + 1000 if at is None else at
        after = self.end if self.held else None
        entry, signature = write_entry(self._keys, self._office, self.name.number, after, self._time, kind, body)
        held = Held(entry, signature, body)
        self.held.append(held)
        return held

    def from_next_year(self, more: bytes) -> Held:
        """Writes a post as version 2 might: ten fields, and one more."""
        body = kinds.encode_body(kinds.Post("not for this version"), bytes(kinds.SALT))
        header, _signature = write_entry(self._keys, self._office, self.name.number, self.end, NOON, "post", body)
        entry = decode_entry(codec.encode((2, *msgspec.structs.astuple(header.header)[1:], more)))
        held = Held(entry, self._keys.sign(SIGN_ENTRY, entry.id), body)
        self.held.append(held)
        return held

    def posts(self, count: int, text: str = "post {n}") -> Sequence[Held]:
        return [self.post(text.format(n=n)) for n in range(count)]

    def twin(self) -> Diary:
        """The same log in a copied store: goes its own way from here."""
        twin = object.__new__(Diary)
        twin.__dict__ = self.__dict__ | {"held": list(self.held)}
        return twin


def as_run(held: Iterable[Held]) -> list[Held]:
    """As a run brings them: only the last signature was checked."""
    entries = list(held)
    return [*(Held(one.entry, None, one.body) for one in entries[:-1]), entries[-1]]


def without_bodies(held: Iterable[Held]) -> list[Held]:
    return [Held(one.entry, one.signature, None) for one in held]


def borders(*points: tuple[Diary, int]) -> a.Heads:
    """Head lines up to that entry of each log."""
    lines = [(d.name.device, d.name.number, seq, d.held[seq - 1].entry.id) for d, seq in points]
    return tuple(sorted(lines))


class Shelf:
    """A store on a folder, with the clock in hand."""

    def __init__(self, folder: Path, book: Chronicle, me: str = "anne", *, now: int = NOON) -> None:
        self.folder = folder
        self.book = book
        self.now = now
        self.name = me
        self.me: DeviceKey = device(me)
        self.store = self.open()
        self.store.add_acts(tuple(book.acts), self.office)

    @property
    def office(self) -> Office:
        return self.book.office()

    def open(self) -> Store:
        """Opens the store again, after `close` or a crash."""
        self.store = Store.open(self.folder, self.me, lambda: self.now, keys=keys(self.name))
        self.store.know(self.office)
        return self.store

    def take(self, diary: Diary, held: Sequence[Held] | None = None) -> list[Ingested]:
        """Takes a log in, all of it or these entries, in runs of at most 256; what became of each run."""
        entries = diary.held if held is None else held
        runs = [entries[start : start + 256] for start in range(0, len(entries), 256)]
        return [self.store.ingest(diary.name, as_run(run), self.office) for run in runs]

    def heads(self) -> dict[LogName, Point]:
        """The furthest end of each log."""
        return {log: ends.leaves[-1] for log, ends in self.store.heads(self.office).items()}

    def point(self, log: LogName, seq: int) -> Point | None:
        """Where entry `seq` stands on a log's first chain."""
        row = self.store.database.row(
            "SELECT id FROM entry WHERE log = (SELECT min(n) FROM log WHERE device = ? AND number = ?) AND seq = ?",
            (log.device, log.number, seq),
        )
        return Point(seq, EntryId(row[0])) if row else None

    def run(self, log: LogName, after: int, to: int) -> Stretch | None:
        """What is sent to whoever holds `after` entries of a log's first chain and wants it up to `to`, if so far."""
        held = self.point(log, after) if after else None
        head = self.store.head(log)
        end = self.point(log, min(to, head.seq)) if head else Point(to, EntryId(bytes(32)))
        if (after and held is None) or end is None:
            return None
        found = self.store.read_run(log, (held,) if held else (), end, self.office)
        return found if isinstance(found, Stretch) else None

    def learn(self) -> None:
        """Keeps the acts written in the book since."""
        known = {act.id for act in self.store.load_acts()}
        self.store.add_acts(tuple(act for act in self.book.acts if act.id not in known), self.office)

    def texts(self) -> list[str]:
        """All that the timeline shows, newest first, page by page."""
        texts: list[str] = []
        before: int | None = None
        while True:
            page = self.store.timeline(before=before, limit=7)
            texts += [row.text for row in page.rows]
            before = page.next_before
            if before is None:
                return texts

    def found(self, words: str, person: str | None = None) -> list[str]:
        return [row.text for row in self.store.search(words, person=person).rows]
