"""What this PC sends for colleagues on the road.

attention/travel.py decides; here is what it is asked with, and what is done then. What was said is in the store; here
is kept of it only what this run claimed.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime

import msgspec

from deskblog import events, limits
from deskblog.attention import travel
from deskblog.attention.message import compose
from deskblog.attention.outcome import Happened, Outcome, back_off
from deskblog.attention.sender import send_by_first
from deskblog.attention.travel import MINUTE, Decision, Due, Kind, Look, Step
from deskblog.engine.errands import Errand, Errands
from deskblog.engine.network import Network
from deskblog.engine.road_rules import capped, carries, declines, heard_of, is_final, letter, rule_of
from deskblog.engine.talk import Talk
from deskblog.engine.vault import Vault
from deskblog.errors import UserError
from deskblog.log import forward, kinds
from deskblog.store.forwards import Rule, Word
from deskblog.values import DeviceKey, EntryId, PersonId

DAY = 24 * travel.HOUR
DECLINED = "ui-declined"  # whom this PC does not carry for; such settings are part of a backup
STOPPING = 5.0  # s that a message on its way is waited for when the program ends
TIDIED = 64  # old words withdrawn at a time
REST = 4  # times as long as a turn took nothing is looked at


class Carrying:
    """Lives on the engine's loop. `now`: UTC ms. `send`: by the first of some addresses that takes a message."""

    def __init__(
        self, vault: Vault, talk: Talk, network: Callable[[], Network | None], now: Callable[[], int]
    ) -> None:
        self._vault = vault
        self._talk = talk
        self._network = network
        self.now = now
        self.send = send_by_first
        self.declined: frozenset[str] = frozenset()
        self.changed: Callable[[], None] = lambda: None  # called when letters of the road came
        self._errands = Errands(vault)
        self._carries = False
        self._claimed: set[tuple[str, str]] = set()  # (rule, entry)
        self._sending: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._tidied = 0
        self._again = 0
        self._wake = asyncio.Event()
        self._turning = asyncio.Lock()
        self._life: asyncio.Task[None] | None = None

    # --- beginning and ending -----------------------------------------------------------------------------
    async def begin(self) -> None:
        with suppress(msgspec.MsgspecError):  # a backup that somebody wrote by hand
            kept = await self._vault.call(self._vault.store.get, DECLINED)
            self.declined = frozenset(msgspec.json.decode(kept or "[]", type=tuple[str, ...]))
        loop = asyncio.get_running_loop()
        self._vault.store.archive.letters.forwards.changed = lambda: _soon(loop, self._letters_came)
        if self._network() is not None:
            self._life = asyncio.create_task(self._live())
            self._wake.set()

    async def stop(self) -> None:
        """Lets what is on its way be said, and gives back what was claimed."""
        self._vault.store.archive.letters.forwards.changed = lambda: None
        if self._life is None:
            return
        self._life.cancel()
        await asyncio.gather(self._life, return_exceptions=True)
        self._life = None
        if self._sending:
            await asyncio.wait(self._sending.values(), timeout=STOPPING)
        with suppress(UserError):
            await self._give_back()

    async def _give_back(self) -> None:
        """The others need not wait for what this PC will not do. What may have been sent counts as sent."""
        begun = dict(self._sending)
        for task in begun.values():
            task.cancel()
        await asyncio.gather(*begun.values(), return_exceptions=True)
        rules = {rule.id.hex(): rule for rule in await self._rules()}
        for key in sorted(self._claimed):
            if key[0] in rules:
                why = Happened.PERHAPS if key in begun else Happened.STOOD_BACK
                await self._say(rules[key[0]], self._sent(rules[key[0]], key[1], Outcome(why)))
        self._claimed.clear()

    def _letters_came(self) -> None:
        self._wake.set()
        self.changed()

    def heard(self, event: events.Event) -> None:
        """What the engine tells everybody."""
        match event:
            case events.Posted() | events.RowsChanged():
                if not any(row.mentions or row.sealed or row.announced is not None for row in event.rows):
                    return
                self._errands.stale = True
            case events.TimelineChanged() | events.OfficeChanged():
                self._errands.stale = True
            case events.PeopleChanged():
                pass  # somebody came or went
            case _:
                return
        if self._carries:
            self._wake.set()

    # --- turns --------------------------------------------------------------------------------------------
    async def _live(self) -> None:
        while True:
            patience = max(0.05, (self._again - self.now()) / 1000) if self._again else None
            with suppress(TimeoutError):
                async with asyncio.timeout(patience):
                    await self._wake.wait()
            self._wake.clear()
            loop = asyncio.get_running_loop()
            begun = loop.time()
            try:
                await self.turn()
            except UserError:  # a full disk, a PC that is out: what could not be said was not done
                self._again = self.now() + MINUTE
            await asyncio.sleep((loop.time() - begun) * REST)  # whatever a carrier says, and how often

    async def turn(self) -> None:
        """Looks once at all that may be due, and does what is to be done now."""
        async with self._turning:
            self._again = 0
            rules = await self._rules()
            self._carries = bool(rules)
            await self._withdraw_old()
            network, idents = self._network(), {rule.id.hex() for rule in rules}
            self._claimed = {key for key in self._claimed if key[0] in idents or key in self._sending}
            if not rules or network is None:
                self._errands.clear()
                return
            here = network.company.here
            for rule in rules:
                self._errands.meet(rule.person, here, network.company, self.now())
            await self._errands.find(rules, self.now())
            for rule in rules:
                await self._turn_of(rule, here)

    async def _rules(self) -> list[Rule]:
        """By which this PC sends now, for whom it does not decline."""
        kept = []
        for rule, declined in (await self.carried())[: limits.CARRIED]:
            if declined:
                await self._decline(rule)
            else:
                kept.append(rule)
        return kept

    async def _decline(self, rule: Rule) -> None:
        """Says once by each rule that it is not wanted."""
        words = await self._words(rule)
        if not any(word.carrier == self._vault.keys.device and declines(word) for word in words):
            await self._say(rule, forward.Declined(rule.id))

    async def _words(self, rule: Rule) -> tuple[Word, ...]:
        return await self._vault.call(self._vault.store.archive.letters.forwards.words, rule, self.now())

    async def _withdraw_old(self) -> None:
        """One's own words, once a day."""
        now = self.now()
        if now - self._tidied < DAY:
            return
        before = now - limits.FORWARD_DAYS * DAY
        old = await self._vault.call(self._vault.store.archive.letters.forwards.old_words, before, TIDIED)
        self._tidied = now if len(old) < TIDIED else 0
        for ident in old:
            await self._talk.write(kinds.Withdraw(ident))

    # --- one rule -----------------------------------------------------------------------------------------
    async def _turn_of(self, rule: Rule, here: frozenset[DeviceKey]) -> None:
        """After each word all is looked at anew, for it counts for the others."""
        reached: dict[str, bool] = {}
        while True:
            words = await self._words(rule)
            for entry in self._entries(rule, words):
                if entry not in reached:
                    reached[entry] = await self._errands.reached(rule, entry)
                await asyncio.sleep(0)  # a thousand words of each of eight carriers take 25 ms an entry
                able = await self._able(rule, entry, words, here)
                decision = self._decide(rule, entry, words, able, seen=reached[entry])
                if await self._do(rule, entry, decision, words):
                    break
            else:
                return

    def _entries(self, rule: Rule, words: Iterable[Word]) -> list[str]:
        """The newest of those that nothing final was said of, the oldest first, and what was claimed."""
        over = {
            word.said.entry.hex() for word in words if isinstance(word.said, forward.Sent) and is_final(word.said)
        }
        errands = self._errands.of(rule)
        waiting = sorted((errand.row.at, entry) for entry, errand in errands.items() if entry not in over)
        found = [entry for _at, entry in waiting[-limits.FORWARD_DUE :]]
        claimed = (entry for of, entry in self._claimed if of == rule.id.hex())
        return [*found, *sorted(frozenset(claimed).difference(found))]

    async def _able(
        self, rule: Rule, entry: str, words: Iterable[Word], here: frozenset[DeviceKey]
    ) -> frozenset[DeviceKey]:
        """The carriers that are here and can do it."""
        refuse = {word.carrier for word in words if declines(word)}
        carriers = frozenset(DeviceKey(device) for device in rule.said.carriers)
        able = (here | {self._vault.keys.device}) & carriers - refuse
        errand, office = self._errands.of(rule).get(entry), self._vault.office
        if errand is None or errand.kind is not Kind.SEALED or office is None:
            return able
        keys = {device: office.seal_keys[device] for device in able if office.is_in(device)}
        opening = self._vault.store.archive.letters.opening
        return await self._vault.call(opening, EntryId(bytes.fromhex(entry)), keys)

    def _decide(
        self, rule: Rule, entry: str, words: Iterable[Word], able: frozenset[DeviceKey], *, seen: bool
    ) -> Decision:
        ident, now = rule.id.hex(), self.now()
        if (ident, entry) in self._sending:
            return travel.REST
        errand = self._errands.of(rule).get(entry)
        due = Due(entry, errand.row.at, errand.came, seen) if errand is not None else Due(entry, now, now, seen=True)
        stay = self._errands.stays[rule.person]
        look = Look(
            self._vault.keys.device.hex(),
            frozenset(device.hex() for device in able),
            None if stay.here else stay.since,
            heard_of(words),
            now,
            datetime.fromtimestamp(now / 1000).hour,
            frozenset(one for of, one in self._claimed if of == ident),
        )
        return travel.decide(rule_of(rule), due, look)

    async def _do(self, rule: Rule, entry: str, decision: Decision, words: Iterable[Word]) -> bool:
        """True if something was said."""
        key = (rule.id.hex(), entry)
        match decision.step:
            case Step.LATER:
                self._again = min(self._again or decision.again, decision.again)
            case Step.CLAIM if len(self._claimed) < limits.FORWARD_SENDING:
                self._claimed.add(key)  # first: what may have been written counts
                await self._say(rule, forward.Sending(rule.id, bytes.fromhex(entry), self.now()))
                return True
            case Step.SAY if key in self._claimed or capped(words) < limits.FORWARD_CAPPED:
                await self._say(rule, self._sent(rule, entry, Outcome(decision.why)))
                self._claimed.discard(key)
                return True
            case Step.SEND:
                self._sending[key] = asyncio.create_task(self._send(rule, self._errands.of(rule)[entry]))
            case Step.REST if key not in self._sending:
                self._claimed.discard(key)
        return False

    # --- sending ------------------------------------------------------------------------------------------
    async def _send(self, rule: Rule, errand: Errand) -> None:
        office, row, key = self._vault.office, errand.row, (rule.id.hex(), errand.row.id)
        assert office is not None
        outcome = await self.send(rule.said.urls, compose(errand.kind, row.person, row.text, office.name))
        tries = travel.failures(rule_of(rule), row.id, heard_of(await self._words(rule))) + 1
        again = min(back_off(tries, random.random()), limits.FORWARD_WAIT) if outcome.retry else 0
        with suppress(UserError):  # a full disk: then this run sends it no more, as it stays among what is being sent
            await self._say(rule, self._sent(rule, row.id, outcome, again))
            self._claimed.discard(key)
            del self._sending[key]
        self._wake.set()

    def _sent(self, rule: Rule, entry: str, outcome: Outcome, again: int = 0) -> forward.Sent:
        said = outcome.happened.value, again, outcome.status
        return forward.Sent(rule.id, bytes.fromhex(entry), self.now(), *said)

    async def _say(self, rule: Rule, word: forward.Word) -> None:
        """Tells the person's PCs and all carriers; on the disk when this returns."""
        office = self._vault.office
        assert office is not None
        await self._talk.write(letter(office, rule.person, rule.said.carriers, word))

    # --- whom it is done for ------------------------------------------------------------------------------
    async def carried(self) -> tuple[tuple[Rule, bool], ...]:
        """(rule, whether it is declined) of all by which this PC is to send, the oldest first."""
        office, me, now = self._vault.office, self._vault.keys.device, self.now()
        if office is None or not office.is_in(me):
            return ()
        rules = await self._vault.call(self._vault.store.archive.letters.forwards.rules)
        mine = sorted((rule.at, rule.id, rule) for rule in rules if carries(rule, office, me, now))
        return tuple((rule, rule.person.hex() in self.declined) for _at, _id, rule in mine)

    async def decline(self, person: PersonId, *, on: bool) -> None:
        """From now on this PC does not carry for that person, or does again."""
        others = self.declined - {person.hex()}
        self.declined = others | {person.hex()} if on else others
        kept = msgspec.json.encode(sorted(self.declined)).decode()
        await self._vault.call(self._vault.store.put, DECLINED, kept)
        if on:
            await self._rules()
        else:
            await self._take_back(person)
        self._wake.set()

    async def _take_back(self, person: PersonId) -> None:
        me = self._vault.keys.device
        for rule, _declined in await self.carried():
            if rule.person == person:
                for word in await self._words(rule):
                    if word.carrier == me and declines(word):
                        await self._talk.write(kinds.Withdraw(word.id))


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    """From the store's thread."""
    loop.call_soon_threadsafe(call)
