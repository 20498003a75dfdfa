"""Where links with colleagues stood, kept for a day on which the network lets nobody be heard.

A few addresses a device, the newest first. Written when one proves good, let go of when the device is no longer in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

from deskblog import limits
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Unusable
from deskblog.net.dialler import Address
from deskblog.net.sighting import diallable
from deskblog.values import DeviceKey

STALE = 60 * 60 * 1000  # ms; one that was good a moment ago is not written again


class Remembered:
    """Good addresses by device; the device whose link is newest first."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[DeviceKey, dict[Address, int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        for device, host, port, at in await self._vault.call(self._vault.store.addresses.all):
            self._held.setdefault(device, {})[host, port] = at

    def devices(self) -> list[DeviceKey]:
        return sorted(self._held, key=lambda device: -max(self._held[device].values()))

    def unheard(self, heard: Collection[DeviceKey], colleague: Callable[[DeviceKey], bool]) -> list[DeviceKey]:
        """Colleagues whom nobody hears, those linked last: a few, for most of them may be off."""
        found = [device for device in self.devices() if device not in heard and colleague(device)]
        return found[: limits.REMEMBERED_DIALLED]

    def of(self, device: DeviceKey) -> tuple[Address, ...]:
        held = self._held.get(device, {})
        return tuple(sorted(held, key=lambda address: -held[address]))

    def good(self, device: DeviceKey, address: Address) -> None:
        """A link with that device stands there. Link-local addresses mean nothing tomorrow, loopback nothing ever."""
        if not diallable(address[0]):
            return
        held, now = self._held.setdefault(device, {}), now_ms()
        if self.of(device)[:1] == (address,) and now - held[address] < STALE:
            return
        held[address] = now
        for old in self.of(device)[limits.REMEMBERED :]:
            del held[old]
        lines = [(host, port, at) for (host, port), at in held.items()]
        self._later(self._vault.call(self._vault.store.addresses.keep, device, lines))

    def keep_only(self, devices: Collection[DeviceKey]) -> None:
        for device in [device for device in self._held if device not in devices]:
            del self._held[device]
            self._later(self._vault.call(self._vault.store.addresses.keep, device, []))

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _guarded(work: Awaitable[None]) -> None:
        with suppress(Unusable):  # a full disk is told of where posts are written
            await work

    async def stop(self) -> None:
        await asyncio.gather(*self._tasks)
