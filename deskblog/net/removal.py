"""Being told that one was removed: which acts a peer may show for it, and when they are believed.

Whoever removed this device sends the removal with all that warrants it, back to the founding. They are the office's
own acts, signed; but the acts between may be missing here, so the fold cannot always judge. Until it can, the removal
is believed if nothing known here speaks against it; once its acts are here, the fold alone says what holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deskblog.errors import Forged
from deskblog.log.act import Act, Found, Grant, Remove, decode_act
from deskblog.log.clerk import devices_ever, removals_of
from deskblog.log.fold import admitted, person_admitted
from deskblog.log.office import Office
from deskblog.net import messages as m
from deskblog.values import ActId, DeviceKey, PersonId, Role


def read_removal(office: Office, me: DeviceKey, signed: Sequence[m.SignedAct]) -> tuple[Act, ...]:
    """The acts shown, last the removal of this device, or of somebody who let it in; Forged unless each is signed, of
    this office and warranted by those before it."""
    acts = tuple(decode_act(raw, signature) for raw, signature in signed)
    if any(isinstance(act.fields, Remove) for act in acts[:-1]):
        raise Forged("removal: more than one")
    if not acts or acts[0].id != ActId(office.id) or any(act.office != office.id for act in acts):
        raise Forged("removal: not of this office")
    if not names(office, acts[-1], me) and not _takes_my_warrants(office, acts[-1], me):
        raise Forged("removal: of somebody else")
    held: dict[ActId, Act] = {}
    for act in acts:
        if act.id != ActId(office.id) and not _warranted(office, me, act, held):
            raise Forged("removal: one of its acts is not warranted")
        held[act.id] = act
    return acts


def believable(office: Office, me: DeviceKey, acts: Sequence[Act]) -> bool:
    """False if what is known here speaks against a removal that cannot be folded yet.

    Each act known here must stand. Of the others, the author must not be out, unless it is out by this device's own
    hand (two who remove each other are both out), and a power given by an act known here must be held still.
    """
    held = {act.id: act for act in acts}
    return all(_holds(office, me, act, held) for act in acts)


def foldable(office: Office, acts: Iterable[Act]) -> tuple[Act, ...]:
    """Those not known here whose parents are."""
    out: list[Act] = []
    known = set(office.acts)
    for act in acts:
        if act.id not in known and known.issuperset(act.after):
            out.append(act)
            known.add(act.id)
    return tuple(out)


def names(office: Office, act: Act, me: DeviceKey) -> bool:
    """True if the act removes this device, or the person it was ever admitted for."""
    if not isinstance(act.fields, Remove):
        return False
    return act.fields.device == me if act.fields.device else act.fields.person in _mine(office, me)


def _takes_my_warrants(office: Office, act: Act, me: DeviceKey) -> bool:
    """True if the act takes out, or the key from, somebody by whose word this device is in."""
    if not isinstance(act.fields, Remove | Grant):
        return False
    authors = {warrant.author for warrant in office.let_in_by(me)}
    if isinstance(act.fields, Remove) and act.fields.device:
        return act.fields.device in authors
    return any(act.fields.person in _mine(office, author) for author in authors)


def _mine(office: Office, me: DeviceKey) -> frozenset[bytes]:
    """The ids this device was ever admitted under."""
    return frozenset(person_admitted(act) for act in office.acts.values() if me in admitted(act))


def _warranted(office: Office, me: DeviceKey, act: Act, held: dict[ActId, Act]) -> bool:
    """True if acts shown before this one let its author write it."""
    if not act.warrants or not all(w in held for w in act.warrants):
        return False
    if any(isinstance(held[w].fields, Found) and _recovery(held[w]) == act.author for w in act.warrants):
        return True
    person = _author(act, held)
    if person is None:
        return False
    if _own(office, me, act, person) or _of_oneself(office, act, person, held):
        return True
    return bool(_powers(act, person, held))


def _recovery(found: Act) -> bytes:
    assert isinstance(found.fields, Found)
    return found.fields.recovery


def _author(act: Act, held: dict[ActId, Act]) -> PersonId | None:
    warrants = (held[w] for w in act.warrants)
    return next((person_admitted(w) for w in warrants if act.author in admitted(w)), None)


def _own(office: Office, me: DeviceKey, act: Act, person: PersonId) -> bool:
    """The removal, by this device's person, of itself or of this device: that takes no key."""
    return isinstance(act.fields, Remove) and person in _mine(office, me)


def _of_oneself(office: Office, act: Act, person: PersonId, held: dict[ActId, Act]) -> bool:
    """Who leaves, or takes out a PC of their own, needs no key; and that PC may have let this device in."""
    if not isinstance(act.fields, Remove):
        return False
    device, known = act.fields.device, (*held.values(), *office.acts.values())
    return act.fields.person == person or any(
        device in admitted(one) and person_admitted(one) == person for one in known
    )


def _powers(act: Act, person: PersonId, held: dict[ActId, Act]) -> list[Act]:
    return [w for w in (held[ident] for ident in act.warrants) if _makes_keyholder(w, person)]


def _makes_keyholder(act: Act, person: PersonId) -> bool:
    if isinstance(act.fields, Found):
        return person == PersonId(act.id)
    return isinstance(act.fields, Grant) and act.fields.person == person and act.fields.role == Role.KEYHOLDER


def _holds(office: Office, me: DeviceKey, act: Act, held: dict[ActId, Act]) -> bool:
    if act.id in office.acts:
        return act.id in office.standing
    if act.author == office.recovery:
        return True
    if office.was_removed(act.author) is not None and not _out_by_its_target(office, me, act):
        return False
    person = _author(act, held)
    if person is None:
        return False
    if _own(office, me, act, person) or _of_oneself(office, act, person, held):
        return True
    return any(
        w.id not in office.acts or _still_gives(office, w, act.author, person) for w in _powers(act, person, held)
    )


def _still_gives(office: Office, power: Act, author: DeviceKey, person: PersonId) -> bool:
    """True if nothing known here took the power away since it was given (a removal by its target aside)."""
    taken = [
        act.id
        for act in office.acts.values()
        if act.id in office.standing
        and isinstance(act.fields, Grant)
        and act.fields.person == person
        and act.fields.role < Role.KEYHOLDER
    ]
    if office.was_removed(author) is None:
        taken += [act.id for act in removals_of(office, author)]
    return all(office.knew(power.id, ident) for ident in taken)


def _out_by_its_target(office: Office, me: DeviceKey, act: Act) -> bool:
    """True if the author of a removal was removed by those alone whom it takes."""
    if not isinstance(act.fields, Remove):
        return False
    taken = {me} if act.fields.device else set(devices_ever(office, PersonId(act.fields.person)))
    return all(removal.author in taken for removal in removals_of(office, act.author))
