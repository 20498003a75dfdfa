"""What one carrier does, case by case; that all of them together keep the law is in test_law.py."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog.attention.outcome import Happened, back_off
from deskblog.attention.sender import ADDRESSES, SECONDS
from deskblog.attention.travel import (
    FRESH,
    HOUR,
    LEASE,
    MINUTE,
    QUIET,
    SETTLE,
    START,
    TURN,
    Decision,
    Due,
    Forward,
    Heard,
    Kind,
    Look,
    Sending,
    Sent,
    Step,
    choose_carrier,
    decide,
    failures,
    in_turn,
    is_broken,
    rank,
    spent,
)
from deskblog.records import replace

NOW = 1_763_000_000_000  # 2025-11-13, 02:13 UTC
RULE = Forward("rule", ("freemobile://1@secret",), frozenset(Kind), 10, ("A", "B", "C"))
DUE = Due("entry", NOW - HOUR, NOW - HOUR)
FIRST, SECOND, THIRD = in_turn("rule", "entry", RULE.carriers)
REST, CLAIM, SEND, SAY = Decision(Step.REST), Decision(Step.CLAIM), Decision(Step.SEND), Decision(Step.SAY)
CAPPED = Decision(Step.SAY, why=Happened.CAPPED)


def later(again: int) -> Decision:
    return Decision(Step.LATER, again)


def sending(carrier: str, ago: int, entry: str = "entry", forward: str = "rule") -> Heard:
    return Heard(Sending(forward, entry, carrier, NOW - ago), NOW - ago)


def sent(carrier: str, why: Happened, ago: int, entry: str = "entry", again: int = 0, forward: str = "rule") -> Heard:
    return Heard(Sent(forward, entry, carrier, NOW - ago, why, again), NOW - ago)


def look(me: str, *heard: Heard, here: str = "ABC", gone: int | None = NOW - HOUR, hour: int = 12,
         claimed: Sequence[str] = ("entry",)) -> Look:  # fmt: skip
    return Look(me, frozenset(here), gone, heard, NOW, hour, frozenset(claimed))


@pytest.mark.parametrize(
    ("what", "decision"),
    [
        (look(FIRST), CLAIM),
        (look(SECOND, gone=NOW - QUIET), later(NOW + TURN)),
        (look(THIRD, gone=NOW - QUIET), later(NOW + 2 * TURN)),
        (look(SECOND), CLAIM),  # the first has let its turn go by
        (look(SECOND, here=SECOND + THIRD, gone=NOW - QUIET), CLAIM),
        (look(FIRST, gone=NOW), later(NOW + QUIET)),
        (look(FIRST, gone=None), REST),
        (look("D", here="D"), REST),
        # at night
        (look(FIRST, hour=23), CLAIM),
        # somebody said it sends
        (look(FIRST, sending(SECOND, MINUTE)), later(NOW - MINUTE + LEASE)),
        (look(FIRST, sending("D", MINUTE)), CLAIM),  # nobody the rule names
        (look(FIRST, sending(SECOND, MINUTE, forward="older")), CLAIM),
        # one said so oneself
        (look(FIRST, sending(FIRST, 1000)), later(NOW - 1000 + SETTLE)),
        (look(FIRST, sending(FIRST, SETTLE)), SEND),
        (look(FIRST, sending(FIRST, SETTLE), gone=None), SAY),
        (look(FIRST, sending(FIRST, SETTLE), sending(SECOND, SETTLE)), SEND),
        (look(SECOND, sending(FIRST, SETTLE), sending(SECOND, SETTLE)), SAY),
        (look(SECOND, sending(FIRST, LEASE), sending(SECOND, SETTLE)), SEND),
        (look(FIRST, sending(FIRST, START - 1)), SEND),
        (look(FIRST, sending(FIRST, START)), SAY),  # a lid was closed in between
        (look(FIRST, sending(FIRST, SETTLE), claimed=()), later(NOW - SETTLE + LEASE)),  # it may have sent, and died
        # what came of it
        (look(FIRST, sending(SECOND, MINUTE), sent(SECOND, Happened.TAKEN, 0)), REST),
        (look(FIRST, sending(FIRST, MINUTE), sent(SECOND, Happened.TAKEN, 0)), SAY),
        (look(FIRST, sent(SECOND, Happened.PERHAPS, 0)), REST),
        (look(FIRST, sent(SECOND, Happened.DECLINED, 0)), REST),
        (look(FIRST, sent(SECOND, Happened.TOO_MANY, 0)), REST),
        (look(FIRST, sent(SECOND, Happened.CAPPED, 0)), REST),
        (look(FIRST, sent(SECOND, Happened.REFUSED, 0, "another")), REST),  # the credential is no good
        (look(FIRST, sent(SECOND, Happened.STOOD_BACK, 0)), CLAIM),
        (look(FIRST, sent(SECOND, Happened.TAKEN, 0, "another")), CLAIM),
        # tried again: the gateway is down for all, a line for one
        (look(FIRST, sent(SECOND, Happened.DOWN, 0, again=MINUTE)), later(NOW + MINUTE)),
        (look(FIRST, sent(SECOND, Happened.DOWN, MINUTE, again=MINUTE)), CLAIM),
        (look(FIRST, sent(SECOND, Happened.UNREACHABLE, 0, again=HOUR)), CLAIM),
        (look(FIRST, sent(FIRST, Happened.UNREACHABLE, 0, again=HOUR)), later(NOW + HOUR)),
        (look(SECOND, sent(FIRST, Happened.UNREACHABLE, 0, again=HOUR)), CLAIM),
        (look(FIRST, sent(FIRST, Happened.NOT_INSTALLED, HOUR)), REST),
        (look(SECOND, sent(FIRST, Happened.NOT_INSTALLED, 0)), CLAIM),
        # nothing was said as sent
        (look(SECOND, sending(FIRST, LEASE)), CLAIM),
        (look(THIRD, sending(FIRST, LEASE)), later(NOW + TURN)),
        (look(FIRST, sending(FIRST, LEASE), here=FIRST), CLAIM),
        (look(THIRD, sending(FIRST, 2 * HOUR), sending(SECOND, HOUR)), REST),  # it may be the entry
        # the month's cap
        (look(FIRST, *(sent(SECOND, Happened.TAKEN, 0, f"e{n}") for n in range(9))), CLAIM),
        (look(FIRST, *(sent(SECOND, Happened.TAKEN, 0, f"e{n}") for n in range(10))), CAPPED),
        (look(FIRST, *(sent(SECOND, Happened.PERHAPS, 0, f"e{n}") for n in range(10))), CAPPED),
        (look(FIRST, *(sent(SECOND, Happened.DECLINED, 0, f"e{n}") for n in range(10))), CLAIM),
        (look(FIRST, *(sending(SECOND, HOUR, f"e{n}") for n in range(10))), CAPPED),  # each may have been sent
        (look(FIRST, *(sent(SECOND, Happened.TAKEN, 13 * 24 * HOUR, f"e{n}") for n in range(10))), CLAIM),  # October
        (look(FIRST, *(sending(SECOND, 0, f"e{n}") for n in range(10))), later(NOW + MINUTE)),
        (look(FIRST, sending(FIRST, SETTLE), *(sending(SECOND, 0, f"a{n}") for n in range(10))),
         Decision(Step.SAY, why=Happened.STOOD_BACK)),  # said at once: the lower ids go first
        (look(FIRST, sending(FIRST, SETTLE), *(sending(SECOND, 0, f"z{n}") for n in range(10))), SEND),
        (look(FIRST, sending(FIRST, SETTLE), *(sending(SECOND, MINUTE, f"z{n}") for n in range(10))),
         Decision(Step.SAY, why=Happened.STOOD_BACK)),
    ],
)  # fmt: skip
def test_what_a_carrier_does(what: Look, decision: Decision) -> None:
    assert decide(RULE, DUE, what) == decision


def test_what_is_no_news_is_not_sent() -> None:
    assert decide(RULE, replace(DUE, seen=True), look(FIRST)) == REST
    assert decide(RULE, replace(DUE, seen=True), look(FIRST, sending(FIRST, SETTLE))) == SAY
    assert decide(RULE, replace(DUE, written=NOW - FRESH), look(FIRST)) == REST
    assert decide(RULE, replace(DUE, since=NOW), look(FIRST)) == CLAIM
    assert decide(RULE, replace(DUE, since=NOW), look(SECOND)) == later(NOW + TURN)


def test_it_rings_in_its_hours_alone() -> None:
    day, night = replace(RULE, from_hour=8, until=20), replace(RULE, from_hour=22, until=6)
    assert [hour for hour in range(24) if day.rings(hour)] == list(range(8, 20))
    assert [hour for hour in range(24) if night.rings(hour)] == [*range(6), 22, 23]
    assert all(RULE.rings(hour) and replace(RULE, from_hour=7, until=7).rings(hour) for hour in range(24))
    decision = decide(day, DUE, look(FIRST, hour=7))
    assert decision.step is Step.LATER and NOW < decision.again <= NOW + HOUR and decision.again % HOUR == 0


def test_a_changed_rule_is_tried_anew() -> None:
    refused = sent(FIRST, Happened.REFUSED, 0, "another")
    assert is_broken(RULE, [refused]) and not is_broken(replace(RULE, id="newer"), [refused])
    assert not is_broken(RULE, [sent("D", Happened.REFUSED, 0)]), "nobody the rule names"


def test_the_month_counts_what_was_sent_or_may_have_been() -> None:
    heard = [
        sending(FIRST, 3000, "a"), sent(FIRST, Happened.TAKEN, 2000, "a"),
        sent(SECOND, Happened.TAKEN, 1000, "a"),  # a double is two
        sending(FIRST, 3000, "b"), sent(FIRST, Happened.PERHAPS, 1000, "b"),
        sending(FIRST, 3000, "c"), sent(FIRST, Happened.DOWN, 1000, "c"), sending(SECOND, 1000, "c"),
        sending(FIRST, 3000, "d"), sent(FIRST, Happened.STOOD_BACK, 1000, "d"),
        sent(SECOND, Happened.TAKEN, 13 * 24 * HOUR, "e"), sent("D", Happened.TAKEN, 0, "f"),
    ]  # fmt: skip
    assert spent(RULE, heard, NOW) == 4
    assert spent(RULE, heard, NOW - 13 * 24 * HOUR) == 1
    assert failures(RULE, "c", heard) == 1 and failures(RULE, "a", heard) == 0


def test_a_clock_gone_mad_is_no_fault() -> None:
    mad = Heard(Sent("rule", "a", FIRST, 2**48, Happened.TAKEN), NOW)
    assert spent(RULE, [mad], NOW) == 0


def test_a_rule_does_not_show_its_credential() -> None:
    assert "secret" not in repr(RULE)


def test_all_addresses_are_through_while_a_claim_holds() -> None:
    assert START + SECONDS * 1000 * ADDRESSES < LEASE


IDS = st.text("0123456789abcdef", min_size=1, max_size=8)


@given(IDS, IDS, st.lists(IDS, max_size=8, unique=True), st.randoms())
def test_the_choice_is_the_same_for_all(forward: str, entry: str, carriers: list[str], dice: object) -> None:
    shuffled = sorted(carriers, key=lambda one: hash((id(dice), one)))
    chosen = choose_carrier(forward, entry, carriers)
    assert chosen == choose_carrier(forward, entry, shuffled)
    assert (chosen is None) == (not carriers)


@given(IDS, st.lists(IDS, min_size=2, max_size=8, unique=True))
def test_who_leaves_moves_only_its_own_entries(forward: str, carriers: list[str]) -> None:
    left = carriers[:-1]
    for number in range(20):
        before = choose_carrier(forward, str(number), carriers)
        assert before == carriers[-1] or before == choose_carrier(forward, str(number), left)


def test_the_work_is_spread() -> None:
    chosen = [choose_carrier("rule", str(number), "ABCD") for number in range(400)]
    assert all(60 < chosen.count(one) < 140 for one in "ABCD")
    assert rank("rule", "1", "A") != rank("rule", "1A", "")


def test_who_tried_comes_after_who_did_not() -> None:
    assert choose_carrier("rule", "entry", "ABC", [FIRST]) == SECOND
    assert choose_carrier("rule", "entry", "ABC", [FIRST, SECOND, THIRD]) == FIRST
    assert choose_carrier("rule", "entry", [], [FIRST]) is None


def test_it_waits_longer_each_time() -> None:
    assert [back_off(tries, 0.5) // MINUTE for tries in (1, 2, 3, 4, 5, 50)] == [1, 4, 16, 60, 60, 60]
    assert back_off(1, 0.0) == MINUTE // 2 and back_off(1, 1.0) == MINUTE * 3 // 2
