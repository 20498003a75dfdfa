"""The one writer of the index of words, inside the caller's transaction.

FTS5 keeps what is new in memory only while rows come in order; at each step back it closes a part of itself, to be
merged later. Runs of many people step back with each run, so those that are taken in together are put in order first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from deskblog.store.database import Database

Said = tuple[int, str]  # key of a row, and its text
_REMOVE = "INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)"


class Words:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._gathering = False
        self._gathered: list[Said] = []

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """What is added in here is written at its end, or before any of it is taken out again."""
        self._gathering = True
        try:
            yield
            self._write()
        finally:
            self._gathering = False
            self._gathered.clear()

    def add(self, rows: Sequence[Said]) -> None:
        self._gathered += rows
        if not self._gathering:
            self._write()

    def remove(self, rows: Sequence[Said]) -> None:
        """The texts must be those that were added: what the index does not hold would harm it."""
        self._write()
        self._database.run_many(_REMOVE, rows)

    def rebuild(self) -> None:
        """Makes it anew from the timeline."""
        self._gathered.clear()
        self._database.run("INSERT INTO words (words) VALUES ('rebuild')")

    def _write(self) -> None:
        if self._gathered:
            rows = sorted(self._gathered)
            self._gathered.clear()
            self._database.run_many("INSERT INTO words (rowid, text) VALUES (?, ?)", rows)
