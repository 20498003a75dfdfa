"""Where links with other devices stood: of this PC alone, and no more than a hint where to dial."""

from __future__ import annotations

from collections.abc import Sequence

from deskblog.store.database import Database
from deskblog.values import DeviceKey


class Addresses:
    """The one writer and reader of the table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[tuple[DeviceKey, str, int, int]]:
        """(device, host, port, when last in UTC ms)."""
        rows = self._database.rows("SELECT device, host, port, at FROM address")
        return [(DeviceKey(device), host, port, at) for device, host, port, at in rows]

    def keep(self, device: DeviceKey, lines: Sequence[tuple[str, int, int]]) -> None:
        """These and no others of that device."""
        with self._database.transaction(durable=False):
            self._database.run("DELETE FROM address WHERE device = ?", (device,))
            insert = "INSERT INTO address (device, host, port, at) VALUES (?, ?, ?, ?)"
            self._database.run_many(insert, [(device, *line) for line in lines])
