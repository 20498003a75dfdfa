"""Blobs between the store's thread, the network and whoever looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.log.attachment import BlobName
from deskblog.values import BlobFate, BlobState, Row

if TYPE_CHECKING:
    from deskblog.engine.vault import Vault


class Blobs:
    """What the network asks of the store's blobs (net.blobs.BlobKeeper), and what the person does."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.naming = asyncio.Lock()  # from the keeping of a file until something names it; else it is collected
        self.changed: Callable[[tuple[Row, ...]], None] = lambda rows: None  # of these one has come, or gone
        self.progress: Callable[[BlobName, int], None] = lambda name, come: None  # of those the person waits for
        self._awaited: set[BlobName] = set()
        self._waiting: dict[BlobName, asyncio.Future[None]] = {}
        self.awaited: Callable[[BlobName], None] = lambda name: None  # called when the person waits for one

    # --- for the network ----------------------------------------------------------------------------------
    async def wanted(self, count: int) -> Sequence[tuple[BlobName, int]]:
        return await self._vault.call(lambda: self._vault.store.blobs.wanted(count))

    async def asked(self, name: BlobName) -> bool | None:
        before, state = await self._vault.call(
            lambda: (self._vault.store.blobs.state(name), self._vault.store.blobs.want(name))
        )
        return before is not BlobState.WANTED if state is BlobState.WANTED else None

    async def read(self, name: BlobName, offset: int) -> bytes | None:
        """None also where the file cannot be read: others may have it."""
        try:
            return await self._vault.call(lambda: self._vault.store.blobs.read(name, offset))
        except OSError:
            return None

    async def come(self, name: BlobName) -> int:
        return await self._vault.call(lambda: self._vault.store.blobs.folder.come(name))

    async def take(self, name: BlobName, offset: int, data: bytes) -> BlobFate:
        try:
            fate = await self._vault.call(lambda: self._vault.store.blobs.take(name, offset, data))
        except OSError as fault:
            raise cannot_keep(fault) from None
        if name in self._awaited:
            self.progress(name, 0 if fate is BlobFate.WRONG else offset + len(data))
        if fate is BlobFate.WHOLE:
            self._awaited.discard(name)
            if (waiting := self._waiting.pop(name, None)) is not None:
                waiting.set_result(None)
            await self._tell(name)
        return fate

    async def _tell(self, name: BlobName) -> None:
        rows = await self._vault.call(lambda: self._vault.store.rows_with(name))
        if rows:
            self.changed(rows)
        else:
            self.progress(name, name.size)  # perhaps somebody's picture

    async def check(self) -> int:
        """Reads all of them again; how many were not what they should be, and are wanted anew."""
        return await self._vault.call(self._vault.store.blobs.check)

    # --- for the person -----------------------------------------------------------------------------------
    async def look_at(self, name: BlobName) -> BlobState | None:
        """The person wants to see it: it is wanted now, if it was not; None if no post names it."""
        state = await self._vault.call(lambda: self._vault.store.blobs.want(name))
        if state is BlobState.WANTED:
            self._awaited.add(name)
            self.awaited(name)
            await self._tell(name)
        return state

    async def give_up(self, name: BlobName) -> None:
        """The person does not wait for it any more."""
        self._awaited.discard(name)
        await self._vault.call(lambda: self._vault.store.blobs.give_up(name))
        await self._tell(name)

    async def bring(self, name: BlobName, seconds: float) -> Path | None:
        """As `look_at`, and waits for it: where it lies, or None if it has not come in that time."""
        come = self._waiting.setdefault(name, asyncio.get_running_loop().create_future())
        if await self.look_at(name) is BlobState.WANTED:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(come), seconds)
        return await self.path(name)

    async def path(self, name: BlobName) -> Path | None:
        return await self._vault.call(lambda: self._vault.store.blobs.path(name))

    async def put(self, data: bytes) -> BlobName:
        """Keeps bytes for a post that is to be written; Unusable if the disk cannot."""
        try:
            return await self._vault.call(lambda: self._vault.store.blobs.put(data))
        except OSError as fault:
            raise cannot_keep(fault) from None

    async def collect(self, keep: Collection[BlobName]) -> tuple[BlobName, ...]:
        """Lets go of what no post names any more, but for `keep`."""
        return await self._vault.call(lambda: self._vault.store.blobs.collect(keep))


def cannot_keep(fault: OSError) -> Unusable:
    return Unusable(
        _("A photo or file cannot be kept on this PC: {why}.").format(why=fault.strerror or fault),
        kept=_("All posts are kept."),
        next_step=_("Make room on the disk; it is fetched again."),
    )
