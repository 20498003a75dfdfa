"""Pops up notifications on the person's desktop, one a key, and says what was pressed. Lives on the engine's loop.

What shows them is another program, which may be missing, hang, crash and come back as another one. So each question
to it has a time limit; after one unanswered it is left alone for a while, twice as long each time; and before each
popup it is looked whether it is still the program that was met last.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from deskblog import limits
from deskblog.attention.channel import Can, Channel, why_not
from deskblog.attention.popup import Popup, Press, fitted
from deskblog.attention.within import Fault, within

PATIENCE = 5.0  # s for an answer …
STOP_PATIENCE = 1.0  # … and when deskblog ends
PAUSE, LONGEST_PAUSE = 5.0, 300.0  # s
T = TypeVar("T")
Pressed = Callable[[str, Press, str], None]


class Desktop:
    """`pressed(key, press, text)` is called on the loop; `text`: the answer, where it was written in the popup.

    `why_not`: why nothing can be shown, '' if something can.
    """

    def __init__(
        self,
        pressed: Pressed,
        app_name: str,
        icon: Path | None = None,
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._pressed = pressed
        self._app_name, self._icon = app_name, icon
        self._patience, self._first_pause = patience, pause
        self._pause, self._not_before = pause, 0.0
        self._channel: Channel | None = None
        self._shown: dict[str, str] = {}  # key -> the channel's name for it, oldest first
        self._one = asyncio.Lock()
        self._end: asyncio.Future[None] | None = None
        self.why_not = ""

    async def begin(self) -> str:
        """What this system can: see Can; '' where it shows nothing, and then `why_not` says why."""
        async with self._one:
            channel = await self._open()
            return channel.can if channel is not None else Can.NOTHING

    async def show(self, popup: Popup) -> bool:
        """Whether the system took it, in place of an earlier one of its key; if not, it is to be shown otherwise."""
        async with self._one:
            channel = await self._open()
            if channel is None:
                return False
            allowed = await self._try(channel.allowed())
            if allowed is False:
                return True  # the person wants none from deskblog, so it is not shown otherwise either
            return allowed is True and await self._send(channel, fitted(popup))

    async def withdraw(self, key: str) -> None:
        """Takes it from the screen, if it is there."""
        async with self._one:
            await self._clear(key)

    async def stop(self) -> None:
        """Takes all from the screen; what is under way ends without an answer."""
        end = self._ending()
        if not end.done():
            end.set_result(None)
        async with self._one:
            if self._channel is not None:
                clearing = (within(STOP_PATIENCE, self._channel.clear(name)) for name in self._shown.values())
                await asyncio.gather(*clearing)
            await self._close()

    # --- the channel --------------------------------------------------------------------------------------
    async def _open(self) -> Channel | None:
        """The channel, opened anew if what it led to is there no more; None while there is none."""
        if self._ending().done() or asyncio.get_running_loop().time() < self._not_before:
            return None
        if self._channel is not None:
            if await self._try(self._channel.stands()) is True:
                return self._channel
            await self._close()
        self._channel = channel = Channel(self._app_name, self._icon)
        await self._try(channel.open())
        if channel.can is Can.NOTHING:
            self.why_not = why_not()
            await self._give_up()
            return None
        self.why_not = ""
        return channel

    async def _close(self) -> None:
        self._shown.clear()
        channel, self._channel = self._channel, None
        if channel is not None:
            await within(STOP_PATIENCE, channel.close())

    async def _give_up(self) -> None:
        """For a while."""
        await self._close()
        self._not_before = asyncio.get_running_loop().time() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)

    async def _try(self, coro: Coroutine[Any, Any, T]) -> T | Fault:
        """See `within`; `stop` ends it."""
        return await within(self._patience, coro, self._ending())

    def _ending(self) -> asyncio.Future[None]:
        if self._end is None:
            self._end = asyncio.get_running_loop().create_future()
        return self._end

    # --- popups -------------------------------------------------------------------------------------------
    async def _send(self, channel: Channel, popup: Popup) -> bool:
        await self._clear(popup.key)
        while len(self._shown) >= limits.POPUPS:
            await self._clear(next(iter(self._shown)))
        if self._channel is not channel:
            return False
        name = secrets.token_hex(8)
        self._shown[popup.key] = name
        if await self._try(channel.send(name, popup, *self._ears(popup.key, name))) is True:
            self._pause = self._first_pause
            return True
        await self._give_up()
        return False

    async def _clear(self, key: str) -> None:
        name = self._shown.pop(key, None)
        if name is None or self._channel is None:
            return
        cleared = await self._try(self._channel.clear(name))
        if isinstance(cleared, Fault) and cleared.late:
            await self._give_up()

    def _ears(self, key: str, name: str) -> tuple[Callable[[Press, str], None], Callable[[], None]]:
        """What is called at a press and at a dismissal, by macOS on a thread of its own."""
        loop = asyncio.get_running_loop()

        def pressed(press: Press, text: str) -> None:
            loop.call_soon_threadsafe(self._tell, key, name, press, text)

        def dismissed() -> None:
            loop.call_soon_threadsafe(self._forget, key, name)

        return pressed, dismissed

    def _tell(self, key: str, name: str, press: Press, text: str) -> None:
        if not self._ending().done():
            self._forget(key, name)
            self._pressed(key, press, text)

    def _forget(self, key: str, name: str) -> None:
        """It is gone from the screen, unless another of its key stands there."""
        if self._shown.get(key) == name:
            del self._shown[key]
