"""Connections of the simulated network: what TCP and TLS would be. Bytes come in order, late, or never.

The two ends are real links (net/link.py) over these transports; who is at the other end is as sure as TLS makes it:
the dialling side sees the listening side's certificate.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections import Counter, deque
from collections.abc import Callable
from random import Random
from typing import Any

from deskblog.net.link import ALPN


class _Tls:
    """What a link asks of TLS."""

    def __init__(self, certificate: bytes) -> None:
        self._certificate = certificate

    def selected_alpn_protocol(self) -> str:
        return ALPN

    def getpeercert(self, binary: bool) -> bytes:
        return self._certificate


class Wire(asyncio.Transport):
    """One end. `passes`: whether bytes get through between the two PCs at this moment."""

    def __init__(
        self,
        protocol: asyncio.Protocol,
        address: str,
        certificate: bytes,
        dice: Random,
        passes: Callable[[], bool],
        context: contextvars.Context,
        talk: Counter[str],
    ) -> None:
        super().__init__()
        self._extra = {"ssl_object": _Tls(certificate), "peername": (address, 1)}
        self._protocol = protocol
        self._dice = dice
        self._passes = passes
        self._context = context
        self._talk = talk
        self._loop = asyncio.get_running_loop()
        self._queue: deque[bytes | None] = deque()  # on its way to the other end; None: closed behind it
        self._moving = False
        self._high = 1 << 30
        self._closing = False
        self._paused = False
        self.dead = False
        self.other: Wire

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._extra.get(name, default)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = high or self._high

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False

    def is_closing(self) -> bool:
        return self._closing

    # --- sending ------------------------------------------------------------------------------------------
    def write(self, data: Any) -> None:
        if self._closing or self.dead:
            return
        self._talk[_name(data)] += 1
        self._queue.append(bytes(data))
        if sum(len(part) for part in self._queue if part) > self._high:
            self._protocol.pause_writing()
        self._move()

    def _move(self) -> None:
        if self._queue and not self._moving:
            self._moving = True
            slow = self._dice.random() < 0.02
            self._loop.call_later(
                self._dice.uniform(0.05, 2.0) if slow else self._dice.uniform(0.0001, 0.02), self._arrive
            )

    def _arrive(self) -> None:
        self._moving = False
        if not self._queue:
            return
        if not self._passes() or (self.other._paused and not self.other.dead):
            self._moving = True
            self._loop.call_later(1.0, self._arrive)  # sent again, as TCP does, until one side gives up
            return
        part = self._queue.popleft()
        if part is None:
            self.other._lost(None)
            self._lost(None)
        elif not self.other.dead:
            if len(part) > 1 and self._dice.random() < 0.05:  # the rest is on its way
                place = self._dice.randrange(1, len(part))
                self._queue.appendleft(part[place:])
                part = part[:place]
            self.other._context.run(self.other._protocol.data_received, part)
        self._move()

    # --- ending -------------------------------------------------------------------------------------------
    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._queue.append(None)
            self._move()

    def abort(self) -> None:
        """The connection is reset: this end knows at once, the other when the word gets through."""
        self._closing = True
        self._queue.clear()
        self._loop.call_soon(self._lost, None)
        self._loop.call_later(0.01, self._reset_other)

    def _reset_other(self) -> None:
        if self._passes():
            self.other._lost(ConnectionResetError("reset"))

    def cut(self) -> None:
        """Both ends are told that the connection broke."""
        for end in (self, self.other):
            end._closing = True
            end._queue.clear()
            self._loop.call_soon(end._lost, ConnectionResetError("cut"))

    def vanish(self) -> None:
        """This end's PC is gone without a word; the other end is left half open."""
        self.dead = True
        self._closing = True
        self._queue.clear()

    def _lost(self, fault: Exception | None) -> None:
        if not self.dead:
            self.dead = True
            self._closing = True
            self._context.run(self._protocol.connection_lost, fault)


def _name(frame: bytes) -> str:
    """What a frame is called: 4 bytes of length, then an array that begins with a short text."""
    return bytes(frame[6 : 6 + (frame[5] & 31)]).decode()
