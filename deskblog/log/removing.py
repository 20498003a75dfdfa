"""Writing acts that take people out, and those that bring an office back with its recovery words. Pure.

A removal names how far each log of what it takes counts. More logs than one act can name are named by `border` acts
before it, for what no act names does not count.
"""

from __future__ import annotations

from collections.abc import Iterable

from deskblog.log import act as a
from deskblog.log.charter import border, most, own_last, readmit
from deskblog.log.clerk import (
    Clerk,
    devices_ever,
    identities,
    identity_of,
    known_as,
    last_admission,
    removals_of,
    takings,
)
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.values import DeviceKey, PersonId, Role


def removing_person(
    keys: DeviceKeys, office: Office, person: PersonId, heads: a.Heads, time: int
) -> tuple[a.Act, ...]:
    """Takes a person out with all PCs. `heads`: how far each log of theirs counts here.

    Oneself, too; then without a key the ids one was merged with stay, for only a keyholder may take those out.
    """
    clerk = Clerk(keys, office, time)
    _remove_person(clerk, person, heads)
    return clerk.acts


def removing_device(
    keys: DeviceKeys, office: Office, device: DeviceKey, heads: a.Heads, time: int
) -> tuple[a.Act, ...]:
    """Takes one PC out; its person stays. One's own PCs need no key."""
    clerk = Clerk(keys, office, time)
    _remove_device(clerk, device, heads)
    return clerk.acts


def _remove_person(clerk: Clerk, person: PersonId, heads: a.Heads) -> None:
    office, mine = clerk.office, identity_of(clerk.office, clerk.keys.device)
    has_power = office.warrants(clerk.keys.device, keyholder=True) is not None
    ids = own_last(office, clerk.keys.device, identities(office, person))
    if not has_power and mine in ids:
        ids = [ident for ident in ids if ident == mine]
    named = {ident: _of(heads, devices_ever(office, ident)) for ident in ids}
    for ident in ids:
        if has_power:
            border(clerk, _beyond(named[ident]))
    for ident in ids:
        warrants = clerk.own() if ident == mine else clerk.power()
        clerk.write(a.Remove(ident, b"", most(named[ident])), warrants)


def _remove_device(clerk: Clerk, device: DeviceKey, heads: a.Heads) -> None:
    office, me = clerk.office, clerk.keys.device
    mine = identity_of(office, me)
    own = mine is not None and device in devices_ever(office, mine)
    named = _of(heads, (device,))
    if office.warrants(me, keyholder=True) is not None:
        border(clerk, _beyond(named))
    last = last_admission(office, device)
    clerk.write(a.Remove(b"", device, most(named)), clerk.own() if own else clerk.power(), [last.id] if last else [])


def _of(heads: a.Heads, devices: Iterable[DeviceKey]) -> a.Heads:
    taken = frozenset(devices)
    return tuple(line for line in sorted(heads) if line[0] in taken)


def _beyond(heads: a.Heads) -> a.Heads:
    named = frozenset(most(heads))
    return tuple(line for line in heads if line not in named)


# --- the recovery words -----------------------------------------------------------------------------------
def recovering(
    recovery: DeviceKeys,
    office: Office,
    me: DeviceKey,
    time: int,
    *,
    without: PersonId | DeviceKey | None = None,
    heads: a.Heads = (),
    restore: Iterable[DeviceKey] = (),
) -> tuple[a.Act, ...]:
    """Written with the recovery key: `without` is removed once more, which voids all it did that this PC has not
    heard of; the device `me` is let in again if it is out, and its person holds the key; `restore` come back.
    """
    clerk = Clerk(recovery, office, time)
    if without is not None and without in office.persons:
        _remove_person(clerk, PersonId(without), heads)
    elif without is not None:
        _remove_device(clerk, DeviceKey(without), heads)
    readmit(clerk, [device for device in {me, *restore} if not clerk.now().is_in(device)])
    mine = identity_of(office, me)
    assert mine is not None
    if clerk.now().warrants(me, keyholder=True) is None:
        clerk.write(a.Grant(mine, Role.KEYHOLDER), clerk.power(), takings(office, mine, (me,)))
    return clerk.acts


def restorable(office: Office, person: PersonId) -> tuple[DeviceKey, ...]:
    """The PCs of a person that came out with the person; not those that somebody took out one by one."""
    out = []
    for identity in identities(office, person):
        for device in devices_ever(office, identity):
            last = last_admission(office, device)
            named = [act for act in removals_of(office, device) if _names(act, device)]
            if last is not None and not office.is_in(device) and all(office.knew(last.id, act.id) for act in named):
                out.append(device)
    return tuple(out)


def _names(act: a.Act, device: DeviceKey) -> bool:
    return isinstance(act.fields, a.Remove) and act.fields.device == device


def thrown_out_by(office: Office, devices: Iterable[DeviceKey]) -> tuple[PersonId, ...]:
    """Who is out altogether and was removed by one of these devices, as a person or a PC."""
    authors = frozenset(devices)
    removals = [act for act in office.acts.values() if act.author in authors and act.id in office.standing]
    hit = {act.fields.person or act.fields.device for act in removals if isinstance(act.fields, a.Remove)}
    now = known_as(office)
    ids = [ident for ident in now if ident in hit or hit.intersection(devices_ever(office, ident))]
    return tuple(sorted({now[ident] for ident in ids if office.persons[now[ident]].gone}))
