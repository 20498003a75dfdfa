"""Blobs over the links: serves parts, asks for what is wanted, tells whoever asked in vain when one has come."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from deskblog import limits
from deskblog.errors import Unusable
from deskblog.log.attachment import BlobName
from deskblog.net import actions as do
from deskblog.net import messages as m
from deskblog.net.gathering import Gathering
from deskblog.net.link import Link
from deskblog.net.wanting import Wanting
from deskblog.values import BlobFate, DeviceKey


class Peer(Protocol):
    device: DeviceKey
    link: Link


class BlobKeeper(Protocol):
    """The store of blobs, behind its own thread."""

    async def wanted(self, count: int) -> Sequence[tuple[BlobName, int]]:
        """(blob, how much of it is here) of the next ones that are."""

    async def asked(self, name: BlobName) -> bool | None:
        """A colleague looks for it: True if it is wanted from now on, False if it was already, None if it is not."""

    async def read(self, name: BlobName, offset: int) -> bytes | None: ...
    async def come(self, name: BlobName) -> int: ...
    async def take(self, name: BlobName, offset: int, data: bytes) -> BlobFate:
        """Keeps a part; Unusable if it cannot be."""


class BlobExchange:
    """Of all links of this device."""

    def __init__(
        self,
        keeper: BlobKeeper,
        peers: Mapping[DeviceKey, Peer],
        now: Callable[[], float],
        cannot_keep: Callable[[Unusable], None],
    ) -> None:
        self._keeper = keeper
        self._peers = peers
        self._cannot_keep = cannot_keep
        self._gathering = Gathering(now)
        self._wanting = Wanting()
        self._askers: OrderedDict[tuple[BlobName, DeviceKey], None] = OrderedDict()
        self._writing = asyncio.Lock()  # parts in their order

    # --- peers --------------------------------------------------------------------------------------------
    async def joined(self, peer: Peer) -> None:
        """A link is level: what is wanted may be had there."""
        self._gathering.joined(peer.device)
        self._wanting.again()
        await self.look()

    def left(self, peer: Peer) -> None:
        self._gathering.left(peer.device)
        self._ask()

    # --- what is wanted -----------------------------------------------------------------------------------
    async def look(self) -> None:
        """Takes up what the store wants, as far as there is room."""
        if self._gathering.room > 0:
            for name, come in await self._keeper.wanted(self._gathering.room):
                self._gathering.want(name, come)
        self._ask()

    async def want(self, names: Sequence[BlobName], *, first: bool = False) -> None:
        """These are wanted from now on, before others if somebody waits for them."""
        for name in names:
            self._gathering.want(name, await self._keeper.come(name), first=first)
        self._wanting.again()
        self._ask()

    def forget(self, name: BlobName) -> None:
        """It is not wanted any more."""
        self._gathering.forget(name)

    async def beat(self) -> None:
        """At each heartbeat: leaves who is silent, and now and then asks again those who held nothing."""
        self._gathering.give_up_late()
        if self._wanting.due():
            self._gathering.rest()
            self._gathering.again()
            await self.look()
            self._wanting.asked(limits.BLOBS_WANTED - self._gathering.room)
        self._ask()

    def _ask(self) -> None:
        for ask in self._gathering.next():
            self._send(ask.device, m.BlobAsked(ask.name.hash, ask.name.size, ask.offset))

    def _send(self, device: DeviceKey, message: m.Message) -> None:
        peer = self._peers.get(device)
        if peer is not None:
            peer.link.send(m.encode(message))

    # --- parts that come ----------------------------------------------------------------------------------
    async def take(self, peer: Peer, part: do.TakeBlob) -> None:
        if part.data is None:
            self._gathering.lacks(peer.device, part.name)
        elif not part.data:
            self._gathering.holds(peer.device, part.name)
        elif self._gathering.part(peer.device, part.name, part.offset, len(part.data)):
            await self._keep(part.name, part.offset, part.data)
        self._ask()

    async def _keep(self, name: BlobName, offset: int, data: bytes) -> None:
        async with self._writing:
            try:
                fate = await self._keeper.take(name, offset, data)
            except Unusable as fault:
                self._gathering.forget(name)
                self._cannot_keep(fault)
                return
        if fate is BlobFate.WRONG:
            self._gathering.wrong(name)
        elif fate is not BlobFate.MORE:
            self._gathering.forget(name)
            await self.look()
        if fate is BlobFate.WHOLE:
            self._tell_askers(name)

    # --- parts that are asked for -------------------------------------------------------------------------
    async def serve(self, peer: Peer, asked: do.ServeBlob) -> None:
        """Sends the part; what is not here, and some post names, is wanted from now on for whoever asked."""
        name = asked.name
        data = await self._keeper.read(name, asked.offset)
        if data is None:
            await self._asked_in_vain(peer, name)
        peer.link.send(m.encode(m.BlobSent(name.hash, name.size, asked.offset, data)))

    async def _asked_in_vain(self, peer: Peer, name: BlobName) -> None:
        newly = await self._keeper.asked(name)
        if newly is None:
            return
        self._askers[name, peer.device] = None
        if len(self._askers) > limits.BLOB_ASKERS:
            self._askers.popitem(last=False)
        if newly:  # else two who both lack it would keep each other asking
            await self.want([name])

    def _tell_askers(self, name: BlobName) -> None:
        for asker in [key for key in self._askers if key[0] == name]:
            del self._askers[asker]
            self._send(asker[1], m.BlobSent(name.hash, name.size, 0, b""))
