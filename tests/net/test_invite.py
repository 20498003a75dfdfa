"""Joining: only who knows the words gets in, three tries are all there are, and a welcome must prove itself."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskblog import limits
from deskblog.errors import Forged, Malformed, PeerError, Refused
from deskblog.log import charter
from deskblog.log.keys import DeviceKeys
from deskblog.log.office import fold
from deskblog.net import messages as m
from deskblog.net.code import Code, make_code, read_code, word_list
from deskblog.net.invite import Ends, Inviter, Joiner, State, Tries, WrongCode, check_welcome, welcome_messages
from deskblog.values import ActId

CODE = make_code(b"\x01" * 8, "en")
WRONG = make_code(b"\x02" * 8, "en")


def keys() -> DeviceKeys:
    return DeviceKeys(secrets.token_bytes(32), secrets.token_bytes(32))


class Meeting:
    """A joiner and an inviter on one link, each seeing what the link showed it."""

    def __init__(self, typed: Code, tries: Tries, *, certificate: bytes = b"certificate") -> None:
        self.anne, self.paul = keys(), keys()
        mine = Ends(self.paul.device, self.anne.device, b"certificate", b"hellos")
        theirs = Ends(self.paul.device, self.anne.device, certificate, b"hellos")
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


def test_a_man_in_the_middle_with_a_certificate_of_his_own_is_refused() -> None:
    assert isinstance(Meeting(CODE, Tries(600), certificate=b"mallory's").confirm(), m.No)


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


# --- codes ------------------------------------------------------------------------------------------------
@given(st.binary(min_size=8, max_size=8), st.sampled_from(["en", "fr"]))
def test_a_code_is_read_as_it_was_spoken(random: bytes, language: str) -> None:
    code = make_code(random, language)
    assert read_code(code.text) == code
    assert read_code(f"  {code.digits}-{'_'.join(code.words).upper()} ") == code


def test_accents_do_not_matter() -> None:
    assert "ecole" in word_list("fr") or "element" in word_list("fr")
    word = next(word for word in ("element", "ecole") if word in word_list("fr"))
    assert read_code(f"123 É{word[1:]} {word} {word}").words == (word, word, word)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "three digits"),
        ("abandon ability able", "three digits"),
        ("12 abandon ability able", "three digits"),
        ("1234 abandon ability able", "three digits"),
        ("123 abandon ability", "here are 2"),
        ("123 abandon ability able about", "here are 4"),
        ("123 abandon abilitty able", "Did you mean “ability”"),
        ("123 abandon ability qqqqqq", "not a word"),
    ],
)
def test_what_is_no_code_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        read_code(text)
