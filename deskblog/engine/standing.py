"""Whether this PC is in the office; if it was removed: by whom, since when, said in words once and at each start.

Two ways to know it: the fold of the acts held says so; or a colleague's PC showed the removal with its warrants while
acts before it are missing here (net/removal.py). What was shown is kept, and holds until the fold knows the removal.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime

from msgspec import Struct

from deskblog import events
from deskblog.engine.vault import Vault
from deskblog.errors import PeerError, Refused, Unusable
from deskblog.i18n import _, long_date
from deskblog.log.act import Act
from deskblog.log.clerk import owner
from deskblog.log.fold import admitted
from deskblog.log.office import Office
from deskblog.net.removal import believable, foldable, names, read_removal
from deskblog.values import DeviceKey

_KEY = "removed"
_LATEST = 253_402_200_000_000  # ms; the last day any calendar knows


class Removal(Struct, frozen=True):
    """`by`: a name, or empty for the recovery words. `own`: by this PC's own person.

    `through`: who let this PC in; given where not this PC was removed, but whoever let it in had been.
    """

    by: str
    at: int  # UTC ms
    act: str
    own: bool
    through: str = ""

    def words(self) -> Refused:
        """What any command that writes is answered."""
        if self.through:
            return self._void()
        day = long_date(_day(self.at))
        if self.own:
            what = _("You took this PC out of the office on {day}.")
        elif self.by:
            what = _("{person} removed this PC from the office on {day}.")
        else:
            what = _("This PC was removed from the office with the recovery words on {day}.")
        return Refused(
            what.format(person=self.by, day=day),
            kept=_("Everything on this PC is kept."),
            next_step=_("Ask a keyholder of the office to take it back."),
        )

    def _void(self) -> Refused:
        """A name that is missing is not known here."""
        what = (
            _("{through} let this PC into the office, but had lost the right to do so: {person} had taken it away.")
            if self.by
            else _("{through} let this PC into the office, but had lost the right to do so by the recovery words.")
        )
        return Refused(
            what.format(through=self.through, person=self.by),
            kept=_("Everything on this PC is kept."),
            next_step=_("Ask a keyholder of the office for a new code."),
        )


def _day(at: int) -> datetime:
    return datetime.fromtimestamp(min(at, _LATEST) / 1000, UTC)


class Standing:
    """In or out; looked at anew whenever the office changes."""

    def __init__(self, vault: Vault, tell: Callable[[events.Event], None]) -> None:
        self._vault = vault
        self._tell = tell
        self._shown: tuple[Act, ...] = ()  # a removal that is believed though it cannot be folded yet
        self._tasks: set[asyncio.Task[None]] = set()
        self._settling = asyncio.Lock()
        self._name = ""
        self.removal: Removal | None = None
        self.back: Callable[[], Awaitable[None]] = _nothing  # called when this PC is in again
        self.changed: Callable[[], None] = lambda: None  # called when the fold was made anew
        self.learned: Callable[[tuple[Act, ...]], None] = lambda acts: None  # called with acts that were shown

    async def open(self) -> None:
        """Takes up what was shown before; of an office just founded or joined there is nothing yet."""
        office = self._vault.office
        if office is None:
            return
        text = await self._vault.call(self._vault.store.get, _KEY)
        self._name = office.name
        if text:
            signed = [(bytes.fromhex(raw), bytes.fromhex(signature)) for raw, signature in json.loads(text)]
            self._shown = _read_again(office, self._vault.keys.device, signed)
        self.removal = self._found(office)

    async def tell(self) -> None:
        """Says it again, as at each start."""
        if self.removal is not None:
            await self._tell_of(self.removal)

    async def stop(self) -> None:
        await asyncio.gather(*self._tasks)

    @property
    def unheard(self) -> bool:
        """True if this PC was removed by an act that it cannot fold: it lacks what happened before it."""
        removal, office = self.removal, self._vault.office
        return removal is not None and office is not None and all(act.hex() != removal.act for act in office.acts)

    async def check(self) -> None:
        """Refused, in words, if this PC was removed."""
        if self.removal is not None:
            raise await asyncio.to_thread(self.removal.words)

    # --- what comes ---------------------------------------------------------------------------------------
    def office_changed(self) -> None:
        """The fold was made anew."""
        office = self._vault.office
        if office is None:
            return
        before_name, self._name = self._name, office.name
        if before_name and office.name != before_name:
            person = owner(office, self._vault.keys.device)
            self._tell(events.OfficeChanged(office.id.hex(), office.name, person.name if person else ""))
        before, self.removal = self.removal, self._found(office)
        if self.removal is None and before is not None:
            self._later(self.back())
        elif self.removal is not None and (before is None or before.act != self.removal.act):
            self._later(self._tell_of(self.removal))
        self.changed()

    def told_removed(self, acts: tuple[Act, ...]) -> None:
        """A PC showed these acts (read_removal) for why it lets this one in no more."""
        self._later(self._take(acts))

    async def _take(self, acts: tuple[Act, ...]) -> None:
        async with self._settling:
            with suppress(Unusable):  # what cannot be kept now is shown again at the next link
                await self._judge(acts)

    async def _judge(self, acts: tuple[Act, ...]) -> None:
        office, me = self._vault.office, self._vault.keys.device
        if office is None or acts[-1].id in office.acts:
            return
        if names(office, acts[-1], me) and not believable(office, me, acts):
            return
        if self._shown and self._shown[-1].id == acts[-1].id:
            return
        new = await self._vault.take_acts(foldable(office, acts))
        if new:
            self.learned(new)
        if all(act.id != acts[-1].id for act in new):
            if not names(office, acts[-1], me):
                return  # whether it touches this PC's admission is for the fold to say
            signed = [(act.raw.hex(), act.signature.hex()) for act in acts]
            await self._vault.call(self._vault.store.put, _KEY, json.dumps(signed))
            self._shown = acts
        self.office_changed()

    def _found(self, office: Office) -> Removal | None:
        me = self._vault.keys.device
        removal = office.was_removed(me)
        if removal is None and self._shown and self._shown[-1].id not in office.acts:
            removal = self._shown[-1] if believable(office, me, self._shown) else None
        if removal is None and (voided := office.voided_by(me)) is not None:
            return _void(office, me, voided)
        return _removal(office, me, removal) if removal is not None else None

    # --- telling ------------------------------------------------------------------------------------------
    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell_of(self, removal: Removal) -> None:
        words = await asyncio.to_thread(removal.words)
        self._tell(events.Removed(removal.by, removal.at, removal.act, words.what, words.kept, words.next_step))


async def _nothing() -> None:
    """Without a network there is nothing to begin."""


def _read_again(office: Office, me: DeviceKey, signed: list[tuple[bytes, bytes]]) -> tuple[Act, ...]:
    """What was kept; nothing if it does not fit the office here."""
    try:
        return read_removal(office, me, signed)
    except PeerError:
        return ()


def _removal(office: Office, me: DeviceKey, act: Act) -> Removal:
    author = owner(office, act.author)
    mine = owner(office, me)
    own = author is not None and mine is not None and author.id == mine.id
    return Removal(_name(office, act), act.time, act.id.hex(), own)


def _void(office: Office, me: DeviceKey, act: Act) -> Removal:
    """This PC's admission hangs on somebody whom, or whose key, that act took away unheard of."""
    let_in = [one for one in office.let_in_by(me) if me in admitted(one)]
    return Removal(_name(office, act), act.time, act.id.hex(), own=False, through=_name(office, let_in[-1]))


def _name(office: Office, act: Act) -> str:
    """Who wrote an act; empty for the recovery words."""
    author = owner(office, act.author)
    return "" if act.author == office.recovery else author.name if author else act.author.hex()[:8]
