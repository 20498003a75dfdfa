"""Rows in their places, newest first, and beneath some of them the answers that were unfolded there.

An unfolded answer has a place of its own too, if the list reaches that far: only that one counts as held.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deskblog.values import Row


class Lines:
    """What stands on the list, line by line."""

    def __init__(self) -> None:
        self._rows: list[Row] = []
        self._under: list[str] = []  # the id of the post beneath which a line stands; empty: in its own place
        self._ids: set[str] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, n: int) -> Row:
        return self._rows[n]

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def holds(self, ident: str) -> bool:
        """Whether a post stands in its own place."""
        return ident in self._ids

    def under(self, n: int) -> str:
        """The id of the post beneath which line `n` was unfolded; empty: it stands in its own place."""
        return self._under[n]

    def place(self, ident: str) -> int:
        """Where a post stands: its own place before one beneath another post; -1: nowhere."""
        places = [n for n, row in enumerate(self._rows) if row.id == ident]
        return next((n for n in places if not self._under[n]), places[0] if places else -1)

    def above(self, n: int) -> Row | None:
        """The next row above line `n` that stands in its own place."""
        return next((self._rows[m] for m in range(n - 1, -1, -1) if not self._under[m]), None)

    @property
    def last(self) -> Row | None:
        """The lowest row that stands in its own place."""
        return self.above(len(self._rows))

    def older(self, key: int) -> int:
        """The place before the newest row that is older than `key`."""
        lines = enumerate(zip(self._rows, self._under, strict=True))
        return next((n for n, (row, under) in lines if not under and row.key < key), len(self._rows))

    def unfolded(self, n: int) -> int:
        """How many lines stand beneath line `n`."""
        head, m = self._rows[n].id, n + 1
        while m < len(self._rows) and self._under[m] == head:
            m += 1
        return m - n - 1

    def whole(self, n: int) -> int:
        """So many lines from the top, and what is unfolded beneath the last of them."""
        while n < len(self._rows) and self._under[n]:
            n += 1
        return n

    def begin(self, rows: Sequence[Row]) -> None:
        self._rows, self._under = list(rows), [""] * len(rows)
        self._ids = {row.id for row in rows}

    def insert(self, n: int, rows: Sequence[Row], under: str = "") -> None:
        self._rows[n:n] = rows
        self._under[n:n] = [under] * len(rows)
        if not under:
            self._ids.update(row.id for row in rows)

    def replace(self, n: int, row: Row) -> None:
        self._rows[n] = row

    def remove(self, first: int, count: int) -> None:
        gone = slice(first, first + count)
        lines = zip(self._rows[gone], self._under[gone], strict=True)
        self._ids.difference_update([row.id for row, under in lines if not under])
        del self._rows[gone], self._under[gone]
