"""One SQLite connection, one thread, and the world's faults in words.

Only what is the disk's or the file's fault becomes Unusable; a wrong statement is our fault and stays a raw error.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.store.schema import MIGRATIONS

FILE = "posts.db"
MANY = 500  # values in one statement; some builds of SQLite take 999 at most
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Damaged(Unusable):
    """The file is no sound database; the store sets it aside when it is next opened."""

    def __init__(self, fault: str) -> None:
        super().__init__(
            _("The posts kept on this PC are damaged."),
            kept=_("Your key and your office are kept apart from them."),
            next_step=_(
                "Start deskblog again: it sets the damaged file aside and fetches everything from colleagues."
            ),
        )
        self.fault = fault


class Explained:
    """Turns SQLite's word for a fault of the world into a sentence for people; other errors pass.

    `damaged` is called when damage is met. Each statement goes through it, thirty of them a post: one object serves
    them all.
    """

    def __init__(self, damaged: Callable[[], None] = lambda: None) -> None:
        self._damaged = damaged

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, sqlite3.DatabaseError):
            self._explain(fault)
        elif isinstance(fault, Damaged):
            self._damaged()

    def _explain(self, fault: sqlite3.DatabaseError) -> None:
        code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
        if code in _DAMAGED:
            self._damaged()
            raise Damaged(str(fault)) from fault
        sentence = _sentence(code)
        if sentence is not None:
            raise sentence from fault


def _sentence(code: int) -> Unusable | None:
    kept = _("Everything written before is kept.")
    if code == sqlite3.SQLITE_FULL:
        return Unusable(
            _("The disk is full."), kept=kept, next_step=_("Free some space, then post again; your draft stays.")
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return Unusable(
            _("The data folder cannot be written."),
            kept=kept,
            next_step=_("Make it writable for you, or name another with --data."),
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unusable(
            _("Another program holds the posts of this PC."), kept=kept, next_step=_("Close it, then try again.")
        )
    if code == sqlite3.SQLITE_IOERR:
        return Unusable(
            _("The disk does not answer as it should."),
            kept=kept,
            next_step=_("Check the disk or the network share, then start deskblog again."),
        )
    return None


def flag_of(path: Path) -> Path:
    """The file that says the database was found damaged while in use."""
    return path.with_name(path.name + ".damaged")


class Database:
    """The connection: short transactions, durable ones when asked."""

    def __init__(self, path: Path) -> None:
        self._flag = flag_of(path)
        self._explained = Explained(self.note_damage)  # noted, for opening looks at the first pages only
        with Explained():
            if self._flag.exists() and path.exists():
                raise Damaged("met when it was last in use")
            self._connection = sqlite3.connect(path, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def note_damage(self) -> None:
        """Has the file set aside when it is next opened."""
        with suppress(OSError):
            self._flag.touch()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA busy_timeout = 2000")
        version: int = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > len(MIGRATIONS):
            raise Unusable(
                _("These posts were written by a newer deskblog."),
                kept=_("They were not touched."),
                next_step=_("Install the newer version on this PC."),
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA temp_store = MEMORY")
        self._connection.execute("PRAGMA secure_delete = ON")  # what was withdrawn leaves no bytes on free pages
        self._durable = True
        for number, script in list(enumerate(MIGRATIONS, 1))[version:]:
            self._connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")
        if version == 0:
            self._connection.execute("DELETE FROM meta WHERE key = 'newest-due'")
        if version < len(MIGRATIONS) and sqlite3.sqlite_version_info >= (3, 42):
            self._connection.execute("INSERT INTO words (words, rank) VALUES ('secure-delete', 1)")

    @contextmanager
    def transaction(self, *, durable: bool) -> Iterator[None]:
        """All or nothing. `durable`: on the disk for good when it ends; else a power cut may undo it whole."""
        with self._explained:
            if durable != self._durable:
                self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                self._durable = durable
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with self._explained:
            return self._connection.execute(statement, values).fetchall()

    def rows_among(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement that goes on `IN (values)`, however many values there are, in no order."""
        found: list[Any] = []
        for start in range(0, len(values), MANY):
            part = values[start : start + MANY]
            found += self.rows(f"{statement} IN ({','.join('?' * len(part))})", part)
        return found

    def row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, or None."""
        with self._explained:
            return self._connection.execute(statement, values).fetchone()

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Runs a statement inside a transaction; the row number of what it inserted."""
        return self._connection.execute(statement, values).lastrowid or 0

    def run_many(self, statement: str, values: Collection[Sequence[Any]]) -> None:
        """Runs a statement inside a transaction, once with each of these."""
        if values:
            self._connection.executemany(statement, values)

    def trace(self, hear: Any) -> None:
        """Tells each statement to `hear`, or to nobody: work is counted, not timed."""
        self._connection.set_trace_callback(hear)

    def close(self) -> None:
        self._connection.close()


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
