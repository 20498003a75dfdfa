"""Writing acts: what is written stands."""

from __future__ import annotations

import pytest

from deskblog.errors import Refused
from deskblog.limits import ACT_AFTER
from deskblog.log import act as a
from deskblog.log import charter
from deskblog.log.office import fold
from deskblog.values import PersonId, Role
from tests.log.chronicle import RECOVERY, Chronicle, device, heads, keys, log_of, office_of


def test_a_founding_makes_an_office_with_its_name_and_its_founders() -> None:
    acts = charter.founding(keys("anne"), device(RECOVERY), "Le Bureau", "Anne", 5)
    office = fold(acts)
    assert office.name == "Le Bureau" and office.recovery == device(RECOVERY)
    person = office.person_of(device("anne"))
    assert person is not None and (person.name, person.role) == ("Anne", Role.KEYHOLDER)
    assert office.standing == {act.id for act in acts}


def test_a_new_person_is_admitted_with_a_name() -> None:
    book = office_of("bruno")
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("bruno"), book.office(), joiner, "Xavier", None, 9)
    office = fold([*book.acts, *acts])
    person = office.person_of(device("xavier"))
    assert person is not None and person.name == "Xavier" and person.id == PersonId(acts[0].id)
    assert office.seal_keys[device("xavier")] == joiner[1]


def test_a_further_pc_is_admitted_to_the_person_it_was_said_to_be_of() -> None:
    book = office_of("bruno")
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("anne"), book.office(), joiner, "ignored", book.persons["bruno"], 9)
    office = fold([*book.acts, *acts])
    assert office.devices[device("xavier")] == book.persons["bruno"]
    assert len(acts) == 1


def test_a_member_who_holds_no_key_is_told_who_does() -> None:
    book = Chronicle()
    book.admit("bruno")
    with pytest.raises(Refused) as fault:
        charter.keyholder_warrants(keys("bruno"), book.office())
    assert fault.value.next_step


@pytest.mark.parametrize("tips", [ACT_AFTER, ACT_AFTER + 1, 65])
def test_an_act_stands_however_many_tips_there_are(tips: int) -> None:
    book = office_of("bruno")
    before = [book.acts[-1]]
    for n in range(tips):
        book.write("anne", a.Call(book.persons["anne"], f"Anne {n}"), after=before)
    office = book.office()
    assert len(office.tips) == tips
    joiner = (device("xavier"), keys("xavier").seal_key)
    acts = charter.admitting(keys("bruno"), office, joiner, "Xavier", None, 9)
    assert len(acts[0].after) <= ACT_AFTER
    assert fold([*book.acts, *acts]).is_in(device("xavier"))


def test_a_role_is_given_and_taken_and_what_is_written_stands() -> None:
    book = office_of("bruno")
    book.admit("chloe")
    raised = charter.granting(keys("bruno"), book.office(), book.persons["chloe"], Role.KEYHOLDER, (), 9)
    office = fold([*book.acts, *raised])
    assert office.persons[book.persons["chloe"]].role is Role.KEYHOLDER
    assert office.warrants(device("chloe"), keyholder=True) is not None
    points = heads((log_of("chloe"), 7))
    lowered = charter.granting(keys("anne"), office, book.persons["chloe"], Role.ANNOUNCER, points, 10)
    assert isinstance(lowered[0].fields, a.Grant) and lowered[0].fields.heads == points
    office = fold([*office.acts.values(), *lowered])
    assert office.persons[book.persons["chloe"]].role is Role.ANNOUNCER
    assert office.warrants(device("chloe"), keyholder=True) is None


def test_a_role_given_after_a_lowering_and_a_removal_is_in_force_whatever_the_number_of_tips() -> None:
    book = office_of("bruno")
    book.role("bruno", Role.MEMBER)
    book.role("bruno")
    book.remove("bruno")
    before = [book.acts[-1]]
    for n in range(ACT_AFTER * 3):
        book.write("anne", a.Call(book.persons["anne"], f"Anne {n}"), after=before)
    office = book.office()
    back = charter.readmitting(keys("anne"), office, [device("bruno")], 9)
    office = fold([*office.acts.values(), *back])
    assert office.is_in(device("bruno"))
    assert office.persons[book.persons["bruno"]].role is Role.MEMBER
    raised = charter.granting(keys("anne"), office, book.persons["bruno"], Role.KEYHOLDER, (), 10)
    assert fold([*office.acts.values(), *raised]).warrants(device("bruno"), keyholder=True) is not None


def test_roles_of_merged_persons_are_given_under_every_id_and_ones_own_goes_last() -> None:
    book = office_of("bruno")
    book.admit("chloe", by="bruno")
    book.write("anne", a.Merge(tuple(sorted((book.persons["bruno"], book.persons["chloe"])))))
    office = book.office()
    person = office.devices[device("bruno")]
    raised = charter.granting(keys("bruno"), office, person, Role.KEYHOLDER, (), 9)
    office = fold([*book.acts, *raised])
    assert office.warrants(device("chloe"), keyholder=True) is not None
    lowered = charter.granting(keys("bruno"), office, person, Role.MEMBER, (), 10)
    office = fold([*office.acts.values(), *lowered])
    assert office.persons[person].role is Role.MEMBER
    assert all(office.warrants(device(name), keyholder=True) is None for name in ("bruno", "chloe"))


def test_a_keyholders_pc_taken_out_and_let_in_again_holds_the_key_again() -> None:
    book = office_of("bruno")
    book.admit("laptop", person="bruno")
    book.remove(pc="laptop")
    office = book.office()
    joiner = (device("laptop"), keys("laptop").seal_key)
    for acts in (
        charter.admitting(keys("anne"), office, joiner, "ignored", book.persons["bruno"], 9),
        charter.readmitting(keys("anne"), office, [device("laptop")], 9),
    ):
        again = fold([*book.acts, *acts])
        assert again.devices[device("laptop")] == book.persons["bruno"]
        assert again.warrants(device("laptop"), keyholder=True) is not None
        assert again.seal_keys[device("laptop")] == keys("laptop").seal_key


def test_a_further_pc_of_a_merged_keyholder_is_let_in_under_the_id_that_holds_the_key() -> None:
    for first in ("chloe", "david", "emma", "felix"):  # whichever of the two ids is the lower
        book = office_of("bruno")
        book.admit(first)
        book.write("anne", a.Merge(tuple(sorted((book.persons["bruno"], book.persons[first])))))
        office = book.office()
        joiner = (device("laptop"), keys("laptop").seal_key)
        acts = charter.admitting(keys("anne"), office, joiner, "x", office.devices[device("bruno")], 9)
        assert fold([*book.acts, *acts]).warrants(device("laptop"), keyholder=True) is not None


def test_anyone_renames_themselves_and_a_keyholder_anyone() -> None:
    book = office_of()
    book.admit("bruno")
    book.admit("chloe")
    office = book.office()
    own = charter.naming(keys("bruno"), office, book.persons["bruno"], "Bruno B.", 9)
    other = charter.naming(keys("anne"), office, book.persons["chloe"], "Chloé", 9)
    office = fold([*book.acts, *own, *other])
    assert [office.persons[book.persons[who]].name for who in ("bruno", "chloe")] == ["Bruno B.", "Chloé"]
    with pytest.raises(Refused, match="Only a keyholder"):
        charter.naming(keys("bruno"), office, book.persons["chloe"], "X", 10)


def test_a_member_merged_with_another_renames_the_person_they_are() -> None:
    book = office_of()
    book.admit("bruno")
    book.admit("chloe")
    book.write("anne", a.Merge(tuple(sorted((book.persons["bruno"], book.persons["chloe"])))))
    office = book.office()
    for who in ("bruno", "chloe"):
        acts = charter.naming(keys(who), office, office.devices[device(who)], "Both", 9)
        assert fold([*book.acts, *acts]).persons[office.devices[device(who)]].name == "Both"


def test_merging_and_ruling_take_a_key_and_a_rule_says_all_there_is() -> None:
    book = office_of()
    book.admit("bruno")
    book.admit("chloe")
    office = book.office()
    acts = charter.merging(keys("anne"), office, [book.persons["chloe"], book.persons["bruno"]], 9)
    assert len(fold([*book.acts, *acts]).persons) == 2
    acts = charter.ruling(keys("anne"), office, "Chez nous", {"retention": 30, "b": "x"}, 9)
    ruled = fold([*book.acts, *acts])
    assert ruled.name == "Chez nous" and dict(ruled.settings) == {"b": "x", "retention": 30}
    for forbidden in (
        lambda: charter.merging(keys("bruno"), office, [book.persons["chloe"], book.persons["bruno"]], 9),
        lambda: charter.ruling(keys("bruno"), office, "Mine", {}, 9),
        lambda: charter.granting(keys("bruno"), office, book.persons["bruno"], Role.KEYHOLDER, (), 9),
        lambda: charter.readmitting(keys("bruno"), office, [device("chloe")], 9),
        lambda: charter.bordering(keys("bruno"), office, heads((log_of("chloe"), 1)), 9),
    ):
        with pytest.raises(Refused, match="Only a keyholder"):
            forbidden()
