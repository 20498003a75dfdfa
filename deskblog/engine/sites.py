"""The office by sites: who is where, and of a site that cannot be reached since when and by whom it was."""

from __future__ import annotations

from msgspec import Struct, field

from deskblog.engine.company import Company
from deskblog.i18n import _, alphabetical
from deskblog.log.office import Office
from deskblog.values import DeviceKey, SiteRow


class _Group(Struct):
    """Devices of one site, here or off."""

    place: str
    mine: bool = False
    here: set[DeviceKey] = field(default_factory=set)
    off: set[DeviceKey] = field(default_factory=set)
    carrier: DeviceKey | None = None
    at: int = 0


def site_rows(office: Office, company: Company) -> tuple[SiteRow, ...]:
    """The own site first, then the others by name; who was never heard counts to the own."""
    rows = [_row(office, group) for group in _groups(office, company).values()]
    return tuple(sorted(rows, key=lambda row: (not row.mine, not row.here, alphabetical(row.name), row.carrier)))


def _groups(office: Office, company: Company) -> dict[str, _Group]:
    groups: dict[str, _Group] = {}
    for place, site in enumerate(company.overlay.sites):
        group = groups.setdefault(_key(site.place, site.devices), _Group(site.place))
        group.mine |= place == 0
        group.here |= site.devices
        group.carrier = group.carrier or site.carrier
    for device in office.devices:
        if device not in company.here:
            _add_off(groups, company, DeviceKey(device))
    return groups


def _key(place: str, devices: frozenset[DeviceKey]) -> str:
    return place or min(devices).hex()


def _add_off(groups: dict[str, _Group], company: Company, device: DeviceKey) -> None:
    left, site = company.left(device), company.site_of(device)
    if site is not None:
        group = groups[_key(site.place, site.devices)]
    elif left is not None:
        group = groups.setdefault(left.place or _key("", frozenset({left.mate, device})), _Group(left.place))
        if left.at > group.at:
            group.at, group.carrier = left.at, left.carrier
    else:
        group = next(group for group in groups.values() if group.mine)
    group.off.add(device)


def _row(office: Office, group: _Group) -> SiteRow:
    here = _names(office, group.here)
    return SiteRow(
        name=group.place,
        mine=group.mine,
        people=here,
        off=tuple(name for name in _names(office, group.off) if name not in here),
        here=bool(group.here),
        at=0 if group.here else group.at,
        carrier=_names(office, {group.carrier})[0] if group.carrier is not None and not group.mine else "",
    )


def _names(office: Office, devices: set[DeviceKey]) -> tuple[str, ...]:
    """Whose they are, each once."""
    persons = {person.id: person.name for device in devices if (person := office.person_of(device)) is not None}
    return tuple(sorted(persons.values(), key=alphabetical)) or ("?",) * bool(devices)


def site_names(office: Office, company: Company) -> dict[DeviceKey, str]:
    """What each device's site is called; one's own is only named where it has a name, or there are others."""
    names: dict[DeviceKey, str] = {}
    for device in map(DeviceKey, office.devices):
        site, left = company.site_of(device), company.left(device)
        if site is not None:
            names[device] = site.place or (_("another site") if site.carrier is not None else "")
        elif left is not None:
            names[device] = left.place
    return names
