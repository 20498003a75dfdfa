"""What the fold promises, attack by attack. Anne founds the office; the others are keyholders too, mostly."""

from __future__ import annotations

import msgspec
import pytest

from deskblog.errors import Malformed
from deskblog.log import act as a
from deskblog.log import codec
from deskblog.log.act import Act, decode_act, write_act
from deskblog.log.keys import SIGN_ACT
from deskblog.log.office import fold
from deskblog.values import NO_ID, OfficeId, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, keys, members, office_of

ALL = ("anne", "bruno", "chloe", "david", "xavier")


@pytest.fixture
def four() -> Chronicle:
    return office_of("bruno", "chloe", "david")


def who(book: Chronicle) -> set[str]:
    return members(book.office(), ALL)


def stand(book: Chronicle, act: Act) -> bool:
    return act.id in book.office().standing


# --- what makes an office -----------------------------------------------------------------------------------
def test_an_office_needs_its_founding_and_only_one() -> None:
    book = office_of("bruno")
    with pytest.raises(ValueError, match="founding"):
        fold(book.acts[1:])
    with pytest.raises(ValueError, match="founding"):
        fold([*book.acts, Chronicle("xavier").found])
    with pytest.raises(ValueError, match="founding"):
        fold([])


def test_acts_without_their_parents_make_no_office() -> None:
    book = office_of("bruno")
    with pytest.raises(ValueError, match="parents"):
        fold([book.acts[0], book.acts[2]])


def test_an_act_given_twice_counts_once() -> None:
    book = office_of("bruno")
    assert fold([*book.acts, *book.acts]) == book.office()


# --- who may write what -------------------------------------------------------------------------------------
def test_a_member_may_name_and_remove_themselves_and_nobody_else() -> None:
    book = Chronicle()
    book.admit("bruno")
    book.admit("chloe")
    good = [book.name("bruno", "Bruno", by="bruno")]
    bad = [
        book.name("chloe", "Chl0e", by="bruno"),
        book.remove("chloe", by="bruno"),
        book.remove(pc="chloe", by="bruno"),
        book.write("bruno", a.Grant(book.persons["bruno"], Role.KEYHOLDER)),
        book.write("bruno", a.Admit(a.NEW, ((device("xavier"), keys("xavier").seal_key),))),
        book.write("bruno", a.Rule("Bruno's")),
        book.write("bruno", a.Border(())),
        book.write("bruno", a.Merge(tuple(sorted((book.persons["bruno"], book.persons["chloe"]))))),
    ]
    good.append(book.remove("bruno", by="bruno", after=good))
    office = book.office()
    assert office.sound.issuperset(act.id for act in good)
    assert office.sound.isdisjoint(act.id for act in bad)
    assert who(book) == {"anne", "chloe"}
    assert office.acts.keys() >= {act.id for act in bad}, "unsound acts are kept and passed on"


def test_anyone_may_remove_a_pc_of_their_own() -> None:
    book = Chronicle()
    book.admit("bruno")
    book.admit("xavier", person="bruno")
    assert stand(book, book.remove(pc="xavier", by="bruno"))
    assert who(book) == {"anne", "bruno"}


def test_a_pc_is_ones_own_only_by_an_admission_one_has_seen() -> None:
    book = Chronicle()
    first = book.admit("bruno")
    book.admit("xavier", person="bruno")
    blind = book.remove(pc="xavier", by="bruno", after=[first])
    assert blind.id not in book.office().sound


def test_the_founder_removes_their_own_lost_pc_without_the_power() -> None:
    book = Chronicle()
    second = book.admit("bruno", person="anne")
    removal = book.remove(pc="anne", by="bruno")
    assert removal.warrants == (second.id,)
    assert stand(book, removal)
    assert who(book) == {"bruno"}


def test_warrants_must_be_in_the_past_sound_and_of_the_authors_device(four: Chronicle) -> None:
    fresh = a.Admit(a.NEW, ((device("xavier"), keys("xavier").seal_key),))
    admission, role = (four.act(w) for w in four.warrants["bruno"])
    unseen = four.write("bruno", fresh, after=[admission])
    without = four.write("bruno", fresh, warrants=[])
    no_role = four.write("bruno", fresh, warrants=[admission.id])
    no_admission = four.write("bruno", fresh, warrants=[role.id])
    of_another = four.write("bruno", fresh, warrants=four.warrants["chloe"])
    other_role = four.write("bruno", fresh, warrants=[admission.id, four.warrants["chloe"][1]])
    on_unsound = four.write("bruno", fresh, warrants=[*four.warrants["bruno"], unseen.id])
    nowhere = four.write("bruno", fresh, warrants=[*four.warrants["bruno"], OfficeId(bytes(31) + b"\x01")])  # type: ignore[list-item]
    founders = four.write("bruno", fresh, warrants=[four.found.id, admission.id])
    stranger = four.write("xavier", fresh, warrants=[four.found.id])
    bad = [unseen, without, no_role, no_admission, of_another, other_role, on_unsound, nowhere, founders, stranger]
    assert four.office().sound.isdisjoint(act.id for act in bad)
    assert four.write("bruno", fresh).id in four.office().sound


@pytest.mark.parametrize("role", [Role.MEMBER, Role.ANNOUNCER])
def test_a_role_below_keyholder_gives_no_power(role: Role) -> None:
    book = Chronicle()
    admission = book.admit("bruno")
    given = book.role("bruno", role)
    act = book.write("bruno", a.Rule("Le Bureau"), warrants=[admission.id, given.id])
    assert act.id not in book.office().sound


def test_the_recovery_key_may_write_any_keyholders_act_by_the_founding_alone(four: Chronicle) -> None:
    with_found = four.remove("bruno", by=RECOVERY)
    without = four.write(RECOVERY, a.Rule("x"), warrants=four.warrants["chloe"])
    assert stand(four, with_found)
    assert without.id not in four.office().sound
    assert who(four) == {"anne", "chloe", "david"}


def test_an_act_of_a_kind_from_a_later_version_is_kept_and_does_nothing(four: Chronicle) -> None:
    outer = [1, four.found.office, device("anne"), list(four.tips), [four.found.id], 9, "abolish", [1, 2]]
    raw = msgspec.msgpack.encode(outer)
    future = decode_act(raw, keys("anne").sign(SIGN_ACT, codec.digest(b"deskblog/1 act", raw)))
    before = four.office()
    office = fold([*four.acts, future])
    assert future.fields is None
    assert office.tips == (future.id,)
    assert future.id not in office.sound
    assert office.standing == before.standing
    assert office != before


# --- removals among keyholders ------------------------------------------------------------------------------
def test_who_is_removed_is_out_and_what_they_did_before_stays(four: Chronicle) -> None:
    guest = four.admit("xavier", by="bruno")
    four.remove("bruno", by="anne")
    assert stand(four, guest)
    assert who(four) == {"anne", "chloe", "david", "xavier"}


def test_what_the_removed_did_unseen_is_void_whenever_it_turns_up(four: Chronicle) -> None:
    before = [four.acts[-1]]
    removal = four.remove("bruno")
    puppet = four.admit("xavier", by="bruno", after=before)
    name = four.name("xavier", "Xavier", by="xavier", after=[puppet])
    assert not stand(four, puppet) and not stand(four, name)
    assert stand(four, removal)
    assert who(four) == {"anne", "chloe", "david"}


def test_all_that_hangs_on_a_void_act_is_void_however_far_down(four: Chronicle) -> None:
    before = [four.acts[-1]]
    first = four.admit("puppet", by="bruno", after=before)
    role = four.role("puppet", by="bruno", after=[first])
    second = four.admit("xavier", by="puppet", after=[role])
    keys_given = four.role("xavier", by="puppet", after=[second])
    third = four.admit("yann", by="xavier", after=[keys_given])
    last = four.name("yann", "Yann", by="yann", after=[third])
    assert stand(four, last)
    four.remove("bruno", after=before)
    hanging = {act.id for act in (first, role, second, keys_given, third, last)}
    assert four.office().standing.isdisjoint(hanging)


def test_a_puppet_admitted_back_dated_takes_nobody_down_but_the_remover(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("bruno", by="anne")
    four.admit("xavier", by="bruno", after=before)
    four.role("xavier", by="bruno", after=[four.acts[-1]])
    powered = [four.acts[-1]]
    four.remove("chloe", by="xavier", after=powered)
    assert who(four) == {"anne", "chloe", "david"}
    four.remove("anne", by="xavier", after=powered)
    assert who(four) == {"chloe", "david"}, "the puppet speaks for who was removed: both of the two are out"


def test_a_stolen_senior_pc_cannot_take_down_two_who_remove_it(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("anne", by="bruno", after=before)
    four.remove("anne", by="chloe", after=before)
    four.remove("bruno", by="anne", after=before)
    assert who(four) == {"bruno", "chloe", "david"}, "the removal by chloe voids the blow against bruno"


def test_a_stolen_senior_pc_that_saw_its_removal_can_do_nothing(four: Chronicle) -> None:
    four.remove("anne", by="bruno")
    late = four.remove("bruno", by="anne")
    rule = four.write("anne", a.Rule("Mine"))
    assert not stand(four, late) and not stand(four, rule)
    assert who(four) == {"bruno", "chloe", "david"}


def test_two_who_remove_each_other_are_both_out(four: Chronicle) -> None:
    before = [four.acts[-1]]
    first = four.remove("bruno", by="anne", after=before)
    second = four.remove("anne", by="bruno", after=before)
    other = four.remove("david", by="chloe", after=before)
    assert all(stand(four, act) for act in (first, second, other))
    assert who(four) == {"chloe"}


def test_a_ring_of_removals_takes_all_of_it_out(four: Chronicle) -> None:
    before = [four.acts[-1]]
    for by, person in (("bruno", "chloe"), ("chloe", "david"), ("david", "bruno")):
        four.remove(person, by=by, after=before)
    assert who(four) == {"anne"}


def test_in_a_chain_of_removals_every_second_one_is_void(four: Chronicle) -> None:
    before = [four.acts[-1]]
    first = four.remove("bruno", by="anne", after=before)
    second = four.remove("chloe", by="bruno", after=before)
    third = four.remove("david", by="chloe", after=before)
    assert [stand(four, act) for act in (first, second, third)] == [True, False, True]
    assert who(four) == {"anne", "chloe"}


def test_one_struck_by_two_that_stand_is_void_once(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("bruno", by="anne", after=before)
    four.remove("bruno", by="chloe", after=before)
    blow = four.remove("david", by="bruno", after=before)
    freed = four.role("bruno", Role.MEMBER, by="david", after=before)
    assert not stand(four, blow) and stand(four, freed)
    assert who(four) == {"anne", "chloe", "david"}


def test_who_removes_themselves_stays_out_and_what_they_did_stays(four: Chronicle) -> None:
    guest = four.admit("xavier", by="bruno")
    four.remove("bruno", by="bruno")
    assert stand(four, guest)
    assert who(four) == {"anne", "chloe", "david", "xavier"}


def test_a_second_pc_admitted_while_its_person_is_removed_is_out(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("bruno", by="anne", after=before)
    four.admit("xavier", by="chloe", person="bruno", after=before)
    assert who(four) == {"anne", "chloe", "david"}


def test_a_removed_pc_leaves_its_persons_others_in(four: Chronicle) -> None:
    four.admit("xavier", by="chloe", person="bruno")
    four.remove(pc="bruno", by="anne")
    assert who(four) == {"anne", "chloe", "david", "xavier"}


def test_the_last_keyholder_may_be_removed_and_the_office_goes_on() -> None:
    book = Chronicle()
    book.admit("bruno")
    book.remove("anne", by="anne")
    office = book.office()
    assert who(book) == {"bruno"}
    assert office.warrants(device("bruno"), keyholder=True) is None
    assert office.warrants(device("bruno"), keyholder=False) is not None


# --- coming back --------------------------------------------------------------------------------------------
def test_who_is_taken_back_is_in_without_the_old_role(four: Chronicle) -> None:
    _admission, old_role = four.warrants["bruno"]
    four.remove("bruno", by="anne")
    back = four.admit("bruno", by="anne", person="bruno")
    office = four.office()
    assert office.is_in(device("bruno"))
    assert office.persons[four.persons["bruno"]].role is Role.MEMBER
    assert office.warrants(device("bruno"), keyholder=True) is None
    guest = four.write(
        "bruno", a.Admit(a.NEW, ((device("xavier"), keys("xavier").seal_key),)), warrants=[back.id, old_role]
    )
    assert not stand(four, guest)
    assert stand(four, four.name("bruno", "Bruno", by="bruno"))


def test_who_is_taken_back_may_be_given_the_keys_anew(four: Chronicle) -> None:
    four.remove("bruno", by="anne")
    four.admit("bruno", by="anne", person="bruno")
    four.role("bruno", by="chloe")
    guest = four.admit("xavier", by="bruno")
    assert stand(four, guest)
    assert who(four) == set(ALL)


def test_taken_back_by_one_who_had_not_heard_of_the_removal_is_not_taken_back(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("bruno", by="anne", after=before)
    four.admit("bruno", by="chloe", person="bruno", after=before)
    assert who(four) == {"anne", "chloe", "david"}


def test_who_is_taken_back_and_removed_again_meanwhile_is_out(four: Chronicle) -> None:
    first = four.remove("bruno", by="anne")
    four.admit("bruno", by="anne", person="bruno", after=[first])
    four.remove("bruno", by="chloe", after=[first])
    assert who(four) == {"anne", "chloe", "david"}


def test_a_keyholders_pc_taken_back_is_told_it_has_no_power_until_a_new_role(four: Chronicle) -> None:
    four.admit("xavier", by="bruno", person="bruno")
    four.remove(pc="bruno", by="anne")
    four.admit("bruno", by="anne", person="bruno")
    office = four.office()
    assert office.warrants(device("bruno"), keyholder=True) is None
    assert office.warrants(device("xavier"), keyholder=True) is not None
    four.role("bruno", by="anne")
    assert four.office().warrants(device("bruno"), keyholder=True) is not None


def test_the_recovery_words_end_a_mutual_removal_and_the_thief_cannot_strike_again(four: Chronicle) -> None:
    before = [four.acts[-1]]
    four.remove("anne", by="bruno", after=before)
    four.remove("bruno", by="anne", after=before)
    four.remove("anne", by=RECOVERY)
    four.admit("bruno", by=RECOVERY, person="bruno")
    assert who(four) == {"bruno", "chloe", "david"}
    again = four.remove("bruno", by="anne", after=before)
    assert not stand(four, again)
    assert who(four) == {"bruno", "chloe", "david"}


def test_the_recovery_key_is_no_target(four: Chronicle) -> None:
    four.remove(pc=RECOVERY, by="anne")
    four.admit(RECOVERY, by="anne", person="anne")
    four.remove("anne", by="bruno")
    four.warrants[RECOVERY] = (four.found.id,)
    assert stand(four, four.remove("bruno", by=RECOVERY))


# --- another office -----------------------------------------------------------------------------------------
def test_only_the_founding_act_names_no_office() -> None:
    with pytest.raises(Malformed, match="founding"):
        write_act(keys("anne"), OfficeId(NO_ID), [NO_ID], [NO_ID], 0, a.Rule("x"))  # type: ignore[list-item]
