"""Which blobs posts name, and which are here: the tables `attached` and `blob`, and the folder of files.

A blob stays while a held body names it, or while the person keeps it for a post that is not written yet. Nothing else
of the store hangs on it: a post is whole without its photo, and says that it is on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from deskblog import limits
from deskblog.log import kinds
from deskblog.log.attachment import Attachment, BlobName
from deskblog.store.blobfolder import BlobFolder
from deskblog.store.database import Database
from deskblog.store.read import Read
from deskblog.values import Attached, Blob, BlobFate, BlobState, Sort

_LAST = (limits.BLOB + 1, b"")


class Blobs:
    """On the store's thread."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self.folder = BlobFolder(folder)
        self._asked = (0, b"")  # (size, hash) of the last wanted one that was given out

    # --- what posts name, inside the caller's transaction ---------------------------------------------------
    def note(self, entries: Iterable[Read]) -> tuple[BlobName, ...]:
        """Notes what these bodies name; the blobs that are wanted now."""
        rows: list[Any] = []
        for said in entries:
            for place, one in enumerate(kinds.attachments(said.content)):
                rows += _rows(said.entry.id, place, one)
        if not rows:
            return ()
        self._database.run_many("INSERT OR IGNORE INTO attached VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        named = {BlobName(row[3], row[4]): row[2] for row in rows}
        self._database.run_many(
            "INSERT OR IGNORE INTO blob (hash, size, state, own, at) VALUES (?, ?, ?, 0, ?)",
            [(name.hash, name.size, _at_first(name), self._now()) for name in named],
        )
        return tuple(name for name in named if self.state(name) is BlobState.WANTED)

    def clear(self) -> None:
        """Empties the view, to be made anew."""
        self._database.run("DELETE FROM attached")

    # --- reading ------------------------------------------------------------------------------------------
    def of(self, entries: Sequence[bytes]) -> dict[bytes, tuple[Attached, ...]]:
        """By entry what is attached, in its order."""
        rows = self._database.rows_among(
            "SELECT a.entry, a.place, a.preview, a.hash, a.size, b.state,"
            " a.name, a.kind, a.width, a.height, a.seconds"
            " FROM attached a LEFT JOIN blob b ON b.hash = a.hash AND b.size = a.size WHERE a.entry",
            entries,
        )
        previews = {(row[0], row[1]): _shown(row) for row in rows if row[2]}
        found: dict[bytes, list[Attached]] = {}
        for row in sorted(row for row in rows if not row[2]):
            blob, preview = _shown(row), previews.get((row[0], row[1]))
            found.setdefault(row[0], []).append(
                Attached(row[6], Sort(row[7]), blob, row[8], row[9], row[10], preview)
            )
        return {entry: tuple(lines) for entry, lines in found.items()}

    def state(self, name: BlobName) -> BlobState | None:
        """None: nobody named it."""
        row = self._database.row("SELECT state FROM blob WHERE hash = ? AND size = ?", (name.hash, name.size))
        return BlobState(row[0]) if row else None

    def wanted(self, count: int) -> list[tuple[BlobName, int]]:
        """(blob, how much of it is here): each time the next ones, small before large, then from the beginning."""
        wanted = (
            "SELECT size, hash FROM blob WHERE state = 1 AND (size, hash) > (?, ?) AND (size, hash) <= (?, ?)"
            " ORDER BY size, hash LIMIT ?"
        )
        rows = self._database.rows(wanted, (*self._asked, *_LAST, count))
        rows += self._database.rows(wanted, (0, b"", *self._asked, count - len(rows)))
        if rows:
            self._asked = tuple(rows[-1])
        return [(name := BlobName(row[1], row[0]), self.folder.come(name)) for row in rows]

    def entries(self, name: BlobName) -> list[bytes]:
        """The entries that name it."""
        found = self._database.rows(
            "SELECT DISTINCT entry FROM attached WHERE hash = ? AND size = ?", (name.hash, name.size)
        )
        return [row[0] for row in found]

    def carriers(self, beginning: bytes, limit: int) -> list[bytes]:
        """Entries with something beside them, no preview, whose hash begins so."""
        found = self._database.rows(
            "SELECT DISTINCT entry FROM attached WHERE hash >= ? AND hash <= ? AND preview = 0 LIMIT ?",
            (beginning, beginning + b"\xff" * (32 - len(beginning)), limit),
        )
        return [row[0] for row in found]

    # --- bytes --------------------------------------------------------------------------------------------
    def want(self, name: BlobName) -> BlobState | None:
        """Somebody looks at it, here or elsewhere; what is known of it now."""
        state = self.state(name)
        if state not in (BlobState.NAMED, BlobState.LET_GO) or not self.entries(name):
            return state
        self._set(name, BlobState.WANTED)
        return BlobState.WANTED

    def give_up(self, name: BlobName) -> None:
        """Nobody waits for it any more; what came of it stays, to be gone on with."""
        if self.state(name) is BlobState.WANTED:
            self._set(name, BlobState.NAMED)

    def _set(self, name: BlobName, state: BlobState) -> None:
        with self._database.transaction(durable=False):
            self._database.run(
                "UPDATE blob SET state = ?, at = ? WHERE hash = ? AND size = ?",
                (state, self._now(), name.hash, name.size),
            )

    def take(self, name: BlobName, offset: int, data: bytes) -> BlobFate:
        """Keeps a part that came; it must follow what is here."""
        if self.state(name) is not BlobState.WANTED:
            return BlobFate.UNWANTED
        if self.folder.append(name, offset, data) < name.size:
            return BlobFate.MORE
        if not self.folder.finish(name):
            return BlobFate.WRONG
        self._set(name, BlobState.HERE)
        self.make_room()
        return BlobFate.WHOLE

    def read(self, name: BlobName, offset: int) -> bytes | None:
        """A part for whoever asks; None if it is not here."""
        if offset >= name.size or self.state(name) is not BlobState.HERE:
            return None
        return self.folder.read(name, offset, limits.BLOB_PART)

    def path(self, name: BlobName) -> Path | None:
        """The file, where the bytes are here."""
        return self.folder.path(name) if self.state(name) is BlobState.HERE else None

    # --- one's own ----------------------------------------------------------------------------------------
    def put(self, data: bytes) -> BlobName:
        """Keeps bytes for a post that is to be written; they stay while it is not thrown away."""
        name = self.folder.put(data)
        with self._database.transaction(durable=True):
            self._database.run(
                "INSERT INTO blob (hash, size, state, own, at) VALUES (?, ?, 2, 1, ?)"
                " ON CONFLICT DO UPDATE SET state = 2, own = 1",
                (name.hash, name.size, self._now()),
            )
        return name

    # --- a backup -----------------------------------------------------------------------------------------
    def here(self) -> list[tuple[BlobName, bool]]:
        """(blob, whether it is one's own) of those that are here and that a held body names."""
        rows = self._database.rows(
            "SELECT b.hash, b.size, b.own FROM blob b WHERE b.state = 2 AND EXISTS"
            " (SELECT 1 FROM attached a WHERE a.hash = b.hash AND a.size = b.size) ORDER BY b.at, b.size, b.hash"
        )
        return [(BlobName(digest, size), bool(own)) for digest, size, own in rows]

    def put_back(self, name: BlobName, offset: int, data: bytes, *, own: bool) -> None:
        """Takes a part from a backup; what no body names, or is not what it is named, is passed over."""
        if self.state(name) in (None, BlobState.HERE):
            return
        if self.folder.append(name, offset, data) < name.size or not self.folder.finish(name):
            return
        with self._database.transaction(durable=False):
            self._database.run(
                "UPDATE blob SET state = 2, own = ?, at = ? WHERE hash = ? AND size = ?",
                (own, self._now(), name.hash, name.size),
            )

    # --- letting go ---------------------------------------------------------------------------------------
    def collect(self, keep: Collection[BlobName] = ()) -> tuple[BlobName, ...]:
        """Lets go of what no held body names, but for `keep`; what is gone now."""
        rows = self._database.rows(
            "SELECT hash, size FROM blob b"
            " WHERE NOT EXISTS (SELECT 1 FROM attached a WHERE a.hash = b.hash AND a.size = b.size)"
        )
        gone = [name for row in rows if (name := BlobName(*row)) not in keep]
        for name in gone:
            self.folder.remove(name)
        if gone:
            with self._database.transaction(durable=False):
                keys = [(name.hash, name.size) for name in gone]
                self._database.run_many("DELETE FROM blob WHERE hash = ? AND size = ?", keys)
        return tuple(gone)

    def make_room(self) -> tuple[BlobName, ...]:
        """Past the ceiling on others' blobs lets go of the oldest of whoever has most here; what is gone now."""
        total = self._database.row("SELECT coalesce(sum(size), 0) FROM blob WHERE state = 2 AND own = 0")[0]
        gone: list[BlobName] = []
        if total > limits.BLOBS_KEPT:
            for name in _too_much(self._by_person(), total - limits.BLOBS_KEPT):
                self.folder.remove(name)
                self._set(name, BlobState.LET_GO)
                gone.append(name)
        return tuple(gone)

    def _by_person(self) -> dict[bytes, list[BlobName]]:
        """Others' blobs here, oldest first, by who named them first."""
        rows = self._database.rows(
            "SELECT min(l.person), b.hash, b.size FROM blob b JOIN attached a ON a.hash = b.hash AND a.size = b.size"
            " JOIN entry e ON e.id = a.entry JOIN log l ON l.n = e.log WHERE b.state = 2 AND b.own = 0"
            " GROUP BY b.hash, b.size ORDER BY b.at"
        )
        found: dict[bytes, list[BlobName]] = {}
        for person, digest, size in rows:
            found.setdefault(person or b"", []).append(BlobName(digest, size))
        return found

    def check(self) -> int:
        """Reads every blob again: what is not what its name says is wanted anew; how many. Strays are removed."""
        rows = self._database.rows("SELECT hash, size, state FROM blob")
        states = {BlobName(digest, size): state for digest, size, state in rows}
        for stray in [name for name in self.folder.all() if name not in states]:
            self.folder.remove(stray)
        wrong = [name for name, state in states.items() if state == BlobState.HERE and not self.folder.right(name)]
        for name in wrong:
            self.folder.remove(name)
            self._set(name, BlobState.WANTED)
        return len(wrong)


def _rows(entry: bytes, place: int, one: Attachment) -> list[Any]:
    """The lines of one attachment in the table `attached`."""
    name = shown_name(one.name)
    lines = [(False, one.blob), *([(True, one.preview)] if one.preview else [])]
    return [
        (entry, place, preview, blob.hash, blob.size, name, one.sort, one.width, one.height, one.seconds)
        for preview, blob in lines
    ]


def shown_name(name: str) -> str:
    """On one line, without what hides or turns text about; never empty."""
    return " ".join(kinds.shown_text(name).split()) or "?"


def _shown(row: Any) -> Blob:
    """Of a row (entry, place, preview, hash, size, state …)."""
    state = BlobState(row[5]) if row[5] is not None else BlobState.NAMED
    return Blob(row[3].hex(), row[4], state)


def _at_first(name: BlobName) -> BlobState:
    return BlobState.WANTED if name.size <= limits.BLOB_AT_ONCE else BlobState.NAMED


def _too_much(held: dict[bytes, list[BlobName]], excess: int) -> Iterable[BlobName]:
    """What to let go of until `excess` bytes are free: each time the oldest of whoever has most."""
    weights = {person: sum(name.size for name in names) for person, names in held.items()}
    while excess > 0 and any(weights.values()):
        person = max(weights, key=lambda one: weights[one])
        name = held[person].pop(0)
        weights[person] -= name.size
        excess -= name.size
        yield name
