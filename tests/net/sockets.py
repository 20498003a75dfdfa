"""Two ends of a real TLS connection on loopback, each of which may say and hear anything."""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from deskblog.log.keys import DeviceKeys
from deskblog.net import messages as m
from deskblog.net.certificate import make_certificate
from deskblog.net.link import Gate, Link, listening_socket, make_contexts

PATIENCE = 10.0


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Side:
    """One end of a connection: what the other said, and whether it still stands."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._heard: asyncio.Queue[bytes] = asyncio.Queue()
        link.receive = self._heard.put_nowait

    @property
    def tls(self) -> ssl.SSLObject:
        assert self.link._transport is not None
        found: ssl.SSLObject = self.link._transport.get_extra_info("ssl_object")
        return found

    def say(self, message: m.Message) -> None:
        self.link.send(m.encode(message))

    async def payload(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self._heard.get()

    async def hear(self, shape: Any) -> Any:
        return m.decode(await self.payload(), shape)


class Place:
    """A device that listens on a loopback port; `came` is whoever dialled, once TLS stands."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.port = 0
        self.came: asyncio.Queue[Side] = asyncio.Queue()
        self.links: list[Link] = []
        self.refused: asyncio.Queue[bool] = asyncio.Queue()
        self._context = context
        self._tasks: list[asyncio.Task[None]] = []

    def knocked(self, gate: Gate) -> None:
        self._tasks.append(asyncio.ensure_future(self._let_in(gate)))

    async def _let_in(self, gate: Gate) -> None:
        link = Link(lambda link: self.came.put_nowait(Side(link)), lambda link, reason: None, dialled=False)
        if await gate.secure(link, self._context, server_side=True):
            self.links.append(link)
        else:
            self.refused.put_nowait(True)

    async def guest(self) -> Side:
        async with asyncio.timeout(PATIENCE):
            return await self.came.get()

    async def refusal(self) -> bool:
        """True once somebody was refused, if nobody came besides."""
        async with asyncio.timeout(PATIENCE):
            return await self.refused.get() and self.came.empty()

    async def close(self) -> None:
        await asyncio.gather(*self._tasks)
        for link in self.links:
            link.end("over", at_once=True)
        await asyncio.gather(*(link.gone for link in self.links if link._transport is not None))


@asynccontextmanager
async def listening(context: ssl.SSLContext) -> AsyncIterator[Place]:
    place = Place(context)
    server = await asyncio.get_running_loop().create_server(lambda: Gate(place.knocked), sock=listening_socket(0))
    place.port = server.sockets[0].getsockname()[1]
    try:
        yield place
    finally:
        server.close()
        await place.close()


@asynccontextmanager
async def dialled(port: int, context: ssl.SSLContext) -> AsyncIterator[Side | None]:
    """The dialling end, None if no link came to stand."""
    _transport, gate = await asyncio.get_running_loop().create_connection(Gate, "127.0.0.1", port)
    link = Link(lambda _link: None, lambda _link, _reason: None, dialled=True)
    if not await gate.secure(link, context, server_side=False):
        yield None
        if link._transport is not None:
            await link.gone
        return
    try:
        yield Side(link)
    finally:
        link.end("over", at_once=True)
        await link.gone


def contexts(mine: DeviceKeys) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    made = make_certificate(mine.seed)
    return make_contexts(made.key_pem, made.pem)
