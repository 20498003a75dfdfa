"""One TCP connection under TLS 1.3: whole payloads in, whole payloads out, and nothing without an end.

TLS gives secrecy and proves the listening side, whose certificate holds its device key; who dialled proves itself by
a signature (handshake.py). A link that is not proven costs little: asyncio's read buffer of 256 KiB is cut to 16.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import tempfile
from asyncio import sslproto
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from deskblog import limits
from deskblog.errors import PeerError
from deskblog.net.frames import FrameReader, frame

ALPN = "deskblog/1"
CONNECT_SECONDS = 4.0  # a system says after three that a PC on its own network does not answer

# Private, but without it a silent stranger costs 310 KiB instead of 66; a test watches that it still takes effect.
cast(Any, sslproto.SSLProtocol).max_size = limits.TLS_BUFFER


def make_contexts(key_pem: bytes, certificate_pem: bytes) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """(listening, dialling) contexts: TLS 1.3 only, no tickets, nobody's word but the peer's own key is asked."""
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    dialling = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for context in (listening, dialling):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols([ALPN])
    listening.num_tickets = 0
    _load(listening, key_pem, certificate_pem)
    return listening, dialling


def _load(context: ssl.SSLContext, key_pem: bytes, certificate_pem: bytes) -> None:
    """`load_cert_chain` reads files only: one that nobody else may open, gone at once."""
    descriptor, name = tempfile.mkstemp(prefix="deskblog-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key_pem + certificate_pem)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()


class Gate(asyncio.Protocol):
    """A TCP connection before TLS; nothing is read from it until TLS reads it."""

    def __init__(self, knocked: Callable[[Gate], None] | None = None) -> None:
        self.address = ""
        self.transport: asyncio.Transport
        self._knocked = knocked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.pause_reading()
        self.address = _address(transport.get_extra_info("peername"))
        if self._knocked is not None:
            self._knocked(self)

    async def secure(self, link: Link, context: ssl.SSLContext, *, server_side: bool) -> bool:
        """Puts the link on this connection under TLS; False, with the connection gone, if that fails in time."""
        try:
            transport = await asyncio.get_running_loop().start_tls(
                self.transport,
                link,
                context,
                server_side=server_side,
                server_hostname=None if server_side else "",
                ssl_handshake_timeout=limits.HELLO_SECONDS,
                ssl_shutdown_timeout=limits.CLOSE_SECONDS,
            )
        except OSError:  # ssl.SSLError and ConnectionError are both that
            self.transport.abort()
            return False
        except asyncio.CancelledError:
            self.transport.abort()
            raise
        if transport is None or transport.is_closing():
            self.transport.abort()
            return False
        link.connection_made(transport)
        return link.open


class Link(asyncio.Protocol):
    """A connection; `receive` gets each whole payload and may be changed as the link moves on."""

    def __init__(self, opened: Callable[[Link], None], lost: Callable[[Link, str], None], *, dialled: bool) -> None:
        self.dialled = dialled
        self.receive: Callable[[bytes], None] = _nobody
        self.address = ""
        self.port = 0  # … and where the other side listens, or dialled from
        self.own = ""  # the address it has on this side
        self.heard = 0.0  # loop time of the last bytes
        self.open = False
        self.held = False  # nothing is read just now: what comes is not heard
        self.known = dialled  # proven, or never a stranger
        self.lost = lost  # told once, with the reason; a peer puts its own here
        self.faulted: Callable[[PeerError], None] = _uncounted
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._opened = opened
        self._news = asyncio.Event()
        self._reader = FrameReader()
        self._reason = ""
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.TimerHandle | None = None

    # --- asyncio calls these ------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=limits.SEND_QUEUE)
        self.address = _address(transport.get_extra_info("peername"))
        self.port = int((transport.get_extra_info("peername") or ("", 0))[1])
        self.own = _address(transport.get_extra_info("sockname"))
        self.heard = self._loop.time()
        self.open = True
        if transport.get_extra_info("ssl_object").selected_alpn_protocol() != ALPN:
            self.end("alpn")
            return
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        self.heard = self._loop.time()
        self._news.set()
        self._reader.feed(data)
        try:
            while self.open and (payload := self._reader.next()) is not None:
                self.receive(payload)
        except PeerError as fault:
            self.blame(fault)

    def pause_writing(self) -> None:
        """The peer stopped reading with SEND_QUEUE bytes under way."""
        self.end("reads too slowly", at_once=True)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
        self.open = False
        self._news.set()
        self.gone.set_result(None)
        self.lost(self, self._reason or (str(exc) if exc else "closed by the other side"))
        # Whoever listened holds the link: in that circle TLS and its 256 KiB would stay until Python sweeps it all.
        self.receive, self.lost, self._opened, self._transport = _nobody, _untold, _unopened, None

    # --- for the hub --------------------------------------------------------------------------------------
    @property
    def certificate(self) -> bytes:
        """The other side's certificate as DER; only of a link that was dialled."""
        assert self._transport is not None
        return self._transport.get_extra_info("ssl_object").getpeercert(True) or b""

    def proven(self) -> None:
        """From now on frames may have their full size."""
        self._reader.ceiling = limits.FRAME

    async def hears(self, seconds: float) -> bool:
        """Whether anything comes within that time, from now on."""
        self._news.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return self.open

    def send(self, payload: bytes) -> None:
        if self.open and self._transport is not None:
            self._transport.write(frame(payload))

    def hold(self, *, on: bool) -> None:
        """Reads no more (TCP slows the other side down), or reads on."""
        if self._transport is None or not self.open:
            return
        self.held = on
        if on:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def blame(self, fault: PeerError) -> None:
        """The peer broke a rule: that is counted, and the link ends."""
        self.faulted(fault)
        self.end(f"{type(fault).__name__}: {fault}")

    def end(self, reason: str, *, at_once: bool = False) -> None:
        """Closes after what was sent has left, at the latest after CLOSE_SECONDS."""
        if not self.open or self._transport is None:
            return
        self.open = False
        self._reason = reason
        if at_once:
            self._transport.abort()
        else:
            self._closing = self._loop.call_later(limits.CLOSE_SECONDS, self._transport.abort)
            self._transport.close()


def _nobody(payload: bytes) -> None:
    """What comes before anybody listens is passed over."""


def _uncounted(fault: PeerError) -> None:
    """Until the hub counts."""


def _untold(link: Link, reason: str) -> None:
    """It was told."""


def _unopened(link: Link) -> None:
    """It will not open again."""


def _address(peername: Any) -> str:
    """host or [host], without the port: what strangers are counted by."""
    host = str(peername[0]) if peername else ""
    return host.removeprefix("::ffff:")


def listening_socket(port: int, *, tries: int = 20) -> socket.socket:
    """A dual-stack (or, without IPv6, IPv4) socket on `port`, the next free one if taken; 0 means any."""
    for candidate in range(port, port + tries) if port else (0,):
        try:
            return _bind(candidate)
        except OSError:
            continue
    return _bind(0)


def _bind(port: int) -> socket.socket:
    for family, host in ((socket.AF_INET6, "::"), (socket.AF_INET, "0.0.0.0")):
        try:  # only of a socket that names its protocol does asyncio let small packets leave at once
            found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        except OSError:
            continue
        try:
            if os.name == "posix":  # on Windows this would let two programs share a port
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                found.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            found.bind((host, port))
            found.listen(128)
            found.setblocking(False)
        except OSError:
            found.close()
            if family == socket.AF_INET:
                raise
            continue
        return found
    raise OSError("this system has neither IPv4 nor IPv6")
