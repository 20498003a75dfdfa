"""Writes histories of an office act by act, by devices with names, so that a test reads like what happened."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from deskblog.log import act as a
from deskblog.log.act import Act, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import Office, fold
from deskblog.values import ActId, DeviceKey, LogName, PersonId, Role

RECOVERY = "the recovery words"


@lru_cache(maxsize=4096)
def keys(name: str) -> DeviceKeys:
    """The secrets of the device of that name: the same in every run."""
    return DeviceKeys(*(blake2b(f"{part} {name}".encode(), digest_size=32).digest() for part in ("seed", "seal")))


def device(name: str) -> DeviceKey:
    return keys(name).device


def log_of(name: str, number: int = 1) -> LogName:
    return LogName(device(name), number.to_bytes(8, "big"))


def heads(*points: tuple[LogName, int]) -> a.Heads:
    """Head lines for these logs and seqs, sorted; the entry ids are made up but always the same."""
    lines = [(log.device, log.number, seq, entry_at(log, seq)) for log, seq in points]
    return tuple(sorted(lines))


def entry_at(log: LogName, seq: int) -> bytes:
    return blake2b(log.device + log.number + seq.to_bytes(8, "big"), digest_size=32).digest()


class Chronicle:
    """Acts in the order they were written. By default each knows all before it and names its author's warrants."""

    def __init__(self, founder: str = "anne") -> None:
        self.acts: list[Act] = []
        self.warrants: dict[str, tuple[ActId, ...]] = {}
        self.persons: dict[str, PersonId] = {}
        founding = a.Found(device(RECOVERY), device(founder), keys(founder).seal_key)
        self.found = write_act(keys(founder), None, (), (), 0, founding)
        self.acts.append(self.found)
        self.warrants = {founder: (self.found.id,), RECOVERY: (self.found.id,)}
        self.persons[founder] = PersonId(self.found.id)

    @property
    def tips(self) -> list[ActId]:
        return list(fold(self.acts).tips)

    def office(self) -> Office:
        return fold(self.acts)

    def write(
        self,
        by: str,
        fields: a.Fields,
        *,
        after: Iterable[Act] | None = None,
        warrants: Iterable[ActId] | None = None,
    ) -> Act:
        """Any act; `after` None: all so far."""
        known = self.tips if after is None else [act.id for act in after]
        named = self.warrants[by] if warrants is None else warrants
        # The time makes two acts that say the same thing two acts.
        act = write_act(keys(by), self.found.office, known, named, len(self.acts), fields)
        self.acts.append(act)
        return act

    def admit(
        self, name: str, by: str = "anne", *, person: str = "", after: Iterable[Act] | None = None, again: bool = True
    ) -> Act:
        """Lets the device of that name in: as a new person, or as one known; its warrants are then this admission."""
        joiner = (device(name), keys(name).seal_key)
        act = self.write(by, a.Admit(self.persons[person] if person else a.NEW, (joiner,)), after=after)
        if not person:
            self.persons[name] = PersonId(act.id)
        if again or name not in self.warrants:
            self.warrants[name] = (act.id,)
        return act

    def role(
        self,
        person: str,
        role: Role = Role.KEYHOLDER,
        by: str = "anne",
        *,
        after: Iterable[Act] | None = None,
        of: str = "",
        heads: a.Heads = (),
    ) -> Act:
        """Gives a role; a keyholder's becomes a warrant of the device `of` (by default the person's first)."""
        act = self.write(by, a.Grant(self.persons[person], role, heads), after=after)
        if role is Role.KEYHOLDER:
            name = of or person
            admissions = [w for w in self.warrants[name] if not isinstance(self.act(w).fields, a.Grant)]
            self.warrants[name] = (*admissions, act.id)
        return act

    def remove(
        self,
        person: str = "",
        by: str = "anne",
        *,
        pc: str = "",
        after: Iterable[Act] | None = None,
        heads: a.Heads = (),
    ) -> Act:
        """Takes a person out, or one device (`pc`)."""
        fields = a.Remove(b"" if pc else self.persons[person], device(pc) if pc else b"", heads)
        return self.write(by, fields, after=after)

    def name(self, person: str, name: str, by: str = "anne", *, after: Iterable[Act] | None = None) -> Act:
        return self.write(by, a.Call(self.persons[person], name), after=after)

    def keyholder(self, name: str, by: str = "anne") -> tuple[Act, Act]:
        """A new person with the keys."""
        return self.admit(name, by), self.role(name, by=by)

    def act(self, ident: ActId) -> Act:
        return next(act for act in self.acts if act.id == ident)


def office_of(*names: str) -> Chronicle:
    """An office founded by anne where each of these is a keyholder."""
    chronicle = Chronicle()
    for name in names:
        chronicle.keyholder(name)
    return chronicle


def members(office: Office, names: Iterable[str]) -> set[str]:
    """Which of these devices are in."""
    return {name for name in names if office.is_in(device(name))}


def picture(office: Office) -> tuple[object, ...]:
    """All that an office says, to compare two."""
    return (
        office.id, office.name, dict(office.settings), office.recovery, list(office.acts), office.sound,
        office.standing, office.tips, office.digest, dict(office.persons), dict(office.devices),
        dict(office.seal_keys),
        {d: (office.admission_of(d), office.warrants(d, keyholder=True), office.chain(d)) for d in office.devices},
    )  # fmt: skip
