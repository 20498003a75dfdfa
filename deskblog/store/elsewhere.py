"""On which other PCs one's own posts are, as far as these have said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deskblog.store.archive import Archive
from deskblog.store.database import Database
from deskblog.values import DeviceKey


class Elsewhere:
    """Writes and reads the tables `copy` and `seen`."""

    def __init__(self, database: Database, archive: Archive, me: DeviceKey) -> None:
        self._database = database
        self._archive = archive
        self._me = me

    def copies(self) -> dict[DeviceKey, dict[bytes, int]]:
        """How far each other device is known to hold this device's logs: {device: {log number: seq}}."""
        found: dict[DeviceKey, dict[bytes, int]] = {}
        for device, number, seq in self._database.rows("SELECT device, number, seq FROM copy"):
            found.setdefault(DeviceKey(device), {})[number] = seq
        return found

    def seen(self) -> dict[DeviceKey, int]:
        """When each other device was last linked, UTC ms."""
        return {DeviceKey(device): at for device, at in self._database.rows("SELECT device, at FROM seen")}

    def keep(self, copies: Sequence[tuple[DeviceKey, bytes, int]], seen: dict[DeviceKey, int]) -> None:
        """Keeps what is newly known of both."""
        with self._database.transaction(durable=False):
            self._database.run_many("INSERT OR REPLACE INTO copy (device, number, seq) VALUES (?, ?, ?)", copies)
            self._database.run_many("INSERT OR REPLACE INTO seen (device, at) VALUES (?, ?)", list(seen.items()))

    def only_here(self, elsewhere: Mapping[bytes, int]) -> int:
        """How many shown posts of this device lie past what other devices hold: {log number: seq}."""
        total = 0
        for chain in self._archive.logs.of_device(self._me):
            past = max(elsewhere.get(chain.name.number, 0), chain.start - 1)
            total += self._database.row(
                "SELECT count(*) FROM entry WHERE log = ? AND seq > ? AND key IS NOT NULL", (chain.n, past)
            )[0]
        return total
