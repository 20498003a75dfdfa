"""The clerk who writes acts: each knows those before it, names its warrants, and all it must know. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.limits import ACT_AFTER
from deskblog.log import act as a
from deskblog.log.act import Act
from deskblog.log.fold import admitted, person_admitted
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, Person, fold
from deskblog.values import ActId, DeviceKey, PersonId, Role


class Clerk:
    """Writes acts of one author, each after the one before it."""

    def __init__(self, keys: DeviceKeys, office: Office, time: int) -> None:
        self.acts: tuple[Act, ...] = ()
        self.office = office  # as it was before the first of them
        self.keys = keys
        self._time = time

    def write(self, fields: a.Fields, warrants: tuple[ActId, ...], knowing: Iterable[ActId] = ()) -> Act:
        """`knowing`: acts that must be in its past, or it is void."""
        after = _after(self.office, (*warrants, *knowing))
        if self.acts:  # the first knew all tips, unless they were too many
            after = (self.acts[-1].id, *(after[: ACT_AFTER - 1] if len(self.office.tips) > ACT_AFTER else ()))
        act = a.write_act(self.keys, self.office.id, after, warrants, self._time, fields)
        self.acts = (*self.acts, act)
        return act

    def now(self) -> Office:
        """The office with what has been written."""
        return fold([*self.office.acts.values(), *self.acts])

    def power(self) -> tuple[ActId, ...]:
        """The warrants of a keyholder's act; Refused for anyone else."""
        return keyholder_warrants(self.keys, self.office)

    def own(self) -> tuple[ActId, ...]:
        """The warrants of an act about oneself; Refused for a device that is not in."""
        warrants = self.office.warrants(self.keys.device, keyholder=False)
        if warrants is None:
            raise Refused(_("This PC is not in the office."))
        return warrants


def keyholder_warrants(keys: DeviceKeys, office: Office) -> tuple[ActId, ...]:
    """The warrants of a keyholder's act; Refused for anyone else."""
    warrants = office.warrants(keys.device, keyholder=True)
    if warrants is None:
        raise Refused(_("Only a keyholder may do this."), next_step=_("Ask a keyholder of your office."))
    return warrants


def _after(office: Office, needed: Iterable[ActId]) -> tuple[ActId, ...]:
    """The tips; of too many, those that lead to what must be known, and some more."""
    if len(office.tips) <= ACT_AFTER:
        return office.tips
    chosen: list[ActId] = []
    for ident in needed:
        if not any(ident == tip or office.knew(tip, ident) for tip in chosen):
            chosen.append(next(tip for tip in office.tips if ident == tip or office.knew(tip, ident)))
    others = [tip for tip in office.tips if tip not in chosen]
    return tuple([*chosen, *others][:ACT_AFTER])


# --- asked of an office before one writes -----------------------------------------------------------------
def known_as(office: Office) -> dict[PersonId, PersonId]:
    """Every id that somebody was admitted under, and who that is now: another where persons were merged."""
    found = {person_admitted(act): office.author(admitted(act)[0], act.id) for act in _admissions(office)}
    return {ident: person for ident, person in found.items() if person is not None}


def identities(office: Office, person: PersonId) -> tuple[PersonId, ...]:
    """The ids a person was ever admitted under, ascending; several where persons were merged."""
    return tuple(sorted(ident for ident, now in known_as(office).items() if now == person))


def identity_of(office: Office, device: DeviceKey) -> PersonId | None:
    """Under which id a device is in, or last was."""
    last = last_admission(office, device)
    return person_admitted(last) if last else None


def last_admission(office: Office, device: DeviceKey) -> Act | None:
    """By which a device is in; if it is out, the last that let it in."""
    now = office.admission_of(device)
    if now is not None:
        return office.acts[now]
    return next((act for act in reversed(_admissions(office)) if device in admitted(act)), None)


def devices_ever(office: Office, person: PersonId) -> tuple[DeviceKey, ...]:
    """All devices that ever were let in under that id, ascending."""
    acts = [act for act in _admissions(office) if person_admitted(act) == person]
    return tuple(sorted({device for act in acts for device in admitted(act)}))


def _admissions(office: Office) -> list[Act]:
    return [act for act in office.acts.values() if act.id in office.standing and admitted(act)]


def removals_of(office: Office, device: DeviceKey) -> list[Act]:
    """The removals that stand and name the device or somebody whose it ever was."""
    persons = {person_admitted(act) for act in _admissions(office) if device in admitted(act)}
    return [
        act
        for act in office.acts.values()
        if act.id in office.standing
        and isinstance(act.fields, a.Remove)
        and (act.fields.device == device or act.fields.person in persons)
    ]


def takings(office: Office, person: PersonId, devices: Iterable[DeviceKey] = ()) -> list[ActId]:
    """What a role or an admission of that person must know: all that took the person, devices or role away."""
    lowered = [
        act.id
        for act in office.acts.values()
        if act.id in office.standing
        and (
            (isinstance(act.fields, a.Remove) and act.fields.person == person)
            or (isinstance(act.fields, a.Grant) and act.fields.person == person and act.fields.role < Role.KEYHOLDER)
        )
    ]
    of_devices = [
        act.id for device in {*devices, *devices_ever(office, person)} for act in removals_of(office, device)
    ]
    return sorted({*lowered, *of_devices})


def keyholders(office: Office) -> tuple[Person, ...]:
    """The persons who hold a key on a PC that is in."""
    return tuple(
        person
        for person in office.persons.values()
        if any(office.warrants(device, keyholder=True) is not None for device in person.devices)
    )


def owner(office: Office, device: DeviceKey) -> Person | None:
    """Whose device it is; if it is out, whose it was."""
    person = office.devices.get(device)
    return office.persons[person] if person is not None else office.person_of(device)
