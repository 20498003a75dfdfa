"""Who is of the office, and who of them is here, as shown."""

from __future__ import annotations

from deskblog.i18n import _
from deskblog.log.office import Office, Person
from deskblog.values import PersonRow


def people_rows(office: Office, me: bytes, linked: frozenset[bytes]) -> tuple[PersonRow, ...]:
    """The office's people as shown, by name."""
    rows = [
        PersonRow(
            id=person.id.hex(),
            name=person.name or person.id.hex()[:8],
            role=person.role,
            devices=tuple(device.hex() for device in person.devices),
            here=any(device in linked or device == me for device in person.devices),
            me=me in person.devices,
            gone=person.gone,
            removed_by=_remover(office, person),
        )
        for person in office.persons.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.gone, row.name.casefold(), row.id)))


def _remover(office: Office, person: Person) -> str:
    if not person.gone:
        return ""
    remover = office.persons.get(person.removed_by) if person.removed_by is not None else None
    return remover.name if remover is not None else _("the recovery words")
