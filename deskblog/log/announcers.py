"""Who may announce, and whether what calls itself an announcement is one: functions of the office's acts alone."""

from __future__ import annotations

from deskblog.log import act as a
from deskblog.log.act import Act
from deskblog.log.office import Office
from deskblog.values import ActId, LogName, PersonId, Role


def announcer_warrant(office: Office, device: bytes) -> ActId | None:
    """The act by which the person of a device may announce now; None if they may not."""
    person = office.person_of(device)
    if person is None or person.gone or person.role < Role.ANNOUNCER:
        return None
    giving = [act for act in office.acts.values() if _gives(office, act, person.id)]
    return next((act.id for act in reversed(giving) if not _lowered(office, act, person.id)), None)


def announces(office: Office, role: bytes, person: bytes | None, log: LogName, seq: int) -> bool:
    """Whether an entry of that person is an announcement by the act it names: see docs/protocol.md."""
    act = office.acts.get(ActId(role))
    if act is None or person is None or not _gives(office, act, PersonId(person)):
        return False
    return all(_within(lowering, log, seq) for lowering in _lowered(office, act, PersonId(person)))


def _gives(office: Office, act: Act, person: PersonId) -> bool:
    """Whether a standing act makes that person announcer or keyholder."""
    if act.id not in office.standing:
        return False
    if isinstance(act.fields, a.Found):
        return _is(office, PersonId(act.id), person)
    return (
        isinstance(act.fields, a.Grant)
        and act.fields.role >= Role.ANNOUNCER
        and _is(office, PersonId(act.fields.person), person)
    )


def _lowered(office: Office, given: Act, person: PersonId) -> list[Act]:
    """The standing acts that know of it and took the role away again."""
    return [
        act
        for act in office.acts.values()
        if isinstance(act.fields, a.Grant)
        and act.fields.role < Role.ANNOUNCER
        and act.id in office.standing
        and _is(office, PersonId(act.fields.person), person)
        and office.knew(act.id, given.id)
    ]


def _is(office: Office, one: PersonId, other: PersonId) -> bool:
    """Whether both ids mean one person: some were merged."""
    now, also = office.person_now(one), office.person_now(other)
    return now is not None and also is not None and now.id == also.id


def _within(lowering: Act, log: LogName, seq: int) -> bool:
    assert isinstance(lowering.fields, a.Grant)
    points = lowering.fields.heads or ()
    return any((device, number) == (log.device, log.number) and seq <= last for device, number, last, _id in points)
