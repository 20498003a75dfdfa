"""The fold: which acts stand. A pure function of the set of acts; docs/protocol.md, section 3, has the rules.

The hard idea: a removal voids what the removed did and the remover had not seen, with everything that hangs on it,
whenever it turns up. So removals are settled first, among themselves: each against those that cut it, two who remove
each other both standing. Only then is asked of every other act whether a removal that stands cuts it.
"""

from __future__ import annotations

from collections.abc import Sequence

from deskblog.log import act as a
from deskblog.log.act import Act
from deskblog.log.graph import Graph
from deskblog.values import ActId, DeviceKey, PersonId, Role


class Verdicts:
    """Of each act whether it is sound and whether it stands; of each device and person the removals that stand."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.found = graph.found
        assert isinstance(self.found.fields, a.Found)
        self.recovery = DeviceKey(self.found.fields.recovery)
        self.sound: dict[ActId, Act] = {}
        self.power: set[ActId] = set()  # sound acts by keyholder power
        self.devices_of: dict[PersonId, set[DeviceKey]] = {}  # ever, by any sound admission
        self._admissions_of: dict[DeviceKey, list[Act]] = {}  # sound ones
        for act in graph.acts.values():
            self._judge(act)
        self._by_author: dict[DeviceKey, list[Act]] = {}
        self._hanging: dict[ActId, int] = {}  # an act and all that names it, or what names it, as its warrant
        self._index_sound()
        self._cut = {act.id: self._cut_by(act) for act in self.sound.values() if _removes(act)}
        self.removals = self._accepted()
        self.standing = self._standing()
        self._devices_hit: dict[DeviceKey, list[Act]] = {}
        self._persons_hit: dict[PersonId, int] = {}
        self._persons_lowered: dict[PersonId, int] = {}
        self._index_removals()

    # --- soundness ----------------------------------------------------------------------------------------
    def _judge(self, act: Act) -> None:
        if act.fields is None:
            return
        power = self._needs_power(act)
        if act is not self.found and not self._warranted(act, power=power):
            return
        self.sound[act.id] = act
        if power:
            self.power.add(act.id)
        for device in admitted(act):
            self.devices_of.setdefault(person_admitted(act), set()).add(device)
            self._admissions_of.setdefault(device, []).append(act)

    def _warranted(self, act: Act, *, power: bool) -> bool:
        graph = self._graph
        if not act.warrants or not all(w in self.sound and graph.knew(act.id, w) for w in act.warrants):
            return False
        if act.author == self.recovery:
            return self.found.id in act.warrants
        person = self._author_person(act)
        return person is not None and (not power or self._gives_power(act, person))

    def _author_person(self, act: Act) -> PersonId | None:
        """Whoever the admission among the act's warrants says its author's device is."""
        for warrant in act.warrants:
            if act.author in admitted(self.sound[warrant]):
                return person_admitted(self.sound[warrant])
        return None

    def _gives_power(self, act: Act, person: PersonId) -> bool:
        return any(self._makes_keyholder(self.sound[w], person) for w in act.warrants)

    def _makes_keyholder(self, warrant: Act, person: PersonId) -> bool:
        if warrant is self.found:
            return person == PersonId(warrant.id)
        fields = warrant.fields
        return isinstance(fields, a.Grant) and fields.person == person and fields.role == Role.KEYHOLDER

    def _needs_power(self, act: Act) -> bool:
        """False for naming and removing oneself or a device of one's own, and for the founding."""
        fields = act.fields
        if act is self.found:
            return False
        if not isinstance(fields, a.Call | a.Remove):
            return True
        person = self._own_person(act)
        if isinstance(fields, a.Call) or fields.person:
            return fields.person != person
        return not self._knows_as_own(act, DeviceKey(fields.device), person)

    def _own_person(self, act: Act) -> PersonId | None:
        usable = [self.sound[w] for w in act.warrants if w in self.sound]
        return next((person_admitted(w) for w in usable if act.author in admitted(w)), None)

    def _knows_as_own(self, act: Act, device: DeviceKey, person: PersonId | None) -> bool:
        """True if an admission of this device to this person is in the act's past."""
        return any(
            person_admitted(admission) == person and self._graph.knew(act.id, admission.id)
            for admission in self._admissions_of.get(device, ())
        )

    def _index_sound(self) -> None:
        self._hanging = {ident: self._graph.mask((ident,)) for ident in self.sound}
        for act in reversed(self.sound.values()):  # what hangs on an act comes after it
            self._by_author.setdefault(act.author, []).append(act)
            for warrant in act.warrants:
                self._hanging[warrant] |= self._hanging[act.id]

    # --- removals -----------------------------------------------------------------------------------------
    def taken(self, removal: Act) -> set[DeviceKey]:
        """The devices a removal takes away, or from which a lowering takes the power; never the recovery key."""
        fields = removal.fields
        if isinstance(fields, a.Remove) and fields.device:
            return {DeviceKey(fields.device)} - {self.recovery}
        assert isinstance(fields, a.Remove | a.Grant)
        return self.devices_of.get(PersonId(fields.person), set()) - {self.recovery}

    def _cut_by(self, removal: Act) -> int:
        """What the removed did that the remover had not seen, with all that hangs on it (a mask)."""
        lowering = isinstance(removal.fields, a.Grant)
        out = 0
        for device in self.taken(removal):
            for act in self._by_author.get(device, ()):
                if act is removal or self._graph.knew(removal.id, act.id) or (lowering and act.id not in self.power):
                    continue
                if not self._begun_afresh(act, removal, lowering=lowering):
                    out |= self._hanging[act.id]
        return out

    def _begun_afresh(self, act: Act, removal: Act, *, lowering: bool) -> bool:
        """True if what warrants the act was given in knowledge of the removal: its author was taken back.

        Of a lowering only the role counts: the role act, if one is named. A founder once lowered and raised again
        still names the founding, but as an admission.
        """
        warrants = self._power_given(act) if lowering else act.warrants
        return all(self._graph.knew(w, removal.id) for w in warrants)

    def _power_given(self, act: Act) -> tuple[ActId, ...]:
        person = self._author_person(act)
        assert person is not None
        giving = tuple(w for w in act.warrants if self._makes_keyholder(self.sound[w], person))
        return tuple(w for w in giving if w != self.found.id) or giving

    def _accepted(self) -> frozenset[ActId]:
        """The removals that stand."""
        removing = self._graph.mask(self._cut)
        against: dict[ActId, list[ActId]] = {ident: [] for ident in self._cut}
        for ident, voided in self._cut.items():
            own = self._graph.mask((ident,))
            for other in self._graph.members(voided & removing):
                if not self._cut[other] & own:
                    against[other].append(ident)
        return _settle(against)

    def _standing(self) -> frozenset[ActId]:
        void = 0
        for ident in self.removals:
            void |= self._cut[ident]
        others = self._graph.mask(ident for ident in self.sound if ident not in self._cut)
        return self.removals.union(self._graph.members(others & ~void))

    # --- asked of the verdicts ----------------------------------------------------------------------------
    def _index_removals(self) -> None:
        for act in (self.sound[ident] for ident in self._cut if ident in self.removals):
            own = self._graph.mask((act.id,))
            assert isinstance(act.fields, a.Grant | a.Remove)
            person = PersonId(act.fields.person)
            if isinstance(act.fields, a.Grant):
                self._persons_lowered[person] = self._persons_lowered.get(person, 0) | own
                continue
            self._persons_hit[person] = self._persons_hit.get(person, 0) | own
            for device in self.taken(act):
                self._devices_hit.setdefault(device, []).append(act)

    def removed_by(self, device: DeviceKey) -> Sequence[Act]:
        """The removals that stand and take this device away (lowerings are none)."""
        return self._devices_hit.get(device, ())

    def voided_by(self, device: DeviceKey) -> Sequence[Act]:
        """The removals and lowerings that stand and cut a sound admission of this device."""
        let_in = self._graph.mask(act.id for act in self._admissions_of.get(device, ()))
        return [self.sound[ident] for ident in self.removals if self._cut[ident] & let_in]

    def admissions_of(self, device: DeviceKey) -> Sequence[Act]:
        """The sound admissions of a device, whether they stand or not."""
        return self._admissions_of.get(device, ())

    def removals_of(self, person: PersonId) -> int:
        """The removals that stand and name this person (a mask)."""
        return self._persons_hit.get(person, 0)

    def lowerings_of(self, person: PersonId) -> int:
        """The roles that stand and are no keyholder's, of this person (a mask)."""
        return self._persons_lowered.get(person, 0)


def _removes(act: Act) -> bool:
    """A removal, or a role that is no keyholder's."""
    if isinstance(act.fields, a.Grant):
        return act.fields.role < Role.KEYHOLDER
    return isinstance(act.fields, a.Remove)


def _settle(against: dict[ActId, list[ActId]]) -> frozenset[ActId]:
    """Those that stand, of removals each with those against it: what nothing unrejected is against is accepted, what
    an accepted one is against is rejected, and so on; what is left is in a ring, and stands too.
    """
    victims: dict[ActId, list[ActId]] = {ident: [] for ident in against}
    for ident, enemies in against.items():
        for enemy in enemies:
            victims[enemy].append(ident)
    unrejected = {ident: len(enemies) for ident, enemies in against.items()}
    rejected: set[ActId] = set()
    accepted = [ident for ident, enemies in unrejected.items() if not enemies]
    while accepted:
        for victim in victims[accepted.pop()]:
            if victim in rejected:
                continue
            rejected.add(victim)
            for freed in victims[victim]:
                unrejected[freed] -= 1
                if not unrejected[freed] and freed not in rejected:
                    accepted.append(freed)
    return frozenset(against.keys() - rejected)


def admitted(act: Act) -> tuple[DeviceKey, ...]:
    """The devices an admission or the founding lets in; none for other acts."""
    fields = act.fields
    if isinstance(fields, a.Admit):
        return tuple([DeviceKey(device) for device, _seal in fields.devices])
    if isinstance(fields, a.Found):
        return (DeviceKey(fields.device),)
    return ()


def person_admitted(act: Act) -> PersonId:
    """Whose devices an admission lets in; a new person is named by the admission itself."""
    if isinstance(act.fields, a.Admit) and act.fields.person:
        return PersonId(act.fields.person)
    return PersonId(act.id)
