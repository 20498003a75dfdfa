"""Who is meant: a name, or the beginning of a person's or a PC's id as `office people` shows them."""

from __future__ import annotations

from deskblog.errors import Refused
from deskblog.i18n import _
from deskblog.log.clerk import known_as, owner
from deskblog.log.fold import admitted
from deskblog.log.office import Office, Person
from deskblog.values import DeviceKey, PersonId

SHORT = 8  # digits of an id as shown
_LEAST = 4  # digits of an id to be taken for one
Who = PersonId | DeviceKey


def whom(office: Office, text: str) -> Person | DeviceKey:
    """The one person or PC that fits; Refused if none does, or several do (then it says which)."""
    found: list[Person | DeviceKey] = [*_persons(office, text), *_devices(office, text)]
    if not found:
        raise Refused(_("Nobody here is called “{name}”.").format(name=text.strip()))
    if len(found) > 1:
        raise several(office, text, found)
    return found[0]


def whose(office: Office, text: str) -> Person:
    """The one person that fits; Refused as above, and for a PC."""
    found = _persons(office, text)
    if len(found) > 1:
        raise several(office, text, found)
    if not found:
        raise Refused(_("Nobody here is called “{name}”.").format(name=text.strip()))
    return found[0]


def several(office: Office, text: str, found: list[Person] | list[Person | DeviceKey]) -> Refused:
    choices = ", ".join(_shown(office, one) for one in found)
    return Refused(
        _("Several fit “{name}”: {choices}.").format(name=text.strip(), choices=choices),
        next_step=_("Name one by the beginning of its id."),
    )


def _shown(office: Office, one: Person | DeviceKey) -> str:
    if isinstance(one, Person):
        return f"{one.name} {one.id.hex()[:SHORT]}"
    person = owner(office, one)
    return _("{person}'s PC {id}").format(person=person.name if person else "?", id=one.hex()[:SHORT])


def named(office: Office, name: str) -> list[Person]:
    """Those of that name: who is in, or if nobody of them is, who was."""
    wanted = " ".join(name.split()).casefold()
    found = [person for person in office.persons.values() if person.name.casefold() == wanted]
    return [person for person in found if not person.gone] or found


def _persons(office: Office, text: str) -> list[Person]:
    start = _beginning(text)
    by_name = named(office, text)
    ids = known_as(office) if start else {}
    by_id = {now for ident, now in ids.items() if ident.hex().startswith(start) or now.hex().startswith(start)}
    more = [office.persons[ident] for ident in sorted(by_id)]
    return [*by_name, *(person for person in more if person not in by_name)]


def _devices(office: Office, text: str) -> list[DeviceKey]:
    start = _beginning(text)
    if not start:
        return []
    ever = {device for act in office.acts.values() if act.id in office.standing for device in admitted(act)}
    return sorted(device for device in ever if device.hex().startswith(start))


def _beginning(text: str) -> str:
    digits = text.strip().lower()
    return digits if len(digits) >= _LEAST and not digits.strip("0123456789abcdef") else ""
