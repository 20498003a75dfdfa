"""Inviting and joining, from the engine's side: the one open invitation, the search for the PC that shows a code."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

from deskblog import events, limits
from deskblog.engine.options import Invitation, OpenInvitation, read_address
from deskblog.engine.vault import Vault, now_ms
from deskblog.errors import NotHeard, PeerError, Refused, UserError
from deskblog.i18n import _, language
from deskblog.log import charter
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.net.code import Code, make_code, read_code
from deskblog.net.door import Guest
from deskblog.net.hub import Hub
from deskblog.net.invite import Inviter, Tries, WrongCode, prepare, welcome_messages
from deskblog.net.sighting import Sighting
from deskblog.values import ActId, DeviceKey, PersonId

SEARCH_SECONDS = 8.0  # how long a joiner listens for the code's digits …
LOOK_SECONDS = 3.0  # … and how often it asks for them: a datagram may be lost


class _Open:
    """The invitation that is open here."""

    def __init__(self, code: Code, tries: Tries, person: PersonId | None, expires: int) -> None:
        self.code = code
        self.tries = tries
        self.person = person
        self.expires = expires
        self.admission: ActId | None = None
        self.ender: asyncio.TimerHandle | None = None
        self.told = False
        self.admitting = asyncio.Lock()  # one key on two links is still admitted once


class Joining:
    """At most one invitation at a time, on this PC only, while it runs."""

    def __init__(
        self,
        vault: Vault,
        hub: Callable[[], Hub],
        tell: Callable[[events.Event], None],
        announce: Callable[[], Awaitable[None]],
        ask: Callable[[], None],
    ) -> None:
        self._vault = vault
        self._hub = hub
        self._tell = tell
        self._announce = announce
        self._ask = ask
        self._open: _Open | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._inviting = asyncio.Lock()
        self._news = asyncio.Event()
        self.wrong_words = False  # the last code typed here had other words than the one that is open

    # --- inviting -----------------------------------------------------------------------------------------
    @property
    def digits(self) -> str:
        """What the network is shown: the digits of a code that lives."""
        return self._open.code.digits if self._open is not None else ""

    async def invite(self, minutes: int, person: PersonId | None) -> Invitation:
        """A code; the one before it ends. It is told of each by its own code, in turn."""
        async with self._inviting:
            await self._end("cancelled")
            await asyncio.to_thread(prepare)
            loop = asyncio.get_running_loop()
            code = make_code(secrets.token_bytes(8), language())
            expires = now_ms() + minutes * 60_000
            self._open = _Open(code, Tries(loop.time() + minutes * 60), person, expires)
            self._open.ender = loop.call_later(minutes * 60, lambda: self._later(self._end("expired")))
            await self._announce()
            self._say("open", "")
            return Invitation(code.text, expires)

    def open_invitations(self) -> tuple[OpenInvitation, ...]:
        """The one that can be used, if there is one."""
        held = self._open
        if held is None or held.told:
            return ()
        office = self._vault.office
        person = office.person_now(held.person) if office is not None and held.person is not None else None
        left = limits.CODE_TRIES - held.tries.wrong
        return (OpenInvitation(held.code.text, held.expires, person.name if person else "", left),)

    async def cancel(self) -> None:
        await self._end("cancelled")

    async def _end(self, state: str) -> None:
        """Closes the invitation; silent if its end was told already."""
        ending = self._open
        if ending is None:
            return
        self._say(state, "")
        self._open = None
        ending.tries.cancelled = True
        if ending.ender is not None:
            ending.ender.cancel()
        await self._announce()

    def _say(self, state: str, person: str, device: str = "", person_id: str = "") -> None:
        held = self._open
        if held is not None and not held.told:
            held.told = state != "open"
            self._tell(events.InvitationChanged(held.code.text, state, person, held.expires, device, person_id))

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def guest(self, guest: Guest) -> bool:
        """Somebody wants to join: True if a run of the open code begins."""
        held = self._open
        loop = asyncio.get_running_loop()
        if held is None or self._vault.office is None or not held.tries.begin(guest.ends.joiner, loop.time()):
            return False
        _Run(self, held, guest)
        return True

    def dead(self) -> None:
        """The third wrong try."""
        self._later(self._end("dead"))

    def admit(self, run: _Run, held: _Open, name: str, seal_key: bytes) -> None:
        self._later(self._admit_or_close(run, held, name, seal_key))

    async def _admit_or_close(self, run: _Run, held: _Open, name: str, seal_key: bytes) -> None:
        """Closed, where this PC lost the key, or its disk is full, while somebody typed the code."""
        try:
            await self._admit(run, held, name, seal_key)
        except UserError as fault:
            run.guest.link.send(m.encode(m.No("closed")))
            run.guest.link.end("cannot admit")
            await self._end("cancelled")
            self._tell(events.Trouble("joining", fault.what, fault.kept, fault.next_step))

    async def _admit(self, run: _Run, held: _Open, name: str, seal_key: bytes) -> None:
        """Writes and stores the admission, then sends the welcome."""
        device = run.guest.ends.joiner
        async with held.admitting:
            office = self._vault.office
            assert office is not None
            if held.admission is None or office.admission_of(device) != held.admission:
                acts = charter.admitting(self._vault.keys, office, (device, seal_key), name, held.person, now_ms())
                await self._vault.take_acts(acts)
                held.admission = acts[0].id
                self._hub().exchange.announce_acts(acts)
        office = self._vault.office
        assert office is not None
        for message in welcome_messages(office, held.admission):
            run.guest.link.send(m.encode(message))
        person = office.persons.get(office.devices[device]) if office.is_in(device) else None
        self._say("used", person.name if person else name, device.hex(), person.id.hex() if person else "")

    # --- joining ------------------------------------------------------------------------------------------
    def sighted(self) -> None:
        """Something changed on the network: who waits for a code's digits looks again."""
        self._news.set()

    async def join(
        self, text: str, name: str, at: str | None, seen: Callable[[], Iterable[Sighting]]
    ) -> tuple[str, int]:
        """Joins with a code; the address of whoever let this device in. Refused says why nobody did."""
        await asyncio.to_thread(prepare)
        code = read_code(text)
        self.wrong_words = False
        if at is not None:
            office, address = await self._join_at([read_address(at)], code, name)
            await self._enter(office)
            return address
        tried: set[DeviceKey | None] = set()
        refusal: Refused = _not_found(code)
        while len(tried) < limits.JOIN_SERVICES:
            sighting = await self._showing(code, seen, tried)
            if sighting is None:
                break
            tried.add(sighting.device)
            try:
                office, address = await self._join_at(sighting.addresses, code, name)
            except Refused as fault:
                refusal = fault
                continue
            await self._enter(office)
            return address
        raise _several(code) if len(tried) > 1 else refusal

    async def _look(self) -> None:
        """Until something is new; asks again when nothing was for long."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._news.wait()
        except TimeoutError:
            self._ask()

    async def _showing(
        self, code: Code, seen: Callable[[], Iterable[Sighting]], tried: set[DeviceKey | None]
    ) -> Sighting | None:
        """A service that shows the code's digits, those known longest first; the first of all is waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(SEARCH_SECONDS):
                self._ask()
                while True:
                    self._news.clear()
                    for sighting in seen():
                        if sighting.code_digits == code.digits and sighting.device not in tried:
                            return sighting
                    if tried:
                        return None
                    await self._look()
        return None

    async def _join_at(
        self, addresses: Iterable[tuple[str, int]], code: Code, name: str
    ) -> tuple[Office, tuple[str, int]]:
        """The office that lets this device in there, in bounded time; it is not entered yet."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limits.JOIN_SECONDS):
                for address in addresses:
                    try:
                        return await self._hub().join(address, code, name), address
                    except WrongCode as fault:
                        self.wrong_words = fault.reason in ("code", "dead")
                        raise _refused(fault.reason) from None
                    except PeerError:
                        continue
        raise Refused(
            _("The PC that shows this code does not answer."),
            kept=_("The code still lives."),
            next_step=_("Look whether deskblog still runs there and its firewall lets it through, then try again."),
        )

    async def _enter(self, office: Office) -> None:
        """Keeps the office that welcomed this PC; one it was removed from goes on with all that is kept here."""
        acts = tuple(office.acts.values())
        if self._vault.office is None and await self._vault.settle(acts) is not None:
            return
        held = self._vault.office
        assert held is not None
        if held.id != office.id:
            raise Refused(
                _("This PC was let into another office than “{name}”, whose posts it keeps.").format(name=held.name),
                kept=_("Everything on this PC is kept."),
                next_step=_("Join that office with another folder, named with --data."),
            )
        new = await self._vault.take_acts(acts)
        self._hub().exchange.announce_acts(new)

    async def stop(self) -> None:
        await self._end("cancelled")
        await asyncio.gather(*self._tasks)


class _Run:
    """One run of the open code over one link."""

    def __init__(self, joining: Joining, held: _Open, guest: Guest) -> None:
        self.guest = guest
        self._joining = joining
        self._held = held
        self._inviter = Inviter(held.tries, held.code, guest.ends, secrets.token_bytes)
        self._before = guest.link.lost
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(limits.CODE_RUN_SECONDS, lambda: guest.link.end("too slow", at_once=True))
        guest.link.lost = self._gone
        guest.link.receive = self._receive

    def _gone(self, link: object, reason: str) -> None:
        self._deadline.cancel()
        self._inviter.ended()
        self._before(self.guest.link, reason)

    def _receive(self, payload: bytes) -> None:
        message = m.decode(payload, m.Joining)
        if isinstance(message, m.Bye):
            self.guest.link.end("joined")
            return
        if isinstance(message, m.Me):
            name, seal_key = self._inviter.joiner(message)
            self._deadline.cancel()
            self._deadline = asyncio.get_running_loop().call_later(
                limits.WELCOME_SECONDS, lambda: self.guest.link.end("too slow", at_once=True)
            )
            self._joining.admit(self, self._held, name, seal_key)
            return
        for answer in self._inviter.receive(message, payload):
            self.guest.link.send(m.encode(answer))
            if isinstance(answer, m.No):
                self.guest.link.end(answer.reason)
                if answer.reason == "dead":
                    self._joining.dead()


def _refused(reason: str) -> Refused:
    again = _("Ask for a new one.")
    if reason == "code":
        return Refused(
            _("The code is wrong."), next_step=_("Check its words and try again; after three wrong tries it is dead.")
        )
    if reason == "dead":
        return Refused(_("The code is dead: three wrong tries."), next_step=again)
    if reason == "used":
        return Refused(_("Somebody else has used this code."), next_step=again)
    return Refused(_("No such code is open there."), next_step=again)


def _not_found(code: Code) -> NotHeard:
    return NotHeard(
        _("No PC on this network shows the code {digits}.").format(digits=code.digits),
        kept=_("The code still lives."),
        next_step=_(
            "deskblog must run where the code was made. If that PC is on another network, type the address it shows."
        ),
    )


def _several(code: Code) -> NotHeard:
    return NotHeard(
        _("Several PCs on this network show the code {digits}, and none of those tried lets this PC in.").format(
            digits=code.digits
        ),
        next_step=_(
            "Check the words. If they are right, somebody may be pretending: have it made anew, and type the address"
            " of the PC that shows it."
        ),
    )
