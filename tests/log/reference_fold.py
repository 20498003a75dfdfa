"""The oracle: the fold in its plainest words, for tests alone. Slow, short and written apart from deskblog.log.fold.

It knows found, admit, remove and role, and says which acts are sound, which stand and which devices are in. Where the
two differ one of them is wrong; docs/protocol.md, section 3, decides which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KEYHOLDER = 2


@dataclass(frozen=True)
class Act:
    """`kind` is found, admit, remove or role."""

    by: str
    after: tuple[str, ...]
    warrants: tuple[str, ...]
    kind: str
    person: str = ""
    devices: tuple[str, ...] = ()  # let in
    device: str = ""  # taken out alone
    role: int = 0

    @property
    def admits(self) -> bool:
        return self.kind in ("found", "admit")

    @property
    def removes(self) -> bool:
        return self.kind == "remove" or (self.kind == "role" and self.role < KEYHOLDER)


@dataclass(frozen=True)
class Outcome:
    sound: frozenset[str]
    standing: frozenset[str]
    devices: frozenset[str]


def fold(acts: Mapping[str, Act], recovery: str) -> Outcome:
    """The outcome of a set of acts that is closed under `after`."""
    return _Fold(acts, recovery).outcome()


class _Fold:
    def __init__(self, acts: Mapping[str, Act], recovery: str) -> None:
        self.acts = acts
        self.recovery = recovery
        self.past: dict[str, set[str]] = {}
        self.chain: dict[str, set[str]] = {}  # of each sound act: itself, its warrants, theirs …
        order: list[str] = []
        while len(order) < len(acts):
            for ident, act in acts.items():
                if ident not in self.past and all(parent in self.past for parent in act.after):
                    self.past[ident] = set(act.after).union(*(self.past[parent] for parent in act.after))
                    order.append(ident)
        for ident in order:
            if self.is_sound(ident):
                self.chain[ident] = {ident}.union(*(self.chain[w] for w in acts[ident].warrants))

    def is_sound(self, ident: str) -> bool:
        act = self.acts[ident]
        if act.kind == "found":
            return True
        if not act.warrants or not all(w in self.chain and w in self.past[ident] for w in act.warrants):
            return False
        if act.by == self.recovery:
            return any(self.acts[w].kind == "found" for w in act.warrants)
        person = self.person_of_author(act)
        return person is not None and (not self.needs_power(ident) or bool(self.power_of(act, person)))

    def needs_power(self, ident: str) -> bool:
        """Of a sound act; anyone may remove themselves, or a PC they know as theirs."""
        act = self.acts[ident]
        if act.kind == "found":
            return False
        person = self.person_of_author(act)
        if act.kind != "remove" or person is None:
            return True
        if not act.device:
            return act.person != person
        known = [self.acts[i] for i in self.past[ident] if i in self.chain and self.acts[i].admits]
        return not any(one.person == person and act.device in one.devices for one in known)

    def person_of_author(self, act: Act) -> str | None:
        for w in act.warrants:
            if self.acts[w].admits and act.by in self.acts[w].devices:
                return self.acts[w].person
        return None

    def power_of(self, act: Act, person: str | None) -> list[str]:
        """What gives the power: role acts if any are named, else the founding."""
        own = [w for w in act.warrants if self.acts[w].person == person]
        roles = [w for w in own if self.acts[w].kind == "role" and self.acts[w].role == KEYHOLDER]
        return roles or [w for w in own if self.acts[w].kind == "found"]

    def taken(self, removal: Act) -> set[str]:
        if removal.device:
            return {removal.device} - {self.recovery}
        admissions = [
            self.acts[i] for i in self.chain if self.acts[i].admits and self.acts[i].person == removal.person
        ]
        return {device for act in admissions for device in act.devices} - {self.recovery}

    def cuts(self, r: str, e: str) -> bool:
        removal = self.acts[r]
        lowering = removal.kind == "role"
        for f in self.chain[e]:
            act = self.acts[f]
            if (
                f == r
                or f in self.past[r]
                or act.by not in self.taken(removal)
                or (lowering and not self.needs_power(f))
            ):
                continue
            warrants = self.power_of(act, self.person_of_author(act)) if lowering else act.warrants
            if not all(r in self.past[w] for w in warrants):
                return r != e
        return False

    def outcome(self) -> Outcome:
        removals = sorted(i for i in self.chain if self.acts[i].removes)
        cut = {r: {e for e in self.chain if self.cuts(r, e)} for r in removals}
        against = {s: {r for r in removals if s in cut[r] and r not in cut[s]} for s in removals}
        accepted: set[str] = set()
        rejected: set[str] = set()
        changed = True
        while changed:
            changed = False
            for r in set(removals) - accepted - rejected:
                if against[r] & accepted:
                    rejected.add(r)
                    changed = True
                elif against[r] <= rejected:
                    accepted.add(r)
                    changed = True
        accepted = set(removals) - rejected
        void = {e for r in accepted for e in cut[r]}
        standing = accepted | {e for e in self.chain if e not in void and not self.acts[e].removes}
        return Outcome(frozenset(self.chain), frozenset(standing), frozenset(self.devices_in(accepted, standing)))

    def devices_in(self, accepted: set[str], standing: set[str]) -> set[str]:
        removed = [r for r in accepted if self.acts[r].kind == "remove"]
        return {
            device
            for e in standing
            if self.acts[e].admits
            for device in self.acts[e].devices
            if all(r in self.past[e] for r in removed if device in self.taken(self.acts[r]))
        }
