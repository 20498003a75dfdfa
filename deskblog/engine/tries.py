"""Trying doors for one another: what colleagues ask of this PC, and what they found where this PC asked them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence

from deskblog import limits
from deskblog.engine.vault import now_ms
from deskblog.net import messages as m
from deskblog.net.actions import TakeTried
from deskblog.net.exchange import Peer
from deskblog.net.reach import Address, Outcome, knock
from deskblog.values import DeviceKey

ANSWERS = (Outcome.OPEN, Outcome.SILENT, Outcome.REFUSED, Outcome.NO_ROUTE)  # by their number on the wire
UNKNOWN, NOT_NOW = 4, 5
ADDRESSES = 8


class Tries:
    """A device's door is tried at most every few seconds, by whomever it is asked."""

    def __init__(self, addresses: Callable[[DeviceKey], Sequence[Address]], port: Callable[[DeviceKey], int]) -> None:
        """`addresses`: where a device of the office can be dialled, none of one that is not in; `port`: on which it
        says to listen, 0 if it does not."""
        self._addresses = addresses
        self._port = port
        self._last: dict[DeviceKey, tuple[float, int]] = {}
        self._trying: dict[DeviceKey, asyncio.Task[int]] = {}
        self._answering: set[asyncio.Task[None]] = set()
        self.skews: dict[DeviceKey, int] = {}  # of those asked: how many ms their clock is ahead
        self._awaited: dict[tuple[DeviceKey, DeviceKey], asyncio.Future[Outcome | None]] = {}

    # --- what others ask ----------------------------------------------------------------------------------
    def asked(self, peer: Peer, device: DeviceKey) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(peer, device))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, peer: Peer, device: DeviceKey) -> None:
        answer = await self.door_of(device, peer)
        peer.link.send(m.encode(m.Tried(device, answer, now_ms())))

    async def door_of(self, device: DeviceKey, peer: Peer | None = None) -> int:
        """How that door is found from here, as it is said on the wire; `peer`: who asks, perhaps that device."""
        now = asyncio.get_running_loop().time()
        at, answer = self._last.get(device, (-limits.TRY_SECONDS, UNKNOWN))
        if now - at < limits.TRY_SECONDS:
            return answer
        if device not in self._trying:
            addresses = self._of(device, peer)
            if not addresses:
                return UNKNOWN
            if len(self._trying) >= limits.TRIES:
                return NOT_NOW
            task = asyncio.get_running_loop().create_task(self._try(device, addresses))
            self._trying[device] = task
            task.add_done_callback(lambda _done: self._trying.pop(device))
        return await asyncio.shield(self._trying[device])

    def _of(self, device: DeviceKey, peer: Peer | None) -> list[Address]:
        known = list(self._addresses(device))
        if peer is not None and peer.device == device and self._port(device):
            known.append((peer.link.address, self._port(device)))
        return list(dict.fromkeys(known))[:ADDRESSES]

    async def _try(self, device: DeviceKey, addresses: Iterable[Address]) -> int:
        found = await asyncio.gather(*(knock(address) for address in addresses))
        answer = min(ANSWERS.index(outcome) for outcome in found)
        if len(self._last) >= limits.OUTCOMES:
            self._last.clear()
        self._last[device] = asyncio.get_running_loop().time(), answer
        return answer

    # --- what is asked of others --------------------------------------------------------------------------
    async def ask(self, peer: Peer, device: DeviceKey) -> Outcome | None:
        """What a colleague's PC finds at a device's door; None if it cannot say, or does not in time."""
        key = (peer.device, device)
        waiting = self._awaited.get(key)
        if waiting is None:
            waiting = self._awaited[key] = asyncio.get_running_loop().create_future()
            peer.link.send(m.encode(m.TryAsked(device)))
        try:
            async with asyncio.timeout(limits.TRY_SECONDS / 2):
                return await asyncio.shield(waiting)
        except TimeoutError:
            return None
        finally:
            self._awaited.pop(key, None)

    def told(self, peer: Peer, said: TakeTried) -> None:
        """An answer that nobody waits for is passed over."""
        waiting = self._awaited.get((peer.device, said.device))
        if waiting is not None and not waiting.done():
            self.skews[peer.device] = said.time - now_ms()
            waiting.set_result(ANSWERS[said.answer] if said.answer < len(ANSWERS) else None)

    async def stop(self) -> None:
        tasks = [*self._answering, *self._trying.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
