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
        self._chain: dict[ActId, frozenset[ActId]] = {}
        for act in graph.acts.values():
            self._judge(act)
        self._by_author: dict[DeviceKey, list[Act]] = {}
        self._hanging: dict[ActId, list[ActId]] = {}
        self._index_sound()
        self.removals = self._accepted()
        self.standing = self._standing()
        self._devices_hit: dict[DeviceKey, list[Act]] = {}
        self._persons_hit: dict[PersonId, list[Act]] = {}
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
        self._chain[act.id] = frozenset({act.id}).union(*(self._chain[w] for w in act.warrants))
        for device in admitted(act):
            self.devices_of.setdefault(person_admitted(act), set()).add(device)

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
        if not isinstance(fields, a.Call | a.Remove) or act.author == self.recovery:
            return True
        person = self._own_person(act)
        if isinstance(fields, a.Call) or fields.person:
            return fields.person != person
        return fields.device not in self._known_devices(act, person)

    def _own_person(self, act: Act) -> PersonId | None:
        usable = [self.sound[w] for w in act.warrants if w in self.sound]
        return next((person_admitted(w) for w in usable if act.author in admitted(w)), None)

    def _known_devices(self, act: Act, person: PersonId | None) -> set[DeviceKey]:
        return {
            device
            for other in self.sound.values()
            if isinstance(other.fields, a.Admit | a.Found) and person_admitted(other) == person
            if self._graph.knew(act.id, other.id)
            for device in admitted(other)
        }

    def _index_sound(self) -> None:
        for act in self.sound.values():
            self._by_author.setdefault(act.author, []).append(act)
            for link in self._chain[act.id]:
                self._hanging.setdefault(link, []).append(act.id)

    # --- removals -----------------------------------------------------------------------------------------
    def taken(self, removal: Act) -> set[DeviceKey]:
        """The devices a removal takes away, or from which a lowering takes the power; never the recovery key."""
        fields = removal.fields
        if isinstance(fields, a.Remove) and fields.device:
            return {DeviceKey(fields.device)} - {self.recovery}
        assert isinstance(fields, a.Remove | a.Grant)
        return self.devices_of.get(PersonId(fields.person), set()) - {self.recovery}

    def _cut_by(self, removal: Act) -> set[ActId]:
        """What the removed did that the remover had not seen, with all that hangs on it."""
        lowering = isinstance(removal.fields, a.Grant)
        out: set[ActId] = set()
        for device in self.taken(removal):
            for act in self._by_author.get(device, ()):
                if act is removal or self._graph.knew(removal.id, act.id) or (lowering and act.id not in self.power):
                    continue
                if not self._begun_afresh(act, removal, lowering=lowering):
                    out.update(self._hanging[act.id])
        out.discard(removal.id)
        return out

    def _begun_afresh(self, act: Act, removal: Act, *, lowering: bool) -> bool:
        """True if all that warrants the act was given in knowledge of the removal: its author was taken back."""
        warrants = [w for w in act.warrants if not lowering or isinstance(self.sound[w].fields, a.Grant | a.Found)]
        return bool(warrants) and all(self._graph.knew(w, removal.id) for w in warrants)

    def _accepted(self) -> dict[ActId, set[ActId]]:
        """The removals that stand, each with what it cuts."""
        cut = {act.id: self._cut_by(act) for act in self.sound.values() if _removes(act)}
        against: dict[ActId, set[ActId]] = {ident: set() for ident in cut}
        for ident, voided in cut.items():
            for other in voided & cut.keys():
                if ident not in cut[other]:
                    against[other].add(ident)
        accepted, rejected = _settle(against)
        return {ident: cut[ident] for ident in cut if ident in accepted or ident not in rejected}

    def _standing(self) -> frozenset[ActId]:
        void = set().union(*self.removals.values()) if self.removals else set()
        return frozenset(
            act.id
            for act in self.sound.values()
            if (act.id in self.removals if _removes(act) else act.id not in void)
        )

    # --- asked of the verdicts ----------------------------------------------------------------------------
    def _index_removals(self) -> None:
        for ident in self.removals:
            act = self.sound[ident]
            if isinstance(act.fields, a.Remove):
                self._persons_hit.setdefault(PersonId(act.fields.person), []).append(act)
                for device in self.taken(act):
                    self._devices_hit.setdefault(device, []).append(act)

    def removed_by(self, device: DeviceKey) -> Sequence[Act]:
        """The removals that stand and take this device away (lowerings are none)."""
        return self._devices_hit.get(device, ())

    def removals_of(self, person: PersonId) -> Sequence[Act]:
        """The removals that stand and name this person."""
        return self._persons_hit.get(person, ())


def _removes(act: Act) -> bool:
    """A removal, or a role that is no keyholder's."""
    if isinstance(act.fields, a.Grant):
        return act.fields.role < Role.KEYHOLDER
    return isinstance(act.fields, a.Remove)


def _settle(against: dict[ActId, set[ActId]]) -> tuple[set[ActId], set[ActId]]:
    """(accepted, rejected); what is in neither is in a ring, and stands."""
    accepted: set[ActId] = set()
    rejected: set[ActId] = set()
    changed = True
    while changed:
        changed = False
        for ident, enemies in against.items():
            if ident in accepted or ident in rejected:
                continue
            if enemies & accepted:
                rejected.add(ident)
                changed = True
            elif not enemies - rejected:
                accepted.add(ident)
                changed = True
    return accepted, rejected


def admitted(act: Act) -> tuple[DeviceKey, ...]:
    """The devices an admission or the founding lets in; none for other acts."""
    if isinstance(act.fields, a.Found):
        return (DeviceKey(act.fields.device),)
    if isinstance(act.fields, a.Admit):
        return tuple(DeviceKey(device) for device, _seal in act.fields.devices)
    return ()


def person_admitted(act: Act) -> PersonId:
    """Whose devices an admission lets in; a new person is named by the admission itself."""
    if isinstance(act.fields, a.Admit) and act.fields.person:
        return PersonId(act.fields.person)
    return PersonId(act.id)
