"""Ten feeds on ten addresses of this machine, which grow when they are told to."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

ITEMS, LONG = 20, "What there was to say of it, at some length. " * 12


class Site:
    """`asked`: how often it answered with all, and with "unchanged"."""

    def __init__(self, feeds: int) -> None:
        self._servers: list[asyncio.Server] = []
        self._items: list[list[tuple[int, int]]] = [[] for _n in range(feeds)]  # (number, UTC ms), newest first
        self.asked = [0, 0]

    async def start(self) -> list[str]:
        """The addresses of the feeds."""
        urls = []
        for n in range(len(self._items)):
            host = f"127.0.0.{n + 1}"
            server = await asyncio.start_server(lambda r, w, n=n: self._serve(n, r, w), host, 0)  # type: ignore[misc]
            self._servers.append(server)
            urls.append(f"http://{host}:{server.sockets[0].getsockname()[1]}/feed")
        return urls

    async def stop(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()

    def add(self, n: int, at: int) -> None:
        """A feed has something new."""
        before = self._items[n]
        before.insert(0, (before[0][0] + 1 if before else 1, at))
        del before[ITEMS:]

    async def _serve(self, n: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            tag = f'"{self._items[n][0][0] if self._items[n] else 0}"'
            same = f"if-none-match: {tag}" in head
            self.asked[same] += 1
            body = b"" if same else self._body(n)
            status = "304 Not Modified" if same else "200 OK"
            lines = (
                f"HTTP/1.1 {status}",
                f"ETag: {tag}",
                "Connection: close",
                f"Content-Length: {len(body)}",
                "",
                "",
            )
            writer.write("\r\n".join(lines).encode() + body)
            await writer.drain()
        writer.close()

    def _body(self, n: int) -> bytes:
        items = "".join(
            f"<item><guid>{n}-{number}</guid><title>Item {number}</title><link>http://f{n}.example/{number}</link>"
            f"<pubDate>{datetime.fromtimestamp(at / 1000, UTC):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
            f"<description>{number}: {LONG}</description></item>"
            for number, at in self._items[n]
        )
        return f'<rss version="2.0"><channel><title>Feed {n}</title>{items}</channel></rss>'.encode()
