"""Feeds served by this PC to whoever has a secret address: as long as the engine runs and there is such a reader.

The addresses stay on this PC, in no backup: brought back from there, one that was revoked since would open again.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from deskblog import events, limits
from deskblog.engine.options import address_text
from deskblog.engine.showcase import Showcase
from deskblog.engine.vault import Vault
from deskblog.errors import Refused, UserError
from deskblog.i18n import _
from deskblog.log import kinds
from deskblog.net.interfaces import own_addresses
from deskblog.publish.readers import new_token, sealed
from deskblog.records import replace

if TYPE_CHECKING:
    from deskblog.publish.answers import Answer, Answers, Asked, Source
    from deskblog.publish.serve import Server

KEY = "web-readers"
REFRESH = 300  # seconds after which the shop counter is loaded anew


class Reader(msgspec.Struct, frozen=True):
    """Who may read along, since when (UTC ms). `public`: what is public alone; else what colleagues see."""

    name: str
    token: str
    since: int
    public: bool = False


class Kept(msgspec.Struct, frozen=True):
    """`opened`: to whoever reaches this PC. `port` 0: the usual one."""

    readers: tuple[Reader, ...] = ()
    opened: bool = False
    port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0


class Served(msgspec.Struct, frozen=True):
    """How it stands. `readers`: each with its address. `trouble`: why nothing is served though there are readers."""

    readers: tuple[tuple[Reader, str], ...]
    opened: bool
    port: int
    runs: bool
    trouble: str = ""


def _load() -> type[Server]:
    """What answers on the web, which most PCs never do; not to be waited for on a loop."""
    from deskblog.publish import answers, serve

    assert answers
    return serve.Server


class Serving:
    """Lives on the engine's loop. `port`: the usual one; `on`: False for a moment's engine, which serves nobody."""

    def __init__(
        self,
        vault: Vault,
        showcase: Showcase,
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
        *,
        port: int,
        on: bool,
    ) -> None:
        self._vault = vault
        self._showcase = showcase
        self._tell = tell
        self._now = now
        self._usual = port
        self._on = on
        self._kept = Kept()
        self._served_as = (False, 0)  # (opened, port)
        self._server: Server | None = None
        self._answers: tuple[Answers, ...] = ()
        self._trouble = ""
        self._changing = asyncio.Lock()

    async def begin(self) -> None:
        kept = await self._vault.call(self._vault.store.get, KEY)
        try:
            self._kept = msgspec.json.decode(kept or "{}", type=Kept)
        except msgspec.MsgspecError:
            self._kept = Kept()
        try:
            async with self._changing:
                await self._serve()
        except UserError as fault:
            self._tell(events.Trouble("serving", fault.what, fault.kept, fault.next_step))

    async def stop(self) -> None:
        async with self._changing:
            await self._end()

    # --- readers ------------------------------------------------------------------------------------------
    async def add(self, name: str, *, public: bool = False) -> Reader:
        """A new secret address. Refused where one so called has one; Unusable, and kept, if the port is taken."""
        self._check_office()
        clean = kinds.written_name(name)
        if self._named(clean) is not None:
            raise Refused(
                _("“{name}” has an address already.").format(name=clean),
                next_step=_("Revoke it first, or take another name."),
            )
        if len(self._kept.readers) >= limits.READERS:
            raise Refused(
                _("{n} addresses are the most there can be.").format(n=limits.READERS),
                next_step=_("Revoke one that nobody needs."),
            )
        reader = Reader(clean, new_token(), self._now(), public)
        await self._keep(readers=(*self._kept.readers, reader))
        return reader

    async def revoke(self, name: str) -> Reader:
        """That address leads nowhere from now on."""
        found = self._named(name)
        if found is None:
            raise Refused(_("Nobody called “{name}” has an address.").format(name=name.strip()))
        await self._keep(readers=tuple(one for one in self._kept.readers if one is not found))
        return found

    def _named(self, name: str) -> Reader | None:
        wanted = " ".join(name.split()).casefold()
        return next((one for one in self._kept.readers if one.name.casefold() == wanted), None)

    async def open(self, *, on: bool) -> None:
        """To whoever reaches this PC, or to this PC alone."""
        await self._keep(opened=on)

    async def use_port(self, port: int) -> None:
        """0: the usual one."""
        if not 0 <= port <= 65535:
            raise Refused(_("A port is a number from 1 to 65535."))
        await self._keep(port=port)

    async def served(self) -> Served:
        """How it stands now."""
        kept = self._kept
        host = await self._host() if kept.opened else "127.0.0.1"
        readers = tuple((one, f"http://{address_text(host, self._port)}/{one.token}/") for one in kept.readers)
        return Served(readers, kept.opened, self._port, self._server is not None, self._trouble)

    @property
    def _port(self) -> int:
        return self._server.port if self._server is not None else self._kept.port or self._usual

    async def _host(self) -> str:
        """The address of this PC that others are told; IPv4 first."""
        found = sorted(await asyncio.to_thread(own_addresses), key=lambda ip: (":" in ip, ip))
        return found[0] if found else "127.0.0.1"

    # --- serving ------------------------------------------------------------------------------------------
    async def _keep(self, **changes: Any) -> None:
        """Keeps it, and serves so. It holds from the moment this is asked: what is revoked leads nowhere, and
        whatever else is asked before the disk has it starts from there."""
        self._kept = replace(self._kept, **changes)
        async with self._changing:
            await self._vault.call(self._vault.store.put, KEY, msgspec.json.encode(self._kept).decode())
            if self._served_as != (self._kept.opened, self._kept.port) or not self._kept.readers or not self._server:
                await self._serve()

    async def _serve(self) -> None:
        """Starts, ends or moves the server, as it is to be now."""
        self._served_as = self._kept.opened, self._kept.port
        await self._end()
        office = self._vault.office
        if not self._kept.readers or not self._on or office is None:
            return
        make_server = await asyncio.to_thread(_load)
        self._answers = tuple(
            self._make(office.id.hex(), source, public=public)
            for public, source in ((True, self._showcase.for_clients), (False, self._showcase.for_office))
        )
        server = make_server(self._answer)
        try:
            await server.start(self._served_as[1] or self._usual, opened=self._served_as[0])
        except UserError as fault:
            self._trouble = str(fault)
            raise
        self._server = server

    def _make(self, key: str, source: Source, *, public: bool) -> Answers:
        from deskblog.publish.answers import Answers

        host = socket.gethostname().lower()
        return Answers(
            "", key, source, lambda: [sealed(one.token) for one in self._kept.readers if one.public is public],
            lambda: self._now() / 1000, own=frozenset({host, f"{host}.local"}), refresh=REFRESH,
        )  # fmt: skip

    async def _answer(self, asked: Asked) -> Answer:
        """Two doors behind one: whoever has no key to the first is at the second."""
        office = self._vault.office
        answer = None
        for answers in self._answers:
            answers.title = office.name if office is not None else ""
            answer = await answers.answer(asked)
            if answer.status != 404:
                break
        assert answer is not None
        return answer

    async def _end(self) -> None:
        self._trouble = ""
        if self._server is not None:
            server, self._server = self._server, None
            await server.stop()

    def _check_office(self) -> None:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
