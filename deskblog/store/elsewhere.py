"""On which other PCs one's own posts are, as far as these have said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deskblog.store.archive import Archive
from deskblog.store.database import Database
from deskblog.store.logs import HeldLog
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
        chains = self._archive.logs.of_device(self._me)
        return sum(self._past(chain, elsewhere.get(chain.name.number, 0)) for chain in chains)

    def _past(self, chain: HeldLog, held: int) -> int:
        """How many shown posts of a chain lie past an entry.

        Entries are wide: the lesser part of them is looked at, and all that are shown are counted in an index. Who is
        alone for a year would read all of that year at each start.
        """
        shown = "SELECT count(*) FROM entry WHERE log = ? AND key IS NOT NULL AND seq"
        found: int
        if held - chain.start > chain.head.seq - held:
            (found,) = self._database.row(f"{shown} > ?", (chain.n, held))
            return found
        (found,) = self._database.row("SELECT count(*) FROM timeline WHERE log = ?", (chain.n,))
        if held >= chain.start:
            found -= self._database.row(f"{shown} <= ?", (chain.n, held))[0]
        return found
