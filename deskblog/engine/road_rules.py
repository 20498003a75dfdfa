"""Rules for the road, from what letters say to what attention/travel.py decides by, and back. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from deskblog.attention import travel
from deskblog.attention.outcome import PASSING, Happened
from deskblog.attention.travel import Heard, Kind
from deskblog.log import forward
from deskblog.log.letter import Letter
from deskblog.log.office import Office, Person
from deskblog.store.forwards import Rule, Word
from deskblog.store.marks import means
from deskblog.values import DeviceKey, PersonId, Row


def rule_of(rule: Rule) -> travel.Forward:
    """The rule as it is decided by; kinds of a later version are left out."""
    said = rule.said
    known = frozenset(kind for kind in Kind if kind in said.kinds)
    carriers = tuple(device.hex() for device in said.carriers)
    return travel.Forward(rule.id.hex(), said.urls, known, said.cap, carriers, said.begins, said.until)


def heard_of(words: Iterable[Word]) -> list[Heard]:
    return [Heard(said, word.heard) for word in words if (said := _said(word)) is not None]


def _said(word: Word) -> travel.Sending | travel.Sent | None:
    carrier, said = word.carrier.hex(), word.said
    if isinstance(said, forward.Sending):
        return travel.Sending(said.forward.hex(), said.entry.hex(), carrier, said.at)
    if isinstance(said, forward.Sent):
        why = Happened(said.why)
        return travel.Sent(said.forward.hex(), said.entry.hex(), carrier, said.at, why, said.again, said.status)
    return None


def carries(rule: Rule, office: Office, device: DeviceKey, now: int) -> bool:
    """Whether a device is one of the carriers of a rule that holds."""
    person, owner = office.person_now(rule.person), office.person_of(device)
    holds = person is not None and not person.gone and (not rule.said.ends or now < rule.said.ends)
    return holds and device in rule.said.carriers and owner != person


def letter(office: Office, person: PersonId, carriers: Iterable[bytes], content: forward.Word) -> Letter:
    """For all PCs of a person and these of others."""
    devices = [*devices_of(office, person), *(DeviceKey(device) for device in carriers)]
    owners = [office.person_of(device) for device in devices]
    persons = tuple(dict.fromkeys(PersonId(one.id) for one in owners if one is not None))
    return Letter(persons, content, devices=tuple(devices))


def devices_of(office: Office | None, person: PersonId) -> tuple[DeviceKey, ...]:
    found = office.person_now(person) if office is not None else None
    return found.devices if found is not None else ()


def kind_for(row: Row, rule: Rule, person: Person, now: int) -> Kind | None:
    """By which of its kinds a rule is about a post, if it is."""
    me, wanted, said = person.id.hex(), rule.said.kinds, row.announced
    if row.person_id == me:
        return None
    if row.sealed:
        return Kind.SEALED if Kind.SEALED in wanted and any(one.id == me for one in row.readers) else None
    if said is not None and Kind.ANNOUNCEMENTS in wanted:
        due = not said.over and said.ends > now and any(one.id == me for one in said.waiting)
        return Kind.ANNOUNCEMENTS if due else None
    named = any(means(name, person.name) for name in row.mentions)
    return Kind.MENTIONS if named and Kind.MENTIONS in wanted else None


def declines(word: Word) -> bool:
    return isinstance(word.said, forward.Declined)


def is_final(said: forward.Sent) -> bool:
    why = Happened(said.why)
    return why not in PASSING and why is not Happened.STOOD_BACK


def capped(words: Iterable[Word]) -> int:
    return sum(isinstance(word.said, forward.Sent) and word.said.why == Happened.CAPPED for word in words)
