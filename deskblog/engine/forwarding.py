"""A person's rule for the road: what is sent after them, by which colleagues' PCs, and what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from deskblog import events, limits
from deskblog.attention import sender, travel
from deskblog.attention.gateway import checked, entrusted
from deskblog.attention.outcome import BROKEN, Happened, Outcome, said
from deskblog.attention.travel import Kind
from deskblog.engine.carrying import Carrying
from deskblog.engine.network import Network
from deskblog.engine.road_rules import declines, heard_of, letter, rule_of
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.engine.whom import whom, whose
from deskblog.errors import Refused, UserError
from deskblog.i18n import _, alphabetical
from deskblog.log import boxes, forward
from deskblog.log.kinds import Withdraw
from deskblog.log.office import Office, Person
from deskblog.store.forwards import Rule, Word
from deskblog.values import DeviceKey, EntryId, Named, PersonId, Row

USUAL = (Kind.ANNOUNCEMENTS, Kind.MENTIONS)
USUAL_CAP = 30  # messages a month
OLD = 64  # earlier rules withdrawn at a time


@dataclass(frozen=True, slots=True)
class ForwardRule:
    """One's own rule. `urls` bear a credential. `carriers`: devices, hex. `ends`: UTC ms, 0: never."""

    urls: tuple[str, ...] = field(repr=False)
    kinds: tuple[Kind, ...]
    cap: int
    carriers: tuple[str, ...]
    begins: int
    until: int
    ends: int
    at: int


class Carrier(Struct, frozen=True):
    """A colleague's PC that can be chosen, or was; `short`: the beginning of its id, for who has several."""

    device: str
    person: str
    short: str
    here: bool
    chosen: bool
    declined: bool


class SentLine(Struct, frozen=True):
    """What a carrier says of one entry. `who`, `text`: empty if the entry is no more here. `ok`: it was taken."""

    at: int
    entry: str
    who: str
    text: str
    carrier: str
    said: str
    ok: bool


class SentList(Struct, frozen=True):
    """`used` of `cap` messages this month (UTC), and what was said by the present rule, the newest first."""

    used: int
    cap: int
    lines: tuple[SentLine, ...]


class Forwarding:
    """`carrying` is the other side: what this PC sends for others."""

    def __init__(
        self,
        vault: Vault,
        talk: Talk,
        network: Callable[[], Network | None],
        tell: Callable[[events.Event], None],
        now: Callable[[], int],
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._network = network
        self._tell = tell
        self.carrying = Carrying(vault, talk, network, now)
        self.carrying.changed = self._came
        self._told_broken: EntryId | None = None
        self._writing = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._again = False

    async def begin(self) -> None:
        await self.carrying.begin()
        await self._settle()

    async def stop(self) -> None:
        if self._looking is not None:
            await asyncio.gather(self._looking, return_exceptions=True)
        await self.carrying.stop()

    def heard(self, event: events.Event) -> None:
        self.carrying.heard(event)

    # --- what comes ---------------------------------------------------------------------------------------
    def _came(self) -> None:
        """Letters of the road came: looked at once for all that come meanwhile."""
        self._again = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._again:
            self._again = False
            await self._settle()
            self._tell(events.ForwardChanged())

    async def _settle(self) -> None:
        try:
            await self._withdraw_older()
            await self._tell_broken()
        except UserError as fault:
            self._tell(events.Trouble("forward", fault.what, fault.kept, fault.next_step))

    async def _withdraw_older(self) -> None:
        """Two PCs of one's own may each have written a rule: the newest holds, and no older credential stays; nor
        does that of a rule whose end has come."""
        async with self._writing:
            own = await self._own(OLD)
            for ident in own[1:] if await self._rule() is not None else own:
                await self._talk.write(Withdraw(ident))

    async def _tell_broken(self) -> None:
        """Once a run, and again for a new rule."""
        rule = await self._rule()
        if rule is None or rule.id == self._told_broken:
            return
        for word in await self._words(rule):
            if isinstance(word.said, forward.Sent) and Happened(word.said.why) in BROKEN:
                self._told_broken = rule.id
                what = said(Outcome(Happened(word.said.why), word.said.status))
                self._tell(events.Trouble("forward", _("On the road: {what}").format(what=what)))
                return

    # --- the rule -----------------------------------------------------------------------------------------
    def _office(self) -> Office:
        if self._vault.office is None:
            raise Refused(_("This PC is in no office yet."), next_step=_("Found one or join one first."))
        return self._vault.office

    def _me(self) -> Person:
        person = self._office().person_of(self._vault.keys.device)
        if person is None:
            raise Refused(_("This PC is not in the office any more."))
        return person

    async def _own(self, limit: int) -> list[EntryId]:
        """One's own rules, the newest first."""
        office = self._vault.office
        me = office.person_of(self._vault.keys.device) if office is not None else None
        if me is None:
            return []
        return await self._vault.call(self._vault.store.archive.letters.forwards.all_of, PersonId(me.id), limit)

    async def _rule(self) -> Rule | None:
        newest = await self._own(1)
        rules = await self._vault.call(self._vault.store.archive.letters.forwards.rules)
        found = next((rule for rule in rules if [rule.id] == newest), None)
        return found if found and (not found.said.ends or self.carrying.now() < found.said.ends) else None

    async def _words(self, rule: Rule) -> tuple[Word, ...]:
        return await self._vault.call(self._vault.store.archive.letters.forwards.words, rule, self.carrying.now())

    async def rule(self) -> ForwardRule | None:
        """What holds now; None if nothing is sent."""
        rule = await self._rule()
        if rule is None:
            return None
        known = rule_of(rule)
        chosen = tuple(kind for kind in Kind if kind in known.kinds)
        times = known.from_hour, known.until, rule.said.ends
        return ForwardRule(known.urls, chosen, known.cap, known.carriers, *times, rule.at)

    async def set(
        self,
        urls: Sequence[str] = (),
        *,
        kinds: Sequence[Kind] | None = None,
        cap: int | None = None,
        carriers: Sequence[str] | None = None,
        hours: tuple[int, int] | None = None,
        ends: int | None = None,
    ) -> ForwardRule:
        """Has it sent so from now on; what is left out stays as it was. `carriers`: names, or the ids of PCs."""
        async with self._writing:
            before = await self.rule()
            devices = self._devices(carriers) if carriers is not None else before.carriers if before else ()
            content = forward.Forward(
                _urls(urls or (before.urls if before else ())),
                _kinds(kinds if kinds is not None else before.kinds if before else USUAL),
                _cap(cap if cap is not None else before.cap if before else USUAL_CAP),
                _carriers(devices),
                *(hours or ((before.begins, before.until) if before else (0, 24))),
                self._ends(ends if ends is not None else before.ends if before else 0),
            )
            old = await self._own(OLD)
            await self._talk.write(letter(self._office(), PersonId(self._me().id), content.carriers, content))
            for ident in old:
                await self._talk.write(Withdraw(ident))
            made = await self.rule()
            assert made is not None
            return made

    def _ends(self, ends: int) -> int:
        if ends and ends <= self.carrying.now():
            raise Refused(_("This end is past already."), kept=_("Nothing was changed."))
        return ends

    async def off(self) -> None:
        """Nothing is sent any more; the credential goes from the carriers' PCs, as they hear of it."""
        async with self._writing:
            while old := await self._own(OLD):
                for ident in old:
                    await self._talk.write(Withdraw(ident))
        self._tell(events.ForwardChanged())

    async def try_out(self, url: str) -> str:
        """Sends a test message from this PC; what came of it, in words."""
        return said(await sender.try_out(url))

    # --- the carriers -------------------------------------------------------------------------------------
    async def carriers(self) -> tuple[Carrier, ...]:
        """Colleagues' PCs that can carry, by name."""
        office, me, rule = self._office(), self._me(), await self._rule()
        words = await self._words(rule) if rule is not None else ()
        refuse = {word.carrier for word in words if declines(word)}
        chosen = frozenset(rule.said.carriers) if rule is not None else frozenset()
        network = self._network()
        here = network.company.here if network is not None else frozenset()
        others = (one for one in office.persons.values() if one.id != me.id)
        able = [
            (one.name, device) for one in others for device in one.devices if boxes.usable(office.seal_keys[device])
        ]
        return tuple(
            Carrier(device.hex(), name, device.hex()[:8], device in here, device in chosen, device in refuse)
            for name, device in sorted(able, key=lambda one: (alphabetical(one[0]), one[1]))
        )

    def _devices(self, names: Iterable[str]) -> tuple[str, ...]:
        """Of a name all PCs."""
        office, me, found = self._office(), self._me(), list[DeviceKey]()
        for name in names:
            who = whom(office, name)
            found += who.devices if isinstance(who, Person) else [who]
        for device in found:
            owner = office.person_of(device)
            if owner is None or not office.is_in(device) or owner.id == me.id:
                raise Refused(
                    _("Only PCs of colleagues can send while yours are off."),
                    kept=_("Nothing was changed."),
                    next_step=_("“deskblog forward carriers” shows them."),
                )
            if not boxes.usable(office.seal_keys[device]):
                raise Refused(_("No PC of {name} can open sealed texts.").format(name=owner.name))
        return tuple(dict.fromkeys(device.hex() for device in found))

    def learned(self, urls: Iterable[str]) -> tuple[str, ...]:
        """What whoever holds a carrier can do and see: to be read before any is chosen."""
        told = tuple(dict.fromkeys(entrusted(url) for url in urls if url.strip()))
        return (*told, _("They see when your PCs are off, and of which posts word was sent after you."))

    # --- what was sent ------------------------------------------------------------------------------------
    async def sent(self) -> SentList:
        """What carriers say that they did."""
        rule = await self._rule()
        if rule is None:
            return SentList(0, 0, ())
        words, now = await self._words(rule), self.carrying.now()
        used = travel.spent(rule_of(rule), heard_of(words), now)
        results = sorted(_results(words, now), key=lambda one: one.at, reverse=True)[: limits.FORWARD_SHOWN]
        rows = {one.entry: await self._vault.call(self._vault.store.find, one.entry) for one in results}
        return SentList(used, rule.said.cap, tuple(self._line(one, rows[one.entry]) for one in results))

    def _line(self, one: _Result, row: Row | None) -> SentLine:
        who, text = (row.person, row.text) if row is not None else ("", "")
        owner = self._office().person_of(one.carrier)
        return SentLine(one.at, one.entry, who, text, owner.name if owner is not None else "", one.said, one.ok)

    # --- for whom this PC sends ---------------------------------------------------------------------------
    async def carried(self) -> tuple[tuple[Named, bool], ...]:
        """(for whom this PC is to send, whether its person has declined)."""
        office = self._office()
        found = [(office.person_now(rule.person), declined) for rule, declined in await self.carrying.carried()]
        return tuple((Named(who.id.hex(), who.name), declined) for who, declined in found if who is not None)

    async def decline(self, person: str, *, on: bool = True) -> None:
        """This PC sends nothing for that person, whatever their rule says, or does again; they are told."""
        await self.carrying.decline(PersonId(whose(self._office(), person).id), on=on)
        self._tell(events.ForwardChanged())


class _Result(Struct, frozen=True):
    at: int
    entry: str
    carrier: DeviceKey
    said: str
    ok: bool


def _results(words: Iterable[Word], now: int) -> Iterator[_Result]:
    """What came of each try; and what a carrier began and said no more of."""
    last: dict[tuple[DeviceKey, bytes], Word] = {}
    for word in words:
        if isinstance(word.said, forward.Sent) and Happened(word.said.why) is not Happened.STOOD_BACK:
            outcome = Outcome(Happened(word.said.why), word.said.status)
            yield _Result(word.said.at, word.said.entry.hex(), word.carrier, said(outcome), outcome.ok)
        if not isinstance(word.said, forward.Declined):
            last[(word.carrier, word.said.entry)] = word
    for word in last.values():
        if isinstance(word.said, forward.Sending):
            silent = now - word.heard >= travel.LEASE
            what = _("It began to send, and fell silent.") if silent else _("It is about to send.")
            yield _Result(word.said.at, word.said.entry.hex(), word.carrier, what, ok=False)


def _urls(urls: Sequence[str]) -> tuple[str, ...]:
    clean = tuple(dict.fromkeys(checked(url) for url in urls))
    if not clean:
        raise Refused(
            _("An address is needed to which messages go."),
            next_step=_("For example ntfy://ntfy.sh/TOPIC, or freemobile://USER/KEY."),
        )
    if len(clean) > limits.FORWARD_URLS:
        raise Refused(_("At most {n} addresses.").format(n=limits.FORWARD_URLS))
    return clean


def _kinds(chosen: Sequence[Kind]) -> tuple[str, ...]:
    if not chosen:
        raise Refused(_("Nothing is chosen to be sent."), next_step=_("Choose what deserves a message."))
    return tuple(kind.value for kind in Kind if kind in chosen)


def _cap(cap: int) -> int:
    if not 1 <= cap <= limits.FORWARD_CAP:
        raise Refused(_("1 to {n} messages a month.").format(n=limits.FORWARD_CAP), kept=_("Nothing was changed."))
    return cap


def _carriers(devices: Sequence[str]) -> tuple[bytes, ...]:
    if not devices:
        raise Refused(
            _("Somebody's PC must send while yours are off."), next_step=_("Choose PCs of colleagues who agree.")
        )
    if len(devices) > limits.CARRIERS:
        raise Refused(
            _("{n} PCs are chosen; {limit} is the most.").format(n=len(devices), limit=limits.CARRIERS),
            kept=_("Nothing was changed."),
        )
    return tuple(sorted(bytes.fromhex(device) for device in devices))
