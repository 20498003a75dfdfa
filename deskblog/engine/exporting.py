"""What this PC holds as a file that other programs read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from deskblog.engine.vault import Vault
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _
from deskblog.log.office import Office
from deskblog.store.page import page
from deskblog.values import Row, View
from deskblog.whole import write_whole

PART = 500  # rows at a time


class Exported(Struct, frozen=True):
    """How many posts; and how many sealed ones, whose words a page leaves out."""

    posts: int
    sealed: int


class Exporting:
    """Writes whole files or none."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        return self._vault.office

    async def own(self, file: Path) -> int:
        """Writes one's own posts with their signed bytes, a line of JSON each; how many."""
        self._office()
        lines = await self._vault.call(lambda: self._vault.store.export(mine=True))
        await asyncio.to_thread(_write_lines, file, lines)
        return len(lines)

    async def all(self, file: Path) -> Exported:
        """Writes everything this PC holds: a page for any browser if the name ends in .html, else lines of JSON, each
        with its signed bytes. What is sealed stays so: a file is soon in other hands."""
        office, store = self._office(), self._vault.store
        lines = await self._vault.call(lambda: store.export(mine=False))
        found = [*await self._rows(View.ALL), *await self._rows(View.COFFEE)]
        rows = sorted((row for row in found if not row.sealed), key=lambda row: -row.key)
        whole = [page(office.name, rows, lines)] if file.suffix.lower() in (".html", ".htm") else lines
        await asyncio.to_thread(_write_lines, file, whole)
        return Exported(len(rows), len(found) - len(rows))

    async def _rows(self, view: View) -> list[Row]:
        rows: list[Row] = []
        before: int | None = None
        while True:
            part = await self._vault.call(self._vault.store.timeline, before=before, limit=PART, view=view)
            rows += part.rows
            before = part.next_before
            if before is None:
                return rows


def _write_lines(file: Path, lines: Sequence[str]) -> None:
    """Unusable if it cannot be written there."""
    try:
        write_whole(file, "".join(f"{line}\n" for line in lines).encode())
    except OSError as fault:
        raise Unusable(
            _("The file {file} cannot be written: {why}.").format(file=file, why=fault.strerror),
            next_step=_("Name another place."),
        ) from None
