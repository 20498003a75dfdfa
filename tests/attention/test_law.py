"""Of one entry, one message, whatever carriers believe, hear late or not, whoever dies (travel.py, "The law")."""

from __future__ import annotations

from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from deskblog.attention.outcome import Happened
from deskblog.attention.travel import HOUR, LEASE, MINUTE, QUIET, TURN, spent
from tests.attention.carriers import SENDING, START, Parts, World, rule

DICE = st.integers(0, 2**32).map(Random)
PASSES = (Happened.TAKEN, Happened.PERHAPS, Happened.DOWN, Happened.UNREACHABLE, Happened.NOT_INSTALLED)
LONG = 6 * HOUR


def world(dice: Random, carriers: int, *, entries: int = 1, cap: int = 100, cuts: tuple[tuple[int, Parts], ...] = (),
          gateway: tuple[Happened, ...] = PASSES, blind: bool = True, back: int | None = None) -> World:  # fmt: skip
    """`blind`: what carriers believe of who is here is a guess."""

    def here(_name: str, true: frozenset[str]) -> frozenset[str]:
        return frozenset(one for one in forward.carriers if dice.random() < 0.5) if blind else true

    forward = rule(carriers, cap)
    names = [f"entry {number}" for number in range(entries)]
    return World(forward, names, dice, cuts, lambda _name: dice.choice(gateway), here, back)


@given(DICE, st.integers(1, 5))
def test_who_hear_each_other_send_once(dice: Random, carriers: int) -> None:
    made = world(dice, carriers)
    made.run(LONG)
    assert made.times("entry 0") <= 1


@given(DICE, st.integers(1, 5))
def test_it_does_go_out_and_soon(dice: Random, carriers: int) -> None:
    made = world(dice, carriers, gateway=(Happened.TAKEN,), blind=False)
    made.run(QUIET + TURN + MINUTE + SENDING)
    assert made.times("entry 0") == 1


@given(DICE, st.integers(2, 5))
def test_a_gateway_that_is_down_for_a_while_only_delays_it(dice: Random, carriers: int) -> None:
    made = world(dice, carriers, blind=False)
    calls = iter([Happened.DOWN, Happened.UNREACHABLE, Happened.DOWN])
    made.gateway = lambda _name: next(calls, Happened.TAKEN)
    made.run(LONG)
    assert made.times("entry 0") == 1 and len(made.begun) == 4


@given(DICE, st.integers(2, 5), st.data())
def test_cut_in_parts_each_sends_once_at_most(dice: Random, carriers: int, data: st.DataObject) -> None:
    names = rule(carriers).carriers
    where = data.draw(st.lists(st.integers(0, 3), min_size=carriers, max_size=carriers))
    parts = split(names, where)
    healed = data.draw(st.integers(1, LONG))
    made = world(dice, carriers, cuts=((0, parts), (healed, (frozenset(names),))))
    made.run(LONG + HOUR)
    assert made.times("entry 0") <= len(parts)


@given(DICE, st.integers(2, 5), st.data())
def test_wandering_between_two_parts_makes_one_double_beside_what_is_taken_over(
    dice: Random, carriers: int, data: st.DataObject
) -> None:
    names = rule(carriers).carriers
    sides = st.lists(st.integers(0, 1), min_size=carriers, max_size=carriers)
    cuts, when = [], 0
    for where in data.draw(st.lists(sides, max_size=6)):
        cuts.append((when, split(names, where)))
        when += data.draw(st.integers(MINUTE, 10 * MINUTE))
    made = world(dice, carriers, cuts=tuple(cuts))
    made.run(LONG)
    assert sum(not one.took_over for one in made.taken) <= 2


@given(DICE, st.integers(2, 5), st.data())
def test_two_send_only_if_one_had_not_heard_the_other(dice: Random, carriers: int, data: st.DataObject) -> None:
    """The exact law, for parts that change at any pace."""
    names = rule(carriers).carriers
    sides = st.lists(st.integers(0, 3), min_size=carriers, max_size=carriers)
    cuts, when = [], 0
    for where in data.draw(st.lists(sides, max_size=8)):
        cuts.append((when, split(names, where)))
        when += data.draw(st.integers(1, 3 * MINUTE))
    made = world(dice, carriers, cuts=(*cuts, (when, (frozenset(names),))))
    made.run(LONG)
    for one, other in combinations([one for one in made.taken if not one.took_over], 2):
        assert one.carrier not in other.had_heard or other.carrier not in one.had_heard


@given(DICE, st.integers(2, 5), st.data())
def test_who_dies_while_sending_makes_one_double_at_most(dice: Random, carriers: int, data: st.DataObject) -> None:
    made = world(dice, carriers)
    died = data.draw(st.integers(0, 30 * MINUTE))
    again = data.draw(st.none() | st.integers(died + 1, died + HOUR))
    made.kill("A", died, again)
    made.run(LONG)
    assert made.times("entry 0") <= 2


@given(DICE, st.integers(2, 4))
def test_who_is_dead_is_passed_over(dice: Random, carriers: int) -> None:
    """Who dies as it begins to send is waited for a lease long, then the next sends."""
    made = world(dice, carriers, blind=False)
    died: list[str] = []

    def gateway(name: str) -> Happened:
        if not died:
            died.append(name)
            made.kill(name, made.now - START, None)
        return Happened.TAKEN

    made.gateway = gateway
    made.run(QUIET + LEASE + 3 * MINUTE + SENDING)
    assert [one.carrier for one in made.taken] not in ([], died) and len(made.taken) == 1


@given(DICE, st.integers(1, 4), st.integers(0, 5), st.integers(1, 6))
def test_the_cap_holds_where_all_hear_each_other(dice: Random, carriers: int, cap: int, entries: int) -> None:
    made = world(dice, carriers, entries=entries, cap=cap)
    made.run(LONG)
    assert len(made.taken) <= cap
    assert all(spent(made.forward, one.heard, made.now) <= cap for one in made.carriers.values())


@given(DICE, st.integers(1, 4), st.integers(0, 5), st.integers(1, 6))
def test_the_cap_is_used_up_before_anything_is_left_unsent(
    dice: Random, carriers: int, cap: int, entries: int
) -> None:
    made = world(dice, carriers, entries=entries, cap=cap, gateway=(Happened.TAKEN,), blind=False)
    made.run(LONG)
    assert len(made.taken) == min(cap, entries)


@given(DICE, st.integers(1, 5), st.integers(0, 10 * MINUTE))
def test_nothing_is_begun_once_the_person_is_back(dice: Random, carriers: int, back: int) -> None:
    made = world(dice, carriers, back=back)
    made.run(LONG)
    assert all(begun < back for begun in made.begun)


def split(names: tuple[str, ...], where: list[int]) -> Parts:
    return tuple(
        frozenset(name for name, one in zip(names, where, strict=True) if one == side) for side in sorted(set(where))
    )


def test_the_world_starts_within_a_month() -> None:
    assert spent(rule(1), [], START) == spent(rule(1), [], START + LONG) == 0
