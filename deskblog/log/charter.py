"""Writing acts: what a device may say about the office, with the warrants and the past it needs. Pure.

Taking people out, leaving and recovering are in removing.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from deskblog.limits import ACT_HEADS
from deskblog.log import act as a
from deskblog.log.clerk import (
    Clerk,
    identities,
    identity_of,
    keyholder_warrants,
    last_admission,
    removals_of,
    takings,
)
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.values import DeviceKey, PersonId, Role

__all__ = [
    "admitting",
    "bordering",
    "founding",
    "granting",
    "keyholder_warrants",
    "merging",
    "naming",
    "readmitting",
    "ruling",
]


def founding(keys: DeviceKeys, recovery: bytes, office: str, person: str, time: int) -> tuple[a.Act, ...]:
    """A new office: its founding, its name, its founder's name."""
    found = a.write_act(keys, None, (), (), time, a.Found(recovery, keys.device, keys.seal_key))
    rule = a.write_act(keys, found.office, [found.id], [found.id], time, a.Rule(office))
    name = a.write_act(keys, found.office, [rule.id], [found.id], time, a.Call(found.id, person))
    return found, rule, name


def admitting(
    keys: DeviceKeys, office: Office, joiner: tuple[DeviceKey, bytes], name: str, person: PersonId | None, time: int
) -> tuple[a.Act, ...]:
    """The admission of a device (its key, its seal key), of a new person by that name or of one already known.

    A keyholder's further PC holds the key too: where the role given once does not reach it, it is given again.
    """
    clerk = Clerk(keys, office, time)
    device = joiner[0]
    if person is None:
        knowing = [act.id for act in removals_of(office, device)]
        admit = clerk.write(a.Admit(a.NEW, (joiner,)), clerk.power(), knowing)
        clerk.write(a.Call(admit.id, name), clerk.power())
        return clerk.acts
    _admit(clerk, _identity_with_key(office, person), (joiner,))
    return clerk.acts


def readmitting(keys: DeviceKeys, office: Office, devices: Iterable[DeviceKey], time: int) -> tuple[a.Act, ...]:
    """Devices that were taken out are let in again, each as who it was."""
    clerk = Clerk(keys, office, time)
    readmit(clerk, devices)
    return clerk.acts


def readmit(clerk: Clerk, devices: Iterable[DeviceKey]) -> None:
    """Lets devices in again with the seal keys they had; devices never let in are passed over."""
    groups: dict[PersonId, list[tuple[DeviceKey, bytes]]] = {}
    for device in sorted(set(devices)):
        last = last_admission(clerk.office, device)
        identity = identity_of(clerk.office, device)
        if last is not None and identity is not None:
            groups.setdefault(identity, []).append((device, _seal_key(last, device)))
    for person, keys in groups.items():
        _admit(clerk, person, tuple(keys))


def _seal_key(admission: a.Act, device: DeviceKey) -> bytes:
    if isinstance(admission.fields, a.Found):
        return admission.fields.seal_key
    assert isinstance(admission.fields, a.Admit)
    return dict(admission.fields.devices)[device]


def _admit(clerk: Clerk, person: PersonId, devices: tuple[tuple[DeviceKey, bytes], ...]) -> None:
    knowing = takings(clerk.office, person, [device for device, _seal in devices])
    clerk.write(a.Admit(person, devices), clerk.power(), knowing)
    now = clerk.now()
    holder = now.devices.get(devices[0][0])
    if holder is None or now.persons[holder].role is not Role.KEYHOLDER:
        return
    if any(now.warrants(device, keyholder=True) is None for device, _seal in devices):
        clerk.write(a.Grant(person, Role.KEYHOLDER), clerk.power(), knowing)


def _identity_with_key(office: Office, person: PersonId) -> PersonId:
    """Of the ids of a person the one that holds the key, if one does; else the person's own."""
    held = office.persons.get(person)
    for device in held.devices if held else ():
        identity = identity_of(office, device)
        if identity is not None and office.warrants(device, keyholder=True) is not None:
            return identity
    return person


def granting(
    keys: DeviceKeys, office: Office, person: PersonId, role: Role, heads: a.Heads, time: int
) -> tuple[a.Act, ...]:
    """A role for a person, under all ids it has; `heads`: its logs here, named where the role is lowered.

    The id one writes under comes last: what one does to oneself ends the power to do the rest.
    """
    clerk = Clerk(keys, office, time)
    named = most(heads) if role < Role.KEYHOLDER else ()
    for identity in own_last(office, keys.device, identities(office, person)):
        clerk.write(a.Grant(identity, role, named), clerk.power(), takings(office, identity))
    return clerk.acts


def own_last(office: Office, device: DeviceKey, ids: Sequence[PersonId]) -> list[PersonId]:
    mine = identity_of(office, device)
    return sorted(ids, key=lambda ident: (ident == mine, ident))


def most(heads: a.Heads) -> a.Heads:
    """As many points as one act names, those furthest on."""
    furthest = sorted(heads, key=lambda line: (-line[2], line))[:ACT_HEADS]
    return tuple(sorted(furthest))


def bordering(keys: DeviceKeys, office: Office, heads: a.Heads, time: int) -> tuple[a.Act, ...]:
    """Removed logs count up to these points too; as many acts as it takes."""
    clerk = Clerk(keys, office, time)
    border(clerk, heads)
    return clerk.acts


def border(clerk: Clerk, heads: a.Heads) -> None:
    for start in range(0, len(heads), ACT_HEADS):
        clerk.write(a.Border(heads[start : start + ACT_HEADS]), clerk.power())


def naming(keys: DeviceKeys, office: Office, person: PersonId, name: str, time: int) -> tuple[a.Act, ...]:
    """Another name for a person: by a keyholder, or by that person."""
    clerk = Clerk(keys, office, time)
    mine = identity_of(office, keys.device)
    if mine is not None and mine in identities(office, person):
        clerk.write(a.Call(mine, name), clerk.own())
    else:
        clerk.write(a.Call(person, name), clerk.power())
    return clerk.acts


def merging(keys: DeviceKeys, office: Office, persons: Iterable[PersonId], time: int) -> tuple[a.Act, ...]:
    """Several persons are one: 2 to 16 of them."""
    clerk = Clerk(keys, office, time)
    clerk.write(a.Merge(tuple(sorted(set(persons)))), clerk.power())
    return clerk.acts


def ruling(
    keys: DeviceKeys, office: Office, name: str, settings: Mapping[str, str | int], time: int
) -> tuple[a.Act, ...]:
    """The office's name and all its settings: a rule replaces the one before."""
    clerk = Clerk(keys, office, time)
    clerk.write(a.Rule(name, tuple(sorted(settings.items()))), clerk.power())
    return clerk.acts
