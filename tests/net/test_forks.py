"""Forks over links: two copies of a device, what each office PC makes of it, and how it heals."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.engine.pen import Pen
from deskblog.log import act as a
from deskblog.log import kinds
from deskblog.log.act import Act, write_act
from deskblog.net import messages as m
from deskblog.store.store import Stretch
from deskblog.values import LogName, Point
from tests.net.sides import Side, heads_of, office_of, pair, run


def texts(side: Side) -> set[str]:
    return {row.text for row in side.store.timeline(limit=10_000).rows}


def meet(*sides: Side) -> None:
    """Each links with each, until nobody learns anything more."""
    for _round in range(2):
        for one, other in itertools.combinations(sides, 2):
            pair(one, other)
            run(one, other)
            assert not one.closed and not other.closed


def clone(side: Side) -> Side:
    """A copy of a device's store that nobody noticed to be one: it goes on in the same log."""
    twin = Side(side.keys, tuple(side.acts))
    pair(twin, Side(side.keys, tuple(side.acts)))
    for log, ends in side.store.heads(side.office).items():
        after: tuple[Point, ...] = ()
        while isinstance(found := side.store.read_run(log, after, ends.leaves[-1], side.office), Stretch):
            twin.keep(log, found, dict(side.store.bodies(found.ids)))
            held = twin.replica.heads.ends(log)
            assert held is not None
            after = (held.leaves[-1],)
    twin.store.put("own-log", side.store.get("own-log"))
    twin.pen = Pen(twin.keys, twin.store, lambda: twin.time, secrets.token_bytes)
    twin.time = side.time + 500
    return twin


def office(count: int = 3) -> list[Side]:
    keys, acts = office_of(*(f"P{n}" for n in range(1, count)))
    return [Side(mine, acts) for mine in keys]


def equal(*sides: Side) -> None:
    first = heads_of(sides[0])
    for side in sides[1:]:
        assert heads_of(side) == first
    assert len({frozenset(texts(side)) for side in sides}) == 1


def drawn(number: bytes) -> Callable[[int], bytes]:
    """Dice that draw one log number again, as those of a snapshot may."""
    return lambda n: number if n == len(number) else secrets.token_bytes(n)


def remove(side: Side, person: bytes, heads: a.Heads = ()) -> Act:
    warrants = side.office.warrants(side.keys.device, keyholder=True)
    assert warrants is not None
    return write_act(side.keys, side.office.id, side.office.tips, warrants, 9, a.Remove(person, b"", heads))


def test_what_lies_past_a_fork_counts_for_nobody_until_it_is_claimed() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    paul.write("here")
    twin.write("there")
    pair(anne, paul)
    run(anne, paul)
    pair(karim, twin)
    run(karim, twin)
    assert texts(anne) == {"before", "here"} and texts(karim) == {"before", "there"}
    meet(anne, karim)
    equal(anne, karim)
    assert texts(anne) == {"before"}
    (ends,) = anne.store.heads(anne.office).values()
    assert ends.fork == 3 and len(ends.aside) == 2


def test_a_device_that_sees_a_proof_against_itself_claims_both_ends_and_nothing_is_lost() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    paul.write("here")
    twin.write("there")
    meet(anne, paul)
    pair(karim, twin)
    run(karim, twin)
    meet(anne, karim, paul)
    paul.claim()
    meet(anne, karim, paul)
    equal(anne, karim, paul)
    assert texts(anne) == {"before", "here", "there"}


def test_two_copies_that_both_claim_go_on_in_logs_of_their_own() -> None:
    anne, paul = office(2)
    paul.write("before")
    twin = clone(paul)
    for n in range(3):
        paul.write(f"here {n}")
        twin.write(f"there {n}")
    meet(anne, paul)
    meet(anne, twin)
    meet(anne, paul)
    for side in (paul, twin):
        assert side.ahead, "somebody holds more of my log than I"
        side.pen.turn()
        side.claim()
    meet(anne, twin)
    meet(anne, paul)
    paul.write("after, here")
    twin.write("after, there")
    meet(anne, twin)
    meet(anne, paul)
    meet(anne, twin)
    equal(anne, paul, twin)
    assert {"after, here", "after, there", "here 2", "there 2"} <= texts(anne)
    written = {side.pen.log for side in (paul, twin)}
    assert len(written) == 2


def test_a_restored_device_that_opens_a_new_log_never_forks_and_gets_back_what_it_lost() -> None:
    anne, paul = office(2)
    paul.write("in the backup")
    restored = clone(paul)
    paul.write("after the backup")
    meet(anne, paul)
    restored.pen.turn()  # as the store's mark has it done
    restored.write("written before any colleague was met")
    meet(anne, restored)
    equal(anne, restored)
    assert texts(restored) == {"in the backup", "after the backup", "written before any colleague was met"}
    assert all(ends.fork == 0 for ends in anne.store.heads(anne.office).values())
    assert restored.claim() == []


def test_a_fork_far_back_is_found_without_fetching_the_log_again() -> None:
    anne, paul, karim = office()
    for n in range(900):
        paul.write(f"{n}")
    twin = clone(paul)
    for n in range(40):
        paul.write(f"here {n}")
    for n in range(60):
        twin.write(f"there {n}")
    meet(anne, paul)
    pair(karim, twin)
    run(karim, twin)
    before = anne.runs + karim.runs
    pair(anne, karim)
    run(anne, karim)
    assert anne.runs + karim.runs - before <= 4
    equal(anne, karim)
    (ends,) = anne.store.heads(anne.office).values()
    assert ends.fork == 902


def test_a_fork_at_the_opening_entry_counts_only_as_far_as_it_is_claimed() -> None:
    anne, paul, karim = office()
    number = secrets.token_bytes(8)
    twin = Side(paul.keys, tuple(paul.acts))
    twin.time += 7
    for side, text in ((paul, "here"), (twin, "there")):
        side.pen = Pen(side.keys, side.store, lambda held=side: held.time, drawn(number))  # type: ignore[misc]
        side.write(text)
    pair(anne, paul)
    run(anne, paul)
    pair(karim, twin)
    run(karim, twin)
    meet(anne, karim)
    equal(anne, karim)
    assert texts(anne) == set()
    meet(anne, paul)
    paul.pen.turn()
    paul.pen = Pen(paul.keys, paul.store, lambda: paul.time, secrets.token_bytes)
    paul.claim()
    meet(anne, paul, karim)
    equal(anne, paul, karim)
    assert texts(karim) == {"here", "there"}


def test_no_more_than_four_claimed_ends_count_the_lowest_ids_alike_everywhere() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twins = [clone(paul) for _n in range(6)]
    for n, twin in enumerate(twins):
        twin.write(f"copy {n}")
        meet(anne, twin)
    meet(anne, karim)
    meet(anne, paul)
    paul.pen.turn()
    paul.claim()
    meet(anne, paul, karim)
    equal(anne, paul, karim)
    assert len(texts(anne)) == 1 + limits.CLAIMED
    assert paul.claim() == [], "more of them than can ever count are claimed once"


def test_a_keyholder_can_vouch_for_an_end_the_device_never_claims() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    paul.write("here")
    entry, _signature, _body = twin.write("there")
    meet(anne, paul)
    meet(karim, twin)
    meet(anne, karim)
    warrants = anne.office.warrants(anne.keys.device, keyholder=True)
    assert warrants is not None
    line = (paul.keys.device, entry.header.number, entry.header.seq, entry.id)
    border = write_act(anne.keys, anne.office.id, anne.office.tips, warrants, 9, a.Border((line,)))
    anne.take(border)
    meet(anne, karim)
    equal(anne, karim)
    assert texts(karim) == {"before", "there"}


def test_a_claim_of_a_log_that_is_not_among_the_elders_or_of_another_device_claims_nothing() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    entry, _s, _b = paul.write("here")
    twin.write("there")
    point = (entry.header.number, entry.header.seq, entry.id)
    karim.write("opens a log")
    karim.say(kinds.Claim((point,)))
    paul.say(kinds.Claim((point,)))  # in the very log it claims
    meet(anne, karim)
    pair(anne, paul)
    run(anne, paul)
    pair(anne, twin)
    run(anne, twin)
    assert texts(anne) == {"before", "opens a log"}


def test_of_a_removed_device_only_what_its_border_names_counts_whatever_it_claims() -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    paul.write("here")
    twin.write("there")
    meet(anne, paul)
    point = paul.store.heads(paul.office)[paul.pen.log].counted[0]  # type: ignore[index]
    assert paul.pen.log is not None
    line = (paul.keys.device, paul.pen.log.number, point.seq, point.id)
    removal = remove(anne, anne.office.devices[paul.keys.device], (line,))
    karim_first = Side(karim.keys, tuple(karim.acts))
    pair(karim_first, twin)
    run(karim_first, twin)
    anne.take(removal)
    meet(anne, karim_first)
    equal(anne, karim_first)
    assert texts(karim_first) == {"before", "here"}
    (ends,) = karim_first.store.heads(karim_first.office).values()
    assert ends.aside and ends.limit == 3 and ends.fork == 0


def test_late_entries_of_a_removed_person_reach_keyholders_and_nobody_else() -> None:
    anne, paul, karim, lena = office(4)
    for n in range(3):
        paul.write(f"in time {n}")
    meet(anne, paul)
    (log,) = anne.store.heads(anne.office)
    point = anne.store.heads(anne.office)[log].counted[0]
    paul.write("late")
    meet(karim, paul)
    removal = remove(anne, anne.office.devices[paul.keys.device], ((log.device, log.number, point.seq, point.id),))
    anne.take(removal)
    meet(anne, karim)
    meet(karim, lena)
    meet(anne, lena)
    equal(anne, karim, lena)
    assert "late" not in texts(anne)
    assert held(anne, log) == held(karim, log) == 5, "who keeps the letter box, and who had it anyway"
    assert held(lena, log) == 4
    ends = anne.store.heads(anne.office)[log]
    late = ends.aside[0]
    warrants = anne.office.warrants(anne.keys.device, keyholder=True)
    assert warrants is not None
    line = (log.device, log.number, late.seq, late.id)
    anne.take(write_act(anne.keys, anne.office.id, anne.office.tips, warrants, 9, a.Border((line,))))
    meet(anne, karim, lena)
    equal(anne, karim, lena)
    assert "late" in texts(lena)


def held(side: Side, log: LogName) -> int:
    ends = side.store.heads(side.office).get(log)
    return ends.leaves[-1].seq if ends else 0


@given(
    st.lists(st.sampled_from(["paul", "twin", "meet paul", "meet twin", "across", "claim"]), max_size=14),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_whatever_two_copies_do_nothing_that_reached_a_colleague_is_lost(steps: list[str], late: bool) -> None:
    anne, paul, karim = office()
    paul.write("before")
    twin = clone(paul)
    said = {"before"}
    for n, step in enumerate(steps):
        match step:
            case "paul" | "twin":
                side = paul if step == "paul" else twin
                side.write(f"{step} {n}")
                said.add(f"{step} {n}")
            case "meet paul":
                meet(anne, paul)
            case "meet twin":
                meet(karim, twin)
            case "across":
                meet(anne, karim)
            case _ if late:
                paul.claim()
    for _again in range(3):
        for side in (paul, twin):
            meet(anne, side)
            meet(karim, side)
            for log in side.ahead:
                if side.pen.log == log:
                    side.pen.turn()
            side.claim()
        meet(anne, karim)
    meet(anne, paul, karim)
    meet(anne, twin, karim)
    meet(anne, paul, karim)
    equal(anne, karim, paul, twin)
    assert texts(anne) == said


@pytest.mark.parametrize("answer", ["run of nothing", "another start", "beyond"])
def test_an_answer_to_a_located_want_that_does_not_hang_there_is_the_peers_fault(answer: str) -> None:
    from deskblog.errors import PeerError

    anne, paul = office(2)
    paul.write("one")
    paul.write("two")
    pair(anne, paul)
    anne.carry_out(anne.session.receive(m.Acts((), more=False)))
    anne.carry_out(anne.session.receive(m.Heads((), more=False)))
    assert paul.pen.log is not None
    point = paul.store.head(paul.pen.log)
    assert point is not None
    line = (paul.keys.device, paul.pen.log.number, point.seq, point.id)
    anne.carry_out(anne.session.receive(m.Have((line,))))
    found = paul.store.read_run(paul.pen.log, (), point, paul.office)
    assert isinstance(found, Stretch)
    start = {"run of nothing": 1, "another start": 2, "beyond": 7}[answer]
    headers = () if answer == "run of nothing" else found.headers
    said = m.RunSent(paul.keys.device, paul.pen.log.number, start, headers, found.signature)
    if answer == "run of nothing":
        anne.carry_out(anne.session.receive(said))
        assert not anne.replica.fetching
        return
    with pytest.raises(PeerError):
        anne.session.receive(said)


def test_logs_past_the_four_of_an_ordinal_are_not_part_of_the_office() -> None:
    anne, paul = office(2)
    pens = []
    for n in range(6):
        side = Side(paul.keys, tuple(paul.acts))
        side.write(f"log {n}")
        pens.append(side)
    for side in pens:
        meet(anne, side)
    other = Side(anne.keys, tuple(anne.acts))
    for side in reversed(pens):
        meet(other, side)
    assert len(texts(anne)) == limits.LOGS_ORDINAL
    assert texts(anne) == texts(other)
    equal(anne, other)
