"""Who is of the office, and who of them is here, as shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from deskblog.i18n import _, alphabetical
from deskblog.log.office import Office, Person
from deskblog.log.settings import QUIET
from deskblog.records import replace
from deskblog.values import DeviceKey, PersonId, PersonRow, Profile, Status

NONE = Status("", 0)


class Around(Struct, frozen=True):
    """The devices here, those of them whose person is away, the site of each that has one; what people say."""

    here: frozenset[DeviceKey] = frozenset()
    away: frozenset[DeviceKey] = frozenset()
    sites: Mapping[DeviceKey, str] = field(default_factory=dict)
    statuses: Mapping[PersonId, Status] = field(default_factory=dict)
    profiles: Mapping[PersonId, Profile] = field(default_factory=dict)


def people_rows(office: Office, me: DeviceKey, around: Around) -> tuple[PersonRow, ...]:
    """The office's people as shown, by name."""
    rows = [_row(office, person, me, around) for person in office.persons.values()]
    return tuple(sorted(rows, key=lambda row: (row.gone, alphabetical(row.name), row.id)))


def _row(office: Office, person: Person, me: DeviceKey, around: Around) -> PersonRow:
    devices = [DeviceKey(device) for device in person.devices]
    here = [device for device in devices if device in around.here or device == me]
    status = around.statuses.get(PersonId(person.id), NONE) if not person.gone else NONE
    return PersonRow(
        id=person.id.hex(),
        name=person.name or person.id.hex()[:8],
        role=person.role,
        devices=tuple(device.hex() for device in devices),
        here=bool(here),
        me=me in devices,
        gone=person.gone,
        removed_by=_remover(office, person),
        away=bool(here) and around.away.issuperset(here),
        site=_site(around, here or devices),
        status=status.text,
        status_at=status.at,
        profile=_profile(office, around.profiles.get(PersonId(person.id), Profile())),
    )


def _profile(office: Office, said: Profile) -> Profile:
    """Hours that the office has locked are everybody's, whatever a person says."""
    return replace(said, hours=office.says.hours) if QUIET in office.says.locked else said


def _site(around: Around, devices: Iterable[DeviceKey]) -> str:
    return next((around.sites[device] for device in devices if around.sites.get(device)), "")


def _remover(office: Office, person: Person) -> str:
    if not person.gone:
        return ""
    remover = office.persons.get(person.removed_by) if person.removed_by is not None else None
    return remover.name if remover is not None else _("the recovery words")
