"""What a carrier has to send: the entries that rules are about, and whether a PC of the person's has them already.

What others hold is known of one's own logs alone. What came a minute before a PC of the person's was last here, while
it was here for as long, is taken to have reached it; and so is what was written before the rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from deskblog import limits
from deskblog.attention.travel import FRESH, MINUTE, Kind
from deskblog.engine.company import Company
from deskblog.engine.road_rules import devices_of, kind_for
from deskblog.engine.vault import Vault
from deskblog.log.office import Office
from deskblog.store.forwards import Rule
from deskblog.values import DeviceKey, EntryId, PersonId, Row, View


class Stay(Struct):
    """Whether a PC of a person's is here, and since when; what came until `seen` has reached one."""

    here: bool
    since: int
    seen: int


class Errand(Struct, frozen=True):
    """An entry a rule is about.

    `came`: to this PC; `known`: the same, or when it was written if it was here already.
    """

    row: Row
    kind: Kind
    came: int
    known: int


class Errands:
    """Asked anew of the store, when anything may have come or gone."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.stays: dict[PersonId, Stay] = {}
        self._of: dict[str, dict[str, Errand]] = {}  # by rule and entry
        self._came: dict[str, dict[str, tuple[int, int]]] = {}
        self.stale = True

    def of(self, rule: Rule) -> dict[str, Errand]:
        """By entry."""
        return self._of.get(rule.id.hex(), {})

    def clear(self) -> None:
        """No rule is left."""
        self._of.clear()
        self._came.clear()

    def meet(self, person: PersonId, here: frozenset[DeviceKey], company: Company, now: int) -> None:
        """Notes who of a person's PCs came or went."""
        devices = devices_of(self._vault.office, person)
        is_here, stay = not here.isdisjoint(devices), self.stays.get(person)
        if stay is None:
            left = [found.at for device in devices if (found := company.left(device)) is not None]
            self.stays[person] = Stay(is_here, now, max(left, default=0))
        elif stay.here != is_here:
            if stay.here and now - stay.since >= MINUTE:
                stay.seen = max(stay.seen, now - MINUTE)
            stay.here, stay.since = is_here, now

    async def find(self, rules: Sequence[Rule], now: int) -> None:
        """What there is to do by each."""
        office = self._vault.office
        if office is None or (not self.stale and self._of.keys() == {rule.id.hex() for rule in rules}):
            return
        self.stale = False
        self._of = {rule.id.hex(): await self._found(rule, office, now) for rule in rules}
        self._came = {ident: came for ident, came in self._came.items() if ident in self._of}

    async def _found(self, rule: Rule, office: Office, now: int) -> dict[str, Errand]:
        person = office.person_now(rule.person)
        assert person is not None
        before = self._came.get(rule.id.hex())
        came: dict[str, tuple[int, int]] = {}
        errands = {}
        for row in await self._vault.call(self._rows, rule, person.name, now):
            kind = kind_for(row, rule, person, now)
            if kind is not None and now - row.at < FRESH:
                first = (now, row.at if before is None else now)
                came[row.id] = (before or {}).get(row.id, first)
                errands[row.id] = Errand(row, kind, *came[row.id])
        self._came[rule.id.hex()] = came
        return errands

    def _rows(self, rule: Rule, name: str, now: int) -> tuple[Row, ...]:
        """On the store's thread: what the rule may be about."""
        store, most, wanted = self._vault.store, limits.FORWARD_DUE, rule.said.kinds
        rows: list[Row] = []
        if Kind.ANNOUNCEMENTS in wanted:
            rows += store.archive.announced(now)
        if Kind.MENTIONS in wanted:
            rows += store.archive.finder.mentioning(name, None, most).rows
        if Kind.SEALED in wanted:
            rows += store.timeline(limit=most, view=View.SEALED).rows
        return tuple(rows)

    async def reached(self, rule: Rule, entry: str) -> bool:
        """Whether it is known, or taken to be so, that a PC of the person's has it."""
        errand = self.of(rule).get(entry)
        if errand is None or errand.known <= max(self.stays[rule.person].seen, rule.at):
            return True
        if errand.row.device != self._vault.keys.device.hex():
            return False
        ident = EntryId(bytes.fromhex(entry))
        places = await self._vault.call(self._vault.store.places, [ident])
        log, seq = places[ident]
        return self._vault.safety.held(devices_of(self._vault.office, rule.person), log.number, seq)
