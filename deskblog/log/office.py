"""The office as its acts say it is: who is in, who may what, and how far each log counts.

Nothing in here looks at a clock, at the order of arrival or at this PC's own state: two PCs with the same acts have
the same office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskblog.log import act as a
from deskblog.log import codec
from deskblog.log.act import Act
from deskblog.log.fold import Verdicts, admitted, person_admitted
from deskblog.log.graph import Graph, Pending
from deskblog.values import ActId, DeviceKey, EntryId, LogName, OfficeId, PersonId, Role

__all__ = ["Limit", "Office", "Pending", "Person", "fold"]


@dataclass(frozen=True, slots=True)
class Person:
    """A member, or one that was: `devices` are those in now."""

    id: PersonId
    name: str
    role: Role
    devices: tuple[DeviceKey, ...]
    removed_by: PersonId | None = None

    @property
    def gone(self) -> bool:
        return not self.devices


@dataclass(frozen=True, slots=True)
class Limit:
    """How far a removed device's log counts: up to this entry; seq 0: nothing of it."""

    seq: int
    id: EntryId | None


def fold(acts: Iterable[Act]) -> Office:
    """The office made by these acts: closed under `after`, with one `found`; ValueError otherwise."""
    return Office(Graph(acts))


class Office:
    """Immutable: a new act makes a new office."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._verdicts = verdicts = Verdicts(graph)
        self.id = OfficeId(graph.found.id)
        self.recovery = verdicts.recovery
        self.acts: Mapping[ActId, Act] = graph.acts
        self.sound = frozenset(verdicts.sound)
        self.standing = verdicts.standing
        self.tips = graph.tips()
        self.digest = codec.digest(*sorted(graph.acts))
        self._stands = [act for act in graph.acts.values() if act.id in self.standing]
        self._admissions = [act for act in self._stands if isinstance(act.fields, a.Admit | a.Found)]
        self._same = _merged(self._stands)
        self._admission: dict[DeviceKey, ActId] = {}
        self._ever: dict[DeviceKey, PersonId] = {}
        self.seal_keys: Mapping[DeviceKey, bytes] = self._let_in()
        self.devices: Mapping[DeviceKey, PersonId] = {
            device: self._named(person_admitted(graph.acts[ident])) for device, ident in self._admission.items()
        }
        self.name, self.settings = self._rule()
        self._power: dict[PersonId, ActId] = {}
        self.persons: Mapping[PersonId, Person] = self._persons()

    def __eq__(self, other: object) -> bool:
        """Offices are what their acts are."""
        return isinstance(other, Office) and self.id == other.id and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    # --- making it ----------------------------------------------------------------------------------------
    def _named(self, person: PersonId) -> PersonId:
        return self._same.get(person, person)

    def _let_in(self) -> dict[DeviceKey, bytes]:
        """Devices in now, each by its standing admission that knows every removal of it; the lowest id of several."""
        seals: dict[DeviceKey, bytes] = {}
        removed: dict[DeviceKey, Sequence[Act]] = {}
        for act in sorted(self._admissions, key=lambda act: act.id):
            for device, seal_key in _keys_admitted(act):
                self._ever.setdefault(device, self._named(person_admitted(act)))
                if device not in removed:
                    removed[device] = self._verdicts.removed_by(device)
                if device in seals or not all(self._graph.knew(act.id, r.id) for r in removed[device]):
                    continue
                seals[device] = seal_key
                self._admission[device] = act.id
        return seals

    def _rule(self) -> tuple[str, Mapping[str, str | int]]:
        rules = self._graph.latest(act for act in self._stands if isinstance(act.fields, a.Rule))
        if not rules:
            return "", {}
        fields = min(rules, key=lambda act: act.id).fields
        assert isinstance(fields, a.Rule)
        return fields.name, dict(fields.settings)

    def _persons(self) -> dict[PersonId, Person]:
        names: dict[PersonId, list[Act]] = {}
        grants: dict[PersonId, list[Act]] = {}
        for act in self._stands:
            if isinstance(act.fields, a.Call):
                names.setdefault(self._named(PersonId(act.fields.person)), []).append(act)
            elif isinstance(act.fields, a.Grant):
                grants.setdefault(PersonId(act.fields.person), []).append(act)
        grants.setdefault(PersonId(self.id), []).append(self._graph.found)
        roles: dict[PersonId, Role] = {}
        for ident in {person_admitted(act) for act in self._admissions}:
            role = self._role(ident, grants.get(ident, []))
            roles[self._named(ident)] = max(role, roles.get(self._named(ident), Role.MEMBER))
        devices: dict[PersonId, list[DeviceKey]] = {}
        for device, person in self.devices.items():
            devices.setdefault(person, []).append(device)
        return {
            ident: Person(
                ident,
                self._name(names.get(ident, [])),
                role,
                tuple(sorted(devices.get(ident, ()))),
                None if ident in devices else self._remover(ident),
            )
            for ident, role in sorted(roles.items())
        }

    def _role(self, person: PersonId, grants: list[Act]) -> Role:
        """The role in force, given in knowledge of all removals of its person; notes the act of a keyholder."""
        removals = self._verdicts.removals_of(person)
        knowing = [act for act in grants if all(self._graph.knew(act.id, r.id) for r in removals)]
        latest = self._graph.latest(knowing)
        if not latest:
            return Role.MEMBER
        chosen = min(latest, key=lambda act: (_role_given(act), act.id))
        if _role_given(chosen) is Role.KEYHOLDER:
            self._power[person] = chosen.id
        return _role_given(chosen)

    def _name(self, calls: list[Act]) -> str:
        latest = self._graph.latest(calls)
        if not latest:
            return ""
        fields = min(latest, key=lambda act: act.id).fields
        assert isinstance(fields, a.Call)
        return fields.name

    def _remover(self, person: PersonId) -> PersonId | None:
        removals = [
            act for device, who in self._ever.items() if who == person for act in self._verdicts.removed_by(device)
        ]
        if not removals:
            return None
        return self._ever.get(min(removals, key=lambda act: act.id).author)

    # --- asking it ----------------------------------------------------------------------------------------
    def is_in(self, device: bytes) -> bool:
        return device in self.devices

    def was_removed(self, device: bytes) -> Act | None:
        """The removal that keeps a device out; None if it is in, or was never known."""
        if device in self.devices or device not in self._ever:
            return None
        removals = self._verdicts.removed_by(DeviceKey(device))
        return min(removals, key=lambda act: act.id) if removals else None

    def person_of(self, device: bytes) -> Person | None:
        """Whose device it is, or was."""
        person = self._ever.get(DeviceKey(device))
        return self.persons.get(person) if person is not None else None

    def admission_of(self, device: bytes) -> ActId | None:
        """The admission by which the device is in now."""
        return self._admission.get(DeviceKey(device))

    def author(self, device: bytes, admission: bytes) -> PersonId | None:
        """Whose the entries of a log opened under that admission are; None: they are not part of the office."""
        act = self.acts.get(ActId(admission))
        if act is None or act.id not in self.standing or device not in admitted(act):
            return None
        return self._named(person_admitted(act))

    def border(self, log: LogName, admission: bytes) -> Limit | None:
        """How far a log opened under `admission` counts; None: all of it.

        A removal borders the logs of what it takes away, but not one opened under an admission that knows the
        removal: who is taken back goes on in a new log, and the old ones keep their border.
        """
        removals = self._verdicts.removed_by(log.device)
        known = ActId(admission)
        if known not in self.acts or all(self._graph.knew(known, removal.id) for removal in removals):
            return None
        points = [point for act in self._stands for point in _points(act, log)]
        return max(points, key=lambda limit: limit.seq, default=Limit(0, None))

    def warrants(self, device: bytes, *, keyholder: bool) -> tuple[ActId, ...] | None:
        """What an act by this device names as its warrants; None if the device may not."""
        if device == self.recovery:
            return (ActId(self.id),)
        admission = self.admission_of(device)
        if admission is None:
            return None
        if not keyholder:
            return (admission,)
        power = self._power.get(person_admitted(self.acts[admission]))
        return tuple(sorted({admission, power})) if power is not None else None

    def chain(self, device: bytes) -> tuple[Act, ...]:
        """The device's admission and all that warrants it, back to the founding, parents first."""
        admission = self.admission_of(device)
        wanted: set[ActId] = set()
        open_ends = [admission] if admission is not None else []
        while open_ends:
            ident = open_ends.pop()
            if ident not in wanted:
                wanted.add(ident)
                open_ends += self.acts[ident].warrants
        return tuple(act for ident, act in self.acts.items() if ident in wanted)

    def missing_for(self, tips: Iterable[ActId]) -> tuple[Act, ...]:
        """All acts neither named by these tips nor in their past, parents first; tips not known are passed over."""
        return self._graph.missing_for(tips)

    def knew(self, later: ActId, earlier: ActId) -> bool:
        """True if the one act is in the past of the other; both must be here."""
        return self._graph.knew(later, earlier)


def _merged(standing: list[Act]) -> dict[PersonId, PersonId]:
    """Each merged person's common name: the lowest id of those that are one."""
    same: dict[PersonId, PersonId] = {}

    def root(person: PersonId) -> PersonId:
        while person in same:
            person = same[person]
        return person

    for act in standing:
        if isinstance(act.fields, a.Merge):
            roots = sorted({root(PersonId(person)) for person in act.fields.persons})
            same.update(dict.fromkeys(roots[1:], roots[0]))
    return {person: root(person) for person in same}


def _keys_admitted(act: Act) -> Iterable[tuple[DeviceKey, bytes]]:
    if isinstance(act.fields, a.Found):
        return [(DeviceKey(act.fields.device), act.fields.seal_key)]
    assert isinstance(act.fields, a.Admit)
    return [(DeviceKey(device), seal_key) for device, seal_key in act.fields.devices]


def _role_given(act: Act) -> Role:
    return Role(act.fields.role) if isinstance(act.fields, a.Grant) else Role.KEYHOLDER


def _points(act: Act, log: LogName) -> Iterable[Limit]:
    """What an act says of how far this log counts."""
    if isinstance(act.fields, a.Remove | a.Border):
        for device, number, seq, ident in act.fields.heads:
            if device == log.device and number == log.number:
                yield Limit(seq, EntryId(ident))
