"""Posts that wait a few seconds before they leave, so that they can be taken back while nobody has them.

One is on the disk from the moment it waits. It is written into the log when its time is over, when deskblog stops,
and, after a crash, when it starts again: whoever pressed Enter meant it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import msgspec

from deskblog import events, limits
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import Refused, UserError
from deskblog.i18n import _
from deskblog.records import replace
from deskblog.values import EVERYBODY, Attached, Audience, Row, Waiting

KEY, SECONDS = "outbox", "undo-seconds"


class Outbox:
    """`post` writes one at once."""

    def __init__(
        self,
        vault: Vault,
        seconds: int,
        post: Callable[[Waiting], Awaitable[Row]],
        tell: Callable[[events.Event], None],
    ) -> None:
        self._vault = vault
        self._post = post
        self._tell = tell
        self.seconds = seconds
        self._waiting: dict[str, Waiting] = {}
        self._undone: tuple[Waiting, ...] = ()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changing = asyncio.Lock()  # what waits: one change after another, in the order in which they were said

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """Oldest first; one that could not leave has `leaves` 0."""
        return tuple(self._waiting.values())

    @property
    def had(self) -> tuple[Waiting, ...]:
        """What waits, and what was taken back in this run: its photos are about to be chosen again."""
        return (*self.waiting, *self._undone)

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self) -> None:
        """Takes up the setting, and what a crash left waiting."""
        said = await self._vault.call(self._vault.store.get, SECONDS)
        self.seconds = int(said) if said.isdigit() else self.seconds
        kept = await self._vault.call(self._vault.store.get, KEY)
        for one in msgspec.json.decode(kept or "[]", type=tuple[Waiting, ...]):
            self._waiting[one.id] = one
        await self.flush()

    async def flush(self) -> None:
        """All that waits leaves now."""
        for ident in list(self._waiting):
            await self._leave(ident)
        await asyncio.gather(*self._tasks)

    # --- what a person does -------------------------------------------------------------------------------
    async def wait(self, seconds: int) -> None:
        """For so long posts wait from now on; 0: they leave at once."""
        self.seconds = max(0, min(seconds, limits.UNDO_SECONDS))
        await self._vault.call(self._vault.store.put, SECONDS, str(self.seconds))

    async def hold(
        self, text: str, kind: str, answer_to: str, attached: tuple[Attached, ...] = (), to: Audience = EVERYBODY
    ) -> Waiting:
        """A checked post that waits now; on the disk when this returns."""
        async with self._changing:
            if len(self._waiting) >= limits.OUTBOX:
                raise Refused(
                    _("Too many posts wait to leave."),
                    next_step=_("Take some back, or find out why they cannot leave."),
                )
            leaves = now_ms() + self.seconds * 1000
            one = Waiting(secrets.token_hex(8), text, kind, answer_to, leaves, attached, to)
            await self._keep({**self._waiting, one.id: one})
        loop = asyncio.get_running_loop()
        self._timers[one.id] = loop.call_later(self.seconds, lambda: self._later(self._leave(one.id)))
        return one

    async def undo(self, ident: str) -> Waiting | None:
        """Takes one back; None if it has left."""
        async with self._changing:
            one = self._waiting.get(ident)
            if one is not None:
                self._stop_timer(ident)
                self._undone = (*self._undone, one)[-limits.OUTBOX :]
                await self._keep({key: other for key, other in self._waiting.items() if key != ident})
            return one

    async def send(self, ident: str) -> None:
        """One leaves now."""
        await self._leave(ident)

    # --- leaving ------------------------------------------------------------------------------------------
    async def _leave(self, ident: str) -> None:
        """Written first, then no longer kept here: a crash between the two shows it twice rather than not at all."""
        async with self._changing:
            self._stop_timer(ident)
            one = self._waiting.get(ident)
            if one is None:
                return
            try:
                await self._post(one)
            except UserError as fault:
                self._waiting[ident] = replace(one, leaves=0)
                self._tell(events.Waits(self.waiting))
                kept = _("Your post waits, with its text.")
                self._tell(events.Trouble("outbox", fault.what, kept, fault.next_step))
                return
            await self._keep({key: other for key, other in self._waiting.items() if key != ident})

    async def _keep(self, waiting: dict[str, Waiting]) -> None:
        lines = msgspec.json.encode(tuple(waiting.values())).decode()
        await self._vault.call(self._vault.store.put, KEY, lines)
        self._waiting = waiting
        self._tell(events.Waits(self.waiting))

    def _stop_timer(self, ident: str) -> None:
        timer = self._timers.pop(ident, None)
        if timer is not None:
            timer.cancel()

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
