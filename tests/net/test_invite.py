"""Joining: only who knows the words gets in, three tries are all there are, and a welcome must prove itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, TooLarge
from deskblog.log import charter
from deskblog.log.act import Act, Remove, write_act
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import fold
from deskblog.net import messages as m
from deskblog.net.code import Code, make_code
from deskblog.net.invite import Ends, Inviter, Joiner, State, Tries, WrongCode, check_welcome, welcome_messages
from deskblog.records import replace
from deskblog.values import ActId, DeviceKey

CODE = make_code(b"\x01" * 8, "en")
WRONG = make_code(b"\x02" * 8, "en")


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Meeting:
    """A joiner and an inviter on one link, each seeing what the link showed it."""

    def __init__(self, typed: Code, tries: Tries, *, paul: DeviceKeys | None = None, **differs: Any) -> None:
        """`differs`: what of the ends the inviter sees otherwise than the joiner."""
        self.anne, self.paul = keys(), paul or keys()
        mine = Ends(self.paul.device, self.anne.device, b"certificate", b"hellos")
        theirs = replace(mine, **differs)
        assert tries.begin(self.paul.device, 0.0)
        self.inviter = Inviter(tries, CODE, theirs, secrets.token_bytes)
        self.joiner = Joiner(typed, m.Me("Paul", self.paul.seal_key), mine, secrets.token_bytes)
        self.ends = mine

    def to_inviter(self, message: m.Message) -> list[m.Message]:
        return self.inviter.receive(message, m.encode(message))

    def to_joiner(self, message: m.Message) -> list[m.Message]:
        return self.joiner.receive(message, m.encode(message))

    def confirm(self) -> m.Message:
        """Up to the inviter's answer to the joiner's confirmation."""
        (pake,) = self.to_inviter(self.joiner.start())
        (confirm,) = self.to_joiner(pake)
        (answer,) = self.to_inviter(confirm)
        return answer


def test_who_knows_the_words_is_let_in() -> None:
    meeting = Meeting(CODE, Tries(600))
    (me,) = meeting.to_joiner(meeting.confirm())
    assert meeting.inviter.joiner(me) == ("Paul", meeting.paul.seal_key)
    acts = list(charter.founding(meeting.anne, keys().device, "Office", "Anne", 1))
    new = charter.admitting(meeting.anne, fold(acts), (meeting.paul.device, meeting.paul.seal_key), "Paul", None, 2)
    office = fold([*acts, *new])
    for message in welcome_messages(office, new[0].id):
        assert meeting.to_joiner(message) == []
    assert meeting.joiner.state is State.DONE and meeting.joiner.office == office


def test_wrong_words_are_refused_three_times_and_then_no_more() -> None:
    tries = Tries(600)
    for left, reason in ((True, "code"), (True, "code"), (False, "dead")):
        meeting = Meeting(WRONG, tries)
        answer = meeting.confirm()
        assert answer == m.No(reason)
        with pytest.raises(WrongCode) as fault:
            meeting.to_joiner(answer)
        assert fault.value.reason == reason
        assert tries.begin(keys().device, 0.0) is left
        if left:
            tries.broken_off()
    assert tries.dead


@pytest.mark.parametrize(
    "differs",
    [{"certificate": b"mallory's"}, {"hellos": b"Hellos"}, {"joiner": bytes(32)}, {"inviter": bytes(32)}],
    ids=lambda differs: next(iter(differs)),
)
def test_a_man_in_the_middle_cannot_make_both_ends_see_the_same(differs: dict[str, Any]) -> None:
    tries = Tries(600)
    assert Meeting(CODE, tries, **differs).confirm() == m.No("code")
    assert tries.wrong == 1


def test_a_man_in_the_middle_who_passes_all_on_is_refused_and_spends_a_try() -> None:
    """Mallory has a link with each, and every right to her own key; what she lacks is the words."""
    tries = Tries(600)
    with_paul, with_anne = Meeting(CODE, Tries(600)), Meeting(CODE, tries)
    (pake,) = with_anne.to_inviter(with_paul.joiner.start())
    (confirm,) = with_paul.to_joiner(pake)
    assert with_anne.to_inviter(confirm) == [m.No("code")]
    assert tries.wrong == 1


def test_a_joining_recorded_and_played_again_is_refused() -> None:
    tries, paul = Tries(600), keys()
    recorded = Meeting(CODE, tries, paul=paul)
    pake = recorded.joiner.start()
    (answer,) = recorded.to_inviter(pake)
    (confirm,) = recorded.to_joiner(answer)
    assert isinstance(recorded.to_inviter(confirm)[0], m.Confirm)
    again = Meeting(CODE, tries, paul=paul)
    again.to_inviter(pake)
    assert isinstance(again.to_inviter(confirm)[0], m.No)


def test_what_one_said_oneself_is_no_answer() -> None:
    joining = Meeting(CODE, Tries(600))
    mine = joining.joiner.start()
    assert isinstance(mine, m.Pake)
    with pytest.raises(Forged):
        joining.to_joiner(m.Pake(b"B" + mine.share[1:]))
    joining = Meeting(CODE, Tries(600))
    (pake,) = joining.to_inviter(joining.joiner.start())
    (confirm,) = joining.to_joiner(pake)
    with pytest.raises(Forged):
        joining.to_joiner(confirm)


def test_the_inviter_too_must_know_the_words() -> None:
    meeting = Meeting(CODE, Tries(600))
    (pake,) = meeting.to_inviter(meeting.joiner.start())
    meeting.to_joiner(pake)
    with pytest.raises(Forged):
        meeting.to_joiner(m.Confirm(bytes(32)))


def test_tries_count_over_all_links_and_what_is_broken_off_is_given_back() -> None:
    tries = Tries(600)
    runs = [Meeting(CODE, tries) for _n in range(limits.CODE_TRIES)]
    assert not tries.begin(keys().device, 0.0)
    runs[0].inviter.ended()
    runs[0].inviter.ended()
    assert tries.running == 2
    assert tries.begin(keys().device, 0.0)


def test_two_joiners_at_the_same_moment_one_is_in() -> None:
    tries = Tries(600)
    one, other = Meeting(CODE, tries), Meeting(CODE, tries)
    assert isinstance(one.confirm(), m.Confirm)
    assert other.confirm() == m.No("used")


def test_who_was_let_in_and_lost_the_link_is_let_in_again_by_the_same_code() -> None:
    tries, paul = Tries(600), keys()
    assert isinstance(Meeting(CODE, tries, paul=paul).confirm(), m.Confirm)
    assert isinstance(Meeting(CODE, tries, paul=paul).confirm(), m.Confirm)


def test_a_code_that_ends_while_somebody_joins_lets_nobody_in() -> None:
    tries = Tries(600)
    meeting = Meeting(CODE, tries)
    (pake,) = meeting.to_inviter(meeting.joiner.start())
    (confirm,) = meeting.to_joiner(pake)
    tries.cancelled = True
    (answer,) = meeting.to_inviter(confirm)
    assert answer == m.No("closed") and tries.used_by is None
    with pytest.raises(WrongCode, match="closed"):
        meeting.to_joiner(answer)


@given(st.lists(st.sampled_from(["begin", "wrong", "right", "break"]), max_size=40))
def test_never_are_more_than_three_tries_out_or_spent(steps: list[str]) -> None:
    tries, running, let_in = Tries(600), list[DeviceKey](), set[DeviceKey]()
    for n, step in enumerate(steps):
        if step == "begin":
            device = DeviceKey(n.to_bytes(32, "big"))
            if tries.begin(device, 0.0):
                running.append(device)
        elif running and step == "wrong":
            running.pop()
            tries.failed()
        elif running and step == "right":
            device = running.pop()
            if tries.succeeded(device):
                let_in.add(device)
        elif running:
            running.pop()
            tries.broken_off()
        assert 0 <= tries.running == len(running)
        assert tries.running + tries.wrong <= limits.CODE_TRIES
        assert len(let_in) <= 1


def test_a_code_ends_with_its_time_when_cancelled_and_for_all_but_who_used_it() -> None:
    tries = Tries(600)
    assert not tries.begin(keys().device, 600.0)
    meeting = Meeting(CODE, tries)
    meeting.confirm()
    assert not tries.begin(keys().device, 1.0)
    assert tries.begin(meeting.paul.device, 1.0)  # its welcome was cut off
    tries.cancelled = True
    assert not tries.begin(meeting.paul.device, 1.0)


def test_what_comes_out_of_turn_or_is_no_element_ends_the_run() -> None:
    meeting = Meeting(CODE, Tries(600))
    mine = meeting.joiner.start()
    for wrong in (m.Confirm(bytes(32)), m.Me("x", bytes(32))):
        with pytest.raises(Malformed):
            meeting.to_inviter(wrong)
    with pytest.raises(Malformed):
        meeting.inviter.joiner(m.Me("x", bytes(32)))
    with pytest.raises(Forged):
        meeting.to_joiner(mine)  # reflected
    with pytest.raises(Forged):
        Meeting(CODE, Tries(600)).to_inviter(m.Pake(b"A" + bytes(32)))
    with pytest.raises(Malformed):
        meeting.to_joiner(m.Bye("x"))


@pytest.mark.parametrize(
    "share",
    [
        b"A" + bytes([1]) + bytes(31),  # of order 1
        b"A" + bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),  # of order 2
        b"A" + bytes(32),  # of order 4
        b"A" + bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),  # of order 8
        b"A" + bytes([2]) + bytes(31),  # not on the curve
        b"A" + b"\xff" * 32,
        b"S" + bytes(32),
        b"\0" + bytes(32),
    ],
    ids=["1", "2", "4", "8", "off", "ff", "side S", "side 0"],
)
def test_a_share_that_is_no_element_is_forged_and_the_try_given_back(share: bytes) -> None:
    tries = Tries(600)
    meeting = Meeting(CODE, tries)
    with pytest.raises(Forged):
        meeting.to_inviter(m.Pake(share))
    meeting.inviter.ended()
    assert (tries.running, tries.wrong) == (0, 0)


@settings(max_examples=40)
@given(st.binary(min_size=33, max_size=33) | st.binary(min_size=32, max_size=32).map(lambda share: b"A" + share))
def test_whatever_is_sent_for_a_share_is_answered_or_the_peers_fault(share: bytes) -> None:
    meeting = Meeting(CODE, Tries(600))
    try:
        (answer,) = meeting.to_inviter(m.Pake(share))
    except PeerError:
        return
    assert isinstance(answer, m.Pake)
    assert meeting.to_inviter(m.Confirm(bytes(32))) == [m.No("code")]


MESSAGES = [m.Pake(b"A" + bytes(32)), m.Confirm(bytes(32)), m.Me("x", bytes(32)), m.Bye("x"), m.Who()]


def test_nothing_is_taken_out_of_its_turn_in_any_state() -> None:
    meeting = Meeting(CODE, Tries(600))
    inviter, joiner = meeting.inviter, meeting.joiner

    def refused_but(*taken: type[m.Message]) -> None:
        for message in MESSAGES:
            if type(message) not in taken:
                with pytest.raises(Malformed):
                    meeting.to_inviter(message)
                with pytest.raises(Malformed):
                    meeting.to_joiner(message)
            if not isinstance(message, m.Me) or inviter.state is not State.WAIT_ME:
                with pytest.raises(Malformed):
                    inviter.joiner(message)
        if joiner.state is not State.WAIT_WELCOME:
            with pytest.raises(Malformed):
                meeting.to_joiner(m.Welcome(bytes(32), bytes(32), (), more=False))

    refused_but(m.Pake)
    (pake,) = meeting.to_inviter(joiner.start())
    (confirm,) = meeting.to_joiner(pake)
    refused_but(m.Confirm)
    (answer,) = meeting.to_inviter(confirm)
    (me,) = meeting.to_joiner(answer)
    refused_but()
    inviter.joiner(me)
    refused_but()
    assert inviter.state is State.DONE


def test_a_name_that_is_none_is_not_taken() -> None:
    meeting = Meeting(CODE, Tries(600))
    meeting.to_joiner(meeting.confirm())
    with pytest.raises(Malformed):
        meeting.inviter.joiner(m.Me("\u200b", bytes(32)))


def test_a_welcome_must_prove_itself() -> None:
    anne, paul, karim = keys(), keys(), keys()
    acts = list(charter.founding(anne, keys().device, "Office", "Anne", 1))
    joiner = (paul.device, paul.seal_key)
    admission, named = charter.admitting(anne, fold(acts), joiner, "Paul", None, 2)
    whole = [(act.raw, act.signature) for act in (*acts, admission, named)]
    office = acts[0].id
    ends = Ends(paul.device, anne.device, b"c", b"h")
    other = charter.founding(karim, keys().device, "Other", "Karim", 1)
    assert check_welcome(whole, office, admission.id, ends).is_in(paul.device)
    bad: list[Callable[[], object]] = [
        lambda: check_welcome(whole[1:], office, admission.id, ends),
        lambda: check_welcome(whole, bytes(32), admission.id, ends),
        lambda: check_welcome([*whole[:-1], (whole[-1][0], bytes(64))], office, admission.id, ends),
        lambda: check_welcome([whole[0], *whole[2:]], office, admission.id, ends),
        lambda: check_welcome([*whole, (other[0].raw, other[0].signature)], office, admission.id, ends),
        lambda: check_welcome(whole, office, admission.id, Ends(paul.device, karim.device, b"c", b"h")),
        lambda: check_welcome(whole, office, ActId(bytes(32)), ends),
        lambda: check_welcome(whole, office, admission.id, Ends(karim.device, anne.device, b"c", b"h")),
    ]
    for lie in bad:
        with pytest.raises(PeerError):
            lie()


def test_a_welcome_from_a_member_without_the_keys_or_from_somebody_removed_is_none() -> None:
    anne, bruno, paul = keys(), keys(), keys()
    acts = list(charter.founding(anne, keys().device, "Office", "Anne", 1))
    acts += charter.admitting(anne, fold(acts), (bruno.device, bruno.seal_key), "Bruno", None, 2)
    acts += charter.admitting(anne, fold(acts), (paul.device, paul.seal_key), "Paul", None, 3)
    office = fold(acts)
    admission = office.admission_of(paul.device)
    assert admission is not None
    ends = Ends(paul.device, anne.device, b"c", b"h")
    assert check_welcome(signed(acts), office.id, admission, ends) == office
    with pytest.raises(Forged, match="may not invite"):
        check_welcome(signed(acts), office.id, admission, replace(ends, inviter=bruno.device))
    warrants = office.warrants(anne.device, keyholder=True)
    assert warrants is not None
    leaving = write_act(anne, office.id, office.tips, warrants, 4, Remove(b"", anne.device))
    with pytest.raises(Forged, match="may not invite"):
        check_welcome(signed([*acts, leaving]), office.id, admission, ends)


def signed(acts: list[Act]) -> list[m.SignedAct]:
    return [(act.raw, act.signature) for act in acts]


def test_a_welcome_in_any_number_of_parts_is_the_same_office_and_has_a_ceiling() -> None:
    meeting = Meeting(CODE, Tries(600))
    meeting.to_joiner(meeting.confirm())
    acts = list(charter.founding(meeting.anne, keys().device, "Office", "Anne", 1))
    joiner = (meeting.paul.device, meeting.paul.seal_key)
    acts += charter.admitting(meeting.anne, fold(acts), joiner, "Paul", None, 2)
    for n, one in enumerate(signed(acts), 1):
        assert meeting.joiner.office is None
        meeting.to_joiner(m.Welcome(acts[0].id, acts[3].id, (one,), more=n < len(acts)))
    assert meeting.joiner.office == fold(acts)
    other = Meeting(CODE, Tries(600))
    other.to_joiner(other.confirm())
    with pytest.raises(TooLarge):
        other.joiner.receive(m.Welcome(bytes(32), bytes(32), ((b"", bytes(64)),) * (limits.ACTS + 1), True), b"")


def test_runs_that_are_broken_off_again_and_again_are_rated() -> None:
    """A try broken off is given back, but costs the inviter 10 ms: so many a minute, and no more."""
    tries = Tries(expires=1000.0)
    guest = DeviceKey(bytes(32))
    for _run in range(limits.CODE_BEGUN):
        assert tries.begin(guest, 0.0)
        tries.broken_off()
    assert not tries.begin(guest, 59.0)
    assert tries.begin(guest, 60.0) and tries.wrong == 0
