"""Datagrams of one socket, as they come, and no more than so many in so long: a flood is left to the kernel.

The socket stays in the loop's selector, for to put it in and take it out costs as much as the datagram. Windows' loop
has none: there a task waits for one after another.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

TURN = 32  # datagrams read before everybody else has their turn …
PAUSE = 0.05  # … for so long


class Datagrams:
    """`hear(data, source)` gets each, `failed` the system's word that one could not be read. Begins at once, on the
    running loop (`selector`: it has one; by default looked for); stop it before the socket is closed."""

    def __init__(
        self,
        sock: socket.socket,
        longest: int,
        hear: Callable[[bytes, Any], None],
        failed: Callable[[OSError], None],
        *,
        selector: bool | None = None,
    ) -> None:
        self._socket, self._longest = sock, longest
        self._hear, self._failed = hear, failed
        self._loop = asyncio.get_running_loop()
        self._since, self._left = self._loop.time(), TURN
        self._pause: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        if isinstance(self._loop, asyncio.SelectorEventLoop) if selector is None else selector:
            self._go_on()
        else:
            self._task = self._loop.create_task(self._wait())

    def _go_on(self) -> None:
        self._loop.add_reader(self._socket, self._read)

    def _read(self) -> None:
        try:
            self._hear(*self._socket.recvfrom(self._longest))
        except BlockingIOError:
            return
        except OSError as fault:
            self._failed(fault)
        if self._used_up():
            self._loop.remove_reader(self._socket)
            self._pause = self._loop.call_later(PAUSE, self._go_on)

    async def _wait(self) -> None:
        while True:
            try:
                self._hear(*await self._loop.sock_recvfrom(self._socket, self._longest))
            except OSError as fault:  # Windows: too long, or nobody was there to take an answer
                self._failed(fault)
            if self._used_up():
                await asyncio.sleep(PAUSE)

    def _used_up(self) -> bool:
        """Whether this was the last one of a turn."""
        now = self._loop.time()
        if now - self._since > PAUSE:
            self._since, self._left = now, TURN
        self._left -= 1
        return not self._left

    async def stop(self) -> None:
        """Nothing is read any more."""
        if self._pause is not None:
            self._pause.cancel()
        if self._task is None:
            self._loop.remove_reader(self._socket)
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
