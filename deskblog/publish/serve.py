"""Answers feed readers over HTTP/1.1: one request a connection, which then ends. On this PC alone unless opened.

Every byte is a stranger's: what is read has a ceiling and a time, and so has what is sent; of connections there are
few, and fewer from one address. h11 says what is a request.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import BinaryIO

import h11

from deskblog import limits
from deskblog.errors import Unusable
from deskblog.i18n import _
from deskblog.publish.answers import Answer, Asked, refusal, understands_gzip

_CHUNK = 64 * 1024
_LOOPBACK, _EVERYWHERE = ("127.0.0.1", "::1"), ("0.0.0.0", "::")


class Server:
    """`answer`: what is said to a request. It runs in the loop it is started in."""

    def __init__(self, answer: Callable[[Asked], Awaitable[Answer]]) -> None:
        self._answer = answer
        self._servers: list[asyncio.Server] = []
        self._links: set[asyncio.Task[None]] = set()
        self._addresses: Counter[str] = Counter()
        self.port = 0

    async def start(self, port: int = 0, *, opened: bool = False) -> int:
        """`opened`: to whoever reaches this PC, not to this PC alone. Returns the port; Unusable if it is taken."""
        first, second = _EVERYWHERE if opened else _LOOPBACK
        try:
            server = await self._listen(first, port)
        except OSError as fault:
            raise Unusable(
                _("Feeds cannot be served at port {port}: {why}.").format(port=port, why=fault.strerror),
                next_step=_("Name another port."),
            ) from None
        self.port = server.sockets[0].getsockname()[1]
        with suppress(OSError):  # this PC has no IPv6, or the port is taken there: IPv4 will do
            await self._listen(second, self.port)
        return self.port

    async def _listen(self, host: str, port: int) -> asyncio.Server:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        server = await asyncio.start_server(self._connected, host, port, family=family, limit=limits.WEB_HEAD)
        self._servers.append(server)
        return server

    async def stop(self) -> None:
        """Whoever is being answered is cut off."""
        for server in self._servers:
            server.close()
        for link in self._links:
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        self._servers.clear()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = str((writer.get_extra_info("peername") or ("",))[0])
        if len(self._links) >= limits.WEB_LINKS or self._addresses[address] >= limits.WEB_ADDRESS:
            writer.transport.abort()
            return
        link = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._links.add(link)
        self._addresses[address] += 1
        link.add_done_callback(lambda _task: self._gone(link, address))

    def _gone(self, link: asyncio.Task[None], address: str) -> None:
        """A fault of ours is the loop's to tell."""
        self._links.discard(link)
        if not link.cancelled() and (fault := link.exception()) is not None:
            link.get_loop().call_exception_handler({"message": "a reader was not answered", "exception": fault})
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.WEB_HEAD)
        try:
            async with asyncio.timeout(limits.WEB_SECONDS):
                request = await _request(wire, reader)
                answer = await self._answer(request) if isinstance(request, Asked) else request
            if answer is not None:
                bare = isinstance(request, Asked) and request.method == "HEAD"
                async with asyncio.timeout(limits.WEB_SEND_SECONDS):
                    await _send(wire, writer, answer, bare=bare or answer.status == 304)
                    await _end(reader, writer)
        except TimeoutError:
            _forget(writer)
        except OSError:  # gone: nobody is there to be told
            pass
        finally:
            writer.transport.abort()


async def _request(wire: h11.Connection, reader: asyncio.StreamReader) -> Asked | Answer | None:
    """What is asked, or what is said to what is no request; None: the other side left without asking."""
    left = limits.WEB_HEAD
    try:
        while (event := wire.next_event()) is h11.NEED_DATA:
            if not left:
                return refusal(431)
            piece = await reader.read(left)
            left -= len(piece)
            wire.receive_data(piece)
    except h11.RemoteProtocolError as fault:
        return refusal(fault.error_status_hint)
    return _asked(event) if isinstance(event, h11.Request) else None


def _asked(request: h11.Request) -> Asked:
    headers: dict[bytes, bytes] = {}
    for name, value in request.headers:  # one that comes twice is one list
        headers[name] = headers[name] + b", " + value if name in headers else value
    said = {name.decode("ascii"): value.decode("latin-1") for name, value in headers.items()}
    return Asked(
        request.method.decode("ascii"), request.target.decode("latin-1"), said.get("host", ""),
        said.get("if-none-match", ""), said.get("if-modified-since", ""),
        understands_gzip(said.get("accept-encoding", "")),
    )  # fmt: skip


async def _send(wire: h11.Connection, writer: asyncio.StreamWriter, answer: Answer, *, bare: bool) -> None:
    """`bare`: without a body. OSError if the other side has gone, or a file turns out shorter than it was."""
    file = await _open(answer.file) if answer.file is not None else None
    try:
        size = await asyncio.to_thread(_size, file) if file is not None else len(answer.body)
        headers = [
            *answer.headers,
            ("Date", format_datetime(datetime.now(UTC), usegmt=True)),
            ("Connection", "close"),
        ]
        if answer.status != 304:
            headers.append(("Content-Length", str(size)))
        writer.write(wire.send(h11.Response(status_code=answer.status, headers=headers)) or b"")
        if not bare:
            await _send_body(writer, answer.body, file, size)
        await writer.drain()
    finally:
        if file is not None:
            await _shut(file)


async def _send_body(writer: asyncio.StreamWriter, body: bytes, file: BinaryIO | None, size: int) -> None:
    if file is None:
        writer.write(body)
        return
    while size > 0:
        piece = await asyncio.to_thread(file.read, min(size, _CHUNK))
        if not piece:
            raise OSError("shorter than it was")
        size -= len(piece)
        writer.write(piece)
        await writer.drain()


async def _end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hears the other side out before it hangs up: a link closed on unread words takes the answer with it."""
    writer.write_eof()
    with suppress(TimeoutError):
        async with asyncio.timeout(limits.CLOSE_SECONDS):
            left = limits.WEB_HEAD
            while left > 0 and (piece := await reader.read(left)):
                left -= len(piece)
    writer.close()
    await writer.wait_closed()


def _forget(writer: asyncio.StreamWriter) -> None:
    """Else the system would go on offering what nobody takes."""
    link = writer.get_extra_info("socket")
    with suppress(OSError):
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


async def _open(path: Path) -> BinaryIO:
    """Whoever is told to end while it is being opened leaves it to be closed once it is."""
    opening: asyncio.Future[BinaryIO] = asyncio.ensure_future(asyncio.to_thread(_opened, path))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        opening.add_done_callback(_close_unread)
        raise


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def _close_unread(opening: asyncio.Future[BinaryIO]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()


async def _shut(file: BinaryIO) -> None:
    """Whoever is told to end meanwhile leaves it to be closed: work that has not begun would be dropped."""
    await asyncio.shield(asyncio.to_thread(file.close))


def _size(file: BinaryIO) -> int:
    return file.seek(0, 2) - file.seek(0)
