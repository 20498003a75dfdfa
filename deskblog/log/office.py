"""The office as its acts say it is: who is in, who may what, and how far each log counts.

Nothing in here looks at a clock, at the order of arrival or at this PC's own state: two PCs with the same acts have
the same office.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from deskblog.log import act as a
from deskblog.log import codec
from deskblog.log.act import Act
from deskblog.log.fold import Verdicts, admitted, person_admitted
from deskblog.log.graph import Graph
from deskblog.log.kinds import shown_text
from deskblog.log.settings import Settings, read_settings
from deskblog.values import ActId, DeviceKey, EntryId, LogName, OfficeId, PersonId, Point, Role

__all__ = ["Limit", "Office", "Person", "fold"]


class Person(Struct, frozen=True):
    """A member, or one that was: `devices` are those in now."""

    id: PersonId
    name: str
    role: Role
    devices: tuple[DeviceKey, ...]
    removed_by: PersonId | None = None

    @property
    def gone(self) -> bool:
        return not self.devices


class Limit(Struct, frozen=True):
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
        self.rule = self._rule()
        self.name, self.settings = _said(self.rule)
        self._power: dict[PersonId, tuple[ActId, ...]] = {}
        self._keyholders_ever = {self._named(PersonId(self.id))} | {
            self._named(PersonId(act.fields.person))
            for act in self._stands
            if isinstance(act.fields, a.Grant) and act.fields.role == Role.KEYHOLDER
        }
        self.persons: Mapping[PersonId, Person] = self._persons()
        self._borders = self._furthest()
        self._claimed = self._vouched_for()

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
        for act in sorted(self._admissions, key=lambda act: act.id):
            for device, seal_key in _keys_admitted(act):
                self._ever.setdefault(device, self._named(person_admitted(act)))
                if device in seals or not self._knows_removals_of(device, act.id):
                    continue
                seals[device] = seal_key
                self._admission[device] = act.id
                self._ever[device] = self._named(person_admitted(act))
        return seals

    def _knows_removals_of(self, device: DeviceKey, act: ActId) -> bool:
        return all(self._graph.knew(act, removal.id) for removal in self._verdicts.removed_by(device))

    def _rule(self) -> Act | None:
        """The rule in force."""
        rules = self._graph.latest(act for act in self._stands if isinstance(act.fields, a.Rule))
        return min(rules, key=lambda act: act.id, default=None)

    @cached_property
    def says(self) -> Settings:
        """What that rule says, in what of it makes sense."""
        return read_settings(self.name, self.settings)

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
            role = self._role(ident, grants[ident]) if ident in grants else Role.MEMBER
            roles[self._named(ident)] = max(role, roles.get(self._named(ident), Role.MEMBER))
        now: dict[PersonId, list[DeviceKey]] = {}
        for device, person in sorted(self.devices.items()):
            now.setdefault(person, []).append(device)
        ever: dict[PersonId, list[DeviceKey]] = {}
        for device, person in self._ever.items():
            ever.setdefault(person, []).append(device)
        return {
            ident: Person(
                ident,
                self._name(names.get(ident, [])),
                role,
                tuple(now.get(ident, ())),
                None if ident in now else self._remover(ever.get(ident, ())),
            )
            for ident, role in sorted(roles.items())
        }

    def _role(self, person: PersonId, grants: list[Act]) -> Role:
        """The role in force; notes the acts that make a keyholder.

        A role counts that was given in knowledge of all removals of its person. A keyholder's must know all lowerings
        too: its holder's acts would be cut by one it does not know.
        """
        removed = self._verdicts.removals_of(person)
        lowered = removed | self._verdicts.lowerings_of(person)
        latest = self._graph.latest(
            act
            for act in grants
            if self._graph.knew_all(act.id, lowered if _role_given(act) is Role.KEYHOLDER else removed)
        )
        role = min((_role_given(act) for act in latest), default=Role.MEMBER)
        if role is Role.KEYHOLDER:
            self._power[person] = tuple(sorted(act.id for act in latest))
        return role

    def _name(self, calls: list[Act]) -> str:
        if not calls:
            return ""
        fields = min(self._graph.latest(calls), key=lambda act: act.id).fields
        assert isinstance(fields, a.Call)
        return _shown_name(fields.name)

    def _remover(self, devices: Iterable[DeviceKey]) -> PersonId | None:
        """Who took these devices out, by the lowest id of several; None for the recovery key."""
        removals = [removal for device in devices for removal in self._kept_out_by(device)]
        return self._ever.get(min(removals, key=lambda act: act.id).author) if removals else None

    def _furthest(self) -> dict[LogName, Limit]:
        """Per log the furthest point that standing acts name; of a fork's two at one seq the lower id.

        A removal speaks of the logs it takes away only, a `border` of any.
        """
        out: dict[LogName, Limit] = {}
        for act in self._stands:
            for log, limit in self._points(act):
                held = out.get(log)
                if held is None or (-limit.seq, limit.id) < (-held.seq, held.id):
                    out[log] = limit
        return out

    def _vouched_for(self) -> dict[LogName, list[Point]]:
        """The points that standing `border` acts name."""
        out: dict[LogName, list[Point]] = {}
        for act in self._stands:
            if isinstance(act.fields, a.Border):
                for log, limit in self._points(act):
                    out.setdefault(log, []).append(Point(limit.seq, limit.id or EntryId(b"")))
        return out

    def _points(self, act: Act) -> Iterable[tuple[LogName, Limit]]:
        if not isinstance(act.fields, a.Remove | a.Border) or not act.fields.heads:
            return
        taken = self._verdicts.taken(act) if isinstance(act.fields, a.Remove) else None
        for device, number, seq, ident in act.fields.heads:
            if taken is None or device in taken:
                yield LogName(DeviceKey(device), number), Limit(seq, EntryId(ident))

    # --- asking it ----------------------------------------------------------------------------------------
    def is_in(self, device: bytes) -> bool:
        return device in self.devices

    def was_removed(self, device: bytes) -> Act | None:
        """The removal that keeps a device out, the lowest id of several; None if it is in, or was never known."""
        if device in self.devices:
            return None
        return min(self._kept_out_by(DeviceKey(device)), key=lambda act: act.id, default=None)

    def taken_back(self, device: bytes) -> bool:
        """True if the device is in, and was removed before."""
        return device in self.devices and bool(self._verdicts.removed_by(DeviceKey(device)))

    def voided_by(self, device: bytes) -> Act | None:
        """The removal or lowering that made a device's admission void, the lowest id of several.

        None if the device is in, was removed itself, or was never let in.
        """
        if device in self.devices or self.was_removed(device) is not None:
            return None
        return min(self._verdicts.voided_by(DeviceKey(device)), key=lambda act: act.id, default=None)

    def let_in_by(self, device: bytes) -> tuple[Act, ...]:
        """The sound admissions of a device with all that warrants them, whether they stand or not."""
        return self._with_warrants(act.id for act in self._verdicts.admissions_of(DeviceKey(device)))

    def _kept_out_by(self, device: DeviceKey) -> Sequence[Act]:
        """The removals of a device that no admission of it has overcome; all where each was overcome by some."""
        removals = self._verdicts.removed_by(device)
        let_in = [act.id for act in self._admissions if device in admitted(act)] if len(removals) > 1 else []
        return [act for act in removals if not any(self._graph.knew(ident, act.id) for ident in let_in)] or removals

    def person_now(self, person: PersonId) -> Person | None:
        """Who is meant by an id that was heard earlier: since then it may have been merged with others."""
        return self.persons.get(self._named(person))

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
        opened = ActId(admission)
        if opened not in self.acts or self._knows_removals_of(log.device, opened):
            return None
        return self._borders.get(log, Limit(0, None))

    def reach(self, log: LogName) -> Limit | None:
        """How far a log counts at most, whatever it was opened under: None if nothing known here limits it."""
        if self.is_in(log.device):
            return None
        return self._borders.get(log, Limit(0, None))

    def claimed(self, log: LogName) -> tuple[Point, ...]:
        """The points of a log that keyholders vouch for: of a forked log they count."""
        return tuple(self._claimed.get(log, ()))

    def made_keyholder(self, person: PersonId) -> bool:
        """True if the person is, or ever was, a keyholder."""
        return person in self._keyholders_ever

    def warrants(self, device: bytes, *, keyholder: bool) -> tuple[ActId, ...] | None:
        """What an act by this device names as its warrants; None if the device may not.

        A keyholder's PC that was removed and taken back may not until a new role is given: its acts would be void.
        """
        if device == self.recovery:
            return (ActId(self.id),)
        admission = self.admission_of(device)
        if admission is None:
            return None
        if not keyholder:
            return (admission,)
        for power in self._power.get(person_admitted(self.acts[admission]), ()):
            if self._knows_removals_of(DeviceKey(device), power):
                return tuple(sorted({admission, power}))
        return None

    def chain(self, device: bytes) -> tuple[Act, ...]:
        """The device's admission and all that warrants it, back to the founding, parents first."""
        admission = self.admission_of(device)
        return self._with_warrants([admission] if admission is not None else [])

    def warranting(self, act: Act) -> tuple[Act, ...]:
        """All that warrants an act, back to the founding, parents first."""
        return self._with_warrants(act.warrants)

    def _with_warrants(self, ids: Iterable[ActId]) -> tuple[Act, ...]:
        wanted: set[ActId] = set()
        open_ends = [*ids]
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


def _said(rule: Act | None) -> tuple[str, Mapping[str, str | int]]:
    if rule is None:
        return "", {}
    assert isinstance(rule.fields, a.Rule)
    return _shown_name(rule.fields.name), dict(rule.fields.settings)


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


def _shown_name(name: str) -> str:
    """A name as it may be shown: it came from a peer, and may hold what our own writing refuses."""
    return " ".join(shown_text(name).split())
