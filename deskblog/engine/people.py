"""Who is of the office, and who of them is here, as shown."""

from __future__ import annotations

from deskblog.log.office import Office
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
            gone=not person.devices,
        )
        for person in office.persons.values()
    ]
    return tuple(sorted(rows, key=lambda row: (row.gone, row.name.casefold(), row.id)))
