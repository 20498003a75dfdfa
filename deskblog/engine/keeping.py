"""Backup, repair, and what is done about a damaged database: from the engine's side."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from pathlib import Path

from deskblog import events
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Refused, Unusable
from deskblog.i18n import _, plural
from deskblog.records import replace
from deskblog.store.backup import Written
from deskblog.store.keeping import write_backup
from deskblog.store.repair import Repaired, repair
from deskblog.store.salvage import Salvaged, salvage
from deskblog.whole import write_whole

_PLACE = "salvage"  # where the store remembers the damaged file that something may still come from


class Keeping:
    """Looks after what is on this PC's disk."""

    def __init__(self, folder: Path, vault: Vault, tell: Callable[[events.Event], None]) -> None:
        self._folder = folder
        self._vault = vault
        self._tell = tell
        self._trying = False
        self.repaired: Callable[[], None] = lambda: None  # what was found damaged is to be asked of colleagues

    # --- backup and repair --------------------------------------------------------------------------------
    async def backup(self, file: Path, passphrase: str = "") -> Written:
        """Writes everything into one file; Refused without an office, Unusable where it cannot be written."""
        office = self._vault.office
        if office is None:
            raise Refused(_("There is nothing to back up: this PC is in no office yet."))
        store, keys = self._vault.store, self._vault.keys
        written = await self._vault.call(write_backup, store, keys, office, file, passphrase, secrets.token_bytes(16))
        await self._vault.call(store.put, "last-backup", str(now_ms()))
        return written

    async def last_backup(self) -> int:
        """When the last backup was written, UTC ms; 0: never."""
        return int(await self._vault.call(self._vault.store.get, "last-backup") or 0)

    async def repair(self) -> tuple[Repaired, Salvaged]:
        """Reads everything again, makes every view anew, takes what can be had of files set aside."""
        office = self._vault.office
        if office is None:
            raise Refused(_("There is nothing to repair: this PC is in no office yet."))
        done = await self._vault.call(repair, self._vault.store, office, self._folder, now_ms())
        done = replace(done, wanted=done.wanted + await self._vault.blobs.check())
        if not await self._vault.call(self._vault.store.get, "own-log"):
            await self._vault.call(self._vault.pen.turn)
        saved = Salvaged()
        for damaged in sorted(await asyncio.to_thread(lambda: list(self._folder.glob("posts.damaged-*.db")))):
            one = await self._vault.call(salvage, damaged, self._vault.store, office)
            saved.taken += one.taken
            saved.loose += one.loose
        await self._vault.refresh()
        self._tell(events.TimelineChanged())
        self.repaired()
        return done, saved

    # --- a damaged database -------------------------------------------------------------------------------
    async def take_up(self, damaged: Path) -> None:
        """A file was set aside at this start: takes what it can of it, and says so."""
        await self._vault.call(self._vault.store.put, _PLACE, damaged.name)
        saved = await self._salvage(damaged)
        kept = _("The damaged file is kept as {name}.").format(name=damaged.name)
        if saved.taken:
            kept += " " + plural("{n} entry was saved from it.", "{n} entries were saved from it.", saved.taken)
        if saved.loose:
            file = self._folder / f"{damaged.stem}.texts.jsonl"
            await asyncio.to_thread(write_whole, file, "".join(f"{line}\n" for line in saved.loose).encode())
            kept += " " + _("The texts of others are in {file}.").format(file=file.name)
        self._tell(
            events.Trouble(
                "store",
                _("The posts kept on this PC were damaged."),
                kept,
                _("deskblog fetches the rest from your colleagues."),
            )
        )

    async def _salvage(self, damaged: Path) -> Salvaged:
        office = self._vault.office
        if office is None:
            return Salvaged()
        saved = await self._vault.call(salvage, damaged, self._vault.store, office)
        if saved.taken:
            await self._vault.refresh()
        return saved

    async def once_more(self) -> None:
        """Colleagues have filled gaps, perhaps: what lay behind them can be taken now."""
        if self._trying:
            return
        self._trying = True
        try:
            name = await self._vault.call(self._vault.store.get, _PLACE)
            damaged = self._folder / name
            there: bool = bool(name) and await self._vault.call(damaged.is_file)
            if there:
                saved = await self._salvage(damaged)
                if saved.taken:
                    self._tell(events.TimelineChanged())
                if not saved.loose:
                    await self._vault.call(self._vault.store.put, _PLACE, "")
        except Unusable:
            return  # the disk is told of elsewhere; the file stays, and so does the note of it
        finally:
            self._trying = False
