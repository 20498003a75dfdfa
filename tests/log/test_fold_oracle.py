"""The fold against the reference model, on histories of every shape."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog.log import act as a
from deskblog.log.act import Act
from deskblog.log.fold import _settle
from deskblog.log.graph import Graph
from deskblog.log.office import fold
from deskblog.values import ActId, PersonId, Role
from tests.log import reference_fold as reference
from tests.log.chronicle import RECOVERY, Chronicle, device, keys, picture

histories = st.builds(lambda seed, size: (seed, size), st.integers(0, 2**32), st.integers(3, 36))


class Turmoil:
    """A random history: admissions, second PCs, roles up and down, removals, returns; half of it concurrent."""

    def __init__(self, seed: int, size: int) -> None:
        self.dice = Random(seed)
        self.book = Chronicle()
        self.owner = {"anne": "anne"}  # of a device: the person's name here
        for step in range(size):
            self.step(f"pc{step}")

    def step(self, fresh: str) -> None:
        dice = self.dice
        by = RECOVERY if dice.random() < 0.08 else dice.choice(list(self.owner))
        pc = dice.choice(list(self.owner))
        person = self.owner[pc]
        after = self.some_past(by, self.book.persons[person])
        choice = dice.random()
        if choice < 0.3:
            self.admit(fresh, by, after, person if dice.random() < 0.3 else "")
        elif choice < 0.4:
            self.book.admit(pc, by, person=person, after=after, again=dice.random() < 0.8)
        elif choice < 0.62:
            self.book.role(person, by=by, after=after, of=pc)
        elif choice < 0.75:
            self.book.role(person, dice.choice([Role.MEMBER, Role.ANNOUNCER]), by, after=after)
        elif choice < 0.92:
            alone = dice.random() < 0.4
            self.book.remove(person, by, pc=pc if alone else "", after=after)
        else:
            self.book.write(by, a.Admit(a.NEW, ((device(fresh), keys(fresh).seal_key),)), warrants=self.any_acts(2))

    def admit(self, fresh: str, by: str, after: list[Act], person: str) -> None:
        self.book.admit(fresh, by, person=person, after=after)
        self.owner[fresh] = person or fresh

    def some_past(self, by: str, person: PersonId) -> list[Act]:
        """One to three acts, and mostly the warrants and the person's admission, so that most acts are sound."""
        some = [self.book.act(ident) for ident in self.any_acts(3)]
        if self.dice.random() < 0.5:
            some += [self.book.act(ident) for ident in self.book.tips[:4]]
        if self.dice.random() < 0.95:
            some += [self.book.act(ident) for ident in self.book.warrants[by]]
        return [*some, self.book.act(ActId(person))]

    def any_acts(self, most: int) -> list[ActId]:
        count = self.dice.randint(1, min(most, len(self.book.acts)))
        return [act.id for act in self.dice.sample(self.book.acts, count)]

    def as_reference(self) -> dict[str, reference.Act]:
        return {act.id.hex(): self.translated(act) for act in self.book.acts}

    def translated(self, act: Act) -> reference.Act:
        after = tuple(ident.hex() for ident in act.after)
        warrants = tuple(ident.hex() for ident in act.warrants)
        by = act.author.hex()
        fields = act.fields
        if isinstance(fields, a.Found):
            return reference.Act(by, after, warrants, "found", act.id.hex(), (fields.device.hex(),))
        if isinstance(fields, a.Admit):
            devices = tuple(key.hex() for key, _seal in fields.devices)
            return reference.Act(by, after, warrants, "admit", (fields.person or act.id).hex(), devices)
        if isinstance(fields, a.Grant):
            return reference.Act(by, after, warrants, "role", fields.person.hex(), role=fields.role)
        assert isinstance(fields, a.Remove)
        return reference.Act(by, after, warrants, "remove", fields.person.hex(), device=fields.device.hex())


def hexes(ids: Iterable[bytes]) -> frozenset[str]:
    return frozenset(ident.hex() for ident in ids)


@settings(max_examples=120)
@given(histories)
def test_the_fold_says_what_the_reference_says(history: tuple[int, int]) -> None:
    turmoil = Turmoil(*history)
    office = fold(turmoil.book.acts)
    expected = reference.fold(turmoil.as_reference(), device(RECOVERY).hex())
    assert hexes(office.sound) == expected.sound
    assert hexes(office.standing) == expected.standing
    assert hexes(office.devices) == expected.devices


@settings(max_examples=40)
@given(histories, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_office(history: tuple[int, int], dice: Random) -> None:
    acts = Turmoil(*history).book.acts
    first = fold(acts)
    shuffled = dice.sample(acts, len(acts))
    again = fold(shuffled)
    assert again == first
    assert picture(again) == picture(first)


@settings(max_examples=60)
@given(histories)
def test_what_a_device_is_told_it_may_write_stands_when_written(history: tuple[int, int]) -> None:
    turmoil = Turmoil(*history)
    office = fold(turmoil.book.acts)
    for pc in [*turmoil.owner, RECOVERY]:
        keyholders = office.warrants(device(pc), keyholder=True)
        if keyholders is not None:
            act = turmoil.book.write(pc, a.Rule("Le Bureau"), warrants=keyholders)
            assert act.id in turmoil.book.office().standing
        plain = office.warrants(device(pc), keyholder=False)
        assert (plain is not None) == (office.is_in(device(pc)) or pc == RECOVERY)
        if plain is not None:
            name = a.Call(office.devices.get(device(pc), office.id), "Anne")
            act = turmoil.book.write(pc, name, warrants=plain)
            assert act.id in turmoil.book.office().standing


@settings(max_examples=40)
@given(histories)
def test_who_is_said_to_have_been_removed_is_kept_out_by_a_standing_removal(history: tuple[int, int]) -> None:
    turmoil = Turmoil(*history)
    office = fold(turmoil.book.acts)
    for pc in turmoil.owner:
        removal = office.was_removed(device(pc))
        if removal is not None:
            assert removal.id in office.standing and not office.is_in(device(pc))


@settings(max_examples=40)
@given(histories)
def test_a_chain_vouches_for_its_device_alone(history: tuple[int, int]) -> None:
    turmoil = Turmoil(*history)
    office = fold(turmoil.book.acts)
    for key in office.devices:
        chain = office.chain(key)
        seen: set[bytes] = set()
        for act in chain:
            assert seen.issuperset(act.warrants)
            assert act.id in office.standing
            seen.add(act.id)
        assert chain[0] is turmoil.book.found
        assert office.admission_of(key) in seen


@settings(max_examples=40)
@given(histories, st.randoms(use_true_random=False))
def test_what_is_missing_for_tips_and_what_they_know_make_the_whole(history: tuple[int, int], dice: Random) -> None:
    acts = Turmoil(*history).book.acts
    office = fold(acts)
    place = dice.randint(1, len(acts))
    theirs = fold(acts[:place])
    missing = office.missing_for(theirs.tips)
    assert {act.id for act in missing} == office.acts.keys() - theirs.acts.keys()
    assert fold([*theirs.acts.values(), *missing]) == office


@settings(max_examples=40)
@given(histories, st.randoms(use_true_random=False))
def test_the_latest_of_some_acts_are_those_none_of_them_comes_after(history: tuple[int, int], dice: Random) -> None:
    graph = Graph(Turmoil(*history).book.acts)
    some = dice.sample(list(graph.acts.values()), dice.randint(0, len(graph.acts)))
    expected = {one.id for one in some if not any(graph.knew(other.id, one.id) for other in some)}
    assert {act.id for act in graph.latest(some)} == expected


def settled(against: dict[ActId, list[ActId]]) -> set[ActId]:
    """What stands, by the words of the rule."""
    accepted: set[ActId] = set()
    rejected: set[ActId] = set()
    while True:
        undecided = against.keys() - accepted - rejected
        more = {one for one in undecided if rejected.issuperset(against[one])}
        fewer = {one for one in undecided if not accepted.isdisjoint(against[one])}
        if not more and not fewer:
            return accepted | undecided
        accepted |= more
        rejected |= fewer


@settings(max_examples=150)
@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25))
def test_removals_settle_as_the_rule_says_in_every_tangle(blows: set[tuple[int, int]]) -> None:
    names = [ActId(bytes([n])) for n in range(10)]
    against: dict[ActId, list[ActId]] = {name: [] for name in names}
    for by, struck in sorted(blows):
        if (struck, by) not in blows:
            against[names[struck]].append(names[by])
    assert _settle(against) == settled(against)
