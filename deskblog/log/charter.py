"""Writing acts: what a device may say about the office, with the warrants and the past it needs. Pure."""

from __future__ import annotations

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.limits import ACT_AFTER
from deskblog.log import act as a
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office
from deskblog.values import ActId, DeviceKey, PersonId


def founding(keys: DeviceKeys, recovery: bytes, office: str, person: str, time: int) -> tuple[a.Act, ...]:
    """A new office: its founding, its name, its founder's name."""
    found = a.write_act(keys, None, (), (), time, a.Found(recovery, keys.device, keys.seal_key))
    rule = a.write_act(keys, found.office, [found.id], [found.id], time, a.Rule(office))
    name = a.write_act(keys, found.office, [rule.id], [found.id], time, a.Call(found.id, person))
    return found, rule, name


def admitting(
    keys: DeviceKeys, office: Office, joiner: tuple[DeviceKey, bytes], name: str, person: PersonId | None, time: int
) -> tuple[a.Act, ...]:
    """The admission of a device (its key, its seal key), of a new person by that name or of one already known."""
    warrants = keyholder_warrants(keys, office)
    fields = a.Admit(person or a.NEW, (joiner,))
    admit = a.write_act(keys, office.id, _after(office, warrants), warrants, time, fields)
    if person is not None:
        return (admit,)
    return admit, a.write_act(keys, office.id, [admit.id], warrants, time, a.Call(admit.id, name))


def keyholder_warrants(keys: DeviceKeys, office: Office) -> tuple[ActId, ...]:
    """The warrants of a keyholder's act; Refused for anyone else."""
    warrants = office.warrants(keys.device, keyholder=True)
    if warrants is None:
        raise Refused(_("Only a keyholder may do this."), next_step=_("Ask a keyholder of your office."))
    return warrants


def _after(office: Office, warrants: tuple[ActId, ...]) -> tuple[ActId, ...]:
    """The tips; of too many, some, and the warrants, which must be in the past of what they warrant."""
    if len(office.tips) <= ACT_AFTER:
        return office.tips
    return (*warrants, *office.tips[: ACT_AFTER - len(warrants)])
